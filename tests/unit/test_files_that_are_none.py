"""What is no file, or too long or too deep to be read, is refused at once and in one line."""

import os
import socket

import pytest

from experiments.designs.study_files import read_study
from sim import load, load_change
from sim.core import limits
from sim.inputs.parameters.root import Parameters
from sim.inputs.scenario import FILE_PARAMETERS, Scenario
from sim.inputs.tables import read_table
from sim.world import network_files
from tests.unit.at_once import TRACT, refused_at_once
from tests.unit.test_cli_bad_input import assert_one_line, cli


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
