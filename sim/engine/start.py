"""From a place, a storm and a scenario to the memory of a run, with the first events in it."""

from typing import Any

import numpy as np

from sim.core import state as m
from sim.core.columns import (
    CHANNELS,
    LATERAL,
    Damage,
    Households,
    Place,
)
from sim.core.errors import ScenarioError, nearest, unknown
from sim.core.events import (
    MORNING,
    NOBODY,
    ON_DUTY,
    ONSET,
    SCRIPTED,
    TOLD,
    VISIT,
    WATCH,
    plan_each,
)
from sim.core.luck import Purpose, column, lognormal
from sim.core.rows import copied, rows
from sim.core.seeds import Seeds
from sim.engine import districts as division
from sim.engine.settings import (
    channel_rows,
    crew_rows,
    liaisons,
    remark_on_thresholds,
    rules_row,
)
from sim.inputs.scenario import Scenario
from sim.inputs.tables import column as column_of
from sim.inputs.tables import number, read_table
from sim.rules import channels as access
from sim.rules import home, outreach, weatherheads
from sim.rules.orders import N_QUEUES
from sim.rules.release import in_order_of_arrival
from sim.rules.scores import static_scores
from sim.rules.splitting import with_trucks
from sim.world.contrast import behind

BATTERY_SIGMA = 0.4  # spread of the logarithm of hours that phones last
OFF_THE_LIST = np.array([], dtype=np.int64)


