"""Observed counts of a scenario, checked, and what a study has to say about them.

A scenario may carry, under ``[observed]``, the columns ``time_h`` and ``customers_out`` with their ``source``, and
the figures computed from them: ``quantiles_h = { 50 = 48.0, ... }`` (hours since the loss of power by which so many
per cent of those out were back) and ``customer_hours``.
"""

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd

from analysis.contrasts.intervals import Interval
from analysis.measures.table import QUANTILES
from sim import Scenario, ScenarioError
from sim.core.errors import shown


class Observed(NamedTuple):
    """What was seen of the real storm."""

    counts: pd.DataFrame | None  # time_h, customers_out
    figures: dict[str, float]  # T50 .. T95 in hours, customer-hours


class Fit(NamedTuple):
    """One figure, simulated against observed."""

    measure: str
    simulated: Interval
    observed: float


def observed_of(scenario: Scenario) -> Observed:
    """Observed counts and figures of a scenario; both may be empty.

    Raises
    ------
    ScenarioError    columns of unequal length, or values that are not numbers
    """
    where, data = f"{scenario.name} [observed]", scenario.observed
    quantiles = data.get("quantiles_h", {})
    if not isinstance(quantiles, Mapping):
        raise ScenarioError(f"{where}: quantiles_h must be a table such as {{ 50 = 48.0 }}, not {shown(quantiles)}")
    figures = {f"T{q}": _number(where, f"quantiles_h.{q}", value) for q, value in quantiles.items()}
    for name in figures:
        if name not in [f"T{q}" for q in QUANTILES]:
            raise ScenarioError(f"{where}: quantiles_h.{name[1:]} is not among {', '.join(map(str, QUANTILES))}")
    if "customer_hours" in data:
        figures["customer-hours"] = _number(where, "customer_hours", data["customer_hours"])
    return Observed(_counts(where, data), figures)


def _counts(where: str, data: Mapping[str, Any]) -> pd.DataFrame | None:
    if "time_h" not in data and "customers_out" not in data:
        return None
    columns = {}
    for name in ("time_h", "customers_out"):
        if not isinstance(data.get(name), list):
            raise ScenarioError(f"{where}: {name} must be a list of numbers, not {shown(data.get(name))}")
        columns[name] = [_number(where, name, value) for value in data[name]]
    times, counts = columns.values()
    if len(times) != len(counts):
        raise ScenarioError(f"{where}: time_h has {len(times)} entries and customers_out has {len(counts)}")
    return pd.DataFrame(columns) if times else None


def _number(where: str, name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ScenarioError(f"{where}: {name} must be a number, not {shown(value)}")
    return float(value)


def fits(observed: Observed, simulated: Mapping[str, Interval]) -> list[Fit]:
    """Every observed figure beside the simulated one."""
    return [Fit(name, simulated[name], value) for name, value in observed.figures.items()]
