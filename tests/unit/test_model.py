"""The Mesa face is the same model: stepping adds up to a run, agents tell what the tables tell, Mesa's tools work."""

import gc
import inspect
import os
import re
import subprocess
import sys
import time
import weakref
from pathlib import Path

import mesa
import numpy as np
import pytest
from pandas.testing import assert_frame_equal

from sim import Scenario, ScenarioError, Seeds, load, run
from sim.columns import CHANNELS
from sim.compiled import COMPILED, rule
from sim.model import CoproductionModel, Crew, Household, Utility
from sim.outcome_columns import ATTRIBUTES, TABLES

ROOT = Path(__file__).resolve().parents[2]
BLOCKS = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "mesa.md").read_text(encoding="utf-8"), re.DOTALL)
MANY = {"place.customers": 100_000}


def to_the_end(model):
    while model.running:
        model.step()
    return model


def half_way(steps=40, **given):
    model = CoproductionModel("classroom", **given)
    for _ in range(steps):
        model.step()
    return model


def labels(model):
    return [model.place.devices.label[device] for device in range(len(model.place.devices))]


def assert_same_tables(outcomes, others):
    for name in TABLES:
        assert_frame_equal(getattr(outcomes, name), getattr(others, name), check_exact=True)


def assert_same_bytes(outcomes, others):
    assert_same_tables(outcomes, others)
    for name in ("folk", "devices", "faults", "crews"):
        assert getattr(outcomes.memory, name).tobytes() == getattr(others.memory, name).tobytes(), name


@pytest.fixture(scope="module")
def ended():
    return to_the_end(CoproductionModel("classroom", seed=2))


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
    before, rows = ended.outcomes.memory.folk.tobytes(), len(ended.datacollector.model_vars["time_h"])
    for _ in range(3):
        ended.step()
    assert not ended.running
    assert ended.outcomes.memory.folk.tobytes() == before
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

    with pytest.raises(ScenarioError, match="score must take order, device, rules, not order, device"):
        CoproductionModel(score=of_two)


def test_there_is_an_agent_for_each_household_and_crew_and_one_utility(ended):
    counts = {kind: len(agents) for kind, agents in ended.agents_by_type.items()}
    assert counts == {Household: 2_000, Crew: len(ended.memory.crews), Utility: 1}
    assert len(ended.agents) == sum(counts.values())
    assert ended.agent_types == [Household, Crew, Utility]
    assert [agent.unique_id for agent in ended.agents] == list(range(1, len(ended.agents) + 1))
    assert ended.agents is ended.agents


@pytest.mark.parametrize(
    "name", ["household_id", "neighbourhood", "out_h", "restored_h", "known_h", "n_reports", *ATTRIBUTES]
)
def test_households_tell_what_the_table_tells(ended, name):
    assert ended.agents_by_type[Household].get(name) == ended.outcomes.households[name].tolist()


def test_households_tell_their_channels_and_hours(ended):
    table, agents = ended.outcomes.households, ended.agents_by_type[Household]
    channels = ["" if channel is None else channel for channel in agents.get("channel")]
    assert channels == table.first_report_channel.astype(str).tolist()
    np.testing.assert_allclose(agents.get("hours_out"), np.minimum(table.hours_out, ended.time_h - table.out_h).clip(0))
    assert set().union(*agents.get("channels")) <= set(CHANNELS)
    assert all(agent.pos == (agent.x_km, agent.y_km) for agent in agents.select(at_most=5))


def test_agents_are_up_to_date_as_the_model_goes_on():
    model = CoproductionModel("classroom")
    households = model.agents_by_type[Household]
    assert all(households.get("has_power"))
    for _ in range(30):
        model.step()
        assert households.get("has_power").count(False) == model.customers_out


def test_crews_are_where_their_job_is():
    model = half_way()
    place, label = model.place.devices, labels(model)
    busy = [crew for crew in model.agents_by_type[Crew] if crew.busy]
    assert len(busy) == model.crews_busy > 0
    for crew in busy:
        device = label.index(crew.job["device"])
        assert crew.pos == (place.x_km[device], place.y_km[device])
        assert crew.job["dispatched_h"] <= model.time_h
        assert crew.kind in ("line crew", "trouble crew")
    assert all(crew.job is None for crew in model.agents_by_type[Crew] if not crew.busy)


