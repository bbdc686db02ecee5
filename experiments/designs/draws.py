"""Draws: sets of values that a city's unknown parameters may have, given what was observed of it.

A file of draws is a table: a row a draw, with its ``weight`` and a column for each parameter, by its path. A study that
carries doubt gives its i-th seed the i-th draw. Where weights differ, it gives it the draw at ``frac(i g)`` of the
summed weights, ``g`` the golden ratio: however many seeds there are, each draw comes up about as often as its weight
says, and more seeds leave those before as they were.
"""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from sim import Scenario, ScenarioError
from sim.core import canonical
from sim.core.errors import unknown
from sim.inputs.parameters.declare import catalogue
from sim.inputs.parameters.root import Parameters
from sim.inputs.scenario import FILE_PARAMETERS
from sim.inputs.table_files import from_file

DRAW, WEIGHT = "draw", "weight"
GOLDEN = (5**0.5 - 1) / 2
AGAIN = "coproduce calibrate makes draws anew"


class Draws(NamedTuple):
    """Sets of parameters, each as likely as its weight says."""

    name: str
    paths: tuple[str, ...]
    values: np.ndarray  # float [draw, parameter]
    weights: np.ndarray  # float [draw], sum 1

    def of(self, index: int) -> dict[str, Any]:
        """The draw of the ``index``-th seed, from 0: dotted path to value."""
        row = self.values[self._place(index)].tolist()
        return {path: _typed(path, value) for path, value in zip(self.paths, row, strict=True)}

    def _place(self, index: int) -> int:
        if np.ptp(self.weights) == 0.0:
            return index % len(self.weights)
        summed = np.cumsum(self.weights)
        return int(np.searchsorted(summed, (index + 0.5) * GOLDEN % 1.0 * summed[-1], side="right"))

    @property
    def digest(self) -> str:
        """Digest of all that studies depend on, 32 hexadecimal digits."""
        content = {"paths": list(self.paths), "values": self.values.tolist(), "weights": self.weights.tolist()}
        return canonical.digest(content, self.name)


def shipped_draws() -> dict[str, Path]:
    """Draws that come with the program, by name: those of the scenario of this name."""
    root = Path(str(files("scenarios"))) / "draws"
    return {path.stem: path for path in sorted(root.glob("*.csv"))}


def read_draws(given: str | Path, scenario: Scenario) -> Draws:
    """Read draws: the name of shipped ones, or a file as `coproduce calibrate` writes it.

    Parameters
    ----------
    scenario : that they are going to change; each draw is checked against its ranges

    Raises
    ------
    ScenarioError    no such file, no draw in it, a parameter that does not exist, a value that is out of range
    """
    known = shipped_draws()
    path = known.get(str(given), Path(given))
    where = f"draws {given}"
    if not path.suffix:
        raise unknown("draws", "draws", str(given), known)
    table = from_file(path, where, ())
    draws = draws_of(table, where)
    for number in range(len(draws.weights)):
        check_draw(draws, number, scenario, where)
    return draws


def draws_of(table: Any, where: str) -> Draws:
    """Draws from their columns."""
    columns = {name: np.asarray(values) for name, values in table.items() if name != DRAW}
    weights = columns.pop(WEIGHT, None)
    if weights is None or not columns:
        raise ScenarioError(f"{where}: must have a column {WEIGHT} and one for each parameter, by its path")
    settable = [p.path for p in catalogue(Parameters()) if p.path not in FILE_PARAMETERS]
    for name, values in {WEIGHT: weights, **columns}.items():
        if name != WEIGHT and name not in settable:
            raise unknown(where, "parameter", name, settable)
        if values.dtype.kind not in "iuf" or not np.isfinite(values).all():
            raise ScenarioError(f"{where}: column {name} must hold numbers only, without gaps")
    if not weights.size or (weights < 0.0).any() or weights.sum() <= 0.0:
        raise ScenarioError(f"{where}: there must be draws, with weights of 0 or more, not all 0")
    values = np.column_stack([column.astype(float) for column in columns.values()])
    return Draws(Path(where.removeprefix("draws ")).stem, tuple(columns), values, weights / weights.sum())


def check_draw(draws: Draws, number: int, scenario: Scenario, where: str) -> None:
    """Refuse a draw that a scenario cannot have, as after a range has changed."""
    row = dict(zip(draws.paths, draws.values[number].tolist(), strict=True))
    try:
        scenario.but({path: _typed(path, value) for path, value in row.items()})
    except ScenarioError as bad:
        told = str(bad).removeprefix(f"change of {scenario.name} ")
        raise ScenarioError(f"{where}, draw {number + 1}: {told}; {AGAIN}") from None


def as_table(draws: Draws) -> dict[str, Sequence[Any]]:
    """Draws as the columns of their file."""
    columns = {path: [_typed(path, v) for v in draws.values[:, i]] for i, path in enumerate(draws.paths)}
    return {DRAW: list(range(1, len(draws.weights) + 1)), WEIGHT: draws.weights.tolist(), **columns}


def _typed(path: str, value: float) -> Any:
    """A value as its parameter holds it: whole numbers without a point."""
    return int(value) if path in _whole() and float(value).is_integer() else float(value)


@cache
def _whole() -> frozenset[str]:
    """Paths of the parameters that are whole numbers."""
    return frozenset(p.path for p in catalogue(Parameters()) if type(p.value) is int)
