"""What the name of an arm stands for: a scenario, or a change that fits any city.

A change carries ``applies_to`` in its file; `sim.load_change` reads it. Everything else is a scenario.
"""

import os
from collections.abc import Iterable
from pathlib import Path

import sim
from sim import Change, Scenario, ScenarioError, is_change
from sim.core.errors import nearest


def scenario_of(name: str) -> Scenario:
    """A scenario by name or file; a change is no scenario, and says so."""
    if is_change(name):
        raise ScenarioError(f"BASELINE '{name}' is a change that fits any city, not a city; give a scenario first")
    if is_scenario(name):
        return sim.load(name)
    raise _unknown("BASELINE", "scenario", name, sim.shipped())


def change_of(name: str, where: str) -> Change:
    """A change that fits any city."""
    if is_change(name):
        return sim.load_change(name)
    if is_scenario(name):
        raise ScenarioError(f"{where}: '{name}' is a scenario and stands by itself; it cannot be laid over another")
    raise _unknown(where, "change or scenario", name, [*sim.shipped_changes(), *sim.shipped()])


def _unknown(where: str, what: str, name: str, allowed: Iterable[str]) -> ScenarioError:
    """An unknown name, with the nearest legal one; file names have no nearest, they are there or not."""
    if name.endswith(".toml"):
        return ScenarioError(f"{where}: cannot read {name}: No such file or directory")
    names = [other for other in dict.fromkeys(allowed) if not other.startswith("worked/")]
    hint = nearest(name, names) or nearest(name, [*names, *allowed])
    return ScenarioError(f"{where}: unknown {what} '{name}'{hint} (allowed: {', '.join(names)}, or a TOML file)")


def is_scenario(name: str) -> bool:
    """Whether a name or file is a scenario, there or not."""
    return not is_change(name) and (name in sim.shipped() or Path(name).suffix == ".toml" or os.path.isfile(name))
