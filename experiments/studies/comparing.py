"""A comparison from Python in one call, with rules of one's own in any arm; its parts: `experiments.studies.pairs`.

::

    from experiments.studies.comparing import compare
    from my_rules import smallest_first          # a function under @rule, in a module of its own

    if __name__ == "__main__":                   # which other processes need
        table = compare("classroom", {"smallest first": {"score": smallest_first}}, out="results/own", workers=2)

Runs stay in ``out``: the same call goes on where it stopped, and a rule that has been changed since is refused.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from experiments.designs.arms import Arm, arm_of, laid_over
from experiments.runs.evaluate import warm_up
from experiments.runs.ledger import Ledger
from experiments.runs.own_rules import rules_of
from experiments.runs.plan import BY, Plan
from experiments.runs.runner import execute
from experiments.runs.workers import crew
from experiments.studies.compare_table import tidy
from experiments.studies.pairs import Design, plan_of, values_of
from sim import Scenario, ScenarioError, load

if TYPE_CHECKING:
    import pandas as pd

RULES = ("choose", "score")


def compare(
    baseline: Scenario | str | Path,
    arms: Mapping[str, str | Mapping[str, Any]],
    pairs: int = 20,
    *,
    by: tuple[str, ...] = BY,
    first_seed: int = 1,
    out: Path | str | None = None,
    workers: int = 1,
    choose: Any = None,
    score: Any = None,
    repair: bool = False,
) -> "pd.DataFrame":
    """Compare arms with a baseline, pair by pair.

    Parameters
    ----------
    baseline : a scenario, its name or its file
    arms : by label; either as on the command line (``"outreach/app-launch"``), or a mapping of dotted paths to values
        that may also hold ``choose`` and ``score``: rules of one's own as of `sim.run`
    pairs : runs of the baseline and of each arm, one per seed
    by : groupings
    first_seed : of the first pair; the others count on
    out : folder that keeps the runs in ``runs.sqlite``; None: nothing is kept
    workers : processes; with more than one, rules must stand at the top of modules that these can import
    choose, score : rules of one's own in the baseline, and in every arm that names no other
    repair : mend a damaged ``runs.sqlite``, rather than refuse it

    Returns
    -------
    `experiments.studies.compare_table.tidy`: a line for each arm, grouping, group and measure

    Raises
    ------
    ScenarioError    input that cannot be used, or a ledger of another comparison in ``out``
    """
    scenario = baseline if isinstance(baseline, Scenario) else load(baseline)
    usual = {"choose": choose, "score": score}
    base = Arm(scenario.name, scenario, {}, scenario.summary, rules_of(**usual))
    design = Design(
        base, tuple(_arm(label, given, base, usual) for label, given in arms.items()), tuple(by), first_seed
    )
    plan = plan_of(design, pairs)
    with _folder(out) as folder, Ledger.open(folder / "runs.sqlite", plan.identity, repair) as ledger:
        _make(plan, ledger, workers)
        return tidy(values_of(ledger, design, pairs), list(arms))


def _arm(label: str, given: str | Mapping[str, Any], base: Arm, usual: Mapping[str, Any]) -> Arm:
    """An arm from what was given for it."""
    if isinstance(given, str):
        return arm_of(f"{label}: {given}", base.scenario)._replace(rules=base.rules)
    if not isinstance(given, Mapping):
        raise ScenarioError(f"arm '{label}' must be text or a mapping of dotted paths to values, not {given!r}")
    patch = {path: value for path, value in given.items() if path not in RULES}
    own = {name: given.get(name, usual[name]) for name in RULES}
    return Arm(label, base.scenario, laid_over(base.scenario, patch, f"arm '{label}'"), "", rules_of(**own))


def _make(plan: Plan, ledger: Ledger, workers: int) -> None:
    """Make what is missing; the rules are compiled here first, once for all workers."""
    for rules in plan.rules.values() if workers > 1 else ():
        warm_up(**rules.given)
    with closing(crew(workers)) as hands:
        execute(plan, ledger, hands)


@contextmanager
def _folder(out: Path | str | None) -> Iterator[Path]:
    if out is not None:
        yield Path(out)
        return
    with TemporaryDirectory(prefix="coproduce-") as folder:
        yield Path(folder)
