"""Mutual aid joins: the district that a crew is sent to when it comes.

It is the one with most customers believed out (or most open orders) a crew, the new one counted in; among equals the
one with fewest crews, then the first by name. A crew that is shared joins the list of the whole city.
"""

import numpy as np

from sim.core.columns import LATERAL
from sim.core.compiled import codes, rule
from sim.inputs.parameters.record import code_of
from sim.inputs.parameters.utility import Crews
from sim.rules.orders import ON_HOLD
from sim.rules.upstream import order_above, parent_of

NOWHERE = np.int64(-1)  # district of a crew that has not come
OWN, STAGED, AID, TRUCK = codes(4)  # where a crew comes from; a truck from a crew that has split

BY_ORDERS = code_of(Crews, "aid_by", "orders")


@rule
def join(city, crew):
    """A crew is here for the first time: the list that it works on from now on."""
    row, whole_city = city.crews[crew], len(city.districts) - 1
    district = np.int64(0)
    if row.shared:
        district = whole_city
    elif whole_city > 1:
        district = neediest(city, whole_city)
    row.district = district
    city.districts[district].n_crews += 1
    if row.largest <= LATERAL:
        city.districts[district].n_able += 1


@rule
def need_of(city, order):
    """What an order adds to the need of its district."""
    if city.parameters[0].crews.aid_by == BY_ORDERS:
        return 1.0
    counted_above = order_above(city, parent_of(city, order.at)) >= 0
    return 0.0 if counted_above else np.float64(order.believed)


@rule
def neediest(city, n_districts):
    """The district that a crew is needed most in."""
    for district in range(n_districts):
        city.districts[district].need = 0.0
    number = city.clock[0].first_open
    while number >= 0:
        order = city.orders[number]
        if order.status != ON_HOLD:  # where there is nothing that a crew could do
            city.districts[order.district].need += need_of(city, order)
        number = order.next_open
    best = np.int64(0)
    for district in range(1, n_districts):
        here, there = city.districts[district], city.districts[best]
        lead = here.need * (there.n_crews + 1) - there.need * (here.n_crews + 1)
        if lead > 0.0 or (lead == 0.0 and here.n_crews < there.n_crews):
            best = district
    return best
