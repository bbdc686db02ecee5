"""How attributes of households hang together: odds ratios within shares that stay as given.

A household's *cell* says whether it is minority, poor, 65+ and disabled: sixteen cells. An attribute with the
target share ``s`` and odds ratios ``r[k]`` has in cell ``c`` the chance

    p[c] = 1 / (1 + exp(-(a + sum of log r[k] over the traits k that hold in c)))

with the intercept ``a`` such that ``sum over c of w[c] p[c] = s`` exactly, ``w`` being the expected shares of
the cells. Where a share is given for every neighbourhood, each has its own intercept; where only the county's
is, one intercept serves all, and neighbourhoods differ by who lives in them. Cells, not households, enter the
equation: adding or dropping households changes nobody's chance.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from scipy.special import expit, logit, ndtr, ndtri

from sim.core.columns import ATTRIBUTES
from sim.inputs.scenario import Scenario

TRAITS = ("minority", "poor", "over65", "disability")  # in the order in which they are drawn
CELLS = np.arange(2 ** len(TRAITS))
HOLDS = {trait: (CELLS >> bit & 1).astype(bool) for bit, trait in enumerate(TRAITS)}

DRAWN = sorted((name for name, attribute in ATTRIBUTES.items() if attribute.luck), key=lambda name: name not in TRAITS)
"""Attributes that have a chance by cell, traits first."""
SHARES = {name: f"people.{ATTRIBUTES[name].share or name}_share" for name in DRAWN}
"""Attribute to the parameter that holds the county's share."""
ODDS = {
    name: {trait: f"people.{attribute.odds or name}_{trait}_odds" for trait in attribute.depends_on}
    for name, attribute in ATTRIBUTES.items()
    if attribute.depends_on
}
"""Attribute to the traits on which it depends, and the parameters that hold the odds ratios."""

Targets = Mapping[str, np.ndarray | float]


class Chances(NamedTuple):
    """Chances of every attribute, and the expected composition of every neighbourhood."""

    chance: dict[str, np.ndarray]  # float64 [neighbourhood or 1, cell]  by attribute
    composition: np.ndarray  # float64 [neighbourhood, cell]  expected shares of the cells, rows sum to one
    county: np.ndarray  # float64 [cell]  the same for all neighbourhoods together


def county_targets(scenario: Scenario) -> dict[str, np.ndarray | float]:
    """The county's share of every attribute, as the parameters give it."""
    return {attribute: float(scenario[path]) for attribute, path in SHARES.items()}


def intercept(target: np.ndarray, weight: np.ndarray, offset: np.ndarray) -> np.ndarray:
    """Intercepts of logistic chances whose weighted mean is the target, by Newton's method kept in a bracket.

    Parameters
    ----------
    target : float [group]          share to meet; 0 and 1 give minus and plus infinity
    weight : float [group, cell]    shares of the cells, rows sum to one
    offset : float [cell]           sum of the log odds ratios that apply in the cell

    Returns
    -------
    float64 [group], in logits
    """
    inside = (target > 0.0) & (target < 1.0)
    share = np.where(inside, target, 0.5)
    low, high = logit(share) - offset.max(), logit(share) - offset.min()
    at = (low + high) / 2.0
    for _ in range(100):  # Newton needs about six; the bracket makes sure of the rest
        chance = expit(at[:, None] + offset)
        excess = (weight * chance).sum(axis=1) - share
        if np.abs(excess).max(initial=0.0) < 1e-14:
            break
        low, high = np.where(excess < 0.0, at, low), np.where(excess < 0.0, high, at)
        slope = (weight * chance * (1.0 - chance)).sum(axis=1)
        newton = at - excess / np.maximum(slope, 1e-300)
        at = np.where((newton > low) & (newton < high), newton, (low + high) / 2.0)
    return np.where(inside, at, np.where(target > 0.5, np.inf, -np.inf))


