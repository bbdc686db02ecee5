"""Small towns for the laws, and what a run left behind as rows and as digests of them.

``python -m tests.laws.towns`` prints the digests of two towns as JSON: the laws run it under other interpreters'
settings.
"""

import hashlib
import json

import numpy as np

from sim.core.columns import Damage, Place
from sim.core.seeds import Seeds
from sim.core.state import State
from sim.engine.simulate import advance_to
from sim.engine.start import begin
from sim.inputs.parameters.declare import catalogue
from sim.inputs.parameters.root import Parameters
from sim.inputs.scenario import Scenario
from sim.world import place as places
from sim.world import storm

PLAIN = Scenario("defaults", Parameters())
OFF = [p.path for p in catalogue(PLAIN.parameters) if p.path.endswith(".availability") and p.value == 0.0]
SMALL = {
    "place.customers": 200,
    "place.neighbourhoods": 5,
    "place.area_km2": 20.0,
    "grid.customers_per_substation": 100,
    "grid.customers_per_feeder": 50,
    "grid.customers_per_lateral": 15,
    "grid.customers_per_transformer": 4,
    "crews.line.own": 2,
    "crews.trouble.own": 1,
    "storm.failures.transformer": 0.3,
    "storm.failures.drop": 0.1,
}
# Every rule of the event loop has something to do.
ALL_RULES = {
    **SMALL,
    **dict.fromkeys(OFF, 0.8),
    "channels.app.awareness": 0.4,
    "channels.sms.awareness": 0.4,
    "channels.web.other_languages": True,
    "liaison.liaisons": 1,
    "hotline.call_takers": 1,
    "hotline.lines": 2,
    "hotline.handle_min": 20.0,
    "people.limited_english_share": 0.1,
    "people.political_capital_share": 0.3,
    "reporting.proxy_chance": 0.4,
    "reporting.attention_per_h": 0.5,
    "sensing.meter_coverage": 0.3,
    "oms.callback_share": 0.7,
    "sensing.meter_half_time_h": 24.0,
    "patrol.teams": 1,
    "patrol.sees_two_below": 0.5,
    "away.left_before_share": 0.1,
    "away.leaves_share": 0.2,
    "away.leaves_after_h": 6.0,
    "people.voip_share": 0.3,
    "hotline.inquiries_per_day": 0.2,
    "dispatch.policy": "custom",
    "dispatch.every_min": 20.0,
    "dispatch.weights.customers": 1.0,
    "dispatch.weights.reports": 0.5,
    "dispatch.weights.corrected_reports": 0.5,
    "dispatch.weights.single_home": -1.0,
    "dispatch.propensity_customers": 10.0,
    "dispatch.weights.waiting": 0.1,
    "dispatch.weights.medical": 2.0,
    "dispatch.weights.vulnerability": 1.0,
    "dispatch.weights.pressure": 3.0,
    "dispatch.weights.luck": 0.5,
    "crews.line.mutual_aid": 2,
    "crews.line.staged": 1,
    "crews.line.aid_from_h": 10.0,
}
ROWS = ("households", "faults", "crews", "orders", "jobs", "reports")
COUNTED = {"orders": "n_orders", "jobs": "n_jobs", "reports": "n_reports"}


def town(patch: dict | None = None, base: dict = SMALL) -> Scenario:
    """A small town with some parameters changed."""
    return PLAIN.but({**base, **(patch or {})}, name="a small town")


def world(scenario: Scenario, seed: int = 1) -> tuple[Place, Damage]:
    """The place and what the storm did to it."""
    place = places.build(scenario, seed)
    return place, storm.strike(scenario, place, seed)


def state_of(scenario: Scenario, seed: int = 1, built: tuple[Place, Damage] | None = None) -> State:
    """Rows after a run."""
    place, damage = built or world(scenario, seed)
    return advance_to(begin(scenario, place, damage, Seeds.all(seed)), scenario["run.horizon_h"])


def rows_of(state: State) -> dict[str, np.ndarray]:
    """The rows that were used, by kind."""
    ends = {name: int(state.clock[COUNTED[name]][0]) if name in COUNTED else None for name in ROWS}
    return {name: np.asarray(getattr(state, name)[: ends[name]]) for name in ROWS}


def bytes_of(state: State) -> dict[str, bytes]:
    """The same as bytes, to compare exactly."""
    return {name: rows.tobytes() for name, rows in rows_of(state).items()}


def digests(state: State) -> dict[str, str]:
    """The same as digests, to compare across processes."""
    return {name: hashlib.blake2b(rows, digest_size=16).hexdigest() for name, rows in bytes_of(state).items()}


def columns_of(state: State) -> dict[str, str]:
    """Digest of every column, to tell where a difference lies."""
    return {
        f"{kind}.{name}": hashlib.blake2b(np.ascontiguousarray(rows[name]).tobytes(), digest_size=8).hexdigest()
        for kind, rows in rows_of(state).items()
        for name in rows.dtype.names
    }


def report() -> dict[str, dict[str, str]]:
    """Digests of the towns that the laws compare across interpreters."""
    runs = {"all rules": state_of(town(base=ALL_RULES), 3), "standard": state_of(town(), 4)}
    return {name: {**digests(state), **columns_of(state)} for name, state in runs.items()}


def assert_same(one, other, but=()):
    one, other = bytes_of(one), bytes_of(other)
    assert [name for name in one if one[name] != other[name] and name not in but] == []


if __name__ == "__main__":
    print(json.dumps(report()))
