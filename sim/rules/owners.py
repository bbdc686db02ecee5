"""What households own of a service drop: power comes back only when its owner has had it mended.

Some drops tear off the mast, or the meter base as well (:mod:`sim.world.damage`). The utility does not reconnect before
an electrician has been, and for a meter base an inspector. The household brings power back together with the utility:

1.  With a chance that is its knowledge, a household at home sees at once that the damage is its own. Else it learns so
    from the crew that comes first.
2.  From when it knows, and work is safe, it needs an electrician: one of its own, or a programme's where that is sooner
    (:mod:`sim.rules.weatherheads`)::

        released_h = min(known_h + electrician_h, max(known_h, aid_from_h) + aid_h) + inspection_h

3.  A crew that comes before that finds so, tells the household, and leaves. The order is put on hold: the utility knows
    this customer to be out, and waits. Who has been told has no reason to report again.
4.  The release reaches the utility at once: what was on hold is an ordinary job from then on, and of what it did not
    know it hears. A crew that comes after the release just reconnects.
"""

import numpy as np

from sim.core.compiled import rule
from sim.core.events import RELEASED, plan
from sim.core.luck import Purpose, uniform
from sim.core.outcome_codes import BY_RELEASE
from sim.rules.attention import is_at_home, look_again
from sim.rules.oms import SEEN, confirm
from sim.rules.orders import NOT_QUEUED, ON_HOLD, WAITING_FOR_CREW, enqueue
from sim.rules.upstream import order_at

KNOWS_LUCK = np.uint64(Purpose.OWNER_KNOWS)
ONCE = np.int64(0)  # the only draw of that decision


@rule
def must_wait(fault, time_h):
    """Whether nobody can reconnect yet, for what a household owns is not mended."""
    return fault.owner > 0 and fault.released_h > time_h


@rule
def owner_of(city, fault):
    """The household that owns what the drop tore off: the first behind it."""
    return city.devices[city.faults[fault].at].first


@rule
def notice(city, fault, time_h):
    """The drop is down: perhaps its household sees at once what it has to have mended."""
    person, parameters = city.households[owner_of(city, fault)], city.parameters[0]
    knows = uniform(parameters.derived.behaviour_seed, KNOWS_LUCK, person.id, ONCE) < person.knowledge
    if knows and is_at_home(person, time_h):
        learn_of_damage(city, fault, max(time_h, parameters.crews.safe_h))


@rule
def learn_of_damage(city, fault, known_h):
    """The household knows from ``known_h`` on, and finds an electrician."""
    record = city.faults[fault]
    if record.released_h < np.inf:
        return
    own_h, aid_h = known_h + record.electrician_h, max(known_h, record.aid_from_h) + record.aid_h
    record.aided = aid_h < own_h
    record.released_h = min(own_h, aid_h) + record.inspection_h
    plan(city, record.released_h, RELEASED, fault)


@rule
def put_on_hold(city, fault, roll_h, time_h):
    """The utility has found that it must wait: it tells the household, and sends nobody until the release.

    ``roll_h`` is when the crew that found so set off.
    """
    record = city.faults[fault]
    record.roll_h, record.held_h = roll_h, time_h
    order = city.orders[order_at(city, record.at)]
    order.status, order.stamp = ON_HOLD, NOT_QUEUED
    city.clock[0].n_on_hold += 1
    learn_of_damage(city, fault, max(time_h, city.parameters[0].crews.safe_h))
    household = owner_of(city, fault)
    city.households[household].told, city.households[household].quiet_until_h = True, np.inf
    look_again(city, household, time_h)


@rule
def release(city, fault, time_h):
    """What the household owns is mended, and the utility hears so."""
    record = city.faults[fault]
    confirm(city, fault, time_h, BY_RELEASE, SEEN)
    number = order_at(city, record.at)
    if number >= 0 and city.orders[number].status == ON_HOLD:
        city.orders[number].status = WAITING_FOR_CREW
        city.clock[0].n_on_hold -= 1
        enqueue(city, number)
