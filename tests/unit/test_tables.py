"""Tables from users: read from the scenario, CSV or Parquet, and refused with one line that says why."""

import numpy as np
import pytest

from sim.core.errors import ScenarioError
from sim.inputs import identifiers, tables
from sim.inputs.parameters.root import Parameters
from sim.inputs.scenario import Scenario

HERE = "place.households"


def inline(**columns):
    return Scenario("test", Parameters()).with_tables(households=columns)


def in_file(folder, name):
    return Scenario("test", Parameters(), folder=str(folder)).but({HERE: name})


def read(scenario, ids=("household_id",)):
    return tables.read_table(scenario, "households", HERE, ids)


def csv(folder, text, name="homes.csv"):
    (folder / name).write_text(text, encoding="utf-8")
    return in_file(folder, name)


def complaint(function, *args, **limits):
    with pytest.raises(ScenarioError) as caught:
        function(*args, **limits)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_a_scenario_without_a_table_reads_none():
    assert read(Scenario("test", Parameters())) is None


def test_inline_csv_and_parquet_give_the_same_table(tmp_path):
    import pandas as pd

    columns = {"household_id": ["a", "7"], "income_usd": [10.5, 20.0], "poor": [True, False]}
    csv_file = csv(tmp_path, "household_id,income_usd,poor\na,10.5,true\n7,20,false\n")
    pd.DataFrame(columns).to_parquet(tmp_path / "homes.parquet")
    for table in map(read, (inline(**columns), csv_file, in_file(tmp_path, "homes.parquet"))):
        assert list(table["household_id"]) == ["a", "7"]
        assert list(tables.number(table, "income_usd", HERE)) == [10.5, 20.0]
        assert list(tables.flag(table, "poor", HERE)) == [True, False]


@pytest.mark.parametrize("ids", [[7, 12], ["7", "12"], [7, "12"], [7.0, 12.0]])
def test_identifiers_are_text_however_they_are_written(ids):
    assert list(read(inline(household_id=ids))["household_id"]) == ["7", "12"]


def test_a_csv_keeps_leading_zeros_and_labels_that_look_like_missing_values(tmp_path):
    table = read(csv(tmp_path, "household_id,x_km\n007,1\nNA,2\n"))
    assert list(table["household_id"]) == ["007", "NA"]


def test_a_byte_order_mark_and_blanks_after_commas_do_no_harm(tmp_path):
    table = read(csv(tmp_path, "\ufeffhousehold_id, x_km\n1, 2.5\n"))
    assert list(tables.number(table, "x_km", HERE)) == [2.5]


@pytest.mark.parametrize("answers", [[True, False], [1, 0], [1.0, 0.0], ["true", "False"], ["1", "0"]])
def test_yes_and_no_may_be_written_as_words_or_digits(answers):
    assert list(tables.flag(read(inline(household_id=[1, 2], poor=answers)), "poor", HERE)) == [True, False]


def test_an_optional_column_that_is_absent_is_none():
    assert tables.optional(tables.number, read(inline(household_id=[1])), "x_km", HERE, 0.0) is None


def test_empty_cells_and_the_census_code_are_nan_where_cells_may_be_empty():
    table = read(inline(household_id=[1, 2, 3], x_km=[1.0, "", -999]))
    np.testing.assert_array_equal(tables.number(table, "x_km", HERE, 0.0, 1.0, empty=True), [1.0, np.nan, np.nan])


def test_rows_that_are_not_used_are_not_checked():
    table = read(inline(household_id=[1, 2], x_km=["", 5.0]))
    used = np.array([False, True])
    np.testing.assert_array_equal(tables.number(table, "x_km", HERE, used=used), [np.nan, 5.0])


@pytest.mark.parametrize(
    ("values", "limits", "parts"),
    [
        ([1.0, "x"], {}, ["row 2", "'x'", "not a number"]),
        ([1.0, True], {}, ["row 2", "True", "not a number"]),
        ([True, True], {}, ["row 1", "True", "not a number"]),
        ([1.0, ""], {}, ["row 2", "empty"]),
        ([float("nan"), 1.0], {}, ["row 1", "empty"]),
        ([1.0, float("inf")], {}, ["row 2", "inf"]),
        ([0.5, 43.0], {"low": 0.0, "high": 1.0}, ["row 2", "43", "from 0 to 1"]),
        ([-1.0, 1.0], {"low": 0.0}, ["row 1", "-1", "at least 0"]),
        ([5.0, 1.0], {"high": 2.0}, ["row 1", "5", "at most 2"]),
        ([[1], 2.0], {}, ["row 1", "[1]", "not a number"]),
    ],
)
def test_a_bad_number_is_named_with_its_row_and_value(values, limits, parts):
    table = read(inline(household_id=[1, 2], x_km=values))
    message = complaint(tables.number, table, "x_km", "here", **limits)
    assert all(part in message for part in ["here", "'x_km'", *parts]), message


