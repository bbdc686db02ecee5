"""How much of what looks like sensitivity is luck: the part of a row's outcome that its seeds did not average out.

All rows run under the same R seeds (common random numbers), and a row's outcome is its mean over them. With y[i, j] the
outcome of row i under seed j, the two-way decomposition

    y[i, j] = m + a[i] + b[j] + e[i, j]

separates what the parameters do (a), what a seed does to all rows alike (b: it cancels between rows, so it costs
nothing), and how a seed treats this row differently from others (e, seed x parameters). Only e is left in the mean over
seeds, with variance V(e) / R. With the mean squares MSrow = R V(mean over seeds) and MSe, of which the second estimates
V(e),

    share of luck = (V(e) / R) / V(mean over seeds) = MSe / MSrow,

estimated for a fresh draw of R seeds. More seeds shrink it as 1 / R. One seed cannot tell e from a.
"""

from typing import NamedTuple

import numpy as np


class Noise(NamedTuple):
    """Variance of a row's outcome, split."""

    seeds: int
    rows: int  # with a finite outcome under every seed
    variance: float  # of the mean over seeds, between rows; in the outcome's unit squared
    luck: float  # V(e) / R, same unit; NaN with one seed
    share: float  # luck over variance, at most 1; NaN with one seed, or where nothing varies


def noise(values: np.ndarray) -> Noise:
    """Split the variance of the mean over seeds.

    Parameters
    ----------
    values : float [row, seed]   outcome of every row under every seed; rows with a gap are left out
    """
    there = values[np.isfinite(values).all(axis=1)]
    rows, seeds = there.shape
    if rows < 2:
        return Noise(seeds, rows, float("nan"), float("nan"), float("nan"))
    means = there.mean(axis=1)
    variance = float(means.var(ddof=1))
    if seeds < 2:
        return Noise(seeds, rows, variance, float("nan"), float("nan"))
    left = there - means[:, None] - there.mean(axis=0) + there.mean()
    luck = float((left**2).sum() / ((rows - 1) * (seeds - 1)) / seeds)
    share = min(luck / variance, 1.0) if variance > 0.0 else float("nan")
    return Noise(seeds, rows, variance, luck, share)
