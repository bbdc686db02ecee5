"""A comparison: pairs of runs with equal seeds, as many as asked for or as a narrow interval needs.

Every pair is one seed, run once in the baseline and once in each arm. What both share (city, storm, inclinations)
cancels in the change, arm minus baseline, so the interval is over pairs.

Runs can be added until the interval is narrow enough: after a first batch of n >= 10 pairs, while the half-width

    h(n) = t(0.975, n - 1) s(n) / sqrt(n)

of the change of the gap exceeds the one asked for in some arm, as many pairs are run as the spread s(n) seen so far
asks for, at most twice as many as there are and at least a twentieth more. Stopping by the width of an interval does
not look at where it lies, so its coverage tends to 95 % as the width asked for shrinks (Chow & Robbins 1965,
doi:10.1214/aoms/1177700156); with few pairs s(n) may be small by luck, hence the first batch.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from analysis.contrasts import planning
from analysis.contrasts.intervals import paired
from analysis.contrasts.pairs import complete
from experiments.claims import CUSTOMERS, DARK, FEWEST, Ground
from experiments.designs.arms import Arm, crews_bill_apart
from experiments.runs.plan import Plan
from experiments.runs.replicates import seeds_of
from experiments.runs.rows import Row, row
from experiments.studies.net_costs import with_net

FIRST_PAIRS = FEWEST  # before an interval may stop the study
GROWTH = 2  # most pairs after a step, as a multiple of those before


class Design(NamedTuple):
    """What is compared, whatever the number of pairs."""

    baseline: Arm
    arms: tuple[Arm, ...]
    by: tuple[str, ...]
    first_seed: int


class Values(NamedTuple):
    """Measures of all pairs; NaN where a run failed or has no such value."""

    names: tuple[str, ...]
    baseline: np.ndarray  # float [pair, name]
    arms: np.ndarray  # float [arm, pair, name]

    def changes(self, name: str) -> np.ndarray:
        """Change of one measure, arm minus baseline; float [pair, arm]."""
        place = self.names.index(name)
        return difference(self.arms[:, :, place].T, self.baseline[:, place, None])

    def failed(self) -> np.ndarray:
        """Pairs of which a run failed; bool [arm, pair]."""
        return np.isnan(self.arms).all(axis=2) | np.isnan(self.baseline).all(axis=1)


def ground_of(design: Design, values: Values, arm: int) -> Ground:
    """What a claim about an arm would stand on: the pairs that did not fail, and whichever side stayed darker."""
    there = ~values.failed()[arm]
    sides = ((design.baseline, values.baseline[there]), (design.arms[arm], values.arms[arm][there]))
    dark = [mean_of(values.names, rows, DARK) for _, rows in sides]
    darker = int(np.nan_to_num(dark[1]) > np.nan_to_num(dark[0]))
    side, rows = sides[darker]
    return Ground(int(there.sum()), dark[darker], side.whole, mean_of(values.names, rows, CUSTOMERS), "pairs")


def mean_of(names: Sequence[str], rows: np.ndarray, name: str) -> float:
    """Mean of a measure over the runs that have it, float [run, name]; NaN where none has."""
    column = rows[:, list(names).index(name)] if name in names else np.empty(0)
    there = column[~np.isnan(column)]
    return float(there.mean()) if there.size else float("nan")


class Growth(NamedTuple):
    """How a study grew until its interval was narrow."""

    asked: float  # half-width asked for, in the unit of the measure
    most: int  # pairs at most
    steps: list[int]  # pairs after each step
    half_widths: np.ndarray  # float [arm], at the end
    needed: int  # pairs that the spread at the end asks for

    @property
    def reached(self) -> bool:
        """Whether every arm's interval is as narrow as asked for."""
        return bool(np.all(self.half_widths <= self.asked))


