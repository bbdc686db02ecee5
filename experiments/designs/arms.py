"""Arms of a comparison: from what somebody wrote to a scenario and the changes laid over it.

The baseline is a scenario. An arm is written in one of four ways, with or without a label (``more crews: ...``)::

    outreach/app-launch                             a change that fits any city, laid over the baseline
    crews.line.mutual_aid=40,dispatch.policy=pressure     changes of parameters, laid over the baseline
    outreach/app-launch,crews.line.mutual_aid=40    several of these together
    arms/closing, my-town.toml                      a scenario, which stands by itself

A scenario file can bring its own baseline: ``baseline = {path = value}`` under ``[study]`` says what the file's city is
without the thing it studies; then the file is the arm, and the file with that patch the baseline.

Pairs share seeds. Whether they share the city too is answered by `experiments.designs.arm_differences`.
"""

import os
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from experiments.designs.arm_names import change_of, is_scenario, scenario_of
from experiments.runs.own_rules import USUAL, Rules
from sim import Scenario, ScenarioError
from sim.core.errors import shortened, shown
from sim.core.files import parsed_toml
from sim.core.limits import CHANGES

LABEL = ": "  # between a label and what it stands for


class Arm(NamedTuple):
    """One arm, or the baseline."""

    name: str  # how it is called in tables and figures
    scenario: Scenario  # what the patch is laid over
    patch: dict[str, Any]  # dotted path -> value, without entries that change nothing
    summary: str
    rules: Rules = USUAL  # of one's own

    @property
    def content(self) -> str:
        """What its runs depend on besides their seeds: digest of the scenario, and rules of one's own."""
        return " ".join(filter(None, [self.whole.digest, self.rules.told]))

    @property
    def whole(self) -> Scenario:
        """The scenario with the patch laid over it."""
        return self.scenario.but(self.patch) if self.patch else self.scenario


class Arms(NamedTuple):
    """Who is compared with whom."""

    baseline: Arm
    arms: list[Arm]


def arms_of(baseline: str, texts: Sequence[str], everywhere: Mapping[str, Any] = MappingProxyType({})) -> Arms:
    """Read a baseline and its arms as they were written.

    Parameters
    ----------
    everywhere : parameters changed in the baseline and in every arm alike, unless an arm itself says otherwise

    Raises
    ------
    ScenarioError
        no arm, an unknown name or parameter, a value out of range, two arms of one name
    """
    label, name = _labelled(baseline)
    scenario = _changed(scenario_of(name), everywhere)
    if not texts:
        return _of_study(scenario, name)
    base = Arm(label or _short(name), scenario, {}, scenario.summary)
    arms = [arm_of(text, scenario) for text in texts]
    arms = [a if a.scenario is scenario else a._replace(scenario=_changed(a.scenario, everywhere)) for a in arms]
    names = [base.name, *(arm.name for arm in arms)]
    for name in names:
        if names.count(name) > 1:
            example = f"'other {name}: ...'"
            raise ScenarioError(f"ARM: '{name}' stands for two things; give one of them a label, such as {example}")
    return Arms(base, arms)


def _changed(scenario: Scenario, everywhere: Mapping[str, Any]) -> Scenario:
    return scenario.but(everywhere, scenario.name) if everywhere else scenario


def _of_study(scenario: Scenario, name: str) -> Arms:
    """A scenario beside the baseline that its own file gives."""
    patch = scenario.study.get("baseline")
    if patch is None:
        raise ScenarioError(
            f"ARM: nothing to compare {_short(name)} with; give a change such as outreach/app-launch, a scenario, or "
            "PATH=VALUE such as crews.line.own=20"
        )
    where = f"{name} [study]"
    if not isinstance(patch, Mapping):
        raise ScenarioError(f"{where}: baseline must be a table of PATH = VALUE, not {shown(patch)}")
    short = _short(name)
    return Arms(
        Arm(f"{short}, baseline", scenario, laid_over(scenario, dict(patch), f"{where} baseline"), ""),
        [Arm(short, scenario, {}, scenario.summary)],
    )


