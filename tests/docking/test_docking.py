"""Docking (Axtell et al. 1996, doi 10.1007/BF01299065): an independent model with the same rules and the same luck.

A plain, event-driven Mesa model, with an object for each household, device, order, crew and patrol, is given the same
city and the same storm as the engine, and looks up the same chance. What comes out has to be equal to the last bit;
only the parts into which hours are divided are compared to a millionth of a second, for the engine rounds them.
"""

from collections import Counter
from functools import cache
from typing import NamedTuple

import numpy as np
import pytest

from benchmarks.plain_mesa import CORE_RULES
from benchmarks.plain_mesa.events import Storm, simulate
from benchmarks.plain_mesa.things import Source
from sim.core.columns import (
    DROP,
    FEEDER,
    LATERAL,
    LEVELS,
    TRANSFORMER,
)
from sim.core.seeds import Seeds
from sim.engine.outcomes import Outcomes
from sim.engine.simulate import run
from sim.inputs.parameters import Parameters
from sim.inputs.scenario import Scenario
from sim.rules.orders import OUTCOMES, SOURCES
from sim.rules.split_hours import split_hours
from sim.world import place as places
from sim.world import storm

SEEDS = range(1, 81)
CROSSED_SEEDS = (57, 93, 252)  # among the first 400, those where it matters that the call makes good
ROLL_OUTCOMES = {"here": "repaired", "upstream": "upstream", "downstream": "downstream", "nothing": "nothing",
                 "owner": "owner"}  # fmt: skip

SMALL_TOWN = {
    "place.neighbourhoods": 4,
    "place.area_km2": 5.0,
    "grid.customers_per_substation": 150,
    "grid.customers_per_feeder": 75,
    "grid.customers_per_lateral": 25,
    "grid.customers_per_transformer": 5,
    "storm.failures.substation": 0.1,
    "storm.failures.transformer": 0.3,
    "storm.failures.drop": 0.3,
    "grid.critical_share": 0.1,
}
"""A grid of five levels for a few hundred customers, with faults on all of them and many behind others."""

