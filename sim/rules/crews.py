"""Crews: duty, the way to a job, and its end.

A crew that is free on its shift waits on the list of free crews. Sent to an order, it sets off after a while and
travels by distance, longer while roads are blocked; what it meets there is the matter of :mod:`sim.rules.searching`. A
job begun is finished, as overtime, and its end sets the crew free: for the next order, off until its next shift, or
home if it was released.
"""

import math

from sim.core.compiled import rule
from sim.core.events import ARRIVED, ON_DUTY, plan
from sim.core.outcome_codes import OWNER_FIRST
from sim.rules.joining import NOWHERE, join
from sim.rules.orders import close_order
from sim.rules.owners import put_on_hold
from sim.rules.shifts import day_number, first_shift_h, is_on_duty, next_duty_h, next_look_h


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
    clock, crews, row = city.clock[0], city.parameters[0].crews, city.crews[crew]
    take_off_list(city, crew)
    clock.n_busy += 1
    device = city.devices[city.orders[number].at]
    east, north = row.x_km - device.x_km, row.y_km - device.y_km
    km = math.sqrt(east * east + north * north)
    travel_h = crews.travel_min / 60.0 + km / crews.speed_km_per_h
    if time_h < crews.blocked_until_h:
        travel_h *= max(1.0, crews.blocked_factor * device.access_factor)
    row.x_km, row.y_km = device.x_km, device.y_km
    row.job = clock.n_jobs
    job = city.jobs[clock.n_jobs]
    clock.n_jobs += 1
    job.crew, job.order, job.at, job.fault = crew, number, city.orders[number].at, -1
    job.dispatched_h, job.arrived_h = time_h, time_h + travel_h
    job.found_h, job.done_h = math.inf, math.inf
    plan(city, job.arrived_h, ARRIVED, crew)


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
