"""How neighbourhoods differ in what delays power: by columns of a table, else by slopes on social vulnerability.

A tract table, or a table of neighbourhoods by name, may have any of ``COLUMNS``. A *share* takes the place of the
city's. A *factor* says who has more, not how much there is: its mean over households must be near one and is made one.
Without a column, slopes do it, with no way to a negative rate or a share above one::

    factor = exp(slope * svi) / its mean over households
    share  = logistic(a + slope * svi), with ``a`` such that the mean over households is the city's share

A device has the factor of the customers behind it, on average; so has a lateral its share.
"""

import numpy as np
from scipy.special import expit

from sim.core.columns import Contrast, Neighbourhoods, Place, slice_sums
from sim.core.errors import ScenarioError, nearest
from sim.core.limits import FACTOR, TRACTS
from sim.core.notices import name_unused, notice
from sim.inputs import tables
from sim.inputs.scenario import Scenario
from sim.inputs.table_files import Table
from sim.inputs.tables import PER_CENT, number, place_of, read_table
from sim.world import dependence

SHARES = ("overhead_share", "meter_coverage")
FACTORS = {
    "exposure": "place.exposure_by_svi",
    "repair_factor": "place.repair_by_svi",
    "access_factor": "place.access_by_svi",
}
"""Column to the slope that stands in for it."""
COLUMNS = (*SHARES, *FACTORS)
YEAR_BUILT = "median_year_built"
YEARS = (1600.0, 2100.0)
NEAR_ONE = (0.9, 1.1)  # means of a factor that rounding, and households that are not in the table, can explain

Given = dict[str, np.ndarray]


def build(scenario: Scenario, places: Neighbourhoods, neighbourhood: np.ndarray) -> Contrast:
    """How the neighbourhoods of a city differ.

    Parameters
    ----------
    scenario : Scenario               section ``place``, tract and neighbourhood tables
    places : Neighbourhoods
    neighbourhood : int [household]   whose households are the weights of all means

    Raises
    ------
    ScenarioError    a column out of range, or a factor whose mean is far from one
    """
    size = np.bincount(neighbourhood, minlength=len(places))
    given = _given(scenario, places, size)
    unknown = np.full(len(places), np.nan)
    facilities = tables.given(scenario, "facilities", "place.facilities")
    by_svi = scenario["place.critical_by_svi"] * places.svi
    return Contrast(
        overhead_share=_overhead_share(scenario, places, size, given),
        meter_coverage=given.get("meter_coverage", unknown),
        critical_share=np.zeros(len(places)) if facilities else tilted(scenario["grid.critical_share"], by_svi, size),
        **{name: given[name] if name in given else _factor(scenario[FACTORS[name]], places, size) for name in FACTORS},
    )


def read_columns(scenario: Scenario) -> tuple[str, ...]:
    """Columns that are read where a table has them."""
    return (*COLUMNS, YEAR_BUILT) if scenario["place.overhead_by_decade"] else COLUMNS


