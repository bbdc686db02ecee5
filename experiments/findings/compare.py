"""What a comparison has found: changes, gaps, prices, what pairing saved, the smallest change it could have seen."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.contrasts import planning
from analysis.contrasts.growth import Growth, pairs_needed, smallest_changes
from analysis.contrasts.pairs import complete, variance_ratio
from analysis.measures.grouping import FIFTHS, attributes
from experiments.claims import refusal
from experiments.designs.arms import Arm
from experiments.designs.moved import moved_in
from experiments.findings.compare_costs import prices
from experiments.findings.compare_table import claimed, gap_groups, looked_at_together, tidy
from experiments.findings.gap_parts import gap_parts
from experiments.findings.pairs import Design, Values, doubt_in, ground_of
from sim import ScenarioError

FEWEST_FOR_PILOT = 4  # pairs before anything is said of the spread
MOST_GROUPS = 8  # of one grouping, in a table
MEAN = "all:all:mean_h"


class Findings(NamedTuple):
    """What a comparison has found."""

    pairs: int
    table: pd.DataFrame  # `experiments.findings.compare_table.looked_at_together`
    gaps: list[str]  # full names, the first grouping's first
    groups: dict[str, list[str]]  # groups shown, by grouping
    prices: pd.DataFrame | None  # `analysis.contrasts.costs.price_list`; None where runs have no costs
    pairing: pd.DataFrame  # arm, of, times, low, high, note
    smallest_h: np.ndarray  # float [arm], change of the first gap seen with power 80 %; NaN for one pair, with doubt
    growth: Growth | None
    parts: pd.DataFrame  # `experiments.findings.gap_parts.gap_parts`
    refused: dict[str, str]  # by arm, why nothing may be claimed of it (`experiments.claims.refusal`); "": it may

    @property
    def told(self) -> list[str]:
        """The arms of which something may be claimed."""
        return [arm for arm, why in self.refused.items() if not why]


def findings(design: Design, values: Values, all_groups: bool, growth: Growth | None) -> Findings:
    """Condense all pairs.

    Parameters
    ----------
    all_groups : whether to show every group of a grouping, not only the first and the reference
    """
    names = [arm.name for arm in design.arms]
    gaps = gap_names(values, design.by)
    grounds = {name: ground_of(design, values, i) for i, name in enumerate(names)}
    refused = {name: refusal(ground) for name, ground in grounds.items()}
    told = np.array([not why for why in refused.values()])
    smallest = smallest_changes(values.changes(gaps[0])) if gaps else np.full(len(names), np.nan)
    smallest = np.where(told & (design.doubt is None), smallest, np.nan)
    groups = {by: shown_groups(values.names, by, all_groups) for by in design.by}
    gap = gaps[0] if gaps else None
    doubt = doubt_in(design, len(values.baseline))
    table = claimed(tidy(values, names, doubt), {name: ground.dark for name, ground in grounds.items()})
    table = looked_at_together(table)
    values = values._replace(arms=values.arms[told])
    names = [name for name, why in refused.items() if not why]
    costs = prices(values, design.baseline.name, names, gap, doubt) if names else None
    pairing = pairing_of(values, names, gap)
    parts = gap_parts(values, names, gaps, doubt)
    return Findings(len(values.baseline), table, gaps, groups, costs, pairing, smallest, growth, parts, refused)


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


def pilot_line(values: Values, by: str, until_h: float | None) -> str:
    """How wide the interval of the main difference will be, by the pairs so far; nothing for fewer than four."""
    pairs, names = len(values.baseline), gap_names(values, [by])
    changes = values.changes(names[0]) if names else np.full((0, 1), np.nan)
    columns = [complete(column)[0][0] for column in changes.T]
    there = min(column.size for column in columns)
    if there < FEWEST_FOR_PILOT or there >= pairs:
        return ""
    half = max(planning.half_width(float(np.std(column, ddof=1)), pairs) for column in columns)
    widest = "" if len(columns) == 1 else " in the arm that varies most"
    line = (
        f"By the first {there} pairs, the 95 % interval of the change of the gap by {by} will be about "
        f"+/- {half:.2g} h with {pairs} pairs{widest}"
    )
    if until_h is None:
        return line
    return f"{line}; for +/- {until_h:g} h about {pairs_needed(changes, until_h):,} pairs are needed"


def gap_changes(values: Values, by: str) -> np.ndarray:
    """Change of a grouping's gap; float [pair, arm].

    Raises
    ------
    ScenarioError    it has no value in any pair
    """
    names = gap_names(values, [by])
    changes = values.changes(names[0]) if names else np.full((1, 1), np.nan)
    if np.isnan(changes).all(axis=0).any():
        raise ScenarioError(
            f"--until-halfwidth: the gap by {by} has no value in any pair; is there anybody in both groups?"
        )
    return changes


def as_data(design: Design, found: Findings, sources: Sequence[Mapping[str, str]], notes: Sequence[str]) -> dict:
    """The findings as plain data.

    Parameters
    ----------
    sources : by arm, sources that the changes named in it give
    notes : what a reader must know of the arms
    """
    there = found.table.groupby("grouping")["group"].nunique()
    counts = found.table.groupby("arm", sort=False)["failed"].first()
    return {
        "baseline": _arm(design.baseline),
        "arms": [
            {**_arm(arm), "refused": found.refused[arm.name], "moved": moved_in(design.baseline, arm, given)}
            for arm, given in zip(design.arms, sources, strict=True)
        ],
        "by": list(design.by),
        "first_seed": design.first_seed,
        "pairs": found.pairs,
        "failed_pairs": {str(arm): int(count) for arm, count in counts.items()},
        "claims_nothing": not found.told,
        "main_gap": found.gaps[0] if found.gaps else None,
        "gaps": found.gaps,
        "changes": found.table.to_dict(orient="records"),
        "gap_parts": found.parts.to_dict(orient="records"),
        "groups_shown": found.groups,
        "groups_there": {by: int(there.get(by, 0)) for by in design.by},
        "prices": None if found.prices is None else found.prices.to_dict(orient="records"),
        "pairing": [{**row, "endless": row["times"] == np.inf} for row in found.pairing.to_dict(orient="records")],
        "smallest_change_seen_h": dict(zip([arm.name for arm in design.arms], found.smallest_h, strict=True)),
        "until_halfwidth": found.growth and {**found.growth._asdict(), "reached": found.growth.reached},
        "notes": list(notes),
    }


def _arm(arm: Arm) -> dict[str, Any]:
    return {
        "name": arm.name,
        "scenario": arm.scenario.name,
        "changes": arm.patch,
        "digest": arm.whole.digest,
        "summary": arm.summary,
    }
