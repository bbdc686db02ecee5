"""What a run has found over its replicates: levels and gaps by group, the whole city, and how it fits what was seen."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.contrasts.intervals import Interval
from experiments.claims import Ground, crews_of, is_dark, refusal
from experiments.designs.doubt import Doubt
from experiments.findings.observed import Fit, Observed, fits
from experiments.findings.run_flat import whole_again
from experiments.findings.run_measures import (
    Comparison,
    Measured,
    claimed,
    compare,
    head,
    key_of,
    looked_at_together,
    whole,
)  # fmt: skip
from experiments.runs.ledger import Ledger
from experiments.runs.plan import Plan
from sim import Scenario, Seeds


class Findings(NamedTuple):
    """What a study has found, over its replicates."""

    city: dict[str, Interval]
    comparisons: list[Comparison]
    fits: list[Fit]
    outreach: dict[str, list[dict[str, Any]]]  # by grouping, of each group the shares reached and that took it in
    refused: str  # why nothing may be claimed; "": it may
    nobody_lost_power: bool
    failed: int  # replicates


def findings(scenario: Scenario, plan: Plan, seen: Observed, ledger: Ledger, doubt: Doubt | None = None) -> Findings:
    """Condense the replicates that have finished."""
    runs, by = replicates_of(plan, ledger), plan.by
    draws = doubt and doubt.components([run.seeds for run in runs])
    city = whole(runs, draws)
    dark = city["censored share"].mean
    customers = float(np.mean([run.outreach[by[0]]["households"].sum() for run in runs]))
    refused = refusal(Ground(len(runs), dark, scenario, customers))
    comparisons = looked_at_together([claimed(compare(runs, name, draws), dark) for name in by])
    nobody = not any(run.affected for run in runs)
    reach = {name: _reach([run.outreach[name] for run in runs]) for name in by}
    return Findings(city, comparisons, fits(seen, city), reach, refused, nobody, len(plan.rows) - len(runs))


def replicates_of(plan: Plan, ledger: Ledger) -> list[Measured]:
    """The replicates of a plan that have finished, in its order."""
    found = zip(plan.rows, ledger.measures(plan.rows, plan.by), strict=True)
    return [whole_again(numbers, plan.by, row.seeds) for row, numbers in found if numbers is not None]


def _reach(tables: Sequence[pd.DataFrame]) -> list[dict[str, Any]]:
    """Whom outreach reached and who took it in, as shares of each group; nobody without outreach."""
    mean = pd.concat(tables).groupby(level="group", sort=False).mean()
    if not mean["reached"].sum():
        return []
    return [
        {"group": str(name), "reached": row.reached / row.households, "taken_in": row.taken_in / row.households}
        for name, row in mean.iterrows()
        if row.households
    ]


def as_data(scenario: Scenario, changes: Mapping[str, Any], seeds: Sequence[Seeds], found: Findings) -> dict[str, Any]:
    """The findings as plain data."""
    dark = found.city["censored share"].mean
    return {
        **head(scenario),
        "changes": dict(changes),
        "replicates": len(seeds),
        "seeds": [row._asdict() for row in seeds],
        "failed_replicates": found.failed,
        "whole_city": {name: interval._asdict() for name, interval in found.city.items()},
        "refused": found.refused,
        "groupings": [_grouping(comparison) for comparison in found.comparisons],
        "observed": [{**fit._asdict(), "simulated": fit.simulated._asdict()} for fit in found.fits],
        "crews": crews_of(scenario),
        "nobody_lost_power": found.nobody_lost_power,
        "some_are_censored": bool(dark > 0.0 and not is_dark(dark)),
        "outreach": found.outreach,
    }


def _grouping(comparison: Comparison) -> dict[str, Any]:
    tables = {
        key_of(population): {
            "levels": comparison.levels[population].to_dict(orient="records"),
            "gaps": comparison.gaps[population].to_dict(orient="records"),
        }
        for population in comparison.levels
    }
    return {"by": comparison.by, "reference": comparison.reference, **tables}


def gaps_table(comparisons: Sequence[Comparison]) -> pd.DataFrame:
    """All gaps and ratios as one tidy table: what ``gaps.csv`` holds."""
    parts = [
        table.assign(by=c.by, population=population, reference=c.reference)
        for c in comparisons
        for population, table in c.gaps.items()
    ]
    table = pd.concat(parts, ignore_index=True)
    first = ["by", "population", "group", "reference"]
    return table[[*first, *(name for name in table.columns if name not in first)]]
