"""The storm: gusts, what fails and when, repair hours, telemetry, meters, telecom; and damage tables."""

import numpy as np
import pytest
from scipy.stats import kstest

from sim import ScenarioError, load
from sim.core.columns import DROP, FEEDER, LATERAL, LEVELS, TRANSFORMER
from sim.inputs.scenario import Scenario
from sim.world import place, storm
from sim.world.track import peak_winds
from tests.unit.storms import DEFAULT, NORTHWARD

ONE_IN_A_THOUSAND = 1.95  # critical value of sqrt(n) times the Kolmogorov-Smirnov distance


@pytest.fixture(scope="module")
def city():
    """A town large enough to count in; half of its laterals underground."""
    scenario = DEFAULT.but({"place.customers": 20_000, "grid.overhead_share": 0.5, "grid.customers_per_lateral": 15})
    return scenario, place.build(scenario, 1)


def struck(city, seed=1, **patch):
    scenario, built = city
    return storm.strike(scenario.but({k.replace("__", "."): v for k, v in patch.items()}), built, seed)


def only(level, rate):
    return {f"storm__failures__{name}": rate if name == level else 0.0 for name in LEVELS}


def test_gusts_are_winds_over_land_times_the_gust_factor(city):
    scenario, built = city
    factors = {"storm.track": NORTHWARD, "storm.land_factor": 0.5, "storm.gust_factor": 1.6}
    tracked = scenario.but(factors)
    wind = peak_winds(tracked, built.neighbourhoods.x_km, built.neighbourhoods.y_km)
    assert storm.gusts(tracked, built.neighbourhoods) == pytest.approx(0.8 * wind)
    assert set(storm.gusts(scenario.but({"storm.gust_m_per_s": 44.0}), built.neighbourhoods)) == {44.0}


@pytest.mark.parametrize(("level", "rate"), [("drop", 0.05), ("drop", 1.0), ("transformer", 0.5), ("lateral", 0.9)])
@pytest.mark.parametrize("gust", [31.7, 45.0])
def test_the_share_of_overhead_devices_that_fail_is_one_minus_exp_of_minus_the_rate(city, level, rate, gust):
    damage = struck(city, storm__gust_m_per_s=gust, storm__gust_exponent=2.0, **only(level, rate))
    devices = city[1].devices
    for overhead, factor in ((True, 1.0), (False, 0.25)):
        at = np.flatnonzero((devices.level == LEVELS.index(level)) & (devices.overhead == overhead))
        expected = 1.0 - np.exp(-rate * factor * (gust / 31.7) ** 2)
        share = np.isin(at, damage.device).mean()
        assert abs(share - expected) < 4.0 * np.sqrt(expected * (1.0 - expected) / len(at))
    assert set(devices.level[damage.device]) == {LEVELS.index(level)}


def test_longer_lines_fail_more_often():
    """A device that stands for three fails as often as one of three would."""
    n = 3_000
    levels = ["substation"] + ["lateral"] * (2 * n)
    town = DEFAULT.with_tables(
        devices={
            "device": ["S", *(f"L{k}" for k in range(2 * n))],
            "parent": ["", *["S"] * (2 * n)],
            "level": levels,
            "exposure": [1.0] + [1.0] * n + [3.0] * n,
            "overhead": [True] * (2 * n + 1),
        },
        households={"household_id": list(range(2 * n)), "device": [f"L{k}" for k in range(2 * n)]},
    ).but({"storm.failures.lateral": 0.4, "storm.failures.substation": 0.0, "storm.gust_m_per_s": 31.7})
    built = place.build(town, 1)
    failed = {str(built.devices.label[d]) for d in storm.strike(town, built, 1).device}
    for names, exposure in ((range(n), 1.0), (range(n, 2 * n), 3.0)):
        expected = 1.0 - np.exp(-0.4 * exposure)
        share = np.mean([f"L{k}" in failed for k in names])
        assert abs(share - expected) < 4.0 * np.sqrt(expected * (1.0 - expected) / n)


def test_a_stronger_gust_breaks_all_that_a_weaker_one_breaks_and_more(city):
    broken = [set(struck(city, storm__gust_m_per_s=gust).device.tolist()) for gust in (20.0, 31.7, 60.0)]
    assert broken[0] < broken[1] < broken[2]


