"""Neighbourhoods from figures and from tracts: numbers that add up, segregation as asked, tracts as given."""

from pathlib import Path

import numpy as np
import pytest

from sim.core.errors import ScenarioError
from sim.inputs.parameters.root import Parameters
from sim.inputs.scenario import Scenario
from sim.world import census, dependence
from sim.world.neighbourhoods import from_figures, from_tracts, segregated_shares, unevenness

LEON = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "leon_tracts.csv"
TRACTS = {
    "geoid": ["12073000900", "12073000200", "12073001300"],
    "households": [1000, 3000, 0],
    "share_minority": [0.6, 0.2, 0.5],
    "poverty_rate": [0.3, 0.1, ""],
    "per_capita_income_usd": [20_000, 40_000, 2_237],
    "area_km2": [4.0, 9.0, 1.0],
    "centroid_lat": [30.44, 30.54, 30.4],
    "centroid_lon": [-84.28, -84.28, -84.3],
}


def figures(**place_and_people):
    return Scenario("test", Parameters()).but({k.replace("__", "."): v for k, v in place_and_people.items()})


def tracts(customers=400, **changed):
    table = {name: values for name, values in {**TRACTS, **changed}.items() if values is not None}
    return figures(place__customers=customers).with_tables(tracts=table)


@pytest.mark.parametrize("customers", [1, 39, 40, 41, 10_000])
@pytest.mark.parametrize("seed", [0, 1])
def test_households_add_up_and_are_as_equal_as_they_can_be(customers, seed):
    _, households, _ = from_figures(figures(place__customers=customers), seed)
    assert households.sum() == customers
    assert households.max() - households.min() <= 1


@pytest.mark.parametrize("mean", [0.02, 0.3, 0.5, 0.8, 0.99])
@pytest.mark.parametrize("asked", [0.0, 0.05, 0.42, 0.7, 0.9])
@pytest.mark.parametrize("n", [40, 400])
def test_mean_and_dissimilarity_of_made_up_shares_are_exact(mean, asked, n):
    weight = np.full(n, 3)
    weight[::7] += 1
    shares = segregated_shares(mean, asked, weight)
    assert np.average(shares, weights=weight) == pytest.approx(mean, abs=1e-12)
    assert unevenness(shares, weight) == pytest.approx(asked, abs=1e-8)
    assert np.all(np.diff(shares) > -1e-9)
    assert np.all((shares >= 0.0) & (shares <= 1.0))


def test_too_few_neighbourhoods_are_as_segregated_as_they_can_be():
    np.testing.assert_allclose(segregated_shares(0.43, 0.95, np.ones(2)), [0.0, 0.86], atol=1e-6)
    assert segregated_shares(0.43, 0.95, np.ones(1)) == [0.43]


@pytest.mark.parametrize("mean", [0.0, 1.0])
def test_with_one_group_only_all_neighbourhoods_are_alike(mean):
    assert set(segregated_shares(mean, 0.42, np.ones(5))) == {mean}
    assert np.isnan(unevenness(np.full(5, mean), np.ones(5)))


def test_targets_from_figures_meet_the_county_exactly():
    scenario = figures(place__customers=9_999)
    places, households, targets = from_figures(scenario, 3)
    for group in ("minority", "black", "hispanic"):
        mean = np.average(targets[group], weights=households)
        assert mean == pytest.approx(scenario[f"people.{group}_share"], abs=1e-12)
    assert unevenness(places.minority_share, households) == pytest.approx(scenario["people.dissimilarity"], abs=1e-8)


def neighbours_alike(clustering, seed):
    """Correlation of a neighbourhood's minority share with the mean of its four nearest."""
    places, _, _ = from_figures(figures(place__neighbourhoods=200, people__clustering=clustering), seed)
    apart_km = np.hypot(places.x_km[:, None] - places.x_km, places.y_km[:, None] - places.y_km)
    nearest = np.argsort(apart_km, axis=1)[:, 1:5]
    return np.corrcoef(places.minority_share, places.minority_share[nearest].mean(axis=1))[0, 1]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_similar_neighbourhoods_lie_side_by_side_as_far_as_clustering_says(seed):
    none, some, full = (neighbours_alike(clustering, seed) for clustering in (0.0, 0.7, 1.0))
    assert abs(none) < 4.0 / np.sqrt(200)  # a correlation of independent values has SE 1/sqrt(n)
    assert none < some < full
    assert full > 0.9


