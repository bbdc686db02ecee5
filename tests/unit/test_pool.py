"""Memory of earlier runs changes no result, whatever was in it."""

import numpy as np
import pytest

from sim.core.pool import QUEUES, WRITTEN, Pool
from sim.core.seeds import Seeds
from sim.core.state import GROWING
from sim.engine.simulate import run
from tests.laws.towns import ALL_RULES, assert_same, town, world


@pytest.fixture(scope="module")
def built():
    scenario = town(base=ALL_RULES)
    return scenario, world(scenario, 3)


def state_of(built, pool=None):
    scenario, (place, damage) = built
    return run(scenario, Seeds.all(3), place=place, damage=damage, pool=pool).state


def test_a_run_in_memory_of_another_gives_the_same_bytes(built):
    pool = Pool()
    first = state_of(built, pool)
    lent = {name: getattr(first, name).ctypes.data for name in (*WRITTEN, *GROWING)}
    pool.take_back(first)
    again = state_of(built, pool)
    assert {name: getattr(again, name).ctypes.data for name in lent} == lent
    assert_same(again, state_of(built))


def test_what_was_left_in_queues_and_rows_is_never_read(built):
    pool = Pool()
    first = state_of(built, pool)
    pool.take_back(first)
    for name in (*WRITTEN, *QUEUES):
        getattr(first, name).view(np.uint8)[:] = 0xFF
    assert_same(state_of(built, pool), state_of(built))


def test_memory_is_lent_to_one_at_a_time(built):
    pool = Pool()
    pool.take_back(state_of(built, pool))
    one, other = state_of(built, pool), state_of(built, pool)
    assert all(not np.shares_memory(getattr(one, name), getattr(other, name)) for name in (*WRITTEN, *GROWING))


def test_a_city_of_another_size_gets_memory_of_its_own(built):
    pool = Pool()
    pool.take_back(state_of(built, pool))
    larger = town({"place.customers": 300}, ALL_RULES)
    elsewhere = larger, world(larger, 3)
    assert_same(state_of(elsewhere, pool), state_of(elsewhere))
