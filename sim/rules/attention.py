"""Moments of attention: when a household that is dark thinks of reporting.

They are a Poisson process, faster by day than by night, fixed by a household's luck from the hour it lost power. What
it does at each: :mod:`sim.rules.reporting`. Nothing that enters there changes between two events of the household's own
surroundings, so its moments are looked at some hours ahead and looked at again, from the last one passed, when
something does change. How far ahead is a matter of speed only.
"""

import numpy as np

from sim.core.compiled import codes, rule
from sim.core.events import ATTEMPT, NOBODY, WATCH, plan, plan_for
from sim.core.luck import Purpose, exponential, pair
from sim.rules.bounds import UNKNOWN, is_sure_of_nothing
from sim.rules.channels import FORMAL, hour_of_day, usable
from sim.rules.reporting import NOTHING, choose_channel

ATTENTION_LUCK = np.uint64(Purpose.ATTENTION)

ATTENTIVE, PLANNED, WAITING, TALKING = codes(4)
LOOK_AHEAD_H = 12.0
FIRST = np.int64(0)  # number of the moment


@rule
def attention_at_night(reporting):
    """Moments of attention an hour by night."""
    return reporting.attention_per_h * reporting.night_factor


@rule
def next_moment(time_h, urge, parameters):
    """When the accumulated attention since ``time_h`` reaches ``urge`` (unit exponential): inverts the day's rhythm."""
    hour, reporting = hour_of_day(time_h, parameters), parameters.reporting
    day_starts, day_ends, by_night = reporting.day_starts_hour, reporting.day_ends_hour, attention_at_night(reporting)
    while True:
        if hour < day_starts:
            span, rate = day_starts - hour, by_night
        elif hour < day_ends:
            span, rate = day_ends - hour, reporting.attention_per_h
        else:
            span, rate = 24.0 - hour + day_starts, by_night
        if urge < rate * span:
            return time_h + urge / rate
        urge -= rate * span
        time_h += span
        hour += span
        if hour >= 24.0:
            hour -= 24.0


@rule
def start_attention(city, household, time_h):
    """Power is lost: the first moment of attention follows."""
    person = city.households[household]
    gap = pair(city.parameters[0].derived.behaviour_seed, ATTENTION_LUCK, person.id, FIRST)[0]
    person.moment = FIRST
    person.moment_h = next_moment(time_h, exponential(gap, 1.0), city.parameters[0])
    person.check, person.check_h = person.moment, person.moment_h


@rule
def look_ahead(city, household, time_h):
    """Look at the moments of attention after ``time_h`` that are already due for a look; plan the first attempt."""
    person = city.households[household]
    parameters = city.parameters[0]
    until = city.clock[0].watched_to_h
    moment, at = np.int64(person.moment), person.moment_h
    fresh = True
    while at <= until:
        gap, u = pair(parameters.derived.behaviour_seed, ATTENTION_LUCK, person.id, moment + 1)
        if at > time_h:
            if fresh:
                person.check, person.check_h, fresh = moment, at, False
            if at > person.quiet_until_h and is_at_home(person, at):
                chosen = choose(city, person, at, moment, u)
                if chosen != NOTHING:
                    person.moment, person.moment_h = moment, at
                    person.chosen, person.phase = chosen, PLANNED
                    plan_for(city, at, ATTEMPT, household, person.version)
                    city.next_look_h[household] = np.inf
                    return
        moment += 1
        at = next_moment(at, exponential(gap, 1.0), parameters)
    if fresh:
        person.check, person.check_h = moment, at
    person.moment, person.moment_h = moment, at
    city.next_look_h[household] = max(at, person.quiet_until_h)  # who is content is looked at when that ends


@rule
def choose(city, person, time_h, moment, u):
    """The channel that a household chooses at a moment of luck ``u``, or NOTHING."""
    parameters, hours_out = city.parameters[0], time_h - person.out_h
    if is_sure_of_nothing(person, hours_out, u, city.channels, parameters):
        return NOTHING
    bits = usable(person, time_h, moment, parameters) & FORMAL
    if not bits:
        return NOTHING
    return choose_channel(bits, hours_out, person, hour_of_day(time_h, parameters), u, city.channels, parameters)


@rule
def is_at_home(person, time_h):
    """Whether anybody is there to notice."""
    return time_h < person.away_h or time_h >= person.returns_h


@rule
def look_again(city, household, time_h):
    """Something changed: forget the attempt planned, and look at the moments after ``time_h`` anew."""
    person = city.households[household]
    person.most = UNKNOWN
    if person.phase != ATTENTIVE and person.phase != PLANNED:
        return
    person.version += 1
    person.phase = ATTENTIVE
    person.moment, person.moment_h = person.check, person.check_h
    look_ahead(city, household, time_h)


@rule
def resume(city, household, time_h):
    """After an attempt: attention goes on with the next moment."""
    person = city.households[household]
    person.most = UNKNOWN
    person.version += 1
    person.phase = ATTENTIVE
    if person.n_faults_above > 0:
        look_ahead(city, household, time_h)


@rule
def watch_all(city, time_h):
    """The next stretch of time: look ahead for every household that is dark and has nothing planned."""
    until_h = time_h + city.parameters[0].derived.look_ahead_h
    city.clock[0].watched_to_h = until_h
    for household in range(len(city.next_look_h)):
        if city.next_look_h[household] <= until_h and is_due(city.households[household], until_h):
            look_ahead(city, household, time_h)
    plan(city, until_h, WATCH, NOBODY)


@rule
def is_due(person, until_h):
    """Whether there is a moment to look at; ``next_look_h`` says when at the earliest, so that few need be asked."""
    dark = person.n_faults_above > 0 and person.phase == ATTENTIVE
    return dark and person.moment_h <= until_h and person.quiet_until_h < until_h
