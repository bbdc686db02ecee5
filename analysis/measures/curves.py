"""Power over time: how many are out when, and how long until a given share is back.

Two clocks. *Customers out* runs on the storm's clock (hours since its peak) and is what utilities publish.
*Restoration quantiles* run on each household's own clock (hours since it lost power), so that being hit late
does not look like being restored late.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.measures.survival import kaplan_meier, observed, reached_h


def customers_out(out_h: np.ndarray, restored_h: np.ndarray, times: np.ndarray) -> np.ndarray:
    """How many customers are without power at each time.

    Parameters
    ----------
    out_h : float [household]        hours since the storm's peak; inf = never lost power
    restored_h : float [household]   inf = never out, or not restored
    times : float [time]             hours since the storm's peak

    Returns
    -------
    int [time]; a customer is out from the moment of loss up to, but not at, the moment of restoration
    """
    lost = np.searchsorted(np.sort(out_h), times, side="right")
    return lost - np.searchsorted(np.sort(restored_h), times, side="right")


def quantiles_since_loss(
    households: pd.DataFrame, shares: Sequence[float] = (0.5, 0.75, 0.9, 0.95), *, horizon_h: float
) -> pd.Series:
    """Hours since the own loss of power by which each share of the affected is back.

    Returns a Series of hours indexed by share; Kaplan-Meier, so households still out at the horizon count
    rightly; inf where a share is not reached before the horizon, NaN if nobody lost power.
    """
    _, hours, restored = observed(households, horizon_h)
    times, surviving = kaplan_meier(hours, restored)
    values = [reached_h(times, surviving, share) for share in shares]
    return pd.Series(values, index=pd.Index(list(shares), name="share"), name="hours", dtype=float)
