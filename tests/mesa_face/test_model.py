"""The Mesa face is the same model: stepping adds up to a run, agents tell what the tables tell, Mesa's tools work."""

import inspect
from pathlib import Path

import mesa
import numpy as np
import pytest
from pandas.testing import assert_frame_equal

from sim import Scenario, ScenarioError, Seeds, load, run
from sim.core.compiled import rule
from sim.engine.outcome_columns import TABLES
from sim.mesa_face.model import CoproductionModel
from tests.mesa_face.steps import half_way, to_the_end

ROOT = Path(__file__).resolve().parents[2]


def assert_same_tables(outcomes, others):
    for name in TABLES:
        assert_frame_equal(getattr(outcomes, name), getattr(others, name), check_exact=True)


def assert_same_bytes(outcomes, others):
    assert_same_tables(outcomes, others)
    for name in ("households", "devices", "faults", "crews"):
        assert getattr(outcomes.state, name).tobytes() == getattr(others.state, name).tobytes(), name


@pytest.mark.parametrize("hours_per_step", [0.25, 1, 7])
@pytest.mark.parametrize("name", ["classroom", "arms/closing", "worked/two-callers-one-agent", "worked/call-back"])
def test_steps_of_any_length_add_up_to_the_bytes_of_a_run(name, hours_per_step):
    scenario = load(name)
    if scenario["place.customers"] > 2_000:
        scenario = scenario.but({"place.customers": 1_500})
    model = to_the_end(CoproductionModel(scenario, seed=3, hours_per_step=hours_per_step))
    assert_same_bytes(model.outcomes, run(scenario, seed=3))


def test_a_run_cut_off_by_its_horizon_ends_there_although_customers_are_out():
    model = to_the_end(CoproductionModel("classroom", hours_per_step=7, run__horizon_h=30.0))
    assert model.time_h == 30.0
    assert model.customers_out > 0
    assert_same_bytes(model.outcomes, run(load("classroom").but({"run.horizon_h": 30.0}), seed=1))


def test_steps_after_the_end_change_nothing(ended):
    before, rows = ended.outcomes.state.households.tobytes(), len(ended.datacollector.model_vars["time_h"])
    for _ in range(3):
        ended.step()
    assert not ended.running
    assert ended.outcomes.state.households.tobytes() == before
    assert len(ended.datacollector.model_vars["time_h"]) == rows


def test_outcomes_half_way_are_those_of_a_run_with_its_horizon_there_and_stay_as_they_are():
    model = half_way()
    early = model.outcomes
    to_the_end(model)
    assert_same_tables(early, run(load("classroom").but({"run.horizon_h": model.start_h + 40.0}), seed=1))


def test_a_storm_without_damage_is_over_at_once():
    calm = {f"storm.failures.{level}": 0.0 for level in ("substation", "feeder", "lateral", "transformer", "drop")}
    model = to_the_end(CoproductionModel("classroom", changes=calm))
    assert model.steps == 1
    assert model.customers_out == 0
    assert np.isnan(model.gap_h)


def test_chance_comes_from_luck_and_not_from_mesa(monkeypatch):
    class Untouchable:
        def __getattr__(self, name):
            raise AssertionError(f"somebody asked Mesa for chance: {name}")

    model = CoproductionModel("classroom", seed=5)
    monkeypatch.setattr(model, "random", Untouchable())
    monkeypatch.setattr(model, "rng", Untouchable())
    assert_same_tables(to_the_end(model).outcomes, run(load("classroom"), seed=5))


def test_changes_are_given_by_dots_or_by_double_underscores():
    by_dots = CoproductionModel("classroom", changes={"dispatch.policy": "pressure", "crews.line.own": 3})
    by_name = CoproductionModel("classroom", dispatch__policy="pressure", crews__line__own=np.int64(3))
    assert by_dots.arm.digest == by_name.arm.digest
    assert by_dots.arm["dispatch.policy"] == "pressure"
    assert by_dots.arm["crews.line.own"] == 3


def test_a_scenario_may_be_a_name_a_path_or_an_object():
    path = ROOT / "scenarios" / "classroom.toml"
    digests = {CoproductionModel(each).arm.digest for each in ("classroom", path, str(path), load("classroom"))}
    assert len(digests) == 1


