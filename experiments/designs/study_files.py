"""Study files: what to vary, in which scenario, how often, and what to look at. Strict TOML.

Common to all kinds: `experiments.keys.of_a_file`, with ``[set]`` (fixed changes) and ``[vary]``
(`experiments.designs.factors`). The keys of one kind stand in its file in ``experiments/studies``, and are checked
further where its design is made.
"""

import os
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from analysis.measures.grouping import attributes
from experiments.asked_outcomes import resolve
from experiments.designs.doubt import Doubt, doubt_of, identity_of
from experiments.designs.factors import Factor
from experiments.designs.vary import factors_of, flattened
from experiments.keys import DOUBT, filled
from experiments.outcome_names import OutcomeName
from experiments.study import Kind, kinds
from sim import load
from sim.core import canonical
from sim.core.errors import ScenarioError, nearest, unknown
from sim.core.files import read_toml
from sim.inputs.parameters.declare import catalogue
from sim.inputs.scenario import Scenario


class StudyFile(NamedTuple):
    """A study file, checked."""

    kind: str  # of those that have a file
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
    doubt: Doubt | None = None  # about parameters

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
            **identity_of(self.doubt),
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
    given: str | Path | Mapping[str, Any], kind: str | None = None, scenario: str | Scenario | None = None, **over: Any
) -> StudyFile:
    """Read a study: the name of a shipped one, the path of a TOML file, or from Python the content of such a file.

    Parameters
    ----------
    kind : what the reader can carry out; a study of another kind is refused, and content that names none is of this one
    scenario : to use instead of the study's: a name, a path or a scenario
    over : further keys that replace the file's, such as ``seed`` and ``replicates``; None leaves them

    Raises
    ------
    ScenarioError    missing or unreadable file, not TOML, unknown key, wrong type, and whatever is wrong with the
                     scenario, its changes, the factors, groupings or outcomes
    """
    path, where, data = _opened(given, kind)
    found = _kind(data, kind, where)
    instead = {key: _as_in_a_file(value) for key, value in over.items() if value is not None}
    values = filled(found.keys, {**data, **instead}, where)
    base = _scenario(scenario or values["scenario"], path, from_file=scenario is None)
    fixed = _fixed(values["set"], base, where)
    base = base.but(fixed) if fixed else base
    outcomes, by = _outcomes_and_groupings(values, where)
    return StudyFile(
        kind=found.name,
        name=values.get("name", path.stem),
        summary=values["summary"],
        description=values["description"],
        scenario=base,
        set=fixed,
        factors=tuple(factors_of(_vary(values, where), base, f"{where} [vary]")) if "vary" in values else (),
        seed=values["seed"],
        replicates=values["replicates"],
        by=by,
        outcomes=outcomes,
        method={key.name: values[key.name] for key in found.keys if key.is_own and key.name in values},
        where=where,
        doubt=doubt_of(_beside(values.get(DOUBT), path), base),
    )


def _opened(given: str | Path | Mapping[str, Any], kind: str | None) -> tuple[Path, str, Mapping[str, Any]]:
    """Where a study stands, what messages call it, and its content."""
    if isinstance(given, Mapping):
        return Path("study"), "study", {"kind": kind, **_as_in_a_file(given)}
    text, known = str(given), studies()
    path = known.get(text, Path(text))
    if text in known or path.suffix == ".toml" or os.path.exists(path):
        return path, text, read_toml(path, text)
    raise unknown("study", "name", text, known)


def _as_in_a_file(value: Any) -> Any:
    """What Python gives, as a file would hold it: tuples, ranges and arrays as lists."""
    if isinstance(value, Mapping):
        return {str(name): _as_in_a_file(item) for name, item in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    return [_as_in_a_file(item) for item in value] if isinstance(value, list | tuple | range) else value


def _kind(data: Mapping[str, Any], wanted: str | None, where: str) -> Kind:
    kind, known = data.get("kind"), {name: found for name, found in kinds().items() if found.has_file}
    if kind is None:
        example = " or ".join(f'kind = "{name}"' for name in known)
        raise ScenarioError(f"{where}: no study file, for it has no kind ({example})")
    if not isinstance(kind, str) or kind not in known:
        raise unknown(where, "kind", str(kind), known)
    if wanted and kind != wanted:
        raise ScenarioError(f"{where}: is a study of kind '{kind}', not '{wanted}'; try: coproduce {kind} {where}")
    return known[kind]


def _scenario(name: str | Scenario, path: Path, from_file: bool) -> Scenario:
    if isinstance(name, Scenario):
        return name
    return load(_beside(name, path) if from_file and name.endswith(".toml") else name)


def _beside(name: Any, path: Path) -> Any:
    """A file that a study names, where it stands beside it; otherwise the name as it is."""
    return path.parent / name if isinstance(name, str) and os.path.exists(path.parent / name) else name


def _fixed(tree: Any, base: Scenario, where: str) -> dict[str, Any]:
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
    by = [",".join(attributes(name)) for name in data["by"]]
    texts = data.get("outcomes") or [f"gap:{name}" for name in by]
    try:
        outcomes = tuple(dict.fromkeys(resolve(text) for text in texts))
    except ScenarioError as bad:
        raise ScenarioError(f"{where}: {bad}") from None
    needed = [OutcomeName.parse(name).grouping for name in outcomes]
    return outcomes, tuple(dict.fromkeys([*by, *(name for name in needed if name)]))
