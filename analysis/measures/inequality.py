"""How unequal the hours out are, among all the affected of one run, whether or not they reported.

With L the hours out of n households, in the order of L for the first and of income for the second::

    Gini            G = sum((2 rank - n - 1) L) / (n sum(L))
    concentration   C = 2 cov(L, r) / mean(L),  r = (rank - 1/2) / n
    Theil           T = mean(x ln x), x = L / mean(L);  between groups: the same with each at the mean of its group

Sources: Gini 1912; Kakwani, Wagstaff & van Doorslaer 1997, doi:10.1016/S0304-4076(96)01807-6 (concentration index);
Theil 1967 and Shorrocks 1980, doi:10.2307/1913126 (its exact split).
"""

from typing import NamedTuple

import numpy as np

ROUNDING = 1e-12  # an index of equal hours may miss 0 by this much


class Theil(NamedTuple):
    """Theil index and its exact split; all in nats, 0 = no inequality."""

    total: float
    within: float  # what would remain if all groups had the same mean
    between: float  # what would remain if everybody had the mean of their group

    @property
    def share_between(self) -> float:
        """Share of the inequality that lies between groups; NaN where there is none."""
        return self.between / self.total if self.total > ROUNDING else float("nan")


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
