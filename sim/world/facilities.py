"""Critical facilities as points: the nearest device of a suitable level feeds each, and goes first where that counts.

What draws much power or spreads over a block hangs on a lateral of its own; what fits into a house, on a transformer.
A grid without that level feeds it from the next one up that it has, else from the next one down.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sim.core.columns import LATERAL, LEVELS, TRANSFORMER, Devices
from sim.core.errors import ScenarioError, unknown
from sim.core.limits import FACILITY_KM
from sim.core.notices import name_unused
from sim.inputs import tables
from sim.inputs.plausible import check_near, check_on_map, offset_km
from sim.inputs.scenario import Scenario
from sim.inputs.table_files import Table
from sim.inputs.tables import number, place_of, read_table

PARAMETER = "place.facilities"
KINDS = dict.fromkeys(("hospital", "shelter", "water", "sewage", "emergency", "government", "other"), LATERAL)
KINDS |= dict.fromkeys(("fire", "police", "nursing home", "clinic", "telecom", "fuel", "food"), TRANSFORMER)
"""Kind of facility to the level of the device that feeds it."""
IN_KM, ON_MAP = ("x_km", "y_km"), ("latitude", "longitude")
OPTIONAL = ("kind", "name", *IN_KM, *ON_MAP)


def feed(scenario: Scenario, devices: Devices) -> Devices:
    """The same devices, those critical that feed a facility of the scenario; unchanged where it names none.

    Raises
    ------
    ScenarioError    a kind that is none, no place, or a place outside the city
    """
    table = read_table(scenario, "facilities", PARAMETER, ids=("kind", "name"))
    if table is None:
        return devices
    where = place_of(scenario, "facilities", PARAMETER)
    tables.check_spelling(table, OPTIONAL, where)
    name_unused(table, OPTIONAL, where)
    wanted = _levels(table, where)
    names = [f"{kind} '{name}'" for kind, name in zip(table["kind"], table.get("name", table["kind"]), strict=True)]
    x_km, y_km = _position(scenario, table, names, where)
    critical = devices.critical.copy()
    for level in np.unique(wanted):
        rows = np.flatnonzero(wanted == level)
        critical[_nearest(devices, int(level), x_km[rows], y_km[rows], [names[i] for i in rows], where)] = True
    return replace(devices, critical=critical)


def _levels(table: Table, where: str) -> np.ndarray:
    kinds = [str(kind).lower() for kind in tables.column(table, "kind", where)]
    for row, kind in enumerate(kinds, 1):
        if kind not in KINDS:
            raise unknown(f"{where}: column 'kind', row {row}", "kind", kind, KINDS)
    return np.array([KINDS[kind] for kind in kinds])


def _position(scenario: Scenario, table: Table, names: Sequence[str], where: str) -> tuple[np.ndarray, np.ndarray]:
    """Kilometres east and north of the city's centre."""
    pairs = [pair for pair in (IN_KM, ON_MAP) if any(name in table for name in pair)]
    if len(pairs) != 1:
        raise ScenarioError(f"{where}: give columns 'x_km' and 'y_km', or 'latitude' and 'longitude'")
    if pairs == [IN_KM]:
        x_km, y_km = (number(table, name, where) for name in IN_KM)
        check_near(x_km, y_km, where, lambda i: names[i])
        return x_km, y_km
    latitude, longitude = (number(table, name, where, -360.0, 360.0) for name in ON_MAP)
    centre = scenario["place.latitude_deg"], scenario["place.longitude_deg"]
    check_on_map(latitude, longitude, centre, where, lambda i: names[i], ON_MAP, "facility")
    return offset_km(latitude, longitude, centre)


def _nearest(
    devices: Devices, level: int, x_km: np.ndarray, y_km: np.ndarray, names: Sequence[str], where: str
) -> np.ndarray:
    """The nearest device of the level to each point; int64 [point]."""
    from scipy.spatial import cKDTree  # half a second that most runs need not spend

    there = sorted(set(devices.level.tolist()), key=lambda found: (found > level, abs(found - level)))[0]
    rows = np.flatnonzero(devices.level == there)
    away_km, found = cKDTree(np.column_stack((devices.x_km[rows], devices.y_km[rows]))).query(
        np.column_stack((x_km, y_km))
    )
    far = away_km > FACILITY_KM
    if far.any():
        i = int(np.argmax(far))
        raise ScenarioError(
            f"{where}: {names[i]} lies outside the city: {away_km[i]:.0f} km from the nearest {LEVELS[there]}, more "
            f"than {FACILITY_KM:g} km ({x_km[i]:.1f} km east and {y_km[i]:.1f} km north of the city's centre)"
        )
    return rows[found]
