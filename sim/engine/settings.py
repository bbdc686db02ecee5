"""What a scenario sets for a run: crews, channels, and all scalars that the rules read, as rows."""

from datetime import datetime

import numpy as np

from sim.core import state as m
from sim.core.columns import (
    CHANNELS,
    LEVELS,
    SUBSTATION,
    Devices,
)
from sim.core.errors import ScenarioError
from sim.core.luck import Purpose, column
from sim.core.notices import notice
from sim.core.rows import rows
from sim.core.seeds import Seeds
from sim.inputs.parameters import Parameters, catalogue
from sim.inputs.parameters.channels import VOICES
from sim.inputs.scenario import Scenario
from sim.rules.joining import AID, OWN, STAGED
from sim.rules.reporting import LOOK_AHEAD_H
from sim.rules.scores import per_hour, weights
from sim.rules.splitting import TRANSMISSION

CREW_CLASSES = ("line", "trouble")  # those for transmission come after these
THRESHOLDS = (
    "oms.feeders_per_substation", "oms.laterals_per_feeder", "oms.transformers_per_lateral",
    "oms.calls_per_transformer",
)  # fmt: skip
DEFAULTS = {parameter.path: parameter.value for parameter in catalogue(Parameters())}


def crew_rows(scenario: Scenario, seeds: Seeds, supply_lost: bool = False) -> np.recarray:
    """Crews of all classes as rows, at the depot in the middle of the city; arrivals not before work is safe.

    Those for transmission are called up where some substation has lost its supply.
    """
    arrivals, kinds, origins, largest = [], [], [], []
    for kind, name in enumerate(CREW_CLASSES):
        group = getattr(scenario.parameters.crews, name)
        span = max(0.0, group.aid_full_h - group.aid_from_h)
        aid = group.aid_from_h + span * np.arange(1, group.mutual_aid + 1) / max(1, group.mutual_aid)
        hours = np.concatenate([np.full(group.own + group.staged, -np.inf), aid])
        arrivals.append(np.maximum(hours, scenario["crews.safe_h"]))
        kinds.append(np.full(len(hours), kind))
        origins.append(np.repeat((OWN, STAGED, AID), (group.own, group.staged, group.mutual_aid)))
        largest.append(np.full(len(hours), LEVELS.index(group.largest)))
    n_supply = scenario["crews.transmission"] if supply_lost else 0
    arrivals.append(np.full(n_supply, scenario["crews.safe_h"]))
    kinds.append(np.full(n_supply, TRANSMISSION))
    origins.append(np.full(n_supply, OWN))
    largest.append(np.full(n_supply, SUBSTATION))
    crews = rows(m.CREW, sum(len(a) for a in arrivals))
    crews.arrives_h, crews.kind = np.concatenate(arrivals), np.concatenate(kinds)
    crews.largest, crews.origin = np.concatenate(largest), np.concatenate(origins)
    night = column(seeds.behaviour, Purpose.NIGHT_SHIFT, np.arange(len(crews))) < scenario["crews.night_share"]
    crews.shift_offset_h = np.where(night, 12.0, 0.0)
    crews.job, crews.released_h = -1, np.inf
    return crews


def channel_rows(scenario: Scenario) -> np.recarray:
    """The six channels as rows."""
    louder = VOICES[scenario["reporting.voice"]] + scenario["reporting.willingness"]
    table = rows(m.CHANNEL, len(CHANNELS))
    for c, name in enumerate(CHANNELS):
        channel = getattr(scenario.parameters.channels, name)
        table[c].asc = channel.asc + louder
        table[c].hassle, table[c].precision = channel.hassle, channel.precision
        table[c].opens, table[c].closes = channel.opens_hour, channel.closes_hour
        table[c].two_way, table[c].other_languages = channel.two_way, channel.other_languages
    return table


