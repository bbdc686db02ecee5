"""The outage-management system: from trouble calls to suspected devices, and from crews' findings to certainty.

A logged report names a customer. Unless an open order at or above it explains it, the lowest device is suspected.
Enough suspects below a device (calls for a transformer, transformers for a lateral, ...) make the device itself suspect
after a delay, unless the control room can see that it is up, and the orders below are merged into it. Confirmation
explains the reports behind it; what becomes of predictions that are void then: :mod:`sim.rules.predictions`.
"""

from sim.core.compiled import codes, rule
from sim.core.events import ESCALATE, READY, plan
from sim.core.outcome_codes import BY_METER, BY_REPORT, MERGED
from sim.rules.belief import believe
from sim.rules.orders import WAITING_FOR_CREW, close_order, count_coming, enqueue, make_ready, open_order
from sim.rules.predictions import count_refusal, count_voices, explain, is_overlooked
from sim.rules.propensity import learn, voice
from sim.rules.upstream import is_energised, order_above, order_at

NONE, ONE = codes(2)  # informal requests that come with a report
SEEN = 1.0  # precision of what somebody has looked at
SENSED_PRECISION = 0.3  # a meter or breaker tells that a device is open, not where along it the damage lies


@rule
def hear(city, household, time_h, precision, source, informal):
    """A report reaches the utility, or a meter's: a customer is out."""
    person = city.households[household]
    device = person.served_by
    number = order_above(city, device)
    if number < 0:
        number = open_order(city, device, time_h, source)
        city.orders[number].ready_h = time_h + city.parameters[0].oms.escalation_min / 60.0
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
    city.clock[0].n_implicated += 1
    above = city.devices[row.rollup]
    above.votes += 1
    parameters = city.parameters[0]
    enough = above.votes >= parameters.derived.threshold[above.level]
    if enough and order_at(city, row.rollup) < 0 and not above.escalating:
        above.escalating = True
        count_coming(city, row.rollup, 1)
        plan(city, time_h + parameters.oms.escalation_min / 60.0, ESCALATE, row.rollup)


@rule
def escalate(city, device, time_h):
    """The delay is over: suspect this device, unless votes are too few, something upstream explains them, or it is up.

    A prediction that the control room can refute is refused, and the votes stay one level down.
    """
    row = city.devices[device]
    row.escalating = False
    count_coming(city, device, -1)
    if row.votes < city.parameters[0].derived.threshold[row.level] or order_above(city, device) >= 0:
        return
    if is_refuted(city, device, time_h):
        count_refusal(city, device)
        return
    number = open_order(city, device, time_h, source_below(city, device))
    merge_below(city, number, time_h)
    suspect(city, device, time_h)
    make_ready(city, number, time_h)


@rule
def source_below(city, device):
    """What a prediction rests on: reports, where there is one behind it; else call-backs, else meters."""
    source = BY_METER
    for lower in range(device + 1, city.devices[device].end):
        number = order_at(city, lower)
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
        if city.devices[lower].telemetry_h <= time_h and is_energised(city, lower):
            return True
    if city.parameters[0].derived.metered:
        for household in range(row.first, row.last):
            person = city.households[household]
            if person.meter_h <= time_h and person.n_faults_above == 0:
                return True
    return False


@rule
def merge_below(city, number, time_h):
    """Orders predicted behind a device become part of its own, except those that the system fails to match."""
    order = city.orders[number]
    row = city.devices[order.at]
    for device in range(order.at + 1, row.end):
        lower = order_at(city, device)
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
def confirm(city, fault, time_h, source, precision):
    """A fault is known: an order for its device, whatever was predicted behind it explained."""
    record = city.faults[fault]
    if record.confirmed_h <= time_h:
        return
    record.confirmed_h, record.source = time_h, source
    device = record.at
    number = order_at(city, device)
    if number < 0:
        number = open_order(city, device, time_h, source)
    order = city.orders[number]
    order.confirmed = True
    order.precision = max(order.precision, precision)
    merge_below(city, number, time_h)
    count_voices(city, number)
    if city.parameters[0].derived.weights.corrected_reports != 0.0:
        learn(city, device)
    explain(city, device, time_h)
    make_ready(city, number, time_h)
    enqueue(city, number)
