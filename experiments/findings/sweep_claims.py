"""What of a sweep may be claimed: level by level and point by point, by the rule of `experiments.claims`.

A level pools points, and so does its share of the affected who are still dark at the horizon. A change stands on two
levels, a shift on a level and the scenario as it stands in its panel; the darker of the two decides. Of a gap, which is
a difference itself, the means are claims too.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.contrasts.response import Axis, point_table, responses
from experiments.claims import FEWEST, brief, is_dark, withheld
from experiments.outcome_names import is_gap

UNIT = "seeds"
DARK = "dark"  # share of the affected still dark, at the darker end of a change
MEANS = ("mean", "low", "high")
CHANGE, SHIFT = ("change", "change_low", "change_high"), ("shift", "shift_low", "shift_high")


def claimed_responses(
    points: pd.DataFrame, values: np.ndarray, dark: np.ndarray, axes: Sequence[Axis], name: str,
    doubt: np.ndarray | None = None,
) -> pd.DataFrame:  # fmt: skip
    """`analysis.contrasts.response.responses` without what may not be claimed, and the columns ``dark`` and ``note``.

    Parameters
    ----------
    dark : float [point, seed], share of the affected still without power at the horizon
    name : full name of the outcome
    doubt : float [seed, component], as of `analysis.contrasts.intervals.paired`
    """
    table, shares = responses(points, values, axes, doubt), responses(points, dark, axes)
    here = shares["mean"].to_numpy()
    return _without(table, name, here, here - shares["change"].to_numpy(), here - shares["shift"].to_numpy())


def claimed_points(
    values: np.ndarray, dark: np.ndarray, references: np.ndarray, name: str, doubt: np.ndarray | None = None
) -> pd.DataFrame:
    """`analysis.contrasts.response.point_table` without what may not be claimed; see `claimed_responses`."""
    here = point_table(dark)["mean"].to_numpy()
    return _without(point_table(values, references, doubt), name, here, np.full(len(here), here[0]), here[references])


def told(values: np.ndarray, dark: np.ndarray, name: str) -> np.ndarray:
    """Values of an outcome, float [point, seed]; of a gap NaN at points that may not claim one."""
    if not is_gap(name):
        return values
    shares, runs = point_table(dark)["mean"], (~np.isnan(values)).sum(axis=1)
    silent = np.array([is_dark(share) or n < FEWEST for share, n in zip(shares, runs, strict=True)])
    return np.where(silent[:, None], np.nan, values)


def _without(table: pd.DataFrame, name: str, here: np.ndarray, base: np.ndarray, reference: np.ndarray) -> pd.DataFrame:
    """A table with its claims blank; the shares are those of each row, of its base and of its reference."""
    worst = np.fmax(here, base)
    table = table.assign(**{DARK: worst})
    claims = {CHANGE: worst, SHIFT: np.fmax(here, reference)} | ({MEANS: here} if is_gap(name) else {})
    for columns, shares in claims.items():
        table = withheld(table, _notes(table, shares), [n for n in table.columns if n not in columns])
    return table.assign(note=_notes(table, worst))


def _notes(table: pd.DataFrame, shares: np.ndarray) -> list[str]:
    return [brief(int(n), share, UNIT) for n, share in zip(table["runs"], shares, strict=True)]
