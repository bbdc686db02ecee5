"""The telephone queue: finite call-takers, a limit on lines, first come first served, callers who hang up.

With constant rates this is the M/M/c+M queue of Erlang-A (Palm 1946). A caller who hears the busy signal or hangs
up may try again at a later moment of attention. Others call to ask when power will be back; they are not followed
one by one, but hold lines on average::

    held = dark customers * inquiries_per_day / (day_ends_hour - day_starts_hour) * inquiry_min / 60

as much less by night as attention is, so that the more are dark, the sooner the line is busy.
"""

import numpy as np

from sim.core.compiled import rule
from sim.core.events import HANG_UP, SERVED, plan_for
from sim.core.luck import Purpose, exponential, uniform
from sim.rules.attention import TALKING, WAITING, attention_at_night, resume
from sim.rules.channels import hour_of_day

HANDLE_LUCK = np.uint64(Purpose.HANDLE)
PATIENCE_LUCK = np.uint64(Purpose.PATIENCE)


@rule
def call(city, household, time_h):
    """A call comes in. Returns False for the busy signal."""
    clock, parameters = city.clock[0], city.parameters[0]
    person = city.households[household]
    if clock.n_in_system + lines_held(clock.n_dark, time_h, parameters) >= parameters.hotline.lines:
        return False
    clock.n_in_system += 1
    person.n_calls += 1
    person.version += 1
    if clock.n_talking < parameters.hotline.call_takers:
        _answer(city, household, time_h)
        return True
    person.phase = WAITING
    person.previous_waiting, person.next_waiting = clock.last_waiting, -1
    if clock.first_waiting < 0:
        clock.first_waiting = household
    else:
        city.households[clock.last_waiting].next_waiting = household
    clock.last_waiting = household
    patience_h = _time(city, PATIENCE_LUCK, household, parameters.hotline.patience_min / 60.0)
    plan_for(city, time_h + patience_h, HANG_UP, household, person.version)
    return True


@rule
def lines_held(n_dark, time_h, parameters):
    """Lines that callers hold who do not report but ask."""
    hotline, reporting, hour = parameters.hotline, parameters.reporting, hour_of_day(time_h, parameters)
    per_h = hotline.inquiries_per_day / (reporting.day_ends_hour - reporting.day_starts_hour)
    held = n_dark * per_h * (hotline.inquiry_min / 60.0)
    if reporting.day_starts_hour <= hour < reporting.day_ends_hour:
        return held
    return held * attention_at_night(reporting) / reporting.attention_per_h


@rule
def _time(city, purpose, household, mean_h):
    parameters = city.parameters[0]
    if parameters.hotline.exact_times:
        return mean_h
    person = city.households[household]
    return exponential(uniform(parameters.derived.behaviour_seed, purpose, person.id, np.int64(person.n_calls)), mean_h)


@rule
def _answer(city, household, time_h):
    person = city.households[household]
    city.clock[0].n_talking += 1
    person.phase = TALKING
    person.version += 1
    handle_h = _time(city, HANDLE_LUCK, household, city.parameters[0].hotline.handle_min / 60.0)
    plan_for(city, time_h + handle_h, SERVED, household, person.version)


@rule
def next_caller(city, time_h):
    """A call-taker is free: the first in the queue who still has no power is answered."""
    clock = city.clock[0]
    clock.n_talking -= 1
    clock.n_in_system -= 1
    while clock.first_waiting >= 0:
        household = clock.first_waiting
        _leave_queue(city, household)
        if city.households[household].n_faults_above > 0:
            _answer(city, household, time_h)
            return
        clock.n_in_system -= 1  # the lights came back while waiting: gone
        resume(city, household, time_h)


@rule
def hang_up(city, household):
    """Patience has run out: leave the queue."""
    city.clock[0].n_in_system -= 1
    _leave_queue(city, household)


@rule
def _leave_queue(city, household):
    clock, person = city.clock[0], city.households[household]
    before, after = person.previous_waiting, person.next_waiting
    if before < 0:
        clock.first_waiting = after
    else:
        city.households[before].next_waiting = after
    if after < 0:
        clock.last_waiting = before
    else:
        city.households[after].previous_waiting = before
