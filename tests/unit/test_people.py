"""Households: shares as asked, dependence as asked, luck by id alone, and tables of one's own."""

import itertools
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from sim.core.columns import ETHNICITIES, Households
from sim.core.errors import ScenarioError
from sim.core.notices import Notice
from sim.inputs.parameters import Parameters, catalogue
from sim.inputs.scenario import Scenario
from sim.world import dependence, people

LEON = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "leon_tracts.csv"
DEFAULT = Scenario("test", Parameters())
ATTRIBUTES = [field.name for field in fields(Households)]
# read where channels, need and tract tables are
ELSEWHERE = ("knowledge.awareness_", "knowledge.digital_", "need.shape", "people.census.")
MOVERS = [
    p
    for p in catalogue(Parameters())
    if p.path.split(".")[0] in ("people", "knowledge", "need")
    and not p.path.startswith(ELSEWHERE)
    and not (p.path.startswith("need.") and p.path.endswith("_odds"))
]
STANDARD_ERRORS = 4.5  # about one false alarm in 150,000 comparisons


def town(customers=20_000, seed=1, **patch):
    scenario = DEFAULT.but({"place.customers": customers, **patch})
    return people.population(scenario, seed)


@pytest.fixture(scope="module")
def city():
    return town(200_000)


def own_table(rows=None, **columns):
    if rows is not None:
        columns = {name: [values[row] for row in rows] for name, values in columns.items()}
    return DEFAULT.with_tables(households=columns)


def assert_same(first, second):
    for name in ATTRIBUTES:
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name), err_msg=name)


def by_label(neighbourhoods, households):
    """Everything about each household except its neighbourhood's index, which depends on which others exist."""
    columns = [getattr(households, name) for name in ATTRIBUTES if name != "neighbourhood"]
    names = neighbourhoods.name[households.neighbourhood]
    return {str(row[0]): row[1:] for row in zip(*columns, names, strict=True)}


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


# Tables of one's own

LABELS = [f"H{k}" for k in range(300)]
TABLE = {
    "household_id": LABELS,
    "neighbourhood": [k % 7 for k in range(300)],
    "poor": [k % 4 == 0 for k in range(300)],
    "income_usd": [20_000.0 + 100.0 * k for k in range(300)],
}


@pytest.mark.parametrize("columns", [("household_id",), ("household_id", "neighbourhood"), tuple(TABLE)])
def test_row_order_changes_nothing(columns):
    table = {name: TABLE[name] for name in columns}
    upright, reverse = (people.build(own_table(rows, **table), 5)[1] for rows in (range(300), range(299, -1, -1)))
    assert_same(upright, reverse)


def test_dropping_rows_changes_nobody_else():
    whole = by_label(*people.build(own_table(**TABLE), 5))
    kept = [k for k in range(300) if k % 7 not in (0, 3) and k % 5]
    part = by_label(*people.build(own_table(kept, **TABLE), 5))
    assert len(part) == len(kept)
    assert all(part[label] == whole[label] for label in part)


def test_a_number_is_the_same_household_whether_it_is_written_as_number_or_text():
    numbers = people.build(own_table(household_id=[30, 7, 100]), 5)[1]
    texts = people.build(own_table(household_id=["100", "7", "30"]), 5)[1]
    assert_same(numbers, texts)
    assert list(numbers.label) == [7, 30, 100]
    assert list(numbers.id) == [7, 30, 100]


def test_given_columns_are_used_as_they_are():
    given = {
        "household_id": [3, 1, 2],
        "neighbourhood": ["b", "a", "b"],
        "x_km": [1.0, 2.0, 5.0],
        "y_km": [0.0, 4.0, 2.0],
        "ethnicity": ["Black", "white", "other"],
        "income_usd": [1e4, 2e4, 3e4],
        "knowledge": [0.1, 0.2, 0.3],
        "trust": [0.0, 1.0, 0.5],
        "tolerance_h": [5.0, 6.0, 7.0],
        **{name: [1, 0, 1] for name in ("poor", "over65", "children", "disability", "medical_device")},
        **{name: [0, 1, 1] for name in ("medical_registered", "limited_english", "renter", "no_vehicle")},
        **{name: [0, 1, 0] for name in ("broadband", "smartphone", "landline", "substitute")},
        **{name: [1, 1, 0] for name in ("phone", "political_capital")},
    }
    neighbourhoods, households = people.build(own_table(**given), 1)
    for name in set(given) - {"household_id", "neighbourhood", "ethnicity"}:
        values = np.array(given[name])[[1, 2, 0]]
        np.testing.assert_array_equal(getattr(households, name), values, err_msg=name)
    assert [ETHNICITIES[k] for k in households.ethnicity] == ["white", "other", "black"]
    assert list(households.minority) == [False, True, True]
    assert list(neighbourhoods.name) == ["a", "b"]
    assert list(neighbourhoods.name[households.neighbourhood]) == ["a", "b", "b"]
    assert list(neighbourhoods.x_km) == [2.0, 3.0]
    assert list(neighbourhoods.y_km) == [4.0, 1.0]
    assert list(neighbourhoods.minority_share) == [0.0, 1.0]


def test_a_table_of_ids_alone_is_drawn_from_the_county():
    n = 20_000
    neighbourhoods, households = people.build(own_table(household_id=list(range(n))), 1)
    assert list(neighbourhoods.name) == ["all"]
    for attribute, path in dependence.SHARES.items():
        share = DEFAULT[path]
        error = np.sqrt(share * (1.0 - share) / n)
        assert abs(getattr(households, attribute).mean() - share) < STANDARD_ERRORS * error


