"""A comparison: pairs of runs with equal seeds, as many as asked for or as a narrow interval needs.

Every pair is one seed, run once in the baseline and once in each arm. What both share (city, storm, inclinations)
cancels in the change, arm minus baseline, so the interval is over pairs.

How many pairs there are may depend on the width of an interval: `analysis.contrasts.growth`.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from experiments.claims import CUSTOMERS, DARK, FEWEST, Ground
from experiments.designs.arm_differences import crews_bill_apart
from experiments.designs.arms import Arm
from experiments.designs.doubt import Doubt, identity_of, rows_of
from experiments.findings.net_costs import with_net
from experiments.runs.plan import Plan
from experiments.runs.replicates import seeds_of
from experiments.runs.rows import Row, row

FIRST_PAIRS = FEWEST  # before an interval may stop the study


class Design(NamedTuple):
    """What is compared, whatever the number of pairs."""

    baseline: Arm
    arms: tuple[Arm, ...]
    by: tuple[str, ...]
    first_seed: int
    doubt: Doubt | None = None  # about parameters


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
        **identity_of(design.doubt),
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
    return [list(rows_of(design.doubt, [pattern._replace(seeds=s) for s in seeds])) for pattern in patterns]


def doubt_in(design: Design, pairs: int) -> np.ndarray | None:
    """The draws that pairs were made with, as `analysis.contrasts.intervals.paired` takes them."""
    return design.doubt and design.doubt.components(seeds_of(design.first_seed, pairs))
