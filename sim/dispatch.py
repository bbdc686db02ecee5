"""Dispatch: which free crew goes to which order.

Dispatchers look at their list at once when an order or a crew becomes free, or in a fixed cycle. The order with the
highest score (:mod:`sim.scores`) that any free crew can do goes first, to the nearest crew of the smallest class
that can do it. An order behind another open order upstream waits until that one is closed.
"""

import numpy as np

from sim.columns import DROP
from sim.compiled import rule
from sim.crews import is_on_duty, next_duty_h, send
from sim.events import LOOK, NOBODY, ON_DUTY, plan, pop
from sim.oms import is_refuted
from sim.orders import ASSIGNED, WAITING_FOR_CREW, block, order_above
from sim.predictions import refuse


@rule
def look(city, time_h):
    """Dispatchers look at their list: crews go as long as one that is free can take an order that waits."""
    clock = city.clock[0]
    clock.look = False
    cycle_h = city.rules[0].dispatch_cycle_h
    if cycle_h > 0.0:
        due = np.ceil(time_h / cycle_h) * cycle_h
        if due > time_h:
            if not clock.look_planned:
                clock.look_planned = True
                plan(city, due, LOOK, NOBODY)
            return
    assign_all(city, time_h)


@rule
def assign_all(city, time_h):
    """Best order first, to the nearest free crew of the smallest class that can do it."""
    stand_down(city, time_h)
    while city.clock[0].n_idle > 0 and assign_one(city, time_h):
        pass


@rule
def assign_one(city, time_h):
    """Send one crew to the best order that any free crew can do. Returns whether there was one."""
    tried = NOBODY
    while True:
        level = best_level(city, tried)
        if level < 0:
            return False
        crew = nearest_crew(city, level)
        if crew >= 0:
            assign(city, level, crew, time_h)
            return True
        tried |= 1 << level


@rule
def best_level(city, tried):
    """Level not yet tried whose first order has the highest score; ties to the device first in the grid; or -1."""
    best, best_score, best_device = -1, -np.inf, -1
    for level in range(DROP + 1):
        settle(city, level)
        if city.queue_size[level] == 0 or tried >> level & 1:
            continue
        score, device = -city.queues[level, 0].time_h, city.queues[level, 0].code
        if best < 0 or score > best_score or (score == best_score and device < best_device):
            best, best_score, best_device = level, score, device
    return best


@rule
def settle(city, level):
    """Drop void entries from the front of a queue, and set aside orders behind another open order upstream."""
    while city.queue_size[level] > 0:
        entry = city.queues[level, 0]
        number = city.devices[entry.code].order
        if number >= 0 and city.orders[number].stamp == entry.version:
            if city.orders[number].status == WAITING_FOR_CREW:
                blocker = order_above(city.devices, city.devices[entry.code].parent)
                if blocker < 0:
                    return
                block(city, number, blocker)
        city.queue_size[level] = pop(city.queues[level], city.queue_size[level])


@rule
def nearest_crew(city, level):
    """The free crew nearest to the first order of a level, of the class that can do least but this; -1: none."""
    device = city.devices[city.queues[level, 0].code]
    best, best_largest, best_km2 = -1, -1, np.inf
    for slot in range(city.clock[0].n_idle):
        crew = city.idle[slot]
        row = city.crews[crew]
        if row.largest > level:
            continue
        east, north = row.x_km - device.x_km, row.y_km - device.y_km
        km2 = east * east + north * north
        closer = km2 < best_km2 or (km2 == best_km2 and crew < best)
        if row.largest > best_largest or (row.largest == best_largest and closer):
            best, best_largest, best_km2 = crew, row.largest, km2
    return best


@rule
def assign(city, level, crew, time_h):
    """Send a crew to the first order of a level, unless the control room can see that it is void."""
    number = city.devices[city.queues[level, 0].code].order
    city.queue_size[level] = pop(city.queues[level], city.queue_size[level])
    order = city.orders[number]
    if not order.confirmed and is_refuted(city, order.at, time_h):
        refuse(city, number, time_h)
        return
    order.status = ASSIGNED
    if order.first_dispatched_h > time_h:
        order.first_dispatched_h = time_h
    send(city, crew, number, time_h)


@rule
def stand_down(city, time_h):
    """Crews whose shift has ended leave the list of free crews until their next one."""
    slot = 0
    while slot < city.clock[0].n_idle:
        crew = city.idle[slot]
        if is_on_duty(city, crew, time_h):
            slot += 1
            continue
        city.clock[0].n_idle -= 1
        city.idle[slot] = city.idle[city.clock[0].n_idle]
        plan(city, next_duty_h(city, crew, time_h), ON_DUTY, crew)
