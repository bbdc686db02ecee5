"""The figures of a study of sensitivity: which are drawn for which method, and what they say in words."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from analysis.figures import sensitivity as figures
from analysis.figures.drawing import save
from analysis.sensitivity.given import NOTHING
from analysis.sensitivity.indices import ranking
from analysis.sensitivity.sobol import TOP, independent_rows
from app.sensitivity.findings import Finding
from app.sensitivity.words import MAIN_WORDS, blocks_word
from experiments.claims import FEWEST
from experiments.designs.factors import Factor
from experiments.outcome_names import file_stem, label, words
from experiments.studies.sensitivity import Sensitivity, values_of
from sim.inputs.parameters import catalogue

BARS = {
    "sobol": [("S1", "by itself (S1)"), ("ST", "with all interactions (ST)")],
    "hdmr": [("S1", "by itself (S1)"), ("ST", "with its pairs (ST)")],
    "rbd-fast": [("S1", "by itself (S1)")],
    "morris": [("mu_star", "mean size of the effect (mu*)")],
    "pawn": [("pawn", "median distance (PAWN)")],
    "delta": [("delta", "area between densities (delta)")],
}
AXIS = {"sobol": "share of variance", "hdmr": "share of variance", "rbd-fast": "share of variance",
        "pawn": "distance between distributions (0 to 1)", "delta": "area between densities (0 to 1)"}  # fmt: skip


def draw_all(folder: Path, asked: Sensitivity, found: list[Finding]) -> None:
    """Draw the figures of every outcome that has indices."""
    for finding in found:
        if not finding.indices.why:
            _draw(folder, asked, finding)


def _draw(folder: Path, asked: Sensitivity, finding: Finding) -> None:
    method, table, name = asked.sample.method, finding.indices.table, words(finding.name)
    below, stem = _below(asked, finding), file_stem(finding.name)

    def put(kind: str, figure: Figure, what: str) -> None:
        save(figure, folder / f"{kind}-{stem}.png", f"{what} {finding.sentences[0]} {below}.")

    axis = AXIS.get(method, f"mean size of the effect over the whole range ({finding.unit})")
    bars = figures.index_bars(table, BARS[method], axis, f"What drives the {name}", below)
    put("indices", bars, "Ranked bars with intervals.")
    if (table["index"] == "S2").any():
        title, bold = f"Pairs and the {name}, beyond what each of the two does alone", f"{below}; bold: above zero"
        put("pairs", figures.pair_heat_map(table, asked.sample.labels, title, bold), "Indices of all pairs.")
    if (table["index"] == "sigma").sum() > 1:
        plane = figures.morris_plane(table, finding.unit, f"Effects on the {name}", below)
        put("morris", plane, "Size of effects against their spread.")
    if finding.over_n["n"].nunique() > 1:
        title, x = f"Would more runs change what drives the {name}?", f"n, {blocks_word(method)}"
        growing = figures.convergence(finding.over_n, x, MAIN_WORDS[method], title, below)
        put("convergence", growing, "Indices over growing n.")
    _draw_against(asked, finding, below, put)


def _draw_against(asked: Sensitivity, finding: Finding, below: str, put: Callable[[str, Figure, str], None]) -> None:
    order = ranking(finding.indices, asked.sample.method)
    panels, rows = _panels(asked, [label for label in order if label != NOTHING])
    if panels:
        axis, name = label(finding.name).replace(", ", ",\n"), words(finding.name)
        title = f"{name[:1].upper()}{name[1:]}: rows against the parameters with the largest indices"
        drawn = figures.against_parameters(panels, finding.y[rows], axis, title, below)
        put("against", drawn, "The outcome of each row against the parameters that drive it most.")


def _below(asked: Sensitivity, finding: Finding) -> str:
    seeds = asked.study.replicates
    over = "one seed" if seeds == 1 else f"mean of {seeds} seeds, the same for all"
    n = f"n = {finding.indices.n:,} {blocks_word(asked.sample.method)}"
    share = finding.noise.share
    luck = "" if np.isnan(share) else f"; luck left: {100 * share:.0f} % of the variance between rows"
    luck += "; nothing is claimed of other seeds" if seeds < FEWEST else ""
    return f"{asked.study.scenario.name}, method {asked.sample.method}; {n}; {over}{luck}; 95 % intervals"


def _panels(asked: Sensitivity, order: list[str]) -> tuple[list[figures.Panel], np.ndarray]:
    """The first parameters as axes, and the rows to draw: of Sobol', those that share no value with another."""
    sample = asked.sample
    rows = independent_rows(sample) if sample.method == "sobol" else np.arange(len(sample.u))
    place = {factor.name: i for i, factor in enumerate(asked.study.factors)}
    units = {p.path: p.unit for p in catalogue(asked.study.scenario.parameters)}
    named = [name for name in order if name in place][:TOP]
    return [
        _panel(asked.study.factors[place[name]], sample.u[rows, place[name]], units) for name in named
    ], rows  # fmt: skip


def _panel(factor: Factor, u: np.ndarray, units: dict[str, str]) -> figures.Panel:
    values = values_of(factor, u)
    if factor.is_number:
        unit = units.get(factor.paths[0], "")
        text = factor.name if unit in ("", "1") else f"{factor.name}\n({unit})"
        return figures.Panel(text, np.array(values, dtype=float), (), factor.log, factor.kind == "whole")
    names = tuple(str(choice) for choice in (factor.choices or (False, True)))
    place = {name: i for i, name in enumerate(names)}
    plain = tuple({"True": "yes", "False": "no"}.get(name, name) for name in names)
    return figures.Panel(factor.name, np.array([place[str(v)] for v in values], dtype=float), plain, False, False)
