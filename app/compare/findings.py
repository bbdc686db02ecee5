"""What a comparison has found: changes, gaps, prices, what pairing saved, the smallest change it could have seen."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.contrasts import planning
from analysis.contrasts.pairs import complete, variance_ratio
from analysis.measures.grouping import FIFTHS, attributes
from app.compare.request import Request
from app.report.parts import gap_parts
from experiments.claims import refusal
from experiments.studies.compare_costs import prices
from experiments.studies.compare_table import (
    claimed,
    gap_groups,
    looked_at_together,
    tidy,
)
from experiments.studies.pairs import (
    Growth,
    Values,
    ground_of,
    pairs_needed,
    smallest_changes,
)

FEWEST_FOR_PILOT = 4  # pairs before anything is said of the spread
MOST_GROUPS = 8  # of one grouping, in a table
MEAN = "all:all:mean_h"


class Findings(NamedTuple):
    """What a comparison has found."""

    pairs: int
    table: pd.DataFrame  # `experiments.studies.compare_table.looked_at_together`
    gaps: list[str]  # full names, the first grouping's first
    groups: dict[str, list[str]]  # groups shown, by grouping
    prices: pd.DataFrame | None  # `analysis.contrasts.costs.price_list`; None where runs have no costs
    pairing: pd.DataFrame  # arm, of, times, low, high, note
    smallest_h: np.ndarray  # float [arm], change of the first gap seen with power 80 %; NaN for one pair
    growth: Growth | None
    parts: pd.DataFrame  # `app.report.parts.gap_parts`
    refused: dict[str, str]  # by arm, why nothing may be claimed of it (`experiments.claims.refusal`); "": it may

    @property
    def told(self) -> list[str]:
        """The arms of which something may be claimed."""
        return [arm for arm, why in self.refused.items() if not why]


def findings(asked: Request, values: Values, pairs: int, growth: Growth | None) -> Findings:
    """Condense all pairs."""
    names = [arm.name for arm in asked.design.arms]
    gaps = gap_names(values, asked.design.by)
    grounds = {name: ground_of(asked.design, values, i) for i, name in enumerate(names)}
    refused = {name: refusal(ground) for name, ground in grounds.items()}
    told = np.array([not why for why in refused.values()])
    smallest = smallest_changes(values.changes(gaps[0])) if gaps else np.full(len(names), np.nan)
    smallest = np.where(told, smallest, np.nan)
    groups = {by: shown_groups(values.names, by, asked.all_groups) for by in asked.design.by}
    gap = gaps[0] if gaps else None
    table = claimed(tidy(values, names), {name: ground.dark for name, ground in grounds.items()})
    table = looked_at_together(table)
    values = values._replace(arms=values.arms[told])
    names = [name for name, why in refused.items() if not why]
    costs = prices(values, asked.design.baseline.name, names, gap) if names else None
    pairing = pairing_of(values, names, gap)
    parts = gap_parts(values, names, gaps)
    return Findings(pairs, table, gaps, groups, costs, pairing, smallest, growth, parts, refused)


def shown_groups(names: Sequence[str], by: str, every: bool) -> list[str]:
    """Groups of a grouping in the order of tables, the reference last; of fifths the lowest and the highest only."""
    others, reference = gap_groups(names, by)
    few = others if every or not set(attributes(by)) & set(FIFTHS) else others[:1]
    there = any(name.startswith(f"{by}:{reference}:") for name in names)  # another one in every world, perhaps
    return [*few[: MOST_GROUPS - 1], *([reference] if there else [])]


def pairing_of(values: Values, arms: Sequence[str], gap: str | None) -> pd.DataFrame:
    """How many times as many runs independent seeds would have taken, for the gap and for the city's mean."""
    wanted = {"change of the gap": gap, "change of the mean": MEAN}
    lines = []
    for i, arm in enumerate(arms):
        for what, name in wanted.items():
            if name is not None and name in values.names:
                j = values.names.index(name)
                found = variance_ratio(values.arms[i, :, j], values.baseline[:, j])
                lines.append((arm, what, found.value, found.low, found.high, found.note))
    return pd.DataFrame(lines, columns=["arm", "of", "times", "low", "high", "note"])


def gap_names(values: Values, by: Sequence[str]) -> list[str]:
    """The gap of the first-listed group of each grouping, by full names."""
    found = [(grouping, gap_groups(values.names, grouping)[0]) for grouping in by]
    return [f"{grouping}:{groups[0]}:gap_h" for grouping, groups in found if groups]


def pilot_line(values: Values, asked: Request, pairs: int) -> str:
    """How wide the interval of the main difference will be, by the pairs so far; nothing for fewer than four."""
    names = gap_names(values, asked.design.by[:1])
    changes = values.changes(names[0]) if names else np.full((0, 1), np.nan)
    columns = [complete(column)[0][0] for column in changes.T]
    there = min(column.size for column in columns)
    if there < FEWEST_FOR_PILOT or there >= pairs:
        return ""
    half = max(planning.half_width(float(np.std(column, ddof=1)), pairs) for column in columns)
    widest = "" if len(columns) == 1 else " in the arm that varies most"
    line = (
        f"By the first {there} pairs, the 95 % interval of the change of the gap by {asked.design.by[0]} will be about "
        f"+/- {half:.2g} h with {pairs} pairs{widest}"
    )
    if asked.until_h is None:
        return line
    return f"{line}; for +/- {asked.until_h:g} h about {pairs_needed(changes, asked.until_h):,} pairs are needed"
