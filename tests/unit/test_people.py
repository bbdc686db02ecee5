"""Households: shares as asked, dependence as asked, luck by id alone."""

import itertools
from dataclasses import fields

import numpy as np
import pytest

from sim.core.columns import ETHNICITIES
from sim.inputs.parameters.declare import catalogue
from sim.inputs.parameters.root import Parameters
from sim.world import dependence, people
from tests.unit.towns import ATTRIBUTES, DEFAULT, STANDARD_ERRORS, assert_same, town

# read where channels, need and tract tables are
ELSEWHERE = ("knowledge.awareness_", "knowledge.digital_", "need.shape", "people.census.")
MOVERS = [
    p
    for p in catalogue(Parameters())
    if p.path.split(".")[0] in ("people", "knowledge", "need")
    and not p.path.startswith(ELSEWHERE)
    and not (p.path.startswith("need.") and p.path.endswith("_odds"))
]


@pytest.fixture(scope="module")
def city():
    return town(200_000)


def test_shares_from_figures_match_the_county_within_their_standard_error(city):
    neighbourhoods, households, targets = city
    table = people.fidelity(neighbourhoods, households, targets)
    error = np.sqrt(table["target_share"] * (1.0 - table["target_share"]) / table["households"])
    assert np.all(np.abs(table["realised_share"] - table["target_share"]) <= STANDARD_ERRORS * error)
    assert set(dependence.SHARES) <= set(table["attribute"])


@pytest.mark.parametrize("attribute", ["phone", "landline"])
def test_phones_match_their_shares(city, attribute):
    share = DEFAULT[f"people.{attribute}_share"]
    error = np.sqrt(share * (1.0 - share) / len(city[1]))
    assert abs(getattr(city[1], attribute).mean() - share) < STANDARD_ERRORS * error


def test_smartphones_and_landlines_are_phones_and_only_devices_are_registered(city):
    households = city[1]
    assert not np.any(households.smartphone & ~households.phone)
    assert not np.any(households.landline & ~households.phone)
    assert not np.any(households.medical_registered & ~households.medical_device)
    np.testing.assert_array_equal(households.minority, households.ethnicity != ETHNICITIES.index("white"))


def log_odds_ratio(households, attribute, trait):
    """Common log odds ratio over strata of the other traits, weighted by precision, and its standard error."""
    others = [t for t in dependence.TRAITS if t not in (trait, attribute)]
    values, weights = [], []
    for stratum in itertools.product([False, True], repeat=len(others)):
        here = np.all([getattr(households, t) == v for t, v in zip(others, stratum, strict=True)], axis=0)
        holds, exposed = getattr(households, attribute)[here], getattr(households, trait)[here]
        count = [[np.sum((holds == y) & (exposed == x)) for x in (True, False)] for y in (True, False)]
        if np.min(count) >= 20:
            (a, b), (c, d) = count
            values.append(np.log(a * d / (b * c)))
            weights.append(1.0 / np.sum(1.0 / np.array([a, b, c, d])))
    return np.average(values, weights=weights), np.sqrt(1.0 / np.sum(weights))


@pytest.mark.parametrize(
    ("attribute", "trait", "path"),
    [(a, t, path) for a, traits in dependence.ODDS.items() for t, path in traits.items()],
)
def test_odds_ratios_come_out_as_asked(city, attribute, trait, path):
    found, error = log_odds_ratio(city[1], attribute, trait)
    assert abs(found - np.log(DEFAULT[path])) < STANDARD_ERRORS * error


@pytest.mark.parametrize("path", ["people.broadband_minority_odds", "people.substitute_poor_odds"])
def test_odds_open_a_gap_without_changing_the_share(path):
    attribute, trait, _ = path.removeprefix("people.").split("_")
    gaps, shares = [], []
    for odds in (0.2, 1.0, 5.0):
        _, households, _ = town(50_000, **{path: odds})
        holds, group = getattr(households, attribute), getattr(households, trait)
        gaps.append(holds[group].mean() - holds[~group].mean())
        shares.append(holds.mean())
    assert gaps[0] < gaps[1] < gaps[2]
    assert np.ptp(shares) < STANDARD_ERRORS * np.sqrt(2 * 0.25 / 50_000)


def test_realised_dissimilarity_is_the_target_within_the_noise_of_the_shares(city):
    neighbourhoods, households, _ = city
    size = np.bincount(households.neighbourhood)
    share = neighbourhoods.minority_share
    noise = np.average(np.sqrt(share * (1.0 - share) / size), weights=size)  # above the mean absolute error
    mean = households.minority.mean()
    found = people.dissimilarity(households.minority, households.neighbourhood)
    assert abs(found - DEFAULT["people.dissimilarity"]) < noise / (2.0 * mean * (1.0 - mean))


def test_dissimilarity_is_one_when_apart_and_zero_when_mixed():
    minority = np.array([True, True, False, False])
    assert people.dissimilarity(minority, np.array([0, 0, 1, 1])) == 1.0
    assert people.dissimilarity(minority, np.array([0, 1, 0, 1])) == 0.0
    assert np.isnan(people.dissimilarity(np.ones(4, dtype=bool), np.array([0, 1, 0, 1])))


