"""No lever without effect: moving any declared parameter changes the place, the damage or what happens."""

import hashlib

import numpy as np
import pytest

from sim.outreach import PROGRAMMES
from sim.parameters import Parameters, catalogue
from tests.laws.towns import ALL_RULES, PLAIN, bytes_of, memory_of, world

RICH = {
    **ALL_RULES,
    "place.customers": 300,
    "knowledge.awareness_limited_english_odds": 0.2,
    "people.medical_device_share": 0.2,
    "people.over65_share": 0.3,
    "people.disability_share": 0.2,
    "grid.critical_share": 0.3,
    "dispatch.weights.critical": 5.0,
    "dispatch.weights.substation": 5.0,
    "storm.failures.substation": 0.3,
    "ties.word_of_mouth": 0.1,
    "crews.trouble.mutual_aid": 2,
    "crews.trouble.staged": 1,
    "hotline.lines": 3,
}
SEED = 2
TRACK = [
    ["2018-10-10T12:00Z", 29.0, -86.3, 125.0, 20.0],
    ["2018-10-10T18:00Z", 30.2, -85.4, 135.0, 20.0],
    ["2018-10-11T00:00Z", 31.5, -84.5, 80.0, 30.0],
]
UNDER_TRACK = {"storm.track": TRACK}
BLIND = {f"sensing.{level}": 0.0 for level in ("substation", "feeder", "lateral", "transformer", "drop")}
LISTENING = {
    **BLIND, "sensing.meter_coverage": 0.0, "patrol.network_share_per_day": 0.0, "reporting.attention_per_h": 4.0,
    "hotline.call_takers": 20, "hotline.lines": 40, "crews.safe_h": 20.0, "oms.missed_withdrawal_share": 0.0,
}  # fmt: skip

# Parameters that have no bearing on a run by themselves, and what they are for or where they are tested.
ELSEWHERE = {
    "place.tracts": "a file; read in tests/unit/test_neighbourhoods.py",
    "place.households": "a file; read in tests/unit/test_people.py",
    "grid.nodes": "a file; read in tests/unit/test_networks.py",
    "grid.edges": "a file; read in tests/unit/test_networks.py",
    "grid.graphml": "a file; read in tests/unit/test_networks.py",
    "grid.line_km": "needs lines with lengths from such a file; tests/unit/test_networks.py",
    "storm.gust_table": "a file; read in tests/unit/test_storm.py",
    "storm.damage_table": "a file; read in tests/unit/test_storm.py",
    **dict.fromkeys(
        ("outreach.medical_registration.at_h", "outreach.medical_registration.over_h"),
        "the register is read when work begins; later is refused: tests/unit/test_outreach.py",
    ),
    **{
        path: "enters the accounts, never a run; tests/unit/test_costs.py"
        for path in (p.path for p in catalogue(Parameters()))
        if path.startswith(("costs.", "credits.")) or path.endswith(("cost_usd", "fixed_usd", "offer_usd"))
    },
}
# Where half-way to the farther end of the range is too big, too rare or no change at all.
VALUES = {
    "place.customers": 301,
    "place.neighbourhoods": 6,
    "place.area_km2": 25.0,
    "people.median_income_usd": 30_000.0,
    "grid.customers_per_substation": 75,
    "grid.customers_per_feeder": 30,
    "grid.customers_per_lateral": 30,
    "grid.customers_per_transformer": 8,
    "hotline.call_takers": 2,
    "hotline.lines": 1,
    "liaison.liaisons": 3,
    "crews.line.own": 3,
    "crews.line.staged": 2,
    "crews.line.mutual_aid": 4,
    "crews.line.aid_from_h": 20.0,
    "crews.line.aid_full_h": 30.0,
    "crews.line.largest": "feeder",
    "crews.trouble.own": 2,
    "crews.trouble.staged": 2,
    "crews.trouble.mutual_aid": 3,
    "crews.trouble.aid_from_h": 20.0,
    "crews.trouble.aid_full_h": 30.0,
    "crews.trouble.largest": "drop",
    "crews.safe_h": 12.0,
    "crews.blocked_until_h": 10.0,
    "oms.calls_per_transformer": 3,
    "oms.transformers_per_lateral": 3,
    "oms.laterals_per_feeder": 2,
    "oms.feeders_per_substation": 1,
    "sensing.substation": 0.0,
    "storm.peak_at": "2018-10-10T02:30",
    "storm.track": TRACK,
    "storm.reference_gust_m_per_s": 40.0,
    "place.latitude_deg": 30.8,
    "place.longitude_deg": -84.0,
    "dispatch.policy": "random",
    "dispatch.weights.substation": 0.0,
    "dispatch.weights.critical": 0.0,
    "run.horizon_h": 10.0,
    "liaison.per_10000_customers": 100.0,
    **{f"outreach.{name}.at_h": 12.0 for name in PROGRAMMES},
    **{f"outreach.{name}.over_h": 30.0 for name in PROGRAMMES},
    **{f"outreach.{name}.least_aware_first": True for name in PROGRAMMES},
    **{f"outreach.{name}.below_income_usd": 40_000.0 for name in PROGRAMMES},
    **{f"outreach.{name}.attribute": "renter" for name in PROGRAMMES},
    **{f"outreach.{name}.neighbourhoods": ["N1", "N2"] for name in PROGRAMMES},
    **{p.path: ["informal"] for p in catalogue(Parameters()) if p.path.endswith(".channels")},
}
# What a parameter needs beside it to have a say.
COMPANY = {
    "place.latitude_deg": UNDER_TRACK,
    "place.longitude_deg": UNDER_TRACK,
    "storm.holland_b": UNDER_TRACK,
    "storm.land_factor": UNDER_TRACK,
    "storm.gust_factor": UNDER_TRACK,
    "storm.gust_exponent": {"storm.gust_m_per_s": 45.0},
    "oms.feeders_per_substation": LISTENING,
    "oms.laterals_per_feeder": LISTENING,
    "oms.transformers_per_lateral": LISTENING,
    "oms.calls_per_transformer": LISTENING,
}


