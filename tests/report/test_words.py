"""What a report says follows from the numbers, and never goes beyond their intervals."""

import math

import numpy as np
import pytest

from analysis.contrasts.intervals import paired
from app.pages.compare_words import answer as answer_of_compare
from app.pages.compare_words import of_cost
from app.pages.run_words import Gap, because, sentence
from app.say import numbers
from experiments.findings.gap_parts import gap_parts
from experiments.findings.pairs import Values

NO_PART = {"gap": 0.1, "gap_low": -1.0, "gap_high": 1.2, "p_holm": 0.8}
SURE = 0.01  # an adjusted p-value


def gap(value, low, high, joint=None, **parts):
    names = ("undetected_h", "waiting_h", "search_h", "owner_h", "repair_h")
    sure = low is not None and (low > 0.0 or high < 0.0)
    joint = (SURE if sure else 0.3, low, high) if joint is None else joint
    row = {"note": "", "looked_at": 1}
    return Gap(
        "minority", "minority", "other", value, low, high, *joint, {n: parts.get(n, NO_PART) for n in names}, None, row
    )


@pytest.mark.parametrize(
    ("bounds", "told", "hidden"),
    [
        ((2.1, 1.2, 3.0), "Minority households wait longer for power than other households: 2.1 hours", "cannot"),
        ((-2.1, -3.0, -1.2), "wait less long for power than other households: 2.1 hours on average (95 % interval 1.2 "
         "to 3.0 hours)", "cannot"),
        ((0.5, -0.2, 1.2), "We cannot tell whether minority households wait longer", "by 0.5"),
        ((None, None, None), "cannot be compared", "wait"),
    ],
)  # fmt: skip
def test_a_gap_is_claimed_only_where_its_interval_leaves_out_zero(bounds, told, hidden):
    text = sentence(gap(*bounds))
    assert told in text
    assert hidden not in text


def test_a_gap_that_is_sure_by_itself_is_not_claimed_where_it_may_be_chance_among_many():
    text = sentence(gap(1.0, 0.1, 1.9, joint=(0.2, -0.4, 2.4)))
    assert text.startswith("We cannot tell whether minority households wait longer")
    assert "24 minutes less to" in text or "0.4 hours less to 2.4 hours more" in text


def test_a_reason_is_named_only_where_its_own_interval_bears_it():
    waiting = {"gap": 1.5, "gap_low": 0.9, "gap_high": 2.1, "p_holm": SURE}
    assert because(gap(2.1, 1.2, 3.0, waiting_h=waiting)).startswith("Mostly because the wait for a crew")
    small = {"gap": 0.5, "gap_low": 0.1, "gap_high": 0.9, "p_holm": SURE}
    assert because(gap(2.1, 1.2, 3.0, waiting_h=small)).startswith("The part that differs most")
    assert "No single part" in because(gap(2.1, 1.2, 3.0))
    opposite = {"gap": -1.5, "gap_low": -2.1, "gap_high": -0.9, "p_holm": SURE}
    assert "Mostly" not in because(gap(2.1, 1.2, 3.0, waiting_h=opposite))


def line(grouping, group, measure, change, low, high, before=(3.0, 2.0, 4.0), after=(1.0, 0.5, 1.5)):
    row = {"arm": "app", "grouping": grouping, "group": group, "measure": measure, "change": change}
    names = ("mean", "low", "high")
    levels = {f"{side}_{n}": v for side, three in (("baseline", before), ("arm", after))
              for n, v in zip(names, three, strict=True)}  # fmt: skip
    joint = {
        "looked_at": 1,
        "p_holm": SURE if low > 0.0 or high < 0.0 else 0.3,
        "low_together": low,
        "high_together": high,
    }
    return {**row, **levels, **joint, "low": low, "high": high}


def compared(*lines, parts=()):
    arms = [{"name": "app", "refused": ""}]
    return {"baseline": {"name": "base"}, "arms": arms, "main_gap": "minority:minority:gap_h",
            "changes": list(lines), "gap_parts": list(parts), "prices": None}  # fmt: skip


