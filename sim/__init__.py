"""The model: a scenario and a seed in, tables out. No plots, and no files besides the scenario's own.

from sim import load, run

outcomes = run(load("classroom"), seed=1)
outcomes.households.groupby("minority").hours_out.mean()
"""

from sim.core.errors import ScenarioError
from sim.core.seeds import Seeds
from sim.engine.outcomes import Outcomes
from sim.engine.simulate import run
from sim.inputs.changes import Change, is_change, load_change, shipped_changes
from sim.inputs.scenario import Scenario, load, shipped

__all__ = [
    "Change", "Outcomes", "Scenario", "ScenarioError", "Seeds", "is_change", "load", "load_change", "run", "shipped",
    "shipped_changes",
]  # fmt: skip
