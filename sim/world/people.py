"""The people of a place: from a user's household table, from census tracts, or from the county's figures.

Whatever the source, a household's attributes depend on its id, its neighbourhood's shares and its own other
attributes, never on its row or on who else is there. :func:`fidelity` sets the shares that came out beside
those that were asked for.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from sim.core.columns import ETHNICITIES, Households, Neighbourhoods
from sim.core.luck import Purpose
from sim.inputs.identifiers import identities
from sim.inputs.scenario import Scenario
from sim.inputs.tables import given, place_of
from sim.world import census, dependence, household_table
from sim.world.attributes import Frame, draw, on_disc
from sim.world.census import OF_PERSONS, PERSONS, WITHOUT_STUDENTS, Targets
from sim.world.neighbourhoods import from_figures, from_tracts, percentile, unevenness

DISSIMILARITY = "minority dissimilarity index"
_ORIGINS = {name: f"people.{name}_share" for name in ("black", "hispanic")}


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
    neighbourhoods: Neighbourhoods,
    households: Households,
    targets: Targets | None = None,
    more: Mapping[str, tuple[np.ndarray, np.ndarray]] | None = None,
) -> dict[str, np.ndarray]:
    """Target against realised shares, as columns ready to print.

    Parameters
    ----------
    targets : as :func:`population` returns them; None: only the minority shares that neighbourhoods carry
    more : attributes that are no household's own: share [neighbourhood], and who has it [household]

    Returns
    -------
    dict of neighbourhood (name, or "all" for the county), attribute, target_share, realised_share, households (how
    many stand behind the realised share), households_given (before they were scaled), neighbourhoods (how many the row
    is about), area_km2 and share_of_persons (the table's own figure, where the target is made from one; else NaN).
    Neighbourhoods without such households are left out; the last row is the dissimilarity index
    """
    where = households.neighbourhood.astype(np.intp)
    size = np.bincount(where, minlength=len(neighbourhoods))
    parts: list[tuple] = []
    targets = {"minority": neighbourhoods.minority_share} if targets is None else targets
    meant = {a: (target, _holds(households, a)) for a, target in targets.items() if census.is_share_of_households(a)}
    for attribute, (target, holds) in {**meant, **(more or {})}.items():
        there, of = where, size
        if attribute == WITHOUT_STUDENTS:
            there, holds = where[~households.student], holds[~households.student]
            of = np.bincount(there, minlength=len(size))
        here = np.flatnonzero(of)
        everywhere = np.average(target, weights=of) if np.ndim(target) and len(here) else target
        share = np.count_nonzero(holds) / len(holds) if len(here) else np.nan
        parts.append((["all"], attribute, [everywhere], [share], [of.sum()], _whole(targets, attribute), None))
        if np.ndim(target):
            count = np.bincount(there[holds], minlength=len(size))[here]
            persons = np.broadcast_to(targets.get(attribute + OF_PERSONS, np.nan), size.shape)[here]
            shares = np.asarray(target)[here]
            parts.append((neighbourhoods.name[here], attribute, shares, count / of[here], of[here], persons, here))
    if targets:
        uneven = unevenness(neighbourhoods.minority_share, size)
        found = dissimilarity(households.minority, households.neighbourhood)
        parts.append((["all"], DISSIMILARITY, [uneven], [found], [len(households)], [np.nan], None))
    return {
        "neighbourhood": _stacked([p[0] for p in parts], object),
        "attribute": _stacked([[p[1]] * len(p[0]) for p in parts], object),
        "target_share": _stacked([p[2] for p in parts], float),
        "realised_share": _stacked([p[3] for p in parts], float),
        "households": _stacked([p[4] for p in parts], np.int64),
        "households_given": _stacked([_of_rows(neighbourhoods.households, p[6]) for p in parts], float),
        "neighbourhoods": _stacked([_of_rows(np.ones(len(size)), p[6]) for p in parts], np.int64),
        "area_km2": _stacked([_of_rows(neighbourhoods.area_km2, p[6]) for p in parts], float),
        "share_of_persons": _stacked([p[5] for p in parts], float),
    }


class Counted(NamedTuple):
    """What a table of tracts or households says of a city as a whole."""

    where: str  # what messages call the table
    neighbourhoods: int
    area_km2: float | None  # None: the table does not say
    households_given: float  # before they are scaled
    households: int
    poor: float | None
    poor_without_students: float | None
    of_persons: dict[str, tuple[float, float]]  # attribute: the table's share of persons, and of households from it
    shares: dict[str, float]  # parameter: the share of households that the table has in its place


def counted(scenario: Scenario) -> Counted | None:
    """The figures of the scenario's own table, which stand before those of its parameters; None: it has no table."""
    if household_table.is_given(scenario):
        table = household_table.read(scenario)
        where, n = place_of(scenario, "households", household_table.PARAMETER), len(table.id)
        own = {path: float(table.columns[a].mean()) for a, path in dependence.SHARES.items() if a in table.columns}
        return Counted(where, len(table.names), None, n, n, None, None, {}, own)
    if not given(scenario, "tracts", "place.tracts"):
        return None
    places, counts, targets = from_tracts(scenario, 0)
    poor, others = targets["poor"], targets.get(WITHOUT_STUDENTS)
    converted = {a: targets[a] for a in census.COUNTED_BY_PERSON if a + OF_PERSONS in targets}
    return Counted(
        where=place_of(scenario, "tracts", "place.tracts"),
        neighbourhoods=len(places),
        area_km2=round(float(places.area_km2.sum()), 3),
        households_given=float(places.households.sum()),
        households=int(counts.sum()),
        poor=_mean(poor, places.households) if np.ndim(poor) else None,
        poor_without_students=None if others is None else _mean(others, places.households),
        of_persons={a: (_whole(targets, a)[0], _mean(share, places.households)) for a, share in converted.items()},
        shares=_stands_before(targets, places),
    )


def _stands_before(targets: Targets, places: Neighbourhoods) -> dict[str, float]:
    """Parameters that a tract table has the figure of, and that figure."""
    paths = {**dependence.SHARES, "student": "people.student_share", **_ORIGINS}
    told = {path: _mean(targets[a], places.households) for a, path in paths.items() if np.ndim(targets.get(a, 0.0))}
    return told | {"people.dissimilarity": unevenness(places.minority_share, places.households)}


def dissimilarity(minority: np.ndarray, neighbourhood: np.ndarray) -> float:
    """Dissimilarity index of households [household] over neighbourhoods [household]; NaN with one group only.

    Chance alone makes small neighbourhoods differ: the index lies a little above that of the targets.
    """
    size = np.bincount(neighbourhood)
    here = size > 0
    return unevenness(np.bincount(neighbourhood, weights=minority)[here] / size[here], size[here])


def _stacked(parts: Sequence[Sequence | np.ndarray], kind: type) -> np.ndarray:
    return np.concatenate([np.array(part, dtype=kind) for part in parts]) if parts else np.empty(0, dtype=kind)


def _of_rows(values: np.ndarray, here: np.ndarray | None) -> np.ndarray:
    """A column of neighbourhoods in the rows of a part of the table: the sum over the city (None), or one by one."""
    return values.sum(keepdims=True) if here is None else values[here]


def _mean(share: np.ndarray | float, weights: np.ndarray) -> float:
    return float(np.average(np.broadcast_to(share, weights.shape), weights=weights))


def _whole(targets: Targets, attribute: str) -> list[float]:
    """The share of all persons of a tract table that have the attribute; NaN where it does not say."""
    share = np.atleast_1d(np.asarray(targets.get(attribute + OF_PERSONS, np.nan), dtype=float))
    known = ~np.isnan(share)
    return [_mean(share[known], np.asarray(targets[PERSONS])[known]) if known.any() else np.nan]


def _holds(households: Households, attribute: str) -> np.ndarray:
    if attribute == WITHOUT_STUDENTS:
        return households.poor & ~households.student
    if attribute in ETHNICITIES:
        return households.ethnicity == ETHNICITIES.index(attribute)
    return getattr(households, attribute)


def _from_table(scenario: Scenario, seed: int) -> tuple[Neighbourhoods, Households]:
    """Households of a user's table. Chances come from the county's figures alone: rows do not interact."""
    table = household_table.read(scenario)
    targets = dependence.county_targets(scenario)
    targets |= {"black": scenario["people.black_share"], "hispanic": scenario["people.hispanic_share"]}
    targets |= census.students(scenario, targets)
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
    return Neighbourhoods(table.names, ids, x_km, y_km, np.full(n, area_km2), unknown, unknown, unknown, table.district)


def _described(places: Neighbourhoods, households: Households) -> Neighbourhoods:
    """Neighbourhoods as their households make them: centre, minority share, rank of vulnerability."""
    size = np.bincount(households.neighbourhood, minlength=len(places))

    def mean(values: np.ndarray) -> np.ndarray:
        return np.bincount(households.neighbourhood, weights=values, minlength=len(places)) / size

    minority, poor = mean(households.minority), mean(households.poor)
    svi = percentile(percentile(poor) + percentile(minority))
    x_km, y_km = mean(households.x_km), mean(households.y_km)
    counted = size.astype(float)
    return Neighbourhoods(places.name, places.id, x_km, y_km, places.area_km2, counted, minority, svi, places.district)
