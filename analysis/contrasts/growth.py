"""A study that grows until an interval is narrow: how many pairs to look at next, and what they could have shown.

Runs can be added until the interval is narrow enough: after a first batch of n >= 10 pairs, while the half-width

    h(n) = t(0.975, n - 1) s(n) / sqrt(n)

of the change of the gap exceeds the one asked for in some arm, as many pairs are run as the spread s(n) seen so far
asks for, at most twice as many as there are and at least a twentieth more. Stopping by the width of an interval does
not look at where it lies, so its coverage tends to 95 % as the width asked for shrinks (Chow & Robbins 1965,
doi:10.1214/aoms/1177700156); with few pairs s(n) may be small by luck, hence the first batch.
"""

from typing import NamedTuple

import numpy as np

from analysis.contrasts import planning
from analysis.contrasts.intervals import paired
from analysis.contrasts.pairs import complete

GROWTH = 2  # most pairs after a step, as a multiple of those before


class Growth(NamedTuple):
    """How a study grew until its interval was narrow."""

    asked_h: float  # half-width asked for
    most: int  # pairs at most
    steps: list[int]  # pairs after each step
    half_widths_h: list[float]  # of each arm's 95 % interval, at the end
    needed: int  # pairs that the spread at the end asks for

    @property
    def reached(self) -> bool:
        """Whether every arm's interval is as narrow as asked for."""
        return all(half <= self.asked_h for half in self.half_widths_h)


def next_pairs(changes: np.ndarray, half_width: float, most: int, pairs: int) -> int:
    """How many pairs to look at next; as many as there are where every arm's interval is narrow, or ``most`` are there.

    Parameters
    ----------
    changes : float [pair, arm]
    half_width : float > 0, of the 95 % interval, in the unit of the changes
    most : int, pairs at most
    pairs : that there are
    """
    if np.all(half_widths(changes) <= half_width) or pairs >= most:
        return pairs
    return min(most, max(pairs + pairs // 20 + 1, min(pairs_needed(changes, half_width), GROWTH * pairs)))


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
