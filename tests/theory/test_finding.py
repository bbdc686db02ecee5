"""What crews and patrols see below a sound device, against the chance by level that they are given.

Two thousand laterals in one place, each with one transformer, one wire and one house; what is broken is one or two
levels below the lateral. Every visit is a draw of its own.
"""

import numpy as np
import pytest

from sim import load, run

N = 2_000
NAMES = [str(i) for i in range(N)]
SEES = {"patrol.sees_one_below": 0.6, "patrol.sees_two_below": 0.3}
BELOW = {"T": 0.6, "D": 0.3}
AFTER_THE_END = 1_000.0


def laterals(broken, report_h, patch):
    """A run of that town; ``broken`` is the letter of the devices that are, and all report at ``report_h``."""
    levels = ["substation", "feeder", *["lateral"] * N, *["transformer"] * N, *["drop"] * N]
    rows = {letter: [f"{letter}{name}" for name in NAMES] for letter in "LTD"}
    devices = {
        "device": ["S", "F", *rows["L"], *rows["T"], *rows["D"]],
        "parent": ["", "S", *["F"] * N, *rows["L"], *rows["T"]],
        "level": levels,
        "x_km": [0.0] * len(levels),
        "y_km": [0.0] * len(levels),
    }
    town = load("worked/one-fault").with_tables(
        households={"household_id": list(range(N)), "device": rows["D"], "neighbourhood": ["Everywhere"] * N},
        devices=devices,
        damage={"device": rows[broken], "onset_h": [0.0] * N, "repair_h": [1.0] * N},
        reports={"household": NAMES, "time_h": [report_h] * N, "channel": ["web"] * N},
    )
    return run(town.but({**SEES, **patch}), seed=1)


def assert_share(found, chance):
    assert abs(found.mean() - chance) < 4.0 * np.sqrt(chance * (1.0 - chance) / len(found))


@pytest.mark.parametrize("broken", BELOW)
def test_each_walk_of_a_patrol_sees_what_is_left_with_the_chance_of_its_level(broken):
    day_and_night = {"patrol.teams": 1, "crews.line.own": 0, "run.horizon_h": 72.0, "storm.peak_at": "2018-10-10T12:00"}
    confirmed_h = laterals(broken, AFTER_THE_END, day_and_night).faults.confirmed_h
    for walks, until_h in enumerate((1.0, 25.0, 49.0), 1):  # lines have no length: all are walked as the day begins
        assert_share(confirmed_h < until_h, 1.0 - (1.0 - BELOW[broken]) ** walks)


@pytest.mark.parametrize("broken", BELOW)
def test_a_crew_at_a_sound_lateral_sees_with_the_chance_of_the_level_and_the_rest_is_closed_in_error(broken):
    one_call_is_enough = {"oms.calls_per_transformer": 1, "oms.transformers_per_lateral": 1, "sensing.feeder": 1.0}
    outcomes = laterals(broken, 1.0, {**one_call_is_enough, "crews.safe_h": 2.0, "crews.line.own": N})
    seen = outcomes.faults.confirmed_h < np.inf
    households = outcomes.households
    assert_share(seen, BELOW[broken])
    assert outcomes.jobs.level.eq("lateral").sum() == N
    assert (households.false_closures == np.where(seen, 0, 1)).all()
    assert np.isinf(households.restored_h[~seen]).all()
    np.testing.assert_allclose(
        households.falsely_closed_h[~seen], outcomes.horizon_h - 3.5
    )  # 2 + travel 0.5 + search 1
    np.testing.assert_allclose(households.restored_h[seen], 5.0)  # 3.5 + travel 0.5 + repair 1
