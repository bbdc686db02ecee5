"""What is said of a comparison: no more than the interval allows, one by itself and several together."""

import numpy as np
import pandas as pd
import pytest

from app.pages.compare_tables import price_table
from app.pages.compare_words import answer, of_cost, of_gap, of_mean
from experiments.findings.compare_table import COLUMNS, gap_groups, line_of, looked_at_together, tidy
from experiments.findings.net_costs import HELD, NET, OUTLAY, SIMULATED, TOTAL
from experiments.findings.pairs import Values
from sim.core.canonical import plain

GAP = "minority:minority:gap_h"


def test_failed_pairs_are_left_out_and_counted():
    baseline = np.array([[1.0, 40.0], [2.0, 41.0], [3.0, 42.0]])
    arms = np.array([[[2.0, 39.0], [np.nan, np.nan], [5.0, 40.0]]])
    table = tidy(Values((GAP, "all:all:mean_h"), baseline, arms), ["arm"])
    row = line_of(table, "arm", GAP)
    assert (row["change"], row["pairs"], row["failed"]) == (1.5, 2, 1)
    assert (row["baseline_mean"], row["arm_mean"]) == (2.0, 3.5)


def test_a_group_name_may_hold_a_colon():
    names = ["neighbourhood:North: hill:gap_h", "neighbourhood:North: hill:mean_h", "neighbourhood:South:mean_h"]
    assert gap_groups(names, "neighbourhood") == (["North: hill"], "South")


def line(change, low, high, base=(5.0, 4.0, 6.0), arm=None, name=GAP):
    """A comparison of one line: change with interval, and the levels before and after with theirs."""
    arm = arm or tuple(level + change for level in base)
    levels = {"baseline_mean": base[0], "baseline_low": base[1], "baseline_high": base[2]}
    levels |= {"arm_mean": arm[0], "arm_low": arm[1], "arm_high": arm[2]}
    part, group, measure = name.split(":")
    row = {"arm": "A", "grouping": part, "group": group, "measure": measure, "change": change, "low": low, "high": high}
    return looked_at_together(pd.DataFrame([{**row, **levels, "pairs": 20, "failed": 0, "note": ""}])[COLUMNS])


def found(*lines, **more):
    """A summary that holds these lines."""
    table = looked_at_together(pd.concat(lines)[COLUMNS])
    summary = {"baseline": {"name": "base"}, "arms": [{"name": "A", "refused": ""}], "main_gap": GAP, "gap_parts": [],
               "prices": [], "changes": table.to_dict(orient="records")}  # fmt: skip
    return plain({**summary, **more})


def gap(*lines):
    return of_gap(found(*lines), "A")


def among_ten(change, low, high):
    """A change of one arm, where nine others are looked at that may be nothing."""
    return gap(line(change, low, high), *(line(0.1, -0.5, 0.7).assign(arm=f"B{i}") for i in range(9)))


def test_a_change_that_is_sure_by_itself_is_not_claimed_among_many():
    assert "widens the gap" in gap(line(0.5, 0.02, 0.98))
    text = among_ten(0.5, 0.02, 0.98)
    assert text.startswith("We cannot tell whether “A” changes the gap")
    assert "anything from 14 minutes less to 74 minutes more (95 % interval of all 10 changes together)" in text
    assert "widens" not in text


def test_a_change_that_is_sure_among_many_is_told_with_its_own_interval():
    text = among_ten(1.5, 1.0, 2.0)
    assert "widens the gap between minority households and other households by 1.5 hours" in text
    assert "(95 % interval 1.0 to 2.0 hours)" in text


def test_measures_and_items_of_cost_are_families_of_their_own():
    names = (
        GAP,
        "income:lowest fifth:gap_h",
        "minority:minority:mean_h",
        "all:all:mean_h",
        "cost:total:usd",
        "cost:crews:usd",
    )
    table = looked_at_together(pd.concat([line(0.5, 0.1, 0.9, name=name) for name in names])[COLUMNS])
    assert table["looked_at"].tolist() == [2, 2, 1, 1, 1, 1]


def test_a_change_whose_interval_holds_zero_is_not_claimed():
    text = gap(line(0.4, -0.1, 0.9))
    assert "anything from 6 minutes less to 54 minutes more (95 % interval)" in text
    assert "longer" not in text


def test_a_change_whose_interval_leaves_out_zero_is_told_with_its_bounds():
    text = gap(line(-1.5, -2.5, -0.5))
    assert text == (
        "“A” narrows the gap between minority households and other households by 1.5 hours (95 % interval 0.5 to 2.5 "
        "hours), from 5.0 to 3.5 hours."
    )


