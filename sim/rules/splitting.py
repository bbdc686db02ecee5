"""Large crews split into trouble trucks when the lines are done.

A line crew that is free becomes ``crews.split_into`` trucks, where it stands, once nothing above a transformer is left
to do for its list: no order there is open, none is about to be opened, and no fault is left that could lead to one, as
if every circuit had been walked to its end. Each list keeps one crew whole that can repair a lateral, for a prediction
that is too high can still come. Trucks stay trucks; they keep their crew's shift and district.
"""

from typing import Any

import numpy as np

from sim.core.columns import LATERAL, LEVELS
from sim.core.compiled import rule
from sim.core.outcome_codes import LINE, TROUBLE
from sim.core.rows import enlarged
from sim.inputs.scenario import Scenario
from sim.rules.joining import NOWHERE, TRUCK


def with_trucks(scenario: Scenario, crews: np.recarray) -> np.recarray:
    """Crews, and behind them the trucks that line crews may become, none of which is there yet."""
    n_crews, n_trucks = len(crews), scenario["crews.split_into"]
    if n_trucks == 1:
        return crews
    large = np.flatnonzero((crews.kind == LINE) & (crews.largest <= LATERAL))
    crews.first_truck[large] = n_crews + n_trucks * np.arange(len(large))
    crews = enlarged(crews, n_crews + n_trucks * len(large), n_crews)
    trucks: Any = crews[n_crews:]
    trucks.arrives_h, trucks.kind, trucks.job, trucks.district = np.inf, TROUBLE, -1, NOWHERE
    trucks.origin, trucks.released_h = TRUCK, np.inf
    trucks.largest = LEVELS.index(scenario["crews.trouble.largest"])
    return crews


@rule
def has_split(city, row):
    """Whether a crew has become trucks."""
    return row.first_truck > 0 and city.crews[row.first_truck].arrives_h < np.inf


@rule
def split_up(city, time_h):
    """Split free crews, the last in number first, as long as one may."""
    while True:
        last, slot_of_last = NOWHERE, NOWHERE
        for slot in range(city.clock[0].n_idle):
            crew = city.idle[slot]
            if crew > last and may_split(city, city.crews[crew]):
                last, slot_of_last = crew, slot
        if last < 0:
            return
        split(city, last, slot_of_last, time_h)


@rule
def may_split(city, row):
    """Whether a free crew is large, its list is done with lines, and another one can do what may still come."""
    if row.kind != LINE or row.largest > LATERAL:
        return False
    its_list = city.districts[row.district]
    return its_list.n_coming == 0 and its_list.n_able > 1


@rule
def split(city, crew, slot, time_h):
    """A crew is gone, and its trucks are free where it stood."""
    clock, row = city.clock[0], city.crews[crew]
    clock.n_idle -= 1
    city.idle[slot] = city.idle[clock.n_idle]
    n_trucks = city.parameters[0].crews.split_into
    city.districts[row.district].n_able -= 1
    city.districts[row.district].n_crews += n_trucks - 1
    for number in range(row.first_truck, row.first_truck + n_trucks):
        truck = city.crews[number]
        truck.arrives_h, truck.shift_offset_h = time_h, row.shift_offset_h
        truck.x_km, truck.y_km = row.x_km, row.y_km
        truck.district, truck.shared = row.district, row.shared
        if truck.largest <= LATERAL:
            city.districts[row.district].n_able += 1
        city.idle[clock.n_idle] = number
        clock.n_idle += 1
