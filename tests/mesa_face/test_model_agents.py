"""Agents tell what the tables tell, at any hour, and leave nothing behind."""

import gc
import time
import weakref

import mesa
import numpy as np
import pytest

from sim.core.columns import ATTRIBUTES
from sim.engine.story import TRIED
from sim.inputs.parameters.channels import CHANNELS
from sim.mesa_face.agents import Crew, Household, Utility
from sim.mesa_face.model import CoproductionModel
from tests.mesa_face.steps import half_way, to_the_end

MANY = {"place.customers": 100_000}


def device_numbers(model):
    return {model.place.devices.label[device]: device for device in range(len(model.place.devices))}


def test_there_is_an_agent_for_each_household_and_crew_and_one_utility(ended):
    counts = {kind: len(agents) for kind, agents in ended.agents_by_type.items()}
    assert counts == {Household: 2_000, Crew: len(ended.state.crews), Utility: 1}
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
    place, numbers = model.place.devices, device_numbers(model)
    busy = [crew for crew in model.agents_by_type[Crew] if crew.busy]
    assert len(busy) == model.crews_busy > 0
    for crew in busy:
        device = numbers[crew.job["device"]]
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
    devices, suspected = model.place.devices, still_open.device.map(device_numbers(model))
    behind = [range(devices.first[device], devices.last[device]) for device in suspected]
    assert utility.customers_believed_out == len(set().union(*behind))


def test_a_household_tells_its_story_in_order_from_dark_to_light(ended):
    stories = {agent: agent.story() for agent in ended.agents_by_type[Household] if agent.out_h < np.inf}
    tried = tuple(f"It {words}" for words in TRIED)
    for agent, story in stories.items():
        hours = [hour for hour, _ in story]
        assert hours == sorted(hours)
        assert (agent.out_h, "The lights go out.") in story
        assert any(what.startswith("Power is back") for _, what in story) == agent.has_power
        assert any("has found the fault" in what for _, what in story) or not agent.has_power
        told = any(what.startswith(tried) for _, what in story)
        called_h = ended.state.households.attempted_h[agent.row]
        on_the_line = called_h < agent.restored_h < called_h + 1.0  # when power came back: such a call has no fate
        assert agent.reported == told or agent.channel == "informal" or (agent.channel == "hotline" and on_the_line)
        assert agent.known == any("and so this home" in what for _, what in story)
    assert any("it is logged" in what for story in stories.values() for _, what in story)
    assert all(agent.story() == [] for agent in ended.agents_by_type[Household] if agent not in stories)


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
