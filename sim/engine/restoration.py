"""The event loop: what happens when, from the first failure to the last repair.

1.  A device fails: the customers behind it go dark.
2.  Dark households have moments of attention; some report, through the channel that they choose.
3.  The utility senses, hears, patrols and infers; it opens, merges, confirms and withdraws orders.
4.  Free crews are sent to the orders with the highest scores; they travel, search, find, repair.
    What waits for the owner is left until an electrician has been.
5.  After a repair, the customers behind without another fault above them are back. The others are presumed back, and
    checked by meters and call-backs; who is closed all the same tells again, or is found by a patrol.

Time is continuous: events are taken at their own times, simultaneous ones in the order of :mod:`sim.core.events`, and
dispatchers look at their list when all of a time have happened.
"""

import numpy as np

from sim.core.by_reference import by_reference
from sim.core.compiled import codes, entry, rule
from sim.core.events import (
    ARRIVED,
    ASKED,
    ATTEMPT,
    CALLBACK,
    ESCALATE,
    FOUND,
    HANG_UP,
    LOOK,
    METERED,
    MORNING,
    NOBODY,
    ON_DUTY,
    ONSET,
    PASSED_ON,
    PATROLLED,
    READY,
    RELEASED,
    REPAIRED,
    SCRIPTED,
    SENSED,
    SERVED,
    TOLD,
    VISIT,
    WATCH,
    entity_of,
    kind_of,
    pop,
    version_of,
)  # fmt: skip
from sim.core.state import GROWING
from sim.rules.asking import consider
from sim.rules.attention import watch_all
from sim.rules.contacts import attempt, call_back, end_call, file_by_script, give_up, pass_on, tell
from sim.rules.crews import come_on_duty
from sim.rules.dispatch import look, look_as_planned
from sim.rules.oms import escalate
from sim.rules.orders import make_ready
from sim.rules.outages import fail, meter, repair, sense
from sim.rules.owners import release
from sim.rules.patrols import come_in, morning
from sim.rules.release import release_aid
from sim.rules.rounds import visit
from sim.rules.searching import arrive, find

FINISHED, PAUSED, NEEDS_ROOM = range(3)  # NEEDS_ROOM + i: the i-th of GROWING
QUEUES, EVENTS, HOUSEHOLD_EVENTS, ORDERS, JOBS, REPORTS = codes(len(GROWING))
ENOUGH = np.int64(-1)


@entry
def advance(city, until_h):
    """Let time pass up to ``until_h``. Returns FINISHED, PAUSED (time is up), or what needs room before it goes on.

    ``city`` is a :class:`sim.core.state.State`, changed in place.
    """
    return let_pass(by_reference(city), until_h)


@rule
def let_pass(city, until_h):
    """Event after event, while there is room for what one may bring."""
    clock = city.clock[0]
    short = what_is_short(city)
    while short == ENOUGH:
        time_h, of_household = next_event(city)
        if clock.look and time_h > clock.now_h:
            look(city, clock.now_h)
        elif clock.n_unrepaired == 0 and clock.n_busy == 0:
            return FINISHED
        elif time_h > until_h:
            return PAUSED
        else:
            clock.now_h = time_h
            if of_household:
                happen_to_household(city, time_h)
            else:
                happen(city, time_h)
        short = what_is_short(city)
    return NEEDS_ROOM + short


@rule
def what_is_short(city):
    """Which of GROWING one event might fill, or ENOUGH: an event makes at most so many new rows of each kind."""
    clock = city.clock[0]
    n_households, n_faults, n_crews = len(city.households), len(city.faults), len(city.crews)
    n_metered = most_meters_at_once(city)
    n_orders = n_faults + clock.n_implicated + n_metered + 64  # implicated: left to stand alone by void predictions
    if city.queues.shape[1] <= clock.n_queued:
        return QUEUES
    n_events = n_faults + n_crews + len(city.teams) + city.ties.shape[1] + 2 * n_metered + 64
    if len(city.events) - clock.n_events <= n_events:
        return EVENTS
    if len(city.household_events) - clock.n_household_events <= 4 * n_households + 64:
        return HOUSEHOLD_EVENTS
    if len(city.orders) - clock.n_orders <= n_orders:
        return ORDERS
    if len(city.jobs) - clock.n_jobs <= n_crews + 64:
        return JOBS
    if len(city.reports) - clock.n_reports <= city.ties.shape[1] + 64:
        return REPORTS
    return ENOUGH


