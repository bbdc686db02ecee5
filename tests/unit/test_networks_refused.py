"""Imported grids: a bad table is answered in one line that names the offender."""

from functools import partial

import pytest

from sim.world import network_files, networks
from tests.unit.network_tables import DEFAULT, DEVICES, in_one_line, tables, with_devices


def bad_tables(edges, customers=None, **more):
    return in_one_line(lambda: network_files.from_tables(*tables(edges, customers, **more)))


def test_two_paths_to_a_node_are_named_with_both_edges():
    text = bad_tables(["e1 s a line", "e2 s b line", "e3 a c line", "e4 b c line"])
    assert "'c' is reached by two paths (edges 'e" in text
    assert "'e3'" in text
    assert "'e4'" in text


def test_two_sources_of_one_component_are_named():
    text = bad_tables(["e1 s1 a line", "e2 a b line", "e3 s2 b line"])
    assert "'b' is fed from two sources" in text
    assert "'s1'" in text
    assert "'s2'" in text


@pytest.mark.parametrize(
    "edges",
    [
        ["e1 a b line", "e2 b c line", "e3 c a line"],
        ["e0 s a line", "e1 a b line", "e2 b a line"],
        ["e2 b a line", "e1 a b line", "e0 s a line"],
        ["e1 s a line", "e2 b b line"],
    ],
)
def test_a_cycle_is_named_as_one(edges):
    assert "cycle" in bad_tables(edges)


def test_a_cycle_of_devices_is_named_as_one():
    table = {"device": ["a", "b", "c"], "parent": ["", "c", "b"], "level": ["feeder"] * 3}
    assert "device 'b' has no path from a source; it lies on the cycle b > c > b" in in_one_line(
        lambda: network_files.from_devices(table)
    )


def test_a_node_that_no_edge_leads_to_is_named():
    nodes, edges = tables(["e1 s a line"])
    for customers, words in (
        (0, "is not reachable from the source"),
        (4, "has 4 customers but no edge leads to it"),
    ):
        lonely = {"id": [*nodes["id"], "island"], "customers": [0, 0, customers]}
        text = in_one_line(partial(network_files.from_tables, lonely, edges))
        assert text.startswith(f"grid.nodes: node 'island' {words}")


def test_a_component_cut_off_from_the_marked_source_is_named():
    text = bad_tables(["e1 s a line", "e2 b c line"], nodes={"source": [True, False, False, False]})
    assert text.startswith("grid.nodes: node 'b' is not reachable from the source")


@pytest.mark.parametrize(
    ("edges", "customers", "more", "words"),
    [
        (["e1 s a line", "e1 a b line"], {}, {}, "'e1'"),
        (["e1 s a line"], {"a": -2}, {}, "node 'a' has customers -2; must be 0 or more"),
        (["e1 s a line"], {"a": float("nan")}, {}, "node 'a' has customers empty; must be a whole number"),
        (["e1 s a line"], {"a": 1.5}, {}, "node 'a' has customers 1.5; must be a whole number"),
        (["e1 s a line"], {"s": 3}, {}, "node 's' has 3 customers but no edge leads to it"),
        (["e1 s a line"], {}, {"length_km": [-1.0]}, "edge 'e1' has length_km -1; must be 0 or more"),
        (["e1 s a line"], {}, {"length_km": [float("nan")]}, "edge 'e1' is a line without length_km"),
        (["e1 s a brekaer"], {}, {}, "'e1' has unknown kind 'brekaer'; did you mean 'breaker'? (allowed: "),
        (["e1 s a line"], {}, {"overhead": ["perhaps"]}, "'e1' has overhead 'perhaps'; must be true or"),
        (["e1 s a line"], {}, {"level": ["laterall"]}, "unknown level 'laterall'; did you mean 'lateral'?"),
        (["e1 s a line"], {}, {"nodes": {"id": ["s", "s"]}}, "'s'"),
    ],
)  # fmt: skip
def test_a_bad_value_is_answered_in_one_line_that_names_the_offender(edges, customers, more, words):
    assert words in bad_tables(edges, customers, **more)


@pytest.mark.parametrize("column", ["from_node", "to_node"])
def test_an_unknown_node_is_named_with_the_nearest_one(column):
    nodes, edges = tables(["e1 station town line"])
    text = in_one_line(lambda: network_files.from_tables(nodes, edges | {column: ["stattion"]}))
    assert text == f"grid.edges: edge 'e1' has unknown {column} 'stattion'; did you mean 'station'?"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"parent": ["", "ff", "f"]}, "device 'ta' has unknown parent 'ff'; did you mean 'f'?"),
        ({"device": ["f", "ta", "ta"]}, "'ta'"),
        ({"level": ["drop", "drop", "feeder"]}, "device 'tb' is a feeder below 'f', a drop"),
        ({"level": ["feeder", "transfomer", "drop"]}, "did you mean 'transformer'?"),
        ({"customers": [0, -1, 0]}, "device 'ta' has customers -1"),
    ],
)
def test_a_bad_device_is_answered_in_one_line_that_names_it(change, words):
    assert words in in_one_line(lambda: network_files.from_devices(DEVICES | change))


@pytest.mark.parametrize("missing", ["device", "parent", "level"])
def test_a_missing_column_of_devices_is_named(missing):
    table = {name: values for name, values in DEVICES.items() if name != missing}
    assert f"column '{missing}' is missing" in in_one_line(lambda: network_files.from_devices(table))


def test_a_scenario_names_one_grid_and_names_it_whole():
    for patch in (
        {"grid.nodes": "n.csv"},
        {"grid.nodes": "n.csv", "grid.edges": "e.csv", "grid.graphml": "g"},
    ):
        text = in_one_line(partial(networks.read, DEFAULT.but(patch)))
        assert "grid.nodes" in text
        assert "allowed are" in text
    both = with_devices(**DEVICES).but({"grid.graphml": "g"})
    assert "[tables.devices]" in in_one_line(lambda: networks.read(both))


def test_a_graphml_file_that_is_none_or_missing_is_named(tmp_path):
    path = tmp_path / "grid.graphml"
    assert "cannot read" in in_one_line(lambda: network_files.from_graphml(path))
    path.write_text("not xml")
    assert "grid.graphml: " in in_one_line(lambda: network_files.from_graphml(path))
