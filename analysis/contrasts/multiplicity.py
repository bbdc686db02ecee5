"""Several gaps or changes looked at together: what one interval by itself no longer says.

Of twenty true zeros, one is left out by its own 95 % interval on average; whoever looks at twenty and speaks of the one
has found chance. So whatever is looked at side by side is judged side by side, as one *family* of m numbers:

`p_holm`
    p-values adjusted by Holm's step-down method (Holm 1979, https://www.jstor.org/stable/4615733). Calling different
    from zero what has p_holm below 0.05 errs anywhere in the family in at most 5 of 100 studies, however its numbers
    depend on each other. A family of one keeps its own p-value.
`low_together`, `high_together`
    simultaneous intervals (Bonferroni): all m hold at once in at least 95 of 100 studies. They are wider than Holm's
    method needs, which gives no intervals as simple.

Both follow from a mean, its own 95 % t-interval and the number of runs. An interval that is a point has p = 1 at zero
and p = 0 elsewhere; a number without an interval is not looked at.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit  # Student's t, without importing scipy.stats

from analysis.contrasts.intervals import LEVEL

COLUMNS = ["p", "p_holm", "low_together", "high_together", "looked_at"]
MANY_RUNS = 10**9  # as good as a normal distribution


def beside(
    table: pd.DataFrame, family: Sequence[str], names: Sequence[str] = ("change", "low", "high"), runs: str = "pairs"
) -> pd.DataFrame:
    """A table of numbers with intervals, and beside them what holds when they are looked at together.

    Parameters
    ----------
    table : one row per number
    family : columns; rows that agree in all of them are looked at together; none: all rows
    names : columns of the number and of its 95 % t-interval
    runs : column, how many runs or pairs the interval rests on

    Returns
    -------
    The table with the columns ``COLUMNS``; ``looked_at`` counts the family, p and bounds are NaN without an interval
    """
    found = table.assign(**dict.fromkeys(COLUMNS[:-1], np.nan), looked_at=0)
    for rows in _families(found, family):
        values = (table[name].to_numpy(dtype=float)[rows] for name in (*names, runs))
        found.iloc[rows, [found.columns.get_loc(name) for name in COLUMNS]] = together(*values)
    return found.astype({"looked_at": int})


def _families(table: pd.DataFrame, family: Sequence[str]) -> Iterable[np.ndarray]:
    """Places of the rows of each family."""
    if not family or table.empty:
        return [np.arange(len(table))] if len(table) else []
    return table.groupby(list(family), sort=False, dropna=False).indices.values()


def together(mean: np.ndarray, low: np.ndarray, high: np.ndarray, runs: np.ndarray) -> np.ndarray:
    """The columns ``COLUMNS`` of one family; float [number, column]."""
    half, freedom = (high - low) / 2.0, np.maximum(runs - 1.0, 1.0)
    there = np.isfinite(half)
    count = int(there.sum())
    own, wide = (stdtrit(freedom, 0.5 + level / 2.0) for level in (LEVEL, 1.0 - (1.0 - LEVEL) / max(count, 1)))
    with np.errstate(divide="ignore", invalid="ignore"):  # points, and numbers without an interval
        t = np.where(mean == 0.0, 0.0, np.abs(mean) * own / half)
        p = np.where(there, 2.0 * stdtr(freedom, -t), np.nan)
        reach = np.where(there, half * wide / own, np.nan)
    return np.column_stack([p, holm(p), mean - reach, mean + reach, np.full(len(p), count)])


def holm(p: np.ndarray) -> np.ndarray:
    """P-values adjusted by Holm's method; NaN stays out of the family."""
    adjusted = np.full(len(p), np.nan)
    there = np.flatnonzero(~np.isnan(p))
    order = there[np.argsort(p[there], kind="stable")]
    steps = p[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(steps))
    return adjusted


def told_apart(p_holm: float | None) -> bool:
    """Whether a number can be told apart from zero, by its adjusted p-value; without one it cannot."""
    return p_holm is not None and bool(p_holm < 1.0 - LEVEL)
