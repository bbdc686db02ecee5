"""Two arms run with the same seeds: what changed, what pairing has saved, and what the change costs.

A *pair* is one seed run in both arms; what both share (city, storm, inclinations) cancels in the difference. All
arrays have shape [pair] and stand in the order of the seeds. A pair with a failed run (NaN) is left out, and counted.

`change`
    mean difference d = a - b with Student's t-interval (see `analysis.contrasts.intervals.paired`).
`variance_ratio`
    R = (var a + var b) / var(a - b): independent seeds would need R times as many runs for an interval of the same
    width. With s = a + b it is R = (1 + w) / 2 where w = var s / var d, and the interval of w, exact for normal values
    whatever the correlation r of s and d, is w [K -+ sqrt(K^2 - 1)] with K = 1 + 2 (1 - r^2) t^2 / (n - 2)
    (Pitman 1939, doi:10.1093/biomet/31.1-2.9; Morgan 1939, doi:10.1093/biomet/31.1-2.13).
`ratio`
    q = mean x / mean y, such as dollars per hour saved: a ratio of means, never the mean of ratios, which single pairs
    that save nothing would make endless. Its interval comes from resampling pairs (BCa bootstrap: Efron 1987,
    doi:10.1080/01621459.1987.10478410); beside it stands Fieller's, the q for which the t-interval of x - q y holds 0
    (Fieller 1954, doi:10.1111/j.2517-6161.1954.tb00159.x). If the t-interval of mean y holds 0, no interval of q is
    bounded, and none is given.
"""

from typing import NamedTuple

import numpy as np

from analysis.contrasts.intervals import LEVEL, Interval, paired

RESAMPLES = 9_999
BATCH = 2_000_000  # numbers drawn at a time, to bound memory
FEW = 10  # pairs below which resampling gives intervals that are too narrow
NAN = float("nan")


class Estimate(NamedTuple):
    """A number made from pairs, with its 95 % interval."""

    value: float
    low: float  # NaN where there is no interval
    high: float
    pairs: int  # used
    left_out: int  # pairs without a value in both arms
    note: str  # why there is no number or no interval, in plain words


class Ratio(NamedTuple):
    """A ratio of two means over pairs, with two 95 % intervals."""

    value: float
    low: float  # BCa bootstrap over pairs
    high: float
    fieller_low: float
    fieller_high: float
    pairs: int
    left_out: int
    note: str


def change(arm: np.ndarray, baseline: np.ndarray) -> Interval:
    """Mean change from the baseline to an arm, over pairs, with a 95 % t-interval.

    Parameters
    ----------
    arm, baseline : float [pair]   same seed in the same place; a pair with a NaN is left out, and counted
    """
    with np.errstate(invalid="ignore"):  # both endless: NaN, so left out
        return paired(np.asarray(arm, dtype=float) - np.asarray(baseline, dtype=float))


def variance_ratio(arm: np.ndarray, baseline: np.ndarray) -> Estimate:
    """How many times more runs independent seeds would need for an interval as narrow as that of the pairs.

    Above 1 pairing helps; below 1 it harms. Measured in the very runs it speaks of; see the module for the formula.

    Parameters
    ----------
    arm, baseline : float [pair]
    """
    (a, b), left_out = complete(arm, baseline)
    n = a.size
    if n < 3:
        return Estimate(NAN, NAN, NAN, n, left_out, "fewer than three pairs: nothing to tell spread by")
    both, apart = a + b, a - b
    spread, remaining = float(np.var(both, ddof=1)), float(np.var(apart, ddof=1))
    if remaining == 0.0:
        note = "no spread at all" if spread == 0.0 else "the change is the same in every pair"
        return Estimate(np.inf if spread else NAN, NAN, NAN, n, left_out, note)
    found, (low, high) = spread / remaining, _pitman(both, apart, n)
    return Estimate(_runs(found), _runs(found * low), _runs(found * high), n, left_out, "")


def ratio(
    numerator: np.ndarray, denominator: np.ndarray, what: str = "change", resamples: int = RESAMPLES, seed: int = 0
) -> Ratio:
    """Mean of one quantity over the mean of another, over the same pairs.

    Parameters
    ----------
    numerator, denominator : float [pair]   e.g. dollars added and hours saved
    what : the denominator in words, for the note that it cannot be told from zero
    resamples, seed : of the bootstrap; equal seeds give equal intervals

    Returns
    -------
    Ratio; NaN throughout, with a note, where the 95 % interval of the denominator's mean holds 0
    """
    (x, y), left_out = complete(numerator, denominator)
    n, mean_y = x.size, paired(y)
    if n < 2 or mean_y.low <= 0.0 <= mean_y.high:
        return no_ratio(n, left_out, _few(n) if n < 2 else f"no {what} that can be told from zero")
    low, high = bca(x, y, resamples, seed)
    return Ratio(float(x.mean() / y.mean()), low, high, *fieller(x, y), n, left_out, _few(n))


