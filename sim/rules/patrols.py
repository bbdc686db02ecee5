"""Patrols: people who walk or drive along lines by day and see what lies on the ground.

The network is divided into lines: each substation, feeder and lateral, with the transformers and drops directly behind
it. Every morning the lines that were walked least often come first, among these the ones with most customers believed
out, at them or anywhere behind. A patrol takes the next one, walks its kilometres, and sees each fault on it with a
chance that falls by levels of the grid in between, as a crew does. It finishes a line that it is on when the day ends.
"""

import numpy as np

from sim.core.compiled import rule
from sim.core.events import MORNING, NOBODY, PATROLLED, code, entity_of, plan, pop, push
from sim.core.luck import Purpose, uniform
from sim.core.outcome_codes import BY_PATROL
from sim.rules.oms import SEEN, confirm
from sim.rules.searching import levels_between
from sim.rules.shifts import day_number
from sim.rules.upstream import order_above, parent_of

SEEN_BY_PATROL = np.uint64(Purpose.SEEN_BY_PATROL)
ONE_MORE_WALK = 1e9  # outweighs any number of customers


@rule
def morning(city, time_h):
    """The list of the day; patrols that have nothing to do set out. What is first safe at night waits for the day."""
    clock, parameters = city.clock[0], city.parameters[0]
    plan(city, morning_h(1, time_h, parameters), MORNING, NOBODY)
    if not is_day(time_h, parameters):
        return
    clock.n_round = 0
    if not clock.measured:
        measure_lines(city)
    count_believed_out(city)
    for line in range(len(city.lines)):
        row = city.lines[line]
        urgency = believed_out(city, row) - ONE_MORE_WALK * row.n_walked
        clock.n_round = push(city.round, clock.n_round, -urgency, code(NOBODY, line, NOBODY))
    for team in range(len(city.teams)):
        if city.teams[team].line < 0:
            set_out(city, team, time_h)


@rule
def is_day(time_h, parameters):
    """Whether a patrol may begin a line."""
    patrol = parameters.patrol
    return time_h < morning_h(0, time_h, parameters) + (patrol.ends_hour - patrol.starts_hour)


@rule
def morning_h(days_ahead, time_h, parameters):
    """When the day of patrols begins that it is now, or one so many days ahead."""
    first_h = parameters.patrol.starts_hour - parameters.derived.peak_hour
    return first_h + 24.0 * (day_number(first_h, time_h) + days_ahead)


@rule
def count_believed_out(city):
    """Customers behind each line whom the utility believes out by orders further down; each by the topmost alone."""
    for line in range(len(city.lines)):
        city.lines[line].n_behind = 0
    number = city.clock[0].first_open
    while number >= 0:
        order = city.orders[number]
        above, number = parent_of(city, order.at), order.next_open
        is_topmost = order_above(city, above) < 0
        while is_topmost and above >= 0:
            line = city.lines[city.devices[above].line]
            if line.at == above:
                line.n_behind += order.believed
            above = parent_of(city, above)


@rule
def believed_out(city, line):
    """Customers of a line, and of all behind it, whom the utility believes out."""
    device = city.devices[line.at]
    return device.last - device.first if order_above(city, line.at) >= 0 else line.n_behind


@rule
def set_out(city, team, time_h):
    """Take the next line of the day, if there is one and it is still day."""
    clock, parameters = city.clock[0], city.parameters[0]
    city.teams[team].line = -1
    if clock.n_round == 0 or not is_day(time_h, parameters):
        return
    line = entity_of(city.round[0].code)
    clock.n_round = pop(city.round, clock.n_round)
    city.teams[team].line = line
    plan(city, time_h + city.lines[line].km / parameters.patrol.speed_km_per_h, PATROLLED, team)


@rule
def measure_lines(city):
    """Kilometres of each line: its own, and as much of what is directly behind it as a patrol sees of faults there."""
    seen = city.parameters[0].derived.seen
    for device in range(len(city.devices)):
        row = city.devices[device]
        line = city.lines[row.line]
        line.km += seen[levels_between(city.devices, line.at, device)] * row.line_km
    city.clock[0].measured = True


@rule
def come_in(city, team, time_h):
    """The end of a line: what was seen on it is known."""
    row, derived = city.lines[city.teams[team].line], city.parameters[0].derived
    device = city.devices[row.at]
    if not device.failed:
        device.sound = True
    for fault in range(device.first_fault, device.last_fault):
        record = city.faults[fault]
        faulty = city.devices[record.at]
        if faulty.line == city.teams[team].line and faulty.failed and record.confirmed_h > time_h:
            chance = derived.seen[levels_between(city.devices, row.at, record.at)]
            if uniform(derived.behaviour_seed, SEEN_BY_PATROL, faulty.id, row.n_walked) < chance:
                confirm(city, fault, time_h, BY_PATROL, SEEN)
    row.n_walked += 1
    set_out(city, team, time_h)
