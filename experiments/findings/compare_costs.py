"""What an hour costs: per household-hour saved, and per gap-hour closed, by the net cost at the baseline's crews' bill.

Where an arm has a crews' bill of its own (:mod:`experiments.findings.net_costs`), its hours are priced as simulated.

*Household-hours* are the hours out of all households, summed. *Gap-hours* are the gap in mean hours out times the
affected households of the group: what the group as a whole waits beyond the group that it is compared with.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.contrasts.costs import price_list
from experiments.findings.net_costs import HELD, NET, SIMULATED, TOTAL
from experiments.findings.pairs import Values
from experiments.outcome_names import OutcomeName

CUSTOMER_HOURS = "all:all:customer_hours"
HOUSEHOLD_HOURS, GAP_HOURS = "household-hours", "gap-hours"


def prices(
    values: Values, baseline: str, arms: Sequence[str], gap: str | None, doubt: np.ndarray | None = None
) -> pd.DataFrame | None:
    """`analysis.contrasts.costs.price_list`, and ``priced_by``, which net cost; None where runs have no costs.

    Parameters
    ----------
    gap : full name of the gap that is to close; None where there is none
    doubt : float [pair, component], as of `analysis.contrasts.intervals.paired`
    """
    if NET not in values.names or not np.isfinite(_column(values, NET)).any():
        return None
    names = [baseline, *arms]
    losses = {HOUSEHOLD_HOURS: dict(zip(names, _column(values, CUSTOMER_HOURS), strict=True))}
    if gap is not None:
        by, group, _ = OutcomeName.parse(gap)
        gap_hours = _column(values, gap) * _column(values, str(OutcomeName(by, group, "affected")))
        losses[GAP_HOURS] = dict(zip(names, gap_hours, strict=True))
    cost_usd = dict(zip(names, _column(values, NET), strict=True))
    listed = price_list(cost_usd, losses, baseline, doubt=doubt)
    held = np.any(_column(values, NET) != _column(values, TOTAL), axis=1)
    followed = {name: HELD if is_held else SIMULATED for name, is_held in zip(names, held.tolist(), strict=True)}
    return listed.assign(priced_by=listed["arm"].map(followed))


def _column(values: Values, name: str) -> np.ndarray:
    """One measure of the baseline and of every arm; float [baseline and arms, pair]."""
    place = values.names.index(name)
    return np.stack([values.baseline[:, place], *values.arms[:, :, place]])
