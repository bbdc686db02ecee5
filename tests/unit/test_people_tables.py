"""Households from tables of one's own: what is given stands, the rest is drawn, and what cannot be is refused."""

import numpy as np
import pytest

from sim.core.columns import ETHNICITIES
from sim.core.errors import ScenarioError
from sim.world import dependence, people
from tests.unit.towns import DEFAULT, STANDARD_ERRORS, assert_same, by_label, own_table

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
