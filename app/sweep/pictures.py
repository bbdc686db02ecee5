"""The figures of a sweep: lines, heat maps and subsets of channels, one of each kind per outcome where it applies.

Each PNG carries its alternative text in its ``Description`` field.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.contrasts.intervals import Interval
from analysis.contrasts.response import Axis, grid_means
from analysis.figures.drawing import placard, save
from analysis.figures.response import (
    MOST_LINES,
    heat_maps,
    response_lines,
    subset_dots,
)
from app.saving import put_files
from app.sweep.words import amount, reference
from experiments.designs.points import FACTORIAL
from experiments.outcome_names import file_stem, is_gap, label, words
from experiments.studies.sweep import Swept, channel_axes

MOST_PANELS = 6


def draw_sweep(folder: Path, swept: Swept) -> list[str]:
    """Draw all figures of a sweep into a folder; none of them is ever half-written.

    Returns
    -------
    What was left out, in words.
    """
    numbers = [axis for axis in swept.axes if axis.is_number and not axis.pooled]
    subset = [factor for factor in swept.sweep.design.factors if factor.is_subset]
    panels = swept.panels()
    if len(panels) > MOST_PANELS:
        return [f"No figures: {len(panels)} panels are more than {MOST_PANELS}; the tables hold everything."]

    def fill(target: Path) -> None:
        for outcome in filter(swept.has_values, swept.values):
            if swept.claims_nothing(outcome):
                _refused(target, swept, outcome)
                continue
            if numbers:
                _lines(target, swept, outcome, numbers)
            if len(numbers) >= 2 and swept.sweep.design.kind == FACTORIAL:
                _heat(target, swept, outcome, numbers[0], numbers[1])
            if subset:
                _subsets(target, swept, outcome)

    for outcome in filter(swept.claims_nothing, swept.values):  # what an earlier command drew would claim something
        for path in folder.glob(f"*-{file_stem(outcome)}.png"):
            path.unlink()
    if numbers or subset:
        put_files(folder, fill)
    return []


def _refused(folder: Path, swept: Swept, outcome: str) -> None:
    """In place of the figures of an outcome, why nothing may be claimed of it."""
    title, why = f"{swept.sweep.study.name}: no changes of the {words(outcome)}", swept.refusal(outcome)
    save(placard(title, why), folder / f"response-{file_stem(outcome)}.png", f"{title}. {why}")


def _below(swept: Swept) -> str:
    study = swept.sweep.study
    bands = "; bands and bars: 95 % intervals of the mean"
    there = ", in each panel under its own conditions" if len(swept.panels()) > 1 and swept.sweep.design.across else ""
    gaps = "" if (swept.answers["note"] == "").all() else "; left out: what may not be claimed"
    return f"reference: {reference(swept.sweep)}{there}; {study.replicates} seeds, the same at every point{bands}{gaps}"


def _title(swept: Swept, outcome: str, rest: str) -> str:
    name = words(outcome)
    return f"{swept.sweep.study.name}: {name}{',' if ',' in name else ''} {rest}"


def _lines(folder: Path, swept: Swept, outcome: str, numbers: list[Axis]) -> None:
    """One figure where the factors share an axis, such as the availability of each channel; otherwise one each."""
    rows = swept.answers[(swept.answers["outcome"] == outcome) & swept.answers["axis"].isin([a.words for a in numbers])]
    levels_at = {panel: swept.level_in(outcome, panel) for panel in swept.panels()}
    shared = {axis.words.partition(" of ")[0] for axis in numbers if " of " in axis.words}
    if len(shared) == 1 and all(" of " in axis.words for axis in numbers) and len(numbers) <= MOST_LINES:
        name = shared.pop()
        table = rows.assign(line=[text.partition(" of ")[2] for text in rows["axis"]])
        _one(folder, swept, outcome, table, levels_at, name, f"{name} (share of households)", "response")
        return
    for axis in numbers:
        table = rows[rows["axis"] == axis.words].assign(line=axis.words)
        stem = f"response-{axis.column.replace('.', '-')}"
        _one(folder, swept, outcome, table, levels_at, axis.words, swept.axis_label(axis), stem)


def _one(
    folder: Path, swept: Swept, outcome: str, table: pd.DataFrame, levels_at: dict[str, Interval], name: str,
    x_label: str, stem: str,
) -> None:  # fmt: skip
    title = _title(swept, outcome, f"against {name}")
    figure = response_lines(table, levels_at, title, _below(swept), x_label, label(outcome))
    save(figure, folder / f"{stem}-{file_stem(outcome)}.png", _lines_in_words(swept, outcome, table, name))


def _lines_in_words(swept: Swept, outcome: str, table: pd.DataFrame, name: str) -> str:
    ends = table[table["is_end"]]
    parts = [
        f"{row['line']}{', ' + row['panel'] if row['panel'] else ''}: {amount(row['change'], outcome, True)}"
        for _, row in ends.iterrows()
    ]
    return (
        f"Line charts of {label(outcome)} against {name}, level above and change from {reference(swept.sweep)} below. "
        f"Change from the first to the last value: {'; '.join(parts)}."
    )


def _heat(folder: Path, swept: Swept, outcome: str, x: Axis, y: Axis) -> None:
    grids = grid_means(swept.points, swept.told(outcome), x, y)
    labels = swept.axis_label(x), swept.axis_label(y), label(outcome)
    title = _title(swept, outcome, f"over {x.words} and {y.words}")
    figure = heat_maps(grids, title, _below(swept).partition("; bands")[0], labels, is_gap(outcome))
    every = [value for _, _, grid in grids.values() for value in grid.ravel()]
    lowest, highest = amount(np.nanmin(every), outcome), amount(np.nanmax(every), outcome)
    text = f"Heat map of {label(outcome)} over {x.words} and {y.words}, from {lowest} to {highest}."
    save(figure, folder / f"map-{file_stem(outcome)}.png", text)


def _subsets(folder: Path, swept: Swept, outcome: str) -> None:
    table = swept.subsets(outcome)
    channels = {axis.column: plain_channel(axis) for axis in channel_axes(swept.sweep)}
    levels_at = {panel: swept.level_in(outcome, panel) for panel in swept.panels()}
    title = _title(swept, outcome, "under every subset of channels")
    figure = subset_dots(table, channels, levels_at, title, _below(swept), label(outcome))
    ranked = table.dropna(subset="mean").sort_values("mean")
    first, last = ranked.iloc[0], ranked.iloc[-1]
    text = (
        f"Dots with intervals of {label(outcome)} for every subset of channels, sorted, above a matrix of what is "
        f"offered. Smallest: {first['subset']} ({amount(first['mean'], outcome)}); largest: {last['subset']} "
        f"({amount(last['mean'], outcome)})."
    )
    save(figure, folder / f"subsets-{file_stem(outcome)}.png", text)


def plain_channel(axis: Axis) -> str:
    """A channel as the name of a row."""
    return axis.words.removeprefix("the ")
