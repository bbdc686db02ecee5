"""Imported grids: real feeders load, trees survive a round trip, a bad table is answered in one line."""

from dataclasses import fields
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.core.columns import (
    DROP,
    FEEDER,
    LATERAL,
    LEVELS,
    SUBSTATION,
    TRANSFORMER,
    Households,
)
from sim.core.errors import ScenarioError
from sim.inputs.parameters import Parameters
from sim.inputs.scenario import Scenario
from sim.world import grid, network_files, networks

FEEDERS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "feeders"
DEFAULT = Scenario("test", Parameters())


def people(n, label=None, x_km=None):
    columns = {field.name: np.zeros(n, dtype=bool) for field in fields(Households)}
    columns |= {"id": np.arange(n, dtype=np.uint64), "label": np.arange(n) if label is None else label}
    columns |= {
        "x_km": np.arange(n) / n if x_km is None else np.array(x_km, dtype=float),
        "y_km": np.zeros(n),
    }
    return Households(**columns)


def tables(edges, customers=None, **more):
    """Tables from 'id from to kind' lines; node names are taken from the edges."""
    rows = [line.split() for line in edges]
    names = list(dict.fromkeys(name for row in rows for name in row[1:3]))
    nodes = {"id": names, "customers": [(customers or {}).get(name, 0) for name in names]}
    edges = dict(zip(("id", "from_node", "to_node", "kind"), map(list, zip(*rows))))
    return nodes | more.pop("nodes", {}), edges | more


TOWN = (
    "trafo source bus transformer",
    "cb bus a breaker",
    "trunk a b line",
    "sw b c switch",
    "tail c d line",
    "fuse a e fuse",
    "behind e f switch",
    "t1 f g transformer",
    "drop g h service",
    "t2 d i transformer",
)


def levels(edges):
    network = network_files.from_tables(*tables(edges))
    return {label: LEVELS[level] for label, level in zip(network.label, network.level)}


def with_devices(households=None, **columns):
    extra = {"households": households} if households else {}
    return DEFAULT.with_tables(devices=columns, **extra)


def in_one_line(action):
    with pytest.raises(ScenarioError) as caught:
        action()
    assert "\n" not in str(caught.value)
    return str(caught.value)


# Levels


def test_levels_follow_from_kinds_and_from_what_lies_behind():
    assert levels(TOWN) == {
        "trafo": "substation",
        "cb": "feeder",
        "trunk": "feeder",
        "sw": "feeder",
        "tail": "lateral",
        "fuse": "lateral",
        "behind": "lateral",
        "t1": "transformer",
        "drop": "drop",
        "t2": "transformer",
    }


def test_several_edges_at_one_source_are_feeders_and_a_lone_one_is_a_substation():
    assert levels(["l1 s a line", "l2 s b line"]) == {"l1": "feeder", "l2": "feeder"}
    assert levels(["l1 s a line", "l2 a b line"]) == {"l1": "substation", "l2": "lateral"}


def test_a_service_transformer_at_the_source_stays_one():
    assert levels(["t s a transformer", "d a b service"]) == {"t": "transformer", "d": "drop"}


def test_a_given_level_overrides_the_kind():
    nodes, edges = tables(["l1 s a line", "l2 a b line"])
    network = network_files.from_tables(nodes, edges | {"level": ["feeder", "transformer"]})
    assert network.level.tolist() == [FEEDER, TRANSFORMER]


def test_suspicion_rolls_up_to_the_head_of_the_next_higher_section():
    nodes, edges = tables([*TOWN, "tail2 d j line", "t3 j k transformer"], {"h": 1, "i": 1, "k": 1})
    _, devices, _ = attach(nodes, edges, people(3))
    rollup = dict(zip(devices.label, [devices.label[r] if r >= 0 else "" for r in devices.rollup], strict=True))
    assert rollup["drop"] == "t1"
    assert rollup["t1"] == "fuse"
    assert rollup["t3"] == "tail"
    assert rollup["tail2"] == rollup["fuse"] == "cb"
    assert rollup["sw"] == rollup["cb"] == "trafo"
    assert rollup["trafo"] == ""


