"""Crews: duty, travel, the search on site, what a truck roll finds, and repair.

A crew sent to an order finds one of four things: the fault there; a fault upstream; faults downstream; or nothing
(a wasted truck roll). Only the first leads straight to a repair; the others make known what was found and set the
crew free. The search on site is shorter the more precise the reports are and the more of them there are::

    search_h = patrol_h[level] * (1 - precision) / (1 + report_gain * log(1 + reports))
"""

import math

from sim.compiled import rule
from sim.events import ARRIVED, FOUND, ON_DUTY, REPAIRED, plan
from sim.oms import SEEN, confirm, explain, presume_back
from sim.orders import BY_CREW, DOWNSTREAM, NOTHING_FOUND, REPAIRED_OUTCOME, UPSTREAM, close_order


@rule
def shift_start_h(city, crew, time_h):
    """When the shift began that a crew is in, or that was its last; the next begins 24 h later.

    Shifts start at ``first + 24 * day``, each computed from its day and never from the present time: a shift that
    began a rounding error ago would otherwise begin again and again.
    """
    rules = city.rules[0]
    first = rules.shift_starts + city.crews[crew].shift_offset_h - rules.peak_hour
    day = math.floor((time_h - first) / 24.0)
    if first + 24.0 * (day + 1) <= time_h:
        day += 1
    elif first + 24.0 * day > time_h:
        day -= 1
    return first + 24.0 * day


@rule
def is_on_duty(city, crew, time_h):
    """Whether a crew may take a job now. A job begun is finished, as overtime."""
    on_h = city.rules[0].shift_on_h
    return on_h >= 24.0 or time_h < shift_start_h(city, crew, time_h) + on_h


@rule
def next_duty_h(city, crew, time_h):
    """When the crew's next shift begins."""
    return shift_start_h(city, crew, time_h) + 24.0


@rule
def set_free(city, crew, time_h):
    """A crew has nothing to do: on the list of free crews, or off until its next shift."""
    if not is_on_duty(city, crew, time_h):
        plan(city, next_duty_h(city, crew, time_h), ON_DUTY, crew)
        return
    clock = city.clock[0]
    city.idle[clock.n_idle] = crew
    clock.n_idle += 1
    clock.look = True


@rule
def send(city, crew, number, time_h):
    """A free crew sets off to an order: travel time by distance, longer while roads are blocked."""
    clock, rules, row = city.clock[0], city.rules[0], city.crews[crew]
    for slot in range(clock.n_idle):
        if city.idle[slot] == crew:
            clock.n_idle -= 1
            city.idle[slot] = city.idle[clock.n_idle]
            break
    clock.n_busy += 1
    device = city.devices[city.orders[number].at]
    east, north = row.x_km - device.x_km, row.y_km - device.y_km
    km = math.sqrt(east * east + north * north)
    travel_h = rules.travel_h + km / rules.speed_km_per_h
    if time_h < rules.blocked_until_h:
        travel_h *= rules.blocked_factor
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
    job = city.jobs[city.crews[crew].job]
    order = city.orders[job.order]
    level = city.devices[job.at].level
    if not city.devices[job.at].dead:
        above = dead_above(city.devices, job.at)
        if above >= 0:
            level = city.devices[above].level
    rules = city.rules[0]
    voices = 1.0 + rules.report_gain * math.log(1.0 + order.reports)
    search_h = rules.patrol_h[level] * (1.0 - order.precision) / voices
    plan(city, time_h + search_h, FOUND, crew)


@rule
def dead_above(devices, device):
    """The nearest failed device upstream, or -1."""
    device = devices[device].parent
    while device >= 0 and not devices[device].dead:
        device = devices[device].parent
    return device


@rule
def find(city, crew, time_h):
    """The search is over: one of the four outcomes of a truck roll."""
    job = city.jobs[city.crews[crew].job]
    job.found_h = time_h
    device = city.devices[job.at]
    if device.dead:
        confirm(city, device.fault, time_h, BY_CREW, SEEN)
        fault = city.faults[device.fault]
        fault.assigned_h = job.dispatched_h
        job.fault, job.outcome = device.fault, REPAIRED_OUTCOME
        plan(city, time_h + fault.repair_h, REPAIRED, crew)
        return
    above = dead_above(city.devices, job.at)
    if above >= 0:
        finish(city, crew, time_h, UPSTREAM)
        make_known(city, city.devices[above].fault, job, time_h)
        return
    n_found = 0
    for fault in range(device.first_fault, device.last_fault):
        if city.devices[city.faults[fault].at].dead:
            n_found += 1
    finish(city, crew, time_h, DOWNSTREAM if n_found else NOTHING_FOUND)
    explain(city, job.at, time_h)
    for fault in range(device.first_fault, device.last_fault):
        if city.devices[city.faults[fault].at].dead:
            make_known(city, fault, job, time_h)
    if n_found == 0:
        presume_back(city, job.at, time_h)


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
    job = city.jobs[city.crews[crew].job]
    job.done_h, job.outcome = time_h, outcome
    city.crews[crew].job = -1
    city.clock[0].n_busy -= 1
    close_order(city, job.order, time_h, outcome)
    set_free(city, crew, time_h)