def test_a_gap_narrows_only_where_it_is_sure_before_and_after():
    found = compared(line("minority", "minority", "gap_h", -2.0, -3.0, -1.0))
    assert answer_of_compare(found)[0].headline == (
        "“app” narrows the gap between minority households and other households by 2.0 hours "
        "(95 % interval 1.0 to 3.0 hours), from 3.0 to 1.0 hours."
    )
    unsure = compared(line("minority", "minority", "gap_h", -2.0, -3.0, -1.0, after=(1.0, -0.5, 2.5)))
    text = answer_of_compare(unsure)[0].headline
    assert "narrows" not in text
    assert "minority households wait 2.0 hours less than with “base”, relative to other households" in text
    crossing = compared(line("minority", "minority", "gap_h", -0.5, -1.3, 0.4))
    assert answer_of_compare(crossing)[0].headline.startswith("We cannot tell whether “app” changes the gap")


def test_what_is_sure_comes_before_what_is_not():
    found = compared(
        line("minority", "minority", "gap_h", -0.5, -1.3, 0.4), line("all", "all", "mean_h", -2.0, -3.0, -1.0)
    )
    told = answer_of_compare(found)[0]
    assert told.headline.startswith("Over all households, the average wait is 2.0 hours shorter")
    assert told.lines[0].startswith("We cannot tell")


def test_the_bill_is_told_by_outlay_and_by_net_cost_both_ways():
    money = {"before": (0.0, 0.0, 0.0), "after": (0.0, 0.0, 0.0)}
    outlay = line("cost", "outlay", "usd", 9e4, 8e4, 1e5, **money)
    held = line("cost", "net", "usd", 8e4, 7e4, 9e4, **money)
    simulated = line("cost", "total", "usd", 5e4, -2e5, 3e5, **money)
    assert of_cost(compared(outlay, held, simulated), "app") == (
        "To be budgeted: $90,000 more ($80,000 to $100,000). Net cost to city and utility: at the baseline's crews' "
        "bill, $80,000 more ($70,000 to $90,000); as simulated, cannot be told, $200,000 less to $300,000 more would "
        "fit."
    )
    own = line("cost", "net", "usd", 5e4, -2e5, 3e5, **money)
    assert of_cost(compared(own, simulated), "app").startswith("Net cost to city and utility, as simulated: cannot be")


def test_parts_of_a_gap_sum_to_its_change_and_have_intervals_over_pairs():
    rng = np.random.default_rng(3)
    parts = ("undetected_h", "waiting_h", "search_h", "repair_h")
    names = tuple(f"minority:{group}:{p}" for group in ("minority", "other") for p in parts)
    names += ("minority:minority:gap_h",)
    base, arm = rng.normal(10.0, 2.0, (6, 9)), rng.normal(9.0, 2.0, (6, 9))
    for table in (base, arm):
        table[:, 8] = table[:, :4].sum(axis=1) - table[:, 4:8].sum(axis=1)
    found = gap_parts(Values(names, base, arm[None]), ["app"], ["minority:minority:gap_h"])
    assert found["change"].sum() == pytest.approx((arm[:, 8] - base[:, 8]).mean())
    by_hand = paired((arm[:, 1] - arm[:, 5]) - (base[:, 1] - base[:, 5]))
    row = found.set_index("part").loc["waiting_h"]
    assert (row["low"], row["high"]) == pytest.approx((by_hand.low, by_hand.high))


def test_numbers_are_rounded_but_never_onto_zero():
    assert numbers.change_of_time(2.13, 1.21, 3.04) == ("2.1 hours", "95 % interval 1.2 to 3.0 hours")
    assert numbers.change_of_time(-0.28, -0.54, -0.03) == ("17 minutes", "95 % interval 2 to 32 minutes")
    assert numbers.change_of_time(0.017, 0.01, 0.03)[0] == "1 minute"
    assert numbers.change_of_time(0.79, 0.005, 1.573)[1] == "95 % interval 0.01 to 1.6 hours"
    assert numbers.around_zero(-0.7, 0.1, "less", "more") == "anything from 42 minutes less to 6 minutes more"
    assert numbers.digits_of([(0.1, 0.004, 0.2)]) == 3
    assert numbers.between(-0.004, 0.2, 1) == "+0.0 to +0.2"
    assert numbers.plain(math.inf) == numbers.plain(None) == numbers.NONE


@pytest.mark.parametrize(
    ("value", "text"),
    [(56_876.3, "$56,900"), (1_234_567.0, "$1.2 million"), (243_112.0, "$243,000"), (4.084, "$4.08"),
     (999_700.0, "$1.0 million"), (-320.0, "$320"), (0.0, "$0.00"), (None, "–")],
)  # fmt: skip
def test_dollars(value, text):
    assert numbers.dollars(value) == text
