"""What a city's own table says stands before the defaults beneath it: in ``coproduce show`` and in fidelity.csv."""

import json

import pytest
from typer.testing import CliRunner

from app.cli import app
from sim.core.notices import Notice
from sim.world import place as places
from sim.world.people import counted
from tests.unit.test_contrast import village
from tests.unit.test_neighbourhoods import TRACTS, tracts

STUDENTS = {"poverty_rate_without_students": [0.2, "", 0.1]}


@pytest.fixture
def city(tmp_path):
    (tmp_path / "tracts.csv").write_text(
        "\n".join([",".join(TRACTS), *(",".join(map(str, row)) for row in zip(*TRACTS.values(), strict=True))])
    )
    path = tmp_path / "my.toml"
    path.write_text('[place]\ntracts = "tracts.csv"\ncustomers = 400\n')
    return path


def shown(*words):
    answer = CliRunner().invoke(app, ["show", *map(str, words)])
    assert answer.exit_code == 0, answer.output
    return answer.stdout


def test_show_prints_the_figures_of_a_tract_table(city):
    text = shown(city)
    told = "place.tracts (tracts.csv): 2 neighbourhoods, 13.0 km2, 4,000 households scaled to 400, poverty 15.0 %"
    assert told in " ".join(text.split())
    found = {line.split()[1]: line.split()[2] for line in text.splitlines() if line.startswith("* ")}
    assert (found["neighbourhoods"], found["area_km2"]) == ("2", "13.0")
    assert "counted in place.tracts (tracts.csv)" in text
    assert found["minority_share"] == "0.3"  # of 3,000 and 1,000 households
    assert found["poverty_share"] == "0.15"
    assert told not in " ".join(shown(city, "--section", "crews").split())


def test_show_as_json_has_the_figures_of_the_table_too(city):
    found = json.loads(shown(city, "--json"))
    assert found["table"]["households_given"] == 4_000
    rows = {row["path"]: row for row in found["parameters"]}
    assert rows["place.neighbourhoods"]["value"] == 2
    assert rows["place.area_km2"]["differs"]
    assert "table" not in json.loads(shown("classroom", "--json"))


def test_poverty_is_told_with_and_without_students():
    table = counted(tracts(**STUDENTS))
    assert table.poor == pytest.approx(0.75 * 0.1 + 0.25 * 0.3)
    assert table.poor_without_students == pytest.approx(0.75 * 0.1 + 0.25 * 0.2)


def test_a_household_table_counts_its_own_rows():
    table = counted(village())
    assert (table.neighbourhoods, table.households, table.area_km2) == (2, 4, None)


def test_fidelity_has_counts_before_and_after_scaling_and_the_area():
    table = places.build(tracts(**STUDENTS), 1).fidelity
    rows = [dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)]
    poor = {row["neighbourhood"]: row for row in rows if row["attribute"] == "poor"}
    for name, households, before, many, km2 in (
        ("all", 400, 4_000, 2, 13.0), ("12073000200", 300, 3_000, 1, 9.0), ("12073000900", 100, 1_000, 1, 4.0),
    ):  # fmt: skip
        row = poor[name]
        assert (row["households"], row["households_given"], row["neighbourhoods"]) == (households, before, many)
        assert row["area_km2"] == km2
    beside = {row["neighbourhood"]: row for row in rows if row["attribute"] == "poor without students"}
    assert beside["12073000900"]["target_share"] == 0.2
    assert beside["all"]["households"] < 400  # students are left out
    assert beside["all"]["realised_share"] < poor["all"]["realised_share"]


def test_fidelity_sets_overhead_lines_beside_their_column():
    table = places.build(village(overhead_share=[1.0, 0.0]), 1).fidelity
    rows = [row[:4] for row in zip(*table.values(), strict=True) if row[1] == "overhead"]
    assert rows == [("all", "overhead", 0.5, 0.5), ("East", "overhead", 1.0, 1.0), ("West", "overhead", 0.0, 0.0)]


UNREAD = {
    "tracts": lambda: tracts(mayor=["Ann", "Bob", "Cy"], motto=[1, 2, 3]),
    "neighbourhoods": lambda: village(overhead_share=[1.0, 0.0], mayor=["Ann", "Bob"], motto=[1, 2]),
    "households": lambda: tracts().with_tables(
        households={"household_id": [1, 2], "mayor": ["Ann", "Bob"], "motto": [1, 2]}
    ),
    "facilities": lambda: tracts().with_tables(
        tracts=TRACTS, facilities={"kind": ["fire"], "x_km": [0.0], "y_km": [0.0], "mayor": ["Ann"], "motto": [1]}
    ),
}


@pytest.mark.parametrize("table", UNREAD)
def test_columns_that_nothing_reads_are_named_in_one_line_whatever_the_table(table):
    with pytest.warns(Notice) as remarks:
        places.build(UNREAD[table](), 1)
    lines = [str(remark.message) for remark in remarks]
    assert lines == [f"test [tables.{table}]: columns that are not used: mayor, motto"]


def test_show_has_the_shares_of_a_household_table(tmp_path):
    path = tmp_path / "my.toml"
    path.write_text("[tables.households]\nhousehold_id = [1, 2]\nover65 = [true, false]\nrenter = [true, true]\n")
    found = {line.split()[1]: line.split()[2] for line in shown(path).splitlines() if line.startswith("* ")}
    assert (found["over65_share"], found["renter_share"]) == ("0.5", "1.0")
