"""Several numbers looked at together, against statsmodels and scipy, and by their error rates."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from analysis.contrasts.intervals import paired
from analysis.contrasts.multiplicity import beside, holm, told_apart

LUCK = np.random.default_rng(8)


def table_of(samples, **columns):
    """One row per sample, with its interval."""
    rows = [paired(sample) for sample in samples]
    known = {"change": [r.mean for r in rows], "low": [r.low for r in rows], "high": [r.high for r in rows]}
    return pd.DataFrame({**known, "pairs": [r.n for r in rows], **columns})


@pytest.mark.parametrize("size", [1, 2, 5, 40])
def test_holm_is_that_of_statsmodels(size):
    p = LUCK.uniform(0.0, 0.2, size)
    assert holm(p) == pytest.approx(multipletests(p, method="holm")[1])


def test_p_and_bounds_are_those_of_students_t_and_bonferroni():
    samples = LUCK.normal(0.5, 1.0, (4, 12))
    found = beside(table_of(samples), [])
    assert found["p"].to_numpy() == pytest.approx([stats.ttest_1samp(s, 0.0).pvalue for s in samples])
    for sample, row in zip(samples, found.itertuples(), strict=True):
        bounds = stats.t.interval(1.0 - 0.05 / 4, 11, sample.mean(), stats.sem(sample))
        assert (row.low_together, row.high_together) == pytest.approx(bounds)


def test_one_number_by_itself_is_judged_as_by_its_own_interval():
    found = beside(table_of(LUCK.normal(0.4, 1.0, (300, 15)), name=range(300)), ["name"])
    assert (found["low_together"].to_numpy(), found["high_together"].to_numpy()) == (
        pytest.approx(found["low"].to_numpy()), pytest.approx(found["high"].to_numpy())
    )  # fmt: skip
    apart = (found["low"] > 0.0) | (found["high"] < 0.0)
    assert 0 < apart.sum() < 300
    assert [told_apart(p) for p in found["p_holm"]] == apart.tolist()
    assert set(found["looked_at"]) == {1}


def test_rows_of_another_family_change_nothing():
    samples = LUCK.normal(0.7, 1.0, (6, 10))
    both = beside(table_of(samples, measure=list("aaabbb")), ["measure"])
    alone = beside(table_of(samples[:3], measure=list("aaa")), ["measure"])
    pd.testing.assert_frame_equal(both[:3], alone)


def test_numbers_without_an_interval_are_not_looked_at_and_points_have_a_plain_answer():
    found = beside(table_of([[2.0], [0.0, 0.0, 0.0], [1.0, 1.0, 1.0], [1.0, 2.0, 4.0]]), [])
    assert found["looked_at"].tolist() == [3, 3, 3, 3]
    assert np.isnan(found["p_holm"][0])
    assert not told_apart(found["p_holm"][0])
    assert not told_apart(None)
    assert found["p"][1:3].tolist() == [1.0, 0.0]
    assert (found["low_together"][2], found["high_together"][2]) == (1.0, 1.0)


def test_a_table_without_rows_has_the_columns():
    assert beside(table_of([]), []).empty
    assert beside(table_of([], measure=[]), ["measure"]).empty


def test_among_ten_true_zeros_a_false_finding_is_as_rare_as_promised():
    """Ten changes without any effect, sharing half of their luck: someone by itself often, together in 5 of 100."""
    studies, m, n = 2_000, 10, 12
    samples = LUCK.normal(size=(studies, m, n)) + LUCK.normal(size=(studies, 1, n))
    rows = table_of(samples.reshape(studies * m, n), study=np.repeat(np.arange(studies), m))
    found = beside(rows, ["study"])
    by_itself = ((found["low"] > 0.0) | (found["high"] < 0.0)).groupby(found["study"]).any().mean()
    missed = ((found["low_together"] > 0.0) | (found["high_together"] < 0.0)).groupby(found["study"]).any().mean()
    adjusted = (found["p_holm"] < 0.05).groupby(found["study"]).any().mean()
    assert by_itself > 0.2
    assert adjusted == missed  # with no effect at all, the first step of Holm's method is Bonferroni's
    assert adjusted < 0.05 + 3.0 * np.sqrt(0.05 * 0.95 / studies)
