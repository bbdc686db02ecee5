"""Input beyond the stated limits, and files that are none, are refused at once and in one line."""

import os
import signal
import socket
from contextlib import contextmanager

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.changes import changes_of
from app.demo.controls import patch_of
from app.demo.questions import read
from app.endings import Stop
from app.options import shard_of
from experiments.designs.arms import arms_of
from experiments.designs.points import design_of
from experiments.designs.study_files import read_study
from experiments.runs.replicates import seeds_of
from experiments.studies.sensitivity import sensitivity_of
from sim import ScenarioError, load, load_change
from sim.core import limits
from sim.core.seeds import Seeds
from sim.engine import start
from sim.inputs.parameters import Parameters
from sim.inputs.scenario import FILE_PARAMETERS, Scenario
from sim.inputs.tables import read_table
from sim.world import (
    household_table,
    network_files,
    place,
    storm,
)
from sim.world.neighbourhoods import from_tracts
from sim.world.track import fixes
from tests.fuzz.seeds import TRACTS
from tests.unit.test_cli_bad_input import assert_one_line, cli

AT_ONCE_S = 5
TRACT = "place.tracts"
SWEEP = 'kind = "sweep"\nscenario = "classroom"\n'
RANGE = "{ from = 0.0, to = 1.0, steps = 999 }"


@contextmanager
def refused_at_once(words):
    """One clear line, before the patience of a reader is at an end."""

    def too_slow(*_):
        pytest.fail(f"not refused within {AT_ONCE_S} s")

    before = signal.signal(signal.SIGALRM, too_slow)
    signal.alarm(AT_ONCE_S)
    try:
        with pytest.raises((ScenarioError, Stop)) as bad:
            yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
    assert words in str(bad.value)
    assert "\n" not in str(bad.value)
    assert len(str(bad.value)) < 2_100


@pytest.fixture(params=["pipe", "folder", "socket", "device", "loop", "zero byte", "half a letter", "endless name"])
def no_file(request, tmp_path):
    """A name under which no file can be read, and what is said of it."""
    path = tmp_path / "odd.csv"
    if request.param == "pipe":
        os.mkfifo(path)
        return str(path), "it is a pipe"
    if request.param == "folder":
        path.mkdir()
        return str(path), "it is a folder"
    if request.param == "socket":
        with socket.socket(socket.AF_UNIX) as link:
            link.bind(str(path)) if len(str(path)) < 100 else pytest.skip("the folder's name is too long for a socket")
        return str(path), "it is a socket"
    if request.param == "device":
        path.symlink_to("/dev/zero")
        return str(path), "it is a device"
    if request.param == "loop":
        path.symlink_to(path)
        return str(path), "symbolic links"
    names = {"zero byte": ("a\0b.csv", "no file can have such a name"), "half a letter": ("\ud800.csv", "no file can"),
             "endless name": ("x" * 50_000 + ".csv", "too long")}  # fmt: skip
    return names[request.param]


@pytest.mark.parametrize("parameter", FILE_PARAMETERS)
def test_a_table_that_is_no_file_is_not_opened(no_file, parameter):
    name, words = no_file
    scenario = Scenario("town", Parameters()).but({parameter: name})
    with refused_at_once(words):
        scenario.file_digests()
    with refused_at_once(words):
        if parameter == "grid.graphml":
            network_files.from_graphml(scenario.path_of(parameter))
        else:
            read_table(scenario, "a table", parameter)


@pytest.mark.parametrize("reader", [load, load_change, read_study])
def test_a_scenario_that_is_no_file_is_not_opened(no_file, reader):
    name, words = no_file
    path = os.path.splitext(name)[0] + ".toml"
    if os.path.lexists(name):
        os.rename(name, path)
        if os.path.islink(path) and os.readlink(path) == name:
            os.remove(path)
            os.symlink(path, path)
    with refused_at_once(words):
        reader(path)


def test_a_scenario_that_is_no_file_ends_a_command_with_two(tmp_path):
    os.mkfifo(tmp_path / "town.toml")
    (tmp_path / "child.toml").write_text('based_on = "town.toml"\n')
    for command in (["run"], ["show"], ["sweep"], ["sensitivity"], ["compare"], ["new", "copy", "--from"]):
        assert_one_line(cli(*command, tmp_path / "town.toml"), "it is a pipe")
    assert_one_line(cli("run", tmp_path / "child.toml"), "it is a pipe")


def test_files_that_are_too_long_are_not_read(tmp_path):
    path = tmp_path / "town.toml"
    with path.open("wb") as file:
        file.truncate(10 * 2**40)  # ten terabytes of nothing
    with refused_at_once("too large: at most 4,194,304 bytes"):
        load(path)
    path.rename(tmp_path / "t.csv")
    with refused_at_once("too large"):
        read_table(Scenario("town", Parameters(), folder=str(tmp_path)).but({TRACT: "t.csv"}), "tracts", TRACT)


