"""What a replicate is known by in the ledger: its measures as a flat dictionary of named numbers, and back again.

::

    city:T50                                 of the whole city: half of the affected are back
    minority:minority:mean_h                 of a group, over all the affected
    minority|reporters only:other:mean_h     the same over those alone who reported
    minority:other:is_reference              1 of the group that the others are compared with
    cost:total:usd
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.measures.table import OF_GROUPS
from experiments.findings.run_measures import POPULATIONS, Grouped, Measured, as_data, looked_at, measure
from experiments.outcome_names import OutcomeName
from experiments.results.replicates import keep, recalled
from experiments.runs.evaluate import outcomes_of, patched_of
from experiments.runs.rows import Row
from sim import Scenario, Seeds
from sim.engine.costs import costs
from sim.engine.outcomes import household_columns

CITY, COST, REFERENCE = "city:", "cost", "is_reference"
REACH = ("reached", "taken_in")
NAMES = tuple(measure.name for measure in OF_GROUPS)


def measure_and_keep(
    scenario: Scenario, row: Row, by: Sequence[str], choose: Any = None, score: Any = None, folder: str = ""
) -> dict[str, float]:
    """Make the run of a row and leave its tables in a folder, or read them where they are; then measure it."""
    patched = patched_of(scenario, row)
    earlier = recalled(folder, patched.digest, row.seeds, row.rules, measure_and_keep) if folder else None
    if earlier is not None:
        return flat(measure(earlier[0], by, patched["run.horizon_h"], row.seeds, earlier[1]))
    outcomes = outcomes_of(scenario, row, choose, score)
    households = household_columns(outcomes)
    found = measure(looked_at(households, by), by, patched["run.horizon_h"], row.seeds, costs(outcomes))
    if folder:
        keep(outcomes, households, as_data(found, patched), folder, row.rules, measure_and_keep)
    return flat(found)


def flat(found: Measured) -> dict[str, float]:
    """The measures of one replicate by name."""
    city = {"affected": found.affected, "restored": found.restored, **found.city}
    numbers = {f"{CITY}{name}": float(value) for name, value in city.items()}
    numbers |= {f"{COST}:{item}:usd": usd for item, usd in found.costs_usd.items()}
    for by, grouped in found.groupings.items():
        for population, table in grouped.tables.items():
            numbers |= _of_table(_part(by, population), table)
        numbers |= _of_table(by, found.outreach[by][list(REACH)])
        groups = grouped.tables[POPULATIONS[0]].index
        numbers |= {f"{by}:{group}:{REFERENCE}": float(group == grouped.reference) for group in groups}
    return numbers


def _part(by: str, population: str) -> str:
    return by if population == POPULATIONS[0] else f"{by}|{population}"


def _of_table(part: str, table: pd.DataFrame) -> dict[str, float]:
    rows = table.to_dict(orient="index")
    return {f"{part}:{group}:{name}": float(value) for group, row in rows.items() for name, value in row.items()}


def whole_again(numbers: Mapping[str, float], by: Sequence[str], seeds: Seeds) -> Measured:
    """The measures of one replicate from their names."""
    city = {name.removeprefix(CITY): value for name, value in numbers.items() if name.startswith(CITY)}
    parts: dict[str, dict[str, dict[str, float]]] = {}
    for name, value in numbers.items():
        if not name.startswith(CITY):
            part, group, what = OutcomeName.parse(name)
            parts.setdefault(part, {}).setdefault(group, {})[what] = value
    return Measured(
        seeds,
        affected=int(city.pop("affected")),
        restored=int(city.pop("restored")),
        groupings={name: _grouped(parts, name) for name in by},
        city=city,
        costs_usd={item: found["usd"] for item, found in parts[COST].items()},
        outreach={name: _table(parts[name], ("households", *REACH)) for name in by},
    )


def _grouped(parts: Mapping[str, Any], by: str) -> Grouped:
    tables = {population: _table(parts[_part(by, population)], NAMES) for population in POPULATIONS}
    return Grouped(next(group for group, found in parts[by].items() if found[REFERENCE]), tables)


def _table(found: Mapping[str, Mapping[str, float]], names: Sequence[str]) -> pd.DataFrame:
    rows = {group: [numbers.get(name, np.nan) for name in names] for group, numbers in found.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(names)).rename_axis("group")
