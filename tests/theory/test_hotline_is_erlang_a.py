"""The hotline with constant rates against the stationary M/M/c/K+M queue (Erlang-A: Palm 1946).

Each of many households calls once, at the times of a Poisson process that are written into the scenario; nobody has
power and nobody reports otherwise. Batch means give the standard errors. Those who only ask hold lines on average.
"""

from functools import cache

import numpy as np
import pytest

from sim.core import luck
from sim.core.luck import Purpose
from sim.core.outcome_codes import REPORT_BUSY, REPORT_HUNG_UP, REPORT_LOGGED
from sim.inputs.parameters.channels import CHANNELS
from tests.laws.towns import PLAIN, rows_of, state_of

CALLS = 24_000
SERVED_PER_H, HANGING_UP_PER_H = 20.0, 15.0  # 3 minutes to take a report, 4 minutes of patience
FIRST_H = 20.0
BATCHES = 40
QUEUES = {  # calls per hour, call-takers, lines
    "light load": (60.0, 5, 1_000),
    "as many calls as can be taken": (100.0, 5, 1_000),
    "twice as many": (200.0, 5, 1_000),
    "one call-taker": (15.0, 1, 1_000),
    "few lines": (150.0, 5, 8),
    "no queue at all": (100.0, 5, 5),
}


def stationary(calls_per_h, call_takers, lines):
    """Chances of 0, 1, 2, ... callers in the system."""
    ratio = [1.0]
    for k in range(1, min(lines, 400) + 1):
        leaving = min(k, call_takers) * SERVED_PER_H + max(k - call_takers, 0) * HANGING_UP_PER_H
        ratio.append(ratio[-1] * calls_per_h / leaving)
    return np.array(ratio) / np.sum(ratio)


def theory(calls_per_h, call_takers, lines):
    """Share that hears the busy signal, waits, hangs up; and the mean hours waited, over all callers."""
    chance = stationary(calls_per_h, call_takers, lines)
    k = np.arange(len(chance))
    busy = chance[-1] if lines < 400 else 0.0
    queue = (np.maximum(k - call_takers, 0) * chance).sum()
    waits = chance[k >= call_takers].sum() - busy
    return np.array([busy, waits, HANGING_UP_PER_H * queue / calls_per_h, queue / calls_per_h])


@cache
def calls(calls_per_h, call_takers, lines, seed=7, inquiries_per_day=0.0):
    """What became of every call, in the order of calling: busy, waited, hung up, hours waited."""
    gaps = -np.log(luck.column(seed, Purpose.VISIT, np.arange(CALLS), 99)) / calls_per_h
    hours = FIRST_H + np.cumsum(gaps)
    alone = {f"channels.{name}.availability": 0.0 for name in CHANNELS}
    scenario = PLAIN.but(
        {
            **alone, "place.customers": CALLS, "storm.failures.substation": 20.0, "crews.line.own": 0,
            "crews.trouble.own": 0, "patrol.teams": 0, "reporting.proxy_chance": 0.0,
            "reporting.night_factor": 1.0, "ties.neighbours": 0,
            "hotline.inquiries_per_day": inquiries_per_day, "hotline.inquiry_min": 10.005,
            "hotline.call_takers": call_takers, "hotline.lines": lines,
            "hotline.handle_min": 60 / SERVED_PER_H, "hotline.patience_min": 60 / HANGING_UP_PER_H,
            "run.horizon_h": float(hours[-1]) + 50.0,
        }
    )  # fmt: skip
    script = {"household": list(range(CALLS)), "time_h": hours.tolist(), "channel": ["hotline"] * CALLS}
    state = state_of(scenario.with_tables(reports=script), seed)
    reports = rows_of(state)["reports"]
    reports = reports[np.argsort(reports["attempted_h"])]
    np.testing.assert_array_equal(reports["attempted_h"], hours)
    who = state.households.id[reports["household"]]
    handle_h = -np.log(luck.column(seed, Purpose.HANDLE, who, 1)) / SERVED_PER_H
    patience_h = -np.log(luck.column(seed, Purpose.PATIENCE, who, 1)) / HANGING_UP_PER_H
    is_busy, is_lost = reports["outcome"] == REPORT_BUSY, reports["outcome"] == REPORT_HUNG_UP
    assert (is_busy | is_lost | (reports["outcome"] == REPORT_LOGGED)).all()
    with np.errstate(invalid="ignore"):
        waited = np.where(is_lost, patience_h, reports["logged_h"] - reports["attempted_h"] - handle_h)
    waited = np.where(is_busy, 0.0, waited)
    return np.array([is_busy, waited > 1e-9, is_lost, waited], dtype=float)


@pytest.mark.parametrize("queue", QUEUES)
def test_busy_signals_waits_and_lost_calls_are_those_of_erlang_a(queue):
    found = calls(*QUEUES[queue])[:, CALLS // 20 :]
    batches = np.array([batch.mean(axis=1) for batch in np.array_split(found, BATCHES, axis=1)])
    standard_error = batches.std(axis=0, ddof=1) / np.sqrt(BATCHES)
    assert (np.abs(found.mean(axis=1) - theory(*QUEUES[queue])) <= 4.0 * standard_error + 1e-12).all()


@pytest.mark.parametrize("queue", ["as many calls as can be taken", "twice as many"])
def test_those_who_wait_hang_up_at_the_rate_of_their_impatience(queue):
    """In Erlang-A the share lost is the mean wait times the rate of hanging up, whatever the load."""
    _, _, lost, waited = calls(*QUEUES[queue])
    difference = lost - HANGING_UP_PER_H * waited
    batches = np.array([batch.mean() for batch in np.array_split(difference, BATCHES)])
    assert abs(difference.mean()) < 4.0 * batches.std(ddof=1) / np.sqrt(BATCHES)


def test_where_there_are_no_more_lines_than_call_takers_nobody_waits():
    _, waited, lost, hours = calls(*QUEUES["no queue at all"])
    assert not waited.any()
    assert not lost.any()
    assert hours.max() < 1e-9


def test_those_who_only_ask_hold_as_many_lines_as_their_calls_are_long_and_many():
    """24,000 dark households, each a quarter of a call an hour, a sixth of an hour and a little: 1,000.5 lines."""
    per_h, call_takers, lines = QUEUES["few lines"]
    asked = calls(per_h, call_takers, lines + 1_000, inquiries_per_day=4.0)
    np.testing.assert_array_equal(asked, calls(per_h, call_takers, lines))
