"""In which town a parameter is moved, from what to what: where the direction follows from the rule that it enters.

Households report while nobody works, so that no repair answers them; orders wait for one crew, so that the score alone
says who goes first; a programme is run by itself, a channel is the only one.
"""

from sim.core.columns import LEVELS
from sim.inputs.parameters.channels import CHANNELS
from sim.inputs.parameters.declare import catalogue
from sim.inputs.parameters.root import Parameters
from sim.rules.outreach import PROGRAMMES
from tests.laws.moved_towns import (
    CLOSED,
    CREWS,
    FEW_LANDLINES,
    FEW_LINES,
    NO_CREWS,
    ON_CREDIT,
    PARAMETERS,
    RHYTHM,
    RICH,
    STEADY,
    TIGHT,
    TORN_OFF,
    TOWN_OF,
    TRACK,
    UNDER_TRACK,
)
from tests.laws.towns import PLAIN

# Where half-way to the farther end of the range is too big, too rare or no change at all.
VALUES = {
    **dict.fromkeys(CREWS, 20),
    "dispatch.weights.hours_power": 3.0,
    "credits.after_h": 24.0,
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
    "crews.line.aid_from_h": 20.0,
    "crews.line.aid_full_h": 30.0,
    "crews.line.largest": "feeder",
    "crews.trouble.aid_from_h": 20.0,
    "crews.trouble.aid_full_h": 30.0,
    "crews.trouble.largest": "drop",
    "crews.safe_h": 40.0,
    "crews.transmission": 6,
    "grid.feeder_sections": 3,
    "crews.districts": 2,
    "crews.blocked_until_h": 10.0,
    "oms.calls_per_transformer": 3,
    "oms.transformers_per_lateral": 20,
    "oms.laterals_per_feeder": 2,
    "oms.feeders_per_substation": 1,
    "sensing.substation": 0.0,
    "storm.peak_at": "2018-10-10T02:30",
    "storm.track": TRACK,
    "storm.reference_gust_m_per_s": 40.0,
    "place.latitude_deg": 30.8,
    "place.longitude_deg": -84.0,
    "dispatch.policy": "random",
    "run.horizon_h": 10.0,
    "liaison.per_10000_customers": 100.0,
    **{f"outreach.{name}.at_h": 12.0 for name in PROGRAMMES},
    **{f"outreach.{name}.over_h": 30.0 for name in PROGRAMMES},
    **{f"outreach.{name}.least_aware_first": True for name in PROGRAMMES},
    **{f"outreach.{name}.below_income_usd": 40_000.0 for name in PROGRAMMES},
    **{f"outreach.{name}.attribute": "renter" for name in PROGRAMMES},
    **{f"outreach.{name}.neighbourhoods": ["N1", "N2"] for name in PROGRAMMES},
    **{p.path: ["sms", "web"] for p in catalogue(Parameters()) if p.path.endswith(".channels")},
}


def only(channel):
    """No other channel than this one, and everybody knows it."""
    closed = {f"channels.{name}.availability": float(name == channel) for name in CHANNELS}
    return {**closed, f"channels.{channel}.awareness": 1.0, "people.political_capital_share": 0.6}


def by_itself(path):
    """A programme by itself, so that no other one does the same; effects so large that a town of 300 shows them."""
    name = path.split(".")[1] if path.count(".") == 2 else "sms_cold"
    own = {"at_h": -720.0, "reach": 0.9, "target_share": 0.8, "effect": 0.4}
    if name not in PROGRAMMES:
        return {**TORN_OFF, f"outreach.{name}.reach": 0.9}
    return {f"outreach.{name}.{key}": value for key, value in own.items()}


