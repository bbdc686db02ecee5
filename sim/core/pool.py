"""Memory of a run that is over, used again by the next run of the process.

A run of a large city takes hundreds of megabytes. To be given them by the system, page by cleared page, takes longer
than much of what a run does with them. So whoever makes many runs, and is done with each before the next, keeps a pool,
hands it to `sim.run`, and gives back each state when nobody will look at it any more. What is lent again is as good as
new: no result depends on where its memory comes from.
"""

import numpy as np

from sim.core.rows import rows
from sim.core.state import GROWING, State

WRITTEN = ("households", "devices")  # as a whole, before a run
QUEUES = ("queues", "events", "household_events")  # where nothing is read that this run has not put in


class Pool:
    """Arrays by the name that they have in a state."""

    def __init__(self) -> None:
        self._free: dict[str, np.recarray] = {}

    def rows(self, name: str, dtype: np.dtype, shape: tuple[int, ...]) -> np.recarray:
        """Zeroed rows of this shape or longer along the last axis; of a queue, to be written before they are read."""
        kept = self._free.pop(name, None)
        if kept is None or kept.dtype != dtype or kept.shape[:-1] != shape[:-1] or kept.shape[-1] < shape[-1]:
            return rows(dtype, shape)
        return kept

    def exactly(self, name: str, dtype: np.dtype, number: int) -> np.recarray:
        """So many rows, to be written before they are read."""
        kept = self._free.pop(name, None)
        return kept if kept is not None and kept.dtype == dtype and len(kept) == number else rows(dtype, number)

    def clear(self) -> None:
        """Give everything back to the system."""
        self._free.clear()

    def take_back(self, state: State) -> None:
        """The run is over, and its state will not be looked at again."""
        for name in (*WRITTEN, *GROWING):
            kept = getattr(state, name)
            if name in GROWING and name not in QUEUES:
                kept.view(np.uint8)[: state.clock[GROWING[name]][0] * kept.itemsize] = 0
            self._free[name] = kept
