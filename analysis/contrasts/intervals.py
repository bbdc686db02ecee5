"""Over replicates: one number per run, then a mean and a 95 % interval over runs.

A run is the unit: households of one run share its storm and its crews, so an interval over households would
be far too narrow. Intervals are Student's t. Gaps and ratios are taken **within each run first** and averaged
afterwards, so that what the groups of a run share cancels. Arms are compared by `paired` changes of runs with
the same seed. A group that is empty in a run leaves that run out for this group, and the number left out is
reported beside the result. Each interval holds by itself; several looked at together are judged by
`analysis.contrasts.multiplicity`. Where each run was made with a draw of the parameters, intervals cover doubt about
these as well: `analysis.contrasts.doubt`.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.contrasts import doubt as doubts
from analysis.measures.equity import difference
from analysis.measures.grouping import known

LEVEL = 0.95
ONE_RUN = "one run: no interval"


class Interval(NamedTuple):
    """Mean over runs with its 95 % t-interval."""

    mean: float
    low: float  # NaN for fewer than two runs
    high: float
    n: int  # runs used
    left_out: int  # runs without a value
    note: str  # why there is no interval, or what was left out


def over_runs(tables: Sequence[pd.DataFrame], doubt: np.ndarray | None = None) -> pd.DataFrame:
    """Every measure of every group over runs.

    Parameters
    ----------
    tables : `reliability.by_group` tables, one per run
    doubt : float [run, component], `doubt.components` of the draws that the runs were made with; None: all had the same

    Returns
    -------
    DataFrame, tidy: group, measure, mean, low, high, runs, left_out, note. A measure that is endless in some
    run (a median not reached) has an endless mean and no interval.
    """
    index, columns, values = _stack(tables)
    return _tidy(index, columns, {"": values}, doubt)


def gap_over_runs(tables: Sequence[pd.DataFrame], reference: str, doubt: np.ndarray | None = None) -> pd.DataFrame:
    """Gap (group minus reference) and ratio (group over reference) per run, then over runs.

    Returns
    -------
    DataFrame, tidy: group, measure, gap, gap_low, gap_high, ratio, ratio_low, ratio_high, ratio_runs, runs,
    left_out, note; the last three are those of the gap. A run in which the reference is 0 has a gap but no
    ratio. The reference group itself is left out. With doubt, gap_by_chance and gap_by_doubt are half-widths.
    """
    index, columns, values = _stack(tables)
    known("tables", "group", reference, index)
    base = index.index(reference)
    others = [i for i in range(len(index)) if i != base]
    gap, ratio = difference(values[:, others], values[:, [base]])
    names = [index[i] for i in others]
    table = _tidy(names, columns, {"gap": gap, "ratio": ratio}, doubt)
    if doubt is not None:
        flat = gap.reshape(len(gap), -1)
        halves = [half_widths(column, doubt) for column in flat.T]
        table = table.assign(gap_by_chance=[p.chance for p in halves], gap_by_doubt=[p.doubt for p in halves])
    return table


def paired(changes: Sequence[float] | np.ndarray, doubt: np.ndarray | None = None) -> Interval:
    """Mean change from one arm to another with a 95 % t-interval.

    Parameters
    ----------
    changes : float [seed]   value in one arm minus value in the other, same seed; NaN is left out and counted
    doubt : float [seed, component], as of `over_runs`
    """
    mean, low, high, n = _intervals(np.asarray(changes, dtype=float).reshape(-1), doubt)
    used, left_out = int(n), int(np.size(changes) - n)
    note = _note(used, left_out, bool(np.isinf(mean)))
    return Interval(float(mean), float(low), float(high), used, left_out, note)


def half_widths(changes: np.ndarray, doubt: np.ndarray) -> doubts.Parts:
    """What the half-width of an interval is made of; shapes [seed], [seed, component]. NaN where there is none."""
    from scipy.special import stdtrit

    there = ~np.isnan(changes)
    if not np.isfinite(changes[there]).all():  # a median not reached in some run
        return doubts.Parts(*np.full(3, np.nan))
    n = int(there.sum())
    return doubts.parts(changes[there], doubt[there], float(stdtrit(max(n - 1, 1), 0.5 + LEVEL / 2)))


def _stack(tables: Sequence[pd.DataFrame]) -> tuple[list[str], list[str], np.ndarray]:
    """Tables as float [run, group, measure]; NaN where a run has no household of a group."""
    if not tables:
        raise ValueError("tables: no runs given")
    index = list(dict.fromkeys(str(name) for table in tables for name in table.index))
    columns = list(tables[0].columns)
    values = np.stack([table.reindex(index=index, columns=columns).to_numpy(dtype=float) for table in tables])
    if "households" in columns:
        values[values[..., columns.index("households")] == 0.0] = np.nan
    return index, columns, values


def _tidy(index: list[str], columns: list[str], cubes: dict[str, np.ndarray], doubt: np.ndarray | None) -> pd.DataFrame:
    """Intervals of [run, group, measure] cubes, side by side; counts and notes from the first."""
    rows: dict[str, object] = {
        "group": np.repeat(index, len(columns)),
        "measure": np.tile(columns, len(index)),
    }
    for name, cube in cubes.items():
        mean, low, high, n = _intervals(cube, doubt)
        labels = (name, f"{name}_low", f"{name}_high") if name else ("mean", "low", "high")
        rows |= {label: value.ravel() for label, value in zip(labels, (mean, low, high), strict=True)}
        rows |= {"ratio_runs": n.ravel()} if name == "ratio" else {}
    first = next(iter(cubes.values()))
    mean, _, _, runs = (value.ravel() for value in _intervals(first, None))
    left_out = len(first) - runs
    rows |= {"runs": runs, "left_out": left_out}
    rows["note"] = [_note(*row) for row in zip(runs, left_out, np.isinf(mean), strict=True)]
    return pd.DataFrame(rows)


def _intervals(values: np.ndarray, doubt: np.ndarray | None) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Mean, low, high and count over the first axis, leaving out NaN."""
    from scipy.special import stdtrit  # Student's t quantile, without importing scipy.stats

    there = ~np.isnan(values)
    n = there.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):  # no runs, one run, endless values: NaN on purpose
        mean = np.where(there, values, 0.0).sum(axis=0) / n
        squares = np.where(there, (values - mean) ** 2, 0.0).sum(axis=0)
        spread = np.sqrt(squares / (n - 1) / n)
        half = np.where(n > 1, stdtrit(np.maximum(n - 1, 1), 0.5 + LEVEL / 2) * spread, np.nan)
        if doubt is not None:
            columns = values.reshape(len(values), -1).T
            half = np.reshape([half_widths(column, doubt).whole for column in columns], np.shape(mean))
        return mean, mean - half, mean + half, n


def _note(runs: int, left_out: int, endless: bool) -> str:
    parts = ["no run has this group"] if runs == 0 else [ONE_RUN] if runs == 1 else []
    if left_out and runs:
        parts.append(f"{left_out} of {runs + left_out} runs left out: no value")
    if endless:
        parts.append("not reached in some run: no interval")
    return "; ".join(parts)
