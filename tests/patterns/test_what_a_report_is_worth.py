"""What must be true of the loop: patrols, reports and sensing are worth something, the less the more of the others.

Tallahassee at a tenth of its size, crews, call-takers and patrols in proportion; paired by seed, as many hours as the
run shows.
"""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from evidence.measured import sources
from evidence.reading import VOICES
from evidence.reports import BLIND, PERFECT, SILENT
from sim import load, run
from sim.core.columns import DROP, FEEDER
from sim.core.outcome_codes import REPAIRED_OUTCOME
from sim.rules.split_hours import split_hours
from sim.world import place, storm

SEEDS = range(1, 13)
TOWN = load("tallahassee-michael").but({
    "place.customers": 11_700, "place.area_km2": 57.2, "place.neighbourhoods": 20, "crews.line.own": 2,
    "crews.line.staged": 3, "crews.line.mutual_aid": 15, "crews.trouble.own": 1, "crews.trouble.mutual_aid": 1,
    "hotline.call_takers": 3, "hotline.lines": 15, "patrol.teams": 2,
})  # fmt: skip
pytestmark = pytest.mark.slow


@cache
def built(seed):
    return place.build(TOWN, seed)


@cache
def outcomes_of(patch, seed):
    scenario = TOWN.but(dict(patch))
    return run(scenario, seed, place=built(seed), damage=storm.strike(scenario, built(seed), seed))


def ran(patch):
    return [outcomes_of(tuple(sorted(patch.items())), seed) for seed in SEEDS]


def mean_h(outcomes):
    households = outcomes.state.households
    dark = np.isfinite(households.out_h)
    return (np.minimum(households.restored_h[dark], outcomes.horizon_h) - households.out_h[dark]).mean()


def undetected_h(outcomes):
    return split_hours(outcomes.state, outcomes.horizon_h)["undetected_h"][
        np.isfinite(outcomes.state.households.out_h)
    ].mean()


def t95_h(outcomes):
    households = outcomes.state.households
    dark = np.isfinite(households.out_h)
    return np.quantile(np.minimum(households.restored_h[dark], outcomes.horizon_h) - households.out_h[dark], 0.95)


def means(patch, measure):
    return np.array([measure(outcomes) for outcomes in ran(patch)])


def clearly(change):
    """Mean change and two standard errors of it."""
    return change.mean(), 2.0 * change.std(ddof=1) / np.sqrt(len(change))


def test_patrols_cut_the_hours_undetected_and_the_tail_most_where_nobody_reports():
    silent = means({**SILENT, "patrol.teams": 8}, undetected_h) - means(SILENT, undetected_h)
    loud = means({"patrol.teams": 8}, undetected_h) - means({}, undetected_h)
    mean, twice = clearly(silent)
    assert mean + twice < -1.0
    assert clearly(loud)[0] < 0.0
    mean, twice = clearly(silent - loud)
    assert mean + twice < 0.0
    mean, twice = clearly(means({**SILENT, "patrol.teams": 8}, t95_h) - means(SILENT, t95_h))
    assert mean + twice < 0.0


@pytest.mark.parametrize("voice", VOICES)
def test_reports_are_worth_the_less_the_more_the_utility_senses(voice):
    values = []
    for sensing in (BLIND, {}, {"sensing.meter_coverage": 0.94, "sensing.meter_half_time_h": 12.0}):
        on = {"reporting.voice": voice, **sensing}
        values.append(means({**on, **SILENT}, mean_h) - means(on, mean_h))
    for more, less in pairwise(values):
        mean, twice = clearly(more - less)
        assert mean - twice > 0.0
    assert clearly(values[1])[0] > 1.0


def test_perfect_knowledge_is_worth_the_more_the_quieter_the_city():
    worth = {voice: means({"reporting.voice": voice}, mean_h) - means({"reporting.voice": voice, **PERFECT}, mean_h)
             for voice in VOICES}  # fmt: skip
    assert worth["low"].mean() > worth["middle"].mean() > 0.0
    mean, twice = clearly(worth["low"] - worth["high"])
    assert mean - twice > 0.0


def test_reports_lead_to_a_fifth_of_the_faults_at_transformers_and_drops_or_more():
    led = [sources(outcomes) for outcomes in ran({})]
    counted = [
        {key: number for key, number in one.items() if key.split(":")[1] in ("transformer", "drop")} for one in led
    ]
    by_report = sum(number for one in counted for key, number in one.items() if key.endswith(":report"))
    assert by_report >= 0.2 * sum(sum(one.values()) for one in counted)


def test_crews_are_hardly_ever_sent_to_a_feeder_that_has_not_failed():
    for outcomes in ran({}):
        jobs = outcomes.state.jobs[: outcomes.state.clock.n_jobs[0]]
        high = outcomes.place.devices.level[jobs.at] <= FEEDER
        assert np.count_nonzero(high & np.isfinite(jobs.found_h) & (jobs.outcome != REPAIRED_OUTCOME)) <= 1


def test_the_last_to_be_found_are_single_homes():
    found = [outcomes.state.faults for outcomes in ran({})]
    last = [faults.at[np.argsort(faults.confirmed_h)[-20:]] for faults in found]
    levels = np.concatenate([outcomes.place.devices.level[at] for outcomes, at in zip(ran({}), last, strict=True)])
    assert (levels == DROP).mean() > 0.8