MIXES = {  # taken with periods that have no common divisor, so that eighty seeds meet most pairs of values
    "place.customers": (200, 400, 300, 360, 250, 400, 330),
    "dispatch.policy": ("standard", "first-reported", "most-reports", "medical-first", "vulnerability-weighted",
                        "pressure", "random", "omniscient", "voice-corrected"),
    "oms.calls_per_transformer": (2, 1, 1, 3),
    "oms.transformers_per_lateral": (2, 3, 1, 2, 2),
    "oms.laterals_per_feeder": (3, 2, 2, 1),
    "oms.missed_withdrawal_share": (0.0, 0.3, 0.0, 0.07, 0.0, 1.0),
    "oms.escalation_min": (15.0, 15.0, 60.0, 0.0, 15.0, 5.0, 15.0, 15.0, 120.0),
    "crews.line.own": (2, 3, 1, 5),
    "crews.line.mutual_aid": (0, 4, 0),
    "crews.release_orders_per_crew": (0.0, 1.0, 0.0, 4.0, 0.3),
    "crews.night_share": (0.3, 0.0, 1.0, 0.5, 0.3),
    "crews.shift_on_h": (16.0, 24.0, 12.0),
    "crews.safe_h": (8.0, 3.0),
    "crews.districts": (1, 2, 2, 1, 2),
    "crews.shared_share": (0.5, 0.2, 0.0, 0.7, 1.0, 0.2, 0.0),
    "crews.aid_by": ("customers", "orders"),
    "crews.split_into": (1, 2, 1, 3),
    "dispatch.every_min": (0.0, 0.0, 60.0, 0.0, 17.0, 900.0),
    "hotline.exact_times": (False, True),
    "reporting.attention_per_h": (1 / 6, 0.5, 1 / 6, 1.0),
    "reporting.repeat_one_way": (0.44, 0.9, 0.0),
    "channels.app.awareness": (0.08, 0.4),
    "dispatch.propensity_customers": (200.0, 5.0),
    "storm.failures.lateral": (0.05, 0.9, 0.05),
    "storm.owner_share": (0.0, 0.6, 0.0, 0.3, 1.0),
    "storm.meter_base_share": (0.4, 0.8),
    "owner.electrician_days": (3.0, 1.0, 0.4),
    "owner.poor_factor": (1.5, 4.0, 0.5),
    "owner.renter_factor": (1.5, 0.5, 2.0, 1.0),
    "outreach.weatherhead_repair.reach": (0.0, 0.7, 1.0),
    "outreach.weatherhead_repair.form": ("free", "loan", "free", "grant"),
    "outreach.weatherhead_repair.from_h": (24.0, 0.0, 60.0, 24.0, -10.0),
    "storm.failures.transmission": (0.0, 0.5, 2.0, 0.0, 0.0),
    "crews.transmission": (1, 2, 1, 4),
    "storm.failures.feeder": (0.05, 1.3),
    "sensing.substation": (0.95, 0.0),
    "sensing.feeder": (0.9, 0.0, 0.4),
    "sensing.lateral": (0.3, 0.0, 0.1, 0.7, 0.0),
    "sensing.transformer": (0.1, 0.0, 0.3),
    "sensing.drop": (0.02, 0.0, 0.0, 0.2),
    "sensing.link_down_share": (0.3, 0.0, 1.0, 0.6, 0.3, 0.0, 0.8),
    "sensing.meter_coverage": (0.0, 0.4, 0.0, 0.0, 0.8),
    "sensing.meter_half_time_h": (48.0, 6.0, 2.0),
    "patrol.teams": (2, 0, 1, 3, 0, 2, 1),
    "patrol.speed_km_per_h": (4.0, 0.3, 1.0, 20.0, 0.1),
    "patrol.starts_hour": (7.0, 6.1, 7.0),
    "patrol.sees_one_below": (1.0, 0.6, 0.3),
    "patrol.sees_two_below": (0.3, 0.0, 1.0, 0.5),
    "patrol.sees_further_below": (0.0, 0.2, 0.0),
    "oms.callback_share": (0.33, 0.0, 0.8, 1.0),
    "oms.callback_delay_h": (1.0, 0.0, 6.0, 1.0, 24.0),
    "away.left_before_share": (0.12, 0.0, 0.5),
    "people.student_share": (0.0, 0.15, 0.0),
    "away.student_left_before_share": (0.45, 0.9, 1.0),
    "away.left_before_income_odds": (1.0, 2.0, 0.5),
    "away.left_before_no_vehicle_odds": (1.0, 0.2),
    "away.left_before_medical_odds": (3.0, 1.0, 1.0),
    "away.left_before_children_odds": (1.0, 2.5),
    "away.leaves_income_odds": (1.0, 1.0, 3.0),
    "away.leaves_no_vehicle_odds": (0.3, 1.0),
    "away.leaves_medical_odds": (1.0, 0.1, 5.0),
    "away.leaves_children_odds": (1.0, 1.0, 1.0, 2.0),
    "away.leaves_share": (0.1, 0.6, 0.0, 1.0),
    "away.leaves_after_h": (24.0, 0.0, 6.0),
    "away.stays_h": (96.0, 12.0),
    "reporting.voice": ("middle", "high", "high", "low", "middle"),
    "reporting.b_closed": (1.0, 0.0, 4.0),
    "reporting.trust_loss": (0.2, 0.9),
    "storm.peak_at": ("2018-10-10T18:00", "2018-10-10T18:00", "2018-10-10T03:20:10", "2018-10-10T00:05"),
    "run.horizon_h": (336.0, 336.0, 336.0, 336.0, 48.0, 336.0, 336.0),
    "telecom.cell_out_share": (0.25, 0.8, 0.0),
}  # fmt: skip


class Docked(NamedTuple):
    """One storm told twice."""

    engine: Outcomes
    plain: Storm


def scenario_of(seed: int) -> Scenario:
    """A small town with its own mix of parameters, restricted to the rules that both models have."""
    mix = {path: values[seed % len(values)] for path, values in MIXES.items()}
    if mix["place.customers"] < 225 or mix["crews.line.own"] < 2:  # one substation, or one crew, for two districts
        mix["crews.districts"] = 1
    return Scenario("docking", Parameters()).but({**SMALL_TOWN, **mix, **CORE_RULES})


CROSSED = {
    "oms.callback_share": 0.5,
    "oms.callback_delay_h": 12.0,
    "patrol.sees_one_below": 0.2,
    "patrol.teams": 0,
    "reporting.attention_per_h": 2.0,
    "reporting.b_closed": 10.0,
    "reporting.b_need": 0.0,
    "reporting.repeat_one_way": 0.95,
    "reporting.repeat_two_way": 0.95,
    "reporting.repeat_wait_h": 1.0,
    "reporting.trust_loss": 0.0,
    "reporting.voice": "high",
    "reporting.willingness": -2.0,
}
"""Households tell again while a call-back is on its way, are closed in error, and are then called."""


def long_laterals(sections: int = 4, laterals: int = 4, transformers: int = 3) -> dict[str, list]:
    """A table of devices: one feeder; laterals of several sections in a row, transformers along each of them."""
    rows = [("S", "", "substation", 0), ("F", "S", "feeder", 0)]
    for lateral in range(laterals):
        above = "F"
        for section in range(sections):
            name = f"L{lateral}.{section}"
            rows.append((name, above, "lateral", 0))
            rows += [(f"{name}.T{t}", name, "transformer", 6) for t in range(transformers)]
            above = name
    return dict(zip(("device", "parent", "level", "customers"), map(list, zip(*rows, strict=True)), strict=True))