def test_luck_of_places_stays_paired_when_segregation_changes():
    mild, _, _ = from_figures(figures(people__dissimilarity=0.2), 1)
    harsh, _, _ = from_figures(figures(people__dissimilarity=0.6), 1)
    np.testing.assert_array_equal(np.argsort(mild.minority_share), np.argsort(harsh.minority_share))


def test_places_from_figures_fill_the_given_land_compactly():
    places, _, _ = from_figures(figures(place__area_km2=314.0, place__neighbourhoods=60), 1)
    assert places.area_km2.sum() == pytest.approx(314.0)
    assert np.hypot(places.x_km, places.y_km).max() < np.sqrt(314.0 / np.pi)
    apart_km = np.hypot(places.x_km[:, None] - places.x_km, places.y_km[:, None] - places.y_km)
    side_km = np.sqrt(314.0 / 60)
    assert (apart_km + 1e9 * np.eye(60)).min() > 0.6 * side_km


def test_vulnerability_is_a_percentile_that_follows_poverty_and_minority():
    places, _, _ = from_figures(figures(), 1)
    assert 0.0 < places.svi.min() < places.svi.max() < 1.0
    assert places.svi.mean() == pytest.approx(0.5)
    np.testing.assert_array_equal(np.argsort(places.svi), np.argsort(places.minority_share))


def test_tracts_stand_in_order_of_geoid_and_empty_ones_are_left_out():
    places, households, targets = from_tracts(tracts(), 1)
    assert list(places.name) == ["12073000200", "12073000900"]
    assert list(places.id) == [12073000200, 12073000900]
    assert list(households) == [300, 100]
    assert list(targets["minority"]) == [0.2, 0.6]
    assert list(targets["poor"]) == [0.1, 0.3]


def test_the_order_of_rows_in_a_tract_table_does_not_matter():
    shuffled = {name: [values[k] for k in (2, 0, 1)] for name, values in TRACTS.items()}
    first, second = from_tracts(tracts(), 1)[0], from_tracts(tracts(**shuffled), 1)[0]
    for name in ("name", "id", "x_km", "y_km", "area_km2", "minority_share", "svi"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))


def test_coordinates_are_km_east_and_north_of_the_centre():
    places, _, _ = from_tracts(tracts(), 1)
    np.testing.assert_allclose(places.x_km, 0.0, atol=1e-9)
    np.testing.assert_allclose(places.y_km, [11.1195, 0.0], atol=1e-3)  # a tenth of a degree


def test_income_ratio_averages_to_one_over_households():
    _, _, targets = from_tracts(tracts(), 1)
    assert np.average(targets["income_ratio"], weights=[3000, 1000]) == pytest.approx(1.0)


@pytest.mark.parametrize("missing", ["", -999, float("nan")])
def test_a_missing_share_falls_back_to_the_county(missing):
    _, _, targets = from_tracts(tracts(poverty_rate=[missing, 0.1, 0.2]), 1)
    assert list(targets["poor"]) == [0.1, figures()["people.poverty_share"]]


def test_a_column_that_the_tract_table_lacks_is_the_countys_as_a_whole():
    _, _, targets = from_tracts(tracts(), 1)
    assert targets["over65"] == figures()["people.over65_share"]
    assert targets["smartphone"] == figures()["people.smartphone_share"]


def test_black_and_hispanic_shares_are_cut_back_to_the_minority_share():
    _, _, targets = from_tracts(tracts(share_black=[0.5, 0.3, 0.0], share_hispanic=[0.1, 0.1, 0.0]), 1)
    np.testing.assert_allclose(targets["black"], [0.15, 0.5])
    np.testing.assert_allclose(targets["hispanic"], [0.05, 0.1])


def test_without_a_minority_column_black_and_hispanic_make_it_up():
    table = tracts(share_minority=None, share_black=[0.5, 0.3, 0.0], share_hispanic=[0.1, 0.1, 0.0])
    np.testing.assert_allclose(from_tracts(table, 1)[2]["minority"], [0.4, 0.6])


