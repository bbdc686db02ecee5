"""Gaps and inequality, by hand."""

import numpy as np
import pandas as pd
import pytest

from analysis.contrasts.intervals import gap_over_runs
from analysis.measures.equity import gap_parts
from analysis.measures.grouping import GroupingError, groups
from analysis.measures.inequality import concentration_index, gini, theil
from analysis.measures.table import BY_NAME, PARTS
from analysis.measures.waits import InGroups, Waits


def table():
    rows = {"mean_h": [10.0, 8.0], "p90_h": [np.inf, 20.0], "report_rate": [0.3, 0.0]}
    parts = dict(zip(PARTS, ([1.0, 2.0], [6.0, 3.0], [1.0, 1.5], [1.0, 0.5], [1.0, 1.0]), strict=True))
    return pd.DataFrame(rows | parts, index=pd.Index(["minority", "other"], name="group"))


def test_gap_is_group_minus_reference_and_ratio_group_over_reference():
    found = gap_over_runs([table()], "other").set_index("measure")
    assert set(found["group"]) == {"minority"}
    assert found.loc["mean_h", ["gap", "ratio"]].tolist() == [2.0, 1.25]
    assert found.loc["p90_h", "gap"] == np.inf
    assert np.isnan(found.loc["report_rate", "ratio"])  # nothing to divide by


def test_parts_of_the_gap_sum_to_the_gap_in_the_mean():
    split = gap_parts(table(), "other").loc["minority"]
    assert split[list(PARTS)].tolist() == [-1.0, 3.0, -0.5, 0.5, 0.0]
    assert split["gap_h"] == 10.0 - 8.0


def test_unknown_reference_is_answered_with_the_nearest():
    with pytest.raises(GroupingError, match="did you mean 'other'"):
        gap_parts(table(), "othr")


def test_gini_is_zero_for_equal_waits_and_a_half_for_one_of_two():
    assert gini(np.array([3.0, 3.0, 3.0])) == 0.0
    assert gini(np.array([0.0, 5.0])) == pytest.approx(0.5)
    # 1, 2, 3: (-2 x 1 + 0 x 2 + 2 x 3) / (3 x 6)
    assert gini(np.array([3.0, 1.0, 2.0])) == pytest.approx(4 / 18)


def test_concentration_is_negative_when_the_poor_wait_longer():
    # fractional ranks 1/4 and 3/4, hours 3 and 1: 2 x mean(1 x -1/4, -1 x 1/4) / 2 = -1/4
    assert concentration_index(np.array([3.0, 1.0]), np.array([10.0, 20.0])) == pytest.approx(-0.25)
    assert concentration_index(np.array([1.0, 3.0]), np.array([10.0, 20.0])) == pytest.approx(0.25)


def test_equal_incomes_share_their_rank_so_that_row_order_cannot_matter():
    assert concentration_index(np.array([9.0, 1.0]), np.array([5.0, 5.0])) == 0.0


def test_theil_is_the_sum_of_within_and_between():
    # waits 1, 1 and 3, 3: mean 2, all between: mean of 1/2 ln 1/2 and 3/2 ln 3/2
    expected = (0.5 * np.log(0.5) + 1.5 * np.log(1.5)) / 2
    split = theil(np.array([1.0, 1.0, 3.0, 3.0]), np.array([0, 0, 1, 1]))
    assert split.total == pytest.approx(expected)
    assert split.between == pytest.approx(expected)
    assert split.within == pytest.approx(0.0, abs=1e-15)
    mixed = theil(np.array([1.0, 3.0, 1.0, 3.0]), np.array([0, 0, 1, 1]))
    assert mixed.between == pytest.approx(0.0, abs=1e-15)


def test_within_is_the_mean_of_group_indices_weighted_by_their_hours():
    hours, code = np.array([1.0, 3.0, 2.0, 8.0, 0.0]), np.array([0, 0, 2, 2, 2])
    inside = [theil(hours[code == g], np.zeros(np.sum(code == g), int)).total for g in (0, 2)]
    assert theil(hours, code).within == pytest.approx((4 * inside[0] + 10 * inside[1]) / 14)


def test_no_hours_out_is_nan_and_no_crash():
    nobody = np.zeros(0)
    assert np.isnan([gini(nobody), concentration_index(nobody, nobody), *theil(nobody, np.zeros(0, int))]).all()
    assert np.isnan(gini(np.zeros(3)))


def test_inequality_is_over_the_affected_and_cut_at_the_horizon():
    households = pd.DataFrame(
        {
            "out_h": [0.0, 0.0, np.inf],
            "hours_out": [np.inf, 1.0, 0.0],
            "income_usd": [10.0, 20.0, 30.0],
            "minority": [True, False, False],
        }
    )
    waits = Waits(households, horizon_h=3.0)  # waits of 3 h and 1 h
    assert BY_NAME["gini"].of(waits) == pytest.approx(0.25)
    assert BY_NAME["concentration"].of(waits) == pytest.approx(-0.25)
    between = BY_NAME["between_groups"].of
    assert between(InGroups(waits, groups(households, "minority"))) == pytest.approx(1.0)
    assert between(InGroups(waits, groups(households, "all"))) == pytest.approx(0.0, abs=1e-12)


def test_equal_waits_have_no_share_between_groups_that_rounding_could_make_up():
    assert np.isnan(theil(np.full(7, 0.1), np.arange(7) % 2).share_between)
