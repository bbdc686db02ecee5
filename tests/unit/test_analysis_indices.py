"""Indices of sensitivity: functions whose indices are known, and everything that SALib would pass over in silence."""

import warnings

import numpy as np
import pytest
from SALib.analyze import pawn
from SALib.test_functions import Sobol_G

from analysis.sensitivity.given import NOTHING, pawn_distances
from analysis.sensitivity.indices import analyse, ranking
from analysis.sensitivity.sample import fenced
from tests.unit.known_functions import ISHIGAMI, G, additive, design, inside, ishigami


def test_ishigami_has_its_analytic_indices_within_the_intervals():
    sample = design("sobol", 1024, second_order=True)
    found = analyse(sample, ishigami(sample))
    assert (found.n, found.left_out, found.why) == (1024, 0, "")
    assert all(inside(found, "S1", ISHIGAMI["S1"]))
    assert all(inside(found, "ST", ISHIGAMI["ST"]))
    pairs = found.table[found.table["index"] == "S2"].set_index(["parameter", "second_parameter"])
    assert pairs.loc[("x1", "x3"), "low"] <= ISHIGAMI["x1", "x3"] <= pairs.loc[("x1", "x3"), "high"]
    assert pairs.loc[("x1", "x2"), "low"] <= 0.0 <= pairs.loc[("x1", "x2"), "high"]


def test_sobols_g_has_its_analytic_indices_within_the_intervals_and_in_order():
    sample = design("sobol", 1024, names=("a", "b", "c", "d"))
    found = analyse(sample, Sobol_G.evaluate(sample.u, G))
    assert all(inside(found, "S1", Sobol_G.sensitivity_index(G)))
    assert all(inside(found, "ST", Sobol_G.total_sensitivity_index(G)))
    assert ranking(found, "sobol") == ["a", "b", "c", "d"]


def test_sum_of_first_order_indices_has_an_interval_that_holds_the_truth():
    sample = design("sobol", 1024, names=("a", "b", "c", "d"))
    found = analyse(sample, additive(sample))
    sums = found.table[found.table["index"] == "S1 sum"].set_index("parameter")
    assert sums.loc["all", "low"] <= 1.0 <= sums.loc["all", "high"]
    top = sums.loc["a + b + c"]
    assert top["low"] <= (16 + 9 + 4) / 30 <= top["high"]
    alone = found.of("S1").loc[["a", "b", "c"]]
    assert top["value"] == pytest.approx(alone["value"].sum())


def test_a_large_mean_changes_no_index():
    sample = design("sobol", 256)
    near, far = (analyse(sample, ishigami(sample) + shift, resamples=50).table for shift in (0.0, 1e7))
    np.testing.assert_allclose(near["value"], far["value"], atol=1e-6)


def test_group_indices_are_those_of_its_parameters_together():
    sample = design("sobol", 1024, names=("a", "b", "c"), groups=("first", "rest", "rest"))
    found = analyse(sample, additive(sample))  # weights 3, 2, 1: variances 9, 4, 1
    assert sample.labels == ("first", "rest")
    assert all(inside(found, "S1", (9 / 14, 5 / 14)))
    assert all(inside(found, "ST", (9 / 14, 5 / 14)))


def test_blocks_without_an_outcome_leave_the_result_of_never_having_had_them():
    sample = design("sobol", 64, second_order=True)
    y = ishigami(sample)
    y[[3, 100]] = np.nan, np.inf  # blocks 0 and 12 of 8 rows each
    found = analyse(sample, y, resamples=50)
    assert (found.n, found.left_out, found.why) == (62, 2, "")
    kept, rows = sample.of_blocks(np.isin(np.arange(64), [0, 12], invert=True))
    assert found.table.equals(analyse(kept, y[rows], resamples=50).table)


def test_a_failed_run_costs_a_trajectory_of_morris_and_a_row_of_the_others():
    lost = {"morris": 40, "rbd-fast": 400, "pawn": 400}
    for method, n in lost.items():
        sample = design(method, n)
        y = additive(sample)
        y[5] = np.nan
        found = analyse(sample, y, resamples=20)
        assert (found.n, found.left_out, found.why) == (n - 1, 1, ""), method
        assert np.isfinite(found.table[["value", "low", "high"]]).all(axis=None), method


def test_more_than_a_tenth_lost_gives_no_number_but_the_reason():
    sample = design("sobol", 32)
    y = ishigami(sample)
    y[:20:5] = np.nan
    found = analyse(sample, y)
    assert found.table.empty
    assert "4 of 32 base samples" in found.why
    assert "more than a tenth" in found.why


@pytest.mark.parametrize(
    ("method", "n"), [("sobol", 64), ("morris", 20), ("pawn", 400), ("rbd-fast", 400), ("delta", 400), ("hdmr", 400)]
)
def test_a_constant_outcome_has_no_indices_and_says_why(method, n):
    sample = design(method, n)
    found = analyse(sample, np.full(len(sample.u), 42.0))
    assert found.table.empty
    assert found.why == "it is the same in all rows (42): nothing that was varied moves it"


