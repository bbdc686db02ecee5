"""The words of the page of a run: each gap in a sentence within its interval, and what it is made of."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from analysis.contrasts.multiplicity import told_apart
from analysis.measures.grouping import attributes
from app.pages.page import Finding, Row
from app.say import names
from app.say.names import capital, who
from app.say.numbers import around_zero, between, change_of_time, digits_of, known, signed
from app.say.together import interval_of

NUMBERS = ("gap", "gap_low", "gap_high", "p_holm", "low_together", "high_together")
EVERYONE, REPORTERS = "all_affected", "reporters_only"
NO_MAP = ("all", "neighbourhood")  # nothing to lay beside the hours


class Gap(NamedTuple):
    """A difference between a group and the one it is compared with."""

    by: str
    group: str
    reference: str
    value: float | None
    low: float | None
    high: float | None
    p_holm: float | None  # together with all gaps that are looked at
    low_together: float | None
    high_together: float | None
    parts: dict[str, Row]  # by measure, the rows of the split
    seen: Row | None  # the same gap among those who reported
    row: Row  # the whole of what is known of it


def gaps_of(grouping: Row) -> list[Gap]:
    """The gaps of one grouping, in the order of its groups."""
    rows = {p: by_group(grouping[p]["gaps"]) for p in (EVERYONE, REPORTERS)}
    found = []
    for group, measures in rows[EVERYONE].items():
        mean = measures["mean_h"]
        parts = {name: measures[name] for name in names.PARTS}
        alone = rows[REPORTERS].get(group, {}).get("mean_h")
        numbers = [mean[name] for name in NUMBERS]
        found.append(Gap._make([grouping["by"], group, grouping["reference"], *numbers, parts, alone, mean]))
    return found


def by_group(rows: Sequence[Row]) -> dict[str, dict[str, Row]]:
    """Rows of a tidy table by group and measure."""
    found: dict[str, dict[str, Row]] = {}
    for row in rows:
        found.setdefault(row["group"], {})[row["measure"]] = row
    return found


def stem(by: str) -> str:
    """A grouping as part of the name of a figure."""
    return by.replace(",", "-and-")


def mapped(by: Sequence[str]) -> list[str]:
    """Attributes to draw a map of; minority if nothing else was asked for."""
    found = [a for name in by for a in attributes(name) if a not in NO_MAP]
    return list(dict.fromkeys(found)) or ["minority"]


def answer(found: Row, gaps: Mapping[str, Sequence[Gap]]) -> list[Finding]:
    """The headline for the first grouping, its reason, the other groupings, and the whole city.

    Where nothing may be claimed, that is the headline.
    """
    if found["refused"]:
        return [Finding(found["refused"]), Finding(_half(found))]
    told = []
    for rows in gaps.values():
        main = main_gap(rows)
        if main:
            why = [because(main)] if known(main.low) else []
            told.append(Finding(sentence(main), [*why, *([_of_many(rows)] if len(rows) > 1 else [])]))
    return [*told, Finding(_half(found))]


def main_gap(rows: Sequence[Gap]) -> Gap | None:
    """The gap that stands for its grouping."""
    if not rows:
        return None
    first = names.first_group(rows[0].by, [gap.group for gap in rows])
    return next(gap for gap in rows if gap.group == first)


def sentence(gap: Gap) -> str:
    """Who waits longer, by how much, and how sure that is; no more than the interval allows."""
    us, them = who(gap.by, gap.group), who(gap.by, gap.reference)
    note, count = gap.row["note"], gap.row["looked_at"]
    if gap.value is None:
        return f"{capital(us)} cannot be compared with {them}: {note or 'nobody is in one of the two groups'}."
    left_out = f" ({note})" if note else ""
    assert gap.low is not None
    assert gap.high is not None
    if told_apart(gap.p_holm):
        amount, interval = change_of_time(gap.value, gap.low, gap.high)
        longer = "longer" if gap.value > 0.0 else "less long"
        return f"{capital(us)} wait {longer} for power than {them}: {amount} on average ({interval}){left_out}."
    if gap.low == gap.high == 0.0:
        return f"{capital(us)} and {them} wait equally long in every replay."
    assert gap.low_together is not None
    assert gap.high_together is not None
    fits = around_zero(gap.low_together, gap.high_together, "less", "more")
    interval = interval_of(count, "gaps")
    return (
        f"We cannot tell whether {us} wait longer for power than {them}: on average {fits} would fit the results "
        f"({interval}){left_out}."
    )


def seen(gap: Gap) -> str:
    """What the gap would look like to somebody who has only the reports."""
    if gap.seen is None or not known(gap.seen["gap"]):
        return ""
    low, high = gap.seen["gap_low"], gap.seen["gap_high"]
    digits = digits_of([(gap.seen["gap"], low, high)])
    bounds = f", 95 % interval {between(low, high, digits)} hours" if known(low) else ""
    return (
        f"Seen only through the reports that reached the utility, the gap of {who(gap.by, gap.group)} would read "
        f"{signed(gap.seen['gap'], digits)} hours{bounds}. Those who never report stay out of such a count."
    )


def because(gap: Gap) -> str:
    """Which part of the wait makes the gap; nothing is named that the interval does not bear out."""
    sure = {n: row for n, row in gap.parts.items() if told_apart(row["p_holm"])}
    if not told_apart(gap.p_holm) and not sure:
        return (
            "No part of the wait, from the outage to the repair, differs between the two groups beyond chance either."
        )
    if not sure:
        return "No single part of the wait can be made out as the reason: each may be zero."
    name, row = max(sure.items(), key=lambda item: abs(item[1]["gap"]))
    amount, interval = change_of_time(row["gap"], row["gap_low"], row["gap_high"])
    way = "longer" if row["gap"] > 0.0 else "shorter"
    told = f"{names.PARTS[name][2]} is {amount} {way} for {who(gap.by, gap.group)} ({interval})"
    assert gap.value is not None
    mostly = told_apart(gap.p_holm) and row["gap"] * gap.value > 0.0 and abs(row["gap"]) >= abs(gap.value) / 2.0
    return f"Mostly because {told}." if mostly else f"The part that differs most: {told}."


def _of_many(rows: Sequence[Gap]) -> str:
    sure = sum(told_apart(gap.p_holm) for gap in rows)
    them = who(rows[0].by, rows[0].reference)
    return f"Of {len(rows)} groups by {names.grouping(rows[0].by)}, {sure or 'none'} can be told apart from {them}."


def _half(found: Row) -> str:
    if found["nobody_lost_power"]:
        return "Nobody lost power: there is nothing to compare."
    half, most = (found["whole_city"][name]["mean"] for name in ("T50", "T90"))
    if half is None:
        return "Half of those who lost power do not have it back by the end of the run."
    text = f"Of all who lost power, half have it back within {half:.0f} hours"
    return f"{text} and nine in ten within {most:.0f} hours." if most is not None else f"{text}."
