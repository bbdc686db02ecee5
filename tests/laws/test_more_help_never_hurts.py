"""Monotone in distribution: more crews, better sensing, shorter work do not lengthen the mean outage.

Compared seed by seed, so that chance is the same on both sides.
"""

import numpy as np
import pytest

from sim import place as places
from sim import storm
from sim.columns import LEVELS
from tests.laws.towns import SMALL, memory_of, rows_of, town

SEEDS = range(1, 21)
LONG = {**SMALL, "place.customers": 300, "run.horizon_h": 3_000.0}
HALF = {"substation": 9.0, "feeder": 3.0, "lateral": 2.0, "transformer": 1.5, "drop": 0.75}
HELP = {
    "twice the crews": {"crews.line.own": 4, "crews.trouble.own": 2},
    "one more trouble truck": {"crews.trouble.own": 2},
    "mutual aid": {"crews.line.mutual_aid": 3},
    "crews around the clock": {"crews.shift_on_h": 24.0},
    "sensors on every device": {f"sensing.{level}": 1.0 for level in LEVELS},
    "meters that report again soon": {"sensing.meter_coverage": 1.0, "sensing.meter_half_time_h": 6.0},
    "patrols": {"patrol.network_share_per_day": 1.0},
    "repairs in half the time": {f"storm.repair_h.{level}": hours for level, hours in HALF.items()},
    "no search on site": {f"patrol.{level}_h": 0.0 for level in LEVELS},
    "no travel": {"crews.travel_min": 0.0},
    "perfect knowledge": {"dispatch.policy": "omniscient"},
}


@pytest.fixture(scope="module")
def mean_hours():
    """Mean hours out of everybody who lost power, by seed."""
    built = {seed: places.build(town(base=LONG), seed) for seed in SEEDS}

    def of(patch):
        scenario = town(patch, LONG)
        means = []
        for seed in SEEDS:
            folk = rows_of(memory_of(scenario, seed, (built[seed], storm.strike(scenario, built[seed], seed))))["folk"]
            dark = folk[np.isfinite(folk["out_h"])]
            means.append((dark["restored_h"] - dark["out_h"]).mean())
        return np.array(means)

    return of


@pytest.fixture(scope="module")
def as_it_is(mean_hours):
    return mean_hours({})


@pytest.mark.parametrize("kind", HELP)
def test_help_shortens_the_mean_outage(mean_hours, as_it_is, kind):
    change = mean_hours(HELP[kind]) - as_it_is
    standard_error = change.std(ddof=1) / np.sqrt(len(change))
    assert change.mean() + 2.0 * standard_error < 0.0
