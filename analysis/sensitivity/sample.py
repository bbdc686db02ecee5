"""What an analysis of sensitivity needs to know of its design, and a fence around SALib.

All parameters live on the unit interval, so that SALib's problem has the bounds [0, 1] throughout; what a position
means (a number, yes or no, a category) is decided where runs are made. Rows of a design belong together in **blocks**:
a block is what can be left out as a whole without spoiling the rest.

=========  ==================================================================  =====================
method     block                                                               rows of a block
=========  ==================================================================  =====================
sobol      one base sample: A, A with one column of B each, (B with A,) B      D + 2, or 2D + 2
morris     one trajectory: a start, then one parameter (or group) at a time    D + 1
the rest   one row                                                             1
=========  ==================================================================  =====================

The first k blocks of a design are a valid design of their own: those of a Sobol' sequence are the shorter sequence.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np

CONFIDENCE = 0.95
GIVEN_DATA = ("pawn", "rbd-fast", "delta", "hdmr")  # analyse any sample, row by row
METHODS = ("sobol", "morris", *GIVEN_DATA)
MAIN = {"sobol": "ST", "morris": "mu_star", "pawn": "pawn", "rbd-fast": "S1", "delta": "delta", "hdmr": "ST"}


class Sample(NamedTuple):
    """A design on the unit interval, and how it was made."""

    method: str
    names: tuple[str, ...]  # [parameter]
    groups: tuple[str, ...]  # [parameter] the group it belongs to; empty: no groups
    second_order: bool  # Sobol only
    levels: int  # of Morris' grid
    seed: int
    u: np.ndarray  # float [row, parameter] in [0, 1]

    @property
    def labels(self) -> tuple[str, ...]:
        """What gets an index: the groups in the order of their first parameter, or the parameters."""
        return tuple(dict.fromkeys(self.groups or self.names))

    @property
    def block(self) -> int:
        """Rows that stand or fall together."""
        return block_rows(self.method, len(self.labels), self.second_order)

    @property
    def blocks(self) -> int:
        """Blocks of the design: N of Sobol', trajectories of Morris, else rows."""
        return len(self.u) // self.block

    def problem(self) -> dict[str, Any]:
        """The problem as SALib wants it; a new one each time, for SALib writes into it."""
        names = list(self.names)
        problem: dict[str, Any] = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0] for _ in names]}
        return problem | ({"groups": list(self.groups)} if self.groups else {})

    def of_blocks(self, chosen: np.ndarray) -> tuple["Sample", np.ndarray]:
        """The design of some blocks only, and their rows; ``chosen`` are block numbers or a mask of blocks."""
        rows = np.arange(len(self.u)).reshape(-1, self.block)[chosen].ravel()
        return self._replace(u=self.u[rows]), rows

    def salib_seed(self, purpose: str) -> int:
        """A seed for SALib: at least 1, for it takes 0 to mean none, and below 2**32, NumPy's old limit."""
        words = [self.seed & 0xFFFFFFFF, self.seed >> 32, crc32(purpose.encode())]
        return int(np.random.SeedSequence(words).generate_state(1)[0]) | 1


class Index(NamedTuple):
    """One index with its 95 % interval: a row of the tidy table."""

    kind: str  # "S1", "ST", "mu_star", ...; the column "index" of tables
    parameter: str
    second_parameter: str  # of second-order indices; else empty
    value: float
    low: float
    high: float
    n: int  # blocks it rests on


def block_rows(method: str, n_labels: int, second_order: bool) -> int:
    """Rows of a block for a number of parameters or groups."""
    if method == "sobol":
        return 2 * n_labels + 2 if second_order else n_labels + 2
    return n_labels + 1 if method == "morris" else 1


def around(index: str, parameter: str, value: float, half: float, n: int, second: str = "") -> Index:
    """An index with a symmetric interval."""
    return Index(index, parameter, second, float(value), float(value - half), float(value + half), n)


def standardised(y: np.ndarray) -> np.ndarray:
    """Outcome with mean 0 and variance 1: the estimators lose digits, and become biased, when the mean is large."""
    return (y - y.mean()) / y.std()


@contextmanager
def fenced() -> Iterator[list[warnings.WarningMessage]]:
    """Collect what SALib warns of, and put back the global seed and the warning filters that it changes.

    Yields
    ------
    list that fills with the warnings; the caller decides what each means
    """
    state, formatting = np.random.get_state(), warnings.formatwarning  # noqa: NPY002
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            yield caught
    finally:
        np.random.set_state(state)  # noqa: NPY002
        warnings.formatwarning = formatting