def test_an_outcome_that_never_varies_over_the_base_samples_is_refused_without_dividing_by_zero():
    sample = design("sobol", 16)
    y = np.zeros(len(sample.u))
    y[1] = 1.0  # a row of A with one column of B only
    found = analyse(sample, y)
    assert found.table.empty
    assert "the same in all rows that its variance is taken from" in found.why


def test_the_same_seed_gives_the_same_intervals_and_seed_zero_is_a_seed():
    for method, n in {"sobol": 64, "morris": 20, "pawn": 300, "rbd-fast": 300, "delta": 300}.items():
        sample = design(method, n, seed=0)
        first, second = (analyse(sample, additive(sample), resamples=3).table for _ in range(2))
        assert first.equals(second), method


def test_analyses_leave_the_global_generator_and_the_warning_filters_alone():
    sample = design("delta", 300)
    state, filters, form = np.random.get_state()[1].copy(), list(warnings.filters), warnings.formatwarning  # noqa: NPY002
    analyse(sample, additive(sample), resamples=5)
    assert (np.random.get_state()[1] == state).all()  # noqa: NPY002
    assert warnings.filters == filters
    assert warnings.formatwarning is form
    with fenced() as warned:
        warnings.warn("seen", RuntimeWarning, stacklevel=1)
    assert [str(w.message) for w in warned] == ["seen"]


def test_morris_effects_of_a_weighted_sum_are_its_weights_with_no_spread():
    sample = design("morris", 20, names=("a", "b", "c"))
    found = analyse(sample, additive(sample))
    for index in ("mu_star", "mu"):
        np.testing.assert_allclose(found.of(index)["value"], [3.0, 2.0, 1.0])
    np.testing.assert_allclose(found.of("sigma")["value"], 0.0, atol=1e-9)


def test_morris_groups_have_a_size_but_no_direction():
    sample = design("morris", 20, names=("a", "b", "c"), groups=("first", "rest", "rest"))
    found = analyse(sample, additive(sample))
    assert list(found.of("mu_star").index) == ["first", "rest"]
    assert list(found.of("mu").index) == ["first"]


def test_given_data_methods_find_the_order_of_a_weighted_sum():
    for method, n in {"pawn": 600, "rbd-fast": 600, "delta": 600}.items():
        sample = design(method, n, names=("a", "b", "c"))
        found = analyse(sample, additive(sample), resamples=5)
        assert [name for name in ranking(found, method) if name != NOTHING] == ["a", "b", "c"], method


def test_rbd_fast_and_hdmr_find_the_first_order_indices_of_a_weighted_sum():
    for method in ("rbd-fast", "hdmr"):
        sample = design(method, 1000, names=("a", "b", "c"))
        found = analyse(sample, additive(sample), resamples=20)
        np.testing.assert_allclose(found.of("S1")["value"], np.array([9, 4, 1]) / 14, atol=0.05)  # two standard errors
    assert "explain 100 % of the variance" in found.notes[0]


def test_hdmr_finds_the_pair_of_a_product():
    sample = design("hdmr", 600, names=("a", "b", "c"))
    centred = sample.u - 0.5
    found = analyse(sample, centred[:, 0] * centred[:, 1] + 0.1 * centred[:, 2])
    pairs = found.table[found.table["index"] == "S2"].set_index(["parameter", "second_parameter"])["value"]
    assert pairs.idxmax() == ("a", "b")
    assert pairs.max() == pytest.approx((1 / 144) / (1 / 144 + 0.01 / 12), abs=0.05)


def test_a_parameter_that_does_nothing_scores_above_zero_in_pawn_and_is_shown():
    sample = design("pawn", 400)
    found = analyse(sample, ishigami(sample), resamples=50).of("pawn")
    assert found.loc[NOTHING, "value"] > 0.03
    assert found.loc["x1", "low"] > found.loc[NOTHING, "high"]


def test_own_pawn_distances_are_salibs_also_with_ties():
    sample = design("pawn", 300)
    for y in (ishigami(sample), np.round(ishigami(sample))):
        with fenced():
            theirs = pawn.analyze(sample.problem(), sample.u, y, S=10, seed=1)
        ours = pawn_distances(sample.u, y)
        np.testing.assert_allclose(np.median(ours, axis=0), theirs["median"], atol=1e-12)
        np.testing.assert_allclose(ours.max(axis=0), theirs["maximum"], atol=1e-12)


def test_too_few_rows_are_refused_with_the_number_needed():
    sample = design("hdmr", 200)
    found = analyse(sample, ishigami(sample))
    assert found.why == "200 rows are too few; this method needs 300 for 3 parameters"