def toml_of(name):
    return {
        "dotted key": ".".join(["a"] * 50_000) + " = 1\n",
        "dotted header": "[" + ".".join(['"a"'] * 50_000) + "]\n",
        "lists": "a = " + "[" * 50_000 + "]" * 50_000 + "\n",
        "tables": "a = " + "{a = " * 200 + "1" + "}" * 200 + "\n",
        "digits": "a = " + "9" * 400 + "\n",
        "very many digits": "a = " + "9" * 5_000 + "\n",
        "negative digits": "[place]\ncustomers = [[-" + "9" * 30 + "]]\n",
    }[name]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("dotted key", "more than 32 parts"), ("dotted header", "more than 32 parts"), ("lists", "32 deep"),
        ("tables", "32 deep"), ("digits", "about 400 digits"), ("very many digits", "thousands of digits"),
        ("negative digits", "about 30 digits"),
    ],
)  # fmt: skip
def test_toml_beyond_the_limits_is_refused(tmp_path, name, words):
    path = tmp_path / "town.toml"
    path.write_text(toml_of(name))
    for reader in (load, load_change, read_study):
        with refused_at_once(words):
            reader(path)


def test_a_long_text_with_many_stops_is_no_long_key(tmp_path):
    path = tmp_path / "town.toml"
    path.write_text('description = "' + "One step at a time. " * 500 + '"\n')
    assert load(path).description.startswith("One step")


def test_a_chain_of_scenarios_ends(tmp_path):
    (tmp_path / "0.toml").write_text("[crews.line]\nown = 3\n")
    for i in range(1, 1_500):
        (tmp_path / f"{i}.toml").write_text(f'based_on = "{i - 1}.toml"\n')
    assert load(tmp_path / f"{limits.BASES}.toml")["crews.line.own"] == 3
    with refused_at_once("more than 16 scenarios"):
        load(tmp_path / "1499.toml")


def test_a_track_of_ages_is_refused():
    row = [30.0, -84.0, 100.0, 40.0]
    ages = [["0001-01-01T00:00", *row], ["9999-12-31T00:00", *row]]
    with refused_at_once("covers 3,652,058 days; at most 60"):
        fixes(load("classroom").but({"storm.track": ages}))
    hours = [[f"2018-10-{1 + i // 1440:02}T{i // 60 % 24:02}:{i % 60:02}", *row] for i in range(2_001)]
    with refused_at_once("2,001 rows"):
        fixes(load("classroom").but({"storm.track": hours}))


def test_designs_without_end_are_refused(tmp_path):
    path = tmp_path / "study.toml"
    across = "".join(f'"channels.{c}.awareness" = {RANGE}\n' for c in ("app", "web", "sms", "hotline"))
    for text, words in (
        (f'[vary]\n"crews.line.own" = [1, 2]\n[across]\n{across}', "runs, more than 1,000,000"),
        (f"[vary]\n{across}", "runs, more than 1,000,000"),
        ('design = "sobol"\nn = 524288\nreplicates = 1\n[vary]\n' + many_ranges(), "numbers"),
        (f'[vary]\n"crews.line.own" = {list(range(10_001))}\n', "10,001 values"),
    ):
        path.write_text(SWEEP + text)
        with refused_at_once(words):
            design_of(read_study(path, "sweep"))
    path.write_text(f'kind = "sensitivity"\nmethod = "pawn"\nn = 1000000\nreplicates = 1\n[vary]\n{many_ranges()}')
    with refused_at_once("numbers"):
        sensitivity_of(read_study(path, "sensitivity"))


def many_ranges():
    real = [p.path for p in load("classroom").listing() if p.kind == "real" and p.low is not None and p.low < 0.5]
    return "".join(f'"{path}" = {{ from = 0.5, to = 0.9 }}\n' for path in real if fits(path))


def fits(path):
    try:
        return load("classroom").but({path: 0.5}).but({path: 0.9}) is not None
    except ScenarioError:
        return False


def test_replicates_without_end_are_refused():
    with refused_at_once("100,000,000"):
        seeds_of(1, 100_000_000)
    for command in (["run", "classroom"], ["sweep", "channel-subsets"], ["compare", "classroom", "crews.line.own=2"],
                    ["sensitivity", "sensitivity-classroom"]):  # fmt: skip
        answer = cli(*command, "--replicates", "100000000")
        assert answer.exit_code == 2
        assert "more than 100,000" in answer.stderr