@pytest.mark.parametrize(("answer", "shown"), [("maybe", "'maybe'"), (2, "2"), ("", "empty"), (0.5, "0.5")])
def test_a_bad_yes_or_no_is_named_with_its_row_and_value(answer, shown):
    message = complaint(tables.flag, read(inline(household_id=[1, 2], poor=[1, answer])), "poor", "here")
    assert "row 2" in message
    assert shown in message


def test_a_missing_column_is_named_with_the_nearest_spelling():
    message = complaint(tables.column, read(inline(household=[1, 2])), "household_id", "here")
    assert "'household_id' is missing" in message
    assert "did you mean 'household'?" in message


def test_an_optional_column_spelled_almost_right_is_refused():
    table = read(inline(household_id=[1], smartfone=[1], device=["T1"]))
    message = complaint(tables.check_spelling, table, ["household_id", "smartphone", "phone"], "here")
    assert "'smartfone'; did you mean 'smartphone'?" in message
    del table["smartfone"]
    tables.check_spelling(table, ["household_id", "smartphone", "phone"], "here")


def test_a_second_use_of_an_identifier_is_named_with_both_rows():
    message = complaint(tables.check_unique, read(inline(household_id=[7, 8, "7"])), "household_id", "here")
    assert "row 3: '7' stands already in row 1" in message


@pytest.mark.parametrize(
    ("columns", "part"),
    [
        ({"household_id": [1, 2], "poor": [1]}, "'poor' has 1 rows but 'household_id' has 2"),
        ({"household_id": 7}, "must be a list"),
        ({"household_id": "abc"}, "must be a list"),
        ({"household_id": []}, "no rows"),
        ({"household_id": [1, ""]}, "row 2 is empty"),
        ({"household_id": [1, float("nan")]}, "row 2 is empty"),
    ],
)
def test_a_malformed_inline_table_is_refused_in_one_line(columns, part):
    message = complaint(read, inline(**columns))
    assert "[tables.households]" in message
    assert part in message


@pytest.mark.parametrize(
    ("name", "text", "part"),
    [
        ("homes.csv", None, "No such file"),
        ("homes.xlsx", "", ".csv or .parquet"),
        ("homes.csv", "", "No columns"),
        ("homes.csv", "household_id,poor\n", "no rows"),
        ("homes.csv", "household_id,poor\n1,0\n2,0,5\n", "line 3"),
        ("homes.csv", "household_id,poor\n1,0,5\n2,0,5\n", "columns"),
        ("homes.csv", "household_id,poor,poor\n1,0,0\n", "2 times"),
        ("homes.csv", "household_id,poor\n,0\n", "row 1 is empty"),
        ("homes.parquet", "not parquet", "cannot read"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_line(tmp_path, name, text, part):
    scenario = in_file(tmp_path, name) if text is None else csv(tmp_path, text, name)
    message = complaint(read, scenario)
    assert HERE in message
    assert name in message
    assert part in message


def test_a_file_that_is_not_utf8_is_refused_in_one_line(tmp_path):
    (tmp_path / "homes.csv").write_bytes(b"household_id\n\xff\xfe\n")
    assert "cannot read" in complaint(read, in_file(tmp_path, "homes.csv"))


def test_a_table_given_twice_is_refused():
    scenario = inline(household_id=[1]).but({HERE: "homes.csv"})
    assert "both given" in complaint(read, scenario)


def test_whole_numbers_are_their_own_identity_and_other_labels_are_hashed():
    labels = np.array(["7", "12", "007", "N1", "99999999999999999999"], dtype=object)
    ids = identifiers.identities(labels)
    assert list(ids[:2]) == [7, 12]
    assert len(set(ids)) == 5
    np.testing.assert_array_equal(identifiers.identities(labels[::-1])[::-1], ids)


def test_labels_sort_by_number_and_then_by_alphabet():
    labels = np.array(["b", "10", "9", "a"], dtype=object)
    assert list(labels[identifiers.in_order(labels)]) == ["9", "10", "a", "b"]
