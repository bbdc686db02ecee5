"""Neighbourhoods: from a table of census tracts, or made up from the county's figures.

From figures. Minority shares are the means of a Beta(m k, (1 - m) k) between its quantiles, one slice for
every neighbourhood, so that their mean is ``m`` for any concentration ``k``; ``k`` is solved such that the
dissimilarity index (Duncan & Duncan 1955, doi 10.2307/2088328)

    D = 1/2 sum over j of | minority[j] / minority - others[j] / others |

of the targets is the given one. Which place gets which slice is a matter of ranks: a mix of a slope across
the city and luck, weighted by ``people.clustering``. Places of equal area lie on a sunflower spiral.
From tracts. Every row is a neighbourhood; what it does not say is taken from the county.
"""

import numpy as np
from scipy.special import betainc, betaincinv, ndtri

from sim.core import luck
from sim.core.columns import Neighbourhoods
from sim.core.errors import ScenarioError
from sim.core.limits import AREA_KM2, HOUSEHOLDS, TRACTS
from sim.core.luck import Purpose
from sim.core.notices import name_unused
from sim.inputs import tables
from sim.inputs.identifiers import identities, in_order
from sim.inputs.plausible import check_on_map, offset_km
from sim.inputs.scenario import Scenario
from sim.inputs.table_files import Table
from sim.inputs.tables import DISTRICT, number, optional, place_of, read_table
from sim.world import census, contrast, dependence
from sim.world.census import Targets

GOLDEN_ANGLE = np.pi * (3.0 - np.sqrt(5.0))
TRACT_OTHERS = (
    "geoid", "households", "area_km2", "centroid_lat", "centroid_lon",
    "share_minority", "share_black", "share_hispanic", DISTRICT,
)  # fmt: skip


def from_figures(scenario: Scenario, seed: int) -> tuple[Neighbourhoods, np.ndarray, Targets]:
    """Neighbourhoods made up from the county's figures.

    Returns
    -------
    neighbourhoods : Neighbourhoods
    households : int64 [neighbourhood]   how many each has; they sum to ``place.customers``
    targets : dict                       attribute to share: float64 [neighbourhood], or the county's as float
    """
    n = scenario["place.neighbourhoods"]
    area_km2 = np.full(n, scenario["place.area_km2"] / n)
    x_km, y_km = spiral(n, scenario["place.area_km2"])
    households = largest_remainder(np.ones(n), scenario["place.customers"])
    ids = np.arange(n, dtype=np.uint64)
    order = _order_of_places(x_km, y_km, ids, scenario["people.clustering"], seed)
    weight = households[order] if households.min() > 0 else np.ones(n)
    minority = np.empty(n)
    minority[order] = segregated_shares(scenario["people.minority_share"], scenario["people.dissimilarity"], weight)
    targets = census.of_figures(scenario, minority)
    names = np.array([f"N{k + 1}" for k in range(n)], dtype=object)
    svi = vulnerability(dependence.compose(scenario, targets, households)[1])
    places = Neighbourhoods(names, ids, x_km, y_km, area_km2, households.astype(float), minority, svi, undivided(n))
    return places, households, targets


def from_tracts(scenario: Scenario, seed: int) -> tuple[Neighbourhoods, np.ndarray, Targets]:
    """Neighbourhoods from a tract table in the order of their geoids; tracts without households are left out.

    Returns
    -------
    as :func:`from_figures`; ``households`` are the table's, scaled to ``place.customers``; ``targets`` also
    has ``income_ratio`` [neighbourhood]. ``seed`` is not used: a table leaves nothing to chance.
    """
    where = place_of(scenario, "tracts", "place.tracts")
    table = read_table(scenario, "tracts", "place.tracts", ids=("geoid", DISTRICT))
    if table is None:
        raise ScenarioError("place.tracts: no tract table is given, neither as a file nor as [tables.tracts]")
    tables.check_unique(table, "geoid", where)
    optional_columns = (*census.read_columns(scenario), *contrast.read_columns(scenario))
    tables.check_spelling(table, optional_columns, where, likeness=0.9)
    tables.check_count(table, "geoid", TRACTS, where)
    size = number(table, "households", where, 0.0, HOUSEHOLDS)
    used = size > 0.0
    if not used.any():
        raise ScenarioError(f"{where}: column 'households' is 0 in every row")
    rows = in_order(table["geoid"])
    rows = rows[used[rows]]
    households = largest_remainder(size[rows], scenario["place.customers"])
    targets = census.of_tracts(scenario, census.Rows(table, where, used, rows, size[rows]))
    area_km2 = number(table, "area_km2", where, 1e-6, AREA_KM2, used=used)[rows]
    x_km, y_km = _position(scenario, table, where, used, rows)
    svi = optional(number, table, "svi_overall_us", where, 0.0, 1.0, empty=True, used=used)
    ranked = vulnerability(dependence.compose(scenario, targets, size[rows])[1])
    svi = ranked if svi is None else np.where(np.isnan(svi[rows]), ranked, svi[rows])
    name_unused(table, (*optional_columns, *TRACT_OTHERS), where)
    names = table["geoid"][rows]
    minority = np.asarray(targets["minority"])
    district = table[DISTRICT][rows] if DISTRICT in table else undivided(len(rows))
    places = Neighbourhoods(names, identities(names), x_km, y_km, area_km2, size[rows], minority, svi, district)
    return places, households, targets


def undivided(neighbourhoods: int) -> np.ndarray:
    """Districts of neighbourhoods of which no table names any: "" [neighbourhood]."""
    return np.full(neighbourhoods, "", dtype=object)


