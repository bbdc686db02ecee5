"""Predictions that turn out void: explained by what was found, or refuted by what is up.

What was suspected at and behind a confirmed fault is explained. A prediction above that is left with too few suspects
is withdrawn, one that the control room can see to be up is refused; in both cases those behind it stand in their own
right, with what was heard of them, unless something upstream explains them.
"""

import numpy as np

from sim.core.compiled import rule
from sim.core.luck import Purpose, uniform
from sim.core.outcome_codes import REFUSED, WITHDRAWN
from sim.rules.orders import WAITING_FOR_CREW, close_order, make_ready, open_order
from sim.rules.propensity import voice
from sim.rules.upstream import order_above, order_at

WITHDRAWAL_LUCK = np.uint64(Purpose.WITHDRAWAL)


@rule
def is_overlooked(city, device):
    """Whether a prediction that should go is kept: no meter or call-back confirms that it is void."""
    row = city.devices[device]
    parameters = city.parameters[0]
    u = uniform(parameters.derived.behaviour_seed, WITHDRAWAL_LUCK, row.id, np.int64(row.n_predicted))
    return u < parameters.oms.missed_withdrawal_share


@rule
def count_voices(city, number):
    """Reports and informal requests from behind the device belong to its order, wherever and whenever made."""
    order = city.orders[number]
    row = city.devices[order.at]
    reports, informal, voices = 0, 0, 0.0
    for household in range(row.first, row.last):
        person = city.households[household]
        if person.n_faults_above > 0 and person.voiced:
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
            city.clock[0].n_implicated -= 1
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
        number = order_at(city, device)
        if number < 0 or row.votes >= city.parameters[0].derived.threshold[row.level]:
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
def count_refusal(city, device):
    """A device at which a prediction is refused counts once, however often the utility comes back to it."""
    row = city.devices[device]
    if not row.refused:
        row.refused = True
        city.clock[0].refused[row.level] += 1


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
    city.clock[0].n_implicated -= 1
    city.devices[row.rollup].votes -= 1
    return row.rollup


@rule
def doubt(city, device):
    """A prediction is void: dark customers behind it whom no other order explains are not believed out any more."""
    row = city.devices[device]
    for household in range(row.first, row.last):
        person = city.households[household]
        if person.n_faults_above > 0 and person.believed_h < np.inf and order_above(city, person.served_by) < 0:
            person.believed_h = np.inf


@rule
def suspect_again(city, number, time_h):
    """The suspects behind a void prediction stand in their own right, unless something upstream explains them.

    What was heard of them, and since when, goes over to their orders.
    """
    device = city.orders[number].at
    if order_above(city, device) >= 0:
        return
    opened_h, precision = city.orders[number].opened_h, city.orders[number].precision
    source = np.int64(city.orders[number].source)
    for lower in range(device + 1, city.devices[device].end):  # from above: an order explains what is behind it
        below = city.devices[lower]
        if below.implicated and order_above(city, lower) < 0:
            again = open_order(city, lower, time_h, source)
            order = city.orders[again]
            order.opened_h, order.precision = opened_h, precision
            count_voices(city, again)
            make_ready(city, again, time_h)
