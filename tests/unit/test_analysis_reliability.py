"""Reliability by group, by hand."""

import time

import numpy as np
import pandas as pd
import pytest

from analysis.measures.reliability import by_group
from analysis.measures.table import OF_GROUPS, PARTS
from analysis.measures.waits import Waits, split_hours

INF = np.inf
HORIZON_H = 30.0


def storm():
    """Six households.

    Minority: out 4 h, 10 h, and from hour 10 on for good (20 h seen). Other: out 2 h, 6 h, and never.
    """
    return pd.DataFrame(
        {
            "household_id": [1, 2, 3, 4, 5, 6],
            "minority": [True, True, True, False, False, False],
            "medical_device": [True, False, False, False, False, False],
            "income_usd": [10.0, 20.0, 30.0, 40.0, 50.0, 60.0],
            "out_h": [0.0, 0.0, 10.0, 0.0, 0.0, INF],
            "restored_h": [4.0, 10.0, INF, 2.0, 6.0, INF],
            "hours_out": [4.0, 10.0, INF, 2.0, 6.0, 0.0],
            "known_h": [1.0, INF, 15.0, -1.0, 3.0, INF],
            "first_report_h": [1.0, INF, 12.0, 0.5, INF, INF],
            "report_logged": [True, False, False, True, False, False],
            "undetected_h": [1.0, 10.0, 5.0, 0.0, 3.0, 0.0],
            "waiting_h": [2.0, 0.0, 15.0, 1.0, 1.0, 0.0],
            "search_h": [1.0, 0.0, 0.0, 1.0, 1.0, 0.0],
            "owner_h": [0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
            "repair_h": [0.0, 0.0, 0.0, 0.0, 1.0, 0.0],
            "behind_two_faults_h": [0.0, 3.0, 6.0, 0.0, 2.0, 0.0],
            "falsely_closed_h": [0.0, 0.0, 9.0, 0.0, 1.0, 0.0],
            "false_closures": [0, 0, 2, 0, 1, 0],
        }
    )


def city(n):
    """A large table with nothing by hand in it."""
    luck = np.random.default_rng(1)
    out_h = np.where(luck.random(n) < 0.8, luck.random(n) * 5, INF)
    affected = np.isfinite(out_h)
    hours = np.where(affected, luck.gamma(2.0, 25.0, n), 0.0)
    hours[affected & (luck.random(n) < 0.05)] = INF
    part = np.where(affected, hours / len(PARTS), 0.0)
    return pd.DataFrame(
        {
            "household_id": np.arange(n),
            "minority": luck.random(n) < 0.4,
            "medical_device": luck.random(n) < 0.03,
            "poor": luck.random(n) < 0.2,
            "income_usd": luck.lognormal(10.8, 0.7, n),
            "out_h": out_h,
            "restored_h": np.where(affected, out_h, 0.0) + np.where(affected, hours, INF),
            "hours_out": hours,
            "known_h": out_h + luck.random(n) * 10,
            "first_report_h": np.where(luck.random(n) < 0.3, out_h, INF),
            "report_logged": affected & (luck.random(n) < 0.3),
            **dict.fromkeys(PARTS, part),
            **{name: np.zeros(n) for name in ("behind_two_faults_h", "falsely_closed_h", "false_closures")},
        }
    )


def test_measures_equal_those_worked_by_hand():
    table = by_group(storm(), "minority", HORIZON_H)
    minority, other = table.loc["minority"], table.loc["other"]
    assert list(table.columns) == [measure.name for measure in OF_GROUPS]
    assert table["households"].tolist() == [3, 3]
    assert table["affected"].tolist() == [3, 2]
    assert minority["mean_h"] == pytest.approx((4 + 10 + 20) / 3)
    assert minority["median_h"] == 10.0  # two of three are back by then
    assert minority["p90_h"] == INF
    assert minority["report_rate"] == pytest.approx(1 / 3)
    assert minority["attempted_rate"] == pytest.approx(2 / 3)
    assert minority["detection_delay_h"] == pytest.approx((1 + 10 + 5) / 3)  # the second never: until power is back
    assert minority["censored_share"] == pytest.approx(1 / 3)
    assert minority["behind_two_faults_h"] == pytest.approx((3 + 6) / 3)
    assert minority["falsely_closed_h"] == pytest.approx(9 / 3)
    assert minority["false_closure_rate"] == pytest.approx(1 / 3)  # twice closed counts once
    assert minority["saidi_min"] == pytest.approx(60 * 34 / 3)
    assert other["saidi_min"] == pytest.approx(60 * 8 / 3)  # over all three served
    assert other["caidi_min"] == pytest.approx(60 * 8 / 2)  # over the two interrupted
    assert other["detection_delay_h"] == pytest.approx((0 + 3) / 2)  # believed out beforehand: no delay
    assert other["median_h"] == 2.0
    assert other["p90_h"] == 6.0


def test_share_beyond_counts_the_still_dark_and_is_nan_where_nobody_was_watched_so_long():
    longer = storm()
    longer.loc[2, "waiting_h"] = 25.0  # the third household: 30 h seen
    minority = by_group(longer, "minority", 40.0).loc["minority"]
    assert minority["beyond_24"] == pytest.approx(1 / 3)
    assert np.isnan(minority["beyond_48"])
    assert by_group(longer, "minority", 40.0).loc["other", "beyond_168"] == 0.0  # all back: known


def test_restricted_mean_time_is_the_area_up_to_the_horizon():
    # curve 1 until 4 h, 2/3 until 10 h, then 1/3 to 30 h: 4 + 4 + 20/3
    assert by_group(storm(), "minority", HORIZON_H).loc["minority", "rmst_h"] == pytest.approx(8 + 20 / 3)


def test_need_weights_are_an_argument_and_the_largest_applies():
    # weights 10, 1, 1: (40 + 10 + 20) / 12; without weights the plain mean
    table = by_group(storm(), "minority", HORIZON_H)
    assert table.loc["minority", "need_weighted_h"] == pytest.approx(70 / 12)
    plain = by_group(storm(), "minority", HORIZON_H, need_weights={})
    assert plain.loc["minority", "need_weighted_h"] == pytest.approx(plain.loc["minority", "mean_h"])
    both = by_group(storm(), "minority", HORIZON_H, need_weights={"medical_device": 3.0, "minority": 5.0})
    assert both.loc["minority", "need_weighted_h"] == pytest.approx(34 / 3)


def test_endless_parts_are_cut_in_order_and_still_sum_to_the_mean():
    # the third household is out for 20 h until the horizon: 5 undetected, 15 waiting
    parts = split_hours(Waits(storm(), HORIZON_H), PARTS)
    np.testing.assert_allclose([parts[name][2] for name in PARTS], [5.0, 15.0, 0.0, 0.0, 0.0])
    table = by_group(storm(), "minority", HORIZON_H)
    assert table.loc["minority", "waiting_h"] == pytest.approx((2 + 0 + 15) / 3)
    np.testing.assert_allclose(table[list(PARTS)].sum(axis=1), table["mean_h"], rtol=1e-14)


@pytest.mark.parametrize("horizon_h", [3.0, 24.0, 100.0, 1000.0])
def test_parts_sum_to_the_mean_at_any_horizon(horizon_h):
    table = by_group(city(3000), "income", horizon_h)
    np.testing.assert_allclose(table[list(PARTS)].sum(axis=1), table["mean_h"], rtol=1e-12)


def test_parts_that_do_not_add_up_name_the_household():
    households = storm()
    households.loc[1, "undetected_h"] = 7.0
    with pytest.raises(ValueError, match=r"household 2: .* miss its 10 hours out by 3 h"):
        by_group(households, "minority", HORIZON_H)


def test_reporters_are_a_part_of_the_affected_with_their_own_gap():
    # reporters: household 1 (minority, 4 h) and 4 (other, 2 h); the long waits did not report
    table = by_group(storm(), "minority", HORIZON_H, reporters_only=True)
    assert table["households"].tolist() == [1, 1]
    assert table["mean_h"].tolist() == [4.0, 2.0]
    assert table["report_rate"].tolist() == [1.0, 1.0]


def test_groups_of_reporters_are_formed_over_all_households():
    # incomes 10 and 40 of 10..60, cuts at 20, 30, 40, 50: lowest and middle fifth;
    # among reporters alone they would be lowest and highest
    table = by_group(storm(), "income", HORIZON_H, reporters_only=True)
    assert table.index[table["households"] > 0].tolist() == ["lowest fifth", "middle fifth"]


def test_an_empty_group_is_a_row_of_nan_and_no_crash():
    table = by_group(storm().assign(minority=False), "minority", HORIZON_H)
    assert table.loc["minority", ["households", "affected"]].tolist() == [0, 0]
    assert table.loc["minority"].drop(["households", "affected"]).isna().all()
    assert np.isfinite(table.loc["other", "mean_h"])


def test_a_group_that_never_lost_power_has_saidi_zero_and_no_mean():
    households = storm().loc[[0, 5]]
    other = by_group(households, "minority", HORIZON_H).loc["other"]
    assert other["saidi_min"] == 0.0
    assert np.isnan(other["mean_h"])


def test_an_empty_table_is_no_crash():
    assert by_group(storm().iloc[:0], "minority", HORIZON_H)["households"].tolist() == [0, 0]


def test_order_of_households_does_not_matter():
    households = city(2000)
    shuffled = households.sample(frac=1.0, random_state=3)
    pd.testing.assert_frame_equal(by_group(households, "income", 100.0), by_group(shuffled, "income", 100.0))


def test_a_city_takes_well_under_a_second():
    households = city(117_000)
    by_group(households.iloc[:100], "income", 100.0)  # first use imports SciPy
    started = time.perf_counter()
    by_group(households, "income", 100.0)
    assert time.perf_counter() - started < 0.5  # about 0.05 s; the rest is for a busy machine
