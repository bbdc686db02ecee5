"""Figures of a study of sensitivity: ranked indices, pairs, convergence, and the outcome against a parameter.

Bars stand in the order of the method's ranking index, the largest on top; whiskers are 95 % intervals. What differs by
colour differs by hatching, marker or line style too.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from analysis.figures.drawing import BLACK, BLUE, ORANGE, SKY, STYLES, canvas, put_legend, put_title, tidy_axes
from analysis.sensitivity.given import NOTHING

BARS = ((BLUE, ""), (ORANGE, "////"))  # colour and hatching
BINS = 10
MOST_POINTS = 3000
MARKERS = "osD^vPX"


class Panel(NamedTuple):
    """One parameter, laid along an axis."""

    label: str  # with its unit
    position: np.ndarray  # float [row]: the value, or the number of the category
    categories: tuple[str, ...]  # empty: a number
    log: bool
    whole: bool


def index_bars(table: pd.DataFrame, bars: Sequence[tuple[str, str]], x_label: str, title: str, below: str) -> Figure:
    """Ranked bars with intervals, side by side for each kind of index.

    Parameters
    ----------
    table : tidy indices of one outcome
    bars : kinds of index with their names in the legend; the last one gives the order
    """
    tables = {index: table[table["index"] == index].set_index("parameter") for index, _ in bars}
    rank = tables[bars[-1][0]]["value"].drop(NOTHING, errors="ignore").sort_values(kind="stable")
    names = list(rank.index)
    figure = canvas(8.0, 1.9 + (0.26 + 0.14 * len(bars)) * len(names))
    axes = figure.add_subplot()
    height = 0.8 / len(bars)
    for number, (index, label) in enumerate(bars):
        rows = tables[index].loc[names]
        place = np.arange(len(names)) + (len(bars) - 1) * height / 2 - number * height
        colour, hatch = BARS[number]
        axes.barh(place, rows["value"], height * 0.92, color=colour, hatch=hatch, edgecolor="white", label=label)
        axes.errorbar(rows["value"], place, xerr=_reach(rows), fmt="none", ecolor=BLACK, elinewidth=1.1, capsize=2.5)
    _nothing(axes, tables[bars[-1][0]])
    axes.axvline(0.0, color=BLACK, linewidth=0.8)
    axes.set_yticks(np.arange(len(names)), names)
    tidy_axes(axes, x_label, "")
    axes.grid(visible=False, axis="y")
    put_title(figure, title, below)
    if axes.get_legend_handles_labels()[1]:
        put_legend(figure, axes, columns=3)
    return figure


def pair_heat_map(table: pd.DataFrame, names: Sequence[str], title: str, below: str) -> Figure:
    """Second-order indices of all pairs with their reach; bold where the interval lies above zero."""
    pairs = table[table["index"] == "S2"]
    place = {name: i for i, name in enumerate(names)}
    grid = np.full((len(names), len(names)), np.nan)
    figure = canvas(8.0, 3.2 + 0.42 * len(names))
    axes = figure.add_subplot()
    for row in pairs.itertuples():
        i, j = sorted((place[row.parameter], place[row.second_parameter]))
        grid[j, i] = row.value
    reach = max(0.02, float(np.nanmax(np.abs(grid))))
    image = axes.imshow(grid, cmap="PuOr_r", vmin=-reach, vmax=reach, aspect="auto")
    for row in pairs.itertuples():
        i, j = sorted((place[row.parameter], place[row.second_parameter]))
        sure, dark = row.low > 0.0, abs(row.value) > 0.6 * reach
        weight, colour = ("bold" if sure else "normal"), ("white" if dark else BLACK)
        text = f"{row.value:z.2f}\n±{row.high - row.value:.2f}"
        axes.text(i, j, text, ha="center", va="center", fontsize=7, weight=weight, color=colour)
    axes.set_xticks(np.arange(len(names) - 1), names[:-1], rotation=40, ha="right", rotation_mode="anchor")
    axes.set_yticks(np.arange(1, len(names)), names[1:])
    axes.set(xlim=(-0.5, len(names) - 1.5), ylim=(len(names) - 0.5, 0.5))
    axes.spines[:].set_visible(False)
    figure.colorbar(image, ax=axes, label="share of variance", shrink=0.85)
    put_title(figure, title, below)
    return figure


def convergence(table: pd.DataFrame, x_label: str, y_label: str, title: str, below: str) -> Figure:
    """The ranking index over growing N, with intervals, for as many parameters as there are line styles."""
    last = table[table["n"] == table["n"].max()]
    names = list(last.sort_values("value", ascending=False, kind="stable")["parameter"])
    names = [name for name in names if name != NOTHING][: len(STYLES)]
    figure = canvas(8.0, 5.2)
    axes = figure.add_subplot()
    for number, name in enumerate(names):
        rows = table[table["parameter"] == name].sort_values("n")
        colour, dashes = STYLES[number]
        x = rows["n"] * 1.025 ** (number - (len(names) - 1) / 2)  # side by side, so that whiskers can be told apart
        axes.errorbar(
            x, rows["value"], yerr=_reach(rows), color=colour, linestyle=dashes, marker=MARKERS[number],
            markersize=5, linewidth=1.7, capsize=2.5, elinewidth=1.0, label=name,
        )  # fmt: skip
    ticks = sorted(set(table["n"]))
    axes.set_xscale("log", base=2)
    axes.set_xticks(ticks, [f"{n:,}" for n in ticks])
    axes.minorticks_off()
    axes.set_ylim(bottom=min(0.0, float(table["low"].min()) * 1.05))
    tidy_axes(axes, x_label, y_label)
    put_title(figure, title, below)
    put_legend(figure, axes, columns=2)
    return figure


def morris_plane(table: pd.DataFrame, unit: str, title: str, below: str) -> Figure:
    """Size of the effects against their spread; far right matters, far up depends on the others or bends."""
    size, spread = (table[table["index"] == name].set_index("parameter") for name in ("mu_star", "sigma"))
    names = [name for name in size["value"].sort_values(ascending=False).index if name in spread.index]
    figure = canvas(8.0, 5.6)
    axes = figure.add_subplot()
    for number, name in enumerate(names):
        colour = STYLES[number % len(STYLES)][0]
        axes.errorbar(
            size.loc[name, "value"], spread.loc[name, "value"], xerr=_reach(size.loc[[name]]),
            yerr=_reach(spread.loc[[name]]), fmt=MARKERS[number % len(MARKERS)], color=colour, markersize=7,
            markerfacecolor=colour if number < len(STYLES) else "white", elinewidth=0.9, capsize=2, label=name,
        )  # fmt: skip
    far = float(max(size["high"].max(), spread["high"].max()))
    axes.plot([0, far], [0, far], color=BLACK, linewidth=0.9, linestyle=(0, (5, 3)), label="spread as large as size")
    axes.set(xlim=(0.0, None), ylim=(min(0.0, float(spread["low"].min())), None))
    tidy_axes(
        axes, f"mean size of the effect over the whole range, mu* ({unit})", f"spread of the effect, sigma ({unit})"
    )
    put_title(figure, title, below)
    put_legend(figure, axes, columns=2)
    return figure


def against_parameters(panels: Sequence[Panel], y: np.ndarray, y_label: str, title: str, below: str) -> Figure:
    """The outcome of every row against each of some parameters, with means of bins and their 95 % intervals."""
    figure = canvas(3.2 * len(panels) + 0.8, 4.6)
    frames = np.atleast_1d(figure.subplots(1, len(panels), sharey=True))
    for number, (axes, panel) in enumerate(zip(frames, panels, strict=True)):
        _cloud(axes, panel, y)
        tidy_axes(axes, panel.label, y_label if number == 0 else "")
    put_title(figure, title, below)
    put_legend(figure, frames[0], columns=2)
    return figure


def _cloud(axes: Axes, panel: Panel, y: np.ndarray) -> None:
    there = np.isfinite(y)
    x, y = panel.position[there], y[there]
    shift = np.random.default_rng(1).uniform(-0.25, 0.25, len(x)) if panel.categories else np.zeros(len(x))
    some = slice(None, None, 1 + len(x) // MOST_POINTS)
    axes.plot((x + shift)[some], y[some], ".", color=SKY, markersize=3.5, alpha=0.5, label="one row", rasterized=True)
    centres, means, halves = binned(panel, x, y)
    line = "none" if panel.categories else "-"
    axes.errorbar(
        centres, means, yerr=halves, color=BLACK, linestyle=line, marker="o", markersize=4, linewidth=1.6, capsize=3,
        label="mean of a bin, 95 % interval",
    )  # fmt: skip
    if panel.categories:
        axes.set_xticks(range(len(panel.categories)), panel.categories, rotation=30, ha="right")
    elif panel.log:
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 3.0)))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.xaxis.set_minor_formatter(NullFormatter())
    else:
        axes.xaxis.set_major_locator(MaxNLocator(5, integer=panel.whole))


def binned(panel: Panel, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Means of the outcome in bins of equal width (or by category): centres, means, half widths of 95 % intervals."""
    from scipy.special import stdtrit

    levels = np.unique(x)
    if panel.categories or len(levels) <= BINS:
        code, centres = np.searchsorted(levels, x), levels
    else:
        scale = np.log(x) if panel.log else x
        edges = np.linspace(scale.min(), scale.max(), BINS + 1)
        code = np.clip(np.searchsorted(edges, scale, side="right") - 1, 0, BINS - 1)
        centres = (edges[:-1] + edges[1:]) / 2
        centres = np.exp(centres) if panel.log else centres
    count = np.bincount(code, minlength=len(centres))
    full = count > 1
    mean = np.bincount(code, y, len(centres))[full] / count[full]
    squares = np.bincount(code, (y - y.mean()) ** 2, len(centres))[full] / count[full] - (mean - y.mean()) ** 2
    error = np.sqrt(np.maximum(squares, 0.0) / (count[full] - 1))
    return centres[full], mean, stdtrit(count[full] - 1, 0.975) * error


def _reach(rows: pd.DataFrame) -> np.ndarray:
    """Whiskers down and up, [2, row]."""
    return np.stack([rows["value"] - rows["low"], rows["high"] - rows["value"]])


def _nothing(axes: Axes, rows: pd.DataFrame) -> None:
    """The level that a parameter without any influence reaches."""
    if NOTHING in rows.index:
        level = float(rows.loc[NOTHING, "high"])
        axes.axvline(level, color=BLACK, linestyle=(0, (4, 2)), linewidth=1.3, label="reached by doing nothing")