def tilted(share: float, offset: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Shares [neighbourhood] with log odds that differ by ``offset`` and this mean; NaN where they do not differ."""
    if not offset.any():
        return np.full(len(offset), np.nan)
    weight = size / size.sum()
    return expit(dependence.intercept(np.array([share]), weight[None, :], offset)[0] + offset)


def by_household(share: np.ndarray, city: float, neighbourhood: np.ndarray) -> np.ndarray | None:
    """A share [neighbourhood] for each household, the city's where it is not known; None where it nowhere is."""
    return None if np.isnan(share).all() else np.where(np.isnan(share), city, share)[neighbourhood]


def behind(place: Place, name: str) -> np.ndarray:
    """Mean of a factor over the customers behind each device; one where there are none. Returns float64 [device]."""

    def mean() -> np.ndarray:
        devices, factor = place.devices, getattr(place.contrast, name)
        if (factor == 1.0).all():
            return np.broadcast_to(1.0, len(devices))
        customers = devices.last - devices.first
        total = slice_sums(factor[place.households.neighbourhood], devices.first, devices.last)
        return np.where(customers > 0, total / np.maximum(customers, 1), 1.0)

    return place.kept.get(("contrast", name), 0, mean)


def meter_coverage(scenario: Scenario, place: Place) -> np.ndarray:
    """Share of households with a meter that answers; float64 [neighbourhood]."""
    own, city = place.contrast.meter_coverage, scenario["sensing.meter_coverage"]
    if np.isnan(own).all():
        size = np.bincount(place.households.neighbourhood, minlength=len(own))
        own = tilted(city, scenario["place.meters_by_svi"] * place.neighbourhoods.svi, size)
    return np.where(np.isnan(own), city, own)


def _factor(slope: float, places: Neighbourhoods, size: np.ndarray) -> np.ndarray:
    if slope == 0.0:
        return np.ones(len(places))
    factor = np.exp(slope * places.svi)
    return factor / np.average(factor, weights=size)


def _overhead_share(scenario: Scenario, places: Neighbourhoods, size: np.ndarray, given: Given) -> np.ndarray:
    if "overhead_share" in given:
        return given["overhead_share"]
    offset = scenario["place.overhead_by_svi"] * places.svi
    if per_decade := scenario["place.overhead_by_decade"]:
        if YEAR_BUILT in given:
            decades = -given[YEAR_BUILT] / 10.0
            known = ~np.isnan(decades) & (size > 0)
            middle = np.average(decades[known], weights=size[known]) if known.any() else 0.0
            offset = offset + per_decade * np.where(np.isnan(decades), 0.0, decades - middle)
        else:
            notice(f"{scenario.name}: place.overhead_by_decade does nothing: no table has a column '{YEAR_BUILT}'")
    return tilted(scenario["grid.overhead_share"], offset, size)


def _given(scenario: Scenario, places: Neighbourhoods, size: np.ndarray) -> Given:
    """Columns in the order of the neighbourhoods; NaN where a share or a year is empty, 1 where a factor is."""
    found: Given = {}
    for table, key, where in _tables(scenario):
        rows = _rows(table, key, where, places)
        used = np.isin(np.arange(len(table[key])), rows)
        for name in [name for name in read_columns(scenario) if name in table]:
            if name in found:
                raise ScenarioError(f"{where}: column '{name}' stands in the tract table too; keep one")
            found[name] = _column(table, name, where, used)[rows]
            if name in FACTORS:
                found[name] = _around_one(found[name], name, where, size)
    return found


def _tables(scenario: Scenario) -> list[tuple[Table, str, str]]:
    """Tables that may say how neighbourhoods differ: the table, its column of names, and what messages call it."""
    found = []
    if not tables.given(scenario, "households", "place.households"):  # which takes the place of the tracts
        tracts = read_table(scenario, "tracts", "place.tracts", ids=("geoid",))
        if tracts is not None:
            found.append((tracts, "geoid", place_of(scenario, "tracts", "place.tracts")))
    named = read_table(scenario, "neighbourhoods", "place.neighbourhood_table", ids=("neighbourhood",))
    if named is not None:
        where = place_of(scenario, "neighbourhoods", "place.neighbourhood_table")
        tables.check_unique(named, "neighbourhood", where)
        tables.check_spelling(named, read_columns(scenario), where)
        tables.check_count(named, "neighbourhood", TRACTS, where)
        name_unused(named, ("neighbourhood", *read_columns(scenario)), where)
        found.append((named, "neighbourhood", where))
    return found


def _rows(table: Table, key: str, where: str, places: Neighbourhoods) -> np.ndarray:
    """The row of each neighbourhood."""
    row = {name: i for i, name in enumerate(table[key].tolist())}
    for name in places.name:
        if str(name) not in row:
            raise ScenarioError(f"{where}: no row for neighbourhood '{name}'{nearest(str(name), row)}")
    return np.array([row[str(name)] for name in places.name], dtype=np.int64)


def _column(table: Table, name: str, where: str, used: np.ndarray) -> np.ndarray:
    if name in SHARES:
        return number(table, name, where, 0.0, 1.0, empty=True, used=used, hint=PER_CENT)
    low, high = YEARS if name == YEAR_BUILT else (1.0 / FACTOR, FACTOR)
    return number(table, name, where, low, high, empty=True, used=used)


def _around_one(factor: np.ndarray, name: str, where: str, size: np.ndarray) -> np.ndarray:
    """A factor with the mean one over households; an empty cell is like the city at large."""
    known = ~np.isnan(factor) & (size > 0)
    if not known.any():
        return np.ones(len(factor))
    mean = np.average(factor[known], weights=size[known])
    low, high = NEAR_ONE
    if not low <= mean <= high:
        raise ScenarioError(
            f"{where}: column '{name}' has the mean {mean:.3g} over households, must be near 1 ({low:g} to {high:g}): "
            "it says which neighbourhoods have more, not how much there is; divide it by its mean"
        )
    return np.where(np.isnan(factor), 1.0, factor / mean)