@pytest.mark.parametrize(
    ("changed", "parts"),
    [
        ({"share_minority": [60.0, 0.2, 0.5]}, ["'share_minority'", "row 1", "60", "divide per cents by 100"]),
        ({"poverty_rate": [0.3, "x", 0.1]}, ["'poverty_rate'", "row 2", "'x'"]),
        ({"geoid": ["1", "2", "1"]}, ["row 3", "'1'", "row 1"]),
        ({"geoid": None}, ["'geoid' is missing"]),
        ({"households": None, "homes": [1, 2, 3]}, ["'households' is missing"]),
        ({"households": [1, -5, 0]}, ["'households'", "row 2", "-5"]),
        ({"households": [0, 0, 0]}, ["0 in every row"]),
        ({"area_km2": None}, ["'area_km2' is missing"]),
        ({"area_km2": [4.0, "", 1.0]}, ["'area_km2'", "row 2", "empty"]),
        ({"area_km2": [4.0, 0.0, 1.0]}, ["'area_km2'", "row 2", "0"]),
        ({"centroid_lat": [30.0, 130.0, 30.0]}, ["'centroid_lat'", "row 2", "130"]),
        ({"per_capita_income_usd": [20_000, 0, 1]}, ["'per_capita_income_usd'", "row 2"]),
        ({"share_minority": None, "share_minorty": [0.1, 0.2, 0.3]}, ["'share_minority'", "'share_minorty'"]),
        ({"households": [1, 2]}, ["'households' has 2 rows"]),
        ({"poverty_rate": None, "povery_rate": [0.1, 0.2, 0.3]}, ["'povery_rate'; did you mean 'poverty_rate'?"]),
    ],
)
def test_a_bad_tract_table_is_refused_in_one_line(changed, parts):
    with pytest.raises(ScenarioError) as caught:
        from_tracts(tracts(**changed), 1)
    message = str(caught.value)
    assert "\n" not in message
    assert all(part in message for part in ["[tables.tracts]", *parts]), message


def test_asking_for_tracts_without_a_table_is_refused():
    with pytest.raises(ScenarioError, match="no tract table"):
        from_tracts(figures(), 1)


def test_chances_meet_every_target_exactly():
    scenario = tracts()
    _, households, targets = from_tracts(scenario, 1)
    chances = dependence.solve(scenario, targets, households)
    weight = households / households.sum()
    for attribute in dependence.SHARES:
        mean = (chances.composition * chances.chance[attribute]).sum(axis=1)
        target = targets[attribute]
        np.testing.assert_allclose(mean if np.ndim(target) else weight @ mean, target, atol=1e-12)


@pytest.mark.parametrize("share", [0.0, 1e-9, 1.0])
def test_extreme_shares_have_extreme_chances(share):
    offset = np.log([1.0, 5.0])
    found = dependence.intercept(np.array([share]), np.array([[0.5, 0.5]]), offset)
    chance = 1.0 / (1.0 + np.exp(-(found[:, None] + offset)))
    assert chance.mean() == pytest.approx(share, abs=1e-14)


@pytest.mark.skipif(not LEON.exists(), reason="the tract table of Leon County is not beside this checkout")
@pytest.mark.filterwarnings("ignore::sim.core.notices.Notice")
def test_leon_county_keeps_its_67_tracts_with_households():
    scenario = Scenario("test", Parameters(), folder=str(LEON.parent)).but(
        {"place.tracts": LEON.name, "place.customers": 117_000}
    )
    places, households, targets = from_tracts(scenario, 1)
    assert len(places) == 67
    assert "12073001300" not in places.name  # a dormitory: people, but no households
    assert households.sum() == 117_000
    assert set(census.TRACT_SHARES) < {a for a, share in targets.items() if np.ndim(share)}
    shares = np.array([share for a, share in targets.items() if np.ndim(share) and census.is_share_of_households(a)])
    assert np.all((shares >= 0.0) & (shares <= 1.0))
    assert np.all(targets["black"] + targets["hispanic"] <= targets["minority"] + 1e-12)
    assert np.average(1.0 - targets["broadband"], weights=households) == pytest.approx(0.118, abs=0.001)
    assert np.average(targets["renter"], weights=households) == pytest.approx(0.469, abs=0.001)
    assert np.hypot(places.x_km, places.y_km).max() < 60.0
