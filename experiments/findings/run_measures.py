"""What is taken from one run, and from many: measures by group, over all the affected and over reporters only.

The two stand side by side on purpose. Whoever studies service requests sees only those who asked, and the gap among
them need not be the gap among all who sat in the dark.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.contrasts.intervals import Interval, gap_over_runs, over_runs, paired
from analysis.contrasts.multiplicity import beside
from analysis.measures.grouping import groups
from analysis.measures.reliability import by_group
from analysis.measures.table import BY_NAME, CITY, GROUPING, MEASURES, QUANTILES
from analysis.measures.waits import InGroups, Waits
from experiments.claims import brief, withheld
from sim import Scenario, Seeds

POPULATIONS = ("all affected", "reporters only")
COUNTS = ("group", "measure", "runs", "left_out", "ratio_runs")  # columns of gaps that claim none


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
    city: dict[str, float]  # by row of the whole city, as `analysis.measures.table` names it
    costs_usd: Mapping[str, float]  # by item, as `sim.engine.costs.costs`
    outreach: dict[str, pd.DataFrame]  # by grouping: households, reached, taken_in [group]

    @property
    def quantiles_h(self) -> dict[int, float]:
        """Hours since the own loss of power, by per cent back."""
        return {q: self.city[f"T{q}"] for q in QUANTILES}

    @property
    def customer_hours(self) -> float:
        """Hours out, summed over the affected."""
        return self.city[BY_NAME["customer_hours"].in_run]


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
    out_h = households["out_h"].to_numpy(dtype=float)
    return Measured(
        seeds,
        int(np.sum(out_h < horizon_h)),
        int(np.sum(households["restored_h"].to_numpy(dtype=float) <= horizon_h)),
        {name: _grouped(households, name, horizon_h) for name in by},
        _city(households, by, horizon_h),
        costs_usd,
        {name: _outreach(households, name) for name in by},
    )


def _city(households: pd.DataFrame, by: Sequence[str], horizon_h: float) -> dict[str, float]:
    """Measures of the whole city, and those that a grouping has one of."""
    waits = Waits(households, horizon_h)
    told = [measure for measure in MEASURES if measure.in_run]
    found = {measure.in_run: float(measure.of(waits)) for measure in told if measure.per == CITY}
    for name in by:
        split = InGroups(waits, groups(households, name))
        apart = [measure for measure in told if measure.per == GROUPING and split.n_groups > 1]
        found |= {f"{measure.in_run}: {name}": float(measure.of(split)) for measure in apart}
    return found


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


def as_data(measured: Measured, scenario: Scenario) -> dict[str, Any]:
    """One replicate as plain data, as it stands in its own ``summary.json``."""
    groupings = [
        {
            "by": by,
            "reference": grouped.reference,
            **{key_of(p): table.to_dict(orient="index") for p, table in grouped.tables.items()},
        }
        for by, grouped in measured.groupings.items()
    ]
    return {
        **head(scenario),
        "seeds": measured.seeds._asdict(),
        "affected": measured.affected,
        "restored": measured.restored,
        "quantiles_h": measured.quantiles_h,
        "customer_hours": measured.customer_hours,
        "costs_usd": measured.costs_usd,
        "outreach": {by: table.to_dict(orient="index") for by, table in measured.outreach.items()},
        "groupings": groupings,
    }


def head(scenario: Scenario) -> dict[str, Any]:
    """What every summary of runs begins with."""
    return {"scenario": scenario.name, "digest": scenario.digest, "horizon_h": scenario["run.horizon_h"]}


def key_of(population: str) -> str:
    """A population as a key of a document."""
    return population.replace(" ", "_")


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
        every = pd.concat([c.gaps[population].assign(_place=place) for place, c in enumerate(comparisons)])
        tables[population] = beside(every, ["measure"], ("gap", "gap_low", "gap_high"), "runs")
    return [
        comparison._replace(gaps={p: table[table["_place"] == n].drop(columns="_place") for p, table in tables.items()})
        for n, comparison in enumerate(comparisons)
    ]


def claimed(comparison: Comparison, dark: float) -> Comparison:
    """The same without gaps that may not be claimed: too few runs have one, or too many stayed dark."""
    gaps = {}
    for population, table in comparison.gaps.items():
        notes = [brief(int(n), dark, "replicates") for n in table["runs"]]
        gaps[population] = withheld(table, notes, COUNTS)
    return comparison._replace(gaps=gaps)


def whole(runs: Sequence[Measured]) -> dict[str, Interval]:
    """Measures of the whole city over runs: those declared, the censored share, and costs in US$."""
    rows = {name: [run.city[name] for run in runs] for name in runs[0].city}
    rows["censored share"] = [1.0 - run.restored / run.affected if run.affected else np.nan for run in runs]
    rows |= {f"cost: {item}": [run.costs_usd[item] for run in runs] for item in runs[0].costs_usd}
    with np.errstate(invalid="ignore"):  # a quantile not reached is infinite: mean inf, no interval
        return {name: paired(values) for name, values in rows.items()}
