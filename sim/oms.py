"""The outage-management system: from trouble calls to suspected devices, and from crews' findings to certainty.

A logged report names a customer. Unless an open order at or above it explains it, the lowest device is suspected.
Enough suspects below a device (calls for a transformer, transformers for a lateral, ...) make the device itself
suspect after a delay, and the orders below are merged into it. Confirmation explains the reports behind it; when
too few unexplained suspects are left, a prediction is withdrawn and those left are suspected again one level down.
"""

import numpy as np

from sim.compiled import rule
from sim.events import ESCALATE, READY, plan
from sim.luck import Purpose, uniform
from sim.orders import (
    BY_REPORT,
    MERGED,
    WAITING_FOR_CREW,
    WITHDRAWN,
    close_order,
    enqueue,
    make_ready,
    open_order,
    order_above,
)  # fmt: skip

WITHDRAWAL_LUCK = np.uint64(Purpose.WITHDRAWAL)

SEEN = 1.0  # precision of what somebody has looked at
SENSED_PRECISION = 0.3  # a meter or breaker tells that a device is open, not where along it the damage lies


@rule
def hear(city, household, time_h, precision, informal):
    """A report reaches the utility."""
    person = city.folk[household]
    device = person.served_by
    number = order_above(city.devices, device)
    if number < 0:
        number = open_order(city, device, time_h, BY_REPORT)
        city.orders[number].ready_h = time_h + city.rules[0].escalation_h
        plan(city, city.orders[number].ready_h, READY, number)
    order = city.orders[number]
    order.reports += 1
    order.informal += informal
    order.precision = max(order.precision, precision)
    person.report_open = True
    if informal:
        person.pressing = True
    if person.known_h > time_h:
        person.known_h = time_h
    if not order.confirmed:
        suspect(city, device, time_h)
    enqueue(city, number)


@rule
def suspect(city, device, time_h):
    """Count a device as one vote for the one that it rolls up to; plan a decision when there are enough."""
    row = city.devices[device]
    if row.implicated or row.rollup < 0:
        return
    row.implicated = True
    above = city.devices[row.rollup]
    above.votes += 1
    if above.votes >= city.rules[0].threshold[above.level] and above.order < 0 and not above.escalating:
        above.escalating = True
        plan(city, time_h + city.rules[0].escalation_h, ESCALATE, row.rollup)


@rule
def escalate(city, device, time_h):
    """The delay is over: if votes still suffice and nothing upstream explains them, suspect this device."""
    row = city.devices[device]
    row.escalating = False
    if row.votes < city.rules[0].threshold[row.level] or order_above(city.devices, device) >= 0:
        return
    number = open_order(city, device, time_h, BY_REPORT)
    merge_below(city, number, time_h)
    suspect(city, device, time_h)
    make_ready(city, number, time_h)


@rule
def merge_below(city, number, time_h):
    """Orders predicted behind a device become part of its own, except those that the system fails to match."""
    order = city.orders[number]
    row = city.devices[order.at]
    for device in range(order.at + 1, row.end):
        lower = city.devices[device].order
        if lower >= 0 and not city.orders[lower].confirmed and city.orders[lower].status <= WAITING_FOR_CREW:
            if is_overlooked(city, device):
                continue
            part = city.orders[lower]
            order.reports += part.reports
            order.informal += part.informal
            order.precision = max(order.precision, part.precision)
            order.opened_h = min(order.opened_h, part.opened_h)
            close_order(city, lower, time_h, MERGED)


@rule
def is_overlooked(city, device):
    """Whether a prediction that should go is kept: no meter or call-back confirms that it is void."""
    row = city.devices[device]
    rules = city.rules[0]
    return uniform(rules.behaviour_seed, WITHDRAWAL_LUCK, row.id, row.n_predicted) < rules.missed_withdrawal


@rule
def confirm(city, fault, time_h, source, precision):
    """A fault is known: an order for its device, whatever was predicted behind it explained."""
    record = city.faults[fault]
    if record.confirmed_h <= time_h:
        return
    record.confirmed_h = time_h
    device = record.at
    number = city.devices[device].order
    if number < 0:
        number = open_order(city, device, time_h, source)
    order = city.orders[number]
    order.confirmed = True
    order.precision = max(order.precision, precision)
    merge_below(city, number, time_h)
    count_voices(city, number)
    explain(city, device, time_h)
    make_ready(city, number, time_h)
    enqueue(city, number)


@rule
def count_voices(city, number):
    """Open reports and informal requests from behind the device belong to its order, wherever they were before."""
    order = city.orders[number]
    row = city.devices[order.at]
    reports, informal = 0, 0
    for household in range(row.first, row.last):
        reports += city.folk[household].report_open
        informal += city.folk[household].pressing
    order.reports = max(order.reports, reports)
    order.informal = max(order.informal, informal)


@rule
def explain(city, device, time_h):
    """What was suspected at and behind ``device`` is explained; the suspicion upstream is looked at again.

    A lateral of several sections rolls up past its own first section, so a vote may leave the slice behind a device.
    """
    upstream, head = city.devices[device].rollup, np.int64(-1)
    own = city.devices[device].implicated
    for lower in range(device, city.devices[device].end):
        row = city.devices[lower]
        row.votes = 0
        if row.implicated:
            row.implicated = False
            if row.rollup < device:
                city.devices[row.rollup].votes -= 1
                head = max(head, row.rollup)
    if head >= 0:
        reconsider(city, head, time_h)
    if own and upstream != head:
        reconsider(city, upstream, time_h)


@rule
def reconsider(city, device, time_h):
    """Withdraw a prediction that too few suspects are left for, and look at the one above it in turn."""
    while device >= 0:
        row = city.devices[device]
        number = row.order
        if number < 0 or row.votes >= city.rules[0].threshold[row.level]:
            return
        order = city.orders[number]
        if order.confirmed or order.status > WAITING_FOR_CREW or is_overlooked(city, device):
            return
        close_order(city, number, time_h, WITHDRAWN)
        suspect_again(city, device, time_h)
        if not row.implicated:
            return
        row.implicated = False
        device = row.rollup
        city.devices[device].votes -= 1


@rule
def suspect_again(city, device, time_h):
    """The suspects behind a withdrawn prediction stand in their own right, unless something upstream explains them."""
    if order_above(city.devices, device) >= 0:
        return
    for lower in range(device + 1, city.devices[device].end):  # from above: an order explains what is behind it
        below = city.devices[lower]
        if below.implicated and order_above(city.devices, lower) < 0:
            make_ready(city, open_order(city, lower, time_h, BY_REPORT), time_h)


@rule
def presume_back(city, device, time_h):
    """The utility takes the customers behind ``device`` to be back: their reports are closed."""
    row = city.devices[device]
    for household in range(row.first, row.last):
        city.folk[household].report_open = False
        city.folk[household].pressing = False
    explain(city, device, time_h)
