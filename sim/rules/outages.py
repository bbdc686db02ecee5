"""Outages: what a failure does to the customers behind a device, and what a repair does.

A household is dark while there is at least one fault on its path to the source. After a repair those with another
fault above them stay dark: a nested outage, found by a call-back, a meter, a new report, or a patrol.
"""

import numpy as np

from sim.core.compiled import rule
from sim.core.events import METERED, SENSED, plan, plan_for
from sim.core.outcome_codes import BY_KNOWLEDGE, BY_METER, BY_SENSING, REPAIRED_OUTCOME
from sim.inputs.parameters.record import code_of
from sim.inputs.parameters.utility import Dispatch, Sensing
from sim.rules.asking import start_asking
from sim.rules.attention import ATTENTIVE, PLANNED, look_again, start_attention
from sim.rules.belief import believe, end_false_closure
from sim.rules.closing import presume_back
from sim.rules.crews import finish
from sim.rules.neighbours import belief_in_others, where_all_see_the_same
from sim.rules.oms import NONE, SEEN, SENSED_PRECISION, confirm, hear
from sim.rules.orders import count_coming
from sim.rules.owners import must_wait, notice, put_on_hold
from sim.rules.split_hours import charge
from sim.rules.upstream import failed_above, order_above

NOWHERE = np.int64(-1)
PERFECT, OMNISCIENT = code_of(Sensing, "knowledge", "perfect"), code_of(Dispatch, "policy", "omniscient")


@rule
def fail(city, fault, time_h):
    """A device fails: customers without power so far lose it now; those dark already may see more neighbours dark."""
    clock = city.clock[0]
    record = city.faults[fault]
    row = city.devices[record.at]
    row.failed = True
    for household in range(row.first, row.last):
        person = city.households[household]
        person.n_faults_above += 1
        if person.n_faults_above == 1:
            go_dark(city, household, time_h)
        elif person.n_faults_above == 2:
            person.second_h = time_h
    see_neighbours(city, row, time_h)
    if record.owner:
        notice(city, fault, time_h)
    if knows_all(city.parameters[0]):
        confirm(city, fault, time_h, BY_KNOWLEDGE, SEEN)
        if must_wait(record, time_h):
            put_on_hold(city, fault, time_h, time_h)
    elif record.sensed_h < np.inf:
        plan(city, max(time_h, record.sensed_h), SENSED, fault)
    clock.look = True


@rule
def knows_all(parameters):
    """Whether every fault is known and located as it happens."""
    return parameters.sensing.knowledge == PERFECT or parameters.dispatch.policy == OMNISCIENT


@rule
def go_dark(city, household, time_h):
    """A household loses power."""
    person = city.households[household]
    city.clock[0].n_dark += 1
    person.out_h, person.span_h = time_h, time_h
    person.away_h += time_h
    person.returns_h += time_h
    if order_above(city, person.served_by) >= 0:
        believe(person, time_h)
    if person.meter_h < np.inf:
        plan_for(city, max(time_h, person.meter_h), METERED, household, person.version)
    if person.can:
        start_attention(city, household, time_h)
        start_asking(city, household, time_h)


@rule
def see_neighbours(city, row, time_h):
    """All who are dark behind a device form the belief that others have reported; who learns something looks again.

    Who cannot report has nothing to look at.
    """
    seen_from, belief = NOWHERE, 0.0
    for household in range(row.first, row.last):
        person = city.households[household]
        if person.can and person.n_faults_above > 0:
            here = where_all_see_the_same(city, person.served_by)
            if here != seen_from:
                seen_from, belief = here, belief_in_others(city, here)
            if belief != person.others or person.out_h == time_h or not row.failed:
                person.others = belief
                look_again(city, household, time_h)


@rule
def sense(city, fault, time_h):
    """A breaker or meter shows an open device, provided that there is power upstream of it."""
    device = city.faults[fault].at
    if city.devices[device].failed and failed_above(city, device) < 0:
        confirm(city, fault, time_h, BY_SENSING, SENSED_PRECISION)


@rule
def meter(city, household, time_h):
    """The meter of a dark household answers again, and says so."""
    if city.households[household].n_faults_above > 0:
        hear(city, household, time_h, SENSED_PRECISION, BY_METER, NONE)


@rule
def repair(city, crew, time_h):
    """A repair is done: who has no other fault above is back; the rest is a nested outage."""
    number = city.crews[crew].job
    record = city.faults[city.jobs[number].fault]
    record.repaired_h = time_h
    row = city.devices[record.at]
    row.failed, row.sound = False, True
    count_coming(city, record.at, -1)
    city.clock[0].n_unrepaired -= 1
    finish(city, crew, time_h, REPAIRED_OUTCOME)
    for household in range(row.first, row.last):
        person = city.households[household]
        charge(person, record, city.jobs[number], time_h)
        person.n_faults_above -= 1
        if person.n_faults_above == 0:
            come_back(city, household, time_h)
        else:
            stay_dark(city, household, time_h)
    see_neighbours(city, row, time_h)
    presume_back(city, record.at, time_h)
    for fault in range(row.first_fault, row.last_fault):
        nested = city.faults[fault]
        if nested.confirmed_h > time_h and nested.sensed_h < np.inf and city.devices[nested.at].failed:
            plan(city, max(time_h, nested.sensed_h), SENSED, fault)


@rule
def come_back(city, household, time_h):
    """A household has power again."""
    person = city.households[household]
    city.clock[0].n_dark -= 1
    person.restored_h = time_h
    end_false_closure(person, time_h)
    city.next_look_h[household] = np.inf
    if person.phase == PLANNED:
        person.version += 1
        person.phase = ATTENTIVE


@rule
def stay_dark(city, household, time_h):
    """The neighbours have power again, this household has not: attention returns."""
    person = city.households[household]
    if person.n_faults_above == 1:
        person.behind_two_faults_h += time_h - person.second_h
    if person.can and not person.told:
        person.quiet_until_h = min(person.quiet_until_h, time_h)