def test_poverty_follows_from_income_when_only_income_is_given():
    incomes = np.geomspace(1_000.0, 500_000.0, 100)
    _, households = people.build(own_table(household_id=list(range(100)), income_usd=list(incomes)), 1)
    first_above = int(np.argmin(households.poor))
    assert 0 < first_above < 100
    assert households.poor[:first_above].all()
    assert not households.poor[first_above:].any()


def test_phones_agree_with_what_is_given_of_them():
    n = 500
    _, none = people.build(own_table(household_id=list(range(n)), phone=[0] * n), 1)
    assert not np.any(none.smartphone | none.landline)
    _, wired = people.build(own_table(household_id=list(range(n)), landline=[1] * n), 1)
    assert wired.phone.all()
    _, smart = people.build(own_table(household_id=list(range(n)), smartphone=[1] * n), 1)
    assert smart.phone.all()


@pytest.mark.parametrize(
    ("columns", "part"),
    [
        ({"household": [1, 2]}, "'household_id' is missing; did you mean 'household'?"),
        ({"household_id": [1, "1"]}, "row 2: '1' stands already in row 1"),
        ({"household_id": [1, 2], "poor": [0]}, "'poor' has 1 rows"),
        ({"household_id": [1, 2], "poor": [0, 3]}, "'poor', row 2 is 3"),
        ({"household_id": [1, 2], "poor": [0, ""]}, "'poor', row 2 is empty"),
        ({"household_id": [1, 2], "trust": [0.5, 1.5]}, "'trust', row 2 is 1.5"),
        ({"household_id": [1, 2], "tolerance_h": [0.0, 5.0]}, "'tolerance_h', row 1 is 0"),
        ({"household_id": [1, 2], "income_usd": [-1.0, 5.0]}, "'income_usd', row 1 is -1"),
        ({"household_id": [1, 2], "income_usd": ["a lot", 5.0]}, "'income_usd', row 1 is 'a lot'"),
        ({"household_id": [1, 2], "x_km": [0.0, float("nan")], "y_km": [0.0, 0.0]}, "'x_km', row 2 is empty"),
        ({"household_id": [1, 2], "x_km": [0.0, 1.0]}, "'x_km' and 'y_km' must be given together"),
        ({"household_id": [1, 2], "neighbourhood": ["a", ""]}, "'neighbourhood', row 2 is empty"),
        ({"household_id": [1, 2], "ethnicity": ["white", "blak"]}, "'blak'; did you mean 'black'?"),
        ({"household_id": [1, 2], "ethnicity": ["white", "other"], "minority": [0, 0]}, "row 2: 'minority'"),
        ({"household_id": [1, 2], "smartphone": [0, 1], "phone": [0, 0]}, "row 2: 'smartphone' without 'phone'"),
        ({"household_id": [1, 2], "smartfone": [0, 1]}, "did you mean 'smartphone'?"),
        ({"household_id": [1, 2], "income": [0, 1]}, "did you mean 'income_usd'?"),
    ],
)
def test_a_bad_household_table_is_refused_in_one_line(columns, part):
    with pytest.raises(ScenarioError) as caught:
        people.build(own_table(**columns), 1)
    message = str(caught.value)
    assert "\n" not in message
    assert "[tables.households]" in message
    assert part in message


# The real county


@pytest.fixture(scope="module")
def leon():
    if not LEON.exists():
        pytest.skip("the tract table of Leon County is not beside this checkout")
    scenario = Scenario("test", Parameters(), folder=str(LEON.parent))
    with pytest.warns(Notice, match="columns that are not used"):
        return people.population(scenario.but({"place.tracts": LEON.name, "place.customers": 117_000}), 1)


def test_every_tract_of_leon_county_matches_its_row_within_its_standard_error(leon):
    table = people.fidelity(*leon)
    error = np.sqrt(table["target_share"] * (1.0 - table["target_share"]) / table["households"])
    deviation = np.abs(table["realised_share"] - table["target_share"])
    assert np.all(deviation <= STANDARD_ERRORS * error + 2.0 / table["households"])
    rows = {a: np.sum((table["attribute"] == a) & (table["neighbourhood"] != "all")) for a in leon[2]}
    assert rows["minority"] == rows["poor"] == rows["broadband"] == rows["black"] == 67
    assert rows["smartphone"] == 0


def test_tracts_of_leon_county_differ_in_income_as_their_rows_do(leon):
    neighbourhoods, households, targets = leon
    median = [np.median(households.income_usd[households.neighbourhood == k]) for k in range(len(neighbourhoods))]
    np.testing.assert_allclose(
        np.log(median / targets["income_ratio"] / DEFAULT["people.median_income_usd"]), 0, atol=0.15
    )


def test_within_each_tract_of_leon_county_the_poor_have_the_lowest_incomes(leon):
    neighbourhoods, households, _ = leon
    for k in range(len(neighbourhoods)):
        here = households.neighbourhood == k
        poor, income_usd = households.poor[here], households.income_usd[here]
        if poor.any():
            assert income_usd[poor].max() <= income_usd[~poor].min()


def test_the_fidelity_table_ends_with_the_dissimilarity_index_as_meant_and_as_found():
    scenario = Scenario("x", Parameters()).but({"place.customers": 40_000})
    table = people.fidelity(*people.population(scenario, 1))
    assert table["attribute"][-1] == "minority dissimilarity index"
    assert table["target_share"][-1] == pytest.approx(scenario["people.dissimilarity"], abs=0.005)
    assert table["realised_share"][-1] == pytest.approx(table["target_share"][-1], abs=0.02)
