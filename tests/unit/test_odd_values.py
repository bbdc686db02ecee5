"""Values of a kind that nobody meant are refused at once and in one line."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.demo.controls import patch_of
from app.demo.questions import read
from experiments.designs.arms import arms_of
from experiments.designs.changes import changes_of
from experiments.designs.points import design_of
from experiments.designs.sensitivity import sensitivity_of
from experiments.designs.study_files import read_study
from sim import load, load_change
from sim.core.seeds import Seeds
from sim.engine import start
from sim.inputs.parameters.root import Parameters
from sim.inputs.scenario import Scenario
from sim.inputs.tables import read_table
from sim.world import place, storm
from tests.unit.at_once import refused_at_once


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("9" * 400, "about 400 digits"), ("9" * 5_000, "thousands of digits"), ("[" * 5_000, "deep"),
        ("a." * 50 + "b", "more than 32 parts"),
    ],
)  # fmt: skip
def test_values_on_the_command_line_have_limits_too(value, words):
    with refused_at_once(words):
        changes_of([f"crews.line.own={value}"])
    with refused_at_once(words):
        arms_of("classroom", [f"crews.line.own={value}"])


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"a": {"set": {"hotline.lines": 1' + b"0" * 400 + b"}}}", "about 400 digits"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "not JSON"),
        (b'{"a": ' + b"[" * 100 + b"]" * 100 + b"}", "deep"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "not JSON"),
    ],
)
def test_a_browser_asks_within_the_limits(body, words):
    with refused_at_once(words):
        read(body)


@pytest.mark.parametrize("value", [1e400, float("nan"), 10**18])
def test_a_control_takes_no_number_beyond_its_range(value):
    patch = patch_of([], {"hotline.lines": value, "reporting.b_free": value})
    with refused_at_once("must be"):
        load("classroom").but(patch)


@pytest.mark.parametrize("name", ["kind", "design", "scenario", "method"])
@pytest.mark.parametrize("value", ["{ a = 1 }", "[1]", "1979-05-27", "true"])
def test_a_study_of_odd_values_is_refused(tmp_path, name, value):
    path = tmp_path / "study.toml"
    head = {"kind": '"sweep"', "scenario": '"classroom"', name: value}
    head["kind"] = '"sensitivity"' if name == "method" else head["kind"]
    text = "".join(f"{key} = {given}\n" for key, given in head.items())
    path.write_text(f'{text}[vary]\n"crews.line.own" = [1, 2]\n"hotline.lines" = [1, 2]\n')
    with refused_at_once("study.toml"):
        study = read_study(path)
        design_of(study) if study.kind == "sweep" else sensitivity_of(study)


@pytest.mark.parametrize(
    "text",
    [
        "based_on = [1]", "based_on = { a = 1 }", "sources = 3", "[sources]\ncrews.line.own = 3", "tables = 3",
        'applies_to = "any city"\nsources = 3', "applies_to = [1]", "[crews]\nline = [[[1]]]",
    ],
)  # fmt: skip
def test_scenarios_and_changes_of_odd_values_are_refused(tmp_path, text):
    path = tmp_path / "town.toml"
    path.write_text(text)
    for reader in (load, load_change):
        with refused_at_once("town.toml"):
            reader(path)


@pytest.mark.parametrize(
    ("name", "columns", "missing"),
    [
        ("gusts", {"gust_m_per_s": [30.0]}, "neighbourhood"),
        ("gusts", {"neighbourhood": ["N1"]}, "gust_m_per_s"),
        ("damage", {"onset_h": [0.0], "repair_h": [1.0]}, "device"),
        ("reports", {"time_h": [1.0], "channel": ["web"]}, "household"),
        ("reports", {"time_h": [1.0], "household": ["1"]}, "channel"),
    ],
)
def test_a_table_that_lacks_a_column_is_named_with_it(name, columns, missing):
    town = load("classroom").but({"place.customers": 50, "place.neighbourhoods": 1}).with_tables(**{name: columns})
    with refused_at_once(f"column '{missing}' is missing"):
        built = place.build(town, 1)
        start.begin(town, built, storm.strike(town, built, 1), Seeds.all(1))


@pytest.mark.parametrize(
    "column",
    [pa.array([[1], [2]]), pa.array([{"a": 1}, {"a": 2}]), pa.array([[(1, 2)], []], pa.map_(pa.int8(), pa.int8()))],
)
def test_a_parquet_column_of_lists_is_refused(tmp_path, column):
    pq.write_table(pa.table({"household_id": column}), tmp_path / "t.parquet")
    town = Scenario("town", Parameters(), folder=str(tmp_path)).but({"place.households": "t.parquet"})
    with refused_at_once("column 'household_id' holds"):
        read_table(town, "households", "place.households", ["household_id"])