def test_the_utility_believes_the_customers_behind_its_open_orders_out():
    model = half_way()
    utility = model.agents_by_type[Utility][0]
    table = model.outcomes.orders
    still_open = table[table.outcome == "open"]
    assert utility.orders_open == model.orders_open == len(utility.orders) == len(still_open) > 0
    assert [order["device"] for order in utility.orders] == still_open.device.tolist()
    devices, suspected = model.place.devices, [labels(model).index(device) for device in still_open.device]
    behind = [range(devices.first[device], devices.last[device]) for device in suspected]
    assert utility.customers_believed_out == len(set().union(*behind))


def test_a_household_tells_its_story_in_order_from_dark_to_light(ended):
    told = {agent: agent.story() for agent in ended.agents_by_type[Household] if agent.out_h < np.inf}
    for agent, story in told.items():
        hours = [hour for hour, _ in story]
        assert hours == sorted(hours)
        assert (agent.out_h, "loses power") in story
        assert ((agent.restored_h, "has power again") in story) == agent.has_power
        assert any("is repaired" in what for _, what in story) or not agent.has_power
        assert agent.reported == any(what.startswith("reports by") for _, what in story) or agent.channel == "informal"
    assert any("reaches the utility" in what for story in told.values() for _, what in story)


def test_a_story_does_not_run_ahead_of_time():
    model = half_way(12)
    assert all(hour <= model.time_h for agent in model.agents_by_type[Household] for hour, _ in agent.story())


def test_an_agent_cannot_be_written_to(ended):
    with pytest.raises(AttributeError, match=r"Household\.trust can be read, not set"):
        ended.agents[0].trust = 1.0


def test_agents_of_ones_own_come_after_ours_and_may_leave():
    class Observer(mesa.Agent):
        pass

    model = CoproductionModel("worked/one-fault")
    ours = len(model.agents)
    observer = Observer(model)
    assert (len(model.agents), observer.unique_id) == (ours + 1, ours + 1)
    assert list(model.agents_by_type[Observer]) == [observer]
    observer.remove()
    assert len(model.agents) == ours
    model.agents[0].remove()
    assert len(model.agents) == ours


def test_a_hundred_thousand_households_are_agents_within_a_second():
    model = CoproductionModel("classroom", changes=MANY)
    started = time.process_time()
    assert len(model.agents_by_type[Household]) == 100_000
    assert time.process_time() - started < 1.0


def test_twenty_models_in_a_row_leave_nothing_behind():
    class Observer(mesa.Agent):
        pass

    def used():
        model = CoproductionModel("worked/nested-outage", collect_agents=True)
        Observer(model)
        to_the_end(model).agents.get("unique_id")
        return weakref.ref(model)

    models = [used() for _ in range(20)]
    gc.collect()
    assert [model() for model in models] == [None] * 20


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


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_each_block_of_the_page_runs(number, tmp_path, monkeypatch, capsys):
    if "mesa.visualization" in BLOCKS[number]:
        pytest.importorskip("solara", reason="SolaraViz is an extra")
    monkeypatch.chdir(tmp_path)
    exec(compile(BLOCKS[number], f"docs/mesa.md, block {number + 1}", "exec"), {"__name__": "__main__"})


COMPARE = """
import runpy
from pandas.testing import assert_frame_equal
arms = runpy.run_path("docs/examples/own_rules.py", run_name="example")
run = arms["run"]
usual, copies, own = (run(arm).outcomes for arm in arms["ARMS"])
for name in ("households", "orders", "jobs", "reports"):
    assert_frame_equal(getattr(usual, name), getattr(copies, name), check_exact=True)
assert usual.households.first_report_h.min() - usual.households.out_h.min() < 12
waits = own.reports.attempted_h - own.households.set_index("household_id").out_h[own.reports.household_id].to_numpy()
assert waits.min() >= 12
assert not usual.jobs.equals(own.jobs)
runpy.run_path("docs/examples/own_rules.py", run_name="__main__")
"""


def answer_of_own_rules(plain):
    env = {**os.environ, "NUMBA_DISABLE_JIT": "1" if plain else "0", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", COMPARE], cwd=ROOT, env=env, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_rules_of_ones_own_run_plain_and_compiled_and_copies_of_the_built_in_ones_change_nothing():
    assert COMPILED
    assert answer_of_own_rules(plain=True) == answer_of_own_rules(plain=False)
