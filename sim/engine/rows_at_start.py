"""Households, devices, faults and lines as rows, before anything has happened.

What takes long to make, and other runs in the same place need too, is kept with the place (``place.kept``).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.core.columns import LATERAL, Damage, Devices, Place
from sim.core.grid_rows import DEVICE, FAULT, LINE, NODE
from sim.core.household_rows import HOUSEHOLD
from sim.core.luck import Purpose, column, lognormal
from sim.core.pool import Pool
from sim.core.rows import rows
from sim.core.seeds import Seeds
from sim.inputs.scenario import Scenario
from sim.rules import channels as access
from sim.rules import home, outreach, weatherheads
from sim.rules.scores import static_scores
from sim.world.contrast import behind

BATTERY_SIGMA = 0.4  # spread of the logarithm of hours that phones last
AS_IN_THE_WORLD = (
    "id", "tolerance_h", "knowledge", "trust", "landline", "voip", "broadband", "smartphone", "neighbourhood",
)  # fmt: skip
AS_IN_THE_GRID = ("id", "end", "first", "last", "rollup", "x_km", "y_km", "level", "line_km")
BLOCK = 4096  # rows that are filled together: so many stay near the processor


def _blank(dtype: np.dtype, values: Mapping[float, Sequence[str]]) -> np.ndarray:
    """One row as it is before anything has happened: the fields of which each value stands in; zero in all others."""
    blank = np.zeros(1, dtype=dtype)
    for value, names in values.items():
        for name in names:
            blank[name] = value
    return blank


NO_HOUSEHOLD = _blank(
    HOUSEHOLD,
    {
        np.inf: ("out_h", "restored_h", "first_report_h", "known_h", "believed_h", "closed_h", "moment_h", "check_h"),
        -np.inf: ("quiet_until_h",),
        1.0: ("trust_left",),
        -1: ("next_waiting", "previous_waiting", "first_channel", "chosen"),
    },
)
NO_DEVICE = _blank(DEVICE, {-1: ("fault",)})
NO_FAULT = _blank(
    FAULT,
    {
        np.inf: (
            "confirmed_h", "visit_start_h", "visit_end_h", "assigned_h", "repaired_h", "released_h", "roll_h", "held_h",
        ),
        -1: ("source",),
    },
)  # fmt: skip


def _filled(found: np.recarray, blank: np.ndarray, columns: Mapping[str, np.ndarray]) -> Any:
    """The rows ``found``, now like the blank one but for these columns.

    Block after block of all columns, because each row is wide, and to fetch all rows from memory once for every column
    takes longer.
    """
    whole, plain = np.dtype((np.void, found.itemsize)), found.view(np.ndarray)
    into, to_copy = plain.view(whole), blank.view(whole)
    fields = [(plain[name], column) for name, column in columns.items()]
    for first in range(0, len(found), BLOCK):
        block = slice(first, first + BLOCK)
        into[block] = to_copy
        for field, values in fields:
            field[block] = values[block]
    return found


def household_rows(
    scenario: Scenario, place: Place, damage: Damage, seeds: Seeds, pool: Pool
) -> tuple[np.recarray, outreach.Plan]:
    """Households as rows, all with power, and what outreach will do to them."""
    people, kept = place.households, place.kept
    cell_back_h = damage.cell_back_h[people.neighbourhood]
    has = access.Access(
        aware=access.aware(scenario, seeds.world, place),
        owns=kept.get("owns", 0, lambda: access.owned(people)),
        offered=access.offered(scenario, seeds.behaviour, place),
    )
    campaign = outreach.plan(scenario, place, cell_back_h, seeds.behaviour, has)
    away_h, returns_h = home.absence_h(scenario, people, seeds, kept)
    columns = {name: getattr(people, name) for name in AS_IN_THE_WORLD} | {
        "served_by": place.served_by,
        "cell_back_h": cell_back_h,
        "battery_h": scenario["telecom.battery_h"] * kept.get("battery", seeds.storm, lambda: _battery(place, seeds)),
        "meter_h": damage.meter_h,
        "away_h": away_h,
        "returns_h": returns_h,
        "urgency": kept.get("urgency", scenario.parameters.need, lambda: home.urgency(scenario, people)),
        "spoken": access.spoken(scenario, people),
        "can": has.aware & has.owns & has.offered,
        "reached": campaign.reached,
        "taken_in": campaign.taken_in,
    }
    return _filled(pool.exactly("households", HOUSEHOLD, len(people)), NO_HOUSEHOLD, columns), campaign


def _battery(place: Place, seeds: Seeds) -> np.ndarray:
    """Hours that the phones of each household last, against the median."""
    return lognormal(column(seeds.storm, Purpose.BATTERY, place.households.id), 1.0, BATTERY_SIGMA)


def device_rows(
    scenario: Scenario,
    place: Place,
    damage: Damage,
    seeds: Seeds,
    registered: np.ndarray,
    district: np.ndarray,
    pool: Pool,
) -> np.recarray:
    """Devices as rows, all intact and unsuspected."""
    grid, kept = place.devices, place.kept
    faults_before = np.zeros(len(grid) + 1, dtype=np.int32)
    faults_before[damage.device + 1] = 1
    np.cumsum(faults_before, out=faults_before)
    columns = {name: getattr(grid, name) for name in AS_IN_THE_GRID} | {
        "access_factor": behind(place, "access_factor"),
        "line": kept.get("line", 0, lambda: _line(grid)),
        "first_fault": faults_before[:-1],
        "last_fault": faults_before[grid.end],
        "static_score": static_scores(scenario, seeds.behaviour, place, registered),
        "telemetry_h": damage.telemetry_h,
        "district": district,
    }
    devices = _filled(pool.exactly("devices", DEVICE, len(grid)), NO_DEVICE, columns)
    devices.fault[damage.device] = np.arange(len(damage.device))
    devices.supply[damage.device] = damage.supply
    return devices


def _is_line(grid: Devices) -> np.ndarray:
    """Which devices head a line that patrols walk; bool [device]."""
    return (grid.level <= LATERAL) | (grid.parent < 0)


def _line(grid: Devices) -> np.ndarray:
    """The line that a patrol walks to see each device: its own, or that of the next device above; int32 [device]."""
    is_line = _is_line(grid)
    own = np.where(is_line, np.cumsum(is_line, dtype=np.int32) - 1, -1)
    whose = np.where(is_line, np.arange(len(grid)), grid.parent)
    while (own[whose] < 0).any():
        whose = whose[whose]
    return own[whose]


def line_rows(place: Place) -> np.recarray:
    """The lines that patrols walk, in the order of the grid, none walked yet."""
    heads = place.kept.get("lines", 0, lambda: np.flatnonzero(_is_line(place.devices)))
    lines = rows(LINE, len(heads))
    lines["at"] = heads
    return lines


def node_rows(place: Place) -> np.recarray:
    """Devices as walks up the grid see them, none with an order."""
    nodes = rows(NODE, len(place.devices))
    nodes.parent, nodes.order = place.devices.parent, -1
    return nodes


def fault_rows(scenario: Scenario, place: Place, damage: Damage, seeds: Seeds) -> np.recarray:
    """Faults as rows, none known, none repaired."""
    columns = {name: getattr(damage, name) for name in ("onset_h", "repair_h", "sensed_h", "owner")}
    faults = _filled(rows(FAULT, len(damage.device)), NO_FAULT, {"at": damage.device, **columns})
    weatherheads.arrange(scenario, place, seeds.behaviour, faults)
    return faults
