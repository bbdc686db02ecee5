"""Households, devices, faults and lines as rows, before anything has happened.

What depends on the place alone is made once for a place and copied for each run (``place.kept``).
"""

from typing import Any

import numpy as np

from sim.core.columns import LATERAL, Damage, Place
from sim.core.grid_rows import DEVICE, FAULT, LINE
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


def household_rows(
    scenario: Scenario, place: Place, damage: Damage, seeds: Seeds, pool: Pool
) -> tuple[np.recarray, outreach.Plan]:
    """Households as rows, all with power, and what outreach will do to them."""
    people = place.households
    households = pool.copied("households", place.kept.get("households", 0, lambda: _blank_households(place)))
    households.cell_back_h = damage.cell_back_h[people.neighbourhood]
    households.battery_h = scenario["telecom.battery_h"] * place.kept.get(
        "battery", seeds.storm, lambda: lognormal(column(seeds.storm, Purpose.BATTERY, people.id), 1.0, BATTERY_SIGMA)
    )
    households.meter_h = damage.meter_h
    households.away_h, households.returns_h = home.absence_h(scenario, people, seeds)
    households.urgency = home.urgency(scenario, people)
    households.spoken = access.spoken(scenario, people)
    has = access.Access(
        aware=access.aware(scenario, seeds.world, place),
        owns=place.kept.get("owns", 0, lambda: access.owned(people)),
        offered=access.offered(scenario, seeds.behaviour, place),
    )
    households.can = has.aware & has.owns & has.offered
    campaign = outreach.plan(scenario, place, np.array(households.cell_back_h), seeds.behaviour, has)
    households.reached, households.taken_in = campaign.reached, campaign.taken_in
    return households, campaign


def _blank_households(place: Place) -> np.recarray:
    """Rows of households with what depends on the place alone."""
    people = place.households
    households = rows(HOUSEHOLD, len(people))
    for name in (
        "id",
        "tolerance_h",
        "knowledge",
        "trust",
        "landline",
        "voip",
        "broadband",
        "smartphone",
        "neighbourhood",
    ):
        households[name] = getattr(people, name)
    households.served_by = place.served_by
    for name in ("out_h", "restored_h", "first_report_h", "known_h", "believed_h", "closed_h", "moment_h", "check_h"):
        households[name] = np.inf
    households.quiet_until_h, households.trust_left = -np.inf, 1.0
    households.next_waiting, households.previous_waiting, households.first_channel, households.chosen = -1, -1, -1, -1
    return households


def device_rows(
    scenario: Scenario, place: Place, damage: Damage, seeds: Seeds, registered: np.ndarray, pool: Pool
) -> np.recarray:
    """Devices as rows, all intact and unsuspected."""
    grid = place.devices
    devices: Any = pool.copied("devices", place.kept.get("devices", 0, lambda: _blank_devices(place)))
    devices.fault[damage.device] = np.arange(len(damage.device))
    devices.supply[damage.device] = damage.supply
    faults_before = np.searchsorted(damage.device, np.arange(len(grid) + 1))
    devices.first_fault = faults_before[:-1]
    devices.last_fault = faults_before[grid.end]
    devices.static_score = static_scores(scenario, seeds.behaviour, place, registered)
    devices.telemetry_h = damage.telemetry_h
    return devices


def _blank_devices(place: Place) -> np.recarray:
    """Rows of devices with what depends on the place alone."""
    grid = place.devices
    devices: Any = rows(DEVICE, len(grid))
    for name in ("id", "parent", "end", "first", "last", "rollup", "x_km", "y_km", "level", "line_km"):
        devices[name] = getattr(grid, name)
    devices.access_factor = behind(place, "access_factor")
    devices.order, devices.fault = -1, -1
    is_line = (grid.level <= LATERAL) | (grid.parent < 0)
    devices.line = _inherited(np.where(is_line, np.cumsum(is_line) - 1, -1), grid.parent)
    return devices


def _inherited(own: np.ndarray, parent: np.ndarray) -> np.ndarray:
    """What each device has of its own, or else the device above has (-1: nothing of its own); parents stand first."""
    found = own.tolist()
    for device in np.flatnonzero(own < 0).tolist():
        found[device] = found[parent[device]]
    return np.array(found, dtype=np.int64)


def line_rows(devices: Any) -> np.recarray:
    """The lines that patrols walk, in the order of the grid, none walked yet."""
    heads = np.unique(devices.line, return_index=True)[1]
    lines = rows(LINE, len(heads))
    lines["at"] = heads
    return lines


def fault_rows(scenario: Scenario, place: Place, damage: Damage, seeds: Seeds) -> np.recarray:
    """Faults as rows, none known, none repaired."""
    faults: Any = rows(FAULT, len(damage.device))
    faults["source"] = -1
    faults["at"] = damage.device
    for name in ("onset_h", "repair_h", "sensed_h", "owner"):
        faults[name] = getattr(damage, name)
    never = (
        "confirmed_h",
        "visit_start_h",
        "visit_end_h",
        "assigned_h",
        "repaired_h",
        "released_h",
        "roll_h",
        "held_h",
    )
    for name in never:
        faults[name] = np.inf
    weatherheads.arrange(scenario, place, seeds.behaviour, faults)
    return faults
