"""How an outcome answers to factors: means with intervals over seeds, and changes paired by seed.

A sweep runs every point of its design under the same seeds, so each comparison is made within a seed first and
averaged afterwards; what the runs of a seed share (its city, its storm) cancels. With Y[p, s] the outcome at point p
under seed s, and P(l) the points at which a factor has level l::

    level     mean over s of  mean over P(l) of Y[p, s]
    change    mean over s of  (mean over P(l) of Y[p, s]  -  mean over P(base) of Y[p, s])
    shift     mean over s of  (mean over P(l) of Y[p, s]  -  Y[reference, s])

each with Student's 95 % t-interval over seeds, by itself; `analysis.contrasts.multiplicity` judges several together.
The base is the first level of a number, and of a category the level of the scenario as it stands. A seed without a
value at any of the points needed is left out, and counted.

In sampled designs a number has as many levels as points and is cut into fifths, and the points of two levels differ in
the other factors too. Half widths h are therefore widened to sqrt(h**2 + (t se)**2), with se the standard error of the
difference of two means over points (of their means over seeds) and t Student's quantile for the smaller number of
points less one: the interval covers the seeds and the choice of points.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import stdtrit  # Student's t quantile, without importing scipy.stats

from analysis.contrasts.intervals import LEVEL, Interval, half_widths, paired

MOST_LEVELS = 12  # more levels of a number than this are cut into fifths
FIFTHS = 5
PARTS = ["change_by_chance", "change_by_doubt"]
SCENARIO, REFERENCE, ALL = "scenario", "reference", "all"  # what `varied` says where it names no factor


class Axis(NamedTuple):
    """One thing that varies, as a column of the table of points."""

    column: str
    words: str  # "availability of the app"
    factor: str  # what `varied` calls it
    is_number: bool
    standing: Any  # level in the scenario as it stands; None where there is none
    pooled: bool = False  # makes the panels, and is itself looked at over all of them
    sampled: bool = False  # its levels are not met by the same points of the other factors


def point_table(
    values: np.ndarray, references: np.ndarray | None = None, doubt: np.ndarray | None = None
) -> pd.DataFrame:
    """Every point: its mean, its change from the first point, and its shift from the reference of its panel.

    Parameters
    ----------
    values : float [point, seed], NaN where there is no value
    references : int [point], the point that each is measured against in its panel; None: the first
    doubt : float [seed, component], as of `analysis.contrasts.intervals.paired`

    Returns
    -------
    DataFrame [point]: mean, low, high, runs, left_out, and with their bounds (``_low``, ``_high``) change and shift
    """
    against = np.zeros(len(values), dtype=int) if references is None else references
    rows = []
    with np.errstate(invalid="ignore"):  # a median not reached is endless, and so is its difference
        for row, reference in zip(values, values[against], strict=True):
            level, change, shift = (paired(x, doubt) for x in (row, row - values[0], row - reference))
            rows.append((*level[:5], *_bounds(change), *_bounds(shift)))
    changes = [f"{name}{end}" for name in ("change", "shift") for end in ("", "_low", "_high")]
    return pd.DataFrame(rows, columns=["mean", "low", "high", "runs", "left_out", *changes])


def responses(
    points: pd.DataFrame, values: np.ndarray, axes: Sequence[Axis], doubt: np.ndarray | None = None
) -> pd.DataFrame:
    """Every level of every axis in every panel.

    Parameters
    ----------
    points : DataFrame [point] with the columns panel, varied (a factor, "all", "reference" for the scenario as it
        stands in a panel, "scenario" for the first point), and one per axis
    values : float [point, seed]
    axes : what varies
    doubt : as of `point_table`

    Returns
    -------
    DataFrame, tidy: panel, axis, level (text), x (number or place among the levels), mean, low, high, change,
    change_low, change_high, shift, shift_low, shift_high, runs, left_out, is_base, is_end; ``is_end`` marks the
    comparison to speak of: the last level of a number, each level but the base of a category. With doubt,
    change_by_chance and change_by_doubt are half-widths
    """
    with np.errstate(invalid="ignore"):  # as above
        rows = [row for axis in axes for row in _of_axis(points, values, axis, doubt)]
    return pd.DataFrame(rows, columns=list(_Row._fields)).drop(columns=[] if doubt is not None else PARTS)


class _Row(NamedTuple):
    panel: str
    axis: str
    level: str
    x: float
    mean: float
    low: float
    high: float
    change: float
    change_low: float
    change_high: float
    shift: float
    shift_low: float
    shift_high: float
    runs: int
    left_out: int
    is_base: bool
    is_end: bool
    change_by_chance: float
    change_by_doubt: float


class _Level(NamedTuple):
    text: str
    x: float
    value: Any
    rows: np.ndarray  # points


def _of_axis(points: pd.DataFrame, values: np.ndarray, axis: Axis, doubt: np.ndarray | None) -> Iterator[_Row]:
    varied = points["varied"].to_numpy()
    for panel in [""] if axis.pooled else panels(points):
        inside = points["panel"].to_numpy() == panel if not axis.pooled else np.ones(len(points), dtype=bool)
        chosen = np.flatnonzero(inside & ((varied == axis.factor) | (varied == ALL)))
        if axis.pooled and not chosen.size:  # one at a time: over the references of the panels
            chosen = np.flatnonzero(varied == REFERENCE)
        if chosen.size:
            yield from _of_levels(panel, axis, _levels(points[axis.column].to_numpy()[chosen], chosen, axis), values,
                                  values[reference_point(points, panel)], doubt)  # fmt: skip


def _of_levels(
    panel: str, axis: Axis, levels: Sequence[_Level], values: np.ndarray, reference: np.ndarray,
    doubt: np.ndarray | None,
) -> Iterator[_Row]:  # fmt: skip
    base = next((i for i, level in enumerate(levels) if not axis.is_number and level.value == axis.standing), 0)
    means = [values[level.rows].mean(axis=0) for level in levels]  # NaN where any of the points has no value
    spread = [_squared_error(values[level.rows]) if axis.sampled else (0.0, np.inf) for level in levels]
    for i, (level, mean) in enumerate(zip(levels, means, strict=True)):
        here, shift = (_widened(paired(row, doubt), spread[i]) for row in (mean, mean - reference))
        moved = mean - means[base]
        change = _widened(paired(moved, doubt), spread[i], spread[base]) if i != base else paired(mean - mean)
        halves = (np.nan, np.nan) if doubt is None else half_widths(moved, doubt)[1:]
        is_end = i == len(levels) - 1 > 0 if axis.is_number else i != base
        yield _Row(panel, axis.words, level.text, level.x, *_bounds(here), *_bounds(change), *_bounds(shift),
                   here.n, here.left_out, i == base, is_end, *map(float, halves))  # fmt: skip


def _squared_error(values: np.ndarray) -> tuple[float, float]:
    """Squared standard error of a mean over points, and its degrees of freedom; values [point, seed]."""
    level = values.mean(axis=1)
    level = level[np.isfinite(level)]
    return (float(np.var(level, ddof=1) / level.size), level.size - 1.0) if level.size > 1 else (np.nan, np.nan)


def _widened(interval: Interval, *errors: tuple[float, float]) -> Interval:
    """An interval over seeds that covers the choice of points as well."""
    total, freedom = sum(error for error, _ in errors), min(n for _, n in errors)
    if total == 0.0:
        return interval
    half = np.hypot(interval.high - interval.mean, stdtrit(freedom, 0.5 + LEVEL / 2) * np.sqrt(total))
    return interval._replace(low=float(interval.mean - half), high=float(interval.mean + half))


def panels(points: pd.DataFrame) -> list[str]:
    """The panels of a design in their order; one without a name where nothing is across."""
    return list(dict.fromkeys(points.loc[points["varied"] != SCENARIO, "panel"]))


def reference_point(points: pd.DataFrame, panel: str) -> int:
    """The point that a panel is measured against: the scenario as it stands there, or else as it stands at all."""
    found = np.flatnonzero((points["panel"] == panel) & (points["varied"] == REFERENCE))
    return int(found[0]) if found.size else 0


def _levels(column: np.ndarray, rows: np.ndarray, axis: Axis) -> list[_Level]:
    """Levels in order: numbers rising, categories as they come."""
    distinct = list(dict.fromkeys(column.tolist()))
    if axis.is_number and len(distinct) > MOST_LEVELS:
        return _fifths(column.astype(float), rows)
    if axis.is_number:
        distinct.sort()
    return [
        _Level(text_of(value), float(value) if axis.is_number else float(i), value, rows[column == value])
        for i, value in enumerate(distinct)
    ]


def _fifths(column: np.ndarray, rows: np.ndarray) -> list[_Level]:
    parts = np.array_split(np.argsort(column, kind="stable"), FIFTHS)
    return [
        _Level(
            f"{text_of(column[part].min())}..{text_of(column[part].max())}",
            float(column[part].mean()),
            None,
            rows[part],
        )
        for part in parts
    ]


def text_of(value: Any) -> str:
    """A level as text."""
    if isinstance(value, bool | np.bool_):
        return "on" if value else "off"
    if not isinstance(value, float | int | np.number):
        return str(value)
    size = abs(float(value))
    if size >= 1_000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if 0.0 < size < 0.01 else f"{value:.3f}".rstrip("0").rstrip(".")


def _bounds(interval: Interval) -> tuple[float, float, float]:
    return interval.mean, interval.low, interval.high


def grid_means(
    points: pd.DataFrame, values: np.ndarray, across: Axis, along: Axis
) -> dict[str, tuple[list[Any], list[Any], np.ndarray]]:
    """Mean over seeds at every pair of levels of two numbers, averaged over what else varies.

    Returns
    -------
    dict by panel of (levels of ``across``, levels of ``along``, float [along, across]); seeds without a value are
    left out of their cell
    """
    found = {}
    for panel in panels(points):
        rows = np.flatnonzero((points["panel"] == panel) & (points["varied"] == ALL))
        frame = pd.DataFrame({"x": points[across.column].to_numpy()[rows], "y": points[along.column].to_numpy()[rows]})
        there = ~np.isnan(values[rows]).all(axis=1)
        frame["value"] = np.nan
        frame.loc[there, "value"] = np.nanmean(values[rows][there], axis=1)
        table = frame.pivot_table(index="y", columns="x", values="value", aggfunc="mean", dropna=False)
        found[panel] = (list(table.columns), list(table.index), table.to_numpy(dtype=float))
    return found
