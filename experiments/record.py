"""What ``summary.json`` keeps of how a study was made, so that its folder alone is enough for a report.

Under ``made``: the kind of study, its command, versions, the scenario in words, and the assumptions that a reader
should know: parameters that differ from the defaults, and those that nobody knows well and that bear on reporting,
dispatch or what the study moves. Each with its unit, meaning and source.
"""

import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from experiments.found import MADE
from experiments.results.schema import marked
from sim import Scenario, Seeds
from sim.core.canonical import plain
from sim.core.sources import model_digest, version_of
from sim.engine.certificate import RECORDED
from sim.inputs.parameters.declare import Parameter, catalogue
from sim.inputs.parameters.root import Parameters

BEARING = ("reporting.", "knowledge.", "need.", "channels.", "hotline.", "telecom.", "oms.", "dispatch.")
CHANNELS = "channels."
CHANGED, MOVED, UNSURE = "changed", "moved", "unsure"  # why a parameter is told
HERE = "set for this study"


class Made(NamedTuple):
    """What a report must know of how a study was made, besides its command."""

    scenario: Scenario  # of a comparison the baseline
    moved: tuple[str, ...] = ()  # paths of the parameters that it varies or that arms change
    set_here: tuple[str, ...] = ()  # paths that the command or the study's file sets, not the scenario's own
    contents: Mapping[str, str] = MappingProxyType({})  # digests of what was run, by name; empty: the scenario's
    doubt: Mapping[str, Any] | None = None  # about parameters: `experiments.designs.doubt.told`


def recorded(
    summary: Mapping[str, Any], kind: str, how: Made, seeds: Sequence[Seeds], command: str, figures: bool
) -> dict[str, Any]:
    """A summary as plain data, with its schema and how the study was made.

    Parameters
    ----------
    summary : what was found
    kind : of study
    seeds : each run of the study has one of these
    command : the command line, or the call from Python; "" where it is not known
    figures : whether figures were asked for
    """
    listed = how.scenario.listing()
    unsure = [p for p in listed if p.role == "uncertainty"]
    made = {
        "kind": kind,
        "command": command,
        "figures": figures,
        "versions": versions(),
        "model": model_digest(),
        "scenario": {
            "name": short_name(how.scenario),
            "summary": how.scenario.summary,
            "description": paragraphs(how.scenario.description),
            "digest": how.scenario.digest,
        },
        "uncertain_parameters": len(unsure),
        "assumed_parameters": sum("assum" in p.source.lower() for p in unsure),
        "assumptions": assumptions(how.scenario, how.moved, frozenset(how.set_here)),
        "seeds": [one._asdict() for one in seeds],
        "contents": dict(how.contents) or {short_name(how.scenario): how.scenario.digest},
        "doubt": how.doubt,
    }
    return plain(marked({**summary, MADE: made}))


def short_name(scenario: Scenario) -> str:
    """Name of a scenario; of a nameless file its stem, without the folders before it."""
    return Path(scenario.name).stem if scenario.name.endswith(".toml") else scenario.name


def versions() -> dict[str, str]:
    """Versions of the program and of what its numbers depend on."""
    return {"python": platform.python_version(), **{name: version_of(name) for name in RECORDED}}


def assumptions(scenario: Scenario, moved: Sequence[str], set_here: frozenset[str]) -> list[dict[str, Any]]:
    """The parameters that a reader should know, in the order of their declaration."""
    defaults = {p.path: p.value for p in catalogue(Parameters())}
    near = {path.rpartition(".")[0] for path in moved}
    rows = []
    for p in scenario.listing():
        why = _why(p, defaults[p.path], moved, near, scenario)
        if why:
            row = {**as_row(p), "default": defaults[p.path], "why": why}
            if why == CHANGED and p.path not in scenario.sources:
                row["source"] = HERE if p.path in set_here else ""
            rows.append(row)
    return rows


def _why(p: Parameter, default: Any, moved: Sequence[str], near: set[str], scenario: Scenario) -> str:
    if p.path in moved:
        return MOVED
    if p.value != default:
        return CHANGED
    bears = p.path.startswith(BEARING) and _is_offered(p.path, scenario)
    return UNSURE if p.role == "uncertainty" and (bears or p.path.rpartition(".")[0] in near) else ""


def _is_offered(path: str, scenario: Scenario) -> bool:
    """Whether a parameter is of a channel that anybody is offered, or of none."""
    steps = path.split(".")
    return not path.startswith(CHANNELS) or len(steps) < 3 or scenario[f"channels.{steps[1]}.availability"] > 0.0


def as_row(p: Parameter) -> dict[str, Any]:
    """A parameter as a row; a table by its length."""
    value = f"{len(p.value)} rows" if isinstance(p.value, list) and p.unit == "rows" else p.value
    return {"path": p.path, "value": value, "unit": p.unit, "role": p.role, "meaning": p.meaning, "source": p.source}


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a description, each in one line; lists of parameters, which are indented, have their table."""
    kept = "\n".join(line for line in text.splitlines() if not line.startswith("  "))
    return [" ".join(part.split()) for part in kept.split("\n\n") if part.strip()]
