"""A researcher can replace the reporting rule and the dispatch score by functions of the same signature."""

import numpy as np
import pytest

from sim import load, run
from sim.core.compiled import rule
from sim.rules.reporting import NOTHING


@rule
def nobody_reports(usable_bits, hours_out, person, hour, u, channels, rules):
    return NOTHING


@rule
def smallest_first(order, device, rules):
    return -float(order.believed)


@pytest.fixture(scope="module")
def usual_and_own():
    """A town under the model's own rules and under two of one's own: compiled anew, hence together."""
    everything_is_known = load("classroom").but({"sensing.knowledge": "perfect", "channels.informal.availability": 0.0})
    own = run(everything_is_known, seed=1, choose=nobody_reports, score=smallest_first)
    return run(everything_is_known, seed=1), own


def test_a_reporting_rule_of_ones_own_is_what_households_follow(usual_and_own):
    usual, own = usual_and_own
    assert np.isfinite(usual.households.first_report_h).any()
    assert np.isinf(own.households.first_report_h).all()


def test_a_score_of_ones_own_decides_who_goes_first(usual_and_own):
    usual, own = (first_order(outcomes) for outcomes in usual_and_own)
    assert usual.level == "feeder"
    assert own.believed_customers < 0.1 * usual.believed_customers


def first_order(outcomes):
    """The order that the first truck rolled for."""
    number = outcomes.jobs.sort_values("job_id").order_id.iloc[0]
    return outcomes.orders.set_index("order_id").loc[number]
