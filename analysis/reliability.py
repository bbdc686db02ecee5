"""Reliability by group: the indices of IEEE Std 1366 and what lies behind them, one row per group.

One storm is one event, and each household loses power at most once in it, so with N households in a group, A
of them affected and L hours out each (cut at the horizon)::

    SAIDI = 60 sum(L) / N   minutes a customer served
    CAIDI = 60 sum(L) / A   minutes a customer interrupted

``beyond_24`` and its like are CELID (customers experiencing long interruption durations, IEEE Std 1366-2022)
as a share of the **affected**; times ``affected / households`` they are the standard's share of customers
served. Hours out are also split into undetected + waiting for a crew + worked on (travel, patrol, repair) +
nested remainder.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.grouping import ATTRIBUTES, GroupingError, Groups, groups
from analysis.survival import area_h, kaplan_meier, observed, reached_h, share_beyond

__all__ = ["ATTRIBUTES", "MEASURES", "PARTS", "Groups", "GroupingError", "by_group", "groups", "split_hours"]

PARTS = ("undetected_h", "waiting_h", "working_h", "nested_h")
BEYOND_H = (24, 48, 72, 168)
NEED_WEIGHTS = {"medical_device": 10.0}  # a convention, to be varied: no source gives the right number
MEASURES = (
    "households",
    "affected",
    "mean_h",
    "median_h",
    "p90_h",
    *(f"beyond_{h}" for h in BEYOND_H),
    "report_rate",
    "attempted_rate",
    "detection_delay_h",
    *PARTS,
    "censored_share",
    "saidi_min",
    "caidi_min",
    "need_weighted_h",
    "rmst_h",
)


def by_group(
    households: pd.DataFrame,
    by: str | Sequence[str],
    horizon_h: float,
    reporters_only: bool = False,
    need_weights: Mapping[str, float] = NEED_WEIGHTS,
) -> pd.DataFrame:
    """Reliability measures of every group.

    Parameters
    ----------
    households : DataFrame, one row per household of one run
    by : see `groups`
    horizon_h : float, end of observation in hours since the storm's peak; nothing later counts
    reporters_only : bool, keep only households with a logged report, which is all that an analyst of service
        requests can see; groups are still formed over all households
    need_weights : weight of a household that has the yes/no attribute (the largest that applies; otherwise 1)

    Returns
    -------
    DataFrame [group] with the columns ``MEASURES``. Over the affected: ``mean_h`` (each household cut at the
    horizon), ``median_h`` and ``p90_h`` (Kaplan-Meier; inf if not reached), ``beyond_*`` (share out longer,
    Kaplan-Meier; NaN if nobody was observed that long), ``report_rate`` (a report was logged),
    ``attempted_rate`` (one was tried), ``detection_delay_h`` (from the outage until the utility believes it,
    or power is back, or the horizon), the four parts (their sum is ``mean_h``), ``censored_share`` (still out
    at the horizon), ``caidi_min``, ``need_weighted_h`` and ``rmst_h`` (area under the Kaplan-Meier curve up
    to ``horizon_h`` after the own loss). Over all households: ``saidi_min``. A group without households is a
    row of NaN with zero counts.
    """
    grouping = groups(households, by)
    code = grouping.code
    if reporters_only:
        logged = households["report_logged"].to_numpy(dtype=bool)
        households, code = households.loc[logged], code[logged]
    seen = observed(households, horizon_h)
    n_groups, code_out = len(grouping.names), code[seen.affected]
    columns = {
        "households": np.bincount(code, minlength=n_groups),
        "affected": np.bincount(code_out, minlength=n_groups),
        **_means(households, horizon_h, code_out, n_groups, need_weights),
        **_distribution(seen.hours, seen.restored, code_out, n_groups, horizon_h),
    }
    with np.errstate(invalid="ignore"):  # 0 / 0: an empty group, NaN on purpose
        out_h = np.bincount(code_out, weights=seen.hours, minlength=n_groups)
        columns["saidi_min"] = 60.0 * out_h / columns["households"]
    columns["caidi_min"] = 60.0 * columns["mean_h"]  # each interrupted once
    return pd.DataFrame(columns, index=pd.Index(grouping.names, name="group"))[list(MEASURES)]


def _means(
    households: pd.DataFrame,
    horizon_h: float,
    code: np.ndarray,
    n_groups: int,
    need_weights: Mapping[str, float],
) -> dict[str, np.ndarray]:
    """Measures that are plain means over the affected; ``code`` has shape [affected]."""
    affected, hours, restored = observed(households, horizon_h)
    rows = {
        "mean_h": hours,
        "report_rate": households["report_logged"].to_numpy(dtype=bool)[affected],
        "attempted_rate": np.isfinite(households["first_report_h"].to_numpy(dtype=float)[affected]),
        "detection_delay_h": _detection_delay_h(households, affected, hours),
        "censored_share": ~restored,
        **dict(zip(PARTS, split_hours(households, horizon_h), strict=True)),
    }
    weight = _need(households, need_weights)[affected]
    count = np.bincount(code, minlength=n_groups)
    with np.errstate(invalid="ignore"):  # 0 / 0: an empty group, NaN on purpose
        means = {k: np.bincount(code, weights=v, minlength=n_groups) / count for k, v in rows.items()}
        needed = np.bincount(code, weights=weight * hours, minlength=n_groups)
        means["need_weighted_h"] = needed / np.bincount(code, weights=weight, minlength=n_groups)
    return means


def _distribution(
    hours: np.ndarray, restored: np.ndarray, code: np.ndarray, n_groups: int, horizon_h: float
) -> dict[str, np.ndarray]:
    """Measures that need the Kaplan-Meier curve of each group; shapes [affected]."""
    order = np.argsort(code, kind="stable")
    edges = np.searchsorted(code[order], np.arange(n_groups + 1))
    names = ("median_h", "p90_h", *(f"beyond_{h}" for h in BEYOND_H), "rmst_h")
    values = np.full((n_groups, len(names)), np.nan)
    for group in range(n_groups):
        who = order[edges[group] : edges[group + 1]]
        if who.size == 0:
            continue
        times, surviving = kaplan_meier(hours[who], restored[who])
        beyond = share_beyond(times, surviving, np.array(BEYOND_H))
        beyond[(np.array(BEYOND_H) > times[-1]) & (surviving[-1] > 0.0)] = np.nan  # nobody watched for so long
        quantiles = reached_h(times, surviving, 0.5), reached_h(times, surviving, 0.9)
        values[group] = *quantiles, *beyond, area_h(times, surviving, horizon_h)
    return dict(zip(names, values.T, strict=True))


def split_hours(households: pd.DataFrame, horizon_h: float) -> np.ndarray:
    """Hours out of the affected in four parts, cut at the horizon so that they still sum to the hours out.

    Returns float [part, affected] in the order ``PARTS``, which is the order in which they pass: an endless
    part is cut to what is left before the horizon, and later parts get nothing. Parts that do not add up are
    an error.
    """
    affected, hours, _ = observed(households, horizon_h)
    left, parts = hours.copy(), np.zeros((len(PARTS), hours.size))
    for row, name in enumerate(PARTS):
        parts[row] = np.minimum(households[name].to_numpy(dtype=float)[affected], left)
        left -= parts[row]
    wrong = np.flatnonzero(~(np.abs(left) <= 1e-6 * (1.0 + hours)))
    if wrong.size:
        who = households["household_id"].to_numpy()[affected][wrong[0]]
        raise ValueError(
            f"household {who}: {' + '.join(PARTS)} miss its {hours[wrong[0]]:g} hours out by "
            f"{left[wrong[0]]:g} h ({wrong.size} households like this)"
        )
    return parts


def _detection_delay_h(households: pd.DataFrame, affected: np.ndarray, hours: np.ndarray) -> np.ndarray:
    """Hours until the utility believed the outage, at most the hours out; 0 if it believed so beforehand."""
    known_h = households["known_h"].to_numpy(dtype=float)[affected]
    out_h = households["out_h"].to_numpy(dtype=float)[affected]
    return np.clip(known_h - out_h, 0.0, hours)


def _need(households: pd.DataFrame, need_weights: Mapping[str, float]) -> np.ndarray:
    """Weight of every household: the largest among the attributes that it has, 1 if none."""
    weight = np.ones(len(households))
    for attribute, value in need_weights.items():
        has = households[attribute].to_numpy(dtype=bool)
        weight = np.maximum(weight, np.where(has, value, 1.0))
    return weight
