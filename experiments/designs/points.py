"""Designs of a sweep: at which points of the factors' space to run, in a fixed order.

================  ==============================================================================================
factorial         every combination of levels; the last factor changes fastest
one-at-a-time     each factor over its levels, the others as the scenario has them
latin-hypercube   n points: each factor's range in n equal parts, one point in each (McKay, Beckman & Conover 1979)
sobol             n points of a scrambled Sobol sequence, n a power of two (Sobol 1967, Owen 1998)
================  ==============================================================================================

The first point is always the scenario as it stands. Factors *across* repeat the whole design at each combination of
their levels, so that it can be compared under several dispatch policies, say; each repetition then begins with the
scenario as it stands under these levels. Sampled points are the same in every repetition, and are drawn by the seed of
the study alone.
"""

from collections.abc import Callable, Sequence
from itertools import product
from math import prod
from typing import Any, NamedTuple

import numpy as np

from experiments.designs.factors import Factor
from experiments.designs.study_files import StudyFile
from experiments.designs.vary import factors_of
from experiments.runs.lazy import Lazy
from sim.core.errors import ScenarioError, shown
from sim.core.limits import DESIGN_NUMBERS, SWEEP_RUNS
from sim.inputs.scenario import Scenario

FACTORIAL, ONE_AT_A_TIME, LATIN_HYPERCUBE, SOBOL = "factorial", "one-at-a-time", "latin-hypercube", "sobol"
DESIGNS = (FACTORIAL, ONE_AT_A_TIME, LATIN_HYPERCUBE, SOBOL)
SAMPLED = (LATIN_HYPERCUBE, SOBOL)
AS_IT_STANDS = "as it stands"
ALL = "all"


class Point(NamedTuple):
    """One setting of all factors."""

    values: dict[str, Any]  # factor to value; of a subset of channels that does not vary here: "as it stands"
    patch: dict[str, Any]  # what differs from the scenario: dotted path to value
    varied: str  # the factor that varies here, one at a time; "" for a reference; "all" in other designs


class Design(NamedTuple):
    """What a sweep varies, and where it runs."""

    kind: str
    factors: tuple[Factor, ...]
    across: tuple[Factor, ...]
    points: Lazy[Point]  # the first is the scenario as it stands


def design_of(study: StudyFile) -> Design:
    """The design of a study of kind "sweep".

    Raises
    ------
    ScenarioError    unknown design, n missing, misplaced or (for sobol) no power of two, a range without steps where
                     levels are needed, one parameter both varied and across, more than a million runs
    """
    where, keys = study.where, study.method
    kind = keys.get("design", FACTORIAL)
    across = _across(study)
    levels = [_levels(factor, f"{where} [across]") for factor in across]
    own = int(bool(across))  # each repetition begins with a reference of its own
    inner = _number(study, kind)
    number = 1 + prod(len(values) for values in levels) * (own + inner)
    _check_size(study, number)
    combinations, make = list(product(*levels)), _inner(study, kind)

    def point(index: int) -> Point:
        if index == 0:
            return _point(study.scenario, study.factors, across, {}, (), "")
        repeat, place = divmod(index - 1, own + inner)
        values, varied = make(place - own) if place >= own else ({}, "")
        return _point(study.scenario, study.factors, across, values, combinations[repeat], varied)

    return Design(kind, study.factors, across, Lazy(number, point))


def _across(study: StudyFile) -> tuple[Factor, ...]:
    tree, where = study.method.get("across", {}), f"{study.where} [across]"
    found = factors_of(tree, study.scenario, where)
    varied = {path: factor.name for factor in study.factors for path in factor.paths}
    for factor in found:
        for path in factor.paths:
            if path in varied:
                raise ScenarioError(f"{where}: {path} is varied already, by '{varied[path]}' in [vary]")
    return tuple(found)


Inner = Callable[[int], tuple[dict[str, Any], str]]  # index within a repetition: values that vary, and which


def _number(study: StudyFile, kind: str) -> int:
    """Number of points of one repetition, without its reference."""
    n = _n(study, kind)
    if kind in SAMPLED:
        return n
    levels = [len(_levels(factor, study.where)) for factor in study.factors]
    return prod(levels) if kind == FACTORIAL else sum(levels)


