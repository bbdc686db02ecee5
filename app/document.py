"""The results of a study as plain data: what ``--json`` prints and ``summary.json`` holds."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from app.words import sentences
from experiments.studies.observed import Fit
from experiments.studies.run_measures import Comparison, Measured
from sim import Scenario, Seeds
from sim.core.canonical import plain


def of_run(measured: Measured, scenario: Scenario) -> dict[str, Any]:
    """Summary of one replicate."""
    groupings = [
        {
            "by": by,
            "reference": grouped.reference,
            **{_key(p): table.to_dict(orient="index") for p, table in grouped.tables.items()},
        }
        for by, grouped in measured.groupings.items()
    ]
    return {
        **_head(scenario),
        "seeds": measured.seeds._asdict(),
        "affected": measured.affected,
        "restored": measured.restored,
        "quantiles_h": measured.quantiles_h,
        "customer_hours": measured.customer_hours,
        "costs_usd": measured.costs_usd,
        "outreach": {by: table.to_dict(orient="index") for by, table in measured.outreach.items()},
        "groupings": groupings,
    }


def of_study(
    scenario: Scenario,
    changes: Mapping[str, Any],
    seeds: Sequence[Seeds],
    city: Mapping[str, Any],
    comparisons: Sequence[Comparison],
    fits: Sequence[Fit],
    notes: Sequence[str],
    outreach: Sequence[str],
    refused: str,
) -> dict[str, Any]:
    """Summary of all replicates."""
    return {
        **_head(scenario),
        "changes": dict(changes),
        "replicates": len(seeds),
        "seeds": [row._asdict() for row in seeds],
        "whole_city": {name: interval._asdict() for name, interval in city.items()},
        "refused": refused,
        "groupings": [_grouping(comparison, refused) for comparison in comparisons],
        "observed": [{"measure": f.measure, "observed": f.observed, "simulated": f.simulated._asdict()} for f in fits],
        "notes": list(notes),
        "outreach": list(outreach),
    }


def _head(scenario: Scenario) -> dict[str, Any]:
    return {"scenario": scenario.name, "digest": scenario.digest, "horizon_h": scenario["run.horizon_h"]}


def _grouping(comparison: Comparison, refused: str) -> dict[str, Any]:
    tables = {
        _key(p): {"levels": _rows(comparison.levels[p]), "gaps": _rows(comparison.gaps[p])} for p in comparison.levels
    }
    words = sentences(comparison, refused)
    return {"by": comparison.by, "reference": comparison.reference, "in_words": words, **tables}


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


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return table.to_dict(orient="records")


def _key(population: str) -> str:
    return population.replace(" ", "_")


def as_text(document: Any) -> str:
    """Strict JSON: what is endless or has no value is null."""
    return json.dumps(plain(document), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
