"""Replicates: which seeds, in which order, and what is built once."""

import numpy as np
import pytest

import experiments.runs.replicates as module
from experiments.runs.replicates import replicates, seeds_of
from experiments.studies.run_measures import compare, measure, whole
from sim import Scenario, Seeds, run
from sim.inputs.parameters import Parameters

TOWN = Scenario("town", Parameters()).but(
    {"place.customers": 200, "place.neighbourhoods": 4, "crews.line.own": 3, "grid.customers_per_lateral": 20}
)


def test_seeds_count_up_and_hold_what_is_fixed():
    assert seeds_of(4, 2) == [Seeds(4, 4, 4), Seeds(5, 5, 5)]
    assert seeds_of(4, 2, world=0, storm=9) == [Seeds(0, 9, 4), Seeds(0, 9, 5)]


def test_each_replicate_is_kept_before_the_next_starts():
    order = []

    def keep(outcomes):
        order.append(f"keep {outcomes.seeds.behaviour}")

    list(replicates(TOWN, seeds_of(1, 2), keep, progress=lambda stage, row: order.append(f"{stage} {row.behaviour}")))
    assert order == ["running 1", "keep 1", "finished 1", "running 2", "keep 2", "finished 2"]


def test_what_is_recalled_is_not_run_again(monkeypatch):
    monkeypatch.setattr(module, "run", lambda *_, **__: pytest.fail("ran"))
    stages = []
    found = list(
        replicates(TOWN, seeds_of(1, 2), keep=lambda _: "new", recall=lambda row: f"old {row.behaviour}",
                   progress=lambda stage, _: stages.append(stage))
    )  # fmt: skip
    assert found == ["old 1", "old 2"]
    assert stages == ["running", "recalled"] * 2


@pytest.mark.parametrize("fixed", [{}, {"world": 3}, {"world": 3, "storm": 4}, {"storm": 4}])
def test_a_shared_world_changes_no_result(fixed):
    seeds = seeds_of(1, 2, **fixed)
    shared = list(replicates(TOWN, seeds, keep=lambda outcomes: outcomes.households))
    for row, table in zip(seeds, shared, strict=True):
        assert table.equals(run(TOWN, row).households)


def test_a_fixed_world_is_built_once(monkeypatch):
    built = []
    original = module.place.build
    monkeypatch.setattr(module.place, "build", lambda *words: built.append(1) or original(*words))
    list(replicates(TOWN, seeds_of(1, 3, world=1, storm=1), keep=lambda _: None))
    assert len(built) == 1


def test_comparison_equals_the_mean_of_the_gaps_of_its_runs():
    runs = [measure(run(TOWN, n).households, ["minority"], 336.0, Seeds.all(n), {}) for n in (1, 2, 3)]
    gaps = []
    for row in runs:
        means = row.groupings["minority"].tables["all affected"]["mean_h"]
        gaps.append(means["minority"] - means["other"])
    found = compare(runs, "minority").gaps["all affected"].set_index("measure").loc["mean_h"]
    assert found["gap"] == pytest.approx(np.mean(gaps))
    assert found["gap_low"] < found["gap"] < found["gap_high"]


def test_whole_city_adds_up_to_the_hours_of_its_households():
    outcomes = run(TOWN, 1)
    measured = measure(outcomes.households, ["all"], 336.0, outcomes.seeds, {"total": 5.0})
    hit = outcomes.households.query("out_h < 336")
    hours = np.minimum(hit["restored_h"], 336.0) - hit["out_h"]
    assert measured.customer_hours == pytest.approx(hours.sum())
    assert whole([measured])["customer-hours"].note == "one run: no interval"
