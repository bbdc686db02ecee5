"""Real feeders, published as tables, load as the trees that they are."""

from pathlib import Path

import numpy as np
import pytest

from sim.core.columns import DROP, FEEDER, LATERAL, SUBSTATION, TRANSFORMER
from sim.world import networks
from tests.unit.network_tables import DEFAULT, people

FEEDERS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "feeders"


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
