"""From a place, a storm and a scenario to the memory of a run, with the first events in it."""

from datetime import datetime
from typing import Any

import numpy as np

from sim import channels as access
from sim import memory as m
from sim.columns import CHANNELS, LEVELS, Damage, Households, Place
from sim.errors import ScenarioError, nearest, unknown
from sim.events import NOBODY, ON_DUTY, ONSET, PATROLLED, SCRIPTED, VISIT, WATCH, plan_each
from sim.luck import Purpose, column, lognormal
from sim.reporting import LOOK_AHEAD_H
from sim.scenario import Scenario
from sim.scores import per_hour, static_scores, weights
from sim.seeds import Seeds
from sim.tables import number, read_table

CREW_CLASSES = ("line", "trouble")
OFF_THE_LIST = np.array([], dtype=np.int64)


def begin(scenario: Scenario, place: Place, damage: Damage, seeds: Seeds) -> m.Memory:
    """Memory of a run before its first event."""
    n, n_faults = len(place.households), len(damage.device)
    rules = rules_row(scenario, seeds)
    crews = crew_rows(scenario, seeds)
    visits = _visits(scenario, place.households, seeds)
    memory = m.Memory(
        folk=folk_rows(scenario, place, damage, seeds),
        devices=device_rows(scenario, place, damage, seeds),
        faults=fault_rows(damage),
        crews=crews,
        channels=channel_rows(scenario),
        rules=rules,
        clock=m.rows(m.CLOCK, 1),
        ties=np.ascontiguousarray(place.ties, dtype=np.int64),
        visits=visits,
        idle=np.zeros(max(1, len(crews)), dtype=np.int64),
        queue_size=np.zeros(5, dtype=np.int64),
        queues=m.rows(m.EVENT, (5, 4 * n_faults + 1024)),
        events=m.rows(m.EVENT, 4 * n_faults + 2 * len(crews) + 4096),
        calls=m.rows(m.EVENT, 3 * n + 1024),
        orders=m.rows(m.ORDER, 3 * n_faults + n // 8 + 1024),
        jobs=m.rows(m.JOB, 2 * n_faults + 2 * len(crews) + 1024),
        reports=m.rows(m.REPORT, n // 2 + 1024),
    )
    _first_events(scenario, place, memory, damage)
    return memory


def folk_rows(scenario: Scenario, place: Place, damage: Damage, seeds: Seeds) -> np.recarray:
    """Households as rows, all with power."""
    people = place.households
    folk = m.rows(m.FOLK, len(people))
    for name in ("id", "tolerance_h", "knowledge", "trust", "limited_english", "landline", "broadband", "smartphone"):
        folk[name] = getattr(people, name)
    folk.served_by = place.served_by
    folk.cell_back_h = damage.cell_back_h[people.neighbourhood]
    battery = column(seeds.storm, Purpose.BATTERY, people.id)
    folk.battery_h = lognormal(battery, scenario["telecom.battery_h"], 0.4)
    folk.can = (
        access.owned(people)
        & access.offered(scenario, seeds.behaviour, people)
        & access.aware(scenario, seeds.world, people, place.ties)
    )
    for name in ("out_h", "restored_h", "first_report_h", "known_h", "moment_h", "check_h"):
        folk[name] = np.inf
    folk.quiet_until_h = -np.inf
    folk.next_waiting, folk.previous_waiting, folk.first_channel, folk.chosen = -1, -1, -1, -1
    return folk


def device_rows(scenario: Scenario, place: Place, damage: Damage, seeds: Seeds) -> np.recarray:
    """Devices as rows, all intact and unsuspected."""
    grid = place.devices
    devices: Any = m.rows(m.DEVICE, len(grid))
    for name in ("id", "parent", "end", "first", "last", "rollup", "x_km", "y_km", "level"):
        devices[name] = getattr(grid, name)
    devices.order, devices.fault = -1, -1
    devices.fault[damage.device] = np.arange(len(damage.device))
    devices.first_fault = np.searchsorted(damage.device, np.arange(len(grid)))
    devices.last_fault = np.searchsorted(damage.device, grid.end)
    svi = place.neighbourhoods.svi
    devices.static_score = static_scores(scenario, seeds.behaviour, grid, place.households, svi)
    return devices


def fault_rows(damage: Damage) -> np.recarray:
    """Faults as rows, none known, none repaired."""
    faults = m.rows(m.FAULT, len(damage.device))
    faults["at"] = damage.device
    for name in ("onset_h", "repair_h", "sensed_h", "patrol_h"):
        faults[name] = getattr(damage, name)
    for name in ("confirmed_h", "visit_start_h", "visit_end_h", "assigned_h", "repaired_h"):
        faults[name] = np.inf
    return faults


def crew_rows(scenario: Scenario, seeds: Seeds) -> np.recarray:
    """Crews of all classes as rows, at the depot in the middle of the city; arrivals not before work is safe."""
    arrivals, kinds, largest = [], [], []
    for kind, name in enumerate(CREW_CLASSES):
        group = getattr(scenario.parameters.crews, name)
        span = max(0.0, group.aid_full_h - group.aid_from_h)
        aid = group.aid_from_h + span * np.arange(1, group.mutual_aid + 1) / max(1, group.mutual_aid)
        hours = np.concatenate([np.full(group.own + group.staged, -np.inf), aid])
        arrivals.append(np.maximum(hours, scenario["crews.safe_h"]))
        kinds.append(np.full(len(hours), kind))
        largest.append(np.full(len(hours), LEVELS.index(group.largest)))
    crews = m.rows(m.CREW, sum(len(a) for a in arrivals))
    crews.arrives_h, crews.kind = np.concatenate(arrivals), np.concatenate(kinds)
    crews.largest = np.concatenate(largest)
    night = column(seeds.behaviour, Purpose.NIGHT_SHIFT, np.arange(len(crews))) < scenario["crews.night_share"]
    crews.shift_offset_h = np.where(night, 12.0, 0.0)
    crews.job = -1
    return crews


def channel_rows(scenario: Scenario) -> np.recarray:
    """The six channels as rows."""
    rows = m.rows(m.CHANNEL, len(CHANNELS))
    for c, name in enumerate(CHANNELS):
        channel = getattr(scenario.parameters.channels, name)
        rows[c].asc, rows[c].hassle, rows[c].precision = channel.asc, channel.hassle, channel.precision
        rows[c].opens, rows[c].closes = channel.opens_hour, channel.closes_hour
        rows[c].two_way, rows[c].other_languages = channel.two_way, channel.other_languages
    return rows


def rules_row(scenario: Scenario, seeds: Seeds) -> np.recarray:
    """All scalars that the rules read, in one row."""
    p, w = scenario.parameters, weights(scenario)
    rules = m.rows(m.RULES, 1)
    same_name = {
        p.reporting: ("b_need", "b_duration", "b_trust", "b_hassle", "b_language", "b_free", "trust_gain",
                      "believed_neighbour_share", "repeat_one_way", "repeat_two_way", "repeat_wait_h", "proxy_chance",
                      "informal_delay_h", "web_away_chance"),
        p.telecom: ("recharge_chance",), p.hotline: ("call_takers", "lines", "exact_times"),
        p.oms: ("callback_share", "callback_delay_h"), p.patrol: ("report_gain",),
        p.crews: ("shift_on_h", "speed_km_per_h", "blocked_factor", "blocked_until_h"),
    }  # fmt: skip
    for section, names in same_name.items():
        for name in names:
            rules[name] = getattr(section, name)
    visits_per_h = p.liaison.liaisons * p.liaison.visits_per_h
    renamed = {
        "world_seed": seeds.world, "storm_seed": seeds.storm, "behaviour_seed": seeds.behaviour,
        "peak_hour": peak_hour(scenario), "need_shape": p.need.shape, "look_ahead_h": LOOK_AHEAD_H,
        "day_starts": p.reporting.day_starts_hour, "day_ends": p.reporting.day_ends_hour,
        "attention_day": p.reporting.attention_per_h,
        "attention_night": p.reporting.attention_per_h * p.reporting.night_factor,
        "handle_h": p.hotline.handle_min / 60, "patience_h": p.hotline.patience_min / 60,
        "visit_every_h": 1 / visits_per_h if visits_per_h else np.inf,
        "escalation_h": p.oms.escalation_min / 60, "missed_withdrawal": p.oms.missed_withdrawal_share,
        "per_report": w["reports"], "per_informal": w["pressure"], "waiting": w["waiting"],
        "dispatch_cycle_h": p.dispatch.every_min / 60, "shift_starts": p.crews.shift_starts_hour,
        "travel_h": p.crews.travel_min / 60,
        "perfect_knowledge": p.sensing.knowledge == "perfect" or p.dispatch.policy == "omniscient",
    }  # fmt: skip
    for name, value in renamed.items():
        rules[name] = value
    rules.per_hour[0] = per_hour(scenario)
    rules.patrol_h[0] = [getattr(p.patrol, f"{level}_h") for level in LEVELS]
    rules.threshold[0] = [
        p.oms.feeders_per_substation, p.oms.laterals_per_feeder, p.oms.transformers_per_lateral,
        p.oms.calls_per_transformer, 1,
    ]  # fmt: skip
    return rules


def peak_hour(scenario: Scenario) -> float:
    """Wall-clock hour of the storm's peak."""
    text = scenario["storm.peak_at"]
    try:
        peak = datetime.fromisoformat(text)
    except ValueError:
        raise ScenarioError(
            f"{scenario.name} [storm]: peak_at must be an ISO 8601 time such as 2018-10-10T18:00, not '{text}'"
        ) from None
    return peak.hour + peak.minute / 60 + peak.second / 3600


def _visits(scenario: Scenario, people: Households, seeds: Seeds) -> np.ndarray:
    """The liaisons' list, in the order of their rounds. Returns int32 [listed household]."""
    if scenario["liaison.liaisons"] == 0 or scenario["channels.liaison.availability"] == 0.0:
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
    for kind, hours in ((ONSET, damage.onset_h), (PATROLLED, damage.patrol_h), (ON_DUTY, memory.crews.arrives_h)):
        due = np.flatnonzero(np.isfinite(hours))
        size = plan_each(memory.events, size, kind, due, np.ascontiguousarray(hours[due]), np.zeros_like(due))
    nobody = np.array([NOBODY])
    if len(damage.onset_h):
        clock.watched_to_h = damage.onset_h.min() + memory.rules[0].look_ahead_h
        size = plan_each(memory.events, size, WATCH, nobody, np.array([clock.watched_to_h]), nobody)
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
    for row, (household, channel) in enumerate(zip(table["household"], table["channel"], strict=True), 1):
        if household not in index:
            raise ScenarioError(f"{where}: row {row}: no household '{household}'{nearest(household, index)}")
        if channel not in CHANNELS:
            raise unknown(f"{where}: row {row}", "channel", channel, CHANNELS)
    who = np.array([index[h] for h in table["household"]], dtype=np.int64)
    channel = np.array([CHANNELS.index(c) for c in table["channel"]], dtype=np.int64)
    return plan_each(memory.calls, 0, SCRIPTED, who, number(table, "time_h", where, -1_000.0, 10_000.0), channel)
