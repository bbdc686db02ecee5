"""What is taken from one run, and from many: measures by group, over all the affected and over reporters only.

The two stand side by side on purpose. Whoever studies service requests sees only those who asked, and the gap among
them need not be the gap among all who sat in the dark.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.contrasts.intervals import Interval, gap_over_runs, over_runs, paired
from analysis.contrasts.multiplicity import beside
from analysis.measures.grouping import Groups, attributes, columns_of, groups
from analysis.measures.table import BY_NAME, CITY, GROUPING, MEASURES, OF_GROUPS, QUANTILES
from analysis.measures.waits import InGroups, Waits
from experiments.claims import brief, withheld
from sim import Scenario, Seeds
from sim.engine.outcome_columns import Words

if TYPE_CHECKING:
    from analysis.measures.survival import Table

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


class Some(Mapping[str, np.ndarray]):
    """The same columns of some households alone, taken when they are asked for."""

    def __init__(self, table: "Table", who: np.ndarray) -> None:
        self.table, self.who = table, who

    def __getitem__(self, name: str) -> np.ndarray:
        return np.asarray(self.table[name])[self.who]

    def __iter__(self) -> Iterator[str]:
        return iter(self.table)

    def __len__(self) -> int:
        return len(list(self.table))


def looked_at(columns: Mapping[str, Any], by: Sequence[str]) -> dict[str, np.ndarray]:
    """What `measure` looks at of the columns of households: all numbers, and of words, which are slow to spell, those
    that a grouping goes by.
    """
    grouped = {name for one in by for attribute in attributes(one) for name in columns_of(attribute)}
    there = {name: values for name, values in columns.items() if name in grouped or not isinstance(values, Words)}
    return {name: values.spelled() if isinstance(values, Words) else values for name, values in there.items()}


def measure(
    households: "Table", by: Sequence[str], horizon_h: float, seeds: Seeds, costs_usd: Mapping[str, float]
) -> Measured:
    """Condense the household table of one run to its measures, for each grouping asked for."""
    out_h, restored_h = (np.asarray(households[name], dtype=float) for name in ("out_h", "restored_h"))
    groupings = {name: groups(households, name) for name in by}
    city, everybody = _of_all(households, groupings, horizon_h)
    reporters = _of_reporters(households, groupings, horizon_h)
    return Measured(
        seeds,
        int(np.sum(out_h < horizon_h)),
        int(np.sum(restored_h <= horizon_h)),
        {name: _grouped(found.reference, (everybody[name], reporters[name])) for name, found in groupings.items()},
        city,
        costs_usd,
        {name: _outreach(households, found) for name, found in groupings.items()},
    )


def _of_all(
    households: "Table", groupings: Mapping[str, Groups], horizon_h: float
) -> tuple[dict[str, float], dict[str, pd.DataFrame]]:
    """Measures of the whole city, and the table of each grouping."""
    waits = Waits(households, horizon_h)
    split = {name: InGroups(waits, found) for name, found in groupings.items()}
    return _city(waits, split), _tables(split)


def _of_reporters(households: "Table", groupings: Mapping[str, Groups], horizon_h: float) -> dict[str, pd.DataFrame]:
    """The table of each grouping, of those alone whose report was logged."""
    logged = np.asarray(households["report_logged"], dtype=bool)
    waits = Waits(Some(households, logged), horizon_h)
    return _tables({name: InGroups(waits, one._replace(code=one.code[logged])) for name, one in groupings.items()})


def _city(waits: Waits, split: Mapping[str, InGroups]) -> dict[str, float]:
    """Measures of the whole city, and those that a grouping has one of."""
    told = [measure for measure in MEASURES if measure.in_run]
    found = {measure.in_run: float(measure.of(waits)) for measure in told if measure.per == CITY}
    for name, grouped in split.items():
        apart = [measure for measure in told if measure.per == GROUPING and grouped.n_groups > 1]
        found |= {f"{measure.in_run}: {name}": float(measure.of(grouped)) for measure in apart}
    return found


def _tables(split: Mapping[str, InGroups]) -> dict[str, pd.DataFrame]:
    """The table of each grouping, as of `analysis.measures.reliability.by_group`."""
    tables = {}
    for name, found in split.items():
        columns = {measure.name: measure.of(found) for measure in OF_GROUPS}
        tables[name] = pd.DataFrame(columns, index=pd.Index(found.grouping.names, name="group"))
    return tables


def _outreach(households: "Table", grouping: Groups) -> pd.DataFrame:
    """How many of each group outreach reached, and how many took it in."""
    flags = {"households": np.ones(len(grouping.code), dtype=bool)}
    flags |= {name: np.asarray(households[name], dtype=bool) for name in ("reached", "taken_in")}
    counts = {name: np.bincount(grouping.code[flag], minlength=len(grouping.names)) for name, flag in flags.items()}
    return pd.DataFrame(counts, index=pd.Index(grouping.names, name="group"))


def _grouped(reference: str, of_populations: Sequence[pd.DataFrame]) -> Grouped:
    tables = {}
    for population, found in zip(POPULATIONS, of_populations, strict=True):
        table = found
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


def compare(runs: Sequence[Measured], by: str, doubt: np.ndarray | None = None) -> Comparison:
    """One grouping over runs: levels, gaps and ratios with 95 % intervals; doubt as of `intervals.paired`."""
    reference = runs[0].groupings[by].reference
    tables = {p: [run.groupings[by].tables[p] for run in runs] for p in POPULATIONS}
    return Comparison(
        by,
        reference,
        {p: over_runs(tables[p], doubt) for p in POPULATIONS},
        {p: gap_over_runs(tables[p], reference, doubt) for p in POPULATIONS},
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


def whole(runs: Sequence[Measured], doubt: np.ndarray | None = None) -> dict[str, Interval]:
    """Measures of the whole city over runs: those declared, the censored share, and costs in US$."""
    rows = {name: [run.city[name] for run in runs] for name in runs[0].city}
    rows["censored share"] = [1.0 - run.restored / run.affected if run.affected else np.nan for run in runs]
    rows |= {f"cost: {item}": [run.costs_usd[item] for run in runs] for item in runs[0].costs_usd}
    with np.errstate(invalid="ignore"):  # a quantile not reached is infinite: mean inf, no interval
        return {name: paired(values, doubt) for name, values in rows.items()}
