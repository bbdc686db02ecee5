"""What arms cost and what they buy: dollars per household-hour saved, and per hour of the gap closed.

Every arm is compared with the baseline, pair by pair (:mod:`analysis.contrasts.pairs`)::

    added cost = cost(arm) - cost(baseline)
    gained     = loss(baseline) - loss(arm)          hours out, or hours of gap, that there are no more
    price      = mean added cost / mean gained

Health economics calls the price an incremental cost-effectiveness ratio. It answers only where something is gained: if
the gain cannot be told from zero there is no price; nor is there if hours are lost, or if the baseline's loss is below
zero already (a gap that favours the group is none to close). A note says so. A negative price is money saved along with
the hours. An arm is *dominated* if another, or the baseline, costs no more and gains no less, and is better in one of
the two; that arm needs no weighing of dollars against hours. Means decide; *surely* says whether the 95 % intervals of
both differences, again over pairs, agree.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from analysis.contrasts.intervals import Interval, paired
from analysis.contrasts.pairs import Ratio, complete, no_ratio, ratio
from analysis.measures.grouping import known

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "arm", "effect",
    "added_cost_usd", "added_cost_low", "added_cost_high",
    "gained", "gained_low", "gained_high",
    "price_usd", "price_low", "price_high", "price_fieller_low", "price_fieller_high",
    "dominated_by", "surely", "pairs", "left_out", "note",
)  # fmt: skip


class Verdict(NamedTuple):
    """Whether some other arm makes this one pointless."""

    by: str  # empty: nobody does
    surely: bool


def price_list(
    cost_usd: Mapping[str, Any], losses: Mapping[str, Mapping[str, Any]], baseline: str, seed: int = 0,
    doubt: np.ndarray | None = None,
) -> "pd.DataFrame":  # fmt: skip
    """What every arm adds to the cost, what it gains, and at which price.

    Parameters
    ----------
    cost_usd : mapping of arm (the baseline among them) to float [pair], or a data frame with arms as columns
    losses : for each effect, e.g. ``"household-hours"`` (hours out of all customers) or ``"gap-hours"`` (hours of gap),
        the same of what should become less; pairs stand in the order of ``cost_usd``
    baseline : name of the arm that the others are compared with
    seed : of the bootstrap
    doubt : float [pair, component], as of `analysis.contrasts.intervals.paired`; of prices, intervals cover the choice
        of draws, as of pairs

    Returns
    -------
    DataFrame with the columns ``COLUMNS``, effect by effect, arms in the order given. ``gained`` is in the effect's
    hours, ``price_usd`` in dollars for one of them. ``price_low`` to ``price_high`` is the bootstrap's interval;
    Fieller's stands beside it. Pairs that miss a value in the arm or the baseline are left out of that line.

    Raises
    ------
    GroupingError    an arm or baseline that has no values
    """
    import pandas as pd

    arms = _names(cost_usd)
    known("baseline", "arm", baseline, arms)
    lines = []
    for effect, loss in losses.items():
        for arm in arms:
            known(effect, "arm", arm, loss)
        for arm in (name for name in arms if name != baseline):
            added, gained, left_out = _against(cost_usd, loss, arm, baseline)
            there = _there(doubt, cost_usd[arm], cost_usd[baseline], loss[arm], loss[baseline])
            price = _price(added, gained, effect, loss[baseline], seed)
            verdict = _dominated(cost_usd, loss, arm)
            numbers = (*_three(paired(added, there)), *_three(paired(gained, there)), *price[:5])
            lines.append((arm, effect, *numbers, *verdict, added.size, left_out, price.note))
    return pd.DataFrame(lines, columns=list(COLUMNS))


def _price(added: np.ndarray, gained: np.ndarray, effect: str, loss_before: Any, seed: int) -> Ratio:
    """Dollars for one hour of the effect, or why there is no such price."""
    (before,), _ = complete(loss_before)
    if paired(before).high <= 0.0:
        return no_ratio(added.size, 0, f"no {effect} in the baseline: there is nothing to save")
    if paired(gained).high < 0.0:
        return no_ratio(added.size, 0, f"more {effect} than in the baseline: nothing is bought")
    return ratio(added, gained, f"saving of {effect}", seed=seed)


def _against(
    cost_usd: Mapping[str, Any], loss: Mapping[str, Any], arm: str, other: str
) -> tuple[np.ndarray, np.ndarray, int]:
    """Cost added and loss avoided by one arm against another [pair], and the number of pairs left out."""
    values, left_out = complete(cost_usd[arm], cost_usd[other], loss[arm], loss[other])
    return values[0] - values[1], values[3] - values[2], left_out


def _there(doubt: np.ndarray | None, *columns: Any) -> np.ndarray | None:
    """Doubt of the pairs that `complete` leaves."""
    return None if doubt is None else doubt[np.isfinite(np.array(columns, dtype=float)).all(axis=0)]


def _dominated(cost_usd: Mapping[str, Any], loss: Mapping[str, Any], arm: str) -> Verdict:
    """The arm that makes this one pointless: surely if there is such a one, and else by its means."""
    rivals = [(name, *_against(cost_usd, loss, arm, name)[:2]) for name in _names(cost_usd) if name != arm]
    by_means = [(name, added, gained) for name, added, gained in rivals if _worse(added, gained)]
    for name, added, gained in by_means:
        cost, gain = paired(added), paired(gained)
        if cost.low >= 0.0 and gain.high <= 0.0:
            return Verdict(name, True)
    return Verdict(by_means[0][0] if by_means else "", False)


def _worse(added: np.ndarray, gained: np.ndarray) -> bool:
    """Dearer and no better on average, or worse and no cheaper."""
    if added.size == 0:
        return False
    cost, gain = added.mean(), gained.mean()
    return bool(cost >= 0.0 and gain <= 0.0 and (cost > 0.0 or gain < 0.0))


def _three(interval: Interval) -> tuple[float, float, float]:
    return interval.mean, interval.low, interval.high


def _names(arms: Iterable[str]) -> list[str]:
    return [str(name) for name in arms]
