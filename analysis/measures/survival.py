"""Time without power as survival data: what can be said when observation ends before all have power again.

A household that is still dark at the horizon is **right-censored**: we know that it waits longer than
``horizon - out``, not how long. Averages over the restored alone would be too short, so curves and quantiles
come from the Kaplan-Meier estimator (Kaplan & Meier 1958, doi:10.1080/01621459.1958.10501452), and means are
restricted to a stated time (Royston & Parmar 2013, doi:10.1186/1471-2288-13-152).

With d_j back at hour t_j, and n_j until then neither back nor lost from sight, the curve is::

    S(t) = product over t_j <= t of (n_j - d_j) / n_j

Tables may be data frames or plain mappings of names to arrays. Everything here is NumPy alone, for it also runs in
the workers of large studies, where importing pandas or ``scipy.stats`` would take most of a second each time.
"""

import math
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    Table: TypeAlias = pd.DataFrame | Mapping[str, Any]

ROUNDING = 1e-12  # a product of shares may miss a round number by this much


class Observed(NamedTuple):
    """Hours without power as far as they were seen. Shapes [affected], but for the mask."""

    affected: np.ndarray  # bool [household]  lost power before the horizon
    hours: np.ndarray  # float64  from losing power to restoration or to the horizon, whichever is first
    restored: np.ndarray  # bool  False: the horizon came first (right-censored)


def observed(households: "Table", horizon_h: float) -> Observed:
    """Hours without power of the affected, cut at the horizon (hours since the storm's peak)."""
    out_h = np.asarray(households["out_h"], dtype=float)
    affected = out_h < horizon_h
    left_h = horizon_h - out_h[affected]
    hours_out = np.asarray(households["hours_out"], dtype=float)[affected]
    return Observed(affected, np.minimum(hours_out, left_h), hours_out <= left_h)


def kaplan_meier(hours: np.ndarray, restored: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Share still without power against time since its loss.

    Parameters
    ----------
    hours : float [household]      time from outage to restoration, or to the end of observation
    restored : bool [household]    False where observation ended first (right-censored)

    Returns
    -------
    times : float [step]           hours since the loss of power; starts at 0
    surviving : float [step]       share without power from then on; starts at 1, NaN for no households
    """
    hours, restored = np.asarray(hours, dtype=float), np.asarray(restored, dtype=bool)
    n, seen_h = hours.size, np.sort(hours)
    if n == 0:
        return np.zeros(1), np.full(1, np.nan)
    steps = (seen_h[1:] > seen_h[:-1]).nonzero()[0]
    gone = np.zeros(len(steps) + 2, dtype=np.int64)  # at the start, and after all of those with the same hours
    gone[1:-1], gone[-1] = steps + 1, n
    times = seen_h[gone - 1]
    times[0] = 0.0
    if restored.all():
        return times, 1.0 - gone / n  # what the product comes to, without its rounding
    lost_h, at_risk = np.sort(hours[~restored]), n - gone[:-1]
    back = gone[1:] - lost_h.searchsorted(times[1:], side="right")
    back[1:] -= back[:-1].copy()
    surviving = np.ones(len(times))
    np.cumprod((at_risk - back) / at_risk, out=surviving[1:])
    return times, surviving


def share_beyond(times: np.ndarray, surviving: np.ndarray, at_h: np.ndarray | float) -> np.ndarray:
    """Value of a Kaplan-Meier curve: the share out for longer than ``at_h`` [any shape]."""
    return surviving[times.searchsorted(at_h, side="right") - 1]


def area_h(times: np.ndarray, surviving: np.ndarray, tau_h: float) -> float:
    """Area under a Kaplan-Meier curve from 0 to ``tau_h``; after its last step the curve goes on flat.

    It is the mean time without power up to ``tau_h``, in hours; without censoring before, ``mean(minimum(hours,
    tau_h))``.
    """
    ends = np.minimum(np.append(times[1:], np.inf), tau_h)
    return float(np.sum(surviving * np.maximum(ends - times, 0.0)))


def reached_h(times: np.ndarray, surviving: np.ndarray, share: float) -> float:
    """First time at which a Kaplan-Meier curve shows ``share`` with power again; inf if it never does."""
    if math.isnan(surviving[0]):
        return float("nan")
    there = surviving <= 1.0 - share + ROUNDING
    first = there.argmax()  # 0 where it is nowhere
    return float(times[first]) if there[first] else float("inf")
