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

from sim.core.columns import Households, Kept
from sim.core.luck import Purpose, column
from sim.core.seeds import Seeds
from sim.inputs.scenario import Scenario

WHEN = {"left_before": Purpose.LEFT_BEFORE, "leaves": Purpose.LEAVES}  # in relation to the loss of power


def urgency(scenario: Scenario, people: Households) -> np.ndarray:
    """The part of need that does not depend on time, as utility; float64 [household]."""
    utility = np.zeros(len(people))
    for name, holds in (
        ("medical", people.medical_device),
        ("children", people.children),
        ("over65", people.over65),
        ("no_substitute", ~people.substitute),
    ):
        utility += np.log(scenario[f"need.{name}_odds"]) * holds
    return utility


def absence_h(
    scenario: Scenario, people: Households, seeds: Seeds, kept: Kept | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """From when until when nobody is at home, in hours from the own loss of power; two float64 [household].

    Who left before the storm is away from minus infinity on, who stays from infinity on. Who leaves in between does so
    after ``away.leaves_after_h`` at the earliest, exponentially as long again on average; all stay away for an
    exponential time. ``kept`` are columns of the place, where chances are found again.
    """
    before, leaves = (_by_chance(scenario, people, seeds, when, kept or Kept()) for when in WHEN)
    before, leaves = np.flatnonzero(before), np.flatnonzero(leaves & ~before)
    away_h, returns_h = np.full((2, len(people)), np.inf)
    luck = column(seeds.behaviour, Purpose.LEAVES, people.id[leaves], 1)
    away_h[before], away_h[leaves] = -np.inf, scenario["away.leaves_after_h"] * (1.0 - np.log(luck))
    returns_h[before] = _stay_h(scenario, people.id[before], seeds)
    returns_h[leaves] = away_h[leaves] + _stay_h(scenario, people.id[leaves], seeds)
    return away_h, returns_h


def _stay_h(scenario: Scenario, ids: np.ndarray, seeds: Seeds) -> np.ndarray:
    """How long those who are gone stay away; float64 [gone]."""
    return -scenario["away.stays_h"] * np.log(column(seeds.behaviour, Purpose.RETURNS, ids))


def _by_chance(scenario: Scenario, people: Households, seeds: Seeds, when: str, kept: Kept) -> np.ndarray:
    """Who leaves, by luck; bool [household]."""
    given = scenario.parameters.away, scenario.parameters.people
    chance = kept.get(when, given, lambda: _chance(scenario, people, when))
    return column(seeds.behaviour, WHEN[when], people.id) < chance


def _chance(scenario: Scenario, people: Households, when: str) -> np.ndarray:
    """Chances [household] around a share: centred on the city's figures, so that nobody's depends on who else is there.

    Equations: :mod:`sim.inputs.parameters.away`. Exactly the share where no odds ratio differs from 1.
    """
    share = np.full(len(people), scenario[f"away.{when}_share"])
    if when == "left_before":
        share[people.student] = scenario["away.student_left_before_share"]
    utility = np.zeros(len(people))
    for name, holds, city in (
        ("no_vehicle", people.no_vehicle, "no_vehicle_share"),
        ("medical", people.medical_device, "medical_device_share"),
        ("children", people.children, "children_share"),
    ):
        odds = np.log(scenario[f"away.{when}_{name}_odds"])
        if odds:
            utility += odds * (holds - scenario[f"people.{city}"])
    by_income = np.log(scenario[f"away.{when}_income_odds"])
    if by_income:
        utility += by_income * np.log2(np.maximum(people.income_usd, 1.0) / scenario["people.median_income_usd"])
    return np.where(utility == 0.0, share, expit(logit(share) + utility)) if utility.any() else share
