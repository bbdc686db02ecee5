"""Figures of a sweep: an outcome against factors, over two factors at once, and over subsets of channels.

Intervals are of the mean over seeds, at 95 %. Levels carry the differences between seeds in their intervals, changes
do not, for they are paired by seed: so the two stand above one another, and a reader who compares levels looks at the
changes.
"""

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import TwoSlopeNorm
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.contrasts.intervals import Interval
from analysis.contrasts.response import text_of
from analysis.figures.drawing import BLACK, GREY, STYLES, canvas, put_legend, put_title, tidy_axes

MARKERS = "osD^vPX"
MOST_LINES = len(STYLES)
FEW_LINES = 2  # of which the bands of levels can be told apart
MOST_WRITTEN = 120  # cells of a heat map with their value in them
PANEL_IN = 3.0
PALE = "#DDDDDD"


def response_lines(
    table: pd.DataFrame, levels_at: Mapping[str, Interval], title: str, subtitle: str, x_label: str, y_label: str
) -> Figure:
    """Levels above, changes from the scenario as it stands below; one line per factor or group, one column per panel.

    Parameters
    ----------
    table : tidy with the columns panel, line, x, and with their bounds (``_low``, ``_high``): mean (low, high), shift
    levels_at : the scenario as it stands, by panel
    x_label, y_label : with units; the unit of y in brackets at its end
    """
    panels = list(dict.fromkeys(table["panel"]))
    figure = canvas(max(8.0, 1.0 + PANEL_IN * len(panels)), 7.2, pad_in=0.06)
    grid = figure.subplots(2, len(panels), sharex=True, sharey="row", squeeze=False)
    for column, panel in enumerate(panels):
        upper, lower = grid[:, column]
        lines = _lines(table[table["panel"] == panel], list(dict.fromkeys(table["line"])))
        for line, rows in lines:
            _line(upper, rows, ("mean", "low", "high"), line, len(lines) <= FEW_LINES)
            _line(lower, rows, ("shift", "shift_low", "shift_high"), line)
        _standing(upper, levels_at[panel], len(lines) > FEW_LINES)
        lower.axhline(0.0, color=BLACK, linewidth=1.0, linestyle=":")
        upper.set_title(_broken(panel), fontsize=10)
        first = column == 0
        tidy_axes(upper, "", _broken(y_label, 34) if first else "")
        tidy_axes(
            lower, x_label, _broken(f"change from the scenario as it stands {_unit(y_label)}", 34) if first else ""
        )
    put_title(figure, title, subtitle)
    put_legend(figure, grid[0, 0], columns=3)
    return figure


def _lines(table: pd.DataFrame, names: Sequence[str]) -> list[tuple[tuple[int, str], pd.DataFrame]]:
    return [((i, name), table[table["line"] == name].sort_values("x")) for i, name in enumerate(names[:MOST_LINES])]


def _line(
    axes: Axes, rows: pd.DataFrame, names: tuple[str, str, str], line: tuple[int, str], with_band: bool = True
) -> None:
    """A line with markers and its band."""
    (place, name), (mean, low, high) = line, names
    colour, dashes = STYLES[place]
    marker = MARKERS[place]
    axes.plot(rows["x"], rows[mean], color=colour, linestyle=dashes, marker=marker, markersize=4.5, label=name)
    if with_band:
        axes.fill_between(rows["x"], rows[low], rows[high], color=colour, alpha=0.13, linewidth=0)


def _standing(axes: Axes, standing: Interval, with_band: bool) -> None:
    """The scenario as it stands, across the axes; its band stands for those of many lines, which would cover them."""
    axes.axhline(standing.mean, color=BLACK, linewidth=1.0, linestyle=":", label="scenario as it stands")
    if with_band and np.isfinite(standing.low):
        axes.axhspan(standing.low, standing.high, color=GREY, alpha=0.2, linewidth=0)


def heat_maps(
    grids: Mapping[str, tuple[list[Any], list[Any], np.ndarray]],
    title: str,
    subtitle: str,
    labels: tuple[str, str, str],
    is_gap: bool,
) -> Figure:
    """Mean outcome over two factors, one map per panel on one scale.

    Parameters
    ----------
    grids : by panel, levels across, levels along, float [along, across]; see `analysis.contrasts.response.grid_means`
    labels : of x, of y and of the outcome
    is_gap : colours diverge at 0 and cells below 0 are hatched, for readers without colour
    """
    figure = canvas(max(8.0, 1.4 + 3.4 * len(grids)), 4.9, pad_in=0.08)
    row = figure.subplots(1, len(grids), sharey=True, squeeze=False)[0]
    every = np.concatenate([grid.ravel() for _, _, grid in grids.values()])
    scale = _scale(every[np.isfinite(every)], is_gap)
    for axes, (panel, (across, along, grid)) in zip(row, grids.items(), strict=True):
        drawn = axes.pcolormesh(grid, edgecolors="white", linewidth=0.6, **scale)
        axes.set_xticks(np.arange(len(across)) + 0.5, [text_of(v) for v in across], rotation=45 * (len(across) > 6))
        axes.set_yticks(np.arange(len(along)) + 0.5, [text_of(v) for v in along])
        axes.set(xlabel=labels[0], ylabel=labels[1] if axes is row[0] else "")
        axes.set_title(_broken(panel), fontsize=10)
        _write_cells(axes, grid, is_gap, sum(g.size for _, _, g in grids.values()))
    hatched = "; hatched: below 0" if is_gap and (every < 0.0).any() else ""
    figure.colorbar(drawn, ax=list(row), location="bottom", label=labels[2] + hatched, shrink=0.7, aspect=40)
    put_title(figure, title, subtitle)
    return figure


