"""What a scenario sets for a run, as rows: crews, channels, and the parameters.

Rules read a parameter as it is declared, ``parameters.hotline.handle_min`` (:mod:`sim.inputs.parameters.record`), and
under ``parameters.derived`` what parameters, seeds and the city are made into before a run. Here *parameters* are
numbers, and *rules* are the functions that read them.
"""

from datetime import datetime
from typing import Any

import numpy as np

from sim.core.columns import LEVELS, SUBSTATION, Devices, Place
from sim.core.control_room_rows import CREW
from sim.core.errors import ScenarioError
from sim.core.household_rows import CHANNEL
from sim.core.luck import Purpose, column
from sim.core.notices import notice
from sim.core.outcome_codes import DISTRIBUTION_CREWS, TRANSMISSION
from sim.core.rows import rows
from sim.core.seeds import Seeds
from sim.inputs.parameters.channels import CHANNELS, VOICES
from sim.inputs.parameters.declare import catalogue
from sim.inputs.parameters.record import dtype_of, values_of
from sim.inputs.parameters.root import Parameters
from sim.inputs.parameters.utility import Weights
from sim.inputs.scenario import Scenario
from sim.rules import bounds
from sim.rules.attention import LOOK_AHEAD_H
from sim.rules.joining import AID, OWN, STAGED
from sim.rules.scores import per_hour, weights

THRESHOLDS = (
    "oms.feeders_per_substation", "oms.laterals_per_feeder", "oms.transformers_per_lateral",
    "oms.calls_per_transformer",
)  # fmt: skip
DERIVED = np.dtype(
    [
        ("storm_seed", "u8"),
        ("behaviour_seed", "u8"),
        ("peak_hour", "f8"),  # wall-clock hour of the storm's peak
        ("look_ahead_h", "f8"),
        ("visit_every_h", "f8"),  # of all liaisons together
        ("metered", "?"),  # some meter answers, now or later
        ("weights", dtype_of(Weights)),  # of the dispatch score, in force: the policy's, or the scenario's own
        ("per_hour", "f8", (len(LEVELS),)),  # one over the expected hours of a job, to the power of its weight
        ("on_site_h", "f8", (len(LEVELS),)),  # search, besides the line
        ("most_by_need", "f8", (bounds.EIGHTHS + 1,)),  # :mod:`sim.rules.bounds`
        ("most_by_hours", "f8", (bounds.HOURS + 1,)),
        ("threshold", "i8", (len(LEVELS),)),  # suspects behind a device that make it suspect
        ("seen", "f8", (len(LEVELS),)),  # chance to see a fault so many levels below
    ],
    align=True,
)
DECLARED = dtype_of(Parameters)
PARAMETERS = np.dtype([*((name, DECLARED[name]) for name in DECLARED.names or ()), ("derived", DERIVED)], align=True)
DEFAULTS = {parameter.path: parameter.value for parameter in catalogue(Parameters())}


def crew_rows(scenario: Scenario, seeds: Seeds, supply_lost: bool = False) -> np.recarray:
    """Crews of all classes as rows, at the depot in the middle of the city; arrivals not before work is safe.

    Those for transmission are called up where some substation has lost its supply.
    """
    arrivals, kinds, origins, largest = [], [], [], []
    for kind, name in enumerate(DISTRIBUTION_CREWS):
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
    crews = rows(CREW, sum(len(a) for a in arrivals))
    crews.arrives_h, crews.kind = np.concatenate(arrivals), np.concatenate(kinds)
    crews.largest, crews.origin = np.concatenate(largest), np.concatenate(origins)
    night = column(seeds.behaviour, Purpose.NIGHT_SHIFT, np.arange(len(crews))) < scenario["crews.night_share"]
    crews.shift_offset_h = np.where(night, 12.0, 0.0)
    crews.job, crews.released_h = -1, np.inf
    return crews


def channel_rows(scenario: Scenario) -> np.recarray:
    """The channels as rows."""
    louder = VOICES[scenario["reporting.voice"]] + scenario["reporting.willingness"]
    channels = [getattr(scenario.parameters.channels, name) for name in CHANNELS]
    table = rows(CHANNEL, len(CHANNELS))
    table.asc = [channel.asc + louder for channel in channels]
    table.opens, table.closes = [c.opens_hour for c in channels], [c.closes_hour for c in channels]
    for name in ("hassle", "precision", "two_way", "other_languages"):
        table[name] = [getattr(channel, name) for channel in channels]
    return table


def parameters_row(scenario: Scenario, seeds: Seeds, customers: int, metered: bool) -> np.recarray:
    """All parameters, and what they are made into, in one row; ``metered``: whether any meter ever answers."""
    row = rows(PARAMETERS, 1)
    row[0] = (*values_of(scenario.parameters), row["derived"][0])
    weighs = scenario.parameters.reporting
    most = bounds.tables(weighs.b_need, scenario["need.shape"], weighs.b_duration)
    derived = (
        _by_level(scenario)
        | most
        | {
            "storm_seed": seeds.storm,
            "behaviour_seed": seeds.behaviour,
            "peak_hour": peak_hour(scenario),
            "look_ahead_h": LOOK_AHEAD_H,
            "visit_every_h": _visit_every_h(scenario, customers),
            "metered": metered,
            "weights": tuple(weights(scenario).values()),
        }
    )
    into = row.view(np.ndarray)["derived"]
    for name, value in derived.items():
        into[name] = value
    return row


def _by_level(scenario: Scenario) -> dict[str, Any]:
    """What rules look up by level, or by levels in between."""
    patrol = scenario.parameters.patrol
    below = patrol.sees_one_below, patrol.sees_two_below, patrol.sees_further_below
    return {
        "per_hour": per_hour(scenario),
        "on_site_h": [getattr(patrol, f"{level}_h") for level in LEVELS],
        "threshold": [*(scenario[path] for path in THRESHOLDS), 1],
        "seen": [1.0, *below, below[-1]],
    }


def _visit_every_h(scenario: Scenario, customers: int) -> float:
    per_h = liaisons(scenario, customers) * scenario["liaison.visits_per_h"]
    return 1 / per_h if per_h else np.inf


def remark_on_thresholds(scenario: Scenario, place: Place) -> None:
    """Say so where a threshold was raised beyond what any device of its level has behind it: it is never suspected."""
    found = place.kept.get("most members", 0, lambda: _most_members(place.devices))
    for most, level, path in zip(found.tolist(), LEVELS, THRESHOLDS, strict=False):
        if scenario[path] > most and scenario[path] != DEFAULTS[path]:
            many = f"no {level} has so many behind it (at most {most}), so none will be suspected from reports"
            notice(f"{scenario.name}: {path} = {scenario[path]}: {many}")


def _most_members(devices: Devices) -> np.ndarray:
    """The most devices that roll up to one of each level that has a threshold; int64 [level]."""
    members = np.bincount(devices.rollup[devices.rollup >= 0], minlength=len(devices))
    return np.array([members[devices.level == level].max(initial=0) for level in range(len(THRESHOLDS))])


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