def test_a_gap_widens_below_zero_too():
    assert "“A” widens the gap" in gap(line(-1.5, -2.5, -0.5, base=(-5.0, -6.0, -4.0)))


@pytest.mark.parametrize("base", [(0.5, -0.5, 1.5), (1.0, 0.5, 1.5)])
def test_a_gap_of_unsure_sign_neither_widens_nor_narrows(base):
    text = gap(line(-2.0, -2.5, -1.5, base=base))
    assert "widens" not in text
    assert "narrows" not in text
    assert f"The gap itself goes from {base[0]:+.1f} to {base[0] - 2.0:+.1f} hours." in text


def test_the_city_and_the_bill_follow_the_same_rule():
    mean = line(-2.0, -3.0, -1.0, base=(50.0, 49.0, 51.0), name="all:all:mean_h")
    outlay = line(1e5, 9e4, 1.1e5, name=OUTLAY)
    sure, unsure = line(2e6, 1e6, 3e6, name=NET), line(1e6, -1e6, 3e6, name=TOTAL)
    summary = found(line(0.4, -0.1, 0.9), mean, outlay, sure, unsure)
    text = of_mean(summary, "A")
    assert "the average wait is 2.0 hours shorter with “A” than with “base” (95 % interval 1.0 to 3.0 hours)" in text
    assert of_cost(summary, "A") == (
        "To be budgeted: $100,000 more ($90,000 to $110,000). Net cost to city and utility: at the baseline's crews' "
        "bill, $2.0 million more ($1.0 million to $3.0 million); as simulated, cannot be told, $1.0 million less to "
        "$3.0 million more would fit."
    )


def test_what_is_sure_stands_first():
    mean = line(-2.0, -3.0, -1.0, base=(50.0, 49.0, 51.0), name="all:all:mean_h")
    (told,) = answer(found(line(0.4, -0.1, 0.9), mean))
    assert told.headline.startswith("Over all households")


def test_a_bill_that_is_not_held_is_told_as_simulated():
    same = [line(2e6, 1e6, 3e6, name=name) for name in (NET, TOTAL)]
    text = of_cost(found(line(0.4, -0.1, 0.9), *same), "A")
    assert text == "Net cost to city and utility, as simulated: $2.0 million more ($1.0 million to $3.0 million)."


def test_no_interval_is_told_as_a_point_and_no_sure_change_as_touching_zero():
    assert "by 3 minutes (95 % interval 2 to 4 minutes)" in gap(line(0.05, 0.04, 0.06))
    assert "(95 % interval 0.7 to 35.3 minutes)" in gap(line(0.3, 0.012, 0.588)).replace("1 to 35", "0.7 to 35.3")


def price(value, **more):
    columns = {"arm": "A", "effect": "gap-hours", "price_usd": value, "price_low": 1.0, "price_high": 3.0}
    columns |= {
        "added_cost_low": 1.0,
        "added_cost_high": 9.0,
        "gained": 5.0,
        "gained_low": 1.0,
        "price_fieller_low": 0.5,
        "price_fieller_high": 4.0,
        "pairs": 20,
        "dominated_by": "",
        "surely": False,
        "priced_by": HELD,
    }
    return {**columns, "note": "", **more}


def priced(value, **more):
    """The text above the table of prices, and the cells of its row."""
    text, table = price_table(found(line(0.4, -0.1, 0.9), prices=[price(value, **more)]))
    return text.text, table.rows[0]


def test_a_price_by_the_simulated_cost_says_so():
    assert "Priced as simulated, for no crews' bill is held: A." in priced(2.0, priced_by=SIMULATED)[0]
    assert "Priced as simulated" not in priced(2.0)[0]


def test_a_price_is_told_with_its_bounds_or_in_words():
    assert priced(2.0)[1][2:] == ("$2.00 ($0.50 to $4.00)", "")
    assert priced(2.0, price_fieller_low=None)[1][2] == "$2.00 (no bounds)"
    note = "no gap-hours gained that can be told from zero"
    assert priced(None, note=note)[1][2:] == ("none", "No gap-hours gained that can be told from zero")


def test_money_is_saved_only_where_that_is_sure():
    assert priced(-2.0, added_cost_low=-5.0)[1][3] == "The added cost may be zero"
    assert priced(-2.0, added_cost_low=-5.0, added_cost_high=-1.0)[1][3] == "Saves money as well"
    assert priced(2.0, dominated_by="B", surely=True)[1][3] == "B costs no more and saves no fewer hours"
