"""Every declared parameter moves the outcome that it declares, and the way that it declares.

The luck is the same on both sides of a move, and no seed may go the other way (`tests.laws.moved_towns` has the towns).
Where no direction is known, the parameter must at least change the place, the damage or what happens.
"""

import hashlib

import numpy as np
import pytest

from sim.inputs.parameters.observables import OBSERVABLES
from tests.laws.moved_towns import ELSEWHERE, PARAMETERS
from tests.laws.moves import COMPANY, VALUES, is_higher, moved_from
from tests.laws.observables import OBSERVED
from tests.laws.observed_town import Town
from tests.laws.towns import PLAIN, bytes_of

SEEDS = (2, 3, 4)
DIRECTED = [path for path, p in PARAMETERS.items() if p.moves.sign and path not in ELSEWHERE]
UNDIRECTED = [path for path, p in PARAMETERS.items() if not p.moves.sign and path not in ELSEWHERE]


def signature(town):
    """Digest of everything that comes of a town."""
    place, damage = town.built
    columns = [*vars(place.households).values(), *vars(place.devices).values(), place.ties, *damage]
    made = [values.tobytes() for values in columns if isinstance(values, np.ndarray) and values.dtype != object]
    return hashlib.sha256(b"|".join([*made, *bytes_of(town.state).values()])).hexdigest()


@pytest.fixture(scope="module")
def towns():
    """Towns, one a seed, by what is laid over: most parameters share their towns before the move with others."""
    known = {}

    def remembered(patch):
        key = repr(sorted(patch.items()))
        if key not in known:
            known[key] = towns_with(patch)
        return known[key]

    return remembered


def towns_with(patch):
    """A town a seed."""
    scenario = PLAIN.but(patch)
    return [Town(scenario, seed) for seed in SEEDS]


@pytest.mark.parametrize("path", DIRECTED)
def test_the_parameter_moves_its_outcome_the_declared_way(towns, path):
    parameter = PARAMETERS[path]
    patch, value, moved = moved_from(parameter)
    observe = OBSERVED[parameter.moves.outcome]
    sign = parameter.moves.sign if is_higher(parameter, value, moved) else -parameter.moves.sign
    pairs = zip(towns_with({**patch, path: moved}), towns(patch), strict=True)
    change = [float(observe(after) - observe(before)) for after, before in pairs]
    assert sum(change) * sign > 0.0, (value, moved, parameter.moves, change)
    assert min(sign * each for each in change) >= 0.0, (value, moved, parameter.moves, change)


@pytest.mark.parametrize("path", UNDIRECTED)
def test_a_parameter_without_a_direction_changes_something(towns, path):
    patch, _, moved = moved_from(PARAMETERS[path])
    assert signature(towns_with({**patch, path: moved})[0]) != signature(towns(patch)[0])


def test_every_outcome_that_can_be_declared_is_computed_and_declared():
    assert set(OBSERVED) == set(OBSERVABLES) == {p.moves.outcome for p in PARAMETERS.values() if p.moves.sign}


def test_the_exceptions_are_parameters_and_nothing_else():
    assert set(ELSEWHERE) | set(VALUES) | set(COMPANY) <= set(PARAMETERS)
