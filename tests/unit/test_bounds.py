"""The bound on the wish to report rejects most moments, and none at which a household would report."""

import numpy as np
import pytest

from sim.core.compiled import entry
from sim.core.household_rows import HOUSEHOLD
from sim.core.rows import rows
from sim.core.seeds import Seeds
from sim.engine.settings import channel_rows, parameters_row
from sim.inputs.parameters.channels import CHANNELS
from sim.rules.bounds import HOURS, UNKNOWN, is_sure_of_nothing
from sim.rules.channels import ALL_BITS, FORMAL
from sim.rules.reporting import NOTHING, choose_channel
from tests.laws.towns import town

MOMENTS = 20_000
WEIGHTS = {
    "as usual": {},
    "eager": {"reporting.willingness": 3.0, "reporting.b_need": 8.0, "reporting.b_duration": 2.0},
    "tired": {"reporting.b_duration": -2.0, "reporting.b_need": 0.0},
    "steep": {"need.shape": 8.0, "reporting.b_need": 10.0},
    "flat": {"need.shape": 0.5, "reporting.b_trust": 10.0, "reporting.b_closed": 10.0},
}


@entry
def at_each_moment(people, hours_out, u, channels, parameters, sure, chosen):
    """Whether the bound rejects each moment, and what the household chooses there if all its channels work."""
    for i in range(len(people)):
        sure[i] = is_sure_of_nothing(people[i], hours_out[i], u[i], channels, parameters[0])
        bits = people[i].can & FORMAL
        chosen[i] = choose_channel(bits, hours_out[i], people[i], 12.0, u[i], channels, parameters[0])


def strangers(random):
    """Households of every kind, and how long each has been without power."""
    people = rows(HOUSEHOLD, MOMENTS)
    people.tolerance_h, people.urgency = random.lognormal(3.5, 1.0, MOMENTS), random.normal(0.0, 1.0, MOMENTS)
    for name in ("knowledge", "trust", "trust_left", "others"):
        people[name] = random.random(MOMENTS)
    for name in ("informed", "wronged"):
        people[name] = random.random(MOMENTS) < 0.3
    people.can, people.spoken = random.integers(0, ALL_BITS + 1, (2, MOMENTS))
    people.most = UNKNOWN
    hours_out = random.choice([random.exponential(30.0, MOMENTS), random.exponential(400.0, MOMENTS)])
    hours_out[: len(CHANNELS)] = 0.0
    return people, hours_out


@pytest.mark.parametrize("weights", WEIGHTS)
def test_no_report_is_lost_and_most_other_moments_are_passed_over(weights):
    random = np.random.default_rng(1)
    scenario = town(WEIGHTS[weights])
    people, hours_out = strangers(random)
    u = random.random(MOMENTS) * random.choice([1.0, 0.1, 0.001], MOMENTS)
    sure, chosen = np.zeros(MOMENTS, dtype=bool), np.zeros(MOMENTS, dtype=np.int64)
    parameters = parameters_row(scenario, Seeds.all(1), MOMENTS, False)
    at_each_moment(people, hours_out, u, channel_rows(scenario), parameters, sure, chosen)
    assert (chosen[sure] == NOTHING).all()
    quiet = (chosen == NOTHING) & (hours_out < HOURS)
    assert sure[quiet].mean() > 0.8
    assert not sure[hours_out > HOURS].any()


def test_a_luck_just_at_the_edge_is_looked_at():
    """Where the bound is what it bounds, but for its margin: one channel, need at its most, no hour begun."""
    scenario = town({"reporting.b_duration": 0.0})
    channels, need = channel_rows(scenario), 1.0 / (1.0 + 0.01 ** scenario["need.shape"])
    wish = channels[0].asc - scenario["reporting.b_hassle"] * channels[0].hassle + scenario["reporting.b_need"] * need
    edge = 1.0 / (1.0 + np.exp(wish))
    person = rows(HOUSEHOLD, 2)
    person.tolerance_h, person.can, person.spoken, person.trust_left, person.most = 1.0, 1, 1, 1.0, UNKNOWN
    sure, chosen = np.zeros(2, dtype=bool), np.zeros(2, dtype=np.int64)
    u, parameters = np.array([edge * (1.0 + 1e-12), edge * 0.99]), parameters_row(scenario, Seeds.all(1), 1, False)
    at_each_moment(person, np.full(2, 100.0), u, channels, parameters, sure, chosen)
    assert chosen.tolist() == [0, NOTHING]
    assert sure.tolist() == [False, True]
