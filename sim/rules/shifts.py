"""Shifts: when a crew is on duty, and when dispatchers look at their list next.

What recurs daily is reckoned from the number of its day. A crew has one shift a day, of ``crews.shift_on_h`` hours from
its hour; those of the night begin twelve hours later.
"""

import math

from sim.core.compiled import rule


@rule
def day_number(first_h, time_h):
    """The number of the day that it is, where days begin at ``first_h + 24 * day``.

    What recurs is planned from the number of its day, never from the present time: two ways to reckon one time differ
    by a rounding error, and what began a rounding error ago, or will, would begin again and again.
    """
    day = math.floor((time_h - first_h) / 24.0)
    if first_h + 24.0 * (day + 1) <= time_h:
        return day + 1
    if first_h + 24.0 * day > time_h:
        return day - 1
    return day


@rule
def first_shift_h(city, crew):
    """When the crew's shift of day zero begins."""
    parameters = city.parameters[0]
    return parameters.crews.shift_starts_hour + city.crews[crew].shift_offset_h - parameters.derived.peak_hour


@rule
def is_on_duty(city, crew, time_h):
    """Whether a crew may take a job now. A job begun is finished, as overtime."""
    on_h = city.parameters[0].crews.shift_on_h
    first_h = first_shift_h(city, crew)
    return on_h >= 24.0 or time_h < first_h + 24.0 * day_number(first_h, time_h) + on_h


@rule
def next_duty_h(city, crew, time_h):
    """When the crew's next shift begins."""
    first_h = first_shift_h(city, crew)
    return first_h + 24.0 * (day_number(first_h, time_h) + 1)


@rule
def next_look_h(city, time_h):
    """When dispatchers look at their list next: now, or when their cycle is due."""
    cycle_h = city.parameters[0].dispatch.every_min / 60.0
    return math.ceil(time_h / cycle_h) * cycle_h if cycle_h > 0.0 else time_h
