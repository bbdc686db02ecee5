"""The event loop: what happens when, from the first failure to the last repair.

1.  A device fails: the customers behind it go dark.
2.  Dark households have moments of attention; some report, through the channel that they choose.
3.  The utility senses, hears, patrols and infers; it opens, merges, confirms and withdraws orders.
4.  Free crews are sent to the orders with the highest scores; they travel, search, find, repair.
5.  After a repair, the customers behind without another fault above them are back. The others are a nested outage,
    found by a call-back, a meter, a new report, or a patrol.

Time is continuous: events are taken at their own times, simultaneous ones in the order of :mod:`sim.events`, and
dispatchers look at their list when all of a time have happened.
"""

import numpy as np

from sim.channels import hour_of_day, is_open
from sim.columns import HOTLINE, INFORMAL, LIAISON
from sim.compiled import codes, entry, rule
from sim.crews import arrive, dead_above, find, finish, set_free
from sim.dispatch import assign_all, look
from sim.events import (
    ARRIVED, ATTEMPT, CALLBACK, ENTITY_MASK, ESCALATE, FOUND, HANG_UP, KIND_SHIFT, LOOK, NOBODY, ON_DUTY, ONSET, PASSED_ON,
    PATROLLED, READY, REPAIRED, SCRIPTED, SENSED, SERVED, VISIT, WATCH, plan, plan_call, pop,
)  # fmt: skip
from sim.hotline import (
    REPORT_BUSY, REPORT_CALLBACK, REPORT_HUNG_UP, REPORT_LOGGED, REPORT_PROXY, REPORT_VISIT, call, hang_up, next_caller,
)  # fmt: skip
from sim.luck import Purpose, uniform
from sim.oms import SEEN, SENSED_PRECISION, confirm, escalate, hear, presume_back
from sim.orders import (
    BY_KNOWLEDGE, BY_PATROL, BY_SENSING, REPAIRED_OUTCOME, make_ready, order_above,
)  # fmt: skip
from sim.reporting import (
    ATTENTIVE, PLANNED, belief_in_others, look_again, resume, start_attention,
    watch_all,
)  # fmt: skip

CALLBACK_LUCK = np.uint64(Purpose.CALLBACK)
PROXY_LUCK = np.uint64(Purpose.PROXY)
REPEAT_LUCK = np.uint64(Purpose.REPEAT)

FINISHED, NEEDS_ROOM, PAUSED = range(3)
SUSPECTS_AT_ONCE = 512  # orders that withdrawing predictions, one above the other, can open again; thresholds end at 50
NONE, ONE = codes(2)  # informal requests that come with a report


@entry
def advance(city, until_h):
    """Let time pass up to ``until_h``. Returns FINISHED, PAUSED (time is up) or NEEDS_ROOM (enlarge and go on).

    ``city`` is a :class:`sim.memory.Memory`, changed in place.
    """
    clock = city.clock[0]
    while has_room(city):
        time_h, from_calls = next_event(city)
        if clock.look and time_h > clock.now_h:
            look(city, clock.now_h)
            continue
        if clock.n_unrepaired == 0 and clock.n_busy == 0:
            return FINISHED
        if time_h > until_h:
            return PAUSED
        clock.now_h = time_h
        if from_calls:
            happen_to_household(city, time_h)
        else:
            happen(city, time_h)
    return NEEDS_ROOM


@rule
def has_room(city):
    """Whether any one event is sure to fit: an event makes at most so many new rows of each kind."""
    clock = city.clock[0]
    n_folk, n_faults, n_crews = len(city.folk), len(city.faults), len(city.crews)
    fits = len(city.calls) - clock.n_calls > 2 * n_folk + 64
    fits &= len(city.events) - clock.n_events > n_faults + n_crews + city.ties.shape[1] + 64
    fits &= len(city.orders) - clock.n_orders > n_faults + SUSPECTS_AT_ONCE
    fits &= len(city.jobs) - clock.n_jobs > n_crews + 64
    fits &= len(city.reports) - clock.n_reports > city.ties.shape[1] + 64
    for level in range(len(city.queue_size)):
        fits &= city.queues.shape[1] - city.queue_size[level] > clock.n_open + n_faults + 64
    return fits


@rule
def next_event(city):
    """Time of the next event, and whether it is a household's; simultaneous ones by kind, then entity."""
    clock = city.clock[0]
    if clock.n_calls == 0:
        return city.events[0].time_h if clock.n_events else np.inf, False
    if clock.n_events == 0:
        return city.calls[0].time_h, True
    mine, theirs = city.events[0], city.calls[0]
    if mine.time_h != theirs.time_h:
        return min(mine.time_h, theirs.time_h), theirs.time_h < mine.time_h
    return mine.time_h, theirs.code < mine.code


