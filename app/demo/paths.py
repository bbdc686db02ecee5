"""What happened on the path of the current to each household: which fault was mended first, and when it was known of.

What stands at a device concerns every household behind it, and these stand together. So neighbours of whom the same
is asked count as one stretch, and a pair of an order (or a fault) and a stretch behind it is looked at once.
"""

from typing import Any, NamedTuple

import numpy as np

from sim import Outcomes
from sim.core.columns import Devices


class Behind(NamedTuple):
    """Things at devices, and the stretches of households behind them: every pair."""

    starts: np.ndarray  # int64 [stretch]  its first household
    sizes: np.ndarray  # int64 [stretch]   households in it
    thing: np.ndarray  # int64 [pair]
    stretch: np.ndarray  # int64 [pair]

    @classmethod
    def of(cls, devices: Devices, at: np.ndarray, alike: np.ndarray) -> "Behind":
        """Pairs of things, each at a device, and stretches of households that agree in ``alike`` [household]."""
        first, last = devices.first[at], devices.last[at]
        ends = np.unique(np.concatenate([[0, len(alike)], np.flatnonzero(alike[1:] != alike[:-1]) + 1, first, last]))
        begins, stops = np.searchsorted(ends, first), np.searchsorted(ends, last)
        n = stops - begins
        stretch = np.arange(n.sum()) + np.repeat(stops - np.cumsum(n), n)
        return cls(ends[:-1], np.diff(ends), np.repeat(np.arange(len(at)), n), stretch)

    def least(self, value: np.ndarray, otherwise: float) -> np.ndarray:
        """The least ``value`` [pair] of each stretch; where nothing is on its path, ``otherwise``."""
        found = np.full(len(self.starts), otherwise)
        np.minimum.at(found, self.stretch, value)
        return found

    def by_household(self, value: np.ndarray) -> np.ndarray:
        """From [..., stretch] to [..., household]."""
        return np.repeat(value, self.sizes, axis=-1)


def known_again_h(outcomes: Outcomes, since_h: np.ndarray) -> np.ndarray:
    """When, not before ``since_h``, each household was first believed out: an open order at a device that feeds it.

    Parameters
    ----------
    since_h : float [household]

    Returns
    -------
    float [household]; infinity: never
    """
    orders: Any = outcomes.state.orders[: outcomes.state.clock.n_orders[0]]
    behind = Behind.of(outcomes.place.devices, orders.at, since_h)
    since = since_h[behind.starts[behind.stretch]]
    opened_h, closed_h = orders.opened_h[behind.thing], orders.closed_h[behind.thing]
    believed = np.where(closed_h > since, np.maximum(opened_h, since), np.inf)
    return behind.by_household(behind.least(believed, np.inf))


def mended_first_and_last(outcomes: Outcomes) -> tuple[np.ndarray, np.ndarray]:
    """When a crew set off to, and when it mended, the first and the last fault on each household's path.

    Returns
    -------
    two float [2, household]; infinity: never. Who was behind no fault has infinity in both
    """
    faults, n = outcomes.state.faults, len(outcomes.state.faults)
    behind = Behind.of(outcomes.place.devices, faults.at, np.zeros(len(outcomes.state.households)))
    mended_h = np.array(faults.repaired_h)
    hours = np.column_stack([[faults.assigned_h, mended_h], [[np.inf], [np.inf]]])  # the last: behind no fault

    def first_of(order: np.ndarray) -> np.ndarray:
        rank, fault = np.full(n, n), np.full(n + 1, n)
        rank[order], fault[: len(order)] = np.arange(len(order)), order
        return behind.by_household(hours[:, fault[behind.least(rank[behind.thing], n)]])

    soonest, latest = np.argsort(mended_h, kind="stable"), np.argsort(-mended_h, kind="stable")
    return first_of(soonest[np.isfinite(mended_h[soonest])]), first_of(latest)  # never mended is not mended first
