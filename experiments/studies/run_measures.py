"""What is taken from one run, and from many: measures by group, over all the affected and over reporters only.

The two stand side by side on purpose. Whoever studies service requests sees only those who asked, and the gap among
them need not be the gap among all who sat in the dark.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.contrasts.intervals import (
    Interval,
    gap_over_runs,
    over_runs,
    paired,
)
from analysis.contrasts.multiplicity import beside
from analysis.measures.curves import customer_hours, quantiles_since_loss
from analysis.measures.grouping import groups
from analysis.measures.reliability import by_group
from experiments.claims import brief, withheld
from sim import Seeds

POPULATIONS = ("all affected", "reporters only")
COUNTS = ("group", "measure", "runs", "left_out", "ratio_runs")  # columns of gaps that claim none
QUANTILES = (50, 75, 90, 95)  # per cent of the affected who have power again


class Grouped(NamedTuple):
    """One grouping in one run."""

    reference: str
    tables: dict[str, pd.DataFrame]  # by population: `reliability.by_group`


class Measured(NamedTuple):
    """What is remembered of one run."""

    seeds: Seeds
    affected: int  # households
    restored: int  # of these, before the horizon
    groupings: dict[str, Grouped]
    quantiles_h: dict[int, float]  # since the own loss of power, by per cent back
    customer_hours: float
    costs_usd: Mapping[str, float]  # by item, as `sim.engine.costs.costs`
    outreach: dict[str, pd.DataFrame]  # by grouping: households, reached, taken_in [group]


class Comparison(NamedTuple):
    """One grouping over runs; the tables are those of `analysis.contrasts.intervals`, by population."""

    by: str
    reference: str
    levels: dict[str, pd.DataFrame]
    gaps: dict[str, pd.DataFrame]


def measure(
    households: pd.DataFrame, by: Sequence[str], horizon_h: float, seeds: Seeds, costs_usd: Mapping[str, float]
) -> Measured:
    """Condense the household table of one run to its measures, for each grouping asked for."""
    quantiles = quantiles_since_loss(households, [q / 100 for q in QUANTILES], horizon_h=horizon_h)
    out_h = households["out_h"].to_numpy(dtype=float)
    return Measured(
        seeds,
        int(np.sum(out_h < horizon_h)),
        int(np.sum(households["restored_h"].to_numpy(dtype=float) <= horizon_h)),
        {name: _grouped(households, name, horizon_h) for name in by},
        dict(zip(QUANTILES, quantiles.tolist(), strict=True)),
        customer_hours(households, horizon_h),
        costs_usd,
        {name: _outreach(households, name) for name in by},
    )


def _outreach(households: pd.DataFrame, by: str) -> pd.DataFrame:
    """How many of each group outreach reached, and how many took it in."""
    grouping = groups(households, by)
    flags = {"households": np.ones(len(households), dtype=bool)}
    flags |= {name: households[name].to_numpy(dtype=bool) for name in ("reached", "taken_in")}
    counts = {name: np.bincount(grouping.code[flag], minlength=len(grouping.names)) for name, flag in flags.items()}
    return pd.DataFrame(counts, index=pd.Index(grouping.names, name="group"))


def _grouped(households: pd.DataFrame, by: str, horizon_h: float) -> Grouped:
    reference = groups(households, by).reference
    tables = {}
    for population in POPULATIONS:
        table = by_group(households, by, horizon_h, reporters_only=population != POPULATIONS[0])
        if reference not in table.index:  # nobody in it: an empty row, so that gaps are missing and not an error
            table = table.reindex([*table.index, reference])
            table.loc[reference, ["households", "affected"]] = 0.0
        tables[population] = table
    return Grouped(reference, tables)


def compare(runs: Sequence[Measured], by: str) -> Comparison:
    """One grouping over runs: levels, gaps and ratios with 95 % t-intervals."""
    reference = runs[0].groupings[by].reference
    tables = {p: [run.groupings[by].tables[p] for run in runs] for p in POPULATIONS}
    return Comparison(
        by,
        reference,
        {p: over_runs(tables[p]) for p in POPULATIONS},
        {p: gap_over_runs(tables[p], reference) for p in POPULATIONS},
    )


def looked_at_together(comparisons: Sequence[Comparison]) -> list[Comparison]:
    """The same, the tables of gaps with what holds together: one measure in all groups of all groupings."""
    tables: dict[str, pd.DataFrame] = {}
    for population in POPULATIONS:
        every = pd.concat({place: c.gaps[population] for place, c in enumerate(comparisons)})
        tables[population] = beside(every, ["measure"], ("gap", "gap_low", "gap_high"), "runs")
    return [
        comparison._replace(gaps={population: tables[population].loc[place] for population in POPULATIONS})
        for place, comparison in enumerate(comparisons)
    ]


def claimed(comparison: Comparison, dark: float) -> Comparison:
    """The same without gaps that may not be claimed: too few runs have one, or too many stayed dark."""
    gaps = {}
    for population, table in comparison.gaps.items():
        notes = [brief(int(n), dark, "replicates") for n in table["runs"]]
        gaps[population] = withheld(table, notes, COUNTS)
    return comparison._replace(gaps=gaps)


def whole(runs: Sequence[Measured]) -> dict[str, Interval]:
    """Measures of the whole city over runs: T50 to T95 in hours, customer-hours, the censored share, costs in US$."""
    rows = {f"T{q}": [run.quantiles_h[q] for run in runs] for q in QUANTILES}
    rows["customer-hours"] = [run.customer_hours for run in runs]
    rows["censored share"] = [1.0 - run.restored / run.affected if run.affected else np.nan for run in runs]
    rows |= {f"cost: {item}": [run.costs_usd[item] for run in runs] for item in runs[0].costs_usd}
    with np.errstate(invalid="ignore"):  # a quantile not reached is infinite: mean inf, no interval
        return {name: paired(values) for name, values in rows.items()}
