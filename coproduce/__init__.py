"""coproduce: who reports an outage, whom the utility believes, and whose lights come back first.

::

    import coproduce as cp

    outcomes = cp.simulate(cp.load("classroom"), seed=1)  # one storm: tables of households, orders, jobs, reports
    found = cp.run("classroom", replicates=20)            # who waits longer, with intervals over storms
    found = cp.compare("classroom", ["outreach/app-launch"], pairs=20)
    found.table, found.page(), found.figures()

Every kind of study that has a command has a function of the same name here. What is listed in ``__all__`` is what
programs may rely on; it stands in the libraries `sim`, `analysis`, `experiments` and `app`, and nothing stands here.
"""

from app.calls import compare, run, sensitivity, sweep
from app.pages.page import Page
from app.result import Found, load_study
from experiments.results.folders import SavedOutcomes, load_outcomes
from experiments.results.schema import ResultsError
from sim import Change, Outcomes, Scenario, ScenarioError, Seeds, load, load_change, shipped, shipped_changes
from sim import run as simulate
from sim.core.compiled import rule

__all__ = [
    "Change", "Found", "Outcomes", "Page", "ResultsError", "SavedOutcomes", "Scenario", "ScenarioError", "Seeds",
    "compare", "load", "load_change", "load_outcomes", "load_study", "rule", "run", "sensitivity", "shipped",
    "shipped_changes", "simulate", "sweep",
]  # fmt: skip


def __getattr__(name: str) -> object:
    """A kind of study without a function of its own here: ``cp.KIND(study, ...)``."""
    from functools import partial

    from app.calls import of_any
    from experiments.study import kinds

    if name in kinds():
        return partial(of_any, name)
    raise AttributeError(f"module 'coproduce' has no attribute {name!r}")