def plan_of(design: Design, pairs: int) -> Plan:
    """The runs of a comparison: seed by seed, the baseline first; arms of equal content share their runs.

    The identity holds no number of pairs, so that a study can grow in the ledger that it began in.
    """
    arms = (design.baseline, *design.arms)
    contents = [arm.content for arm in arms]
    base = " ".join(filter(None, [contents[0][:8], design.baseline.rules.told]))
    identity: dict[str, Any] = {
        "kind": "compare",
        "baseline": f"{design.baseline.scenario.name} {base}",
        "arms": contents[1:],
        "by": list(design.by),
        "first_seed": design.first_seed,
    }
    by_arm = _rows(design, pairs)
    rows = dict.fromkeys(rows[i] for i in range(pairs) for rows in by_arm)
    rules = {arm.rules.told: arm.rules for arm in arms}
    return Plan({arm.scenario.digest: arm.scenario for arm in arms}, list(rows), design.by, identity, rules)


def values_of(ledger: Any, design: Design, pairs: int) -> Values:
    """What is known of the first ``pairs`` pairs."""
    names = tuple(ledger.names())
    columns = [ledger.values(rows, design.by, names) for rows in _rows(design, pairs)]
    own_bill = [bool(crews_bill_apart(design.baseline, arm)) for arm in design.arms]
    return Values(*with_net(names, columns[0], np.stack(columns[1:]), own_bill))


def grow(changes_of: Callable[[int], np.ndarray], half_width: float, most: int, first: int = FIRST_PAIRS) -> Growth:
    """Add pairs until the interval of the change is narrow in every arm, or there are ``most``.

    Parameters
    ----------
    changes_of : of a number of pairs; runs what is missing and returns float [pair, arm]
    half_width : float > 0, of the 95 % interval, in the unit of the changes
    most : int, pairs at most
    first : int, pairs before the first look; ``FIRST_PAIRS`` <= first <= most
    """
    steps = [first]
    while True:
        changes = changes_of(steps[-1])
        reached, needed = half_widths(changes), pairs_needed(changes, half_width)
        if np.all(reached <= half_width) or steps[-1] >= most:
            return Growth(half_width, most, steps, reached, needed)
        pairs = steps[-1]
        steps.append(min(most, max(pairs + pairs // 20 + 1, min(needed, GROWTH * pairs))))


def half_widths(changes: np.ndarray) -> np.ndarray:
    """Half-width of the 95 % t-interval of each arm's mean change; endless for fewer than two pairs.

    Parameters
    ----------
    changes : float [pair, arm]
    """
    found = [paired(column) for column in changes.T]
    half = np.array([(interval.high - interval.low) / 2.0 for interval in found])
    return np.where(np.isnan(half), np.inf, half)


def pairs_needed(changes: np.ndarray, half_width: float) -> int:
    """Pairs that the most spread-out arm's interval needs, by the spread seen so far; float [pair, arm]."""
    return max(_needed(complete(arm)[0][0], half_width) for arm in changes.T)


def _needed(changes: np.ndarray, half_width: float) -> int:
    if changes.size < 2:
        return planning.MOST_PAIRS
    try:
        return planning.pairs_needed(float(np.std(changes, ddof=1)), half_width)
    except ValueError:  # beyond any study
        return planning.MOST_PAIRS


def smallest_changes(changes: np.ndarray) -> np.ndarray:
    """The smallest true change of each arm that as many pairs see with power 80 %; NaN for fewer than two pairs."""
    columns = [complete(arm)[0][0] for arm in changes.T]
    return np.array(
        [planning.smallest_change(float(np.std(c, ddof=1)), c.size) if c.size > 1 else np.nan for c in columns]
    )


def difference(value: np.ndarray, base: np.ndarray) -> np.ndarray:
    """``value - base``; NaN where both are endless."""
    with np.errstate(invalid="ignore"):
        return value - base


def _rows(design: Design, pairs: int) -> list[list[Row]]:
    """Runs [baseline and arms][pair]; an arm of known content takes the runs that are there."""
    arms = (design.baseline, *design.arms)
    contents = [arm.content for arm in arms]
    seeds = seeds_of(design.first_seed, pairs)
    first = [arms[contents.index(content)] for content in contents]
    patterns = [row(arm.scenario, arm.patch, seeds[0], arm.rules) for arm in first]  # a digest is not taken twice
    return [[pattern._replace(seeds=s) for s in seeds] for pattern in patterns]
