"""The outage-management system: from trouble calls to suspected devices, and from crews' findings to certainty.

A logged report names a customer. Unless an open order at or above it explains it, the lowest device is suspected.
Enough suspects below a device (calls for a transformer, transformers for a lateral, ...) make the device itself
suspect after a delay, and the orders below are merged into it. Confirmation explains the reports behind it; when
too few unexplained suspects are left, a prediction is withdrawn and those left are suspected again one level down.
"""

import numpy as np

from sim.belief import believe
from sim.compiled import codes, rule
from sim.events import ESCALATE, READY, plan
from sim.luck import Purpose, uniform
from sim.orders import (
    BY_METER,
    BY_REPORT,
    MERGED,
    REFUSED,
    WAITING_FOR_CREW,
    WITHDRAWN,
    close_order,
    count_coming,
    enqueue,
    make_ready,
    open_order,
    order_above,
)  # fmt: skip
from sim.propensity import learn, voice

WITHDRAWAL_LUCK = np.uint64(Purpose.WITHDRAWAL)

NONE, ONE = codes(2)  # informal requests that come with a report
SEEN = 1.0  # precision of what somebody has looked at
SENSED_PRECISION = 0.3  # a meter or breaker tells that a device is open, not where along it the damage lies


@rule
def hear(city, household, time_h, precision, source, informal):
    """A report reaches the utility, or a meter's: a customer is out."""
    person = city.folk[household]
    device = person.served_by
    number = order_above(city.devices, device)
    if number < 0:
        number = open_order(city, device, time_h, source)
        city.orders[number].ready_h = time_h + city.rules[0].escalation_h
        plan(city, city.orders[number].ready_h, READY, number)
    order = city.orders[number]
    order.precision = max(order.precision, precision)
    if source != BY_METER:
        order.reports += 1
        order.voices += voice(city, household)
        order.informal += informal
        person.report_open, person.voiced, person.wronged = True, True, False
        if informal:
            person.pressing = True
    believe(person, time_h)
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
        count_coming(city, row.rollup, 1)
        plan(city, time_h + city.rules[0].escalation_h, ESCALATE, row.rollup)


@rule
def escalate(city, device, time_h):
    """The delay is over: suspect this device, unless votes are too few, something upstream explains them, or it is up.

    A prediction that the control room can refute is refused, and the votes stay one level down.
    """
    row = city.devices[device]
    row.escalating = False
    count_coming(city, device, -1)
    if row.votes < city.rules[0].threshold[row.level] or order_above(city.devices, device) >= 0:
        return
    if is_refuted(city, device, time_h):
        count_refusal(city, device)
        return
    number = open_order(city, device, time_h, source_below(city, device))
    merge_below(city, number, time_h)
    suspect(city, device, time_h)
    make_ready(city, number, time_h)


@rule
def count_refusal(city, device):
    """A device at which a prediction is refused counts once, however often the utility comes back to it."""
    row = city.devices[device]
    if not row.refused:
        row.refused = True
        city.clock[0].refused[row.level] += 1


@rule
def source_below(city, device):
    """What a prediction rests on: reports, where there is one behind it; else call-backs, else meters."""
    source = BY_METER
    for lower in range(device + 1, city.devices[device].end):
        number = city.devices[lower].order
        if number >= 0 and not city.orders[number].confirmed:
            if city.orders[number].source == BY_REPORT:
                return BY_REPORT
            source = max(source, city.orders[number].source)
    return source


@rule
def is_refuted(city, device, time_h):
    """Whether the utility can see that a device is up: found sound, or something at or below it has power and tells."""
    row = city.devices[device]
    if row.sound:
        return True
    for lower in range(device, row.end):
        if city.devices[lower].telemetry_h <= time_h and is_energised(city.devices, lower):
            return True
    if city.rules[0].metered:
        for household in range(row.first, row.last):
            person = city.folk[household]
            if person.meter_h <= time_h and person.dead == 0:
                return True
    return False


@rule
def is_energised(devices, device):
    """Whether there is power at a device: no fault at it or upstream of it."""
    while device >= 0:
        if devices[device].dead:
            return False
        device = devices[device].parent
    return True


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
            order.voices += part.voices
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
    record.confirmed_h, record.source = time_h, source
    device = record.at
    number = city.devices[device].order
    if number < 0:
        number = open_order(city, device, time_h, source)
    order = city.orders[number]
    order.confirmed = True
    order.precision = max(order.precision, precision)
    merge_below(city, number, time_h)
    count_voices(city, number)
    if city.rules[0].per_voice != 0.0:
        learn(city, device)
    explain(city, device, time_h)
    make_ready(city, number, time_h)
    enqueue(city, number)


@rule
def count_voices(city, number):
    """Reports and informal requests from behind the device belong to its order, wherever and whenever made."""
    order = city.orders[number]
    row = city.devices[order.at]
    reports, informal, voices = 0, 0, 0.0
    for household in range(row.first, row.last):
        person = city.folk[household]
        if person.dead > 0 and person.voiced:
            reports += 1
            voices += voice(city, household)
        informal += person.pressing
    order.reports = max(order.reports, reports)
    order.voices = max(order.voices, voices)
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
        device = retract(city, number, time_h, WITHDRAWN)


@rule
def refuse(city, number, time_h):
    """Crews are about to go, and the control room sees that the device is up: the prediction is void."""
    count_refusal(city, city.orders[number].at)
    reconsider(city, retract(city, number, time_h, REFUSED), time_h)


@rule
def retract(city, number, time_h, outcome):
    """Take a prediction back; those behind it stand in their own right. Returns the device that lost a vote, or -1."""
    device = city.orders[number].at
    row = city.devices[device]
    close_order(city, number, time_h, outcome)
    suspect_again(city, number, time_h)
    doubt(city, device)
    if not row.implicated:
        return np.int64(-1)
    row.implicated = False
    city.devices[row.rollup].votes -= 1
    return row.rollup


@rule
def doubt(city, device):
    """A prediction is void: dark customers behind it whom no other order explains are not believed out any more."""
    row = city.devices[device]
    for household in range(row.first, row.last):
        person = city.folk[household]
        if person.dead > 0 and person.believed_h < np.inf and order_above(city.devices, person.served_by) < 0:
            person.believed_h = np.inf


@rule
def suspect_again(city, number, time_h):
    """The suspects behind a void prediction stand in their own right, unless something upstream explains them.

    What was heard of them, and since when, goes over to their orders.
    """
    device = city.orders[number].at
    if order_above(city.devices, device) >= 0:
        return
    opened_h, precision = city.orders[number].opened_h, city.orders[number].precision
    for lower in range(device + 1, city.devices[device].end):  # from above: an order explains what is behind it
        below = city.devices[lower]
        if below.implicated and order_above(city.devices, lower) < 0:
            again = open_order(city, lower, time_h, city.orders[number].source)
            order = city.orders[again]
            order.opened_h, order.precision = opened_h, precision
            count_voices(city, again)
            make_ready(city, again, time_h)