def compose(scenario: Scenario, targets: Targets, households: np.ndarray) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Chances of the traits, and the composition that they make; arguments as for :func:`solve`.

    Returns
    -------
    as `Chances.chance` and `Chances.composition`
    """
    composition, chance = np.full((len(households), len(CELLS)), 1.0 / len(CELLS)), {}
    for trait in TRAITS:
        chance[trait] = _chance(scenario, targets, trait, composition, households)
        composition = _split(composition, trait, chance[trait])
    return chance, composition


def solve(scenario: Scenario, targets: Targets, households: np.ndarray) -> Chances:
    """Chances of all attributes given the targets.

    Parameters
    ----------
    targets : attribute to float [neighbourhood] (each its own) or float (one share for the county)
    households : int [neighbourhood]    weights of the neighbourhoods in the county's shares
    """
    chance, composition = compose(scenario, targets, households)
    for attribute in SHARES:
        if attribute not in TRAITS:
            chance[attribute] = _chance(scenario, targets, attribute, composition, households)
    if "student" in targets:
        share = np.atleast_1d(np.asarray(targets["student"], dtype=float))
        chance["student"] = students(share, _cells(targets, "student", composition, households))
    return Chances(chance, composition, _county(composition, households))


def _chance(
    scenario: Scenario, targets: Targets, attribute: str, composition: np.ndarray, households: np.ndarray
) -> np.ndarray:
    """Chance of an attribute; float64 [neighbourhood or 1, cell]."""
    offset = log_odds(scenario, attribute)
    target = np.atleast_1d(np.asarray(targets[attribute], dtype=float))
    cells = _cells(targets, attribute, composition, households)
    return expit(intercept(target, cells, offset)[:, None] + offset)


def _cells(targets: Targets, attribute: str, composition: np.ndarray, households: np.ndarray) -> np.ndarray:
    """Shares of the cells where a target is met: in each neighbourhood, or in the county."""
    return composition if np.ndim(targets[attribute]) > 0 else _county(composition, households)[None, :]


def _county(composition: np.ndarray, households: np.ndarray) -> np.ndarray:
    """Expected shares of the cells in all neighbourhoods together; float64 [cell]."""
    return (households / households.sum()) @ composition


def students(share: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """Chance to be a household of students: among the poor without a member of 65 or older, and nobody else.

    Parameters
    ----------
    share : float [group]          of all households; more than there are such poor makes all of them students
    cells : float [group, cell]    shares of the cells, rows sum to one

    Returns
    -------
    float64 [group, cell]
    """
    may = HOLDS["poor"] & ~HOLDS["over65"]
    among = np.maximum(cells[:, may].sum(axis=1), 1e-12)
    return np.where(may, np.minimum(share / among, 1.0)[:, None], 0.0)


def county_composition(scenario: Scenario) -> np.ndarray:
    """Expected shares of the cells in a county with the shares of the parameters; float64 [cell]."""
    composition = np.full((1, len(CELLS)), 1.0 / len(CELLS))
    for trait in TRAITS:
        offset = log_odds(scenario, trait)
        base = intercept(np.array([scenario[SHARES[trait]]]), composition, offset)
        composition = _split(composition, trait, expit(base[:, None] + offset))
    return composition[0]


def _split(composition: np.ndarray, trait: str, chance: np.ndarray) -> np.ndarray:
    """Each trait splits the cells in two: from half and half to its chance."""
    return composition * 2.0 * np.where(HOLDS[trait], chance, 1.0 - chance)


def log_odds(scenario: Scenario, attribute: str) -> np.ndarray:
    """Sum of the log odds ratios that apply in each cell; float64 [cell]."""
    offset = np.zeros(len(CELLS))
    for trait, path in ODDS.get(attribute, {}).items():
        offset += np.log(scenario[path]) * HOLDS[trait]
    return offset


def expected(composition: np.ndarray, trait: str) -> np.ndarray:
    """Expected share of a trait in each neighbourhood of this composition; float64 [neighbourhood]."""
    return composition[:, HOLDS[trait]].sum(axis=1)


def poverty_scores(chances: Chances) -> tuple[np.ndarray, np.ndarray]:
    """Where poverty lies on the scale of incomes, in standard deviations of log income.

    Log incomes are normal within a cell, with one spread everywhere. The poor are those below one line; hence
    the line lies at ``score = ndtri(chance of poverty)``, seen from a cell's mean. Where the line itself lies
    follows from the median over all cells, which is given.

    Returns
    -------
    score : float64 [neighbourhood or 1, cell]    the line, seen from a cell's mean
    line : float64 [neighbourhood or 1]           the line, seen from the median of all (negative: below)
    """
    chance = np.clip(chances.chance["poor"], 1e-9, 1.0 - 1e-9)
    cells = chances.composition if len(chance) > 1 else chances.county[None, :]
    score = ndtri(chance)
    low, high = score.min(axis=1), score.max(axis=1)
    for _ in range(60):  # half of the households lie above the median: bisection, the mean of ndtr is monotone
        line = (low + high) / 2.0
        below = (cells * ndtr(score - line[:, None])).sum(axis=1) < 0.5
        low, high = np.where(below, low, line), np.where(below, line, high)
    return score, (low + high) / 2.0
