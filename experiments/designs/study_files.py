"""Study files: what to vary, in which scenario, how often, and what to look at. Strict TOML.

Common to all kinds: ``kind``, ``name``, ``summary``, ``description``, ``scenario``, ``seed``, ``replicates``, ``by``,
``outcomes``, ``[set]`` (fixed changes) and ``[vary]`` (`experiments.designs.factors`). Keys of one kind:

===========  =====================================================================================
sweep        design, n, and [across]: factors at whose levels the whole design is repeated
sensitivity  method, n, second_order, resamples, [groups]; checked by `experiments.studies.sensitivity`
===========  =====================================================================================
"""

import os
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from analysis.measures.grouping import attributes
from experiments.designs.factors import Factor, factors_of, flattened
from experiments.outcome_names import grouping_of, resolve
from sim import load
from sim.core import canonical, limits
from sim.core.errors import (
    ScenarioError,
    nearest,
    shown,
    unknown,
)
from sim.core.files import read_toml
from sim.inputs.parameters import catalogue
from sim.inputs.scenario import Scenario

COMMON = ("kind", "name", "summary", "description", "scenario", "seed", "replicates", "by", "outcomes", "set", "vary")
OF_KIND = {
    "sweep": ("design", "n", "across"),
    "sensitivity": ("method", "n", "second_order", "resamples", "groups"),
}
BY = ("minority", "income", "medical_device")
SEED, REPLICATES = 1, 20


class StudyFile(NamedTuple):
    """A study file, checked."""

    kind: str  # "sweep" or "sensitivity"
    name: str
    summary: str
    description: str
    scenario: Scenario  # with the fixed changes of [set] in it: the scenario as it stands
    set: dict[str, Any]  # these changes, dotted path to value
    factors: tuple[Factor, ...]
    seed: int  # of the first replicate
    replicates: int
    by: tuple[str, ...]  # groupings, those that the outcomes need included
    outcomes: tuple[str, ...]  # full names
    method: dict[str, Any]  # the keys of this kind, as written
    where: str  # the file, for errors

    @property
    def content(self) -> dict[str, Any]:
        """Everything that the results depend on, as plain data: the identity of the study.

        Names, summaries and outcomes are left out, for they change no run.
        """
        return {
            "kind": self.kind,
            "scenario": self.scenario.digest,
            "factors": [factor._asdict() for factor in self.factors],
            "seed": self.seed,
            "by": list(self.by),
            "method": self.method,
        }

    @property
    def digest(self) -> str:
        """Digest of the content, 32 hexadecimal digits."""
        return canonical.digest(self.content, self.where)


def studies() -> dict[str, Path]:
    """Studies that come with the program, by name."""
    root = Path(str(files("studies")))
    return {path.stem: path for path in sorted(root.glob("*.toml"))}


def summaries(kind: str) -> dict[str, str]:
    """Name and summary of each shipped study of a kind."""
    read = {name: read_toml(path, name) for name, path in studies().items()}
    return {name: data.get("summary", "") for name, data in read.items() if data.get("kind") == kind}


def read_study(
    name_or_path: str | Path, kind: str | None = None, scenario: str | None = None, **over: Any
) -> StudyFile:
    """Read a study: the name of a shipped one, or the path of a TOML file.

    Parameters
    ----------
    kind : what the reader can carry out; a file of another kind is refused
    scenario : name or path of a scenario to use instead of the file's
    over : further keys that replace the file's, such as ``seed`` and ``replicates``; None leaves them

    Raises
    ------
    ScenarioError    missing or unreadable file, not TOML, unknown key, wrong type, and whatever is wrong with the
                     scenario, its changes, the factors, groupings or outcomes
    """
    path, where = _find(name_or_path)
    data = read_toml(path, where)
    found = _kind(data, kind, where)
    _check_keys(data, found, where)
    base = _scenario(scenario or data.get("scenario", "classroom"), path, where, from_file=scenario is None)
    fixed = _fixed(data.get("set", {}), base, where)
    base = base.but(fixed) if fixed else base
    data = {**data, **{key: value for key, value in over.items() if value is not None}}
    outcomes, by = _outcomes_and_groupings(data, where)
    return StudyFile(
        kind=found,
        name=_text(data, "name", where, path.stem),
        summary=_text(data, "summary", where, ""),
        description=_text(data, "description", where, ""),
        scenario=base,
        set=fixed,
        factors=tuple(factors_of(_vary(data, where), base, f"{where} [vary]")),
        seed=_whole(data, "seed", where, SEED, 0, limits.SEED),
        replicates=_whole(data, "replicates", where, REPLICATES, 1, limits.REPLICATES),
        by=by,
        outcomes=outcomes,
        method={key: data[key] for key in OF_KIND[found] if key in data},
        where=where,
    )


