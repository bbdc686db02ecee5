"""How many pairs: what a pilot says about the size of a study, and what a study of a given size could have seen.

A pilot gives the spread s of the paired change. With n pairs the 95 % interval of the mean change has the half-width::

    h(n) = t(0.975, n - 1) s / sqrt(n)

`pairs_needed` turns this round. A change d is *seen* when its interval leaves out 0; the chance of that, the power, is
that of the two-sided t-test at 5 %, exactly (T has the non-central t-distribution with n - 1 degrees and non-centrality
d sqrt(n) / s)::

    power = P(|T| > t(0.975, n - 1))

`smallest_change` is the d seen with power 0.8: if a study found no change, this is what it can exclude having missed.
The pilot's s is itself an estimate; from eight pairs it may well be a third too small or double the truth, so a plan is
a first guess, to be looked at again as pairs come in.
"""

import numpy as np

from analysis.contrasts.pairs import student

POWER = 0.8
MOST_PAIRS = 10**9  # beyond any study


def half_width(sd: float, pairs: int) -> float:
    """Expected half-width of the 95 % interval of a mean change.

    Parameters
    ----------
    sd : float      standard deviation of the change over pairs, in the unit of the change
    pairs : int     endless half-width for fewer than two
    """
    _check("sd", sd, at_least=0.0)
    return student(pairs - 1) * sd / float(np.sqrt(pairs)) if pairs > 1 else float("inf")


def pairs_needed(sd: float, half_width_wanted: float) -> int:
    """Fewest pairs whose 95 % interval is expected to have at most the wanted half-width; at least 2.

    Parameters
    ----------
    sd : float                  standard deviation of the change over the pairs of a pilot
    half_width_wanted : float   > 0, same unit

    Raises
    ------
    ValueError    values out of range, or more than a thousand million pairs needed
    """
    _check("sd", sd, at_least=0.0)
    if not (np.isfinite(half_width_wanted) and half_width_wanted > 0.0):
        raise ValueError(f"half_width_wanted must be a number above 0, not {half_width_wanted:g}")
    low, high = 1, 2  # h(n) falls with n: too wide at low, narrow enough at high
    while half_width(sd, high) > half_width_wanted:
        low, high = high, 2 * high
        if high > MOST_PAIRS:
            raise ValueError(f"a half-width of {half_width_wanted:g} asks for more than {MOST_PAIRS:,} pairs")
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if half_width(sd, middle) > half_width_wanted else (low, middle)
    return high


def smallest_change(sd: float, pairs: int) -> float:
    """The smallest true mean change that a study of this size sees with power ``POWER``.

    Parameters
    ----------
    sd : float    standard deviation of the change over pairs
    pairs : int   at least 2
    """
    from scipy.optimize import brentq

    _check("sd", sd, at_least=0.0)
    _check("pairs", pairs, at_least=2)
    most = 1.0
    while _power(most, pairs) < POWER:
        most *= 2.0
    return brentq(lambda shift: _power(shift, pairs) - POWER, 0.0, most, xtol=1e-10) * sd / float(np.sqrt(pairs))


def _power(shift: float, pairs: int) -> float:
    """Power of the two-sided t-test for a non-centrality ``shift``."""
    from scipy.special import ncfdtr

    return float(1.0 - ncfdtr(1, pairs - 1, shift**2, student(pairs - 1) ** 2))  # the square of T is a non-central F


def _check(name: str, value: float, at_least: float) -> None:
    if not (np.isfinite(value) and value >= at_least):
        raise ValueError(f"{name} must be a number at least {at_least:g}, not {value:g}")