@rule
def most_meters_at_once(city):
    """How many meters may tell in the next event: those behind a device that a crew leaves, each with its own order."""
    if not city.parameters[0].derived.metered or city.clock[0].n_events == 0:
        return NOBODY
    kind, crew = kind_of(city.events[0].code), entity_of(city.events[0].code)
    if kind != FOUND and kind != REPAIRED:
        return NOBODY + 1
    device = city.devices[city.jobs[city.crews[crew].job].at]
    return device.last - device.first


@rule
def next_event(city):
    """Time of the next event, and whether it is a household's; simultaneous ones by kind, then entity."""
    clock = city.clock[0]
    if clock.n_household_events == 0:
        return city.events[0].time_h if clock.n_events else np.inf, False
    if clock.n_events == 0:
        return city.household_events[0].time_h, True
    mine, theirs = city.events[0], city.household_events[0]
    if mine.time_h != theirs.time_h:
        return min(mine.time_h, theirs.time_h), theirs.time_h < mine.time_h
    return mine.time_h, theirs.code < mine.code


@rule
def happen(city, time_h):
    """One event of the utility's world."""
    clock = city.clock[0]
    kind, entity = kind_of(city.events[0].code), entity_of(city.events[0].code)
    clock.n_events = pop(city.events, clock.n_events)
    if kind == ONSET:
        fail(city, entity, time_h)
    elif kind == RELEASED:
        release(city, entity, time_h)
    elif kind == SENSED:
        sense(city, entity, time_h)
    elif kind == MORNING:
        morning(city, time_h)
    elif kind == ESCALATE:
        escalate(city, entity, time_h)
    elif kind == READY:
        make_ready(city, entity, time_h)
    elif kind == VISIT:
        visit(city, time_h)
    elif kind == TOLD:
        tell(city, time_h)
    elif kind == LOOK:
        look_as_planned(city, time_h)
    elif kind == WATCH:
        watch_all(city, time_h)
    else:
        happen_to_crew(city, kind, entity, time_h)


@rule
def happen_to_crew(city, kind, crew, time_h):
    """One event of a crew, or of a patrol; when a job has ended, aid may be let go."""
    if kind == ARRIVED:
        arrive(city, crew, time_h)
    elif kind == FOUND:
        find(city, crew, time_h)
        release_aid(city, time_h)
    elif kind == REPAIRED:
        repair(city, crew, time_h)
        release_aid(city, time_h)
    elif kind == ON_DUTY:
        come_on_duty(city, crew, time_h)
    elif kind == PATROLLED:
        come_in(city, crew, time_h)


@rule
def happen_to_household(city, time_h):
    """One event of a household. A scripted report carries its channel in place of a version."""
    clock, key = city.clock[0], city.household_events[0].code
    kind, household, version = kind_of(key), entity_of(key), version_of(key)
    clock.n_household_events = pop(city.household_events, clock.n_household_events)
    if kind == PASSED_ON:
        pass_on(city, household, time_h)
    elif kind == CALLBACK:
        call_back(city, household, time_h)
    elif kind == ASKED:
        consider(city, household, time_h, version)
    elif kind == METERED:
        meter(city, household, time_h)
    elif kind == SCRIPTED:
        file_by_script(city, household, version, time_h)
    elif version != city.households[household].version:
        return
    elif kind == ATTEMPT:
        attempt(city, household, time_h)
    elif kind == SERVED:
        end_call(city, household, time_h)
    elif kind == HANG_UP:
        give_up(city, household, time_h)
