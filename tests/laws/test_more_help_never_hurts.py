"""Monotone in distribution: more crews, better sensing, shorter work do not lengthen the mean outage.

Compared seed by seed, so that chance is the same on both sides.
"""

from functools import cache

import numpy as np
import pytest

from sim.core.columns import LEVELS
from sim.world import place as places
from sim.world import storm
from tests.laws.towns import SMALL, rows_of, state_of, town

SEEDS = range(1, 21)
LONG = {**SMALL, "place.customers": 300, "run.horizon_h": 3_000.0, "patrol.teams": 1}
HALF = {"substation": 9.0, "feeder": 3.0, "lateral": 2.0, "transformer": 1.5, "drop": 0.75}
MORE_WORK = {
    "twice the crews": {"crews.line.own": 4, "crews.trouble.own": 2},
    "one more trouble truck": {"crews.trouble.own": 2},
    "mutual aid": {"crews.line.mutual_aid": 3},
    "crews around the clock": {"crews.shift_on_h": 24.0},
    "repairs in half the time": {f"storm.repair_h.{level}": hours for level, hours in HALF.items()},
    "no travel": {"crews.travel_min": 0.0},
}
# Knowing more helps where crews wait for orders, not where orders wait for crews.
CREWS_ENOUGH = {**LONG, "run.horizon_h": 336.0, "crews.line.own": 8, "crews.trouble.own": 4, "patrol.teams": 0}
DIVIDED = {**LONG, "crews.districts": 3, "crews.shared_share": 0.0, "crews.line.own": 3, "crews.trouble.own": 3}
SMALL_JOBS = {**CREWS_ENOUGH, "crews.line.own": 4, "crews.trouble.own": 0, "storm.failures.drop": 0.5}
EYES_SHUT = {**CREWS_ENOUGH, "patrol.sees_one_below": 0.0, "patrol.sees_two_below": 0.0}
MORE_KNOWLEDGE = {
    "sensors on every device": {f"sensing.{level}": 1.0 for level in LEVELS},
    "meters that answer again soon": {"sensing.meter_coverage": 1.0, "sensing.meter_half_time_h": 6.0},
    "patrols": {"patrol.teams": 2},
    "eyes that see two levels below": {"patrol.sees_two_below": 1.0},
    "no search on site": {f"patrol.{level}_h": 0.0 for level in LEVELS},
    "a louder city": {"reporting.voice": "high"},
    "perfect knowledge": {"dispatch.policy": "omniscient"},
}
TORN_OFF = {**CREWS_ENOUGH, "storm.failures.drop": 0.5, "storm.owner_share": 0.8, "run.horizon_h": 3_000.0}
HELP = {
    "a programme that mends what households own": (TORN_OFF, {"outreach.weatherhead_repair.reach": 1.0}),
    "an advance for what households own": (
        {**TORN_OFF, "people.poverty_share": 0.5, "owner.poor_factor": 4.0},
        {"outreach.weatherhead_repair.reach": 1.0, "outreach.weatherhead_repair.form": "loan"},
    ),
    **{kind: (LONG, patch) for kind, patch in MORE_WORK.items()},
    **{kind: (CREWS_ENOUGH, patch) for kind, patch in MORE_KNOWLEDGE.items()},
    "crews that all districts share": (DIVIDED, {"crews.shared_share": 1.0}),
    "line crews that split into trucks": (SMALL_JOBS, {"crews.split_into": 3}),
    "call-backs that all answer": (EYES_SHUT, {"oms.callback_share": 1.0}),
}


@pytest.fixture(scope="module")
def mean_hours():
    """Mean hours out of everybody who lost power, by seed; worlds are built once, and so is a town as it is."""
    built = {seed: places.build(town(base=LONG), seed) for seed in SEEDS}

    @cache
    def of(base, patch):
        scenario = town(dict(patch), dict(base))
        means = []
        for seed in SEEDS:
            households = rows_of(state_of(scenario, seed, (built[seed], storm.strike(scenario, built[seed], seed))))[
                "households"
            ]
            dark = households[np.isfinite(households["out_h"])]
            means.append((np.minimum(dark["restored_h"], scenario["run.horizon_h"]) - dark["out_h"]).mean())
        return np.array(means)

    return lambda base, patch: of(tuple(base.items()), tuple(patch.items()))


@pytest.mark.parametrize("kind", HELP)
def test_help_shortens_the_mean_outage(mean_hours, kind):
    base, patch = HELP[kind]
    change = mean_hours(base, patch) - mean_hours(base, {})
    standard_error = change.std(ddof=1) / np.sqrt(len(change))
    assert change.mean() + 2.0 * standard_error < 0.0
