"""After a crew has left: the customers behind a device are presumed back, and checked.

Who has power again is out of the utility's mind. Who is still dark stays believed out where another order stands at or
above its meter; else a working meter answers at once and says so; else an automatic call-back reaches some of those
who have reported, and asks; else the customer is closed. All meters are read before anybody is closed: what one says
may be the order that explains the next. Who is explained stays believed out without a break, and its report open.

To be dark and closed is a *false closure*. Who had reported trusts the utility less from then on, and tells it again
sooner.
"""

import numpy as np

from sim.core.compiled import rule
from sim.core.events import CALLBACK, plan_for
from sim.core.luck import Purpose, uniform
from sim.core.outcome_codes import BY_METER
from sim.rules.attention import look_again
from sim.rules.oms import NONE, SENSED_PRECISION, hear
from sim.rules.predictions import explain
from sim.rules.upstream import order_above

CALLBACK_LUCK = np.uint64(Purpose.CALLBACK)


@rule
def presume_back(city, device, time_h):
    """The utility takes the customers behind ``device`` to be back, and checks."""
    explain(city, device, time_h)
    row = city.devices[device]
    for household in range(row.first, row.last):
        person = city.households[household]
        if person.n_faults_above == 0:
            person.report_open, person.pressing, person.voiced = False, False, False
        elif person.meter_h <= time_h and order_above(city, person.served_by) < 0:
            hear(city, household, time_h, SENSED_PRECISION, BY_METER, NONE)
    for household in range(row.first, row.last):
        person = city.households[household]
        if person.n_faults_above > 0 and order_above(city, person.served_by) < 0:
            check(city, household, time_h)


@rule
def check(city, household, time_h):
    """A customer presumed back is dark, and no meter says so: a call-back will hear so, or it is a false closure."""
    person, parameters = city.households[household], city.parameters[0]
    was_believed, had_reported = person.believed_h < np.inf, person.report_open and person.logged
    person.believed_h = np.inf
    person.report_open, person.pressing = False, False
    if had_reported:
        person.n_checked += 1
        u = uniform(parameters.derived.behaviour_seed, CALLBACK_LUCK, person.id, np.int64(person.n_checked))
        if u < parameters.oms.callback_share:
            plan_for(city, time_h + parameters.oms.callback_delay_h, CALLBACK, household, person.version)
            return
        person.wronged = True
        person.trust_left *= 1.0 - parameters.reporting.trust_loss
        person.quiet_until_h = min(person.quiet_until_h, time_h)
        look_again(city, household, time_h)
    if was_believed:
        person.closed_h = time_h
        person.n_closed += 1