# What a parameter needs beside its town to have a say.
NO_SUPPLY = {"storm.failures.transmission": 2.0, "grid.customers_per_substation": 50}
COMPANY = {
    **{path: TIGHT for path in CREWS},
    "storm.repair_h.transmission": NO_SUPPLY,
    "crews.transmission": {**NO_SUPPLY, "crews.transmission": 1},
    "storm.repair_h.temporary": {"storm.temporary_share": 0.5},
    "storm.temporary_exponent": {"storm.temporary_share": 0.4, "storm.gust_m_per_s": 20.0},
    "outreach.weatherhead_repair.loan_relief": ON_CREDIT,
    "outreach.weatherhead_repair.unpaid_share": ON_CREDIT,
    "grid.by_length": {"storm.failures.lateral": 3.0},
    "place.latitude_deg": UNDER_TRACK,
    "place.longitude_deg": UNDER_TRACK,
    "away.student_left_before_share": {"people.student_share": 0.15},
    "place.access_by_svi": {"crews.blocked_until_h": 336.0},
    "storm.holland_b": UNDER_TRACK,
    "storm.land_factor": UNDER_TRACK,
    "storm.gust_factor": UNDER_TRACK,
    "storm.gust_exponent": {"storm.gust_m_per_s": 45.0},
    "crews.shared_share": {"crews.districts": 2},
    "crews.aid_by": {"crews.districts": 3, "crews.line.mutual_aid": 12, "crews.shared_share": 0.0},
    "crews.split_into": {"crews.line.own": 12},
    "people.clustering": {"place.neighbourhoods": 60},
    "reporting.web_away_chance": {**only("web"), "telecom.cell_out_share": 1.0, "telecom.cell_half_time_h": 240.0},
    "reporting.trust_gain": {
        **only("sms"),
        "people.phone_share": 1.0,
        "reporting.b_trust": 5.0,
        "reporting.repeat_two_way": 0.95,
        "reporting.repeat_wait_h": 0.0,
    },
    "reporting.proxy_chance": {
        "people.phone_share": 0.5,
        "people.landline_share": 0.1,
        "people.broadband_share": 0.1,
        "channels.liaison.availability": 0.0,
    },
    **{path: STEADY for path in RHYTHM},
    "telecom.cell_out_share": FEW_LANDLINES,
    "sensing.link_down_share": {"telecom.cell_out_share": 0.8, **{f"sensing.{level}": 0.9 for level in LEVELS}},
    "telecom.voip_battery_h": {"people.voip_share": 0.9, "telecom.cell_out_share": 1.0},
    "hotline.inquiries_per_day": FEW_LINES,
    "hotline.inquiry_min": FEW_LINES,
    "patrol.teams": {"patrol.speed_km_per_h": 1.0},
    "patrol.speed_km_per_h": {"patrol.speed_km_per_h": 0.2},
    "reporting.b_closed": {
        **CLOSED,
        "reporting.voice": "low",
        "storm.temporary_share": 0.0,
    },  # told of least
    "reporting.trust_loss": CLOSED,
    "telecom.cell_half_time_h": FEW_LANDLINES,
    "oms.calls_per_transformer": {"oms.transformers_per_lateral": 20},
    "oms.transformers_per_lateral": {"oms.calls_per_transformer": 1, "oms.laterals_per_feeder": 50},
    "oms.laterals_per_feeder": {"oms.feeders_per_substation": 50},
    "crews.line.aid_from_h": {**NO_CREWS, "crews.line.mutual_aid": 4},
    "crews.line.aid_full_h": {**NO_CREWS, "crews.line.mutual_aid": 4},
    "crews.trouble.aid_from_h": {**NO_CREWS, "crews.trouble.mutual_aid": 4, "crews.trouble.largest": "substation"},
    "crews.trouble.aid_full_h": {**NO_CREWS, "crews.trouble.mutual_aid": 4, "crews.trouble.largest": "substation"},
    "costs.interpreter_usd_per_min": {"channels.hotline.other_languages": True, "people.limited_english_share": 0.5},
    "dispatch.weights.hours_power": {"dispatch.weights.customers": 1.0, "dispatch.weights.luck": 0.0},
    "dispatch.weights.substation": {"grid.customers_per_substation": 30, "storm.failures.substation": 3.0},
    "dispatch.every_min": {"crews.line.own": 100},
    "costs.device_storms": {"outreach.device.reach": 0.9},
    "crews.release_orders_per_crew": {"crews.line.mutual_aid": 6},
    "credits.after_h": {"credits.usd_per_household": 10.0, "credits.usd_per_h": 1.0},
    "credits.usd_per_household": {"credits.after_h": 10.0},
    "credits.usd_per_h": {"credits.after_h": 10.0},
    **{f"outreach.{name}.below_income_usd": {f"outreach.{name}.below_income_usd": 20_000.0} for name in PROGRAMMES},
    **{path: {path: ["sms"]} for path in PARAMETERS if path.endswith(".channels")},
}


def town_of(parameter):
    """What is laid over the small town before the parameter is moved."""
    path = parameter.path
    patch = {**RICH, **TOWN_OF.get(parameter.moves.outcome, {})}
    if path.startswith("channels.") and parameter.moves.outcome in ("report_rate", "informed", "search_h"):
        patch |= only(path.split(".")[1])
    if path.startswith("outreach."):
        patch |= by_itself(path)
    return patch | COMPANY.get(path, {})


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


def is_higher(parameter, value, moved):
    """Whether a value moved to is the higher one: a later choice, more names, some text against none."""
    if parameter.choices:
        return parameter.choices.index(moved) > parameter.choices.index(value)
    return moved > value if not isinstance(value, list) else len(moved) > len(value)


def moved_from(parameter):
    """The town's patch, the parameter's value in it, and another value."""
    patch = town_of(parameter)
    value = PLAIN.but(patch)[parameter.path]
    moved = another(parameter, value)
    assert moved != value
    return patch, value, moved
