"""Small towns and their synthetic grids."""

import numpy as np
from hypothesis import strategies as st

from sim.inputs.parameters.root import Parameters
from sim.inputs.scenario import Scenario
from sim.world import grid

DEFAULT = Scenario("test", Parameters())
SMALL = DEFAULT.but(
    {
        "grid.customers_per_substation": 60,
        "grid.customers_per_feeder": 30,
        "grid.customers_per_lateral": 10,
        "grid.customers_per_transformer": 3,
    }
)


def town(n, salt=0):
    """Scattered households: golden-ratio points, no chance needed."""
    k = np.arange(n) + salt
    return (k * 0.618034) % 1.0 * 5.0, (k * 0.754878) % 1.0 * 5.0, np.arange(n, dtype=np.uint64) * 7 + 3


def built(scenario=SMALL, n=200, seed=1, **more):
    x_km, y_km, ids = town(n)
    return grid.synthesise(scenario, seed, x_km, y_km, ids, **more)


@st.composite
def scenarios(draw):
    low = draw(st.lists(st.integers(1, 80), min_size=4, max_size=4))
    names = ("transformer", "lateral", "feeder", "substation")
    patch = {f"grid.customers_per_{name}": size for name, size in zip(names, sorted(low))}
    return DEFAULT.but(patch | {"grid.size_spread": draw(st.sampled_from([0.0, 0.3, 0.9]))})
