"""From a place, a storm and a scenario to the state of a run, with the first events in it.

Rows of what the world holds: :mod:`sim.engine.rows_at_start`; of what the scenario sets: :mod:`sim.engine.settings`.
"""

from typing import Any

import numpy as np

from sim.core.columns import Damage, Households, Place
from sim.core.control_room_rows import HEARD, JOB, ORDER, TEAM
from sim.core.errors import ScenarioError, nearest, unknown
from sim.core.events import MORNING, NOBODY, ON_DUTY, ONSET, SCRIPTED, TOLD, VISIT, WATCH, plan_each
from sim.core.household_rows import REPORT
from sim.core.luck import Purpose, column
from sim.core.pool import Pool
from sim.core.rows import rows
from sim.core.seeds import Seeds
from sim.core.state import CLOCK, EVENT, State
from sim.engine import districts as division
from sim.engine.rows_at_start import device_rows, fault_rows, household_rows, line_rows, node_rows
from sim.engine.settings import channel_rows, crew_rows, liaisons, parameters_row, remark_on_thresholds
from sim.inputs.parameters.channels import CHANNELS
from sim.inputs.scenario import Scenario
from sim.inputs.tables import column as column_of
from sim.inputs.tables import number, read_table
from sim.rules.orders import N_QUEUES
from sim.rules.release import in_order_of_arrival
from sim.rules.splitting import with_trucks

OFF_THE_LIST = np.array([], dtype=np.int64)


def begin(scenario: Scenario, place: Place, damage: Damage, seeds: Seeds, pool: Pool | None = None) -> State:
    """State of a run before its first event, in memory of earlier runs where a pool has any."""
    pool = pool or Pool()
    remark_on_thresholds(scenario, place)
    metered = bool(np.isfinite(damage.meter_h).any())
    parameters = parameters_row(scenario, seeds, len(place.households), metered)
    districts = division.divide(scenario, place)
    crews = _crews(scenario, seeds, districts, bool(damage.supply.any()))
    visits = _visits(scenario, place, seeds)
    households, campaign = household_rows(scenario, place, damage, seeds, pool)
    devices = device_rows(scenario, place, damage, seeds, campaign.registered, districts.of_device, pool)
    state = State(
        households=households,
        devices=devices,
        nodes=node_rows(place),
        faults=fault_rows(scenario, place, damage, seeds),
        crews=crews,
        districts=division.district_rows(districts, crews, devices, damage),
        channels=channel_rows(scenario),
        parameters=parameters,
        clock=rows(CLOCK, 1),
        next_look_h=np.full(len(place.households), np.inf),
        ties=place.ties,
        visits=visits,
        changes=campaign.changes,
        heard=rows(HEARD, len(place.neighbourhoods) + 1),
        aid=in_order_of_arrival(crews.arrives_h, crews.origin),
        **_patrols(scenario, place),
        **_room(pool, len(place.households), len(damage.device), len(crews), N_QUEUES * len(districts.names)),
    )
    _first_events(scenario, place, state, damage)
    return state


def _patrols(scenario: Scenario, place: Place) -> dict[str, Any]:
    """Patrols that walk no line yet, and the lines."""
    teams, lines = rows(TEAM, scenario["patrol.teams"]), line_rows(place)
    teams.line = -1
    return {"lines": lines, "teams": teams, "round": rows(EVENT, len(lines))}


def _room(pool: Pool, n: int, n_faults: int, n_crews: int, n_queues: int) -> dict[str, Any]:
    """Room for what comes in a run, where ``n`` is the number of households; most of it grows when it runs out."""
    return {
        "idle": np.zeros(max(1, n_crews), dtype=np.int64),
        "queue_size": np.zeros(n_queues, dtype=np.int64),
        "queue_listed": np.zeros(n_queues, dtype=np.int64),
        "queues": pool.rows("queues", EVENT, (n_queues, 64)),
        "events": pool.rows("events", EVENT, (4 * n_faults + 2 * n_crews + 4096,)),
        "household_events": pool.rows("household_events", EVENT, (8 * n + 1024,)),
        "orders": pool.rows("orders", ORDER, (4 * n_faults + n // 4 + 1024,)),
        "jobs": pool.rows("jobs", JOB, (2 * n_faults + 2 * n_crews + 1024,)),
        "reports": pool.rows("reports", REPORT, (2 * n + 1024,)),
    }


def _crews(scenario: Scenario, seeds: Seeds, districts: division.Districts, supply_lost: bool) -> np.recarray:
    """Crews posted to districts, and the trucks that they may become."""
    crews = crew_rows(scenario, seeds, supply_lost)
    division.post(scenario, districts, crews)
    return with_trucks(scenario, crews)


def _visits(scenario: Scenario, place: Place, seeds: Seeds) -> np.ndarray:
    """The liaisons' list, in the order of their rounds. Returns int64 [listed household]."""
    people = place.households
    if liaisons(scenario, len(people)) == 0.0 or scenario["channels.liaison.availability"] == 0.0:
        return OFF_THE_LIST
    share = scenario["liaison.listed_share"]
    listed = place.kept.get("listed", (seeds.world, share), lambda: _listed(people, seeds.world, share))
    return listed[np.argsort(column(seeds.behaviour, Purpose.VISIT, people.id[listed]), kind="stable")]


def _listed(people: Households, seed: int, share: float) -> np.ndarray:
    """Who is on the liaisons' list: a share of the frail; int64 [listed household]."""
    frail = np.flatnonzero(people.over65 | people.disability | people.medical_device | people.no_vehicle)
    return frail[column(seed, Purpose.LISTED, people.id[frail]) < share]


def _first_events(scenario: Scenario, place: Place, state: State, damage: Damage) -> None:
    clock = state.clock[0]
    clock.first_waiting, clock.last_waiting, clock.n_unrepaired = -1, -1, len(state.faults)
    clock.now_h, clock.watched_to_h, clock.first_listed = -np.inf, -np.inf, -1
    clock.first_open = -1
    clock.n_listed = len(state.visits)
    size = 0
    for kind, hours in ((ONSET, damage.onset_h), (ON_DUTY, state.crews.arrives_h)):
        due = np.flatnonzero(np.isfinite(hours))
        size = plan_each(state.events, size, kind, due, np.ascontiguousarray(hours[due]), np.zeros_like(due))
    nobody = np.array([NOBODY])
    if len(damage.onset_h):
        clock.watched_to_h = damage.onset_h.min() + state.parameters[0].derived.look_ahead_h
        size = plan_each(state.events, size, WATCH, nobody, np.array([clock.watched_to_h]), nobody)
    if len(state.teams) and len(damage.onset_h):
        size = plan_each(state.events, size, MORNING, nobody, np.array([scenario["crews.safe_h"]]), nobody)
    if len(state.changes):
        size = plan_each(state.events, size, TOLD, nobody, state.changes.time_h[:1].copy(), nobody)
    if len(state.visits):
        size = plan_each(state.events, size, VISIT, nobody, np.array([scenario["crews.safe_h"]]), nobody)
    clock.n_events = size
    clock.n_household_events = _scripted_reports(scenario, place, state)


def _scripted_reports(scenario: Scenario, place: Place, state: State) -> int:
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
    return plan_each(
        state.household_events, 0, SCRIPTED, who, number(table, "time_h", where, -1_000.0, 10_000.0), channel
    )
