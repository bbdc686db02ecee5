"""Who is presumed back and is not: what one customer's meter says holds for all at the same transformer."""

import numpy as np

from sim.engine.simulate import run
from sim.inputs.parameters.root import Parameters
from sim.inputs.scenario import Scenario
from sim.world import place as places
from sim.world import storm

TRANSFORMERS = [f"T{number}" for number in range(40)]
GRID = {
    "device": ["S", "F", "L", *TRANSFORMERS],
    "parent": ["", "S", "F", *["L"] * len(TRANSFORMERS)],
    "level": ["substation", "feeder", "lateral", *["transformer"] * len(TRANSFORMERS)],
    "customers": [0, 0, 0, *[4] * len(TRANSFORMERS)],
}
ALL_FAIL = {
    "device": ["L", *TRANSFORMERS],
    "onset_h": [0.0] * (1 + len(TRANSFORMERS)),
    "repair_h": [1.0] + [20.0] * len(TRANSFORMERS),
}
PATCH = {
    "place.customers": 4 * len(TRANSFORMERS),
    "oms.callback_share": 0.0,
    "patrol.teams": 0,
    "patrol.sees_one_below": 0.0,
    "sensing.transformer": 0.0,
    "sensing.lateral": 1.0,
    "sensing.link_down_share": 0.0,
    "sensing.meter_coverage": 0.3,
    "sensing.meter_half_time_h": 0.5,
}


def test_nobody_is_closed_beside_a_meter_that_answers():
    """Whichever of the two stands first in the grid."""
    scenario = Scenario("one lateral", Parameters()).but(PATCH).with_tables(devices=GRID, damage=ALL_FAIL)
    place = places.build(scenario, 1)
    damage = storm.strike(scenario, place, 1)
    households = run(scenario, 1, place=place, damage=damage).state.households
    answers = damage.meter_h < scenario["crews.safe_h"]
    first_at = np.unique(place.served_by, return_index=True)[1]
    beside_one = np.logical_or.reduceat(answers, first_at)[np.unique(place.served_by, return_inverse=True)[1]]
    assert answers[first_at].sum() < np.logical_or.reduceat(answers, first_at).sum()
    assert households.n_closed[~beside_one].sum() >= 20
    assert households.n_closed[beside_one].sum() == 0