@rule
def happen(city, time_h):
    """One event of the utility's world."""
    clock = city.clock[0]
    kind, entity = city.events[0].code >> KIND_SHIFT, city.events[0].code & ENTITY_MASK
    clock.n_events = pop(city.events, clock.n_events)
    if kind == ONSET:
        fail(city, entity, time_h)
    elif kind == REPAIRED:
        repair(city, entity, time_h)
    elif kind == SENSED:
        sense(city, entity, time_h)
    elif kind == PATROLLED:
        if city.devices[city.faults[entity].at].dead:
            confirm(city, entity, time_h, BY_PATROL, SEEN)
    elif kind == ARRIVED:
        arrive(city, entity, time_h)
    elif kind == FOUND:
        find(city, entity, time_h)
    elif kind == ESCALATE:
        escalate(city, entity, time_h)
    elif kind == READY:
        make_ready(city, entity)
    elif kind == ON_DUTY:
        set_free(city, entity, time_h)
    elif kind == VISIT:
        visit(city, time_h)
    elif kind == LOOK:
        clock.look_planned = False
        assign_all(city, time_h)
    elif kind == WATCH:
        watch_all(city, time_h)
        plan(city, clock.watched_to_h, WATCH, NOBODY)


@rule
def happen_to_household(city, time_h):
    """One event of a household."""
    clock = city.clock[0]
    kind, household = city.calls[0].code >> KIND_SHIFT, city.calls[0].code & ENTITY_MASK
    version = city.calls[0].version
    clock.n_calls = pop(city.calls, clock.n_calls)
    person = city.folk[household]
    if kind == PASSED_ON:
        note_report(city, household, household, INFORMAL, time_h - city.rules[0].informal_delay_h, time_h, REPORT_LOGGED)
        if person.dead > 0:
            hear(city, household, time_h, city.channels[INFORMAL].precision, ONE)
    elif kind == CALLBACK:
        if person.dead > 0 and not person.report_open:
            channel = int(person.first_channel) if person.first_channel >= 0 else LIAISON
            note_report(city, household, household, channel, time_h, time_h, REPORT_CALLBACK)
            hear(city, household, time_h, city.channels[channel].precision, NONE)
    elif kind == SCRIPTED:
        if person.dead > 0 and (person.phase == ATTENTIVE or person.phase == PLANNED):
            person.chosen = version  # a scripted report carries its channel in place of a version
            person.version += 1
            attempt(city, household, time_h)
    elif version != person.version:
        return
    elif kind == ATTEMPT:
        attempt(city, household, time_h)
    elif kind == SERVED:
        next_caller(city, time_h)
        if person.dead > 0:
            file_report(city, household, HOTLINE, person.moment_h, time_h)
        resume(city, household, time_h)
    elif kind == HANG_UP:
        hang_up(city, household, time_h)
        note_report(city, household, household, HOTLINE, person.moment_h, np.inf, REPORT_HUNG_UP)
        resume(city, household, time_h)


@rule
def fail(city, fault, time_h):
    """A device fails: customers without power so far lose it now; those dark already may see more neighbours dark."""
    clock = city.clock[0]
    record = city.faults[fault]
    row = city.devices[record.at]
    row.dead = True
    for household in range(row.first, row.last):
        person = city.folk[household]
        person.dead += 1
        if person.dead == 1:
            person.out_h = time_h
            if person.known_h > time_h and order_above(city, person.served_by) >= 0:
                person.known_h = time_h
            start_attention(city, household, time_h)
        see_neighbours(city, household, time_h)
    if city.rules[0].perfect_knowledge:
        confirm(city, fault, time_h, BY_KNOWLEDGE, SEEN)
    elif record.sensed_h < np.inf:
        plan(city, max(time_h, record.sensed_h), SENSED, fault)
    clock.look = True


@rule
def see_neighbours(city, household, time_h):
    """Form the belief that others have reported; if it changed, the moments ahead are looked at again."""
    person = city.folk[household]
    if not person.can:
        return
    belief = belief_in_others(city, household)
    if belief != person.others or person.out_h == time_h:
        person.others = belief
        look_again(city, household, time_h)


@rule
def sense(city, fault, time_h):
    """A breaker or meter shows an open device, provided that there is power upstream of it."""
    device = city.faults[fault].at
    if city.devices[device].dead and dead_above(city, device) < 0:
        confirm(city, fault, time_h, BY_SENSING, SENSED_PRECISION)


