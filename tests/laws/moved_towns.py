"""The towns in which parameters are moved: everything happens in the first, the others lay bare one rule of it."""

from sim.core.columns import LEVELS
from sim.core.outcome_codes import DISTRIBUTION_CREWS
from sim.inputs.parameters.declare import catalogue
from sim.inputs.parameters.observables import OBSERVABLES
from sim.inputs.parameters.root import Parameters
from tests.laws.towns import ALL_RULES

PARAMETERS = {p.path: p for p in catalogue(Parameters())}
TRACK = [
    ["2018-10-10T12:00Z", 29.0, -86.3, 125.0, 20.0],
    ["2018-10-10T18:00Z", 30.2, -85.4, 135.0, 20.0],
    ["2018-10-11T00:00Z", 31.5, -84.5, 80.0, 30.0],
]
# Towns. Everything happens in the first; the others lay bare one rule of it.
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
FEW_LANDLINES = {"people.landline_share": 0.1, "place.neighbourhoods": 30, "telecom.cell_out_share": 0.5}
CREWS = [f"crews.{kind}.{when}" for kind in DISTRIBUTION_CREWS for when in ("own", "staged", "mutual_aid")]
NO_CREWS = dict.fromkeys(CREWS, 0)
TIGHT = {**NO_CREWS, "crews.line.own": 1, "sensing.knowledge": "perfect", "crews.shift_on_h": 24.0}
UNDER_TRACK = {"storm.track": TRACK}
RHYTHM = [f"reporting.{name}" for name in ("attention_per_h", "night_factor", "day_starts_hour", "day_ends_hour")]
STEADY = {"reporting.b_need": 0.0, "reporting.b_duration": 0.0, "run.horizon_h": 24.0}  # one moment is like another
BLIND = {f"sensing.{level}": 0.0 for level in LEVELS} | {
    "sensing.meter_coverage": 0.0, "patrol.teams": 0,
}  # fmt: skip
ANSWERED = {"hotline.call_takers": 300, "hotline.lines": 300}
NOBODY_WORKS = {
    **BLIND, **ANSWERED, "crews.safe_h": 96.0, "run.horizon_h": 72.0, "liaison.liaisons": 0,
    "people.limited_english_share": 0.5,
}  # fmt: skip
LISTENING = {**NOBODY_WORKS, "reporting.attention_per_h": 4.0, "oms.missed_withdrawal_share": 0.0}
ONE_CREW = {
    **ANSWERED, **TIGHT, **{f"dispatch.weights.{name}": 0.0 for name in Parameters().dispatch.weights.model_dump()},
    "dispatch.weights.luck": 0.5, "dispatch.every_min": 0.0, "run.horizon_h": 3_000.0, "crews.safe_h": 24.0,
}  # fmt: skip
FEW_LINES = {"hotline.lines": 6, "hotline.call_takers": 6, "hotline.inquiries_per_day": 1.0}
CLOSED = {  # many second faults that no crew sees, so that many reports are closed in error
    **BLIND,
    "patrol.sees_one_below": 0.0,
    "patrol.sees_two_below": 0.0,
    "oms.callback_share": 0.0,
    "crews.line.own": 20,
    "storm.failures.drop": 0.5,
    "reporting.voice": "high",
    "away.left_before_share": 0.0,
    "away.leaves_share": 0.0,
    "liaison.liaisons": 0,
    "sensing.feeder": 1.0,
}
TORN_OFF = {"storm.owner_share": 0.9, "storm.failures.drop": 2.0}
ON_CREDIT = {"outreach.weatherhead_repair.form": "loan", "outreach.weatherhead_repair.from_h": -24.0}
TOWN_OF = {
    **{name: TORN_OFF for name in ("meter_bases", "electrician_h", "electrician_spread")},
    **{name: NOBODY_WORKS for name in (
        "report_rate", "early_report_rate", "contacts", "informed", "passing_on_h", "proxy_reports",
    )},
    **{f"suspected_{level}s": LISTENING for level in LEVELS},
    "void_predictions": LISTENING,
    "prediction_wait_h": LISTENING,
    "search_h": BLIND,
    **{name: ONE_CREW for name in OBSERVABLES if name.startswith("order_wait_h:")},
}  # fmt: skip
# Parameters that have no bearing on a run by themselves, and what they are for or where they are tested.
ELSEWHERE = {
    "place.tracts": "a file; read in tests/unit/test_neighbourhoods.py",
    "place.households": "a file; read in tests/unit/test_people_tables.py",
    "place.neighbourhood_table": "a file; read in tests/unit/test_contrast.py",
    "place.facilities": "a file; read in tests/unit/test_facilities.py",
    **{
        path: "needs a tract table; tests/unit/test_census.py"
        for path in PARAMETERS
        if path.startswith("people.census.")
    },
    "place.overhead_by_decade": "needs the age of buildings from a table; tests/unit/test_contrast.py",
    "grid.nodes": "a file; read in tests/unit/test_networks.py",
    "grid.edges": "a file; read in tests/unit/test_networks.py",
    "grid.graphml": "a file; read in tests/unit/test_networks.py",
    "grid.line_km": "needs lines with lengths from such a file; tests/unit/test_network_customers.py",
    "storm.gust_table": "a file; read in tests/unit/test_storm.py",
    "storm.damage_table": "a file; read in tests/unit/test_storm.py",
    **dict.fromkeys(
        ("outreach.medical_registration.at_h", "outreach.medical_registration.over_h"),
        "the register is read when work begins; later is refused: tests/unit/test_outreach.py",
    ),
}