def test_shards_without_end_are_refused():
    for text in ("1/" + "9" * 10_000, "9" * 5_000 + "/2", "1/1000001"):
        with refused_at_once("must be I/N"):
            shard_of(text)


@pytest.mark.parametrize("rows", [limits.ROWS + 1, 200_000_000])
def test_a_small_parquet_of_many_rows_is_refused_by_what_it_says_of_itself(tmp_path, rows):
    group = pa.table({"geoid": pa.DictionaryArray.from_arrays(pa.array([0] * 1_000_000, pa.int8()), ["a"])})
    with pq.ParquetWriter(tmp_path / "t.parquet", group.schema) as writer:
        for _ in range(-(-rows // 1_000_000)):
            writer.write_table(group)
    assert (tmp_path / "t.parquet").stat().st_size < 2**20
    scenario = Scenario("town", Parameters(), folder=str(tmp_path)).but({TRACT: "t.parquet"})
    with refused_at_once("rows; at most 10,000,000"):
        read_table(scenario, "tracts", TRACT)


def test_tables_that_unpack_to_more_than_memory_or_have_too_many_columns_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.inputs.table_files.UNPACKED_BYTES", 10_000)
    pq.write_table(pa.table({"geoid": [str(i) * 50 for i in range(1_000)]}), tmp_path / "t.parquet")
    town = Scenario("town", Parameters(), folder=str(tmp_path))
    with refused_at_once("unpacks to"):
        read_table(town.but({TRACT: "t.parquet"}), "tracts", TRACT)
    (tmp_path / "t.csv").write_text(",".join(f"c{i}" for i in range(5_000)) + "\n")
    with refused_at_once("5,000 columns"):
        read_table(town.but({TRACT: "t.csv"}), "tracts", TRACT)
    (tmp_path / "t.csv").write_text("geoid\n" + "\n" * (limits.ROWS + 1))
    with refused_at_once("rows; at most"):
        read_table(town.but({TRACT: "t.csv"}), "tracts", TRACT)


def test_tables_of_more_tracts_or_households_than_any_city_has_are_refused(monkeypatch):
    homes = {"household_id": ["a", "b", "c"]}
    monkeypatch.setattr("sim.world.household_table.HOUSEHOLDS", 2)
    with refused_at_once("the table has 3 rows; at most 2"):
        household_table.read(Scenario("town", Parameters()).with_tables(households=homes))
    monkeypatch.setattr("sim.world.neighbourhoods.TRACTS", 2)
    with refused_at_once("the table has 3 rows; at most 2"):
        from_tracts(Scenario("town", Parameters()).with_tables(tracts=TRACTS), 1)


def test_changes_without_end_are_refused():
    with refused_at_once("given 50,000 times"):
        changes_of([f"crews.x{i}=1" for i in range(50_000)])
    with refused_at_once("50,000 changes"):
        arms_of("classroom", [",".join(["crews.line.own=1"] * 50_000)])
    with refused_at_once("unknown key 'a'"):
        load("classroom").but({".".join("a" * 50_000): 1})


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


GRAPHML = """<?xml version="1.0" encoding="{encoding}"?><graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="k" for="node" attr.name="customers" attr.type="{kind}"/><graph edgedefault="directed">
<node id="s"/><node id="a"><data key="k">{value}</data></node><edge source="s" target="a" id="e"/></graph></graphml>"""


@pytest.mark.parametrize(
    ("encoding", "kind", "value"),
    [("utf-8", "hectare", "1"), ("klingon", "int", "1"), ("utf-32", "int", "1"), ("utf-8", "int", "many"),
     ("utf-8", "int", "9" * 5_000), ("utf-8", "boolean", "perhaps")],
)  # fmt: skip
def test_graphml_of_unknown_types_and_encodings_is_refused(tmp_path, encoding, kind, value):
    path = tmp_path / "grid.graphml"
    path.write_text(GRAPHML.format(encoding=encoding, kind=kind, value=value))
    with refused_at_once("is not GraphML"):
        network_files.from_graphml(path)


def test_an_entity_that_grows_without_end_is_refused(tmp_path):
    entities = "".join(f'<!ENTITY e{i + 1} "{f"&e{i};" * 10}">' for i in range(12))
    path = tmp_path / "grid.graphml"
    path.write_text(f'<!DOCTYPE graphml [<!ENTITY e0 "ha">{entities}]><graphml>&e12;</graphml>')
    with refused_at_once("is not GraphML"):
        network_files.from_graphml(path)


def test_a_long_cycle_is_found_at_once():
    n = 200_000
    devices = {"device": [f"d{i}" for i in range(n)], "parent": [f"d{(i + 1) % n}" for i in range(n)]}
    with refused_at_once("lies on the cycle"):
        network_files.from_devices(devices)