def begin(scenario: Scenario, place: Place, damage: Damage, seeds: Seeds) -> m.Memory:
    """Memory of a run before its first event."""
    n, n_faults = len(place.households), len(damage.device)
    remark_on_thresholds(scenario, place.devices)
    rules = rules_row(scenario, seeds, n, bool(np.isfinite(damage.meter_h).any()))
    districts = division.divide(scenario, place)
    crews = _crews(scenario, seeds, districts, bool(damage.supply.any()))
    visits = _visits(scenario, place.households, seeds)
    folk, campaign = folk_rows(scenario, place, damage, seeds)
    devices = device_rows(scenario, place, damage, seeds, campaign.registered)
    devices.district = districts.of_device
    lines = line_rows(devices)
    n_queues = N_QUEUES * len(districts.names)
    teams = rows(m.TEAM, scenario["patrol.teams"])
    teams.line = -1
    memory = m.Memory(
        folk=folk,
        devices=devices,
        faults=fault_rows(scenario, place, damage, seeds),
        crews=crews,
        districts=division.district_rows(districts, crews, devices, damage),
        channels=channel_rows(scenario),
        rules=rules,
        clock=rows(m.CLOCK, 1),
        ties=np.ascontiguousarray(place.ties, dtype=np.int64),
        visits=visits,
        changes=campaign.changes,
        lines=lines,
        teams=teams,
        round=rows(m.EVENT, len(lines)),
        heard=rows(m.HEARD, len(place.neighbourhoods) + 1),
        idle=np.zeros(max(1, len(crews)), dtype=np.int64),
        aid=in_order_of_arrival(crews.arrives_h, crews.origin),
        queue_size=np.zeros(n_queues, dtype=np.int64),
        queues=rows(m.EVENT, (n_queues, 4 * n_faults + 1024)),
        events=rows(m.EVENT, 4 * n_faults + 2 * len(crews) + 4096),
        calls=rows(m.EVENT, 3 * n + 1024),
        orders=rows(m.ORDER, 3 * n_faults + n // 8 + 1024),
        jobs=rows(m.JOB, 2 * n_faults + 2 * len(crews) + 1024),
        reports=rows(m.REPORT, n // 2 + 1024),
    )
    _first_events(scenario, place, memory, damage)
    return memory


def _crews(scenario: Scenario, seeds: Seeds, districts: division.Districts, supply_lost: bool) -> np.recarray:
    """Crews posted to districts, and the trucks that they may become."""
    crews = crew_rows(scenario, seeds, supply_lost)
    division.post(scenario, districts, crews)
    return with_trucks(scenario, crews)


def folk_rows(scenario: Scenario, place: Place, damage: Damage, seeds: Seeds) -> tuple[np.recarray, outreach.Plan]:
    """Households as rows, all with power, and what outreach will do to them."""
    people = place.households
    folk = copied(place.kept.get("folk", 0, lambda: _blank_folk(place)))
    folk.cell_back_h = damage.cell_back_h[people.neighbourhood]
    folk.battery_h = scenario["telecom.battery_h"] * place.kept.get(
        "battery", seeds.storm, lambda: lognormal(column(seeds.storm, Purpose.BATTERY, people.id), 1.0, BATTERY_SIGMA)
    )
    folk.meter_h = damage.meter_h
    folk.away_h, folk.returns_h = home.absence_h(scenario, people, seeds)
    folk.urgency = home.urgency(scenario, people)
    folk.spoken = access.spoken(scenario, people)
    has = access.Access(
        aware=access.aware(scenario, seeds.world, place),
        owns=place.kept.get("owns", 0, lambda: access.owned(people)),
        offered=access.offered(scenario, seeds.behaviour, place),
    )
    folk.can = has.aware & has.owns & has.offered
    campaign = outreach.plan(scenario, place, np.array(folk.cell_back_h), seeds.behaviour, has)
    folk.reached, folk.taken_in = campaign.reached, campaign.taken_in
    return folk, campaign


def _blank_folk(place: Place) -> np.recarray:
    """Rows of households with what depends on the place alone."""
    people = place.households
    folk = rows(m.FOLK, len(people))
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
        folk[name] = getattr(people, name)
    folk.served_by = place.served_by
    for name in ("out_h", "restored_h", "first_report_h", "known_h", "believed_h", "closed_h", "moment_h", "check_h"):
        folk[name] = np.inf
    folk.quiet_until_h, folk.trust_left = -np.inf, 1.0
    folk.next_waiting, folk.previous_waiting, folk.first_channel, folk.chosen = -1, -1, -1, -1
    return folk


def device_rows(scenario: Scenario, place: Place, damage: Damage, seeds: Seeds, registered: np.ndarray) -> np.recarray:
    """Devices as rows, all intact and unsuspected."""
    grid = place.devices
    devices: Any = copied(place.kept.get("devices", 0, lambda: _blank_devices(place)))
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
    devices: Any = rows(m.DEVICE, len(grid))
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
    lines = rows(m.LINE, len(heads))
    lines["at"] = heads
    return lines


def fault_rows(scenario: Scenario, place: Place, damage: Damage, seeds: Seeds) -> np.recarray:
    """Faults as rows, none known, none repaired."""
    faults: Any = rows(m.FAULT, len(damage.device))
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


def _visits(scenario: Scenario, people: Households, seeds: Seeds) -> np.ndarray:
    """The liaisons' list, in the order of their rounds. Returns int32 [listed household]."""
    if liaisons(scenario, len(people)) == 0.0 or scenario["channels.liaison.availability"] == 0.0:
        return OFF_THE_LIST
    frail = people.over65 | people.disability | people.medical_device | people.no_vehicle
    listed = frail & (column(seeds.world, Purpose.LISTED, people.id) < scenario["liaison.listed_share"])
    rows = np.flatnonzero(listed)
    return rows[np.argsort(column(seeds.behaviour, Purpose.VISIT, people.id[rows]), kind="stable")].astype(np.int64)


def _first_events(scenario: Scenario, place: Place, memory: m.Memory, damage: Damage) -> None:
    clock = memory.clock[0]
    clock.first_waiting, clock.last_waiting, clock.n_unrepaired = -1, -1, len(memory.faults)
    clock.now_h, clock.watched_to_h = -np.inf, -np.inf
    clock.n_listed = len(memory.visits)
    size = 0
    for kind, hours in ((ONSET, damage.onset_h), (ON_DUTY, memory.crews.arrives_h)):
        due = np.flatnonzero(np.isfinite(hours))
        size = plan_each(memory.events, size, kind, due, np.ascontiguousarray(hours[due]), np.zeros_like(due))
    nobody = np.array([NOBODY])
    if len(damage.onset_h):
        clock.watched_to_h = damage.onset_h.min() + memory.rules[0].look_ahead_h
        size = plan_each(memory.events, size, WATCH, nobody, np.array([clock.watched_to_h]), nobody)
    if len(memory.teams) and len(damage.onset_h):
        size = plan_each(memory.events, size, MORNING, nobody, np.array([scenario["crews.safe_h"]]), nobody)
    if len(memory.changes):
        size = plan_each(memory.events, size, TOLD, nobody, memory.changes.time_h[:1].copy(), nobody)
    if len(memory.visits):
        size = plan_each(memory.events, size, VISIT, nobody, np.array([scenario["crews.safe_h"]]), nobody)
    clock.n_events = size
    clock.n_calls = _scripted_reports(scenario, place, memory)


def _scripted_reports(scenario: Scenario, place: Place, memory: m.Memory) -> int:
    """Reports at given hours, from the scenario's own table: household, time_h, channel."""
    table = read_table(scenario, "reports", "", ids=("household", "channel"))
    if table is None:
        return 0
    where = f"{scenario.name} [tables.reports]"
    index = {str(label): i for i, label in enumerate(place.households.label)}
    households, channels = column_of(table, "household", where), column_of(table, "channel", where)
    for row, (household, channel) in enumerate(zip(households, channels, strict=True), 1):
        if household not in index:
            raise ScenarioError(f"{where}: row {row}: no household '{household}'{nearest(household, index)}")
        if channel not in CHANNELS:
            raise unknown(f"{where}: row {row}", "channel", channel, CHANNELS)
    who = np.array([index[h] for h in households], dtype=np.int64)
    channel = np.array([CHANNELS.index(c) for c in channels], dtype=np.int64)
    return plan_each(memory.calls, 0, SCRIPTED, who, number(table, "time_h", where, -1_000.0, 10_000.0), channel)
