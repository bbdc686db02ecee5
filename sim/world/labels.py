"""Names of devices in a synthetic grid, and how they are made of the tree."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from sim.core.columns import DROP

LETTERS = ("S", "F", "L", "T", "")


class Labels:
    """Names such as ``S2.F1.L14.T3``, made when asked for: a million would cost more than the grid itself.

    ``labels[7]`` is text; ``labels[rows]`` and ``numpy.asarray(labels)`` are object arrays.
    """

    def __init__(self, level: np.ndarray, parent: np.ndarray, number: np.ndarray, household: np.ndarray):
        self.level, self.parent, self.number, self.household = level, parent, number, household

    def __len__(self) -> int:
        return len(self.level)

    @property
    def shape(self) -> tuple[int]:
        return (len(self),)

    def __getitem__(self, rows: Any) -> Any:
        if isinstance(rows, int | np.integer):
            if not -len(self) <= rows < len(self):
                raise IndexError(f"device {rows} of {len(self)}")
            return self._render(np.array([rows % len(self)]))[0]
        return self._render(np.arange(len(self))[rows])

    def __iter__(self) -> Iterator[str]:
        return iter(np.asarray(self))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return self._render(np.arange(len(self))).astype(dtype or object, copy=False)

    def _render(self, rows: np.ndarray) -> np.ndarray:
        above, which = np.unique(self.parent[rows], return_inverse=True)
        known = above >= 0
        heads = np.full(len(above), "", dtype=object)
        if known.any():  # at most some ten devices deep
            heads[known] = self._render(above[known]) + "."
        level, number = self.level[rows], self.number[rows]
        own = [
            str(self.household[n]) if at == DROP else f"{LETTERS[at]}{n + 1}"
            for at, n in zip(level.tolist(), number.tolist(), strict=True)
        ]
        return heads[which] + np.array(own, dtype=object) if own else np.empty(0, dtype=object)
