"""What need and absence make of a household, before anything has happened.

urgency
    the part of need that does not depend on the hours out: the sum of the logs of the odds ratios of what a household
    has (a medical device, small children, age, no substitute for power), added to the utility of every channel
away
    some have left before the storm, and some leave after a day or more without power; until they return they neither
    notice nor report
"""

import numpy as np

from sim.columns import Households
from sim.luck import Purpose, column
from sim.scenario import Scenario
from sim.seeds import Seeds


def urgency(scenario: Scenario, people: Households) -> np.ndarray:
    """The part of need that does not depend on time, as utility; float64 [household]."""
    utility = np.zeros(len(people))
    for name, holds in (
        ("medical", people.medical_device),
        ("children", people.children),
        ("over65", people.over65),
        ("no_substitute", ~people.substitute),
    ):
        utility += np.where(holds, np.log(scenario[f"need.{name}_odds"]), 0.0)
    return utility


def absence_h(scenario: Scenario, people: Households, seeds: Seeds) -> tuple[np.ndarray, np.ndarray]:
    """From when until when nobody is at home, in hours from the own loss of power; two float64 [household].

    Who left before the storm is away from minus infinity on, who stays from infinity on. Who leaves in between does so
    after ``away.leaves_after_h`` at the earliest, exponentially as long again on average; all stay away for an
    exponential time.
    """
    before = column(seeds.behaviour, Purpose.LEFT_BEFORE, people.id) < scenario["away.left_before_share"]
    leaves = column(seeds.behaviour, Purpose.LEAVES, people.id) < scenario["away.leaves_share"]
    wait_h = scenario["away.leaves_after_h"] * (1.0 - np.log(column(seeds.behaviour, Purpose.LEAVES, people.id, 1)))
    stay_h = -scenario["away.stays_h"] * np.log(column(seeds.behaviour, Purpose.RETURNS, people.id))
    leaves_h = np.where(before, -np.inf, np.where(leaves, wait_h, np.inf))
    return leaves_h, np.where(before, stay_h, leaves_h + stay_h)
