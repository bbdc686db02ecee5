"""What a comparison found, as one tidy table: a line for each arm, grouping, group and measure.

``change`` is the arm's mean minus the baseline's, over the same pairs, with its 95 % t-interval over pairs.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.contrasts.intervals import Interval, half_widths, paired
from analysis.contrasts.multiplicity import beside
from experiments.claims import brief, withheld
from experiments.findings.pairs import Values, difference
from experiments.outcome_names import ALL, COST, GAP, OutcomeName, group_names, reference_of

COUNTS = ["pairs", "failed"]
PARTS = ["by_chance", "by_doubt"]
KEY = ["arm", "grouping", "group", "measure"]
COLUMNS = [
    *KEY, "baseline_mean", "arm_mean", "change", "low", "high", "pairs", "failed", "note",
    "baseline_low", "baseline_high", "arm_low", "arm_high",
]  # fmt: skip


def tidy(values: Values, arms: Sequence[str], doubt: np.ndarray | None = None) -> pd.DataFrame:
    """All measures of all arms, with the columns ``COLUMNS``; means are over the pairs that have both values.

    Measures of the whole city have the grouping ``all``, costs ``cost``. ``failed`` counts pairs of which a run
    failed; ``pairs`` those that the change rests on. With doubt, float [pair, component], the columns ``PARTS`` hold
    what the half-width of the change is made of.
    """
    failed = values.failed().sum(axis=1)
    lines = []
    for i, arm in enumerate(arms):
        for j, name in enumerate(values.names):
            base, ours = values.baseline[:, j], values.arms[i, :, j]
            both = ~np.isnan(base) & ~np.isnan(ours)
            there = None if doubt is None else doubt[both]
            before, after = paired(base[both], there), paired(ours[both], there)
            moved = difference(ours, base)
            line = _line(before, after, paired(moved, doubt), int(failed[i]))
            parts = () if doubt is None else map(float, half_widths(moved, doubt)[1:])
            lines.append((arm, *OutcomeName.parse(name), *line, *parts))
    return pd.DataFrame(lines, columns=[*COLUMNS, *(PARTS if doubt is not None else ())])


def claimed(table: pd.DataFrame, dark: Mapping[str, float]) -> pd.DataFrame:
    """The same without changes that may not be claimed, and without the gaps on either side of them.

    Parameters
    ----------
    dark : by arm, the share of the affected still without power at the horizon
    """
    notes = [brief(int(n), dark[arm], "pairs") for arm, n in zip(table["arm"], table["pairs"], strict=True)]
    levels = [name for name in table.columns if name.startswith(("baseline_", "arm_"))]
    is_gap = table["measure"] == GAP
    for kept, rows in (([*KEY, *COUNTS], is_gap), ([*KEY, *COUNTS, *levels], ~is_gap)):
        table = withheld(table, [note if chosen else "" for note, chosen in zip(notes, rows, strict=True)], kept)
    return table


def _line(before: Interval, after: Interval, change: Interval, failed: int) -> tuple[object, ...]:
    levels = (before.low, before.high, after.low, after.high)
    return (
        before.mean, after.mean, change.mean, change.low, change.high, change.n, failed, change.note, *levels
    )  # fmt: skip


def looked_at_together(table: pd.DataFrame) -> pd.DataFrame:
    """The table with what holds of several changes together (`analysis.contrasts.multiplicity.beside`).

    One family is a measure in all arms: of the whole city, an item of the costs, or of all groups of all groupings.
    """
    alone = table["grouping"].where(table["grouping"].isin((ALL, COST)), "groups")
    item = table["group"].where(table["grouping"] == COST, "")
    keys = ["_part", "_item", "measure"]
    return beside(table.assign(_part=alone, _item=item), keys).drop(columns=keys[:2])


def line_of(table: pd.DataFrame, arm: str, name: str) -> pd.Series | None:
    """The line of one arm and measure by its full name ``part:group:measure``; None if there is none."""
    part, group, measure = OutcomeName.parse(name)
    found = table[
        (table["arm"] == arm) & (table["grouping"] == part) & (table["group"] == group) & (table["measure"] == measure)
    ]
    return found.iloc[0] if len(found) else None


def gap_groups(names: Sequence[str], by: str) -> tuple[list[str], str]:
    """Groups of a grouping that have a gap, the first-listed first, and the group that they are compared with."""
    of_grouping = [name for name in map(OutcomeName.parse, names) if name.part == by]
    there = {name.group for name in of_grouping}
    with_gap = {name.group for name in of_grouping if name.is_gap}
    order = [name for name in group_names(by) if name in there] or sorted(there)
    reference = next((name for name in order if name not in with_gap), reference_of(by))
    return [name for name in order if name in with_gap], reference