@cache
def docked(seed: int) -> Docked:
    """Both models' account of one storm."""
    return told_twice(scenario_of(seed), seed)


def told_twice(scenario: Scenario, seed: int) -> Docked:
    """One storm by both models; the world is built once."""
    place = places.build(scenario, seed)
    damage = storm.strike(scenario, place, seed)
    engine = run(scenario, seed, place=place, damage=damage)
    return Docked(engine, simulate(scenario, place, damage, Seeds.all(seed)))


def of_households(plain: Storm, name: str) -> np.ndarray:
    """One attribute of the plain model's households."""
    return np.array([getattr(household, name) for household in plain.households])


def assert_households_agree(docked: Docked) -> None:
    """The same hours for everybody, to the last bit."""
    engine, plain = docked
    for name in ("out_h", "restored_h", "first_report_h", "n_reports"):
        np.testing.assert_array_equal(of_households(plain, name), engine.memory.folk[name], err_msg=name)
    for name in ("known_h", "n_closed"):
        of_accounts = np.array([getattr(household.account, name) for household in plain.households])
        np.testing.assert_array_equal(of_accounts, engine.memory.folk[name], err_msg=name)


@pytest.mark.parametrize("seed", SEEDS)
def test_both_models_restore_power_at_the_same_times(seed):
    assert_households_agree(docked(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_both_divide_up_the_hours_out_alike(seed):
    """Not to the last bit: the engine rounds the parts to a fixed step, so that they sum to the whole without error."""
    engine, plain = docked(seed)
    hours = [household.hours_by_part() for household in plain.households]
    for name, of_engine in split_hours(engine.memory, engine.horizon_h).items():
        np.testing.assert_allclose([of[name] for of in hours], of_engine, rtol=0.0, atol=1e-10, err_msg=name)


@pytest.mark.parametrize("seed", range(1, 13))
def test_they_agree_where_a_lateral_has_several_sections(seed):
    """A fault half-way along a lateral explains suspicions that have rolled up past it, to its first section."""
    scenario = scenario_of(seed).but({"place.customers": 288, "oms.transformers_per_lateral": 2, "crews.districts": 1,
                                   "storm.owner_share": 0.0})  # fmt: skip
    assert_households_agree(told_twice(scenario.with_tables(devices=long_laterals()), seed))


@pytest.mark.parametrize("seed", CROSSED_SEEDS)
def test_they_agree_where_call_backs_cross_with_reports(seed):
    """Who was closed in error and is called after all is not wronged any more at the next moment of attention."""
    assert_households_agree(told_twice(scenario_of(seed).but(CROSSED), seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_both_find_faults_at_the_same_time_and_by_the_same_means(seed):
    engine, plain = docked(seed)
    faults = engine.memory.faults
    sources = [SOURCES[code] if code >= 0 else None for code in faults.source.tolist()]
    assert [device.located_h for device in plain.faults] == faults.confirmed_h.tolist()
    assert [device.located_by and device.located_by.value for device in plain.faults] == sources


@pytest.mark.parametrize("seed", SEEDS)
def test_both_control_rooms_refuse_the_same_predictions(seed):
    engine, plain = docked(seed)
    assert {level: plain.utility.control_room.refused[level] for level in LEVELS} == engine.refused


@pytest.mark.parametrize("seed", SEEDS)
def test_both_utilities_open_and_close_the_same_orders(seed):
    engine, plain = docked(seed)
    orders = engine.memory.orders[: engine.memory.clock[0].n_orders]
    endings = Counter(OUTCOMES[code] for code in orders.outcome.tolist())
    del endings["open"]
    assert endings == plain.utility.endings
    sources = [SOURCES[code] for code in orders.source.tolist()]
    rows = zip(orders.at.tolist(), orders.opened_h.tolist(), orders.reports.tolist(), sources, strict=True)
    assert sorted(rows) == sorted(
        (order.device.number, order.opened_h, order.reports, order.source.value) for order in plain.utility.orders
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_both_send_the_same_aid_home_at_the_same_time(seed):
    engine, plain = docked(seed)
    left_h = np.full(len(engine.memory.crews), np.inf)
    left_h[[crew.number for crew in plain.crews]] = [crew.left_h for crew in plain.crews]
    np.testing.assert_array_equal(left_h, engine.memory.crews.released_h)


@pytest.mark.parametrize("seed", SEEDS)
def test_both_send_their_crews_to_the_same_findings(seed):
    engine, plain = docked(seed)
    jobs = engine.memory.jobs[: engine.memory.clock[0].n_jobs]
    found = Counter(OUTCOMES[code] for code in jobs.outcome[np.isfinite(jobs.found_h)].tolist())
    assert found == findings(plain)


def test_the_docked_storms_exercise_the_rules_that_they_compare():
    """Equality means something only where the rules were at work."""
    endings: Counter[str] = Counter()
    found: Counter[str] = Counter()
    rolled_up: Counter[int] = Counter()
    refused: Counter[str] = Counter()
    led_by: Counter[Source | None] = Counter()
    for _, plain in map(docked, SEEDS):
        endings.update(plain.utility.endings)
        found.update(findings(plain))
        rolled_up.update(order.device.level for order in plain.utility.orders if order.was_predicted)
        refused.update(plain.utility.control_room.refused)
        led_by.update(device.located_by for device in plain.faults)
    assert min(rolled_up[level] for level in (FEEDER, LATERAL, TRANSFORMER, DROP)) >= 20
    assert endings["merged"] >= 500
    assert min(endings["withdrawn"], endings["refused"]) >= 20
    assert min(found[finding] for finding in ("repaired", "upstream", "downstream", "nothing")) >= 25
    assert min(refused[level] for level in ("lateral", "transformer", "drop")) >= 50
    assert min(led_by[source] for source in (Source.REPORT, Source.METER, Source.CREW, Source.SENSING)) >= 100
    assert led_by[Source.PATROL] >= 500
    assert led_by[Source.CALL_BACK] >= 20


def test_the_docked_storms_make_households_go_through_what_they_compare():
    plains = [plain for _, plain in map(docked, SEEDS)]
    households = [household for plain in plains for household in plain.households]
    assert sum(household.behind_two_faults_h > 0.0 for household in households) >= 500
    assert sum(household.n_reports > 1 for household in households) >= 500
    assert sum(household.account.n_closed for household in households) >= 500
    assert sum(bool(household.faults) for household in households) >= 100  # at the horizon
    assert sum(household.is_wronged for household in households) >= 20  # and not heard again
    assert sum(plain.utility.checks.n_called_back for plain in plains) >= 50
    assert sum(plain.ears.is_used and plain.ears.city.heard for plain in (p.utility for p in plains)) >= 100
    assert sum(crew.n_partly_blind for plain in plains for crew in plain.crews) >= 200
    last_h = [
        (plain, max(order.opened_h for order in plain.utility.orders)) for plain in plains if plain.utility.orders
    ]
    assert sum(crew.left_h < hour for plain, hour in last_h for crew in plain.crews) >= 20  # while others work on


def test_the_docked_crews_work_in_districts_and_split():
    divided = [plain for _, plain in map(docked, SEEDS) if len(plain.division.districts) > 1]
    crews = [(plain, crew) for plain in divided for crew in plain.crews if crew.findings]
    assert len(divided) >= 20
    assert sum(crew.district is plain.division.whole_city for plain, crew in crews) >= 20
    aid = [crew.district for plain, crew in crews if crew.is_aid]
    assert min(sum(district.number == number for district in aid) for number in (0, 1)) >= 5
    assert sum(not crew.is_line_crew for _, crew in crews) >= 20
    left = [crew for plain in divided for crew in plain.crews if crew.is_leaving]
    assert min(len(left), sum(not crew.is_line_crew for crew in left)) >= 20  # and leave, as trucks too


def test_the_docked_storms_tear_off_what_households_own():
    mended = [device.mending for _, plain in map(docked, SEEDS) for device in plain.faults if device.mending]
    assert sum(mending.wait is not None for mending in mended) >= 200
    assert sum(mending.is_done and mending.wait is None for mending in mended) >= 50  # before a crew came
    assert sum(mending.is_by_programme for mending in mended) >= 100
    assert sum(mending.device.located_by is Source.RELEASE for mending in mended) >= 20
    assert sum(mending.inspection_h > 0.0 for mending in mended) >= 100


def test_both_have_what_households_own_mended_at_the_same_times_by_the_same_people():
    for engine, plain in map(docked, SEEDS):
        for device, fault in zip(plain.faults, engine.memory.faults, strict=True):
            if device.mending:
                assert (device.mending.done_h, device.mending.is_by_programme) == (fault.released_h, fault.aided)


def test_the_docked_dispatchers_also_look_as_a_short_shift_begins():
    between = 0
    for seed in SEEDS:
        cycle_h = scenario_of(seed)["dispatch.every_min"] / 60
        if cycle_h:
            memory = docked(seed).engine.memory
            looks = memory.jobs.dispatched_h[: memory.clock.n_jobs[0]] / cycle_h
            between += np.count_nonzero(np.abs(looks - np.round(looks)) > 1e-6)
    assert between >= 5


def findings(plain: Storm) -> Counter[str]:
    """What truck rolls of the plain model's crews found, in the engine's words."""
    return Counter(ROLL_OUTCOMES[finding] for crew in plain.crews for finding in crew.findings.elements())
