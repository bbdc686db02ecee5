"""Shifts begin at their hour, day after day, and a run with shifts at any hour ends."""

import numpy as np
import pytest

from sim import load, run


@pytest.mark.parametrize("hour", [0.0, 6.1, 7.3, 13.7, 23.9])
def test_a_run_ends_whatever_the_hour_at_which_shifts_begin(hour):
    outcomes = run(load("classroom").but({"crews.shift_starts_hour": hour, "crews.shift_on_h": 11.0}), seed=2)
    assert np.isfinite(outcomes.jobs.done_h).all()


def test_no_crew_sets_off_outside_its_shift():
    scenario = load("classroom").but({"crews.shift_starts_hour": 7.3, "crews.shift_on_h": 9.0})
    outcomes = run(scenario, seed=2)
    offset_h = outcomes.memory.crews.shift_offset_h[outcomes.jobs.crew.to_numpy()]
    peak_hour = 18.0
    into_shift_h = (outcomes.jobs.dispatched_h + peak_hour - 7.3 - offset_h + 1e-9) % 24.0
    assert (into_shift_h < 9.0 + 1e-6).all()
    assert offset_h.min() < offset_h.max()
