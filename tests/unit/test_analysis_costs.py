"""What hours cost, by hand."""

import numpy as np
import pandas as pd
import pytest

from analysis.contrasts.costs import COLUMNS, price_list
from analysis.contrasts.pairs import ratio
from analysis.measures.grouping import GroupingError

N = 20
WOBBLE = np.tile([-1.0, 1.0], N // 2)
BASE_COST, BASE_HOURS = 1000.0 + 50.0 * WOBBLE, 500.0 + 100.0 * WOBBLE


def table(cost, hours, **more):
    """Arms that add so much to the cost and to the hours of the baseline, pair by pair."""
    costs = {"nothing": BASE_COST, **{arm: BASE_COST + np.broadcast_to(by, N) for arm, by in cost.items()}}
    out_h = {"nothing": BASE_HOURS, **{arm: BASE_HOURS + np.broadcast_to(by, N) for arm, by in hours.items()}}
    return price_list(costs, {"household-hours": out_h}, "nothing", **more).set_index("arm")


def test_price_is_added_cost_over_hours_saved():
    # dollars 150 and 250 in turn, hours -10 always: 200 / 10; sd of the cost 51.299, t(0.975, 19) = 2.09302
    line = table({"visits": 200.0 + 50.0 * WOBBLE}, {"visits": -10.0}).loc["visits"]
    half = 2.09302 * 51.29892 / np.sqrt(20)
    assert (line["added_cost_usd"], line["gained"], line["price_usd"]) == pytest.approx((200.0, 10.0, 20.0))
    assert line["added_cost_high"] == pytest.approx(200.0 + half, abs=1e-3)
    assert (line["price_fieller_low"], line["price_fieller_high"]) == pytest.approx(
        (20 - half / 10, 20 + half / 10), 1e-4
    )
    assert line["price_low"] < 20.0 < line["price_high"]
    assert (line["pairs"], line["left_out"], line["note"], line["dominated_by"]) == (N, 0, "", "")


def test_price_and_interval_are_those_of_ratio():
    luck = np.random.default_rng(1)
    added, saved = luck.normal(200.0, 60.0, N), luck.normal(10.0, 3.0, N)
    line = table({"visits": added}, {"visits": -saved}, seed=3).loc["visits"]
    expected = ratio(added, saved, seed=3)
    assert line.loc["price_usd":"price_fieller_high"].tolist() == pytest.approx(expected[:5], rel=1e-9)


def test_effects_come_one_after_the_other_and_frames_will_do():
    costs = pd.DataFrame({"nothing": BASE_COST, "visits": BASE_COST + 10.0, "calls": BASE_COST + 5.0})
    gaps = pd.DataFrame({"nothing": 3.0 + 0 * WOBBLE, "visits": 1.0 + 0 * WOBBLE, "calls": 2.0 + 0 * WOBBLE})
    found = price_list(costs, {"household-hours": costs * 0 + BASE_HOURS[:, None], "gap-hours": gaps}, "nothing")
    assert list(found.columns) == list(COLUMNS)
    assert found[["arm", "effect"]].to_numpy().tolist() == [
        ["visits", "household-hours"],
        ["calls", "household-hours"],
        ["visits", "gap-hours"],
        ["calls", "gap-hours"],
    ]
    assert found["price_usd"].tolist()[2:] == pytest.approx([5.0, 5.0])
    assert found["note"].tolist()[:2] == ["no saving of household-hours that can be told from zero"] * 2


def test_no_gain_beyond_chance_has_no_price():
    line = table({"leaflets": 30.0}, {"leaflets": 8.0 * WOBBLE - 1.0}).loc["leaflets"]
    assert np.isnan(line["price_usd"])
    assert np.isnan(line["price_low"])
    assert line["note"] == "no saving of household-hours that can be told from zero"


def test_hours_lost_have_no_price_either():
    line = table({"worse": 30.0}, {"worse": 5.0 + WOBBLE}).loc["worse"]
    assert np.isnan(line["price_usd"])
    assert "more household-hours than in the baseline" in line["note"]
    assert (line["dominated_by"], line["surely"]) == ("nothing", True)


def test_a_gap_that_favours_the_group_is_none_to_close():
    costs = {"nothing": BASE_COST, "visits": BASE_COST + 10.0}
    gaps = {"nothing": -3.0 + WOBBLE, "visits": -5.0 + WOBBLE}
    line = price_list(costs, {"gap-hours": gaps}, "nothing").loc[0]
    assert line["gained"] == 2.0
    assert np.isnan(line["price_usd"])
    assert line["note"] == "no gap-hours in the baseline: there is nothing to save"


def test_money_saved_along_with_the_hours_is_a_negative_price():
    line = table({"callbacks": -30.0}, {"callbacks": -10.0}).loc["callbacks"]
    assert line["price_usd"] == pytest.approx(-3.0)
    assert line["dominated_by"] == ""


def test_an_arm_that_costs_more_and_saves_less_is_dominated():
    found = table({"dear": 200.0, "good": 100.0, "cheap": 10.0}, {"dear": -10.0, "good": -20.0, "cheap": -1.0})
    assert found["dominated_by"].to_dict() == {"dear": "good", "good": "", "cheap": ""}
    assert found["surely"].tolist() == [True, False, False]


def test_domination_within_chance_is_not_sure():
    found = table({"a": 100.0, "b": 99.0 + 20.0 * WOBBLE}, {"a": -10.0, "b": -10.5 + 5.0 * WOBBLE})
    assert found.loc["a", ["dominated_by", "surely"]].tolist() == ["b", False]


def test_equal_arms_do_not_dominate_each_other():
    found = table({"a": 100.0, "b": 100.0}, {"a": -10.0, "b": -10.0})
    assert found["dominated_by"].tolist() == ["", ""]


def test_failed_runs_leave_their_pairs_out_and_are_counted():
    added = np.full(N, 200.0)
    added[3] = np.nan
    hours = np.full(N, -10.0)
    hours[3:5] = np.nan
    line = table({"visits": added}, {"visits": hours}).loc["visits"]
    assert (line["pairs"], line["left_out"], line["price_usd"]) == (18, 2, 20.0)


def test_an_arm_of_which_every_run_failed_is_a_line_of_words():
    line = table({"broken": np.nan}, {"broken": np.nan}).loc["broken"]
    assert line["pairs"] == 0
    assert "no pair" in line["note"]
    assert line["dominated_by"] == ""


def test_an_unknown_baseline_is_answered_with_the_nearest():
    with pytest.raises(GroupingError, match="did you mean 'nothing'"):
        price_list({"nothing": BASE_COST}, {}, "nothin")
    with pytest.raises(GroupingError, match="household-hours: unknown arm 'nothing'"):
        price_list({"nothing": BASE_COST}, {"household-hours": {}}, "nothing")