# A programme by itself, so that no other one does the same; effects so large that a town of 300 shows them.
def company_of_programme(path):
    name = path.split(".")[1] if path.count(".") == 2 else "sms_cold"
    begins_h = 2.0 if path.endswith("over_h") else -720.0
    own = {"at_h": begins_h, "reach": 0.9, "target_share": 0.8, "effect": 0.4}
    return {f"outreach.{name}.{key}": value for key, value in own.items()}


COMPANY |= {p.path: company_of_programme(p.path) for p in catalogue(Parameters()) if p.path.startswith("outreach.")}
PARAMETERS = {p.path: p for p in catalogue(Parameters())}


def another(parameter, value):
    """Another legal value than ``value``: half-way to the farther end of the range."""
    if parameter.path in VALUES:
        return VALUES[parameter.path]
    if parameter.kind == "yes/no":
        return not value
    if parameter.kind == "choice":
        return next(choice for choice in parameter.choices if choice != value)
    low, high = parameter.low, parameter.high
    moved = (value + (high if high - value >= value - low else low)) / 2
    return round(moved) if parameter.kind == "whole" else moved


def signature(scenario):
    """Digest of everything that comes of a scenario."""
    place, damage = world(scenario, SEED)
    columns = [*vars(place.households).values(), *vars(place.devices).values(), place.ties, *damage]
    made = [values.tobytes() for values in columns if isinstance(values, np.ndarray) and values.dtype != object]
    happened = bytes_of(memory_of(scenario, SEED, (place, damage)))
    return hashlib.sha256(b"|".join([*made, *happened.values()])).hexdigest()


@pytest.fixture(scope="module")
def before():
    """Signatures by company: most parameters share the first."""
    known = {}

    def remembered(company):
        key = repr(sorted(company.items()))
        if key not in known:
            known[key] = signature(PLAIN.but({**RICH, **company}))
        return known[key]

    return remembered


@pytest.mark.parametrize("path", [path for path in PARAMETERS if path not in ELSEWHERE])
def test_moving_the_parameter_changes_something(before, path):
    company = COMPANY.get(path, {})
    scenario = PLAIN.but({**RICH, **company})
    moved = scenario.but({path: another(PARAMETERS[path], scenario[path])})
    assert moved[path] != scenario[path]
    assert signature(moved) != before(company)


def test_the_exceptions_are_parameters_and_nothing_else():
    assert set(ELSEWHERE) | set(VALUES) | set(COMPANY) <= set(PARAMETERS)
