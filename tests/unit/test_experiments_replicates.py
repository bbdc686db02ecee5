"""Replicates: which seeds, what is built once, what is remembered of each, and what stays of it."""

import gc

import numpy as np
import pandas as pd
import pytest

from analysis.measures.reliability import by_group
from analysis.measures.table import CITY, MEASURES
from app.carrying import study
from app.pages.run_city import city_table
from experiments.findings.run_flat import flat, whole_again
from experiments.findings.run_measures import compare, looked_at, measure, whole
from experiments.runs import evaluate
from experiments.runs.carry_out import RunOptions
from experiments.runs.replicates import seeds_of
from experiments.studies.run import KIND
from experiments.study import carried_out
from sim import Scenario, ScenarioError, Seeds, run
from sim.core.limits import REPLICATES
from sim.engine.costs import costs
from sim.engine.outcomes import household_columns
from sim.inputs.parameters.root import Parameters
from tests.laws.test_rules_of_ones_own import nobody_reports, smallest_first

TOWN = Scenario("town", Parameters()).but(
    {"place.customers": 200, "place.neighbourhoods": 4, "crews.line.own": 3, "grid.customers_per_lateral": 20}
)


def test_seeds_count_up_and_hold_what_is_fixed():
    assert seeds_of(4, 2) == [Seeds(4, 4, 4), Seeds(5, 5, 5)]
    assert seeds_of(4, 2, world=0, storm=9) == [Seeds(0, 9, 4), Seeds(0, 9, 5)]


def test_no_more_replicates_than_the_limit():
    with pytest.raises(ScenarioError, match="replicates: "):
        seeds_of(1, REPLICATES + 1)


def found_by(seeds, **more):
    """The runs of some replicates, as a study makes them."""
    asked = KIND.ask(TOWN, seed=seeds[0], replicates=len(seeds), **more)
    return carried_out(KIND, asked, RunOptions(workers=1, tables=True))


@pytest.mark.parametrize("fixed", [{}, {"world": 3}, {"world": 3, "storm": 4}, {"storm": 4}])
def test_a_shared_world_changes_no_result(fixed):
    shared = found_by((1, 2), **{f"{name}_seed": seed for name, seed in fixed.items()})
    assert list(shared.seeds) == seeds_of(1, 2, **fixed)
    for row in shared.seeds:
        pd.testing.assert_frame_equal(shared.outcomes(row.behaviour).households, run(TOWN, row).households)


def test_a_fixed_world_is_built_once_by_those_who_share_it(monkeypatch):
    built = []
    original = evaluate.place.build
    evaluate.forget()
    monkeypatch.setattr(evaluate.place, "build", lambda *words: built.append(words[0].name) or original(*words))
    found_by((1, 2, 3), world_seed=1, storm_seed=1)
    assert built.count(TOWN.name) == 1


@pytest.mark.parametrize("by", [("minority",), ("income", "all"), ("neighbourhood", "poor,over65"), ("ethnicity",)])
def test_columns_and_their_data_frame_measure_alike_and_as_by_group(by):
    outcomes = run(TOWN.but({"run.horizon_h": 20.0}), 1)
    columns = looked_at(household_columns(outcomes), by)
    found, of_frame = (measure(table, by, 20.0, outcomes.seeds, {}) for table in (columns, outcomes.households))
    assert flat(found) == pytest.approx(flat(of_frame), rel=0, abs=0, nan_ok=True)
    assert list(flat(found)) == list(flat(of_frame))
    for name, grouped in found.groupings.items():
        for population, table in grouped.tables.items():
            only = population == "reporters only"
            expected = by_group(outcomes.households, name, 20.0, reporters_only=only)
            pd.testing.assert_frame_equal(table.loc[expected.index], expected, check_dtype=False)


def test_the_figures_show_the_world_that_was_built(monkeypatch, tmp_path):
    built = []
    original = evaluate.place.build
    monkeypatch.setattr(evaluate.place, "build", lambda *words: built.append(words[0].name) or original(*words))
    study(KIND, {"scenario": TOWN}, RunOptions(tmp_path, workers=1))
    assert (tmp_path / "figures" / "grid.png").exists()
    assert built.count(TOWN.name) == 1
    assert not evaluate.WORLDS.worlds.values  # and it is not remembered beyond