def attach(nodes, edges, households, scenario=DEFAULT, folder=None):
    """Build from tables by way of a device table, which every scenario can carry inline."""
    network = network_files.from_tables(nodes, edges)
    names = [network.label[p] if p >= 0 else "" for p in network.parent]
    columns = {"device": list(network.label), "parent": names, "level": [LEVELS[i] for i in network.level]}
    columns |= {"customers": network.customers.tolist()}
    return networks.build(scenario.with_tables(devices=columns), 1, households)


# Trees


@st.composite
def trees(draw):
    """A random forest as a device table, rows shuffled, with customers here and there."""
    n = draw(st.integers(1, 40))
    above = [draw(st.integers(-1, i - 1)) for i in range(n)]
    level = []
    for p in above:
        level.append(draw(st.integers(level[p] if p >= 0 else 0, DROP)))
    customers = draw(st.lists(st.integers(0, 3), min_size=n, max_size=n).filter(any))
    names = [f"d{i}" for i in range(n)]
    rows = draw(st.permutations(range(n)))
    columns = {
        "device": [names[i] for i in rows],
        "parent": [names[above[i]] if above[i] >= 0 else "" for i in rows],
        "level": [LEVELS[level[i]] for i in rows],
        "customers": [customers[i] for i in rows],
    }
    return columns


@settings(deadline=None, max_examples=80)
@given(columns=trees())
def test_any_forest_becomes_contiguous_slices_with_parents_first(columns):
    n = sum(columns["customers"])
    order, devices, served_by = networks.build(with_devices(**columns), 1, people(n))
    rows = np.arange(len(devices))
    below = devices.parent >= 0
    above = devices.parent[below]
    assert (above < rows[below]).all()
    assert (devices.end[below] <= devices.end[above]).all()
    assert (devices.level[below] >= devices.level[above]).all()
    assert sorted(order) == list(range(n))
    roots = np.flatnonzero(~below)
    assert np.array_equal(np.concatenate([np.arange(devices.first[r], devices.last[r]) for r in roots]), np.arange(n))
    for i in rows:
        inside = np.flatnonzero((served_by >= i) & (served_by < devices.end[i]))
        assert inside.tolist() == list(range(devices.first[i], devices.last[i]))
    parent = {d: p for d, p in zip(columns["device"], columns["parent"], strict=True)}
    for i, label in enumerate(devices.label):
        assert parent[label] == (devices.label[devices.parent[i]] if devices.parent[i] >= 0 else "")


@settings(deadline=None, max_examples=80)
@given(columns=trees())
def test_suspicion_always_rolls_up_to_a_head_of_a_higher_level_on_the_way_to_the_source(columns):
    _, devices, _ = networks.build(with_devices(**columns), 1, people(sum(columns["customers"])))
    for i, up in enumerate(devices.rollup):
        path = [i]
        while devices.parent[path[-1]] >= 0:
            path.append(devices.parent[path[-1]])
        higher = [j for j in path if devices.level[j] < devices.level[i]]
        if not higher:
            assert up == -1
            continue
        section = [j for j in higher if devices.level[j] == devices.level[higher[0]]]
        assert up == section[-1]


@settings(deadline=None, max_examples=50)
@given(columns=trees())
def test_a_round_trip_through_networkx_keeps_the_tree(columns):
    _, devices, served_by = networks.build(with_devices(**columns), 1, people(sum(columns["customers"])))
    back = network_files.from_graph(network_files.to_networkx(devices, served_by))
    for name in ("label", "level", "parent", "end", "x_km", "y_km", "overhead", "critical", "exposure"):
        assert np.array_equal(getattr(back, name), getattr(devices, name)), name
    assert np.array_equal(back.customers, np.bincount(served_by, minlength=len(devices)))


