"""The benchmark of studies: what it prints, what it compares, and that only the workers live that are timed."""

import json
import re
import threading
from multiprocessing import active_children

import numpy as np
import pytest

from benchmarks.processes import resident_mb
from benchmarks.studies import QUICK_SIZES, SIZES, WORKERS, compared, pairing, turn
from benchmarks.study_overhead import ENGINE, OUTSIDE, by_stage, overhead
from benchmarks.study_runs import VARY, sweep, town, wake
from benchmarks.study_tables import duration, print_speed, verdict
from benchmarks.study_workers import dask, here, others_s, processes, why_no_dask
from experiments.runs.rows import key
from experiments.runs.workers import Here
from sim import load
from tests.benchmarks.commands import figures_of


@pytest.fixture(scope="module")
def quick_studies(tmp_path_factory):
    return figures_of(tmp_path_factory.mktemp("studies"), "studies")


@pytest.mark.slow
def test_every_part_of_studies_is_printed_and_kept(quick_studies):
    text, figures = quick_studies
    studies = figures["studies"]
    assert set(studies) == {"load_before", *SIZES} == {"load_before", *QUICK_SIZES}
    assert re.search(r"^projected, not measured: a Sobol' study of 26,624 such runs", text, re.MULTILINE)
    assert re.search(r"^pairing helps in \d+ of 8 and harms in \d+", text, re.MULTILINE)
    assert [line for line in text.partition("Studies of many runs")[2].splitlines() if len(line) > 100] == []


@pytest.mark.slow
def test_rates_agree_with_efficiency_and_projection(quick_studies):
    speed = quick_studies[1]["studies"]["speed"]
    found = speed["processes"]
    assert speed["one"]["rate"] > 0.0
    span = found["efficiency"]
    assert span["low"] <= span["median"] <= span["high"]
    assert speed["projected_h"] == pytest.approx(speed["sobol_runs"] / found["rate"] / 3600.0)
    assert ("skipped" in speed["dask"]) == bool(why_no_dask())


@pytest.mark.slow
def test_memory_is_seen_early_and_late_in_every_study(quick_studies):
    rows = quick_studies[1]["studies"]["memory"]["rows"]
    asked = [(n, runs) for n, early, late, _ in QUICK_SIZES["memory"]["studies"] for runs in (early, late)]
    assert [(row["households"], row["runs"]) for row in rows] == asked
    assert all(row["parent_mb"] > 1.0 and row["worker_mb"] > 1.0 for row in rows)


@pytest.mark.slow
def test_a_cluster_on_loopback_gives_every_worker_a_run():
    if why_no_dask():
        pytest.skip(why_no_dask())
    with dask(WORKERS) as hands:
        assert wake(hands, town(60), WORKERS) > 0.0


def test_no_worker_outlives_its_turn():
    with processes(WORKERS) as hands:
        wake(hands, town(60), WORKERS)
        assert len(active_children()) >= WORKERS
    assert active_children() == []


def test_nothing_of_ours_works_beside_the_one_worker():
    if others_s() is None:
        pytest.skip("psutil is not installed")
    with here() as hands:
        assert turn(hands, town(300), 0, 20).beside < 0.5  # of a core; threads that begin or end may take a moment


def test_what_other_threads_take_is_seen():
    before = others_s()
    if before is None:
        pytest.skip("psutil is not installed")
    busy = threading.Thread(target=lambda: sum(range(3_000_000)))
    busy.start()
    busy.join()
    assert others_s() > before


def test_the_town_of_full_size_is_the_scenario_and_a_small_one_keeps_the_proportions():
    full = load("tallahassee-michael")
    assert town(117_000).digest == full.digest
    small = town(10_000)
    assert small["place.customers"] == 10_000
    for path in ("hotline.call_takers", "crews.line.mutual_aid"):
        assert small[path] == round(full[path] * 10_000 / 117_000)
    area = "place.area_km2"
    assert small["place.customers"] / small[area] == pytest.approx(full["place.customers"] / full[area])


def test_points_differ_and_are_the_same_every_time():
    plan = sweep(town(60), 300, cities=3)
    keys = [key(row, plan.by) for row in plan.rows]
    assert len(set(keys)) == 300
    assert [row.seeds.world for row in plan.rows[:4]] == [1, 2, 3, 1]
    assert list(plan.rows[7:9]) == list(sweep(town(60), 2, first=7, cities=3).rows)
    for path, span in VARY.items():
        values = [dict(row.patch)[path] for row in plan.rows]
        assert span["from"] <= min(values) < max(values) <= span["to"]


def test_stages_add_up_to_the_whole():
    found = overhead(households=60, runs=3, rounds=1)
    assert found["overhead_s"]["median"] == pytest.approx(found["wall_s"] - found["engine_s"])
    assert sum(found["where_ms"].values()) / 1e3 == pytest.approx(found["overhead_s"]["median"])


def test_every_stage_takes_time():
    scenario = town(60)
    wake(Here(), scenario, 1)
    stages = by_stage(sweep(scenario, 3))
    assert set(stages) == {ENGINE, *OUTSIDE}
    assert all(seconds > 0.0 for seconds in stages.values())


@pytest.mark.slow
def test_pairs_of_every_arm_are_compared():
    rows = pairing(households=300, pairs=3)["rows"]
    assert len({row["arm"] for row in rows}) == 4
    assert all(row["change"] is not None and row["ratio"] > 0.0 for row in rows)


def test_what_pairing_saves_is_told_in_numbers_that_json_has():
    luck = np.random.Generator(np.random.Philox(1)).normal(size=20)
    found = compared(luck + 1.0, luck)  # the same change in every pair
    assert found["change"] == pytest.approx(1.0)
    assert found["ratio"] is None or found["ratio"] > 1e6
    json.dumps(found, allow_nan=False)
    apart = [compared(luck + 0.01 * luck[::-1], luck), compared(-luck + 0.01 * luck[::-1], luck)]
    assert verdict(apart) == "pairing helps in 1 of 2 and harms in 1; of the others nothing can be told"


def test_a_cluster_that_cannot_be_had_is_printed_with_the_reason(capsys):
    span = {"median": 0.9, "low": 0.8, "high": 1.0}
    one = {"start_s": 1.0, "rate": 10.0, "beside": 0.001}
    rates = {"start_s": 3.0, "rate": 18.0, "efficiency": span}
    sizes = {
        "one": one,
        "workers": 2,
        "households": 10,
        "rounds": 1,
        "runs": 1,
        "sobol_runs": 26_624,
        "projected_h": 0.41,
    }
    skipped = {"skipped": "distributed is not installed"}
    print_speed({**sizes, "processes": rates, "engines_at_once": span, "dask": skipped})
    text = capsys.readouterr().out
    assert "skipped: distributed is not installed" in text
    assert "26,624 such runs on 2 processes takes 25 min" in text
    assert "beside the one worker: 0.1% of a core" in text


def test_durations_are_told_in_fitting_units():
    assert [duration(h) for h in (0.01, 0.5, 12.0)] == ["36 s", "30 min", "12.0 h"]


def test_memory_of_this_process_is_told():
    assert 10.0 < resident_mb() < 100_000.0
