"""Reliability by group: the indices of IEEE Std 1366 and what lies behind them, one row per group.

One storm is one event, and each household loses power at most once in it, so with N households in a group, A
of them affected and L hours out each (cut at the horizon)::

    SAIDI = 60 sum(L) / N   minutes a customer served
    CAIDI = 60 sum(L) / A   minutes a customer interrupted

``beyond_24`` and its like are CELID (customers experiencing long interruption durations, IEEE Std 1366-2022)
as a share of the **affected**; times ``affected / households`` they are the standard's share of customers
served. Hours out are also split into undetected + waiting for a crew + travel and search + waiting
for the owner + repair.

`by_group` is the whole table. `waits`, `means` and `distribution` are what it is made of: the affected are looked at
once, and then summed up for any number of groupings.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from analysis.measures.grouping import (
    ATTRIBUTES,
    GroupingError,
    Groups,
    groups,
    n_rows,
)
from analysis.measures.survival import (
    area_h,
    observed,
    reached_h,
    share_beyond,
    steps,
)

if TYPE_CHECKING:  # not when running: the workers of large studies do without pandas
    import pandas as pd

    from analysis.measures.survival import Table

__all__ = [
    "ATTRIBUTES",
    "BESIDE",
    "MEASURES",
    "PARTS",
    "Groups",
    "GroupingError",
    "Waits",
    "by_group",
    "distribution",
    "groups",
    "means",
    "split_hours",
    "waits",
]

PARTS = ("undetected_h", "waiting_h", "search_h", "owner_h", "repair_h")
BESIDE = ("behind_two_faults_h", "falsely_closed_h", "false_closure_rate")  # beside the parts, not among them
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
    *BESIDE,
    "censored_share",
    "saidi_min",
    "caidi_min",
    "need_weighted_h",
    "rmst_h",
)


class Waits(NamedTuple):
    """What is measured of each of the affected, before they are grouped. Shapes [affected], but for the mask."""

    affected: np.ndarray  # bool [household]  lost power before the horizon
    hours: np.ndarray  # float64  out, cut at the horizon
    restored: np.ndarray  # bool  before the horizon
    rows: dict[str, np.ndarray]  # what becomes a measure by taking the mean over a group


def by_group(
    households: "Table",
    by: str | Sequence[str],
    horizon_h: float,
    reporters_only: bool = False,
    need_weights: Mapping[str, float] = NEED_WEIGHTS,
) -> "pd.DataFrame":
    """Reliability measures of every group.

    Parameters
    ----------
    households : table (data frame or mapping of arrays), one row per household of one run
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
    or power is back, or the horizon), the five parts (their sum is ``mean_h``), beside them hours behind two or more
    faults and falsely closed, ``false_closure_rate`` (closed in error at least once), ``censored_share`` (still out
    at the horizon), ``caidi_min``, ``need_weighted_h`` and ``rmst_h`` (area under the Kaplan-Meier curve up
    to ``horizon_h`` after the own loss). Over all households: ``saidi_min``. A group without households is a
    row of NaN with zero counts.
    """
    import pandas as pd

    grouping = groups(households, by)
    code = grouping.code
    if reporters_only:
        logged = np.asarray(households["report_logged"], dtype=bool)
        households = {name: np.asarray(households[name])[logged] for name in households}
        code = code[logged]
    seen, n_groups = waits(households, horizon_h), len(grouping.names)
    attempted = np.isfinite(np.asarray(households["first_report_h"], dtype=float)[seen.affected])
    code_out = code[seen.affected]
    affected = np.bincount(code_out, minlength=n_groups)
    weight = _need(households, need_weights)[seen.affected]
    columns = {
        "households": np.bincount(code, minlength=n_groups),
        "affected": affected,
        **means({**seen.rows, "attempted_rate": attempted}, code_out, affected),
        **distribution(seen, np.argsort(seen.hours), code_out, affected, BEYOND_H, horizon_h),
    }
    with np.errstate(invalid="ignore"):  # 0 / 0: an empty group, NaN on purpose
        out_h = np.bincount(code_out, weights=seen.hours, minlength=n_groups)
        columns["saidi_min"] = 60.0 * out_h / columns["households"]
        needed_h = np.bincount(code_out, weights=weight * seen.hours, minlength=n_groups)
        columns["need_weighted_h"] = needed_h / np.bincount(code_out, weights=weight, minlength=n_groups)
    columns["caidi_min"] = 60.0 * columns["mean_h"]  # each interrupted once
    return pd.DataFrame(columns, index=pd.Index(grouping.names, name="group"))[list(MEASURES)]


def waits(households: "Table", horizon_h: float) -> Waits:
    """What is measured of each of the affected of one run, whatever they are grouped by afterwards."""
    seen = observed(households, horizon_h)
    rows = {
        "mean_h": seen.hours,
        "report_rate": np.asarray(households["report_logged"], dtype=float)[seen.affected],
        "detection_delay_h": _detection_delay_h(households, seen.affected, seen.hours),
        "censored_share": (~seen.restored).astype(float),
        **dict(zip(PARTS, split_hours(households, horizon_h), strict=True)),
        **{name: np.asarray(households[name], dtype=float)[seen.affected] for name in BESIDE[:2]},
        BESIDE[2]: (np.asarray(households["false_closures"])[seen.affected] > 0).astype(float),
    }
    return Waits(*seen, rows)


def means(rows: Mapping[str, np.ndarray], code: np.ndarray, count: np.ndarray) -> dict[str, np.ndarray]:
    """Mean of every row [affected] in every group.

    Parameters
    ----------
    code : int [affected]    group
    count : int [group]      how many of the affected are in each

    Returns
    -------
    dict of the rows' names to float [group]; NaN for a group without anybody affected
    """
    with np.errstate(invalid="ignore"):  # 0 / 0: an empty group, NaN on purpose
        if count.size == 1:  # everybody: plain sums are quicker
            return {name: row.sum(dtype=float, keepdims=True) / count for name, row in rows.items()}
        return {name: np.bincount(code, weights=row, minlength=count.size) / count for name, row in rows.items()}


def distribution(
    seen: Waits,
    order: np.ndarray,
    code: np.ndarray,
    count: np.ndarray,
    beyond_h: Sequence[float] = BEYOND_H,
    horizon_h: float | None = None,
) -> dict[str, np.ndarray]:
    """Measures that need the Kaplan-Meier curve of each group.

    Parameters
    ----------
    order : int [affected]    sorts ``seen.hours``; found once for all groupings
    code, count               as in `means`
    beyond_h : hours for the shares ``beyond_*``
    horizon_h : float         for ``rmst_h``, which is left out where it is None

    Returns
    -------
    dict of ``median_h``, ``p90_h``, ``beyond_*`` and ``rmst_h`` to float [group]
    """
    by_code = order if count.size == 1 else order[np.argsort(_small(code)[order], kind="stable")]  # then by hours
    edges = np.append(0, np.cumsum(count))
    at_h = np.array(beyond_h, dtype=float)
    names = ["median_h", "p90_h", *(f"beyond_{h:g}" for h in beyond_h), *(["rmst_h"] if horizon_h is not None else [])]
    values = np.full((count.size, len(names)), np.nan)
    hours, restored = seen.hours[by_code], seen.restored[by_code]
    for group in np.flatnonzero(count):
        who = slice(edges[group], edges[group + 1])
        times, surviving = steps(hours[who], restored[who])
        beyond = share_beyond(times, surviving, at_h)
        beyond[(at_h > times[-1]) & (surviving[-1] > 0.0)] = np.nan  # nobody watched for so long
        area = [area_h(times, surviving, horizon_h)] if horizon_h is not None else []
        values[group] = [reached_h(times, surviving, 0.5), reached_h(times, surviving, 0.9), *beyond, *area]
    return dict(zip(names, values.T, strict=True))


def _small(code: np.ndarray) -> np.ndarray:
    """Codes in two bytes where they fit: these NumPy sorts in one pass."""
    return code.astype(np.int16) if code.size and code.max() < 2**15 else code


def split_hours(households: "Table", horizon_h: float) -> np.ndarray:
    """Hours out of the affected in five parts, cut at the horizon so that they still sum to the hours out.

    Returns float [part, affected] in the order ``PARTS``. A run counts them up to its own horizon; at a nearer one
    they are cut in this order, which is the order in which they pass where one fault stood on the path. Parts that
    do not add up are an error.
    """
    affected, hours, _ = observed(households, horizon_h)
    left, parts = hours.copy(), np.zeros((len(PARTS), hours.size))
    for row, name in enumerate(PARTS):
        parts[row] = np.minimum(np.asarray(households[name], dtype=float)[affected], left)
        left -= parts[row]
    wrong = np.flatnonzero(~(np.abs(left) <= 1e-6 * (1.0 + hours)))
    if wrong.size:
        who = np.asarray(households["household_id"])[affected][wrong[0]]
        raise ValueError(
            f"household {who}: {' + '.join(PARTS)} miss its {hours[wrong[0]]:g} hours out by "
            f"{left[wrong[0]]:g} h ({wrong.size} households like this)"
        )
    return parts


def _detection_delay_h(households: "Table", affected: np.ndarray, hours: np.ndarray) -> np.ndarray:
    """Hours until the utility believed the outage, at most the hours out; 0 if it believed so beforehand."""
    known_h = np.asarray(households["known_h"], dtype=float)[affected]
    out_h = np.asarray(households["out_h"], dtype=float)[affected]
    return np.clip(known_h - out_h, 0.0, hours)


def _need(households: "Table", need_weights: Mapping[str, float]) -> np.ndarray:
    """Weight of every household: the largest among the attributes that it has, 1 if none."""
    weight = np.ones(n_rows(households))
    for attribute, value in need_weights.items():
        has = np.asarray(households[attribute], dtype=bool)
        weight = np.maximum(weight, np.where(has, value, 1.0))
    return weight
