"""The people of a place: from a user's household table, from census tracts, or from the county's figures.

Whatever the source, a household's attributes depend on its id, its neighbourhood's shares and its own other
attributes, never on its row or on who else is there. :func:`fidelity` sets the shares that came out beside
those that were asked for.
"""

from collections.abc import Sequence

import numpy as np

from sim import dependence, household_table
from sim.attributes import Frame, draw, on_disc
from sim.columns import ETHNICITIES, Households, Neighbourhoods
from sim.luck import Purpose
from sim.neighbourhoods import (
    INCOME_RATIO,
    Targets,
    from_figures,
    from_tracts,
    percentile,
    unevenness,
)
from sim.scenario import Scenario
from sim.tables import given, identities

DISSIMILARITY = "minority dissimilarity index"


def build(scenario: Scenario, seed: int) -> tuple[Neighbourhoods, Households]:
    """The people of a place, in order of id.

    Parameters
    ----------
    scenario : Scenario    figures in ``place`` and ``people``, or a tract table, or a household table
    seed : int             of the world
    """
    neighbourhoods, households, _ = population(scenario, seed)
    return neighbourhoods, households


def population(scenario: Scenario, seed: int) -> tuple[Neighbourhoods, Households, Targets]:
    """As :func:`build`, with the targets that :func:`fidelity` compares with; none for a household table."""
    if household_table.is_given(scenario):
        return (*_from_table(scenario, seed), {})
    source = from_tracts if given(scenario, "tracts", "place.tracts") else from_figures
    neighbourhoods, counts, targets = source(scenario, seed)
    ids = np.arange(counts.sum(), dtype=np.uint64)
    index = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    frame = Frame(seed, ids, index, dependence.solve(scenario, targets, counts), targets, {})
    return neighbourhoods, draw(scenario, frame, ids.astype(np.int64), neighbourhoods), targets


def fidelity(
    neighbourhoods: Neighbourhoods, households: Households, targets: Targets | None = None
) -> dict[str, np.ndarray]:
    """Target against realised shares, as columns ready to print.

    Parameters
    ----------
    targets : as :func:`population` returns them; None: only the minority shares that neighbourhoods carry

    Returns
    -------
    dict of neighbourhood (name, or "all" for the county), attribute, target_share, realised_share, households
    (how many stand behind the realised share). Neighbourhoods without households are left out; the last row is the
    dissimilarity index
    """
    size = np.bincount(households.neighbourhood, minlength=len(neighbourhoods))
    here = np.flatnonzero(size)
    parts: list[tuple] = []
    targets = {"minority": neighbourhoods.minority_share} if targets is None else targets
    for attribute, target in targets.items():
        if attribute == INCOME_RATIO:
            continue
        holds = _holds(households, attribute)
        everywhere = np.average(target, weights=size) if np.ndim(target) else target
        parts.append((["all"], attribute, [everywhere], [holds.mean()], [len(holds)]))
        if np.ndim(target):
            count = np.bincount(households.neighbourhood, weights=holds, minlength=len(size))[here]
            shares = np.asarray(target)[here]
            parts.append((neighbourhoods.name[here], attribute, shares, count / size[here], size[here]))
    if targets:
        meant = unevenness(neighbourhoods.minority_share, size)
        found = dissimilarity(households.minority, households.neighbourhood)
        parts.append((["all"], DISSIMILARITY, [meant], [found], [len(households)]))
    return {
        "neighbourhood": _stacked([p[0] for p in parts], object),
        "attribute": _stacked([[p[1]] * len(p[0]) for p in parts], object),
        "target_share": _stacked([p[2] for p in parts], float),
        "realised_share": _stacked([p[3] for p in parts], float),
        "households": _stacked([p[4] for p in parts], np.int64),
    }


def dissimilarity(minority: np.ndarray, neighbourhood: np.ndarray) -> float:
    """Dissimilarity index of households [household] over neighbourhoods [household]; NaN with one group only.

    Chance alone makes small neighbourhoods differ: the index lies a little above that of the targets.
    """
    size = np.bincount(neighbourhood)
    here = size > 0
    return unevenness(np.bincount(neighbourhood, weights=minority)[here] / size[here], size[here])


def _stacked(parts: Sequence[Sequence | np.ndarray], kind: type) -> np.ndarray:
    return np.concatenate([np.array(part, dtype=kind) for part in parts]) if parts else np.empty(0, dtype=kind)


def _holds(households: Households, attribute: str) -> np.ndarray:
    if attribute in ETHNICITIES:
        return households.ethnicity == ETHNICITIES.index(attribute)
    return getattr(households, attribute)


def _from_table(scenario: Scenario, seed: int) -> tuple[Neighbourhoods, Households]:
    """Households of a user's table. Chances come from the county's figures alone: rows do not interact."""
    table = household_table.read(scenario)
    targets = dependence.county_targets(scenario)
    targets |= {"black": scenario["people.black_share"], "hispanic": scenario["people.hispanic_share"]}
    chances = dependence.solve(scenario, targets, np.ones(1))
    frame = Frame(seed, table.id, table.neighbourhood, chances, targets, table.columns)
    places = _scattered(scenario, seed, table)
    households = draw(scenario, frame, table.label, places)
    return _described(places, households), households


def _scattered(scenario: Scenario, seed: int, table: household_table.Given) -> Neighbourhoods:
    """Neighbourhoods of a household table, each put somewhere in the city by its own luck.

    Each has the area of one of ``place.neighbourhoods``, not of one of those present: rows must not interact.
    """
    n = len(table.names)
    ids = identities(table.names)
    area_km2 = scenario["place.area_km2"] / (scenario["place.neighbourhoods"] if table.named else 1)
    radius_km = np.sqrt(scenario["place.area_km2"] / np.pi) if table.named else 0.0
    x_km, y_km = on_disc(seed, Purpose.NEIGHBOURHOOD, ids, radius_km)
    unknown = np.full(n, np.nan)
    return Neighbourhoods(table.names, ids, x_km, y_km, np.full(n, area_km2), unknown, unknown, unknown)


def _described(places: Neighbourhoods, households: Households) -> Neighbourhoods:
    """Neighbourhoods as their households make them: centre, minority share, rank of vulnerability."""
    size = np.bincount(households.neighbourhood, minlength=len(places))

    def mean(values: np.ndarray) -> np.ndarray:
        return np.bincount(households.neighbourhood, weights=values, minlength=len(places)) / size

    minority, poor = mean(households.minority), mean(households.poor)
    svi = percentile(percentile(poor) + percentile(minority))
    x_km, y_km = mean(households.x_km), mean(households.y_km)
    return Neighbourhoods(places.name, places.id, x_km, y_km, places.area_km2, size.astype(float), minority, svi)
