"""Pairs of runs, by hand and against established packages."""

import numpy as np
import pytest
from scipy import stats

from analysis.contrasts.pairs import bca, change, complete, fieller, ratio, variance_ratio

NAN = np.nan


def storms(n, seed=1):
    """Two arms that share most of their luck."""
    luck = np.random.default_rng(seed)
    shared = luck.normal(50.0, 10.0, n)
    return shared + luck.normal(0.0, 2.0, n), shared + luck.normal(3.0, 4.0, n)


def test_change_is_the_mean_difference_with_its_t_interval():
    # 1, 2, 3: mean 2, sd 1, half-width t(0.975, 2) / sqrt 3 = 4.30265 / 1.73205
    found = change(np.array([11.0, 22.0, 33.0]), np.array([10.0, 20.0, 30.0]))
    assert found.mean == 2.0
    assert found.high - 2.0 == pytest.approx(2.48414, abs=1e-5)


def test_change_agrees_with_scipy():
    arm, baseline = storms(30)
    expected = stats.ttest_rel(arm, baseline).confidence_interval()
    assert change(arm, baseline)[1:3] == pytest.approx((expected.low, expected.high), rel=1e-12)


def test_a_failed_run_leaves_its_pair_out_and_is_counted():
    arm, baseline = np.array([3.0, NAN, 5.0, 9.0]), np.array([1.0, 1.0, NAN, 1.0])
    assert change(arm, baseline)[0] == 5.0
    assert change(arm, baseline)[3:5] == (2, 2)
    kept, left_out = complete(arm, baseline)
    assert [column.tolist() for column in kept] == [[3.0, 9.0], [1.0, 1.0]]
    assert left_out == 2
    assert variance_ratio([*arm, 4.0], [*baseline, 2.0])[3:5] == (3, 2)
    assert ratio(np.array([2.0, NAN, 4.0]), np.array([1.0, 1.0, 2.0]))[5:7] == (2, 1)


def test_a_value_endless_in_both_arms_has_no_change():
    assert change(np.array([np.inf, 2.0]), np.array([np.inf, 1.0]))[3:5] == (1, 1)


def test_variance_ratio_by_hand():
    # a = 1, 2, 3 and b = 1, 3, 2: both of variance 1; a - b = 0, -1, 1 of variance 1: twice as many runs
    assert variance_ratio(np.array([1.0, 2.0, 3.0]), np.array([1.0, 3.0, 2.0])).value == pytest.approx(2.0)


def test_variance_ratio_is_variances_of_the_arms_over_that_of_the_change():
    a, b = storms(40)
    expected = (np.var(a, ddof=1) + np.var(b, ddof=1)) / np.var(a - b, ddof=1)
    assert variance_ratio(a, b).value == pytest.approx(expected, rel=1e-12)


def test_interval_of_the_variance_ratio_is_where_the_test_of_pitman_does_not_reject():
    # At its ends the correlation of s + sqrt(w) d and s - sqrt(w) d is just significant (p = 0.05).
    a, b = storms(12)
    found = variance_ratio(a, b)
    for end in (found.low, found.high):
        scale = np.sqrt(2.0 * end - 1.0)
        assert stats.pearsonr(a + b + scale * (a - b), a + b - scale * (a - b)).pvalue == pytest.approx(0.05, abs=1e-9)


def test_interval_of_the_variance_ratio_holds_the_truth_nineteen_times_in_twenty():
    # a = z + e, b = 2 z + f with variances 1, 0.25, 0.09: (1.25 + 4.09) / (1 + 0.34); 2,000 studies of 15 pairs
    luck, held = np.random.default_rng(4), 0
    for _ in range(2000):
        z, e, f = luck.normal(size=(3, 15)) * np.array([[1.0], [0.5], [0.3]])
        found = variance_ratio(z + e, 2.0 * z + f)
        held += found.low <= 5.34 / 1.34 <= found.high
    assert held / 2000 == pytest.approx(0.95, abs=4 * np.sqrt(0.95 * 0.05 / 2000))