@settings(deadline=None, max_examples=30)
@given(columns=trees(), shuffle=st.randoms(use_true_random=False))
def test_the_order_of_rows_in_a_device_table_never_matters(columns, shuffle):
    rows = list(range(len(columns["device"])))
    shuffle.shuffle(rows)
    shuffled = {name: [values[i] for i in rows] for name, values in columns.items()}
    n = sum(columns["customers"])
    order, devices, _ = networks.build(with_devices(**columns), 1, people(n))
    other_order, other, _ = networks.build(with_devices(**shuffled), 1, people(n))
    assert np.array_equal(order, other_order)
    for field in fields(devices):
        assert np.array_equal(getattr(devices, field.name), getattr(other, field.name)), field.name


def test_the_order_of_households_never_matters():
    nodes, edges = tables(TOWN, {"h": 2, "i": 3})
    forward = people(5)
    backward = forward.take(np.arange(5)[::-1])
    one, _, served = attach(nodes, edges, forward)
    two, _, served_too = attach(nodes, edges, backward)
    assert np.array_equal(forward.id[one], backward.id[two])
    assert np.array_equal(served, served_too)


def test_a_synthetic_grid_survives_the_round_trip_too():
    households = people(300)
    _, devices, served_by = networks.build(DEFAULT, 1, households)
    back = network_files.from_graph(network_files.to_networkx(devices, served_by))
    labels = np.asarray(devices.label).tolist()
    above = {label: labels[p] if p >= 0 else "" for label, p in zip(labels, devices.parent, strict=True)}
    found = {label: back.label[p] if p >= 0 else "" for label, p in zip(back.label, back.parent, strict=True)}
    assert found == above


def test_without_any_tables_the_grid_is_synthetic():
    households = people(100)
    order, devices, _ = networks.build(DEFAULT, 3, households)
    same, synthetic, _ = grid.synthesise(
        DEFAULT, 3, households.x_km, households.y_km, households.id, labels=households.label
    )
    assert np.array_equal(order, same)
    assert np.array_equal(np.asarray(devices.label), np.asarray(synthetic.label))


def test_a_feeder_of_three_hundred_edges_in_a_row_works():
    edges = [f"l{i} n{i} n{i + 1} line" for i in range(300)]
    _, devices, served_by = attach(*tables(edges, {"n300": 1}), people(1))
    assert devices.end[0] == 300
    assert served_by.tolist() == [299]
    assert devices.rollup[299] == 0


def test_a_forest_may_have_several_sources():
    network = network_files.from_tables(*tables(["a s1 n1 line", "b s2 n2 line"]))
    assert network.parent.tolist() == [-1, -1]


def test_an_undirected_graph_is_turned_away_from_its_source():
    networkx = pytest.importorskip("networkx")
    graph = networkx.Graph()
    graph.add_edge("far", "mid", kind="line", length_km=1.0)
    graph.add_edge("mid", "plant", kind="breaker")
    graph.nodes["plant"]["source"] = True
    graph.nodes["far"]["customers"] = 3
    network = network_files.from_graph(graph)
    assert network.node.tolist() == ["mid", "far"]
    assert network.customers.tolist() == [0, 3]
    graph.add_edge("far", "plant", kind="line", length_km=1.0)
    assert "is reached by two paths" in in_one_line(lambda: network_files.from_graph(graph))


def test_graphml_gives_the_same_network_as_the_graph_it_was_written_from(tmp_path):
    networkx = pytest.importorskip("networkx")
    _, devices, served_by = attach(*tables(TOWN, {"h": 2, "i": 3}), people(5))
    graph = network_files.to_networkx(devices, served_by)
    networkx.write_graphml(graph, tmp_path / "town.graphml")
    scenario = DEFAULT.but({"grid.graphml": str(tmp_path / "town.graphml")})
    _, again, served_again = networks.build(scenario, 1, people(5))
    for name in ("label", "level", "parent", "rollup", "first", "last", "overhead", "critical", "exposure"):
        assert np.array_equal(getattr(devices, name), getattr(again, name)), name
    assert np.array_equal(served_by, served_again)


