"""Would more runs change the answer? Indices over growing N, and a verdict by stated criteria.

The same outcomes are analysed four times: with the first eighth, quarter and half of the blocks, and with all. After
Sarrazin, Pianosi & Wagener 2016 (doi 10.1016/j.envsoft.2016.02.005), values and ranking are judged apart:

- **values**: the widest 95 % interval reaches no further from its index than 0.05, or a tenth of the largest index if
  that is more (Morris, whose effects have a unit: a tenth of the largest);
- **ranking**: from half of the runs to all of them, none of the first three changes places with another parameter,
  unless their intervals overlap: those cannot be told apart at all.

Converged means both. Otherwise the interval has to shrink, which it does as 1 / sqrt(N)::

    N needed = N (half width / half width allowed)**2      (Sobol': the next power of two)
"""

import math
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.sensitivity.given import NOTHING
from analysis.sensitivity.indices import RESAMPLES, Indices, analyse, finite_blocks
from analysis.sensitivity.sample import MAIN, Sample

PARTS = (8, 4, 2)
WIDEST = 0.05
OF_LARGEST = 0.1
FIRST = 3
KEPT = "the first three keep their places from half of the runs to all"
APART = "the first three swap places only with parameters that cannot be told from them yet"
CHANGED = "one of the first three changes places with a parameter that can be told from it"


class Verdict(NamedTuple):
    """Whether the indices of one outcome have settled."""

    converged: bool | None  # None: there are no indices
    half_width: float  # of the widest interval
    allowed: float
    ranking: str  # KEPT, APART, CHANGED, or empty: too few blocks to compare with half of them
    n: int
    n_needed: int  # n, if converged


def over_n(sample: Sample, y: np.ndarray, whole: Indices, resamples: int = RESAMPLES) -> pd.DataFrame:
    """The ranking index of every parameter over growing N.

    Parameters
    ----------
    sample, y : as in `indices.analyse`
    whole : the analysis of all blocks, not repeated here

    Returns
    -------
    DataFrame, tidy: n, index, parameter, value, low, high; parts too small to analyse are left out
    """
    main = MAIN[sample.method]
    columns = ["n", "index", "parameter", "value", "low", "high"]
    if whole.why:
        return pd.DataFrame(columns=columns)
    used, rows, _ = finite_blocks(sample, y)
    found = []
    for part in PARTS:
        some, first = used.of_blocks(np.arange(used.blocks // part))
        smaller = analyse(some, y[rows][first], resamples, detail=False)
        found.append(smaller.table)
    table = pd.concat([frame for frame in [*found, whole.table] if len(frame)], ignore_index=True)
    return table.loc[table["index"] == main, columns].reset_index(drop=True)


def verdict(table: pd.DataFrame, method: str) -> Verdict:
    """Judge a table of `over_n`."""
    if table.empty:
        return Verdict(None, float("nan"), float("nan"), "", 0, 0)
    table = table[table["parameter"] != NOTHING]
    n = int(table["n"].max())
    last = table[table["n"] == n].set_index("parameter")
    half = float((last["high"] - last["value"]).max())
    allowed = OF_LARGEST * float(last["value"].max())
    allowed = allowed if method == "morris" else max(WIDEST, allowed)
    halves = table[table["n"] == n // 2].set_index("parameter")
    ranking = _ranking(last, halves) if len(halves) else ""
    converged = half <= allowed and ranking != CHANGED
    needed = n if half <= allowed else math.ceil(n * (half / allowed) ** 2)
    if not converged:
        needed = max(needed, 2 * n if ranking == CHANGED else needed)
        needed = 1 << (needed - 1).bit_length() if method == "sobol" else needed
    return Verdict(converged, half, allowed, ranking, n, needed)


def _ranking(last: pd.DataFrame, before: pd.DataFrame) -> str:
    """Whether the first parameters keep their places, or swap, and with whom."""
    order = list(last["value"].sort_values(ascending=False, kind="stable").index)
    pairs = [(first, other) for place, first in enumerate(order[:FIRST]) for other in order[place + 1 :]]
    swapped = [(a, b) for a, b in pairs if before.loc[a, "value"] < before.loc[b, "value"]]
    if any(last.loc[a, "low"] > last.loc[b, "high"] for a, b in swapped):
        return CHANGED
    return APART if swapped else KEPT
