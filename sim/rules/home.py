"""What need and absence make of a household, before anything has happened.

urgency
    the part of need that does not depend on the hours out: the sum of the logs of the odds ratios of what a household
    has (a medical device, anyone under 18, age, no substitute for power), added to the utility of every channel
away
    some have left before the storm, and some leave after a day or more without power, by means (income, vehicle) and
    need (medical device, anyone under 18), students more than others; until they return they neither notice nor report
"""

import numpy as np
from scipy.special import expit, logit

from sim.core.columns import Households
from sim.core.luck import Purpose, column
from sim.core.seeds import Seeds
from sim.inputs.scenario import Scenario


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
    others, students = scenario["away.left_before_share"], scenario["away.student_left_before_share"]
    share = np.where(people.student, students, others)
    before = column(seeds.behaviour, Purpose.LEFT_BEFORE, people.id) < _chance(scenario, people, share, "left_before")
    share = np.full(len(people), scenario["away.leaves_share"])
    leaves = column(seeds.behaviour, Purpose.LEAVES, people.id) < _chance(scenario, people, share, "leaves")
    wait_h = scenario["away.leaves_after_h"] * (1.0 - np.log(column(seeds.behaviour, Purpose.LEAVES, people.id, 1)))
    stay_h = -scenario["away.stays_h"] * np.log(column(seeds.behaviour, Purpose.RETURNS, people.id))
    leaves_h = np.where(before, -np.inf, np.where(leaves, wait_h, np.inf))
    return leaves_h, np.where(before, stay_h, leaves_h + stay_h)


def _chance(scenario: Scenario, people: Households, share: np.ndarray, when: str) -> np.ndarray:
    """Chances [household] around a share: centred on the city's figures, so that nobody's depends on who else is there.

    Equations: :mod:`sim.inputs.parameters.away`. Exactly the share where no odds ratio differs from 1.
    """
    utility = np.zeros(len(people))
    for name, holds, city in (
        ("no_vehicle", people.no_vehicle, "no_vehicle_share"),
        ("medical", people.medical_device, "medical_device_share"),
        ("children", people.children, "children_share"),
    ):
        utility += np.log(scenario[f"away.{when}_{name}_odds"]) * (holds - scenario[f"people.{city}"])
    by_income = np.log(scenario[f"away.{when}_income_odds"])
    if by_income:
        utility += by_income * np.log2(np.maximum(people.income_usd, 1.0) / scenario["people.median_income_usd"])
    return np.where(utility == 0.0, share, expit(logit(share) + utility))