def segregated_shares(mean: float, dissimilarity: float, weight: np.ndarray) -> np.ndarray:
    """Shares in ascending order with a given mean and dissimilarity index.

    Parameters
    ----------
    mean : float                      share over all households
    dissimilarity : float             index to meet; too few neighbourhoods are as uneven as they can be
    weight : float [neighbourhood]    households, positive

    Returns
    -------
    float64 [neighbourhood]
    """
    if mean > 0.5:  # the smaller group's shares pile up at 0, where floats are dense; not at 1
        return 1.0 - segregated_shares(1.0 - mean, dissimilarity, weight[::-1])[::-1]
    if mean == 0.0 or dissimilarity == 0.0 or len(weight) == 1:
        return np.full(len(weight), mean)
    from scipy.optimize import brentq

    def excess(log_concentration: float) -> float:
        shares = _slices(mean, np.exp(log_concentration), weight)
        return unevenness(shares, weight) - dissimilarity

    most_uneven, most_even = np.log(0.02), np.log(1e6)
    if excess(most_uneven) <= 0.0:
        return _slices(mean, np.exp(most_uneven), weight)
    if excess(most_even) >= 0.0:
        return _slices(mean, np.exp(most_even), weight)
    return _slices(mean, np.exp(brentq(excess, most_uneven, most_even, xtol=1e-10)), weight)


def unevenness(minority_share: np.ndarray, households: np.ndarray) -> float:
    """Dissimilarity index of neighbourhoods with these shares; NaN if there is only one group."""
    minority, others = minority_share * households, (1.0 - minority_share) * households
    if minority.sum() == 0.0 or others.sum() == 0.0:
        return float("nan")
    return float(np.abs(minority / minority.sum() - others / others.sum()).sum() / 2.0)


def largest_remainder(weight: np.ndarray, total: int) -> np.ndarray:
    """Whole numbers in proportion to the weights that sum to ``total``; int64 [neighbourhood]."""
    exact = weight / weight.sum() * total
    whole = np.floor(exact).astype(np.int64)
    remainder = np.round(exact - whole, 9)  # so that equal weights tie exactly, and the earlier row wins
    short = total - int(whole.sum())
    whole[np.argsort(-remainder, kind="stable")[:short]] += 1
    return whole


def spiral(n: int, area_km2: float) -> tuple[np.ndarray, np.ndarray]:
    """Centres of ``n`` places of equal area on a disc (Vogel's sunflower spiral), in km east and north."""
    turn = np.arange(n)
    radius_km = np.sqrt(area_km2 / np.pi * (turn + 0.5) / n) if n > 1 else np.zeros(1)
    return radius_km * np.cos(turn * GOLDEN_ANGLE), radius_km * np.sin(turn * GOLDEN_ANGLE)


def percentile(values: np.ndarray) -> np.ndarray:
    """Rank of each value as a percentile in (0, 1); equal values share the middle of their ranks."""
    _, group, size = np.unique(np.round(values, 12), return_inverse=True, return_counts=True)
    return ((np.cumsum(size) - size / 2.0) / len(values))[group]


def vulnerability(composition: np.ndarray) -> np.ndarray:
    """Social vulnerability [neighbourhood]: percentile of the summed percentiles of poverty and minority.

    ``composition``: expected shares of the cells, float64 [neighbourhood, cell].

    The CDC's index is built the same way from fifteen variables; these are the two that are always known.
    """
    poverty, minority = (percentile(dependence.expected(composition, trait)) for trait in ("poor", "minority"))
    return percentile(poverty + minority)


def _slices(mean: float, concentration: float, weight: np.ndarray) -> np.ndarray:
    """Means of a Beta distribution between consecutive quantiles, slices as wide as the weights."""
    a, b = mean * concentration, (1.0 - mean) * concentration
    edge = np.cumsum(weight / weight.sum())[:-1]
    lower, upper = betaincinv(a, b, edge), betaincinv(b, a, 1.0 - edge)  # upper = 1 - lower, exact near 1
    moment = np.where(lower < 0.5, betainc(a + 1.0, b, lower), 1.0 - betainc(b, a + 1.0, upper))
    mass = np.diff(np.concatenate([[0.0], moment, [1.0]]))
    return np.clip(mean * mass / (weight / weight.sum()), 0.0, 1.0)


def _order_of_places(x_km: np.ndarray, y_km: np.ndarray, ids: np.ndarray, clustering: float, seed: int) -> np.ndarray:
    """Places from the lowest minority share to the highest: a slope in a random direction mixed with luck."""
    direction = 2.0 * np.pi * luck.column(seed, Purpose.NEIGHBOURHOOD, ids[:1], 1)[0]
    along = x_km * np.cos(direction) + y_km * np.sin(direction)
    slope = ndtri(percentile(along))
    chance = ndtri(luck.column(seed, Purpose.NEIGHBOURHOOD, ids, 0))
    return np.argsort(clustering * slope + np.sqrt(1.0 - clustering**2) * chance, kind="stable")


def _position(
    scenario: Scenario, table: Table, where: str, used: np.ndarray, rows: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Centres in km east and north of the city's centre."""
    latitude = number(table, "centroid_lat", where, -360.0, 360.0, used=used)[rows]
    longitude = number(table, "centroid_lon", where, -360.0, 360.0, used=used)[rows]
    centre = scenario["place.latitude_deg"], scenario["place.longitude_deg"]
    check_on_map(latitude, longitude, centre, where, lambda i: f"row {rows[i] + 1}")
    return offset_km(latitude, longitude, centre)
