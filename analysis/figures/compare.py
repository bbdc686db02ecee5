"""Figures of a comparison: changes with their intervals, arm by arm, against a line that says "no change".

A point is a mean over pairs and its bar a 95 % t-interval; a bar that crosses the line leaves open whether anything
changed at all. Arms differ by colour **and** marker.
"""

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures.drawing import BLACK, GREY, STYLES, canvas, count_axis, put_legend, put_title, tidy_axes

MARKERS = "oDs^vPX"
NET_COST = "net cost to city and utility (US$), at the\nbaseline's crews' bill unless an arm has its own"
BAR: dict[str, Any] = {"capsize": 4.0, "elinewidth": 1.6, "capthick": 1.6, "markersize": 5.0, "linestyle": "none"}
RIGHT = "right of the line: the first-named group loses ground"
ROW_IN, HEAD_IN = 0.42, 1.75  # height of a row, and of titles and axes together


def forest(changes: pd.DataFrame, baseline: str, pairs: int) -> Figure:
    """Change of the gap by arm: a panel for each gap, arms in the order given.

    Parameters
    ----------
    changes : DataFrame with the columns arm, gap (what the panel is called), change, low, high; hours
    baseline : name of what the arms are compared with
    pairs : number of pairs
    """
    arms, panels = _unique(changes["arm"]), _unique(changes["gap"])
    figure = canvas(max(8.0, 2.2 + 2.6 * len(panels)), HEAD_IN + 0.15 + ROW_IN * max(len(arms), 2))
    axes = figure.subplots(1, len(panels), sharex=True, sharey=True, squeeze=False)[0]
    for panel, name in zip(axes, panels, strict=True):
        rows = changes[changes["gap"] == name].set_index("arm").reindex(arms)
        for y, arm in enumerate(arms):
            _bar(panel, rows.loc[arm], y, BLACK, "o")
        _zero_line(panel)
        _rows(panel, [textwrap.fill(arm, 26) for arm in arms])
        tidy_axes(panel, "change of the gap (hours)", "")
        panel.set_title(textwrap.fill(name, 32), fontsize=10.5)
    put_title(figure, f"Change of the gap in mean hours out, against {baseline}", _below(pairs, RIGHT))
    return figure


def by_group(changes: pd.DataFrame, baseline: str, pairs: int) -> Figure:
    """Change of mean hours out by group, arms side by side within a group.

    Parameters
    ----------
    changes : DataFrame with the columns arm, group, change, low, high; hours
    """
    arms, names = _unique(changes["arm"]), _unique(changes["group"])
    step = 0.7 / max(len(arms), 1)
    row_in = max(0.34, 0.17 * len(arms) + 0.14)
    figure = canvas(8.0, HEAD_IN + 0.3 * ((len(arms) + 2) // 3) + row_in * len(names))
    axes = figure.add_subplot()
    for i, arm in enumerate(arms):
        colour, marker = STYLES[i % len(STYLES)][0], MARKERS[i % len(MARKERS)]
        rows = changes[changes["arm"] == arm].set_index("group").reindex(names)
        offset = (i - (len(arms) - 1) / 2.0) * step
        for y, name in enumerate(names):
            _bar(axes, rows.loc[name], y + offset, colour, marker, label=arm if y == 0 else "", open_=i >= len(STYLES))
    _zero_line(axes)
    _rows(axes, names)
    tidy_axes(axes, "change of mean hours out (hours)", "")
    put_title(
        figure,
        f"Change of mean hours out by group, against {baseline}",
        _below(pairs, "left of the line: shorter waits"),
    )
    put_legend(figure, axes, columns=3)
    return figure


def cost_plane(points: pd.DataFrame, baseline: str, pairs: int, effect: str) -> Figure:
    """Cost against effect, with intervals both ways: up costs more, right closes more of the gap.

    Parameters
    ----------
    points : DataFrame with the columns arm, effect, effect_low, effect_high, cost, cost_low, cost_high (US$)
    effect : name of the horizontal axis with its unit
    """
    figure = canvas(8.0, 5.4)
    axes = figure.add_subplot()
    for i, (_, row) in enumerate(points.iterrows()):
        colour, marker = STYLES[i % len(STYLES)][0], MARKERS[i % len(MARKERS)]
        sides = [_side(row, name) for name in ("effect", "cost")]
        face = "white" if i >= len(STYLES) else colour
        axes.errorbar(
            row["effect"], row["cost"], xerr=sides[0], yerr=sides[1], fmt=marker, color=colour, markerfacecolor=face,
            label=row["arm"], zorder=3, **BAR,
        )  # fmt: skip
    for line in (axes.axhline, axes.axvline):
        line(0.0, color=GREY, linewidth=1.2, zorder=1)
    axes.margins(0.12)
    axes.xaxis.set_major_formatter(count_axis())
    axes.yaxis.set_major_formatter(count_axis())
    tidy_axes(axes, effect, NET_COST)
    below = _below(pairs, "lower right: closes the gap and saves money; upper left: neither")
    put_title(figure, f"What closing the gap costs, against {baseline}", below)
    put_legend(figure, axes, columns=3)
    return figure


def _bar(axes: Axes, row: pd.Series, y: float, colour: str, marker: str, label: str = "", open_: bool = False) -> None:
    """A point with its interval; nothing where there is no value."""
    face = "white" if open_ else colour
    if not np.isfinite(row["change"]):
        axes.plot([], [], marker, color=colour, markerfacecolor=face, label=label)
        return
    axes.errorbar(
        row["change"], y, xerr=_side(row, "change"), fmt=marker, color=colour, markerfacecolor=face, label=label,
        zorder=3, **BAR,
    )  # fmt: skip


def _side(row: pd.Series, name: str) -> np.ndarray | None:
    """Lengths of the two halves of an interval; None where there is none."""
    low, high = (row["low"], row["high"]) if name == "change" else (row[f"{name}_low"], row[f"{name}_high"])
    if not (np.isfinite(low) and np.isfinite(high)):
        return None
    return np.array([[row[name] - low], [high - row[name]]])


def _rows(axes: Axes, labels: Sequence[str]) -> None:
    """Rows from top to bottom, each with its name."""
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.5, -0.5)


def _zero_line(axes: Axes) -> None:
    axes.axvline(0.0, color=GREY, linewidth=1.4, zorder=1)
    low, high = axes.get_xlim()
    reach = max(abs(low), abs(high))
    if low > 0.0 or high < 0.0:  # the line of no change is always seen
        axes.set_xlim(min(low, -0.08 * reach), max(high, 0.08 * reach))


def _below(pairs: int, how: str) -> str:
    return f"{pairs} pairs of runs with equal seeds; bars: 95 % intervals, each by itself; {how}"


def _unique(column: pd.Series) -> list[str]:
    return [str(name) for name in column.drop_duplicates()]
