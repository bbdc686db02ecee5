"""The words of the page of a run: each gap in a sentence within its interval, and what it is made of."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from analysis.contrasts.multiplicity import told_apart
from app.report import names
from app.report.names import capital, who
from app.report.numbers import (
    around_zero,
    change_of_time,
    known,
)  # fmt: skip
from app.report.page import Finding

EVERYONE, REPORTERS = "all_affected", "reporters_only"


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
    parts: dict[str, Mapping[str, Any]]  # by measure, the rows of the split
    seen: Mapping[str, Any] | None  # the same gap among those who reported
    note: str = ""  # why there is no value


def gaps_of(grouping: Mapping[str, Any]) -> list[Gap]:
    """The gaps of one grouping, in the order of its groups."""
    rows = {p: by_group(grouping[p]["gaps"]) for p in (EVERYONE, REPORTERS)}
    found = []
    for group, measures in rows[EVERYONE].items():
        mean = measures["mean_h"]
        parts = {name: measures[name] for name in names.PARTS}
        seen = rows[REPORTERS].get(group, {}).get("mean_h")
        bounds = mean["gap"], mean["gap_low"], mean["gap_high"]
        joint = mean["p_holm"], mean["low_together"], mean["high_together"]
        found.append(Gap(grouping["by"], group, grouping["reference"], *bounds, *joint, parts, seen, mean["note"]))
    return found


def by_group(rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Mapping[str, Any]]]:
    found: dict[str, dict[str, Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["group"], {})[row["measure"]] = row
    return found


def answer(found: Mapping[str, Any], gaps: Mapping[str, Sequence[Gap]]) -> list[Finding]:
    """The headline for the first grouping, its reason, the other groupings, and the whole city.

    Where nothing may be claimed, that is the headline.
    """
    if found["refused"]:
        return [Finding(found["refused"]), Finding(_half(found["whole_city"]))]
    told = []
    for rows in gaps.values():
        main = main_gap(rows)
        if main:
            why = [because(main)] if known(main.low) else []
            told.append(Finding(sentence(main), [*why, *([_of_many(rows)] if len(rows) > 1 else [])]))
    return [*told, Finding(_half(found["whole_city"]))]


def main_gap(rows: Sequence[Gap]) -> Gap | None:
    """The gap that stands for its grouping."""
    if not rows:
        return None
    first = names.first_group(rows[0].by, [gap.group for gap in rows])
    return next(gap for gap in rows if gap.group == first)


def sentence(gap: Gap) -> str:
    """Who waits longer, by how much, and how sure that is; no more than the interval allows."""
    us, them = who(gap.by, gap.group), who(gap.by, gap.reference)
    if gap.value is None:
        why = gap.note or "nobody is in one of the two groups"
        return f"{capital(us)} cannot be compared with {them}: {why}."
    assert gap.low is not None
    assert gap.high is not None
    if told_apart(gap.p_holm):
        amount, interval = change_of_time(gap.value, gap.low, gap.high)
        longer = "longer" if gap.value > 0.0 else "less long"
        return f"{capital(us)} wait {longer} for power than {them}: {amount} on average ({interval})."
    if gap.low == gap.high == 0.0:
        return f"{capital(us)} and {them} wait equally long in every replay."
    assert gap.low_together is not None
    assert gap.high_together is not None
    return (
        f"We cannot tell whether {us} wait longer for power than {them}: on average "
        f"{around_zero(gap.low_together, gap.high_together, 'less', 'more')} would fit the results (95 % interval)."
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


def _half(city: Mapping[str, Mapping[str, Any]]) -> str:
    half, most = city["T50"]["mean"], city["T90"]["mean"]
    if half is None:
        return "Half of those who lost power do not have it back by the end of the run, or nobody lost it."
    text = f"Of all who lost power, half have it back within {half:.0f} hours"
    return f"{text} and nine in ten within {most:.0f} hours." if most is not None else f"{text}."
