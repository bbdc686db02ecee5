"""Docking (Axtell et al. 1996, doi 10.1007/BF01299065): an independent model with the same rules and the same luck.

A plain, event-driven Mesa model, with an object for each household, device, order and crew, is given the same city
and the same storm as the engine, and looks up the same chance. What comes out has to be equal to the last bit.
"""

from collections import Counter
from functools import cache
from typing import NamedTuple

import numpy as np
import pytest

from benchmarks.plain_mesa import CORE_RULES
from benchmarks.plain_mesa.events import Storm, simulate
from sim import place as places
from sim import storm
from sim.account import split_hours
from sim.columns import DROP, FEEDER, LATERAL, TRANSFORMER
from sim.orders import OUTCOMES
from sim.outcomes import Outcomes
from sim.parameters import Parameters
from sim.scenario import Scenario
from sim.seeds import Seeds
from sim.simulate import run

SEEDS = range(1, 51)
ROLL_OUTCOMES = {"here": "repaired", "upstream": "upstream", "downstream": "downstream", "nothing": "nothing"}

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

MIXES = {  # taken with periods that have no common divisor, so that fifty seeds meet most pairs of values
    "place.customers": (200, 400, 300, 360, 250, 400, 330),
    "dispatch.policy": ("standard", "first-reported", "most-reports", "medical-first", "vulnerability-weighted",
                        "pressure", "random", "omniscient"),
    "oms.calls_per_transformer": (2, 1, 1, 3),
    "oms.transformers_per_lateral": (2, 3, 1, 2, 2),
    "oms.laterals_per_feeder": (3, 2, 2, 1),
    "oms.missed_withdrawal_share": (0.0, 0.3, 0.0, 0.07, 0.0, 1.0),
    "oms.escalation_min": (15.0, 15.0, 60.0, 0.0, 15.0, 5.0, 15.0, 15.0, 120.0),
    "crews.line.own": (2, 3, 1, 5),
    "crews.line.mutual_aid": (0, 4, 0),
    "crews.night_share": (0.3, 0.0, 1.0, 0.5, 0.3),
    "crews.shift_on_h": (16.0, 24.0, 12.0),
    "crews.safe_h": (8.0, 3.0),
    "dispatch.every_min": (0.0, 0.0, 60.0, 0.0, 17.0),
    "hotline.exact_times": (False, True),
    "reporting.attention_per_h": (1 / 6, 0.5, 1 / 6, 1.0),
    "reporting.repeat_one_way": (0.44, 0.9, 0.0),
    "channels.app.awareness": (0.08, 0.4),
    "sensing.meter_coverage": (0.0, 0.4, 0.8),
    "patrol.network_share_per_day": (0.15, 1.0, 0.0, 2.0, 0.5),
    "telecom.cell_out_share": (0.25, 0.8, 0.0),
}  # fmt: skip


class Docked(NamedTuple):
    """One storm told twice."""

    engine: Outcomes
    plain: Storm


def scenario_of(seed: int) -> Scenario:
    """A small town with its own mix of parameters, restricted to the rules that both models have."""
    mix = {path: values[seed % len(values)] for path, values in MIXES.items()}
    return Scenario("docking", Parameters()).but({**SMALL_TOWN, **mix, **CORE_RULES})


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


@pytest.mark.parametrize("seed", SEEDS)
def test_both_models_restore_power_at_the_same_times(seed):
    engine, plain = docked(seed)
    for name in ("out_h", "restored_h", "first_report_h", "n_reports"):
        np.testing.assert_array_equal(of_households(plain, name), engine.memory.folk[name], err_msg=name)


@pytest.mark.parametrize("seed", range(1, 13))
def test_they_agree_where_a_lateral_has_several_sections(seed):
    """A fault half-way along a lateral explains suspicions that have rolled up past it, to its first section."""
    scenario = scenario_of(seed).but({"place.customers": 288, "oms.transformers_per_lateral": 2})
    engine, plain = told_twice(scenario.with_tables(devices=long_laterals()), seed)
    np.testing.assert_array_equal(of_households(plain, "restored_h"), engine.memory.folk.restored_h)


@pytest.mark.parametrize("seed", SEEDS)
def test_both_utilities_open_and_close_the_same_orders(seed):
    engine, plain = docked(seed)
    orders = engine.memory.orders[: engine.memory.clock[0].n_orders]
    endings = Counter(OUTCOMES[code] for code in orders.outcome.tolist())
    del endings["open"]
    assert endings == plain.utility.endings
    assert len(orders) == len(plain.utility.orders)
    assert sorted(zip(orders.at.tolist(), orders.opened_h.tolist(), orders.reports.tolist(), strict=True)) == sorted(
        (order.device.number, order.opened_h, order.reports) for order in plain.utility.orders
    )


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
    nested = repeats = 0
    for engine, plain in map(docked, SEEDS):
        endings.update(plain.utility.endings)
        found.update(findings(plain))
        rolled_up.update(order.device.level for order in plain.utility.orders if order.was_predicted)
        nested += np.count_nonzero(split_hours(engine.memory)["nested_h"] > 0.0)
        repeats += np.count_nonzero(of_households(plain, "n_reports") > 1)
    assert min(rolled_up[level] for level in (FEEDER, LATERAL, TRANSFORMER, DROP)) >= 20
    assert endings["merged"] >= 500
    assert endings["withdrawn"] >= 20
    assert min(found[finding] for finding in ("repaired", "upstream", "downstream", "nothing")) >= 25
    assert nested >= 500
    assert repeats >= 500


def findings(plain: Storm) -> Counter[str]:
    """What truck rolls of the plain model's crews found, in the engine's words."""
    return Counter(ROLL_OUTCOMES[finding] for crew in plain.crews for finding in crew.findings.elements())
