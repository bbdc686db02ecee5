"""Arms as a program gives them: scenarios as objects, patches as mappings, and rules of one's own.

::

    {"more crews": {"crews.line.own": 20}, "app": "outreach/app-launch", "smallest first": {"score": my_rule}}
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.designs.arms import Arm, Arms, arm_of, arms_of, laid_over
from experiments.runs.own_rules import rules_of
from sim import Scenario, ScenarioError, load

RULES = ("choose", "score")


def arms_given(
    baseline: Scenario | str | Path,
    arms: Sequence[str] | Mapping[str, str | Mapping[str, Any]],
    everywhere: Mapping[str, Any],
    choose: Any = None,
    score: Any = None,
) -> Arms:
    """Who is compared with whom.

    Parameters
    ----------
    baseline : a scenario, its name or its file
    arms : as on the command line (``"outreach/app-launch"``); or by label, either so or as a mapping of dotted paths
        to values, which may also hold ``choose`` and ``score``: rules of one's own as of `sim.run`
    everywhere : parameters changed in the baseline and in every arm
    choose, score : rules of one's own in the baseline, and in every arm that names no other

    Raises
    ------
    ScenarioError    as `experiments.designs.arms.arms_of`
    """
    usual = {"choose": choose, "score": score}
    if isinstance(baseline, str) and not isinstance(arms, Mapping) and not any(usual.values()):
        return arms_of(baseline, arms, everywhere)
    scenario = baseline if isinstance(baseline, Scenario) else load(baseline)
    scenario = scenario.but(everywhere, scenario.name) if everywhere else scenario
    base = Arm(scenario.name, scenario, {}, scenario.summary, rules_of(**usual))
    if not arms:
        raise ScenarioError(f"arms: nothing to compare {scenario.name} with")
    if not isinstance(arms, Mapping):
        return Arms(base, [arm_of(text, scenario)._replace(rules=base.rules) for text in arms])
    return Arms(base, [_arm(label, given, base, usual) for label, given in arms.items()])


def _arm(label: str, given: str | Mapping[str, Any], base: Arm, usual: Mapping[str, Any]) -> Arm:
    """An arm from what was given for it."""
    if isinstance(given, str):
        return arm_of(f"{label}: {given}", base.scenario)._replace(rules=base.rules)
    if not isinstance(given, Mapping):
        raise ScenarioError(f"arm '{label}' must be text or a mapping of dotted paths to values, not {given!r}")
    patch = {path: value for path, value in given.items() if path not in RULES}
    own = {name: given.get(name, usual[name]) for name in RULES}
    return Arm(label, base.scenario, laid_over(base.scenario, patch, f"arm '{label}'"), "", rules_of(**own))
