"""Districts: parts of the city that have crews and a list of orders of their own.

A substation and all behind it lie in one district. Where a tract or household table names districts by neighbourhood,
that is the district of most of the customers behind the substation; else the substations are cut, in the order of the
grid, into ``crews.districts`` stretches (0: one for each substation). A share of the crews is common to all districts;
the utility's other crews are posted to districts in proportion to customers, and mutual aid finds its district when it
comes (:mod:`sim.rules.joining`).
"""

from typing import NamedTuple

import numpy as np

from sim.core.columns import LATERAL, Damage, Neighbourhoods, Place
from sim.core.control_room_rows import DISTRICT
from sim.core.errors import ScenarioError
from sim.core.outcome_codes import DISTRIBUTION_CREWS, TRANSMISSION
from sim.core.rows import rows
from sim.inputs.identifiers import in_order
from sim.inputs.scenario import Scenario
from sim.inputs.tables import place_of
from sim.rules.joining import NOWHERE
from sim.world.neighbourhoods import largest_remainder


class Districts(NamedTuple):
    """How the city is divided, in the order of names."""

    names: np.ndarray  # object [district]
    customers: np.ndarray  # int64 [district]
    of_device: np.ndarray  # int64 [device]   index


def divide(scenario: Scenario, place: Place) -> Districts:
    """The districts that a table names, or as many as the scenario says.

    Raises
    ------
    ScenarioError    more districts than substations, or both a number and a table
    """
    devices = place.devices
    sources = np.flatnonzero(devices.parent < 0)
    if (place.neighbourhoods.district != "").any():
        names, of_source = _named(scenario, place, sources)
    else:
        names, of_source = _cut(scenario, len(sources))
    customers = np.bincount(of_source, weights=(devices.last - devices.first)[sources], minlength=len(names))
    of_device = np.repeat(of_source, devices.end[sources] - sources)
    return Districts(names, customers.astype(np.int64), of_device)


def _cut(scenario: Scenario, n_sources: int) -> tuple[np.ndarray, np.ndarray]:
    """Names, and the district of each substation: stretches of as many substations each, but for one."""
    n = scenario["crews.districts"] or n_sources
    if n > max(1, n_sources):
        raise ScenarioError(
            f"{scenario.name} [crews]: districts = {n}, more than there are substations ({n_sources}), each of which "
            f"lies in one district; at most {n_sources} are possible"
        )
    return np.array([str(d + 1) for d in range(n)], dtype=object), np.arange(n_sources) * n // max(1, n_sources)


def _named(scenario: Scenario, place: Place, sources: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Names, and the district of each substation: that of most of its customers, or among equals the first by name."""
    names, of_neighbourhood = _in_use(place.neighbourhoods, place.households.neighbourhood)
    if scenario["crews.districts"] > 1:
        raise ScenarioError(
            f"{scenario.name} [crews]: districts = {scenario['crews.districts']}, but {_table(scenario)} names "
            f"districts of its own ({', '.join(names[:5])}{', ...' if len(names) > 5 else ''}); drop one of the two"
        )
    of_household = of_neighbourhood[place.households.neighbourhood]
    slices = zip(place.devices.first[sources], place.devices.last[sources], strict=True)
    of_source = np.array([np.bincount(of_household[a:b], minlength=len(names)).argmax() for a, b in slices])
    without = np.setdiff1d(np.arange(len(names)), of_source)
    if len(without):
        raise ScenarioError(
            f"{_table(scenario)}: district '{names[without[0]]}' has most customers of no substation (there are "
            f"{len(sources)}), and would have no lines; join it to a neighbour"
        )
    return names, of_source


def _in_use(neighbourhoods: Neighbourhoods, of_household: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Names of districts in which somebody lives, in order, and the index of each neighbourhood's (-1: nobody)."""
    inhabited = np.unique(of_household)
    labels, index = np.unique(neighbourhoods.district[inhabited], return_inverse=True)
    order = in_order(labels)
    rank = np.full(len(neighbourhoods), -1)
    rank[inhabited] = np.argsort(order)[index]
    return labels[order], rank


def _table(scenario: Scenario) -> str:
    """The table that names districts, as messages call it."""
    kind = "households" if "households" in scenario.tables or scenario["place.households"] else "tracts"
    return place_of(scenario, kind, f"place.{kind}")


def post(scenario: Scenario, districts: Districts, crews: np.recarray) -> None:
    """Post crews to districts, or to none: to the list of the whole city, or nowhere until they come.

    Raises
    ------
    ScenarioError    a district that no crew may serve
    """
    n, first, district, common = len(districts.names), 0, crews.district, crews.shared
    for name in DISTRIBUTION_CREWS:
        group = getattr(scenario.parameters.crews, name)
        for number, is_aid in ((group.own + group.staged, False), (group.mutual_aid, True)):
            mine = np.arange(first, first + number)
            first += number
            shared = _every(number, scenario["crews.shared_share"]) & (n > 1)
            own = mine[~shared]
            common[mine], district[mine] = shared, NOWHERE if is_aid else n
            if not is_aid and len(own):
                district[own] = np.repeat(np.arange(n), largest_remainder(districts.customers, len(own)))
    district[first:] = n  # those for transmission
    _check_served(scenario, districts, crews)


def _every(number: int, part: float) -> np.ndarray:
    """A share of so many things, evenly spread over them. Returns bool [thing]."""
    counted = np.floor(np.arange(number + 1) * part + 0.5 + 1e-9)
    return np.diff(counted) > 0.0


def _check_served(scenario: Scenario, districts: Districts, crews: np.recarray) -> None:
    if len(districts.names) == 1 or (crews.district == NOWHERE).any() or crews.shared.any():
        return
    for district, (name, customers) in enumerate(zip(districts.names, districts.customers.tolist(), strict=True)):
        if customers and not (crews.district == district).any():
            raise ScenarioError(
                f"{scenario.name} [crews]: no crew may serve district '{name}' (customers: {customers}): it has none "
                "of its own, none is shared and no aid comes; raise crews.shared_share "
                f"({scenario['crews.shared_share']:g}) or the number of crews"
            )


def district_rows(districts: Districts, crews: np.recarray, devices: np.recarray, damage: Damage) -> np.recarray:
    """Districts as rows with the crews that are posted there, and a row more for the whole city."""
    n = len(districts.names)
    table = rows(DISTRICT, n + 1)
    posted = crews[crews.district != NOWHERE]
    table.n_crews = np.bincount(posted.district, minlength=n + 1)
    able = (posted.largest <= LATERAL) & (posted.kind != TRANSMISSION)
    table.n_able = np.bincount(posted.district[able], minlength=n + 1)
    large = damage.device[(devices.level[damage.device] <= LATERAL) & ~damage.supply]
    table.n_coming = np.bincount(devices.district[large], minlength=n + 1)
    table.n_coming[n] = len(large)
    return table
