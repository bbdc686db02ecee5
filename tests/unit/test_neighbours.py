"""What one sees of the neighbours is the same where all are said to see the same."""

import numpy as np
import pytest

from sim.core.compiled import entry
from sim.core.seeds import Seeds
from sim.engine.simulate import advance_to
from sim.engine.start import begin
from sim.rules.neighbours import belief_in_others, where_all_see_the_same
from tests.laws.towns import ALL_RULES, town, world


@entry
def beliefs(city, at_home, shared, places):
    """Belief at each household's own device and at the place where all see the same, and that place."""
    for household in range(len(city.households)):
        device = city.households[household].served_by
        places[household] = where_all_see_the_same(city, device)
        at_home[household], shared[household] = (
            belief_in_others(city, device),
            belief_in_others(city, places[household]),
        )


@pytest.mark.parametrize("hour", [0.0, 12.0, 24.0])
def test_all_see_the_same_from_the_place_that_stands_for_them(hour):
    scenario = town(base=ALL_RULES)
    place, damage = world(scenario, 3)
    state = advance_to(begin(scenario, place, damage, Seeds.all(3)), hour)
    number = len(state.households)
    at_home, shared, places = np.zeros(number), np.zeros(number), np.zeros(number, dtype=np.int64)
    beliefs(state, at_home, shared, places)
    np.testing.assert_array_equal(at_home, shared)
    assert len(np.unique(places)) < 0.5 * number  # which is worth it
    assert len(np.unique(shared)) > 1