@pytest.mark.parametrize("by", [("minority",), ("income", "all"), ("neighbourhood", "poor,over65"), ("ethnicity",)])
def test_what_is_measured_comes_back_from_its_names_as_it_was(by):
    outcomes = run(TOWN.but({"people.minority_share": 0.2, "run.horizon_h": 20.0}), 1)
    measured = measure(outcomes.households, by, 20.0, outcomes.seeds, costs(outcomes))
    measured = measured._replace(city={**measured.city, "a new one: of the city": 0.125})
    numbers = flat(measured)
    again = whole_again(numbers, by, outcomes.seeds)
    assert np.isinf(again.city["T95"])
    assert (again.seeds, again.affected, again.restored) == (measured.seeds, measured.affected, measured.restored)
    assert (again.city, again.costs_usd) == (measured.city, measured.costs_usd)
    for name in by:
        pd.testing.assert_frame_equal(again.outreach[name].astype(int), measured.outreach[name])
        assert again.groupings[name].reference == measured.groupings[name].reference
        for population, table in measured.groupings[name].tables.items():
            pd.testing.assert_frame_equal(again.groupings[name].tables[population], table, check_dtype=False)


def test_every_measure_of_the_whole_city_is_told_with_its_words():
    found = found_by(range(1, 11), by=("minority", "income"))
    of_city = {one.in_run: one for one in MEASURES if one.in_run and one.per == CITY}
    assert set(of_city) <= set(found.summary["whole_city"])
    heads = [row[0] for row in city_table(found.summary)[0].rows]
    for one in of_city.values():
        assert sum(one.plain in head for head in heads) == 1


def test_rules_of_ones_own_make_the_runs_and_stand_in_their_folders(tmp_path):
    options = RunOptions(tmp_path, workers=1)
    own = KIND.ask(TOWN, choose=nobody_reports)
    found = carried_out(KIND, own, options)
    assert not found.outcomes(1).households["report_logged"].any()
    assert "nobody_reports" in found.outcomes(1).certificate["rules"]
    times = [path.stat().st_mtime_ns for path in tmp_path.glob("seed-1/*")]
    assert carried_out(KIND, own, options).summary["whole_city"] == found.summary["whole_city"]
    assert [path.stat().st_mtime_ns for path in tmp_path.glob("seed-1/*")] == times
    for other in (KIND.ask(TOWN), KIND.ask(TOWN, score=smallest_first)):
        with pytest.raises(ScenarioError, match="a run by other rules") as caught:
            carried_out(KIND, other, options)
        assert "\n" not in str(caught.value)


def test_a_study_without_a_folder_has_its_tables_for_as_long_as_it_is_there():
    found = found_by((1,))
    folder = found.folder
    assert found.outcomes(1).seeds == Seeds.all(1)
    assert len(found.runs) == 1
    del found
    gc.collect()
    assert not folder.exists()


def test_comparison_equals_the_mean_of_the_gaps_of_its_runs():
    runs = [measure(run(TOWN, n).households, ["minority"], 336.0, Seeds.all(n), {}) for n in (1, 2, 3)]
    gaps = []
    for row in runs:
        means = row.groupings["minority"].tables["all affected"]["mean_h"]
        gaps.append(means["minority"] - means["other"])
    found = compare(runs, "minority").gaps["all affected"].set_index("measure").loc["mean_h"]
    assert found["gap"] == pytest.approx(np.mean(gaps))
    assert found["gap_low"] < found["gap"] < found["gap_high"]


def test_the_whole_city_is_told_how_unequal_the_waits_are_and_between_whom():
    runs = [measure(run(TOWN, n).households, ["minority", "income", "all"], 336.0, Seeds.all(n), {}) for n in (1, 2, 3)]
    found = whole(runs)
    for name, least in (("Gini index", 0.0), ("concentration index by income", -1.0)):
        assert all(least < one.city[name] < 1.0 for one in runs)
        assert found[name].mean == pytest.approx(np.mean([one.city[name] for one in runs]))
        assert found[name].low < found[name].mean < found[name].high
    between = {name for name in found if name.startswith("inequality between groups")}
    assert between == {f"inequality between groups: {by}" for by in ("minority", "income")}
    assert all(0.0 <= one.city[name] < 1.0 for one in runs for name in between)


def test_whole_city_adds_up_to_the_hours_of_its_households():
    outcomes = run(TOWN, 1)
    measured = measure(outcomes.households, ["all"], 336.0, outcomes.seeds, {"total": 5.0})
    hit = outcomes.households.query("out_h < 336")
    hours = np.minimum(hit["restored_h"], 336.0) - hit["out_h"]
    assert measured.customer_hours == pytest.approx(hours.sum())
    assert whole([measured])["customer-hours"].note == "one run: no interval"