def rules_row(scenario: Scenario, seeds: Seeds, customers: int, metered: bool) -> np.recarray:
    """All scalars that the rules read, in one row; ``metered``: whether any meter ever answers."""
    p, w = scenario.parameters, weights(scenario)
    rules = rows(m.RULES, 1)
    same_name = {
        p.reporting: ("b_need", "b_duration", "b_trust", "b_hassle", "b_language", "b_free", "trust_gain",
                      "believed_neighbour_share", "repeat_one_way", "repeat_two_way", "repeat_wait_h", "proxy_chance",
                      "b_closed", "trust_loss", "informal_delay_h", "web_away_chance"),
        p.telecom: ("recharge_chance", "voip_battery_h"), p.hotline: ("call_takers", "lines", "exact_times"),
        p.oms: ("callback_share", "callback_delay_h"), p.patrol: ("report_gain",),
        p.crews: ("safe_h", "shift_on_h", "speed_km_per_h", "blocked_factor", "blocked_until_h", "split_into"),
    }  # fmt: skip
    for section, names in same_name.items():
        for name in names:
            rules[name] = getattr(section, name)
    visits_per_h = liaisons(scenario, customers) * p.liaison.visits_per_h
    renamed = {
        "world_seed": seeds.world, "storm_seed": seeds.storm, "behaviour_seed": seeds.behaviour,
        "peak_hour": peak_hour(scenario), "need_shape": p.need.shape, "look_ahead_h": LOOK_AHEAD_H,
        "day_starts": p.reporting.day_starts_hour, "day_ends": p.reporting.day_ends_hour,
        "attention_day": p.reporting.attention_per_h,
        "attention_night": p.reporting.attention_per_h * p.reporting.night_factor,
        "handle_h": p.hotline.handle_min / 60, "patience_h": p.hotline.patience_min / 60,
        "visit_every_h": 1 / visits_per_h if visits_per_h else np.inf,
        "escalation_h": p.oms.escalation_min / 60, "missed_withdrawal": p.oms.missed_withdrawal_share,
        "per_report": w["reports"], "per_voice": w["corrected_reports"], "per_informal": w["pressure"],
        "propensity_customers": p.dispatch.propensity_customers, "metered": metered,
        "walk_km_per_h": p.patrol.speed_km_per_h,
        "patrol_starts": p.patrol.starts_hour, "patrol_ends": p.patrol.ends_hour,
        "inquiries_per_h": p.hotline.inquiries_per_day / (p.reporting.day_ends_hour - p.reporting.day_starts_hour),
        "inquiry_h": p.hotline.inquiry_min / 60, "waiting": w["waiting"],
        "dispatch_cycle_h": p.dispatch.every_min / 60, "shift_starts": p.crews.shift_starts_hour,
        "release_per_crew": p.crews.release_orders_per_crew,
        "travel_h": p.crews.travel_min / 60, "aid_by_orders": p.crews.aid_by == "orders",
        "perfect_knowledge": p.sensing.knowledge == "perfect" or p.dispatch.policy == "omniscient",
    }  # fmt: skip
    for name, value in renamed.items():
        rules[name] = value
    rules.per_hour[0] = per_hour(scenario)
    seen = p.patrol.sees_two_below, p.patrol.sees_further_below
    rules.seen[0] = [1.0, p.patrol.sees_one_below, *seen, seen[-1]]
    rules.patrol_h[0] = [getattr(p.patrol, f"{level}_h") for level in LEVELS]
    rules.threshold[0] = [*(scenario[path] for path in THRESHOLDS), 1]
    return rules


def remark_on_thresholds(scenario: Scenario, devices: Devices) -> None:
    """Say so where a threshold was raised beyond what any device of its level has behind it: it is never suspected."""
    voting = devices.rollup[devices.rollup >= 0]
    members = np.bincount(voting, minlength=len(devices))
    for level, path in enumerate(THRESHOLDS):
        most = int(members[devices.level == level].max(initial=0))
        if scenario[path] > most and scenario[path] != DEFAULTS[path]:
            name = LEVELS[level]
            many = f"no {name} has so many behind it (at most {most}), so none will be suspected from reports"
            notice(f"{scenario.name}: {path} = {scenario[path]}: {many}")


def liaisons(scenario: Scenario, customers: int) -> float:
    """Liaisons on their rounds, in full-time people, in a city of so many households, synthetic or of a table."""
    return scenario["liaison.liaisons"] + scenario["liaison.per_10000_customers"] * customers / 1e4


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
