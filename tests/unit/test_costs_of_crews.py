"""What crews cost: those that stand ready, come, split into trucks, and are sent home."""

import numpy as np
import pytest

from sim import load, run
from sim.engine.costs import costs, darkness
from sim.engine.crew_hours import crew_hours, crews_that_come
from sim.rules.joining import AID
from tests.laws.towns import town


def coming(outcomes):
    return crews_that_come(outcomes, darkness(outcomes).last_h)


def test_staged_crews_come_whatever_the_storm_does_and_aid_only_while_it_is_needed():
    calm = {"storm.gust_m_per_s": 0.0, "crews.line.staged": 4, "crews.line.mutual_aid": 6}
    assert coming(run(town(calm), 1)) == 4
    late = {"crews.line.mutual_aid": 2, "crews.line.aid_from_h": 700.0, "crews.line.aid_full_h": 700.0,
            "run.horizon_h": 336.0}  # fmt: skip
    assert coming(run(town(late), 1)) == 0


def test_a_crew_that_is_sent_home_is_paid_until_then():
    aided = {"crews.line.mutual_aid": 6, "crews.line.aid_from_h": 8.0, "crews.line.aid_full_h": 20.0,
             "crews.release_orders_per_crew": 2.0}  # fmt: skip
    outcomes = run(town(aided), 2)
    crews, jobs = outcomes.state.crews, outcomes.jobs
    gone = np.isfinite(crews.released_h) & (crews.origin == AID)
    assert gone.any()
    there_h = np.array(crews.released_h - crews.arrives_h)
    assert crew_hours(outcomes)[gone] == pytest.approx(there_h[gone] * 16 / 24)
    last_h = jobs.groupby("crew")["done_h"].max()
    stays = [crew for crew in last_h.index if not gone[crew]]
    expected = (last_h[stays] - np.array(crews.arrives_h)[stays]) * 16 / 24
    assert crew_hours(outcomes)[stays] == pytest.approx(expected.to_numpy())


def test_the_trucks_of_a_crew_cost_together_what_the_crew_cost():
    outcomes = run(load("worked/splitting-crews"), 1)
    scenario, jobs, crews = outcomes.scenario, outcomes.jobs, outcomes.state.crews
    n_crews = int(crews.first_truck[crews.first_truck > 0].min())
    until_h = jobs.groupby("crew")["done_h"].max()
    for crew in range(n_crews):
        split_h = crews.arrives_h[crews.first_truck[crew]]
        if crews.first_truck[crew] > 0 and split_h < np.inf:
            until_h[crew] = split_h
    there_h = until_h - np.array(crews.arrives_h)[until_h.index]
    trucks = there_h.index >= n_crews
    assert trucks.any()
    expected = there_h[~trucks].sum() + there_h[trucks].sum() / scenario["crews.split_into"]
    assert crew_hours(outcomes).sum() == pytest.approx(expected * scenario["crews.shift_on_h"] / 24.0)
    tree_usd = expected * scenario["crews.shift_on_h"] / 24.0 * 0.23 * 350.0
    assert costs(outcomes)["tree_crews"] == pytest.approx(tree_usd)  # line crews and trucks alone
