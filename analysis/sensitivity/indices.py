"""Indices of sensitivity from the outcomes of a design, with every condition that SALib leaves unsaid made explicit.

What would go wrong without a word, and what happens here instead:

- **An outcome that is not a finite number** (a failed run, a median that is never reached) turns all Sobol' indices
  into zeros. Here its whole block is left out, counted and reported; beyond a tenth of the blocks there are no indices,
  for what is left would describe only the part of the space where runs go well.
- **A constant outcome** divides zero by zero. Here there are no indices, and the reason in words.
- **A large mean** costs digits and biases the estimators. Here outcomes are standardised first (not for Morris, whose
  effects keep their unit).
- **A seed of 0** means no seed to SALib, and some of its methods reset NumPy's global generator and Python's warning
  filters. Here all of it is fenced in (`analysis.sensitivity.sample`).
- **Warnings of NumPy** within an analysis are errors: they mean that a number rests on a division by zero.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.contrasts.multiplicity import MANY_RUNS, beside
from analysis.sensitivity.given import given_data, least_rows
from analysis.sensitivity.morris import morris
from analysis.sensitivity.sample import GIVEN_DATA, MAIN, Index, Sample, fenced, standardised
from analysis.sensitivity.sobol import sobol

RESAMPLES = 1000
MOST_LOST = 0.1  # share of blocks
FEWEST_BLOCKS = {"sobol": 8, "morris": 4}
COLUMNS = ["index", *Index._fields[1:]]


class Indices(NamedTuple):
    """What an analysis has found, or why it has found nothing."""

    table: pd.DataFrame  # a row per index (columns of `Index`, and low and high together); empty where there are none
    n: int  # blocks used
    left_out: int  # blocks with an outcome that is not a number
    why: str  # why there are no indices; empty where there are
    notes: tuple[str, ...]

    def of(self, index: str) -> pd.DataFrame:
        """One kind of index, by parameter."""
        return self.table[self.table["index"] == index].set_index("parameter")


def analyse(sample: Sample, y: np.ndarray, resamples: int = RESAMPLES, detail: bool = True) -> Indices:
    """Indices of one outcome.

    Parameters
    ----------
    sample : the design
    y : float [row]   outcome of each row of the design; NaN or endless where there is none
    resamples : int   of the bootstrap behind the intervals
    detail : False leaves out second-order indices, mu and sigma, as convergence over N has no use for them
    """
    y = np.asarray(y, dtype=float)
    if y.shape != (len(sample.u),):
        raise ValueError(f"y: {y.shape} outcomes for a design of {len(sample.u)} rows")
    used, rows, left_out = finite_blocks(sample, y)
    why = _unfit(used, y[rows], left_out)
    if why:
        return Indices(_table([]), used.blocks, left_out, why, ())
    with fenced() as warned:
        try:
            found, notes = _estimate(used, y[rows], resamples, detail)
            why = next((f"{w.message}" for w in warned if issubclass(w.category, RuntimeWarning)), "")
        except ArithmeticError as bad:
            found, notes, why = [], [], str(bad)
    if why:
        return Indices(_table([]), used.blocks, left_out, f"the estimate broke down: {why}", ())
    return Indices(_table(found), used.blocks, left_out, "", tuple(notes))


def finite_blocks(sample: Sample, y: np.ndarray) -> tuple[Sample, np.ndarray, int]:
    """The design without blocks that lack an outcome, the rows kept, and how many blocks were left out."""
    there = np.isfinite(y).reshape(-1, sample.block).all(axis=1)
    used, rows = sample.of_blocks(there)
    return used, rows, int((~there).sum())


def ranking(found: Indices, method: str) -> list[str]:
    """Parameters from the one that matters most to the one that matters least."""
    table = found.of(MAIN[method])
    return list(table["value"].sort_values(ascending=False, kind="stable").index)


def _unfit(used: Sample, y: np.ndarray, left_out: int) -> str:
    """Why an outcome cannot be analysed; empty if it can."""
    blocks = used.blocks + left_out
    what = {"sobol": "base samples", "morris": "trajectories"}.get(used.method, "rows")
    if left_out > MOST_LOST * blocks:
        return (
            f"{left_out} of {blocks} {what} hold an outcome that is not a finite number, more than a tenth; "
            "indices of the rest would describe only the part of the space where it is one"
        )
    fewest = least_rows(used.method, len(used.names)) if used.method in GIVEN_DATA else FEWEST_BLOCKS[used.method]
    if used.blocks < fewest:
        return f"{used.blocks} {what} are too few; this method needs {fewest} for {len(used.names)} parameters"
    if float(np.ptp(y)) <= 1e-9 * float(np.abs(y).max()):
        return f"it is the same in all rows ({y[0]:.6g}): nothing that was varied moves it"
    return ""


def _estimate(sample: Sample, y: np.ndarray, resamples: int, detail: bool) -> tuple[list[Index], list[str]]:
    with np.errstate(divide="raise", invalid="raise"):
        if sample.method == "sobol":
            return sobol(sample, standardised(y), resamples, detail), []
        if sample.method == "morris":
            return morris(sample, y, resamples, detail), []
        return given_data(sample, standardised(y), resamples, detail)


def _table(rows: list[Index]) -> pd.DataFrame:
    """The indices, beside each interval the one that holds for all parameters (`analysis.contrasts.multiplicity`).

    No p-values: an index that is a size, such as mu* or a distance, is above zero by chance alone.
    """
    table = pd.DataFrame(rows, columns=COLUMNS).assign(runs=MANY_RUNS)
    return beside(table, ["index"], ("value", "low", "high"), "runs").drop(columns=["runs", "p", "p_holm"])
