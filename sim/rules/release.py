"""Aid goes home: when fewer orders are open than so many a crew that is there, who came last leaves first.

The utility looks when a job has ended and all that the crew saw is known, and not before the last of the aid has come:
nobody sends crews home while it waits for others. Line crews and trouble trucks count, on shift or off; those for
transmission do not, and are no aid. The utility's own crews and those staged before the storm stay. Aid stays where
nobody else who stays on its list (:mod:`sim.engine.districts`) can repair all that it can: so each list keeps a crew,
and one for laterals if it had one. A crew that has split counts as one, and its trucks leave as the crew that they came
from. An order on hold (:mod:`sim.rules.owners`) keeps nobody: there is nothing there that a crew could do. Who is let
go finishes its job, and does not come back; it counts in its district no more. Who leaves depends on arrivals and,
among equals, on the crews' numbers.
"""

import numpy as np

from sim.core.columns import LATERAL
from sim.core.compiled import rule
from sim.core.outcome_codes import TRANSMISSION
from sim.rules.crews import go_home
from sim.rules.joining import AID, NOWHERE, TRUCK
from sim.rules.splitting import has_split


def in_order_of_arrival(arrives_h: np.ndarray, origin: np.ndarray) -> np.ndarray:
    """Mutual aid in the order in which it comes; int64.

    Parameters
    ----------
    arrives_h : float64 [crew]
    origin : int [crew], OWN, STAGED, AID or TRUCK
    """
    aid = np.flatnonzero(np.asarray(origin) == AID)
    return aid[np.lexsort((aid, np.asarray(arrives_h)[aid]))]


@rule
def release_aid(city, time_h):
    """Let go of as much aid as there is too much of."""
    per_crew, n_aid = city.parameters[0].crews.release_orders_per_crew, len(city.aid)
    if per_crew <= 0.0 or n_aid == 0 or city.crews[city.aid[n_aid - 1]].district == NOWHERE:
        return
    n_open = city.clock[0].n_open - city.clock[0].n_on_hold
    n_there = 0
    for crew in range(len(city.crews)):
        n_there += stays(city.crews[crew]) and city.crews[crew].origin != TRUCK
    for slot in range(n_aid - 1, -1, -1):
        if n_open >= per_crew * n_there:
            return
        crew = city.aid[slot]
        if stays(city.crews[crew]) and can_be_spared(city, crew):
            let_go(city, crew, time_h)
            n_there -= 1


@rule
def stays(row):
    """Whether a crew has come and is to stay; crews for transmission are not counted."""
    return row.district != NOWHERE and not row.leaves and row.kind != TRANSMISSION


@rule
def members(city, crew):
    """A crew, or the trucks that it has split into: the first of them, and how many."""
    if has_split(city, city.crews[crew]):
        return city.crews[crew].first_truck, city.parameters[0].crews.split_into
    return np.int64(crew), np.int64(1)


@rule
def can_be_spared(city, crew):
    """Whether somebody else who stays on its list can repair all that a crew can."""
    first, number = members(city, crew)
    row = city.crews[first]
    for other in range(len(city.crews)):
        if other == crew or (first <= other and other < first + number):
            continue
        candidate = city.crews[other]
        if candidate.district == row.district and candidate.largest <= row.largest:
            if stays(candidate) and not has_split(city, candidate):
                return True
    return False


@rule
def let_go(city, crew, time_h):
    """A crew, or all trucks that it has split into, leave: at once, or after the job that they are on."""
    first, number = members(city, crew)
    its_list = city.districts[city.crews[crew].district]
    city.crews[crew].leaves = True
    if first != crew:
        city.crews[crew].released_h = time_h
    for member in range(first, first + number):
        row = city.crews[member]
        row.leaves = True
        its_list.n_crews -= 1
        if row.largest <= LATERAL:
            its_list.n_able -= 1
        if row.job < 0:
            go_home(city, member, time_h)
