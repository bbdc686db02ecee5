"""Shares of persons are read as shares of households; students are poor by income and not by means."""

import numpy as np
import pytest

from analysis.measures.grouping import groups
from sim import run
from sim.core.errors import ScenarioError
from sim.inputs.parameters.root import Parameters
from sim.inputs.scenario import Scenario
from sim.world import people
from sim.world.census import COUNTED_BY_PERSON, OF_PERSONS, PERSONS, TRACT_SHARES, WITHOUT_STUDENTS
from sim.world.neighbourhoods import from_tracts
from sim.world.people import counted, fidelity, population
from tests.unit.test_neighbourhoods import tracts

OLD, YOUNG = {"share_65_plus": [0.2, 0.1, ""]}, {"share_under_18": [0.1, 0.3, ""]}
PEOPLED = {"population": [1_500, 7_500, 5_000]}
DEFAULT = Scenario("test", Parameters())
STANDARD_ERRORS = 4.5


def targets(patch=None, **columns):
    return from_tracts(tracts(**columns).but(patch or {}), 1)[2]


def test_persons_over_their_number_in_a_household_make_households():
    found = targets(**OLD, **YOUNG, **PEOPLED)  # in order of geoid: 3,000 households, then 1,000
    np.testing.assert_allclose(found["over65"], [0.1 * 2.5 * 0.95 / 1.35, 0.2 * 1.5 * 0.95 / 1.35])
    np.testing.assert_allclose(found["children"], [0.3 * 2.5 / 1.8, 0.1 * 1.5 / 1.8])
    np.testing.assert_allclose(found["over65" + OF_PERSONS], [0.1, 0.2])
    np.testing.assert_allclose(found[PERSONS], [7_500, 1_500])


def test_leon_countys_persons_make_its_households():
    county = {
        "households": [112_918, 0, 0], "population": [288_102, 0, 0], "share_65_plus": [0.124, 0, 0],
        "share_under_18": [0.187, 0, 0], "disability_rate": [0.114, 0, 0], "limited_english_share": [0.007, 0, 0],
    }  # fmt: skip
    found = targets(**county)
    shares = {name: float(found[name][0]) for name in COUNTED_BY_PERSON}
    assert 0.22 < shares["over65"] < 0.23
    assert 0.26 < shares["children"] < 0.27
    assert 0.23 < shares["disability"] < 0.24
    assert 0.01 < shares["limited_english"] < 0.02


def test_without_a_population_households_have_the_size_of_the_parameter():
    found = targets({"people.census.household_size": 2.0}, **OLD)
    np.testing.assert_allclose(found["over65"], np.array([0.1, 0.2]) * 2.0 * 0.95 / 1.35)


def test_no_share_passes_one():
    assert targets({"people.census.household_size": 9.0}, share_65_plus=[0.9, 0.2, ""])["over65"].max() == 1.0


def test_a_table_may_be_of_households_already():
    found = targets({"people.census.shares_of": "households"}, **OLD)
    np.testing.assert_array_equal(found["over65"], [0.1, 0.2])
    assert PERSONS not in found


def test_an_empty_cell_is_the_countys_share_of_households_and_no_share_of_persons():
    found = targets(share_65_plus=[0.2, "", ""])
    assert found["over65"][0] == DEFAULT["people.over65_share"]
    assert np.isnan(found["over65" + OF_PERSONS][0])


@pytest.mark.parametrize(
    ("name", "attribute", "higher", "sign"),
    [
        ("household_size", "over65", 3.5, 1),
        ("over65_housed", "over65", 1.0, 1),
        ("over65_persons", "over65", 1.6, -1),
        ("children_persons", "children", 2.5, -1),
        ("disability_persons", "disability", 1.8, -1),
        ("limited_english_persons", "limited_english", 2.0, -1),
    ],
)
def test_each_number_moves_its_share_the_declared_way(name, attribute, higher, sign):
    columns = {TRACT_SHARES[attribute]: [0.2, 0.1, ""]}
    before, after = targets(**columns), targets({f"people.census.{name}": higher}, **columns)
    assert np.all(sign * (after[attribute] - before[attribute]) > 0.0)


def test_households_already_against_persons_lowers_the_share():
    assert np.all(targets({"people.census.shares_of": "households"}, **OLD)["over65"] < targets(**OLD)["over65"])


def test_what_comes_out_meets_the_shares_of_households_and_fidelity_sets_both_side_by_side():
    columns = {**OLD, **YOUNG, **PEOPLED, "disability_rate": [0.15, 0.1, ""], "limited_english_share": [0.02, 0.01, ""]}
    places, households, meant = population(tracts(customers=20_000, **columns), 1)
    table = fidelity(places, households, meant)
    error = np.sqrt(table["target_share"] * (1.0 - table["target_share"]) / table["households"])
    assert np.all(np.abs(table["realised_share"] - table["target_share"]) <= STANDARD_ERRORS * error + 1e-9)
    rows = [dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)]
    old = {row["neighbourhood"]: row for row in rows if row["attribute"] == "over65"}
    assert old["12073000900"]["share_of_persons"] == 0.2
    assert old["all"]["share_of_persons"] == pytest.approx((0.1 * 7_500 + 0.2 * 1_500) / 9_000)
    assert old["all"]["target_share"] == pytest.approx(0.75 * meant["over65"][0] + 0.25 * meant["over65"][1])
    assert all(np.isnan(row["share_of_persons"]) for row in rows if row["attribute"] not in COUNTED_BY_PERSON)


