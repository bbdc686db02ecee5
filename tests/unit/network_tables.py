"""Tables of small networks, for the tests of imported grids."""

from dataclasses import fields

import numpy as np
import pytest

from sim.core.columns import LEVELS, Households
from sim.core.errors import ScenarioError
from sim.inputs.parameters.root import Parameters
from sim.inputs.scenario import Scenario
from sim.world import network_files, networks

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


def with_devices(households=None, **columns):
    extra = {"households": households} if households else {}
    return DEFAULT.with_tables(devices=columns, **extra)


def in_one_line(action):
    with pytest.raises(ScenarioError) as caught:
        action()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def attach(nodes, edges, households, scenario=DEFAULT, folder=None):
    """Build from tables by way of a device table, which every scenario can carry inline."""
    network = network_files.from_tables(nodes, edges)
    names = [network.label[p] if p >= 0 else "" for p in network.parent]
    columns = {"device": list(network.label), "parent": names, "level": [LEVELS[i] for i in network.level]}
    columns |= {"customers": network.customers.tolist()}
    return networks.build(scenario.with_tables(devices=columns), 1, households)


DEVICES = {
    "device": ["f", "ta", "tb"],
    "parent": ["", "f", "f"],
    "level": ["feeder", "transformer", "transformer"],
}
