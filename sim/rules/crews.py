"""Crews: duty, travel, the search on site, what a truck roll finds, and repair.

A crew sent to an order finds one of five things: the fault there; that its owner has to have something mended first
(:mod:`sim.rules.owners`); a fault upstream; faults downstream; or nothing (a wasted truck roll). Only the first leads
straight to a repair; the others make known what was seen and set the crew free. The search takes time on site and
along the line, less the more precise the reports are and the more there are::

    search_h = (on_site_h[level] + line_km / speed) * (1 - precision) / (1 + report_gain * log(1 + reports))

with the kilometres of the device, and up to the fault where it lies upstream. A crew on site sees faults behind its
device, with a chance that falls by levels in between: by the way where it repairs; and where the device is sound, it
goes on to what is behind it, and walks so many of the kilometres, whatever it finds.
"""

import math

import numpy as np

from sim.core.compiled import rule
from sim.core.events import (
    ARRIVED,
    FOUND,
    ON_DUTY,
    REPAIRED,
    plan,
)
from sim.core.luck import Purpose, uniform
from sim.rules.closing import presume_back
from sim.rules.joining import NOWHERE, join
from sim.rules.oms import SEEN, confirm
from sim.rules.orders import (
    BY_CREW,
    DOWNSTREAM,
    NOTHING_FOUND,
    OWNER_FIRST,
    REPAIRED_OUTCOME,
    UPSTREAM,
    close_order,
)
from sim.rules.owners import must_wait, put_on_hold
from sim.rules.predictions import explain
from sim.rules.shifts import (
    day_number,
    first_shift_h,
    is_on_duty,
    next_duty_h,
    next_look_h,
)

SEEN_BY_CREW = np.uint64(Purpose.SEEN_BY_CREW)


@rule
def set_free(city, crew, time_h):
    """A crew has nothing to do: free, off until its next shift, or on its way home. One that is new here joins."""
    if city.crews[crew].leaves:
        go_home(city, crew, time_h)
        return
    if city.crews[crew].district == NOWHERE:
        join(city, crew)
    if not is_on_duty(city, crew, time_h):
        plan(city, next_duty_h(city, crew, time_h), ON_DUTY, crew)
        return
    clock = city.clock[0]
    city.idle[clock.n_idle] = crew
    clock.n_idle += 1
    clock.look = True


@rule
def come_on_duty(city, crew, time_h):
    """A shift begins, or a crew is new. If a shift is over before dispatchers look next, they look as it begins."""
    set_free(city, crew, time_h)
    first_h = first_shift_h(city, crew)
    begins = first_h + 24.0 * day_number(first_h, time_h) == time_h
    if begins and not city.crews[crew].leaves and not is_on_duty(city, crew, next_look_h(city, time_h)):
        city.clock[0].look_at_once = True


@rule
def go_home(city, crew, time_h):
    """A crew that was released leaves, for good."""
    row = city.crews[crew]
    row.released_h = min(row.released_h, time_h)
    take_off_list(city, crew)


@rule
def take_off_list(city, crew):
    """A crew is not free any more, if it was."""
    clock = city.clock[0]
    for slot in range(clock.n_idle):
        if city.idle[slot] == crew:
            clock.n_idle -= 1
            city.idle[slot] = city.idle[clock.n_idle]
            return


@rule
def send(city, crew, number, time_h):
    """A free crew sets off to an order: travel time by distance, longer while roads are blocked, never shorter."""
    clock, rules, row = city.clock[0], city.rules[0], city.crews[crew]
    take_off_list(city, crew)
    clock.n_busy += 1
    device = city.devices[city.orders[number].at]
    east, north = row.x_km - device.x_km, row.y_km - device.y_km
    km = math.sqrt(east * east + north * north)
    travel_h = rules.travel_h + km / rules.speed_km_per_h
    if time_h < rules.blocked_until_h:
        travel_h *= max(1.0, rules.blocked_factor * device.access_factor)
    row.x_km, row.y_km = device.x_km, device.y_km
    row.job = clock.n_jobs
    job = city.jobs[clock.n_jobs]
    clock.n_jobs += 1
    job.crew, job.order, job.at, job.fault = crew, number, city.orders[number].at, -1
    job.dispatched_h, job.arrived_h = time_h, time_h + travel_h
    job.found_h, job.done_h = math.inf, math.inf
    plan(city, job.arrived_h, ARRIVED, crew)


