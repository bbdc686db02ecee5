"""Dispatch: which free crew goes to which order.

Dispatchers look at their list at once when an order or a crew becomes free, or in a fixed cycle, and then also when a
shift begins that is over before they would look again. The order with the highest score (:mod:`sim.rules.scores`) that
any free crew can do goes first, to the nearest crew of the smallest class that can do it. An order behind another open
order upstream waits until that one is closed.

Each district (:mod:`sim.engine.districts`) has queues and crews of its own. Dispatchers look at all of them together,
but a crew goes only to orders of its own district, unless it is shared. Where a substation has lost its supply, only a
crew for transmission can help, and such a crew does nothing else.
"""

import numpy as np

from sim.core.columns import DROP
from sim.core.compiled import rule
from sim.core.events import LOOK, NOBODY, ON_DUTY, entity_of, plan, pop, version_of
from sim.core.outcome_codes import TRANSMISSION
from sim.rules.crews import send
from sim.rules.oms import is_refuted
from sim.rules.orders import (
    ASSIGNED,
    N_QUEUES,
    NOT_QUEUED,
    SUPPLY_QUEUE,
    WAITING_FOR_CREW,
    block,
    fill_queues,
)
from sim.rules.predictions import refuse
from sim.rules.shifts import is_on_duty, next_duty_h, next_look_h
from sim.rules.splitting import split_up
from sim.rules.upstream import order_above, order_at, parent_of


@rule
def look(city, time_h):
    """Dispatchers look at their list: crews go as long as one that is free can take an order that waits."""
    clock, due = city.clock[0], next_look_h(city, time_h)
    at_once = clock.look_at_once
    clock.look, clock.look_at_once = False, False
    if due > time_h:
        if not clock.look_planned:
            clock.look_planned = True
            plan(city, due, LOOK, NOBODY)
        if not at_once:
            return
    assign_all(city, time_h)


@rule
def look_as_planned(city, time_h):
    """The cycle is due."""
    city.clock[0].look_planned = False
    assign_all(city, time_h)


@rule
def assign_all(city, time_h):
    """Best order first, to the nearest free crew of the smallest class that can do it and may go there.

    What a refusal leaves to be queued may need room first: the look is broken off, and goes on at once.
    """
    clock = city.clock[0]
    if not clock.look_goes_on:
        stand_down(city, time_h)
        if city.parameters[0].crews.split_into > 1:
            split_up(city, time_h)
    clock.look_goes_on = False
    fill_queues(city)
    while clock.n_idle > 0 and assign_one(city, time_h):
        if clock.first_listed >= 0:
            clock.look, clock.look_at_once, clock.look_goes_on = True, True, True
            return


@rule
def assign_one(city, time_h):
    """Send one crew to the best order that any free crew can do. Returns whether there was one."""
    muster(city)
    queue = best_queue(city)
    if queue < 0:
        return False
    assign(city, queue, nearest_crew(city, queue), time_h)
    return True


@rule
def muster(city):
    """How large a device the free crews of each list can do, and whether one is free for lost supply."""
    city.clock[0].supply_crew_free = False
    for district in range(len(city.districts)):
        city.districts[district].reach = DROP + 1
    for slot in range(city.clock[0].n_idle):
        row = city.crews[city.idle[slot]]
        its_list = city.districts[row.district]
        if row.kind == TRANSMISSION:
            city.clock[0].supply_crew_free = True
        else:
            its_list.reach = min(its_list.reach, row.largest)


@rule
def best_queue(city):
    """Queue whose first order has the highest score of those that a free crew can do, or -1.

    Ties go to the device first in the grid.
    """
    best, best_score, best_device = -1, -np.inf, -1
    n_districts = len(city.districts) - 1
    for_supply = city.clock[0].supply_crew_free
    for district in range(n_districts):
        reach = min(city.districts[district].reach, city.districts[n_districts].reach)
        for queue in range(district * N_QUEUES, (district + 1) * N_QUEUES):
            number = queue - district * N_QUEUES
            can = for_supply if number == SUPPLY_QUEUE else number - 1 >= reach
            if not can or not settle(city, queue):
                continue
            score, device = -city.queues[queue, 0].time_h, entity_of(city.queues[queue, 0].code)
            if best < 0 or score > best_score or (score == best_score and device < best_device):
                best, best_score, best_device = queue, score, device
    return best


@rule
def settle(city, queue):
    """Drop void entries from the front of a queue, and set aside orders behind another open order upstream.

    Returns whether any is left.
    """
    while city.queue_size[queue] > 0:
        key = city.queues[queue, 0].code
        device = entity_of(key)
        number = order_at(city, device)
        if number >= 0 and city.orders[number].stamp == version_of(key):
            if city.orders[number].status == WAITING_FOR_CREW:
                blocker = order_above(city, parent_of(city, device))
                if blocker < 0:
                    return True
                block(city, number, blocker)
            city.orders[number].stamp = NOT_QUEUED
        city.queue_size[queue] = pop(city.queues[queue], city.queue_size[queue])
    return False


@rule
def nearest_crew(city, queue):
    """The free crew that goes to the first order of a queue: of those that may go there and can do it, the smallest
    class; then the district's own before those that are shared; then the nearest.
    """
    device = city.devices[entity_of(city.queues[queue, 0].code)]
    everywhere = len(city.districts) - 1
    best, best_largest, best_district, best_km2 = -1, -1, everywhere, np.inf
    for_supply = queue % N_QUEUES == SUPPLY_QUEUE
    for slot in range(city.clock[0].n_idle):
        crew = city.idle[slot]
        row = city.crews[crew]
        if (row.kind == TRANSMISSION) != for_supply:
            continue
        if row.largest > device.level or (row.district != device.district and row.district != everywhere):
            continue
        east, north = row.x_km - device.x_km, row.y_km - device.y_km
        km2 = east * east + north * north
        closer = km2 < best_km2 or (km2 == best_km2 and crew < best)
        same = row.largest == best_largest
        first = row.district < best_district or (row.district == best_district and closer)
        if row.largest > best_largest or (same and first):
            best, best_largest, best_district, best_km2 = crew, row.largest, row.district, km2
    return best


@rule
def assign(city, queue, crew, time_h):
    """Send a crew to the first order of a queue, unless the control room can see that it is void."""
    number = order_at(city, entity_of(city.queues[queue, 0].code))
    city.queue_size[queue] = pop(city.queues[queue], city.queue_size[queue])
    order = city.orders[number]
    order.stamp = NOT_QUEUED
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
