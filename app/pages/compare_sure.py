"""How sure a comparison is: pairs taken and missing, the smallest change it would have seen, and what pairing saved."""

from collections.abc import Sequence

from analysis.measures.grouping import FIFTHS, attributes
from app.pages.doubt import covers
from app.pages.page import Block, Row, Table
from app.say.names import gap_pair
from app.say.numbers import known, times
from app.say.together import note

MEAN = "all:all:mean_h"
NOTHING_VARIES, NO_LIMIT = "nothing varies", "no limit: equal in every pair"


def sureness(found: Row) -> list[str]:
    """What stands for and against the numbers, a sentence each; what they cover comes last."""
    gap = "the gap of {}, relative to {}".format(*gap_pair(found["main_gap"])) if found["main_gap"] else ""
    lines = _of_growth(found["until_halfwidth"], gap) if found["until_halfwidth"] else []
    seen = [value for value in found["smallest_change_seen_h"].values() if known(value) and value > 0.0]
    if seen:
        lines.append(_of_detectable(max(seen), found, gap))
    lines += [
        f"{arm}: {count} of {found['pairs']} pairs failed and are left out; runs.csv says why."
        for arm, count in found["failed_pairs"].items()
        if count
    ]
    lines += _not_shown(found)
    line = note(_looked_at(found), "changes of one measure")
    return [*lines, *([line] if line else []), covers(found)]


def _of_growth(growth: Row, gap: str) -> list[str]:
    """How many pairs it took, or that they were not enough."""
    widths, steps = growth["half_widths_h"], growth["steps"]
    half = f"{max(widths):.3g} h" if all(map(known, widths)) else "not known"
    pairs, asked = steps[-1], f"{growth['asked_h']:g} h"
    if growth["reached"]:
        first = (
            f"Half-width of the interval of the change of {gap}: {half}, at most {asked} as asked for, after {pairs} "
            f"pairs (looked at after {', '.join(map(str, steps))})."
        )
    else:
        first = (
            f"Cap reached: after {pairs} pairs (--max-replicates {growth['most']}) the half-width of the interval of "
            f"the change of {gap} is {half}, not {asked}; by the spread so far, that takes about "
            f"{growth['needed']:,} pairs."
        )
    return [
        first,
        f"Pairs were added by the width of the interval alone, never by where it lies, and after {steps[0]} of them at "
        "least; it still covers the truth about 95 times in 100 (Chow & Robbins 1965; with few pairs, nearly).",
    ]


def _of_detectable(smallest_h: float, found: Row, gap: str) -> str:
    """The smallest change of the gap that as many pairs would probably have shown."""
    told = sum(not arm["refused"] for arm in found["arms"])
    every, alone = (" with any option", ", looked at by itself,") if told > 1 else ("", "")
    return (
        f"A true change of {gap} of {smallest_h:.2g} h or more{every} would have been told apart from zero{alone} in "
        f"at least 80 of 100 studies of {found['pairs']} pairs; smaller ones may well have been missed."
    )


def _not_shown(found: Row) -> list[str]:
    """Groups that are left to the file; of fifths that is the custom, and needs no word."""
    lines = []
    for by, shown in found["groups_shown"].items():
        there = found["groups_there"][by]
        if there > len(shown) and (len(shown) > 2 or not set(attributes(by)) & set(FIFTHS)):
            lines.append(f"Of {there} groups by {by} {len(shown)} are shown; compare.csv (--out DIR) holds all.")
    return lines


def _looked_at(found: Row) -> int:
    """How many changes of the gap are looked at together, or of the city's mean where there is no gap."""
    name = found["main_gap"] or MEAN
    rows = [row for row in found["changes"] if f"{row['grouping']}:{row['group']}:{row['measure']}" == name]
    return max((row["looked_at"] for row in rows), default=0)


def pairing_table(found: Row) -> list[Block]:
    """How many times the runs independent seeds would have taken; none where nothing may be claimed."""
    rows = found["pairing"]
    if not rows:
        return []
    heads = list(dict.fromkeys(row["of"] for row in rows))
    arms = dict.fromkeys(row["arm"] for row in rows)
    cells = [(arm, *(_times(_of(rows, arm, head)) for head in heads)) for arm in arms]
    caption = "Pairing: independent storms would have taken so many times as many runs (95 % interval)"
    return [Table(caption, ("option", *heads), cells)]


def _of(rows: Sequence[Row], arm: str, what: str) -> Row | None:
    return next((row for row in rows if (row["arm"], row["of"]) == (arm, what)), None)


def _times(row: Row | None) -> str:
    if row is None:
        return "–"
    if not known(row["times"]):
        return NO_LIMIT if row["endless"] else NOTHING_VARIES
    bounds = f" ({times(row['low'])} to {times(row['high'])})" if known(row["low"]) else ""
    return f"{times(row['times'])}{bounds}"
