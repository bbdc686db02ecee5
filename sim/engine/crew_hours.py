"""How long crews are on duty in a run, and how many of them come from elsewhere: what their bill is made of."""

import numpy as np

from sim.core.compiled import entry
from sim.engine.outcomes import Outcomes
from sim.rules.joining import AID, STAGED


def crew_hours(outcomes: Outcomes) -> np.ndarray:
    """Hours on duty, float64 [crew]: from arrival until sent home or the last job is done, for part of each day."""
    state, scenario = outcomes.state, outcomes.scenario
    hours, jobs = np.full(len(state.crews), -np.inf), state.jobs[: state.clock.n_jobs[0]]
    _count_hours(state.crews, jobs, outcomes.horizon_h, 1.0 / scenario["crews.split_into"], hours)
    return hours * min(1.0, scenario["crews.shift_on_h"] / 24.0)


@entry
def _count_hours(crews, jobs, end_h, part, hours):
    """Hours from arrival until split into trucks, else sent home, else done with the last job; a truck's by its part.

    ``hours`` is float64 [crew], minus infinity before.
    """
    for row in range(len(jobs)):
        hours[jobs[row].crew] = max(hours[jobs[row].crew], min(jobs[row].done_h, end_h))
    first_truck = len(crews)  # they stand behind all crews
    for row in range(len(crews)):
        crew, last_h = crews[row], hours[row]
        if crew.first_truck > 0:
            first_truck = min(first_truck, crew.first_truck)
        if crew.first_truck > 0 and crews[crew.first_truck].arrives_h < np.inf:
            last_h = crews[crew.first_truck].arrives_h
        elif crew.released_h <= end_h:
            last_h = crew.released_h
        hours[row] = max(last_h - crew.arrives_h, 0.0)
        if row >= first_truck:
            hours[row] *= part


def crews_that_come(outcomes: Outcomes, last_h: float) -> int:
    """Crews from elsewhere: those staged before the storm, and aid that arrives before the last household is back."""
    crews = outcomes.state.crews
    in_time = (crews.origin == AID) & (crews.arrives_h < last_h)
    return int(np.count_nonzero((crews.origin == STAGED) | in_time))