def _inner(study: StudyFile, kind: str) -> Inner:
    """How each point of one repetition is made."""
    if kind in SAMPLED:
        return _sampled(study.factors, _sample(kind, _n(study, kind), len(study.factors), study.seed))
    levels = {factor.name: _levels(factor, study.where) for factor in study.factors}
    if kind == FACTORIAL:
        return _combined(levels)
    single = [(name, value) for name, values in levels.items() for value in values]
    return lambda i: ({single[i][0]: single[i][1]}, single[i][0])


def _sampled(factors: Sequence[Factor], unit: np.ndarray) -> Inner:
    def make(i: int) -> tuple[dict[str, Any], str]:
        return {f.name: f.at(u) for f, u in zip(factors, unit[i].tolist(), strict=True)}, ALL

    return make


def _combined(levels: dict[str, tuple[Any, ...]]) -> Inner:
    shape = tuple(len(values) for values in levels.values())

    def make(i: int) -> tuple[dict[str, Any], str]:
        places = np.unravel_index(i, shape)
        return {name: levels[name][int(p)] for name, p in zip(levels, places, strict=True)}, ALL

    return make


def _n(study: StudyFile, kind: str) -> int:
    n, where = study.method.get("n"), study.where
    if kind not in SAMPLED:
        if n is not None:
            raise ScenarioError(
                f"{where}: n goes with {' and '.join(SAMPLED)}; a {kind} design has as many points as levels"
            )
        return 0
    if n is None:
        raise ScenarioError(f"{where}: design {kind} needs n, the number of points")
    if isinstance(n, bool) or not isinstance(n, int) or not 2 <= n <= SWEEP_RUNS:
        raise ScenarioError(f"{where}: n must be a whole number from 2 to {SWEEP_RUNS:,}, not {shown(n)}")
    if kind == SOBOL and n & (n - 1):
        below = 1 << (n.bit_length() - 1)
        raise ScenarioError(
            f"{where}: n must be a power of two for design sobol, not {n}, or the points lose their balance; "
            f"try {below} or {2 * below}"
        )
    if n * len(study.factors) > DESIGN_NUMBERS:
        raise ScenarioError(
            f"{where}: {n:,} points x {len(study.factors)} factors are more than {DESIGN_NUMBERS:,} numbers; take "
            "fewer points"
        )
    return n


def _sample(kind: str, n: int, dimensions: int, seed: int) -> np.ndarray:
    """Points of the unit cube, float [point, factor]."""
    from scipy.stats import qmc

    luck = np.random.default_rng(seed)
    sampler = (
        qmc.Sobol(dimensions, scramble=True, seed=luck) if kind == SOBOL else qmc.LatinHypercube(dimensions, seed=luck)
    )
    return sampler.random(n)


def _levels(factor: Factor, where: str) -> tuple[Any, ...]:
    try:
        return factor.levels()
    except ScenarioError as bad:
        raise ScenarioError(f"{where}: {bad}") from None


def _check_size(study: StudyFile, points: int) -> None:
    runs = points * study.replicates
    if runs > SWEEP_RUNS:
        raise ScenarioError(
            f"{study.where}: {points:,} points x {study.replicates:,} replicates are {runs:,} runs, more than "
            f'{SWEEP_RUNS:,}; take fewer levels, or design = "{LATIN_HYPERCUBE}" with n'
        )


def _point(
    scenario: Scenario,
    factors: Sequence[Factor],
    across: Sequence[Factor],
    values: dict[str, Any],
    levels: Sequence[Any],
    varied: str,
) -> Point:
    """A point from the values that vary and the levels across; what is not given stays as it is."""
    given = {**dict(zip((f.name for f in across), levels, strict=False)), **values}
    patch: dict[str, Any] = {}
    shown: dict[str, Any] = {}
    for factor in (*across, *factors):
        if factor.name in given:
            patch |= factor.patch(given[factor.name])
        shown[factor.name] = given[factor.name] if factor.name in given else standing(factor, scenario)
    return Point(shown, patch, varied)


def standing(factor: Factor, scenario: Scenario) -> Any:
    """The value that a factor has in the scenario; of a subset of channels there may be none."""
    return AS_IT_STANDS if factor.is_subset else scenario[factor.paths[0]]