def _find(name_or_path: str | Path) -> tuple[Path, str]:
    text, known = str(name_or_path), studies()
    if text in known:
        return known[text], text
    path = Path(text)
    if path.suffix == ".toml" or os.path.exists(path):
        return path, text
    raise unknown("study", "name", text, known)


def _kind(data: Mapping[str, Any], wanted: str | None, where: str) -> str:
    kind = data.get("kind")
    if kind is None:
        raise ScenarioError(f'{where}: no study file, for it has no kind (kind = "sweep" or kind = "sensitivity")')
    if not isinstance(kind, str) or kind not in OF_KIND:
        raise unknown(where, "kind", str(kind), OF_KIND)
    if wanted and kind != wanted:
        raise ScenarioError(f"{where}: is a study of kind '{kind}', not '{wanted}'; try: coproduce {kind} {where}")
    return kind


def _check_keys(data: Mapping[str, Any], kind: str, where: str) -> None:
    legal = (*COMMON, *OF_KIND[kind])
    for key in data:
        if key not in legal:
            raise unknown(where, "key", key, legal)


def _scenario(name: Any, path: Path, where: str, from_file: bool) -> Scenario:
    if not isinstance(name, str):
        raise ScenarioError(f"{where}: scenario must be a name or a file, not {shown(name)}")
    beside = path.parent / name
    return load(beside if from_file and name.endswith(".toml") and os.path.exists(beside) else name)


def _fixed(tree: Any, base: Scenario, where: str) -> dict[str, Any]:
    if not isinstance(tree, Mapping):
        raise ScenarioError(f"{where}: set must be a table [set], not {shown(tree)}")
    declared = {p.path: p for p in catalogue(base.parameters)}
    fixed = dict(flattened(tree, declared))
    for path in fixed:
        if path not in declared:
            raise ScenarioError(f"{where} [set]: unknown parameter '{path}'{nearest(path, declared)}")
    return fixed


def _vary(data: Mapping[str, Any], where: str) -> Mapping[str, Any]:
    vary = data.get("vary")
    if not isinstance(vary, Mapping) or not vary:
        raise ScenarioError(f"{where}: [vary] must name at least one parameter to vary")
    return vary


def _outcomes_and_groupings(data: Mapping[str, Any], where: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Full names of outcomes, by default the gap of every grouping; and all groupings that have to be made."""
    asked = _names(data, "by", where, BY)
    by = [",".join(attributes(name)) for name in asked]
    texts = _names(data, "outcomes", where, [f"gap:{name}" for name in by])
    try:
        outcomes = tuple(dict.fromkeys(resolve(text) for text in texts))
    except ScenarioError as bad:
        raise ScenarioError(f"{where}: {bad}") from None
    needed = [grouping_of(name) for name in outcomes]
    return outcomes, tuple(dict.fromkeys([*by, *(name for name in needed if name)]))


def _names(data: Mapping[str, Any], key: str, where: str, default: Sequence[str]) -> list[str]:
    names = data.get(key, list(default))
    names = [names] if isinstance(names, str) else names
    if not isinstance(names, list | tuple) or not names or not all(isinstance(name, str) for name in names):
        raise ScenarioError(f"{where}: {key} must be a list of names, not {shown(names)}")
    return list(names)


def _text(data: Mapping[str, Any], key: str, where: str, default: str) -> str:
    value = data.get(key, default)
    if not isinstance(value, str):
        raise ScenarioError(f"{where}: {key} must be text, not {shown(value)}")
    return value


def _whole(data: Mapping[str, Any], key: str, where: str, default: int, low: int, high: int) -> int:
    value = data.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ScenarioError(f"{where}: {key} must be a whole number from {low} to {high}, not {shown(value)}")
    return value
