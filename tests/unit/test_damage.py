"""Faults of devices: how many, of what kind, and the work that they are."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import chisquare, poisson

from sim.core import luck
from sim.core.columns import DROP, FEEDER, LATERAL, SUBSTATION, TRANSFORMER
from sim.core.notices import Notice
from sim.inputs.parameters.root import Parameters
from sim.inputs.scenario import Scenario
from sim.world import place, storm

CITY = Scenario("city", Parameters()).but({"place.customers": 20_000, "grid.customers_per_lateral": 10})
NEVER = {f"storm.failures.{level}": 0.0 for level in ("substation", "feeder", "lateral", "transformer", "drop")}


@pytest.fixture(scope="module")
def city():
    return place.build(CITY, 1)


def struck(city, patch):
    return storm.strike(CITY.but({**NEVER, "grid.overhead_share": 1.0, **patch}), city, 1)


def test_counts_are_poisson():
    u = luck.column(1, luck.Purpose.DAMAGE, np.arange(50_000))
    for mean in (0.05, 1.3, 8.0):
        counts = luck.poisson(u, np.full(len(u), mean))
        assert counts.mean() == pytest.approx(mean, abs=4.0 * np.sqrt(mean / len(u)))
        observed = np.bincount(counts)
        expected = poisson.pmf(np.arange(len(observed)), mean) * len(u)
        large = expected > 10.0
        assert chisquare(observed[large], expected[large] * observed[large].sum() / expected[large].sum()).pvalue > 1e-3


def test_a_higher_mean_never_takes_a_fault_away():
    u = luck.column(2, luck.Purpose.DAMAGE, np.arange(5_000))
    counts = [luck.poisson(u, np.full(len(u), mean)) for mean in (0.0, 0.4, 0.5, 3.0)]
    assert not counts[0].any()
    assert all((fewer <= more).all() for fewer, more in pairwise(counts))


def test_work_is_the_sum_over_faults_and_the_first_ones_stay_the_same(city):
    light, heavy = (struck(city, {"storm.failures.drop": rate, "storm.repair_h.sigma": 0.6}) for rate in (0.2, 0.3))
    assert heavy.n_faults.max() >= 2
    alike = np.isin(heavy.device, light.device)
    same = alike.copy()
    same[alike] = heavy.n_faults[alike] == light.n_faults
    of_light = np.isin(light.device, heavy.device[same])
    assert 1_000 < same.sum() < alike.sum()
    assert heavy.repair_h[same].tolist() == light.repair_h[of_light].tolist()
    grown = alike & ~same
    assert (heavy.repair_h[grown] > light.repair_h[np.isin(light.device, heavy.device[grown])]).all()
    exact = struck(city, {"storm.failures.drop": 0.8, "storm.repair_h.sigma": 0.0})
    assert exact.repair_h == pytest.approx(1.5 * exact.n_faults)


def test_a_share_of_faults_is_temporary_and_it_falls_with_the_gust(city):
    lines = {"storm.failures.lateral": 2.0, "storm.temporary_share": 0.4, "storm.repair_h.sigma": 0.0}
    for gust, share in ((31.7, 0.4), (63.4, 0.2), (10.0, 0.8)):
        damage = struck(city, {**lines, "storm.gust_m_per_s": gust, "storm.gust_exponent": 0.0})
        n = damage.n_faults.sum()
        assert damage.n_temporary.sum() / n == pytest.approx(share, abs=4.0 * np.sqrt(share * (1.0 - share) / n))
        lasting = damage.n_faults - damage.n_temporary
        assert damage.repair_h == pytest.approx(4.0 * lasting + 0.5 * damage.n_temporary)


def test_only_lines_and_transformers_have_temporary_faults(city):
    everything = dict.fromkeys(NEVER, 2.0) | {"storm.temporary_share": 0.5}
    damage = struck(city, everything)
    level = city.devices.level[damage.device]
    passed = [damage.n_temporary[level == here].sum() for here in range(5)]
    assert passed[SUBSTATION] == passed[DROP] == 0
    assert min(passed[here] for here in (FEEDER, LATERAL, TRANSFORMER)) > 0


def test_more_temporary_faults_are_the_same_ones_and_others(city):
    few, many = (struck(city, {"storm.failures.lateral": 2.0, "storm.temporary_share": share}) for share in (0.2, 0.6))
    assert few.device.tolist() == many.device.tolist()
    assert (few.n_temporary <= many.n_temporary).all()


def test_lost_supply_is_known_at_once_and_its_work_is_of_its_own(city):
    patch = {"storm.failures.transmission": 0.8, "storm.repair_h.sigma": 0.0, "sensing.substation": 0.0}
    damage = struck(city, patch)
    assert damage.supply.all()
    assert (city.devices.level[damage.device] == SUBSTATION).all()
    assert (damage.sensed_h == damage.onset_h).all()
    assert damage.repair_h == pytest.approx(18.0 * damage.n_faults)
    both = struck(city, {**patch, "storm.failures.substation": 5.0, "storm.repair_h.substation": 10.0})
    own = both.n_faults[both.supply] - damage.n_faults
    assert both.repair_h[both.supply] == pytest.approx(18.0 * damage.n_faults + 10.0 * own)


def test_what_is_not_there_takes_no_luck(city):
    before = struck(city, {"storm.failures.drop": 0.3})
    after = struck(city, {"storm.failures.drop": 0.3, "storm.failures.transmission": 1.0})
    kept = ~after.supply
    for column in ("device", "n_faults", "onset_h", "repair_h", "sensed_h"):
        assert getattr(after, column)[kept].tolist() == getattr(before, column).tolist(), column


def test_where_no_substation_is_a_source_nothing_can_lose_its_supply_and_it_is_said():
    grid = {"device": ["F", "L"], "parent": ["", "F"], "level": ["feeder", "lateral"]}
    households = {"household_id": [1, 2], "device": ["L", "L"]}
    town = (
        Scenario("village", Parameters())
        .with_tables(devices=grid, households=households)
        .but({"storm.owner_share": 0.0})
    )
    with pytest.warns(Notice, match="no substation is a source"):
        damage = storm.strike(town.but({"storm.failures.transmission": 5.0}), place.build(town, 1), 1)
    assert not damage.supply.any()
