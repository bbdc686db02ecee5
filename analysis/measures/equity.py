"""How unequal: gaps between groups, what they are made of, and inequality among all the affected.

Every gap is *group minus reference*: a positive gap in hours means that the group waits longer. Inequality
indices are taken over hours out of all affected households, whether or not they reported.

Sources: Kakwani, Wagstaff & van Doorslaer 1997, doi:10.1016/S0304-4076(96)01807-6 (concentration index);
Theil 1967 and Shorrocks 1980, doi:10.2307/1913126 (split into within and between groups).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.measures.grouping import groups, known
from analysis.measures.reliability import PARTS
from analysis.measures.survival import observed


class Theil(NamedTuple):
    """Theil index and its exact split; all in nats, 0 = no inequality."""

    total: float
    within: float  # what would remain if all groups had the same mean
    between: float  # what would remain if everybody had the mean of their group


class Inequality(NamedTuple):
    """Inequality of hours out among the affected of one run."""

    gini: float
    concentration: float
    theil: float
    theil_within: float
    theil_between: float


def gaps(table: pd.DataFrame, reference: str) -> pd.DataFrame:
    """Gap and ratio of every measure and group of a `reliability.by_group` table.

    Returns a tidy DataFrame with the columns group, measure, value, reference_value, gap (value minus
    reference value) and ratio (value over reference value; NaN where the reference is 0). The reference group
    itself is left out.
    """
    known("table", "group", reference, table.index)
    others = table.drop(index=reference)
    value = others.to_numpy(dtype=float)
    base = np.broadcast_to(table.loc[reference].to_numpy(dtype=float), value.shape)
    gap, ratio = difference(value, base)
    return pd.DataFrame(
        {
            "group": np.repeat(others.index.to_numpy(), value.shape[1]),
            "measure": np.tile(others.columns.to_numpy(), len(others)),
            "value": value.ravel(),
            "reference_value": base.ravel(),
            "gap": gap.ravel(),
            "ratio": ratio.ravel(),
        }
    )


def difference(value: np.ndarray, base: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Gap and ratio, same shape; NaN where they have no meaning (both endless; nothing to divide by)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        gap, ratio = value - base, value / base
    return gap, np.where(base == 0.0, np.nan, ratio)


def gap_parts(table: pd.DataFrame, reference: str) -> pd.DataFrame:
    """What the gap in mean hours out is made of.

    Returns a DataFrame [group] without the reference: the gaps in undetected, waiting, search and repair
    hours, and ``gap_h``, their sum, which is the gap in ``mean_h``.
    """
    known("table", "group", reference, table.index)
    parts = table.loc[:, list(PARTS)]
    split = parts.drop(index=reference) - parts.loc[reference]
    return split.assign(gap_h=split.sum(axis=1, skipna=False))


def gini(hours: np.ndarray) -> float:
    """Gini index of hours out [household]: 0 = all wait equally long, near 1 = one waits for all."""
    values = np.sort(np.asarray(hours, dtype=float))
    if values.size == 0 or values.sum() == 0.0:
        return float("nan")
    rank = np.arange(1, values.size + 1)
    return float(np.sum((2 * rank - values.size - 1) * values) / (values.size * values.sum()))


def concentration_index(hours: np.ndarray, income_usd: np.ndarray) -> float:
    """Concentration of hours out by income rank: twice their covariance over mean hours. Shapes [household].

    **Negative: the poor wait longer.** Positive: the rich do. 0: no monotone relation. Between -1 and 1.
    Equal incomes share their mean rank.
    """
    values, income = np.asarray(hours, dtype=float), np.asarray(income_usd, dtype=float)
    if values.size == 0 or values.sum() == 0.0:
        return float("nan")
    _, tied, count = np.unique(income, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    rank = ((last - count / 2.0) / values.size)[tied]  # fractional rank, mean 1/2
    return float(2.0 * np.mean((values - values.mean()) * (rank - 0.5)) / values.mean())


def theil(hours: np.ndarray, code: np.ndarray) -> Theil:
    """Theil index of hours out, within and between groups.

    Parameters
    ----------
    hours : float [household]   0 is allowed: x ln x goes to 0
    code : int [household]      group

    Notes
    -----
    T = mean(x/m ln(x/m)); between = sum over groups of s ln(m_g/m) with s the group's share of all hours.
    """
    values, code = np.asarray(hours, dtype=float), np.asarray(code)
    if values.size == 0 or values.sum() == 0.0:
        return Theil(float("nan"), float("nan"), float("nan"))
    total = float(np.mean(_x_ln_x(values / values.mean())))
    people, hours_in = np.bincount(code), np.bincount(code, weights=values)
    there = people > 0
    relative = hours_in[there] / people[there] / values.mean()
    between = float(np.sum(people[there] / values.size * _x_ln_x(relative)))
    return Theil(total, total - between, between)


def _x_ln_x(x: np.ndarray) -> np.ndarray:
    return x * np.log(np.where(x > 0.0, x, 1.0))


def inequality(households: pd.DataFrame, by: str | Sequence[str], horizon_h: float) -> Inequality:
    """All indices of hours out (cut at the horizon) among the affected; Theil's index is split by ``by``."""
    affected, hours, _ = observed(households, horizon_h)
    split = theil(hours, groups(households, by).code[affected])
    concentration = concentration_index(hours, households["income_usd"].to_numpy(dtype=float)[affected])
    return Inequality(gini(hours), concentration, *split)