def no_ratio(pairs: int, left_out: int, note: str) -> Ratio:
    """Words in place of a number."""
    return Ratio(NAN, NAN, NAN, NAN, NAN, pairs, left_out, note)


def complete(*columns: np.ndarray) -> tuple[list[np.ndarray], int]:
    """The columns [pair] at those pairs where all are finite, and how many pairs were left out."""
    table = np.array([np.asarray(column, dtype=float).reshape(-1) for column in columns])
    there = np.isfinite(table).all(axis=0)
    return list(table[:, there]), int(np.sum(~there))


def fieller(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Fieller's 95 % interval of mean x / mean y; shapes [pair]. NaN where it is not bounded.

    The ends are the roots q of (y^2 - t^2 v_yy) q^2 - 2 (x y - t^2 v_xy) q + (x^2 - t^2 v_xx) = 0, with means x, y and
    their variances and covariance v.
    """
    n = x.size
    (v_xx, v_xy), (_, v_yy) = np.cov(x, y) / n
    mean_x, mean_y, t2 = x.mean(), y.mean(), student(n - 1) ** 2
    square, line, constant = mean_y**2 - t2 * v_yy, mean_x * mean_y - t2 * v_xy, mean_x**2 - t2 * v_xx
    if square <= 0.0:
        return NAN, NAN
    reach = np.sqrt(max(line**2 - square * constant, 0.0))  # below 0 by rounding alone
    return float((line - reach) / square), float((line + reach) / square)


def bca(x: np.ndarray, y: np.ndarray, resamples: int = RESAMPLES, seed: int = 0) -> tuple[float, float]:
    """Bias-corrected and accelerated bootstrap interval (95 %) of mean x / mean y; shapes [pair]."""
    from scipy.special import ndtr, ndtri

    found, drawn = x.mean() / y.mean(), _resampled(x, y, resamples, seed)
    below = (np.mean(drawn < found) + np.mean(drawn <= found)) / 2.0
    n = x.size
    without = ((x.sum() - x) / (n - 1)) / ((y.sum() - y) / (n - 1))  # jackknife: each pair left out once
    off = without.mean() - without
    scale = 6.0 * np.sum(off**2) ** 1.5
    bias, acceleration = ndtri(below), np.sum(off**3) / scale if scale > 0.0 else 0.0
    shifted = bias + ndtri([0.5 - LEVEL / 2, 0.5 + LEVEL / 2])
    low, high = np.quantile(drawn, ndtr(bias + shifted / (1.0 - acceleration * shifted)))
    return float(low), float(high)


def student(degrees: float) -> float:
    """Student's t for a two-sided 95 % interval."""
    from scipy.special import stdtrit

    return float(stdtrit(degrees, 0.5 + LEVEL / 2))


def _resampled(x: np.ndarray, y: np.ndarray, resamples: int, seed: int) -> np.ndarray:
    """Ratios of means of pairs drawn with replacement [resample]."""
    luck, n = np.random.Generator(np.random.Philox(seed)), x.size
    rows = max(1, BATCH // n)
    batches = []
    for start in range(0, resamples, rows):
        pick = luck.integers(n, size=(min(rows, resamples - start), n))
        batches.append(x[pick].mean(axis=1) / y[pick].mean(axis=1))
    return np.concatenate(batches)


def _pitman(both: np.ndarray, apart: np.ndarray, n: int) -> tuple[float, float]:
    """Factors that take the ratio of two variances to the ends of its interval."""
    if np.var(both) == 0.0:
        return NAN, NAN
    r = np.corrcoef(both, apart)[0, 1]
    k = 1.0 + 2.0 * max(1.0 - r**2, 0.0) * student(n - 2) ** 2 / (n - 2)
    return k - np.sqrt(k**2 - 1.0), k + np.sqrt(k**2 - 1.0)


def _runs(spread_ratio: float) -> float:
    return (1.0 + spread_ratio) / 2.0


def _few(n: int) -> str:
    if n < 2:
        return "one pair: no interval" if n else "no pair with a value in both arms"
    return f"only {n} pairs: the bootstrap interval is too narrow" if n < FEW else ""
