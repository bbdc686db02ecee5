"""How many typical devices a line stands for, by its length."""

import numpy as np
import pytest

from sim.core.columns import FEEDER, LATERAL, SUBSTATION, TRANSFORMER
from sim.inputs.parameters.root import Parameters
from sim.inputs.scenario import Scenario
from sim.world import place
from sim.world.lengths import exposure

CITY = Scenario("city", Parameters()).but({"place.customers": 4_000, "grid.customers_per_feeder": 700})
LEVEL = np.array(
    [SUBSTATION, FEEDER, LATERAL, TRANSFORMER, TRANSFORMER, LATERAL, TRANSFORMER, TRANSFORMER, TRANSFORMER]
)
PARENT = np.array([-1, 0, 1, 2, 2, 1, 5, 5, 5])
X_KM = np.array([0.0, 0.0, 0.5, 0.0, 1.0, 3.0, 2.0, 3.0, 4.0])


def test_a_line_is_as_long_as_the_way_along_what_hangs_on_it():
    short, long = 1.0 * 2 / 1, 2.0 * 3 / 2  # the way from the first to the last, and the step to the first
    expected = [1.0, 1.0, short / 2.5, 1.0, 1.0, long / 2.5, 1.0, 1.0, 1.0]
    assert exposure(1.0, LEVEL, PARENT, X_KM, np.zeros(9)).tolist() == pytest.approx(expected)
    half = exposure(0.5, LEVEL, PARENT, X_KM, np.zeros(9))
    assert half.tolist() == pytest.approx([0.5 + 0.5 * e for e in expected])


def test_where_all_live_in_one_place_every_line_is_typical():
    assert exposure(1.0, LEVEL, PARENT, np.zeros(9), np.zeros(9)).tolist() == [1.0] * 9


def test_lines_stand_for_one_on_average_and_sparse_neighbourhoods_have_more_of_it():
    devices = place.build(CITY.but({"grid.by_length": 1.0}), 1).devices
    for level in (FEEDER, LATERAL):
        assert devices.exposure[devices.level == level].mean() == pytest.approx(1.0)
    laterals = devices.exposure[devices.level == LATERAL]
    assert laterals.std() > 0.2
    assert (devices.exposure[(devices.level != LATERAL) & (devices.level != FEEDER)] == 1.0).all()


def test_at_zero_strength_every_device_is_typical():
    assert (place.build(CITY.but({"grid.by_length": 0.0}), 1).devices.exposure == 1.0).all()
