"""Shifts begin at their hour, day after day, and a run with shifts at any hour ends."""

import numpy as np
import pytest

from sim import load, run
from sim.core.columns import LEVELS


@pytest.mark.parametrize("hour", [0.0, 6.1, 7.3, 13.7, 23.9])
def test_a_run_ends_whatever_the_hour_at_which_shifts_begin(hour):
    outcomes = run(load("classroom").but({"crews.shift_starts_hour": hour, "crews.shift_on_h": 11.0}), seed=2)
    assert np.isfinite(outcomes.jobs.done_h).all()


def test_no_crew_sets_off_outside_its_shift():
    scenario = load("classroom").but({"crews.shift_starts_hour": 7.3, "crews.shift_on_h": 9.0})
    outcomes = run(scenario, seed=2)
    offset_h = outcomes.state.crews.shift_offset_h[outcomes.jobs.crew.to_numpy()]
    peak_hour = 18.0
    into_shift_h = (outcomes.jobs.dispatched_h + peak_hour - 7.3 - offset_h + 1e-9) % 24.0
    assert (into_shift_h < 9.0 + 1e-6).all()
    assert offset_h.min() < offset_h.max()


@pytest.mark.parametrize("minute", [5, 13, 47])
def test_a_run_ends_whatever_the_minute_of_the_peak(minute):
    outcomes = run(load("classroom").but({"storm.peak_at": f"2018-10-10T00:{minute:02}", "run.horizon_h": 2e3}), seed=1)
    assert np.isfinite(outcomes.households.restored_h[np.isfinite(outcomes.households.out_h)]).all()


@pytest.mark.parametrize("starts", [5.9, 6.1, 7.0])
def test_patrols_set_out_on_several_days_whatever_the_hour(starts):
    """Hardly anything but patrols can find a fault here."""
    blind = {f"sensing.{level}": 0.0 for level in LEVELS}
    quiet = {"reporting.willingness": -8.0, "patrol.starts_hour": starts, "patrol.speed_km_per_h": 0.5}
    faults = run(load("classroom").but({**blind, **quiet}), seed=1).faults
    found_h = faults.confirmed_h[faults.source == "patrol"]
    assert len(found_h) > 10
    assert len(np.unique(np.floor((found_h + 18.0 - starts) / 24.0))) > 1


@pytest.mark.parametrize("starts", [0.0, 6.0, 7.3, 22.5])
@pytest.mark.parametrize(("on_h", "every_min"), [
    (1.0, 60.0), (4.0, 240.0), (1.7, 102.0), (16.0, 960.0), (1.0, 240.0), (1.0, 61.0), (16.0, 1_440.0),
])  # fmt: skip
def test_all_is_repaired_where_dispatchers_look_just_once_a_shift_or_less(starts, on_h, every_min):
    """With shifts from 10.30 pm to 11.30 pm, and looks at 2, 6 and 10 pm, no crew would be sent but as one begins."""
    rhythm = {"crews.shift_starts_hour": starts, "crews.shift_on_h": on_h, "dispatch.every_min": every_min}
    outcomes = run(load("classroom").but({**rhythm, "place.customers": 300, "run.horizon_h": 8_760.0}), seed=3)
    repaired = outcomes.jobs.device[outcomes.jobs.outcome == "repaired"]
    assert sorted(repaired) == sorted(outcomes.faults.device)
