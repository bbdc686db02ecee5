"""The telephone queue: finite call-takers, a limit on lines, first come first served, callers who hang up.

With constant rates this is the M/M/c+M queue of Erlang-A (Palm 1946). A caller who hears the busy signal or hangs
up may try again at a later moment of attention. Others call to ask when power will be back; they are not followed
one by one, but hold lines on average::

    held = dark customers * inquiries_per_h * inquiry_h,   as much less by night as attention is

so that the more are dark, the sooner the line is busy.
"""

import numpy as np

from sim.core.compiled import codes, rule
from sim.core.events import HANG_UP, SERVED, plan_call
from sim.core.luck import Purpose, exponential, uniform
from sim.rules.channels import hour_of_day
from sim.rules.reporting import TALKING, WAITING, resume

HANDLE_LUCK = np.uint64(Purpose.HANDLE)
PATIENCE_LUCK = np.uint64(Purpose.PATIENCE)

REPORT_LOGGED, REPORT_BUSY, REPORT_HUNG_UP, REPORT_PROXY, REPORT_CALLBACK, REPORT_VISIT = codes(6)


@rule
def call(city, household, time_h):
    """A call comes in. Returns False for the busy signal."""
    clock, rules = city.clock[0], city.rules[0]
    person = city.folk[household]
    if clock.n_in_system + lines_held(clock.n_dark, time_h, rules) >= rules.lines:
        return False
    clock.n_in_system += 1
    person.n_calls += 1
    person.version += 1
    if clock.n_talking < rules.call_takers:
        _answer(city, household, time_h)
        return True
    person.phase = WAITING
    person.previous_waiting, person.next_waiting = clock.last_waiting, -1
    if clock.first_waiting < 0:
        clock.first_waiting = household
    else:
        city.folk[clock.last_waiting].next_waiting = household
    clock.last_waiting = household
    patience_h = _time(city, PATIENCE_LUCK, household, rules.patience_h)
    plan_call(city, time_h + patience_h, HANG_UP, household, person.version)
    return True


@rule
def lines_held(n_dark, time_h, rules):
    """Lines that callers hold who do not report but ask."""
    held = n_dark * rules.inquiries_per_h * rules.inquiry_h
    hour = hour_of_day(time_h, rules)
    by_day = rules.day_starts <= hour < rules.day_ends
    return held if by_day else held * rules.attention_night / rules.attention_day


@rule
def _time(city, purpose, household, mean_h):
    rules = city.rules[0]
    if rules.exact_times:
        return mean_h
    person = city.folk[household]
    return exponential(uniform(rules.behaviour_seed, purpose, person.id, person.n_calls), mean_h)


@rule
def _answer(city, household, time_h):
    person = city.folk[household]
    city.clock[0].n_talking += 1
    person.phase = TALKING
    person.version += 1
    handle_h = _time(city, HANDLE_LUCK, household, city.rules[0].handle_h)
    plan_call(city, time_h + handle_h, SERVED, household, person.version)


@rule
def next_caller(city, time_h):
    """A call-taker is free: the first in the queue who still has no power is answered."""
    clock = city.clock[0]
    clock.n_talking -= 1
    clock.n_in_system -= 1
    while clock.first_waiting >= 0:
        household = clock.first_waiting
        _leave_queue(city, household)
        if city.folk[household].dead > 0:
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
    clock, person = city.clock[0], city.folk[household]
    before, after = person.previous_waiting, person.next_waiting
    if before < 0:
        clock.first_waiting = after
    else:
        city.folk[before].next_waiting = after
    if after < 0:
        clock.last_waiting = before
    else:
        city.folk[after].previous_waiting = before
