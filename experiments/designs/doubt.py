"""Doubt: a study whose seeds each take a draw of the parameters that a calibration has left.

Seed s takes the draw s (`experiments.designs.draws`), in every arm and at every point alike, so that differences stay
paired. What an arm or a point itself changes wins over the draw. Intervals then cover chance and doubt about these
parameters, and say which part is which: `analysis.contrasts.doubt`.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from analysis.contrasts.doubt import components
from experiments.designs.draws import Draws, read_draws
from experiments.runs.rows import Row
from sim import Scenario, Seeds
from sim.inputs.parameters.declare import catalogue


class Doubt(NamedTuple):
    """The draws that the seeds of a study take."""

    draws: Draws

    def over(self, row: Row) -> Row:
        """A row with the draw of its seed under what it changes itself."""
        return row._replace(patch=tuple(sorted({**self.of(row.seeds), **dict(row.patch)}.items())))

    def of(self, seeds: Seeds) -> dict[str, Any]:
        """The draw of a seed: dotted path to value."""
        return self.draws.of(seeds.behaviour - 1)

    def components(self, seeds: Sequence[Seeds]) -> np.ndarray:
        """`analysis.contrasts.doubt.components` of the draws of some seeds; float [seed, component]."""
        return components(np.array([list(self.of(one).values()) for one in seeds], dtype=float))


def doubt_of(given: str | Path | None, scenario: Scenario) -> Doubt | None:
    """Doubt as it was asked for: the name of shipped draws, or their file; None: none.

    Raises
    ------
    ScenarioError    as of `experiments.designs.draws.read_draws`
    """
    return None if given is None else Doubt(read_draws(given, scenario))


def rows_of(doubt: Doubt | None, rows: Sequence[Row]) -> Sequence[Row]:
    """Rows with their draws; as they are without doubt."""
    return rows if doubt is None else [doubt.over(row) for row in rows]


def identity_of(doubt: Doubt | None) -> dict[str, str]:
    """What a ledger's identity says of it; nothing without doubt."""
    return {} if doubt is None else {"doubt": doubt.draws.digest}


def told(doubt: Doubt | None, scenario: Scenario) -> dict[str, Any] | None:
    """What a report must know of it, as plain data; None without doubt."""
    if doubt is None:
        return None
    draws, known = doubt.draws, {p.path: p for p in catalogue(scenario.parameters)}
    ends = zip(draws.paths, draws.values.min(axis=0).tolist(), draws.values.max(axis=0).tolist(), strict=True)
    rows = [
        {"path": path, "value": known[path].value, "unit": known[path].unit, "meaning": known[path].meaning,
         "low": low, "high": high} for path, low, high in ends
    ]  # fmt: skip
    return {"draws": draws.name, "digest": draws.digest, "number": len(draws.weights), "parameters": rows}
