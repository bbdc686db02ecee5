"""A place before the storm: people, the grid that serves them, and whom they know.

Built once from a scenario and the seed of the world; studies that vary the storm or behaviour use it again.
"""

from dataclasses import replace

import numpy as np

from sim.core.columns import Contrast, Devices, Households, Kept, Place
from sim.inputs.scenario import Scenario
from sim.inputs.tables import given
from sim.world import contrast, facilities, networks, people, ties


def build(scenario: Scenario, seed: int) -> Place:
    """Build the city of a scenario.

    Parameters
    ----------
    scenario : Scenario   sections ``place``, ``people``, ``knowledge``, ``need``, ``grid``, ``ties``
    seed : int            of the world

    Returns
    -------
    Place                 households in the depth-first order of the grid

    Raises
    ------
    ScenarioError         tables that cannot be used; a household that no device serves
    """
    neighbourhoods, households, targets = people.population(scenario, seed)
    differ = contrast.build(scenario, neighbourhoods, households.neighbourhood)
    local = networks.Local(
        contrast.by_household(differ.overhead_share, scenario["grid.overhead_share"], households.neighbourhood),
        contrast.by_household(differ.critical_share, scenario["grid.critical_share"], households.neighbourhood),
    )
    order, devices, served_by = networks.build(scenario, seed, households, local)
    devices = facilities.feed(scenario, devices)
    households = _at_their_nodes(scenario, households.take(order), devices, served_by)
    known = ties.build(scenario, seed, households)
    fidelity = people.fidelity(neighbourhoods, households, targets, _lines(scenario, differ, devices, served_by))
    return Place(neighbourhoods, differ, households, devices, served_by, known, fidelity, Kept())


def _lines(
    scenario: Scenario, differ: Contrast, devices: Devices, served_by: np.ndarray
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Where lines are to hang overhead by neighbourhood, and whose do; nothing where all are alike."""
    share = differ.overhead_share
    if np.isnan(share).all():
        return {}
    return {
        "overhead": (np.where(np.isnan(share), scenario["grid.overhead_share"], share), devices.overhead[served_by])
    }


def _at_their_nodes(scenario: Scenario, households: Households, devices: Devices, served_by: np.ndarray) -> Households:
    """Synthetic households live where an imported grid has customers; those of a table stay put."""
    imported = scenario["grid.nodes"] or scenario["grid.graphml"]
    if not imported or given(scenario, "households", "place.households"):
        return households
    return replace(households, x_km=devices.x_km[served_by], y_km=devices.y_km[served_by])