@rule
def repair(city, crew, time_h):
    """A repair is done: who has no other fault above is back; the rest is a nested outage."""
    job = city.jobs[city.crews[crew].job]
    record = city.faults[job.fault]
    record.repaired_h = time_h
    row = city.devices[record.at]
    row.dead = False
    city.clock[0].n_unrepaired -= 1
    finish(city, crew, time_h, REPAIRED_OUTCOME)
    for household in range(row.first, row.last):
        person = city.folk[household]
        person.dead -= 1
        if person.dead == 0:
            person.restored_h = time_h
            if person.phase == PLANNED:
                person.version += 1
                person.phase = ATTENTIVE
        else:
            stay_dark(city, household, time_h)
    presume_back(city, record.at, time_h)
    for fault in range(row.first_fault, row.last_fault):
        nested = city.faults[fault]
        if nested.confirmed_h > time_h and nested.sensed_h < np.inf and city.devices[nested.at].dead:
            plan(city, max(time_h, nested.sensed_h), SENSED, fault)


@rule
def stay_dark(city, household, time_h):
    """The neighbours have power again, this household has not: attention returns; a call-back may ask."""
    person = city.folk[household]
    rules = city.rules[0]
    if person.informed and person.report_open:
        u = uniform(rules.behaviour_seed, CALLBACK_LUCK, person.id, person.n_reports)
        if u < rules.callback_share:
            plan_call(city, time_h + rules.callback_delay_h, CALLBACK, household, person.version)
    if person.can:
        person.others = belief_in_others(city, household)
        person.quiet_until_h = min(person.quiet_until_h, time_h)
        look_again(city, household, time_h)


@rule
def attempt(city, household, time_h):
    """A household acts on its decision to report."""
    person = city.folk[household]
    channel = int(person.chosen)
    if person.first_report_h > time_h:
        person.first_report_h = time_h
        person.first_channel = channel
    person.moment_h = time_h
    if channel == HOTLINE:
        if not call(city, household, time_h):
            note_report(city, household, household, HOTLINE, time_h, np.inf, REPORT_BUSY)
            person.n_reports += 1
            resume(city, household, time_h)
        return
    if channel == INFORMAL:
        plan_call(city, time_h + city.rules[0].informal_delay_h, PASSED_ON, household, person.version)
        settle_down(city, household, channel, time_h)
        person.logged = True
    else:
        file_report(city, household, channel, time_h, time_h)
    resume(city, household, time_h)


@rule
def file_report(city, household, channel, attempted_h, time_h):
    """A report is logged, and with it those that the reporter makes for neighbours who cannot."""
    city.folk[household].logged = True
    note_report(city, household, household, channel, attempted_h, time_h, REPORT_LOGGED)
    hear(city, household, time_h, city.channels[channel].precision, NONE)
    report_for_ties(city, household, channel, time_h)
    settle_down(city, household, channel, time_h)


@rule
def settle_down(city, household, channel, time_h):
    """After a report: quiet for good, or until a repeat; fewer repeats where the utility has answered."""
    person, rules = city.folk[household], city.rules[0]
    person.n_reports += 1
    chance = rules.repeat_one_way
    if city.channels[channel].two_way:
        person.informed = True
        chance = rules.repeat_two_way
    again = uniform(rules.behaviour_seed, REPEAT_LUCK, person.id, person.n_reports) < chance
    person.quiet_until_h = time_h + rules.repeat_wait_h if again else np.inf


@rule
def report_for_ties(city, household, channel, time_h):
    """A reporter may report for a dark tie that has no channel of its own."""
    person, rules = city.folk[household], city.rules[0]
    if rules.proxy_chance <= 0.0:
        return
    for tie in range(city.ties.shape[1]):
        partner = city.ties[household, tie]
        if partner < 0 or city.folk[partner].dead == 0 or city.folk[partner].can or city.folk[partner].report_open:
            continue
        draw = person.n_reports * 64 + tie
        if uniform(rules.behaviour_seed, PROXY_LUCK, person.id, draw) < rules.proxy_chance:
            note_report(city, partner, household, channel, time_h, time_h, REPORT_PROXY)
            hear(city, partner, time_h, city.channels[channel].precision, NONE)


@rule
def visit(city, time_h):
    """A liaison reaches the next dark household on the list and reports for it."""
    clock, rules = city.clock[0], city.rules[0]
    plan(city, time_h + rules.visit_every_h, VISIT, NOBODY)
    if not is_open(city.channels[LIAISON], hour_of_day(time_h, rules)):
        return
    for _ in range(len(city.visits)):
        household = city.visits[clock.next_visit]
        clock.next_visit = (clock.next_visit + 1) % len(city.visits)
        person = city.folk[household]
        if person.dead > 0 and not person.report_open:
            person.informed = True
            note_report(city, household, household, LIAISON, time_h, time_h, REPORT_VISIT)
            hear(city, household, time_h, city.channels[LIAISON].precision, NONE)
            return


@rule
def note_report(city, household, reporter, channel, attempted_h, logged_h, outcome):
    """One row of the table of reports."""
    clock = city.clock[0]
    report = city.reports[clock.n_reports]
    clock.n_reports += 1
    report.household, report.reporter, report.channel = household, reporter, channel
    report.attempted_h, report.logged_h, report.outcome = attempted_h, logged_h, outcome