def test_seed_and_rng_are_two_names_for_the_same_thing():
    given = [{"seed": 7}, {"rng": 7}, {"rng": np.int64(7)}, {"seed": Seeds(7, 7, 7)}, {"seed": 7, "rng": None}]
    assert {CoproductionModel("classroom", **each).seeds for each in given} == {Seeds(7, 7, 7)}
    assert CoproductionModel("classroom").seeds == Seeds.all(1)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"scenario": "clasroom"}, "did you mean 'classroom'"),
        ({"scenario": 3}, "unknown name '3'"),
        ({"dispatch__polcy": "pressure"}, r"\[dispatch\]: unknown key 'polcy'; did you mean 'policy'"),
        ({"dispach__policy": "pressure"}, "unknown key 'dispach'; did you mean 'dispatch'"),
        ({"dispatch__policy": "presure"}, "did you mean 'pressure'"),
        ({"crews__line__own": -1}, "own must be a whole number"),
        ({"hour_per_step": 2}, "unknown argument 'hour_per_step'; did you mean 'hours_per_step'"),
        ({"zzz": 2}, "section__name"),
        ({"changes": 5}, "changes must map"),
        ({"changes": {"crews.line.won": 5}}, "did you mean 'own'"),
        ({"hours_per_step": 0}, "hours_per_step must be"),
        ({"hours_per_step": -1}, "hours_per_step must be"),
        ({"hours_per_step": float("nan")}, "hours_per_step must be"),
        ({"hours_per_step": "1"}, "hours_per_step must be"),
        ({"group": "minorities"}, "did you mean 'minority'"),
        ({"seed": 1, "rng": 1}, "not both"),
        ({"seed": -1}, "seed must be whole"),
        ({"seed": 1.5}, "seed must be whole"),
        ({"rng": "1"}, "seed must be whole"),
        ({"choose": lambda one, two: None}, "choose must"),
        ({"score": 5}, "score must be a function under @rule"),
    ],
)
def test_bad_input_is_refused_in_one_line(given, message):
    with pytest.raises(ScenarioError, match=message) as refused:
        CoproductionModel(**given)
    assert "\n" not in str(refused.value)


def test_a_rule_with_other_arguments_is_refused_before_it_is_compiled():
    @rule
    def of_two(order, device):
        return 1.0

    with pytest.raises(ScenarioError, match="score must take order, device, parameters, not order, device"):
        CoproductionModel(score=of_two)


def test_collected_numbers_are_those_of_the_tables(ended):
    frame, table = ended.datacollector.get_model_vars_dataframe(), ended.outcomes.households
    for row in frame.iloc[[0, 20, 60, -1]].itertuples():
        dark = (table.out_h <= row.time_h) & (table.restored_h > row.time_h)
        assert row.customers_out == dark.sum()
        assert row.customers_out_in_group == (dark & table.minority).sum()
    hit = table[table.out_h < np.inf]
    hours = np.minimum(hit.restored_h, ended.time_h) - hit.out_h
    assert frame.gap_h.iloc[-1] == pytest.approx(hours[hit.minority].mean() - hours[~hit.minority].mean())
    assert frame.reports.iloc[-1] == len(ended.outcomes.reports)


def test_agents_are_collected_on_request():
    model = to_the_end(CoproductionModel("worked/two-callers-one-agent", collect_agents=True))
    frame = model.datacollector.get_agent_vars_dataframe()
    steps = len(model.datacollector.model_vars["time_h"])
    assert len(frame) == steps * len(model.agents)
    households = frame[frame.kind == "household"]
    dark = (~households.has_power.astype(bool)).groupby("Step").sum()
    assert dark.tolist() == model.datacollector.model_vars["customers_out"]


def batch(processes, **more):
    rows = mesa.batch_run(
        CoproductionModel,
        {"scenario": "classroom", "dispatch__policy": ["standard", "most-reports"], "seed": [1, 2], **more},
        number_processes=processes,
        display_progress=False,
    )
    return sorted(rows, key=lambda row: row["RunId"])


def test_batch_run_ends_each_run_with_its_last_numbers():
    rows = batch(1, hours_per_step=7)
    assert [(row["dispatch__policy"], row["seed"]) for row in rows] == [
        ("standard", 1), ("standard", 2), ("most-reports", 1), ("most-reports", 2),
    ]  # fmt: skip
    for row in rows:
        outcomes = run(load("classroom").but({"dispatch.policy": row["dispatch__policy"]}), seed=row["seed"])
        assert row["reports"] == len(outcomes.reports)
        assert row["customers_out"] == np.isinf(outcomes.households.hours_out).sum()


@pytest.mark.slow
def test_batch_run_gives_the_same_in_two_processes():
    assert batch(2, hours_per_step=24) == batch(1, hours_per_step=24)


def test_the_signature_is_what_solara_viz_asks_for():
    wanted = inspect.signature(CoproductionModel.__init__).parameters
    assert wanted["kwargs"].kind is inspect.Parameter.VAR_KEYWORD
    assert not any(parameter.kind is inspect.Parameter.VAR_POSITIONAL for parameter in wanted.values())
    needed = [name for name, p in wanted.items() if p.default is p.empty and name not in ("self", "kwargs")]
    assert needed == []
    model = CoproductionModel()
    assert model.scenario is None, "Mesa 3.5 gives a model with a scenario another one on Reset"
    assert not isinstance(model.scenario, Scenario)
    again = type(model)(**{"scenario": "classroom", "dispatch__policy": "pressure", "seed": 3})
    assert again.arm["dispatch.policy"] == "pressure"
