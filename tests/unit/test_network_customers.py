"""Imported grids: who is served by which device, and what parameters do there."""

import numpy as np
import pytest

from sim.core.columns import LATERAL, TRANSFORMER
from sim.world import network_files, networks
from tests.unit.network_tables import DEFAULT, DEVICES, TOWN, attach, in_one_line, people, tables, with_devices


def test_as_many_households_as_customers_are_placed_at_each_node():
    _, devices, served_by = attach(*tables(TOWN, {"h": 2, "i": 3}), people(5))
    at = dict(zip(devices.label, np.bincount(served_by, minlength=len(devices))))
    assert (at["drop"], at["t2"]) == (2, 3)


def test_a_city_of_another_size_is_placed_in_proportion_to_customers():
    _, devices, served_by = attach(*tables(TOWN, {"h": 2, "i": 3}), people(500))
    at = dict(zip(devices.label, np.bincount(served_by, minlength=len(devices))))
    assert (at["drop"], at["t2"]) == (200, 300)


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