def test_what_happens_to_one_level_does_not_depend_on_another(city):
    levels = city[1].devices.level
    before, after = struck(city), struck(city, storm__failures__drop=0.5)
    for column in ("device", "onset_h", "repair_h", "sensed_h"):
        kept = [getattr(damage, column)[levels[damage.device] != DROP] for damage in (before, after)]
        assert kept[0].tolist() == kept[1].tolist(), column
    assert (levels[after.device] == DROP).sum() > (levels[before.device] == DROP).sum()


def test_devices_fail_within_the_window_around_its_middle_and_before_work_begins(city):
    window = {"storm__onset_window_h": 8.0, "storm__onset_middle_h": -3.0, "crews__safe_h": 20.0}
    damage = struck(city, **window, **only("drop", 1.0))
    assert -7.0 <= damage.onset_h.min() < damage.onset_h.max() <= 1.0
    triangle = kstest(damage.onset_h, "triang", args=(0.5, -7.0, 8.0)).statistic
    assert triangle < ONE_IN_A_THOUSAND / np.sqrt(len(damage.device))
    assert struck(city, storm__onset_middle_h=10.0, crews__safe_h=6.0).onset_h.max() == 6.0


def test_repair_hours_are_lognormal_around_the_median_of_their_level(city):
    for level, median in ((LATERAL, 4.0), (TRANSFORMER, 3.0), (DROP, 1.5)):
        damage = struck(city, **only(LEVELS[level], 1.0))
        hours = damage.repair_h[damage.n_faults == 1]
        assert kstest(hours, "lognorm", args=(0.6, 0.0, median)).statistic < ONE_IN_A_THOUSAND / np.sqrt(len(hours))
    exact = struck(city, storm__repair_h__sigma=0.0)
    levels = city[1].devices.level[exact.device]
    assert exact.repair_h == pytest.approx(exact.n_faults * np.array([18.0, 6.0, 4.0, 3.0, 1.5])[levels])


def test_a_share_of_each_level_is_telemetered_from_the_start_and_the_rest_never(city):
    shares = {"lateral": 0.3, "transformer": 0.6, "drop": 0.0}
    linked = {f"sensing__{level}": share for level, share in shares.items()}
    telemetry_h = struck(city, **linked, telecom__cell_out_share=0.0).telemetry_h
    devices = city[1].devices
    assert len(telemetry_h) == len(devices)
    assert set(telemetry_h) == {-np.inf, np.inf}
    for level, share in shares.items():
        at = devices.level == LEVELS.index(level)
        found = (telemetry_h[at] == -np.inf).mean()
        assert abs(found - share) <= 4.0 * np.sqrt(share * (1.0 - share) / at.sum())


def test_a_share_of_telemetered_devices_is_silent_until_cell_service_is_back(city):
    everything = {f"sensing__{level}": 1.0 for level in LEVELS}
    damage = struck(city, **everything, telecom__cell_out_share=0.5, sensing__link_down_share=0.4)
    here = city[1].households.neighbourhood[city[1].devices.first]
    back_h, telemetry_h = damage.cell_back_h[here], damage.telemetry_h
    out = np.isfinite(back_h)
    assert 0.2 < out.mean() < 0.8
    assert (telemetry_h[~out] == -np.inf).all()
    silent = telemetry_h[out] == back_h[out]
    assert abs(silent.mean() - 0.4) < 4.0 * np.sqrt(0.24 / out.sum())
    assert (telemetry_h[out][~silent] == -np.inf).all()


def test_a_fault_is_sensed_as_it_happens_or_when_its_device_speaks_again_and_else_never(city):
    everything = {f"sensing__{level}": 0.5 for level in LEVELS}
    damage = struck(city, **everything, **only("drop", 1.0), telecom__cell_out_share=0.8, sensing__link_down_share=1.0)
    speaks_h = damage.telemetry_h[damage.device]
    never, late = np.isposinf(speaks_h), np.isfinite(speaks_h) & (speaks_h > damage.onset_h)
    assert min(never.sum(), late.sum(), (~never & ~late).sum()) > 100
    assert np.isinf(damage.sensed_h[never]).all()
    assert (damage.sensed_h[late] == speaks_h[late]).all()
    assert (damage.sensed_h[~never & ~late] == damage.onset_h[~never & ~late]).all()


def test_meters_answer_again_with_their_half_time(city):
    meter_h = struck(city, sensing__meter_coverage=0.8, sensing__meter_half_time_h=10.0).meter_h
    n = len(city[1].households)
    assert len(meter_h) == n
    assert meter_h.min() >= 0.0
    for hours, share in ((10.0, 0.4), (20.0, 0.6), (1e6, 0.8)):
        assert abs((meter_h <= hours).mean() - share) < 4.0 * np.sqrt(share * (1.0 - share) / n)
    assert np.isinf(struck(city, sensing__meter_coverage=0.0).meter_h).all()


