"""Orders: devices that the utility believes to be open (predicted) or has seen (confirmed), and their queue.

An order believes the customers behind its device to be out: a neighbourhood that reports less looks smaller than it
is. Waiting orders stand in queues by score, of each district one for lost supply and one for each level; an order
behind another open order upstream waits outside the queue until that one is closed. An order *on hold* waits for what a
household has to have mended; no crew is sent (:mod:`sim.rules.owners`).
"""

import numpy as np

from sim.core.columns import LATERAL, LEVELS
from sim.core.compiled import codes, rule
from sim.core.events import NOBODY, code, push
from sim.core.outcome_codes import BY_SENSING, OPEN
from sim.rules.belief import believe_out
from sim.rules.scores import order_score

NEW, WAITING_FOR_CREW, ASSIGNED, CLOSED, ON_HOLD = codes(5)
SUPPLY_QUEUE = np.int64(0)  # of a district; then one for each level
N_QUEUES = 1 + len(LEVELS)
NOT_QUEUED = np.int64(0)  # stamp of an order without a valid entry


@rule
def open_order(city, device, time_h, source):
    """Open an order; every dark customer behind the device is from now on believed out."""
    clock = city.clock[0]
    number = clock.n_orders
    clock.n_orders += 1
    order = city.orders[number]
    note_open(city, number)
    row = city.devices[device]
    order.at, order.source, order.confirmed = device, source, source >= BY_SENSING
    order.opened_h, order.ready_h = time_h, time_h
    order.first_dispatched_h, order.closed_h = float("inf"), float("inf")
    order.believed, order.district = row.last - row.first, row.district
    order.next_blocked, order.first_blocked = -1, -1
    order.status, order.outcome = NEW, OPEN
    city.nodes[device].order = number
    row.n_predicted += 1
    count_coming(city, device, 1)
    believe_out(city, device, time_h)
    return number


@rule
def close_order(city, number, time_h, outcome):
    """Close an order and let those that waited behind it back into the queue."""
    order = city.orders[number]
    order.status, order.outcome, order.closed_h = CLOSED, outcome, time_h
    city.nodes[order.at].order = -1
    note_closed(city, order)
    count_coming(city, order.at, -1)
    waiting = order.first_blocked
    order.first_blocked = -1
    while waiting >= 0:
        behind = city.orders[waiting]
        following = behind.next_blocked
        behind.blocked, behind.next_blocked = False, -1
        enqueue(city, waiting)
        waiting = following


@rule
def note_open(city, number):
    """One more open order."""
    clock, order = city.clock[0], city.orders[number]
    clock.n_open += 1
    order.next_open, order.previous_open = clock.first_open, -1
    if clock.first_open >= 0:
        city.orders[clock.first_open].previous_open = number
    clock.first_open = number


@rule
def note_closed(city, order):
    """One open order fewer."""
    clock = city.clock[0]
    clock.n_open -= 1
    if order.next_open >= 0:
        city.orders[order.next_open].previous_open = order.previous_open
    if order.previous_open >= 0:
        city.orders[order.previous_open].next_open = order.next_open
    else:
        clock.first_open = order.next_open


@rule
def enqueue(city, number):
    """Let a waiting order be queued at its present score when dispatchers look next; an older entry becomes void.

    Where it stands at that score there is nothing new to look at, but that crews may split up whoever calls.
    """
    order = city.orders[number]
    if order.status != WAITING_FOR_CREW or order.blocked:
        return
    clock, device, parameters = city.clock[0], city.devices[order.at], city.parameters[0]
    score = order_score(order, device, parameters)
    queue = device.district * N_QUEUES + queue_of(device)
    if order.queue == queue and order.score == score and (order.stamp != NOT_QUEUED or order.listed):
        clock.look |= parameters.crews.split_into > 1
        return
    if order.listed:
        city.queue_listed[order.queue] -= 1
    else:
        order.listed, order.next_listed, clock.first_listed = True, clock.first_listed, number
    order.queue, order.score, order.stamp = queue, score, NOT_QUEUED
    city.queue_listed[queue] += 1
    clock.n_queued = max(clock.n_queued, city.queue_size[queue] + city.queue_listed[queue])
    clock.look = True


@rule
def fill_queues(city):
    """Queue the orders that are to be, if they still wait."""
    clock = city.clock[0]
    while clock.first_listed >= 0:
        order = city.orders[clock.first_listed]
        clock.first_listed, order.listed = order.next_listed, False
        city.queue_listed[order.queue] -= 1
        if order.status == WAITING_FOR_CREW:
            clock.stamp += 1
            order.stamp = clock.stamp
            queue, size = city.queues[order.queue], city.queue_size[order.queue]
            city.queue_size[order.queue] = push(queue, size, -order.score, code(NOBODY, order.at, order.stamp))


@rule
def queue_of(device):
    """In which of its district's queues an order waits: what lacks supply is for crews of their own."""
    return SUPPLY_QUEUE if device.supply and device.failed else 1 + device.level


@rule
def count_coming(city, device, change):
    """Something at a lateral or above is open or to come, or is so no more: in its district and in the whole city.

    Line crews need not wait for a substation that has lost its supply.
    """
    row = city.devices[device]
    if row.level <= LATERAL and not row.supply:
        city.districts[row.district].n_coming += change
        city.districts[len(city.districts) - 1].n_coming += change


@rule
def make_ready(city, number, time_h):
    """A prediction has stood long enough, or is confirmed: crews may go."""
    order = city.orders[number]
    if order.status == NEW:
        order.status, order.ready_h = WAITING_FOR_CREW, time_h
        enqueue(city, number)


@rule
def block(city, number, blocker):
    """Take an order out of the game until ``blocker`` upstream of it is closed."""
    order = city.orders[number]
    order.blocked = True
    order.next_blocked = city.orders[blocker].first_blocked
    city.orders[blocker].first_blocked = number
