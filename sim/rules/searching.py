"""The search on site: what a truck roll finds, and how long that takes.

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
from sim.core.events import FOUND, REPAIRED, plan
from sim.core.luck import Purpose, uniform
from sim.core.outcome_codes import BY_CREW, DOWNSTREAM, NOTHING_FOUND, REPAIRED_OUTCOME, UPSTREAM
from sim.rules.closing import presume_back
from sim.rules.crews import finish, leave_to_owner
from sim.rules.oms import SEEN, confirm
from sim.rules.owners import must_wait
from sim.rules.predictions import explain
from sim.rules.upstream import failed_above, parent_of

SEEN_BY_CREW = np.uint64(Purpose.SEEN_BY_CREW)


@rule
def arrive(city, crew, time_h):
    """On site: how long the search takes depends on what there is to find."""
    job, parameters = city.jobs[city.crews[crew].job], city.parameters[0]
    order, device = city.orders[job.order], city.devices[job.at]
    level, walked_km, further_km = device.level, device.line_km, 0.0
    if not device.failed:
        above = failed_above(city, job.at)
        if above >= 0:
            level = city.devices[above].level
            walked_km = km_up_to(city, job.at, above)
        else:
            further_km = km_behind(city, job.at)
    patrol, on_site_h = parameters.patrol, parameters.derived.on_site_h[level]
    voices = 1.0 + patrol.report_gain * math.log(1.0 + order.reports)
    search_h = (on_site_h + walked_km / patrol.speed_km_per_h) * (1.0 - order.precision) / voices
    plan(city, time_h + search_h + further_km / patrol.speed_km_per_h, FOUND, crew)


@rule
def km_up_to(city, device, above):
    """Line from a device up to and along one upstream of it."""
    km = city.devices[above].line_km
    while device != above:
        km += city.devices[device].line_km
        device = parent_of(city, device)
    return km


@rule
def km_behind(city, device):
    """Line that a crew walks behind a sound device: as much of each level as it would see faults there."""
    km, seen = 0.0, city.parameters[0].derived.seen
    for lower in range(device + 1, city.devices[device].end):
        km += seen[levels_between(city.devices, device, lower)] * city.devices[lower].line_km
    return km


@rule
def levels_between(devices, device, lower):
    """How many levels of the grid something lies below a device."""
    return devices[lower].level - devices[device].level


@rule
def find(city, crew, time_h):
    """The search is over: one of the five outcomes of a truck roll."""
    job = city.jobs[city.crews[crew].job]
    job.found_h = time_h
    device = city.devices[job.at]
    above = failed_above(city, job.at)
    if device.failed:
        find_here(city, crew, job, time_h)
    elif above >= 0:
        finish(city, crew, time_h, UPSTREAM)
        make_known(city, city.devices[above].fault, job, time_h)
    else:
        find_behind(city, crew, job, time_h)


@rule
def find_here(city, crew, job, time_h):
    """The fault is at the device: it is repaired, or its owner comes first; others behind it may be seen by the way."""
    device = city.devices[job.at]
    confirm(city, device.fault, time_h, np.int64(city.orders[job.order].source), SEEN)
    fault = city.faults[device.fault]
    if must_wait(fault, time_h):
        leave_to_owner(city, crew, time_h)
    else:
        fault.assigned_h = job.dispatched_h
        job.fault, job.outcome = device.fault, REPAIRED_OUTCOME
        plan(city, time_h + fault.repair_h, REPAIRED, crew)
    for nested in range(device.first_fault, device.last_fault):
        if nested != device.fault:
            look_at(city, nested, job, time_h)


@rule
def find_behind(city, crew, job, time_h):
    """The device is sound: faults are behind it, as far as the crew sees, or there is nothing."""
    device = city.devices[job.at]
    device.sound = True
    n_seen = 0
    for fault in range(device.first_fault, device.last_fault):
        n_seen += is_seen(city, fault, job.at)
    finish(city, crew, time_h, DOWNSTREAM if n_seen else NOTHING_FOUND)
    explain(city, job.at, time_h)
    for fault in range(device.first_fault, device.last_fault):
        look_at(city, fault, job, time_h)
    presume_back(city, job.at, time_h)


@rule
def look_at(city, fault, job, time_h):
    """A fault behind the device is seen, or passed once more."""
    if is_seen(city, fault, job.at):
        make_known(city, fault, job, time_h)
    else:
        city.faults[fault].n_passed += 1


@rule
def is_seen(city, fault, device):
    """Whether a crew at a sound device sees a fault behind it."""
    record = city.faults[fault]
    if not city.devices[record.at].failed:
        return False
    derived, identity = city.parameters[0].derived, city.devices[record.at].id
    chance = derived.seen[levels_between(city.devices, device, record.at)]
    return uniform(derived.behaviour_seed, SEEN_BY_CREW, identity, record.n_passed) < chance


@rule
def make_known(city, fault, job, time_h):
    """A crew sees a fault that it was not sent to: confirmed, and the visit remembered for the split of hours."""
    record = city.faults[fault]
    if record.confirmed_h > time_h:
        record.visit_start_h, record.visit_end_h = job.dispatched_h, time_h
    confirm(city, fault, time_h, BY_CREW, SEEN)