def arm_of(text: str, baseline: Scenario) -> Arm:
    """An arm as it was written, laid over a baseline."""
    label, content = _labelled(text)
    if not content:
        raise ScenarioError(f"ARM '{text}': empty; give a change, a scenario, or PATH=VALUE")
    if not _is_patch(content) and is_scenario(content):
        scenario = scenario_of(content)
        return Arm(label or _short(content), scenario, {}, scenario.summary)
    patch: dict[str, Any] = {}
    summaries = []
    pieces = _pieces(content)
    if len(pieces) > CHANGES:
        raise ScenarioError(f"ARM '{shortened(text)}': {len(pieces):,} changes; at most {CHANGES:,} are taken")
    for piece in pieces:
        more, summary = _patch_of(piece, f"ARM '{text}'")
        for path in more.keys() & patch.keys():
            if more[path] != patch[path]:
                raise ScenarioError(f"ARM '{text}': {path} is set twice, to {patch[path]!r} and to {more[path]!r}")
        patch |= more
        summaries += [summary] if summary else []
    shorts = (piece if _is_patch(piece) else _short(piece).rpartition("/")[2] for piece in pieces)
    short = label or ", ".join(shorts)  # of a change: its own name, without the folder
    return Arm(short, baseline, laid_over(baseline, patch, f"ARM '{text}'"), "; ".join(summaries))


def laid_over(scenario: Scenario, patch: dict[str, Any], where: str) -> dict[str, Any]:
    """A patch checked against a scenario: values as parameters hold them, without those that are there already."""
    try:
        after = scenario.but(patch)
    except ScenarioError as bad:
        raise ScenarioError(f"{where}: {str(bad).removeprefix(f'change of {scenario.name} ')}") from None
    plain = {p: after[p] if isinstance(after[p], bool | int | float | str) else v for p, v in patch.items()}
    return {path: value for path, value in plain.items() if after[path] != scenario[path]}


def _patch_of(piece: str, where: str) -> tuple[dict[str, Any], str]:
    """One piece of an arm: a change by its name, or ``path=value``."""
    if not piece:
        raise ScenarioError(f"{where}: nothing stands before or after a comma")
    if not _is_patch(piece):
        change = change_of(piece, where)
        return dict(change.patch), change.summary
    path, _, text = (part.strip() for part in piece.partition("="))
    if not path or not text:
        raise ScenarioError(f"{where}: '{piece}' must be PATH=VALUE, such as crews.line.own=20")
    return {path: value_of(text, where)}, ""


def value_of(text: str, where: str) -> Any:
    """A value as in TOML; a word needs no quotes. ``where`` opens a complaint about one beyond the limits."""
    try:
        parsed = parsed_toml(f"value = {text}", where)
    except tomllib.TOMLDecodeError:
        return text
    return parsed["value"] if len(parsed) == 1 else text


def _pieces(text: str) -> list[str]:
    """Split at commas outside quotes and brackets."""
    pieces, depth, quote = [""], 0, ""
    for letter in text:
        quote = "" if letter == quote else letter if not quote and letter in "\"'" else quote
        depth += 0 if quote else (letter in "[{") - (letter in "]}")
        if letter == "," and not quote and depth == 0:
            pieces.append("")
        else:
            pieces[-1] += letter
    return [piece.strip() for piece in pieces]


def _labelled(text: str) -> tuple[str, str]:
    """A label and what it stands for; a colon inside a value, a path or quotes is no label."""
    label, sign, rest = text.partition(LABEL)
    if not sign or any(mark in label for mark in "=\"'"):
        return "", text.strip()
    return label.strip(), rest.strip()


def _is_patch(text: str) -> bool:
    return "=" in text and not os.path.isfile(text)


def _short(name: str) -> str:
    return Path(name).stem if name.endswith(".toml") else name
