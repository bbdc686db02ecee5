"""The figures of a study of sensitivity: which are drawn for which method, and what they say in words."""

from collections.abc import Iterator

import numpy as np
from matplotlib.figure import Figure

from analysis.figures import sensitivity as figures
from analysis.figures.drawing import png
from analysis.sensitivity.indices import ranking
from analysis.sensitivity.sobol import TOP, independent_rows
from app.pages.sensitivity_figures import drawings
from app.pages.sensitivity_words import drivers
from experiments.claims import FEWEST
from experiments.designs.factors import Factor
from experiments.designs.sensitivity import Sensitivity, counted, values_of
from experiments.findings.sensitivity import Finding
from experiments.found import Found
from experiments.outcome_names import label, unit, words
from sim.inputs.parameters.declare import catalogue

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
MAIN_WORDS = {
    "sobol": "share of variance, with all interactions (ST)",
    "morris": "mean size of the effect (mu*)",
    "pawn": "distance between distributions (PAWN)",
    "rbd-fast": "share of variance, by itself (S1)",
    "delta": "area between densities (delta)",
    "hdmr": "share of variance, with its pairs (ST)",
}


def drawn(study: Found) -> Iterator[tuple[str, bytes]]:
    """The figures of every outcome that has indices: names and PNG."""
    asked, findings = study.drawn
    for outcome, finding in zip(study.summary["outcomes"], findings, strict=True):
        said, below = drivers(study, outcome), _below(asked, finding)
        for kind, stem in drawings(study.summary, outcome).items():
            figure, what = DRAW[kind](asked, finding, below)
            yield stem, png(figure, f"{what} {said} {below}.")


def _indices(asked: Sensitivity, finding: Finding, below: str) -> tuple[Figure, str]:
    method = asked.sample.method
    axis = AXIS.get(method, f"mean size of the effect over the whole range ({unit(finding.name)})")
    title = f"What drives the {words(finding.name)}"
    return figures.index_bars(finding.indices.table, BARS[method], axis, title, below), "Ranked bars with intervals."


def _pairs(asked: Sensitivity, finding: Finding, below: str) -> tuple[Figure, str]:
    title, bold = f"Pairs and the {words(finding.name)}, beyond what each of the two does alone", "; bold: above zero"
    figure = figures.pair_heat_map(finding.indices.table, asked.sample.labels, title, f"{below}{bold}")
    return figure, "Indices of all pairs."


def _morris(asked: Sensitivity, finding: Finding, below: str) -> tuple[Figure, str]:
    title = f"Effects on the {words(finding.name)}"
    plane = figures.morris_plane(finding.indices.table, unit(finding.name), title, below)
    return plane, "Size of effects against their spread."


def _convergence(asked: Sensitivity, finding: Finding, below: str) -> tuple[Figure, str]:
    title, method = f"Would more runs change what drives the {words(finding.name)}?", asked.sample.method
    figure = figures.convergence(finding.over_n, f"n, {counted(method)}", MAIN_WORDS[method], title, below)
    return figure, "Indices over growing n."


def _against(asked: Sensitivity, finding: Finding, below: str) -> tuple[Figure, str]:
    panels, rows = _panels(asked, ranking(finding.indices, asked.sample.method))
    name = words(finding.name)
    title = f"{name[:1].upper()}{name[1:]}: rows against the parameters with the largest indices"
    figure = figures.against_parameters(panels, finding.y[rows], label(finding.name).replace(", ", ",\n"), title, below)
    return figure, "The outcome of each row against the parameters that drive it most."


DRAW = {"indices": _indices, "against": _against, "morris": _morris, "pairs": _pairs, "convergence": _convergence}


def _below(asked: Sensitivity, finding: Finding) -> str:
    seeds = asked.study.replicates
    over = "one seed" if seeds == 1 else f"mean of {seeds} seeds, the same for all"
    n = f"n = {finding.indices.n:,} {counted(asked.sample.method)}"
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
