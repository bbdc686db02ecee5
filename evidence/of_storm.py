"""What the tables need of the storm itself: counts, orders, contacts, the last day, the slope by vulnerability."""

from typing import Any

import numpy as np

from analysis.measures.table import QUANTILES
from sim.core.columns import DROP
from sim.engine.costs import costs
from sim.engine.outcomes import Outcomes

ORDERS_AT_H = (24.0, 96.0, 120.0)


def of_storm(outcomes: Outcomes) -> dict[str, float]:
    """Named numbers of one run."""
    households, end_h = outcomes.state.households, outcomes.horizon_h
    dark = np.isfinite(households.out_h)
    lost_h, back_h = np.array(households.out_h[dark]), np.minimum(households.restored_h[dark], end_h)
    hours = back_h - lost_h
    n = max(1, len(hours))

    def out_at(hour: float) -> int:
        return int(np.count_nonzero((lost_h <= hour) & (back_h > hour)))

    found = {f"out:{hour:g}:customers": float(out_at(hour)) for hour in outcomes.scenario.observed.get("time_h", [])}
    found |= {f"back:{percent}:h": float(np.quantile(hours, percent / 100.0)) for percent in QUANTILES if len(hours)}
    orders: Any = outcomes.state.orders[: outcomes.state.clock.n_orders[0]]
    for hour in ORDERS_AT_H:
        n_open = int(np.count_nonzero((orders.opened_h <= hour) & (orders.closed_h > hour)))
        found[f"orders:{hour:g}:customers"] = out_at(hour) / max(1, n_open)
    found["contacts:all:per_customer"] = float((households.n_reports + households.asked)[dark].sum()) / n
    found["cost:total:per_customer"] = costs(outcomes)["total"] / n
    return found | last_day(outcomes) | {"svi:all:slope": slope(outcomes, dark, hours)}


def last_day(outcomes: Outcomes) -> dict[str, float]:
    """Faults repaired in the last 24 hours of repairs, and the share of these that put out a single customer."""
    faults, devices = outcomes.state.faults, outcomes.place.devices
    repaired_h = faults.repaired_h[np.isfinite(faults.repaired_h)]
    at = faults["at"][faults.repaired_h > repaired_h.max(initial=0.0) - 24.0]
    single = (devices.level[at] == DROP) | (devices.last[at] - devices.first[at] == 1)
    return {"last:day:faults": float(len(at)), "last:day:single_share": float(single.mean()) if len(at) else np.nan}


def slope(outcomes: Outcomes, dark: np.ndarray, hours: np.ndarray) -> float:
    """Least-squares slope of hours out by decile of social vulnerability, per cent of the mean; NaN: none affected."""
    svi = outcomes.place.neighbourhoods.svi[outcomes.place.households.neighbourhood[dark]]
    if len(hours) < 2 or np.ptp(svi) == 0.0:
        return np.nan
    return float(np.polyfit(10.0 * svi, hours, 1)[0] / hours.mean() * 100.0)
