"""A study of sensitivity: its design on the unit interval, the rows it runs, and the outcomes it gets back.

SALib draws the design with bounds of 0 and 1 for every parameter; `Factor.at` turns each position into a value. All
rows run under the same R seeds (common random numbers), and a row's outcome is its mean over them.

==========  ================================================  ===============================================
method      n                                                 rows, with D parameters or groups
==========  ================================================  ===============================================
sobol       base samples, a power of two                      n (D + 2); n (2 D + 2) with second_order
morris      trajectories                                      n (D + 1)
the rest    points of a Latin hypercube                       n
==========  ================================================  ===============================================

A larger n goes on from the runs of a smaller one with Sobol' and Morris, whose designs begin alike, so n is no part of
a study's identity.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from analysis.sensitivity.given import least_rows
from analysis.sensitivity.indices import RESAMPLES
from analysis.sensitivity.sample import GIVEN_DATA, METHODS, Sample, block_rows
from experiments.designs.factors import Factor
from experiments.designs.study_files import StudyFile
from experiments.runs.lazy import Lazy
from experiments.runs.ledger import Ledger
from experiments.runs.plan import Plan
from experiments.runs.replicates import seeds_of
from experiments.runs.rows import Row
from sim.core.errors import ScenarioError, shown, unknown
from sim.core.limits import DESIGN_NUMBERS, SENSITIVITY_RUNS

LEVELS = 4  # positions that Morris tries of every parameter
LEAST_N = {"sobol": 8, "morris": 4}
GROUPED = ("sobol", "morris")
COUNTED = {"sobol": "base samples", "morris": "trajectories"}


class Sensitivity(NamedTuple):
    """What is to be run and analysed."""

    study: StudyFile
    sample: Sample
    resamples: int  # of the bootstrap behind the intervals
    plan: Plan

    @property
    def runs(self) -> int:
        """Rows of the design times seeds."""
        return len(self.sample.u) * self.study.replicates


def rows_of(study: StudyFile, u: np.ndarray) -> Lazy[Row]:
    """Points of the design times seeds, point by point."""
    seeds, scenario = seeds_of(study.seed, study.replicates), study.scenario.digest

    def make(index: int) -> Row:
        point, replicate = divmod(index, len(seeds))
        patch: dict[str, Any] = {}
        for factor, at in zip(study.factors, u[point].tolist(), strict=True):
            patch |= factor.patch(factor.at(at))
        return Row(scenario, tuple(sorted(patch.items())), seeds[replicate])

    return Lazy(len(u) * len(seeds), make)


def sensitivity_of(study: StudyFile) -> Sensitivity:
    """The design and the plan of a study of kind "sensitivity", checked as a whole.

    Raises
    ------
    ScenarioError    unknown method, fewer than two parameters, an n that the method cannot use, groups or second order
                     where they have no place, a value that the scenario refuses
    """
    where, method = study.where, _method(study)
    if len(study.factors) < 2:
        raise ScenarioError(
            f"{where}: [vary] must name at least two parameters, not {len(study.factors)}; for one, see coproduce sweep"
        )
    groups = _groups(study, method)
    second_order = _second_order(study, method, bool(groups))
    _check_levels(study, method)
    names = tuple(factor.name for factor in study.factors)
    empty = Sample(method, names, groups, second_order, LEVELS, study.seed, np.empty((0, len(names))))
    n = _n(study, empty)
    sample = empty._replace(u=_drawn(empty, n))
    for factor in study.factors:
        for value in factor.choices or (factor.at(0.0), factor.at(1.0)):
            study.scenario.but(factor.patch(value))
    identity = {**study.content, "method": {"method": method, "second_order": second_order, "groups": list(groups)}}
    if method in GIVEN_DATA:  # points of a hypercube depend on how many there are
        identity["n"] = n
    plan = Plan({study.scenario.digest: study.scenario}, rows_of(study, sample.u), study.by, identity)
    return Sensitivity(study, sample, study.method.get("resamples", RESAMPLES), plan)


def outcomes_of(asked: Sensitivity, ledger: Ledger, names: Sequence[str]) -> np.ndarray:
    """Outcomes from a ledger, float [outcome, row, seed]; NaN where a run failed or has no such measure."""
    found = ledger.values(asked.plan.rows, asked.plan.by, names)
    shape = (len(asked.sample.u), asked.study.replicates, len(names))
    return np.moveaxis(found.reshape(shape), 2, 0)


def counted(method: str) -> str:
    """What n counts."""
    return COUNTED.get(method, "rows")


def values_of(factor: Factor, u: np.ndarray) -> list[Any]:
    """The values that a factor takes at positions on the unit interval."""
    return [factor.at(position) for position in u.tolist()]


def cost_in_rows(method: str, labels: int, n: int, second_order: bool) -> int:
    """How many rows a design has."""
    return n * block_rows(method, labels, second_order)


def _method(study: StudyFile) -> str:
    method = study.method.get("method")
    if method is None:
        raise ScenarioError(f"{study.where}: method is missing (one of {', '.join(METHODS)})")
    return str(method)


def _n(study: StudyFile, empty: Sample) -> int:
    """n, checked against the method and against the number of runs that it leads to."""
    n, where, method = study.method.get("n"), study.where, empty.method
    what = counted(method)
    if n is None:
        raise ScenarioError(f"{where}: method {method} needs n, the number of {what}; see coproduce sensitivity --help")
    least = least_rows(method, len(empty.names)) if method in GIVEN_DATA else LEAST_N[method]
    if isinstance(n, bool) or not isinstance(n, int) or n < least:
        raise ScenarioError(
            f"{where}: n must be a whole number of {what} from {least} on for {len(empty.labels)} parameters or groups "
            f"and method {method}, not {shown(n)}"
        )
    if method == "sobol" and n & (n - 1):
        below = 1 << (n.bit_length() - 1)
        raise ScenarioError(
            f"{where}: n must be a power of two for method sobol, not {n}, or its points lose their balance and the "
            f"indices their accuracy; the nearest are {below} and {2 * below}"
        )
    runs = cost_in_rows(method, len(empty.labels), n, empty.second_order) * study.replicates
    if runs > SENSITIVITY_RUNS:
        raise ScenarioError(
            f"{where}: n = {n:,} and {study.replicates:,} replicates are {runs:,} runs, more than "
            f"{SENSITIVITY_RUNS:,}; screen with method morris first"
        )
    numbers = runs // study.replicates * len(empty.names)
    if numbers > DESIGN_NUMBERS:
        raise ScenarioError(
            f"{where}: n = {n:,} makes a design of {numbers:,} numbers, more than {DESIGN_NUMBERS:,}; screen with "
            "method morris first"
        )
    return n


def _second_order(study: StudyFile, method: str, grouped: bool) -> bool:
    value, where = study.method.get("second_order", False), study.where
    if value and method != "sobol":
        more = "; hdmr has pairs without being asked" if method == "hdmr" else ""
        raise ScenarioError(f"{where}: second_order goes with method sobol, not {method}{more}")
    if value and grouped:
        raise ScenarioError(
            f"{where}: second_order and [groups] do not go together: a pair of groups mixes too many interactions to "
            "be read; leave one of them out"
        )
    return value


def _groups(study: StudyFile, method: str) -> tuple[str, ...]:
    """The group of each factor; factors in none form one of their own. Empty: no groups."""
    tree, where = study.method.get("groups", {}), f"{study.where} [groups]"
    if not tree:
        return ()
    if method not in GROUPED:
        raise ScenarioError(
            f"{where}: method {method} judges one parameter at a time; groups go with {' and '.join(GROUPED)}"
        )
    names = [factor.name for factor in study.factors]
    group_of: dict[str, str] = {}
    for group, members in tree.items():
        if not isinstance(members, list) or not members:
            raise ScenarioError(f"{where}: {group} must be a list of parameters of [vary], not {shown(members)}")
        for member in members:
            if member not in names:
                raise unknown(f"{where} {group}", "parameter", str(member), names)
            if member in group_of:
                raise ScenarioError(f"{where}: {member} stands in two groups, '{group_of[member]}' and '{group}'")
            group_of[member] = group
    alone = [name for name in names if name not in group_of]
    if set(alone) & set(group_of.values()):
        raise ScenarioError(
            f"{where}: a group has the name of a parameter outside it, '{(set(alone) & set(tree)).pop()}'"
        )
    if len(set(group_of.values())) + len(alone) < 2:
        raise ScenarioError(f"{where}: all parameters in one group leave nothing to compare; make two groups or more")
    return tuple(group_of.get(name, name) for name in names)


def _check_levels(study: StudyFile, method: str) -> None:
    for factor in study.factors:
        if method == "morris" and len(factor.choices) > LEVELS:
            raise ScenarioError(
                f"{study.where} [vary] {factor.name}: method morris tries {LEVELS} positions of each parameter, so "
                f"some of the {len(factor.choices)} values would never run; list at most {LEVELS}, or take another "
                "method"
            )


def _drawn(empty: Sample, n: int) -> np.ndarray:
    """Positions on the unit interval, float [row, parameter]."""
    from SALib.sample import latin, morris, sobol

    seed, problem = empty.salib_seed("sample"), empty.problem()
    if empty.method == "sobol":
        return sobol.sample(problem, n, calc_second_order=empty.second_order, seed=seed)
    if empty.method == "morris":
        return np.clip(morris.sample(problem, n, num_levels=empty.levels, seed=seed), 0.0, 1.0)
    return latin.sample(problem, n, seed=seed)