def _scale(values: np.ndarray, is_gap: bool) -> dict[str, Any]:
    if is_gap:
        most = float(np.max(np.abs(values), initial=0.0)) or 1.0
        return {"cmap": "PuOr_r", "norm": TwoSlopeNorm(0.0, -most, most)}
    low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)
    return {"cmap": "cividis", "vmin": low, "vmax": high if high > low else low + 1.0}


def _write_cells(axes: Axes, grid: np.ndarray, is_gap: bool, cells: int) -> None:
    """Hatch what is negative, and write values in the cells where there are few."""
    for y, x in np.argwhere(grid < 0.0) if is_gap else ():
        dark = -grid[y, x] > 0.45 * np.nanmax(np.abs(grid))
        colour = "white" if dark else "#777777"
        axes.add_patch(Rectangle((x, y), 1, 1, fill=False, hatch="///", edgecolor=colour, linewidth=0.0))
    if cells > MOST_WRITTEN:
        return
    for (y, x), value in np.ndenumerate(grid):
        if np.isfinite(value):
            box = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}
            text = f"{value:+z.1f}" if is_gap else f"{value:,.1f}" if abs(value) < 1_000 else f"{value:,.0f}"
            axes.text(x + 0.5, y + 0.5, text, ha="center", va="center", fontsize=8, bbox=box)


def subset_dots(
    table: pd.DataFrame,
    channels: Mapping[str, str],
    levels_at: Mapping[str, Interval],
    title: str,
    subtitle: str,
    y_label: str,
) -> Figure:
    """Every subset of channels as a dot with its interval, sorted, above a matrix of what is on.

    Parameters
    ----------
    table : tidy with the columns panel, subset, mean and change with their bounds, and a yes/no column per channel
    channels : words by column
    levels_at : the scenario as it stands, by panel
    """
    panels = list(dict.fromkeys(table["panel"]))
    order = list(table.groupby("subset", sort=False)["mean"].mean().sort_values(kind="stable").index)
    heights = [2.0] * len(panels) + [0.32 * len(channels)]
    figure = canvas(max(8.0, 1.5 + 0.28 * len(order)), sum(heights) + 1.5, pad_in=0.05)
    *rows, matrix = figure.subplots(len(heights), 1, sharex=True, height_ratios=heights)
    for axes, panel in zip(rows, panels, strict=True):
        _dots(axes, table[table["panel"] == panel].set_index("subset").loc[order])
        _standing(axes, levels_at[panel], True)
        tidy_axes(axes, "", _broken(y_label, 30) if axes is rows[len(rows) // 2] else "")
        axes.set_title(panel, fontsize=10, loc="left")
        axes.tick_params(bottom=False)
    low = min(axes.get_ylim()[0] for axes in rows)
    high = max(axes.get_ylim()[1] for axes in rows)
    for axes in rows:
        axes.set_ylim(low, high)
    on = table.drop_duplicates("subset").set_index("subset").loc[order, list(channels)].to_numpy(dtype=bool)
    _matrix(matrix, on.T, list(channels.values()))
    put_title(figure, title, subtitle)
    put_legend(figure, rows[0], columns=2)
    return figure


def _dots(axes: Axes, rows: pd.DataFrame) -> None:
    """Means; thin bars for their intervals, thick ones for those of the change, laid about the mean."""
    place, mean, change = np.arange(len(rows)), rows["mean"].to_numpy(), rows["change"].to_numpy()
    bars = {
        "95 % interval of the mean": ("", mean, 1.2, GREY),
        "95 % interval of its change, paired": ("change_", change, 3.4, STYLES[5][0]),
    }
    for label, (start, centre, width, colour) in bars.items():
        low, high = (rows[f"{start}{end}"].to_numpy() - centre + mean for end in ("low", "high"))
        axes.vlines(place, low, high, color=colour, linewidth=width, label=label)
    axes.plot(place, mean, "o", color=STYLES[1][0], markersize=4.5, label="mean over seeds")
    axes.set_xlim(-0.7, len(rows) - 0.3)


def _matrix(axes: Axes, on: np.ndarray, names: Sequence[str]) -> None:
    """What is on in each column: filled dots, joined from the first to the last; bool [channel, column]."""
    height, width = on.shape
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    axes.scatter(x[~on], y[~on], s=26, color=PALE)
    axes.scatter(x[on], y[on], s=34, color=BLACK, zorder=3)
    for column in range(width):
        filled = np.flatnonzero(on[:, column])
        if filled.size > 1:
            axes.plot([column, column], [filled[0], filled[-1]], color=BLACK, linewidth=1.4)
    axes.set_yticks(range(height), names)
    axes.set_ylim(height - 0.4, -0.6)
    axes.set_xticks([])
    axes.set_xlabel("channels offered (filled: on); sorted by the mean over all panels, smallest first")
    axes.spines[["top", "right", "bottom", "left"]].set_visible(False)
    axes.tick_params(length=0)
    for row in range(0, height, 2):
        axes.axhspan(row - 0.5, row + 0.5, color=GREY, alpha=0.12, linewidth=0)


def _broken(text: str, width: int = 34) -> str:
    return "\n".join(textwrap.wrap(text, width))


def _unit(label: str) -> str:
    return label[label.rindex("(") :] if label.endswith(")") else ""
