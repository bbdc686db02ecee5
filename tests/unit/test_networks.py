"""Imported grids: levels follow from kinds, any forest becomes a tree, and trees survive a round trip."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.core.columns import DROP, FEEDER, LEVELS, TRANSFORMER
from sim.world import grid, network_files, networks
from tests.unit.network_tables import DEFAULT, TOWN, attach, in_one_line, people, tables, with_devices


def levels(edges):
    network = network_files.from_tables(*tables(edges))
    return {label: LEVELS[level] for label, level in zip(network.label, network.level)}


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