def test_more_meters_and_more_telemetry_are_the_same_ones_and_others(city):
    few, many = (struck(city, sensing__meter_coverage=share, sensing__lateral=share) for share in (0.2, 0.7))
    for column in ("meter_h", "telemetry_h"):
        before, after = getattr(few, column), getattr(many, column)
        assert (after[before < np.inf] == before[before < np.inf]).all()
        assert (after < np.inf).sum() > (before < np.inf).sum()


def test_cell_service_comes_back_with_its_half_time_where_it_was_lost():
    scenario = DEFAULT.but({"place.customers": 4_000, "place.neighbourhoods": 4_000, "telecom.cell_out_share": 0.4})
    built = place.build(scenario, 1)
    back_h = storm.cell_service(scenario, built.neighbourhoods, 1)
    lost = np.isfinite(back_h)
    assert abs(lost.mean() - 0.4) < 4.0 * np.sqrt(0.24 / 4_000)
    assert abs((back_h[lost] < 24.0).mean() - 0.5) < 4.0 * 0.5 / np.sqrt(lost.sum())
    assert (back_h[~lost] == -np.inf).all()


def test_faults_stand_in_device_order_whatever_the_order_of_the_damage_table():
    town = load("worked/under-reporting")
    built = place.build(town, 1)
    mixed = {"device": ["TE", "LS", "LN"], "onset_h": [0.0, -1.0, -2.0], "repair_h": [2.0, 3.0, 4.0]}
    damage = storm.strike(town.with_tables(damage=mixed), built, 1)
    found = dict(zip(built.devices.label[damage.device], damage.repair_h.tolist(), strict=True))
    assert found == {"TE": 2.0, "LS": 3.0, "LN": 4.0}
    assert (np.diff(damage.device) > 0).all()


def test_a_damage_table_may_leave_open_when_a_device_is_sensed():
    town = load("worked/one-fault")
    table = {**town.tables["damage"], "sensed_h": [""]}
    damage = storm.strike(town.with_tables(damage=table), place.build(town, 1), 1)
    assert damage.sensed_h.tolist() == [np.inf]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"device": ["D9"]}, "unknown device 'D9'; did you mean 'D1'"),
        ({"onset_h": [0.5]}, "device 'D1' fails at 0.5 h, after work begins"),
        ({"repair_h": [float("nan")]}, "'repair_h', row 1 is empty"),
        ({"repair_h": [-1.0]}, "'repair_h', row 1 is -1"),
        ({"device": ["D1", "D1"], "onset_h": [0.0, 0.0], "repair_h": [1.0, 1.0]}, "'D1' stands already in row 1"),
    ],
)
def test_damage_that_cannot_be_is_refused_with_its_row(change, complaint):
    town = load("worked/one-fault")
    wrong = town.with_tables(damage={**town.tables["damage"], **change})
    with pytest.raises(ScenarioError, match=complaint):
        storm.strike(wrong, place.build(town, 1), 1)


def test_damage_and_gusts_may_come_from_files(tmp_path):
    (tmp_path / "damage.csv").write_text("device,onset_h,repair_h\nD1,-0.5,2.5\n", encoding="utf-8")
    (tmp_path / "gusts.csv").write_text("neighbourhood,gust_m_per_s\nOak Street,33.0\n", encoding="utf-8")
    path = tmp_path / "town.toml"
    path.write_text('based_on = "worked/one-fault"\n[storm]\ngust_table = "gusts.csv"\n', encoding="utf-8")
    town = load(path)
    built = place.build(town, 1)
    assert storm.gusts(town, built.neighbourhoods).tolist() == [33.0]
    tables = {name: rows for name, rows in town.tables.items() if name != "damage"}
    bare = Scenario(town.name, town.parameters, tables=tables, folder=str(tmp_path))
    damage = storm.strike(bare.but({"storm.damage_table": "damage.csv"}), built, 1)
    assert (damage.onset_h.tolist(), damage.repair_h.tolist()) == ([-0.5], [2.5])


def test_without_damage_there_is_nothing_to_count(city):
    damage = struck(city, **only("feeder", 0.0))
    assert len(damage.device) == len(damage.onset_h) == len(damage.sensed_h) == 0
    assert FEEDER not in city[1].devices.level[damage.device]