# Who is served by what


def test_as_many_households_as_customers_are_placed_at_each_node():
    _, devices, served_by = attach(*tables(TOWN, {"h": 2, "i": 3}), people(5))
    at = dict(zip(devices.label, np.bincount(served_by, minlength=len(devices))))
    assert (at["drop"], at["t2"]) == (2, 3)


def test_a_city_of_another_size_is_placed_in_proportion_to_customers():
    _, devices, served_by = attach(*tables(TOWN, {"h": 2, "i": 3}), people(500))
    at = dict(zip(devices.label, np.bincount(served_by, minlength=len(devices))))
    assert (at["drop"], at["t2"]) == (200, 300)


DEVICES = {
    "device": ["f", "ta", "tb"],
    "parent": ["", "f", "f"],
    "level": ["feeder", "transformer", "transformer"],
}


def test_households_name_their_device_in_whatever_order_the_table_stands():
    table = {"household_id": ["c", "a", "b"], "device": ["tb", "ta", "ta"]}
    label = np.array(["a", "b", "c"], dtype=object)
    order, devices, served_by = networks.build(with_devices(table, **DEVICES), 1, people(3, label))
    served = {label[o]: devices.label[d] for o, d in zip(order, served_by)}
    assert served == {"a": "ta", "b": "ta", "c": "tb"}


def test_a_household_may_be_served_by_a_device_in_the_middle_of_the_tree():
    table = {"household_id": ["a", "b"], "device": ["tb", "f"]}
    label = np.array(["a", "b"], dtype=object)
    order, devices, served_by = networks.build(with_devices(table, **DEVICES), 1, people(2, label))
    assert [label[o] for o in order] == ["b", "a"]
    assert served_by.tolist() == [0, 2]
    assert (devices.first[0], devices.last[0]) == (0, 2)


def test_households_of_a_table_go_to_the_nearest_customers_when_totals_differ():
    table = {"household_id": ["a", "b", "c"]}
    devices = DEVICES | {"customers": [0, 1, 1], "x_km": [0.0, 0.0, 10.0], "y_km": [0.0, 0.0, 0.0]}
    label = np.array(["a", "b", "c"], dtype=object)
    households = people(3, label, x_km=[1.0, 9.0, 8.0])
    order, built, served_by = networks.build(with_devices(table, **devices), 1, households)
    assert {label[o]: built.label[d] for o, d in zip(order, served_by)} == {"a": "ta", "b": "tb", "c": "tb"}


def test_a_household_with_an_unknown_device_is_named_with_the_nearest_one():
    table = {"household_id": ["a", "b"], "device": ["ta", "tx"]}
    label = np.array(["a", "b"], dtype=object)
    text = in_one_line(lambda: networks.build(with_devices(table, **DEVICES), 1, people(2, label)))
    assert text.startswith("household 'b': no device serves its device 'tx'; did you mean 't")


def test_a_grid_where_nobody_lives_is_refused():
    assert "nobody is served" in in_one_line(lambda: networks.build(with_devices(**DEVICES), 1, people(2)))


def test_a_device_without_coordinates_lies_amid_its_customers():
    table = {"household_id": ["a", "b"], "device": ["ta", "tb"]}
    households = people(2, np.array(["a", "b"], dtype=object), x_km=[2.0, 6.0])
    _, devices, _ = networks.build(with_devices(table, **DEVICES), 1, households)
    assert devices.x_km.tolist() == [4.0, 2.0, 6.0]


# What parameters do


def exposures(scenario=DEFAULT, **more):
    nodes, edges = tables(["l1 s a line", "l2 a b line", "f b c fuse"], {"c": 1}, **more)
    network = network_files.from_tables(nodes, edges)
    served_by, here = np.array([2], dtype=np.int32), np.zeros(1)
    return networks._devices(network, scenario, 1, served_by, here, here).exposure.tolist()