@rule
def arrive(city, crew, time_h):
    """On site: how long the search takes depends on what there is to find."""
    job, rules = city.jobs[city.crews[crew].job], city.rules[0]
    order, device = city.orders[job.order], city.devices[job.at]
    level, walked_km, further_km = device.level, device.line_km, 0.0
    if not device.dead:
        above = dead_above(city.devices, job.at)
        if above >= 0:
            level = city.devices[above].level
            walked_km = km_up_to(city.devices, job.at, above)
        else:
            further_km = km_behind(city, job.at)
    voices = 1.0 + rules.report_gain * math.log(1.0 + order.reports)
    search_h = (rules.patrol_h[level] + walked_km / rules.walk_km_per_h) * (1.0 - order.precision) / voices
    plan(city, time_h + search_h + further_km / rules.walk_km_per_h, FOUND, crew)


@rule
def km_up_to(devices, device, above):
    """Line from a device up to and along one upstream of it."""
    km = devices[above].line_km
    while device != above:
        km += devices[device].line_km
        device = devices[device].parent
    return km


@rule
def km_behind(city, device):
    """Line that a crew walks behind a sound device: as much of each level as it would see faults there."""
    km = 0.0
    for lower in range(device + 1, city.devices[device].end):
        km += city.rules[0].seen[levels_between(city.devices, device, lower)] * city.devices[lower].line_km
    return km


@rule
def levels_between(devices, device, lower):
    """How many levels of the grid something lies below a device."""
    return devices[lower].level - devices[device].level


@rule
def dead_above(devices, device):
    """The nearest failed device upstream, or -1."""
    device = devices[device].parent
    while device >= 0 and not devices[device].dead:
        device = devices[device].parent
    return device


@rule
def find(city, crew, time_h):
    """The search is over: one of the five outcomes of a truck roll."""
    job = city.jobs[city.crews[crew].job]
    job.found_h = time_h
    device = city.devices[job.at]
    if device.dead:
        confirm(city, device.fault, time_h, city.orders[job.order].source, SEEN)
        fault = city.faults[device.fault]
        if must_wait(fault, time_h):
            leave_to_owner(city, crew, time_h)
        else:
            fault.assigned_h = job.dispatched_h
            job.fault, job.outcome = device.fault, REPAIRED_OUTCOME
            plan(city, time_h + fault.repair_h, REPAIRED, crew)
        for nested in range(device.first_fault, device.last_fault):
            if nested != device.fault:
                if is_seen(city, nested, job.at):
                    make_known(city, nested, job, time_h)
                else:
                    city.faults[nested].n_passed += 1
        return
    above = dead_above(city.devices, job.at)
    if above >= 0:
        finish(city, crew, time_h, UPSTREAM)
        make_known(city, city.devices[above].fault, job, time_h)
        return
    device.sound = True
    n_seen = 0
    for fault in range(device.first_fault, device.last_fault):
        n_seen += is_seen(city, fault, job.at)
    finish(city, crew, time_h, DOWNSTREAM if n_seen else NOTHING_FOUND)
    explain(city, job.at, time_h)
    for fault in range(device.first_fault, device.last_fault):
        if is_seen(city, fault, job.at):
            make_known(city, fault, job, time_h)
        else:
            city.faults[fault].n_passed += 1
    presume_back(city, job.at, time_h)


@rule
def is_seen(city, fault, device):
    """Whether a crew at a sound device sees a fault behind it."""
    record = city.faults[fault]
    if not city.devices[record.at].dead:
        return False
    rules, chance = city.rules[0], city.rules[0].seen[levels_between(city.devices, device, record.at)]
    identity = city.devices[record.at].id
    return uniform(rules.behaviour_seed, SEEN_BY_CREW, identity, record.n_passed) < chance


@rule
def make_known(city, fault, job, time_h):
    """A crew sees a fault that it was not sent to: confirmed, and the visit remembered for the account of hours."""
    record = city.faults[fault]
    if record.confirmed_h > time_h:
        record.visit_start_h, record.visit_end_h = job.dispatched_h, time_h
    confirm(city, fault, time_h, BY_CREW, SEEN)


@rule
def finish(city, crew, time_h, outcome):
    """A job ends: its order is closed, the crew is free."""
    job = end_job(city, crew, time_h, outcome)
    close_order(city, job.order, time_h, outcome)
    set_free(city, crew, time_h)


@rule
def leave_to_owner(city, crew, time_h):
    """A job ends, and its order stays: the crew tells the household what it has to have mended, and is free."""
    job = end_job(city, crew, time_h, OWNER_FIRST)
    put_on_hold(city, city.devices[job.at].fault, job.dispatched_h, time_h)
    set_free(city, crew, time_h)


@rule
def end_job(city, crew, time_h, outcome):
    """The crew has no job any more; returns the job."""
    job = city.jobs[city.crews[crew].job]
    job.done_h, job.outcome = time_h, outcome
    city.crews[crew].job = -1
    city.clock[0].n_busy -= 1
    return job
