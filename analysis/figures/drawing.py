"""What all figures share: canvas, colours that survive colour blindness and greyscale, titles, and saving.

Figures are `matplotlib.figure.Figure` objects on an Agg canvas, never pyplot: no window system, no global
state, safe in a server's threads. Groups differ by colour **and** line style. Colours: Okabe & Ito 2008,
"Color universal design".
"""

import io
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FuncFormatter, PercentFormatter

from analysis.measures.grouping import Groups, attributes, groups

NO_BREAK = "\u00a0"
DOTS_PER_INCH = 150  # 8 inches are 1200 pixels
BLACK, GREY = "#000000", "#999999"
ORANGE, SKY, GREEN, BLUE = "#E69F00", "#56B4E9", "#009E73", "#0072B2"
VERMILLION, PURPLE = "#D55E00", "#CC79A7"
# their yellow is left out: a line of it cannot be seen on white. Line styles differ, for greyscale
Style = tuple[str, Any]  # colour, line style
STYLES: tuple[Style, ...] = (
    (VERMILLION, "-"),
    (BLUE, (0, (5, 1.5))),
    (ORANGE, (0, (1, 1))),
    (GREEN, (0, (6, 1.5, 1, 1.5))),
    (PURPLE, (0, (12, 3))),
    (SKY, (0, (3, 1, 1, 1, 1, 1))),
    (GREY, (0, (10, 2, 1, 2, 1, 2))),
)
MOST_GROUPS = len(STYLES)
REST = "all other groups"


def canvas(width_in: float = 8.0, height_in: float = 5.0, pad_in: float = 0.04) -> Figure:
    """An empty figure; its layout keeps texts apart."""
    figure = Figure(figsize=(width_in, height_in), layout=ConstrainedLayoutEngine(h_pad=pad_in, w_pad=pad_in))
    FigureCanvasAgg(figure)
    return figure


def placard(title: str, text: str) -> Figure:
    """A figure that says in words why there is nothing to draw; lines of the text are kept apart."""
    figure = canvas(8.0, 3.2)
    lines = [textwrap.fill(line, 88) for line in text.split("\n")]
    figure.text(0.01, 0.8, "\n\n".join(lines), fontsize=10.5, va="top", linespacing=1.35)
    put_title(figure, title, "")
    return figure


def save(figure: Figure, path: str | Path, description: str) -> Path:
    """Write a figure as `png` to a file."""
    Path(path).write_bytes(png(figure, description))
    return Path(path)


def png(figure: Figure, description: str) -> bytes:
    """A PNG of 150 dots per inch that carries its own description.

    The description is the alternative text for those who cannot see the figure. It goes into the PNG's
    ``Description`` field; an empty one is refused.
    """
    if not description.strip():
        raise ValueError("a figure needs a description in words")
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=DOTS_PER_INCH, metadata={"Description": description})
    return file.getvalue()


def put_title(figure: Figure, title: str, subtitle: str) -> None:
    """Title, and below it what the numbers are relative to and how many runs they rest on."""
    width = int(11 * figure.get_figwidth())  # characters of this size in an inch
    clauses = subtitle.replace(" ", NO_BREAK).replace(f";{NO_BREAK}", "; ")  # lines end between clauses
    lines = textwrap.wrap(title, width)
    for clause in textwrap.wrap(clauses, width, break_long_words=False):
        lines += textwrap.wrap(clause.replace(NO_BREAK, " "), width)  # too long for a line: between words
    text = "\n".join(lines)
    figure.suptitle(text, fontsize=11, x=0.01, ha="left", linespacing=1.35)


def put_legend(figure: Figure, axes: Axes, columns: int = 4, order: Sequence[str] = ()) -> None:
    """Legend below the axes, where it covers no data; ``order`` gives the starts of labels in their order."""
    handles, labels = axes.get_legend_handles_labels()
    if order:
        place = [next(i for i, start in enumerate(order) if label.startswith(start)) for label in labels]
        turn = sorted(range(len(labels)), key=place.__getitem__)
        handles, labels = [handles[i] for i in turn], [labels[i] for i in turn]
    longest = max((len(label) for label in labels), default=1)
    columns = max(1, min(columns, len(labels), 110 // (longest + 8)))
    figure.legend(
        handles,
        labels,
        loc="outside lower center",
        ncols=columns,
        frameon=False,
        handlelength=3.2,
        fontsize=10,
    )


def tidy_axes(axes: Axes, x_label: str, y_label: str) -> None:
    """Named axes with units, a light grid behind the data, no box."""
    axes.set(xlabel=x_label, ylabel=y_label)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(color="#E5E5E5", linewidth=0.8)
    axes.set_axisbelow(True)


def count_axis() -> FuncFormatter:
    """Ticks as 12,000."""
    return FuncFormatter(lambda value, _: f"{value:,.0f}")


def percent_axis() -> PercentFormatter:
    """Shares as per cent."""
    return PercentFormatter(xmax=1.0, decimals=0)


def compared(by: str | Sequence[str], reference: str) -> str:
    """What is compared with what, in words."""
    attribute = ", ".join(attributes(by)).replace("_", " ")
    return "all households" if attribute == "all" else f"by {attribute}; reference group: {reference}"


def seeds(n: int) -> str:
    """How many runs a figure rests on, in words."""
    return "one seed" if n == 1 else f"mean of {n} seeds"


def named_groups(runs: Sequence[pd.DataFrame], by: str | Sequence[str]) -> tuple[list[np.ndarray], list[str], str]:
    """Group of every household in every run, with few enough names to draw.

    Returns int arrays [household] (one per run), the names, and the reference. Where there are more groups
    than line styles, those with the most affected are kept and the others become one, ``all other groups``.
    """
    if not runs:
        raise ValueError("runs: none given")
    grouped = [groups(run, by) for run in runs]
    names = list(dict.fromkeys(name for g in grouped for name in g.names))
    if len(names) > MOST_GROUPS:
        size = sum(_affected(g, run, names) for g, run in zip(grouped, runs, strict=True))
        kept = np.sort(np.argsort(-size, kind="stable")[: MOST_GROUPS - 1])
        names = [names[i] for i in kept] + [REST]
    place = {name: i for i, name in enumerate(names)}
    codes = [np.array([place.get(name, len(names) - 1) for name in g.names], dtype=int)[g.code] for g in grouped]
    return codes, names, grouped[0].reference


def _affected(grouping: Groups, run: pd.DataFrame, names: Sequence[str]) -> np.ndarray:
    out = grouping.code[np.isfinite(run["out_h"].to_numpy(dtype=float))]
    size = dict(zip(grouping.names, np.bincount(out, minlength=len(grouping.names)), strict=True))
    return np.array([size.get(name, 0) for name in names])