def test_the_poor_have_the_lowest_incomes_and_the_median_is_the_given_one(city):
    households = city[1]
    assert households.income_usd[households.poor].max() <= households.income_usd[~households.poor].min()
    error = np.sqrt(np.pi / 2.0 / len(households)) * (DEFAULT["people.income_sigma"] + 0.2)
    found = np.log(np.median(households.income_usd) / DEFAULT["people.median_income_usd"])
    assert abs(found) < STANDARD_ERRORS * error


def test_minority_incomes_are_lower_where_poverty_is_more_likely(city):
    households = city[1]
    minority = np.median(households.income_usd[households.minority])
    assert minority < np.median(households.income_usd[~households.minority])


def test_shifts_open_a_gap_but_do_not_move_the_middle():
    shift = {"knowledge.knowledge_minority_shift": -1.0, "knowledge.trust_minority_shift": -1.0}
    _, even, _ = town(**{path: 0.0 for path in shift})
    _, apart, _ = town(**shift)
    for name in ("knowledge", "trust"):
        before, after = getattr(even, name), getattr(apart, name)
        assert np.all(after[apart.minority] < before[apart.minority])
        assert np.all(after[~apart.minority] > before[~apart.minority])
        logit = np.log(after / (1.0 - after)) - np.log(before / (1.0 - before))
        assert abs(logit.mean()) < STANDARD_ERRORS * 0.5 / np.sqrt(len(even))


def test_need_factors_multiply_the_tolerance_of_those_who_have_them():
    _, plain, _ = town(**{f"need.{n}_factor": 1.0 for n in ("medical", "children", "over65", "no_substitute")})
    _, needy, _ = town()
    factor = np.ones(len(needy))
    factor[needy.medical_device] *= DEFAULT["need.medical_factor"]
    factor[needy.children] *= DEFAULT["need.children_factor"]
    factor[needy.over65] *= DEFAULT["need.over65_factor"]
    factor[~needy.substitute] *= DEFAULT["need.no_substitute_factor"]
    np.testing.assert_allclose(needy.tolerance_h, plain.tolerance_h * factor)


def test_households_live_inside_their_neighbourhoods(city):
    neighbourhoods, households, _ = city
    home = neighbourhoods.take(households.neighbourhood)
    away_km = np.hypot(households.x_km - home.x_km, households.y_km - home.y_km)
    radius_km = np.sqrt(home.area_km2 / np.pi)
    assert np.all(away_km <= radius_km)
    inner = np.mean(away_km < radius_km / 2.0)  # a quarter of the land
    assert abs(inner - 0.25) < STANDARD_ERRORS * np.sqrt(0.25 * 0.75 / len(households))


@pytest.mark.parametrize("parameter", MOVERS, ids=lambda p: p.path)
def test_every_parameter_of_people_moves_something(parameter):
    far = parameter.high if parameter.value < (parameter.low + parameter.high) / 2 else parameter.low
    before, after = town(2_000), town(2_000, **{parameter.path: far})
    moved = [
        name
        for old, new in zip(before[:2], after[:2], strict=True)
        for name in (f.name for f in fields(old))
        if not np.array_equal(getattr(old, name), getattr(new, name))
    ]
    assert moved


@pytest.mark.parametrize("end", ["low", "high"])
@pytest.mark.parametrize("parameter", MOVERS, ids=lambda p: p.path)
def test_every_parameter_may_stand_at_the_end_of_its_range(parameter, end):
    _, households, _ = town(500, **{parameter.path: getattr(parameter, end)})
    for name in ("income_usd", "tolerance_h", "knowledge", "trust", "x_km", "y_km"):
        assert np.all(np.isfinite(getattr(households, name))), name
    assert np.all(households.tolerance_h > 0.0)


def test_a_larger_share_takes_nothing_from_anybody():
    _, fewer, _ = town(**{"people.broadband_share": 0.7})
    _, more, _ = town(**{"people.broadband_share": 0.8})
    assert not np.any(fewer.broadband & ~more.broadband)
    for name in set(ATTRIBUTES) - {"broadband"}:
        np.testing.assert_array_equal(getattr(fewer, name), getattr(more, name))


def test_the_same_seed_gives_the_same_people_and_another_seed_others():
    assert_same(town(500, seed=0)[1], town(500, seed=0)[1])
    assert not np.array_equal(town(500, seed=0)[1].x_km, town(500, seed=1)[1].x_km)


def test_households_stand_in_order_of_id_with_the_declared_types():
    households = town(1_000)[1]
    np.testing.assert_array_equal(households.id, np.arange(1_000, dtype=np.uint64))
    np.testing.assert_array_equal(households.label, np.arange(1_000))
    kinds = {name: getattr(households, name).dtype.name for name in ATTRIBUTES}
    assert kinds["id"] == "uint64"
    assert kinds["neighbourhood"] == "int32"
    assert kinds["ethnicity"] == "int8"
    numbers = {"x_km", "y_km", "income_usd", "knowledge", "trust", "tolerance_h"}
    assert all(kinds[name] == "float64" for name in numbers)
    flags = set(ATTRIBUTES) - numbers - {"label", "id", "neighbourhood", "ethnicity"}
    assert all(kinds[name] == "bool" for name in flags)


def test_a_place_may_have_fewer_households_than_neighbourhoods():
    neighbourhoods, households, targets = town(3)
    assert len(neighbourhoods) == 40
    assert len(households) == 3
    table = people.fidelity(neighbourhoods, households, targets)
    assert set(table["households"]) == {1, 3}
