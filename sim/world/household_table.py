"""A user's own households: one row each, with any of the attributes; what is not given is drawn.

Only ``household_id`` is required. Given columns are used as they are, after checks. A household is known by
its id, never by its row: rows may stand in any order, and dropping some changes nobody else.
"""

from typing import NamedTuple

import numpy as np

from sim.core.columns import ETHNICITIES, FLAGS
from sim.core.errors import ScenarioError, shown, unknown
from sim.core.limits import HOUSEHOLDS, INCOME_USD
from sim.core.notices import name_unused
from sim.inputs.identifiers import identities, in_order, is_whole
from sim.inputs.plausible import check_near
from sim.inputs.scenario import Scenario
from sim.inputs.table_files import Table
from sim.inputs.tables import (
    DISTRICT,
    check_count,
    check_spelling,
    check_unique,
    flag,
    given,
    number,
    place_of,
    read_table,
    text,
)  # fmt: skip

PARAMETER = "place.households"
NAMES = ("household_id", "neighbourhood", "device", "node", DISTRICT)
NUMBERS = {
    "x_km": (-np.inf, np.inf),
    "y_km": (-np.inf, np.inf),
    "income_usd": (0.0, INCOME_USD),
    "knowledge": (0.0, 1.0),
    "trust": (0.0, 1.0),
    "tolerance_h": (1e-3, 1e6),
}
WHOLE_CITY = "all"  # the one neighbourhood of a table that names none


class Given(NamedTuple):
    """A household table, checked and in order of id."""

    label: np.ndarray  # int64 or object [household]
    id: np.ndarray  # uint64 [household]
    neighbourhood: np.ndarray  # int32 [household]   index into names
    names: np.ndarray  # object [neighbourhood]
    columns: dict[str, np.ndarray]  # attributes of Households that were given, [household]
    named: bool  # whether the table has a column for the neighbourhood
    district: np.ndarray  # object [neighbourhood]   "" where the table names none


def is_given(scenario: Scenario) -> bool:
    """Whether the scenario brings its own households."""
    return given(scenario, "households", PARAMETER)


def read(scenario: Scenario) -> Given:
    """Read and check the household table of a scenario, which must have one."""
    where = place_of(scenario, "households", PARAMETER)
    table = read_table(scenario, "households", PARAMETER, ids=("household_id", "neighbourhood", DISTRICT))
    if table is None:
        raise ScenarioError(f"{PARAMETER}: no household table is given, neither as a file nor as [tables.households]")
    check_unique(table, "household_id", where)
    check_spelling(table, ("neighbourhood", DISTRICT, "ethnicity", *FLAGS, *NUMBERS), where)
    check_count(table, "household_id", HOUSEHOLDS, where)
    columns = _attributes(table, where)
    _check_agreement(columns, where)
    if "x_km" in columns:
        check_near(columns["x_km"], columns["y_km"], where, lambda i: f"household '{table['household_id'][i]}'")
    name_unused(table, (*NAMES, "ethnicity", *FLAGS, *NUMBERS), where)
    ids = identities(table["household_id"])
    order = np.argsort(ids, kind="stable")
    names, neighbourhood = _neighbourhoods(table, len(ids))
    return Given(
        label=_labels(table["household_id"])[order],
        id=ids[order],
        neighbourhood=neighbourhood[order],
        names=names,
        columns={name: values[order] for name, values in columns.items()},
        named="neighbourhood" in table,
        district=_districts(table, neighbourhood, names, where),
    )


def _attributes(table: Table, where: str) -> dict[str, np.ndarray]:
    columns = {name: flag(table, name, where) for name in FLAGS if name in table}
    columns |= {name: number(table, name, where, *limits) for name, limits in NUMBERS.items() if name in table}
    if "ethnicity" in table:
        columns["ethnicity"] = _ethnicity(table, where)
        columns.setdefault("minority", columns["ethnicity"] != 0)
    return columns


def _ethnicity(table: Table, where: str) -> np.ndarray:
    words = np.char.lower(text(table, "ethnicity", where).astype(str))
    known = np.isin(words, ETHNICITIES)
    if not known.all():
        row = int(np.argmin(known))
        raise unknown(f"{where}: column 'ethnicity', row {row + 1}", "group", str(words[row]), ETHNICITIES)
    return np.argmax(words[:, None] == np.array(ETHNICITIES), axis=1).astype(np.int8)


def _check_agreement(columns: dict[str, np.ndarray], where: str) -> None:
    """Columns that contradict each other."""
    if ("x_km" in columns) != ("y_km" in columns):
        raise ScenarioError(f"{where}: columns 'x_km' and 'y_km' must be given together")
    never = np.zeros(1, dtype=bool)
    ethnicity, minority = columns.get("ethnicity", never), columns.get("minority", never)
    _refuse((ethnicity != 0) != minority, "ethnicity" in columns, where, "'minority' contradicts 'ethnicity'")
    for kind in ("smartphone", "landline", "voip"):
        both = kind in columns and "phone" in columns
        _refuse(columns.get(kind, never) & ~columns.get("phone", never), both, where, f"'{kind}' without 'phone'")


def _refuse(wrong: np.ndarray, applies: bool, where: str, complaint: str) -> None:
    if applies and wrong.any():
        raise ScenarioError(f"{where}: row {int(np.argmax(wrong)) + 1}: {complaint}")


def _labels(names: np.ndarray) -> np.ndarray:
    """Labels as the user has them: numbers if all are whole numbers, else text."""
    return names.astype(np.int64) if all(is_whole(name) for name in names) else names


def _neighbourhoods(table: Table, households: int) -> tuple[np.ndarray, np.ndarray]:
    """Names in order, and the index of each household's."""
    if "neighbourhood" not in table:
        return np.array([WHOLE_CITY], dtype=object), np.zeros(households, dtype=np.int32)
    names, index = np.unique(table["neighbourhood"], return_inverse=True)
    order = in_order(names)
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return names[order], rank[index]


def _districts(table: Table, neighbourhood: np.ndarray, names: np.ndarray, where: str) -> np.ndarray:
    """The district of each neighbourhood, the same in all its rows."""
    if DISTRICT not in table:
        return np.full(len(names), "", dtype=object)
    first = np.unique(neighbourhood, return_index=True)[1]
    district = table[DISTRICT][first]
    other = table[DISTRICT] != district[neighbourhood]
    if other.any():
        row = int(np.argmax(other))
        of = neighbourhood[row]
        raise ScenarioError(
            f"{where}: column '{DISTRICT}', row {row + 1}: {shown(table[DISTRICT][row])}, but row {first[of] + 1} of "
            f"the same neighbourhood '{names[of]}' says {shown(district[of])}; a neighbourhood lies in one district"
        )
    return district