def test_a_line_counts_by_its_length_and_everything_else_for_one():
    assert exposures(length_km=[0.6, 3.0, 0.1]) == pytest.approx([2.0, 10.0, 1.0])
    longer = DEFAULT.but({"grid.line_km": 0.6})
    assert exposures(longer, length_km=[0.6, 3.0, 0.1]) == pytest.approx([1.0, 5.0, 1.0])
    assert exposures() == [1.0, 1.0, 1.0]
    assert exposures(length_km=[0.6, 3.0, 0.1], exposure=["", 7.0, ""]) == pytest.approx([2.0, 7.0, 1.0])


def wide(scenario=DEFAULT, **columns):
    """A feeder with two hundred laterals of two devices each."""
    names = [f"l{i}" for i in range(200)]
    table = {
        "device": ["f", *names, *(f"t{i}" for i in range(200))],
        "parent": ["", *["f"] * 200, *names],
        "level": ["feeder", *["lateral"] * 200, *["transformer"] * 200],
        "customers": [0, *[0] * 200, *[1] * 200],
    }
    return networks.build(scenario.with_tables(devices=table | columns), 1, people(200))[1]


def test_what_hangs_below_an_imported_lateral_shares_its_fate():
    devices = wide()
    below = devices.level == TRANSFORMER
    assert np.array_equal(devices.overhead[below], devices.overhead[devices.parent[below]])
    assert devices.overhead[0]
    assert 0.5 < devices.overhead[devices.level == LATERAL].mean() < 0.8


def test_given_overhead_and_critical_stand_as_given_and_are_inherited_where_blank():
    given_flags = {"overhead": [0, *[1] * 100, *[0] * 100, *[""] * 200], "critical": [0, 1, *[0] * 399]}
    devices = wide(**given_flags)
    assert not devices.overhead[0]
    for i, label in enumerate(devices.label):
        if label != "f":
            assert devices.overhead[i] == (int(label[1:]) < 100)
    assert devices.label[devices.critical].tolist() == ["l0"]


@pytest.mark.parametrize("change", [{"grid.overhead_share": 0.1}, {"grid.critical_share": 0.5}])
def test_shares_of_an_imported_grid_move_something(change):
    one, other = wide(), wide(DEFAULT.but(change))
    assert not (np.array_equal(one.overhead, other.overhead) and np.array_equal(one.critical, other.critical))


# Bad input


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


# Real feeders


def feeder(name):
    folder = FEEDERS / name
    if not folder.is_dir():
        pytest.skip(f"the test feeder {name} is not beside the checkout")
    return DEFAULT.but({"grid.nodes": str(folder / "nodes.csv"), "grid.edges": str(folder / "edges.csv")})


@pytest.mark.parametrize(
    ("name", "n_devices", "customers", "depth"), [("ieee123", 129, 91, 25), ("ieee8500", 4875, 2199, 277)]
)
def test_a_published_feeder_loads_as_the_tree_that_it_is(name, n_devices, customers, depth):
    _, devices, served_by = networks.build(feeder(name), 1, people(customers))
    steps = np.ones(len(devices), dtype=int)
    for i in np.flatnonzero(devices.parent >= 0):
        steps[i] += steps[devices.parent[i]]
    assert len(devices) == n_devices
    assert steps.max() == depth
    assert (devices.first[0], devices.last[0]) == (0, customers)
    assert len(served_by) == customers
    assert (devices.level[devices.parent >= 0] >= devices.level[devices.parent[devices.parent >= 0]]).all()


def test_the_8500_node_feeder_has_one_substation_a_trunk_and_a_drop_per_transformer():
    network = networks.read(feeder("ieee8500"))
    assert network.label[network.level == SUBSTATION].tolist() == ["Source_reactor", "HVMV_Sub"]
    assert (network.level == TRANSFORMER).sum() == (network.level == DROP).sum() == 1177
    assert network.level[network.label == "LN5815900-1"] == FEEDER
    assert (network.level == LATERAL).sum() > 3 * (network.level == FEEDER).sum()
