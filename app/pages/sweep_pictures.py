"""The figures of a sweep: lines, heat maps and subsets of channels. Each PNG carries its alternative text."""

from collections.abc import Iterator
from itertools import chain

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.contrasts.response import Axis, grid_means
from analysis.figures.drawing import placard, png
from analysis.figures.response import heat_maps, response_lines, subset_dots
from app.pages.page import Row
from app.pages.sweep_figures import Drawing, drawings
from app.pages.sweep_words import CHANGE
from app.say.numbers import DOLLARS, change_in, digits_of, level_in
from experiments.designs.sweep import channel_axes
from experiments.findings.sweep import Swept
from experiments.outcome_names import is_gap, label, words


def drawn(found: Row, swept: Swept) -> Iterator[tuple[str, bytes]]:
    """What there is to draw: names and PNG."""
    for outcome in found["outcomes"]:
        for one in drawings(found, outcome):
            figure, text = {"response": _lines, "map": _map, "subsets": _subsets, "refused": _refused}[one.kind](
                found, swept, outcome, one
            )
            yield one.stem, png(figure, text)


def _refused(found: Row, swept: Swept, outcome: Row, one: Drawing) -> tuple[Figure, str]:
    """In place of the figures of an outcome, why nothing may be claimed of it."""
    title, why = f"{found['study']}: no changes of the {words(outcome['name'])}", outcome["refused"]
    return placard(title, why), f"{title}. {why}"


def _below(found: Row, swept: Swept) -> str:
    there = ", in each panel under its own conditions" if len(swept.panels()) > 1 and swept.sweep.design.across else ""
    return f"reference: {found['reference']}{there}; {found['replicates']} seeds, the same at every point"


def _below_bands(found: Row, swept: Swept) -> str:
    gaps = "" if (swept.answers["note"] == "").all() else "; left out: what may not be claimed"
    return f"{_below(found, swept)}; bands and bars: 95 % intervals of the mean{gaps}"


def _title(found: Row, outcome: Row, rest: str) -> str:
    name = words(outcome["name"])
    return f"{found['study']}: {name}{',' if ',' in name else ''} {rest}"


def _amount(outcome: Row, value: float) -> str:
    if np.isinf(value):
        return "never"
    unit = outcome["unit"]
    return level_in(unit, value, 2) if unit == DOLLARS else f"{level_in(unit, value, 2)} {unit}"


def _lines(found: Row, swept: Swept, outcome: Row, one: Drawing) -> tuple[Figure, str]:
    name, names = outcome["name"], [axis["words"] for axis in one.axes]
    rows = swept.answers[(swept.answers["outcome"] == name) & swept.answers["axis"].isin(names)]
    is_shared = one.name not in names
    lines = [text.partition(" of ")[2] if is_shared else text for text in rows["axis"]]
    x = f"{one.name} (share of households)" if is_shared else swept.axis_label(Axis(**one.axes[0]))
    levels_at = {panel: swept.level_in(name, panel) for panel in swept.panels()}
    title, below = _title(found, outcome, f"against {one.name}"), _below_bands(found, swept)
    figure = response_lines(rows.assign(line=lines), levels_at, title, below, x, label(name))
    return figure, _lines_in_words(found, outcome, rows.assign(line=lines), one.name)


def _lines_in_words(found: Row, outcome: Row, rows: pd.DataFrame, name: str) -> str:
    ends = rows[rows["is_end"]]
    digits = digits_of([tuple(row) for row in ends[list(CHANGE)].to_numpy()])
    parts = [
        f"{line}{f', {panel}' if panel else ''}: {change_in(outcome['unit'], change, digits)}"
        for line, panel, change in zip(ends["line"], ends["panel"], ends["change"], strict=True)
    ]
    return (
        f"Line charts of {label(outcome['name'])} against {name}, level above and change from {found['reference']} "
        f"below. Change from the first to the last value: {'; '.join(parts)}."
    )


def _map(found: Row, swept: Swept, outcome: Row, one: Drawing) -> tuple[Figure, str]:
    x, y = (Axis(**axis) for axis in one.axes)
    name = outcome["name"]
    grids = grid_means(swept.points, swept.told(name), x, y)
    labels = swept.axis_label(x), swept.axis_label(y), label(name)
    title = _title(found, outcome, f"over {x.words} and {y.words}")
    figure = heat_maps(grids, title, _below(found, swept), labels, is_gap(name))
    every = list(chain.from_iterable(grid.ravel() for _, _, grid in grids.values()))
    lowest, highest = (_amount(outcome, end(every)) for end in (np.nanmin, np.nanmax))
    return figure, f"Heat map of {label(name)} over {x.words} and {y.words}, from {lowest} to {highest}."


def _subsets(found: Row, swept: Swept, outcome: Row, one: Drawing) -> tuple[Figure, str]:
    name = outcome["name"]
    table = swept.subsets(name)
    channels = {axis.column: axis.words.removeprefix("the ") for axis in channel_axes(swept.sweep)}
    levels_at = {panel: swept.level_in(name, panel) for panel in swept.panels()}
    title = _title(found, outcome, "under every subset of channels")
    figure = subset_dots(table, channels, levels_at, title, _below_bands(found, swept), label(name))
    ranked = table.dropna(subset="mean").sort_values("mean")
    first, last = (f"{row['subset']} ({_amount(outcome, row['mean'])})" for _, row in ranked.iloc[[0, -1]].iterrows())
    text = (
        f"Dots with intervals of {label(name)} for every subset of channels, sorted, above a matrix of what is "
        f"offered. Smallest: {first}; largest: {last}."
    )
    return figure, text