def test_unpaired_runs_save_nothing():
    luck = np.random.default_rng(2)
    found = variance_ratio(luck.normal(size=200), luck.normal(size=200))
    assert found.low < 1.0 < found.high


def test_variance_ratio_without_spread_is_told_in_words():
    same = np.array([1.0, 2.0, 4.0])
    assert variance_ratio(same + 1.0, same).value == np.inf
    assert "same in every pair" in variance_ratio(same + 1.0, same).note
    assert np.isnan(variance_ratio(np.ones(3), np.ones(3)).value)
    assert "fewer than three" in variance_ratio(same[:2], same[:2]).note
    still = variance_ratio(np.array([1.0, 2.0, 3.0]), np.array([3.0, 2.0, 1.0]))  # sums do not vary: R = 1/2
    assert still.value == pytest.approx(0.5)


def test_ratio_is_of_means_and_not_the_mean_of_ratios():
    # dollars 100, 300 for hours 10, 10: 400 / 20
    found = ratio(np.array([100.0, 300.0]), np.array([10.0, 10.0]))
    assert found.value == 20.0
    assert "only 2 pairs" in found.note


def test_fieller_with_a_certain_denominator_is_the_t_interval_over_it():
    # 1, 2, 3 over 2: mean 1, half-width 2.48414 / 2
    assert fieller(np.array([1.0, 2.0, 3.0]), np.full(3, 2.0)) == pytest.approx((1 - 1.24207, 1 + 1.24207), abs=1e-5)


def test_ends_of_fieller_are_where_the_t_test_just_rejects():
    x, y = storms(12)
    for end in fieller(x, y):
        assert stats.ttest_1samp(x - end * y, 0.0).pvalue == pytest.approx(0.05, abs=1e-9)


def test_bootstrap_agrees_with_scipy():
    # Both draw 20,000 times; an end then has a Monte-Carlo error of about 1 % of the width.
    luck = np.random.default_rng(3)
    x, y = luck.gamma(2.0, 50.0, 40), luck.gamma(3.0, 2.0, 40)

    def of_means(a, b, axis=-1):
        return a.mean(axis=axis) / b.mean(axis=axis)

    expected = stats.bootstrap((x, y), of_means, paired=True, method="BCa", n_resamples=20_000, random_state=luck)
    width = np.ptp(expected.confidence_interval)
    found = bca(x, y, resamples=20_000)
    np.testing.assert_allclose(found, expected.confidence_interval, atol=0.05 * width)
    np.testing.assert_allclose(found, fieller(x, y), atol=0.25 * width)  # skewed values: alike, not equal


def test_interval_of_a_ratio_is_the_same_each_time_and_other_seeds_move_it_little():
    x, y = storms(20)
    assert ratio(x, y) == ratio(x, y)
    assert ratio(x, y, seed=1).low == pytest.approx(ratio(x, y).low, abs=0.05 * (ratio(x, y).high - ratio(x, y).low))
    assert ratio(x, y, seed=1).low != ratio(x, y).low


def test_large_studies_are_drawn_in_batches_of_bounded_memory(monkeypatch):
    x, y = storms(20)
    whole = bca(x, y, resamples=999)
    monkeypatch.setattr("analysis.contrasts.pairs.BATCH", 20 * 100)
    assert bca(x, y, resamples=999) == whole


def test_values_that_never_vary_have_an_interval_of_no_width():
    found = ratio(np.full(12, 6.0), np.full(12, 2.0))
    assert found[:5] == pytest.approx((3.0,) * 5)


def test_a_denominator_that_may_be_zero_gives_words_and_no_number():
    found = ratio(np.array([5.0, 6.0, 7.0]), np.array([-1.0, 1.0, 0.5]), "hours saved")
    assert np.isnan(found[:5]).all()
    assert found.note == "no hours saved that can be told from zero"
    assert np.isnan(fieller(np.array([5.0, 6.0, 7.0]), np.array([-1.0, 1.0, 0.5]))).all()


def test_no_pair_and_one_pair_have_no_ratio():
    assert ratio(np.array([1.0]), np.array([2.0])).note == "one pair: no interval"
    assert "no pair" in ratio(np.array([NAN]), np.array([2.0])).note