def test_show_has_the_tables_share_of_persons_and_the_share_of_households():
    of_persons, of_households = counted(tracts(**OLD, **PEOPLED)).of_persons["over65"]
    assert of_persons == pytest.approx((0.1 * 7_500 + 0.2 * 1_500) / 9_000)
    assert of_households == pytest.approx(np.average(targets(**OLD, **PEOPLED)["over65"], weights=[3, 1]))
    assert counted(tracts(**OLD).but({"people.census.shares_of": "households"})).of_persons == {}


def test_a_disability_rate_leaves_group_quarters_out():
    found = targets(disability_rate=[0.2, 0.1, ""], group_quarters_pop=[400, 0, 0], **PEOPLED, **YOUNG)
    np.testing.assert_allclose(found["disability"], [0.1 * 2.5 / 1.25, 0.2 * 1.1 / 1.25])
    np.testing.assert_allclose(found["children"], targets(**PEOPLED, **YOUNG)["children"])


def test_more_in_group_quarters_than_there_are_persons_are_refused():
    with pytest.raises(ScenarioError, match="row 1 is 1600, must be at most the population, 1500"):
        targets(disability_rate=[0.2, 0.1, ""], group_quarters_pop=[1_600, 0, 0], **PEOPLED)


def test_fewer_persons_than_households_are_refused():
    with pytest.raises(ScenarioError, match=r"'population', row 1 is 900, must be .* at least the 1000 households"):
        targets(**OLD, population=[900, 7_500, 0])


# Students


def city(customers=20_000, patch=None, **columns):
    return population(tracts(customers=customers, **columns).but(patch or {}), 1)


def test_without_students_there_are_none_and_nothing_else_is_told():
    _, households, meant = city()
    assert not households.student.any()
    assert "student" not in meant
    assert WITHOUT_STUDENTS not in meant


def test_poverty_with_and_without_students_makes_the_share_of_students():
    _, households, meant = city(poverty_rate=[0.4, 0.1, ""], poverty_rate_without_students=[0.2, 0.1, ""])
    np.testing.assert_allclose(meant["student"], [0.0, (0.4 - 0.2) / (1.0 - 0.2)])
    here = households.neighbourhood == 1
    others = here & ~households.student
    assert abs(households.poor[here].mean() - 0.4) < 0.03
    assert abs(households.poor[others].mean() - 0.2) < 0.03
    assert not households.student[households.neighbourhood == 0].any()


def test_students_are_poor_and_young_and_nobody_else_is_moved():
    before, after = city()[1], city(patch={"people.student_share": 0.1})[1]
    assert abs(after.student.mean() - 0.1) < STANDARD_ERRORS * np.sqrt(0.09 / len(after))
    assert not np.any(after.student & (~after.poor | after.over65))
    for name in vars(before):
        if name != "student":
            np.testing.assert_array_equal(getattr(before, name), getattr(after, name))


def test_a_column_of_students_says_where_they_live_and_cannot_make_more_than_there_are_poor():
    _, households, meant = city(poverty_rate=[0.3, 0.1, ""], student_household_share=[0.2, 0.5, ""])
    share = np.bincount(households.neighbourhood, households.student) / np.bincount(households.neighbourhood)
    np.testing.assert_allclose(share[1], 0.2, atol=0.03)
    np.testing.assert_array_equal(households.student[households.neighbourhood == 0],
                                  (households.poor & ~households.over65)[households.neighbourhood == 0])  # fmt: skip
    np.testing.assert_allclose(meant[WITHOUT_STUDENTS], [0.0, 0.1 / 0.8])


def test_more_students_take_nobody_out():
    few, many = (city(patch={"people.student_share": share})[1] for share in (0.05, 0.1))
    assert not np.any(few.student & ~many.student)


def test_a_household_table_may_say_who_are_students_or_leave_it_to_the_share():
    ids = {"household_id": list(range(2_000)), "poor": [True] * 2_000, "over65": [False] * 2_000}
    given = DEFAULT.with_tables(households={**ids, "student": [k % 2 for k in range(2_000)]})
    np.testing.assert_array_equal(people.build(given, 1)[1].student, np.arange(2_000) % 2 == 1)
    drawn = DEFAULT.with_tables(households=ids).but({"people.student_share": 0.05})
    assert 0 < people.build(drawn, 1)[1].student.sum() < 2_000


def test_poverty_is_a_group_with_and_without_students():
    town = DEFAULT.but({"place.customers": 400, "people.student_share": 0.1, "run.horizon_h": 10.0})
    table = run(town, 1).households
    both, others = groups(table, "poor"), groups(table, "poor_without_students")
    assert both.names[0] == "poor"
    np.testing.assert_array_equal(both.code == 0, table.poor)
    np.testing.assert_array_equal(others.code == 0, table.poor & ~table.student)
    assert np.count_nonzero(others.code == 0) < np.count_nonzero(both.code == 0)
