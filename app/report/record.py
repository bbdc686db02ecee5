"""What ``summary.json`` keeps of how a study was made, so that its folder alone is enough for a report.

Under ``made``: the kind of study, its command, versions, the scenario in words, and the assumptions that a reader
should know: parameters that differ from the defaults, and those that nobody knows well and that bear on reporting,
dispatch or what the study moves. Each with its unit, meaning and source.
"""

import platform
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.words import short_name
from experiments.designs.arms import Arm
from sim import Scenario, is_change, load_change
from sim.core.sources import model_digest, version_of
from sim.engine.certificate import RECORDED
from sim.inputs.parameters import Parameter, Parameters, catalogue

MADE = "made"
BEARING = ("reporting.", "knowledge.", "need.", "channels.", "hotline.", "telecom.", "oms.", "dispatch.")
CHANNELS = "channels."
CHANGED, MOVED, UNSURE = "changed", "moved", "unsure"  # why a parameter is told
HERE = "set for this study"


def made(
    kind: str, command: str, figures: bool, scenario: Scenario, moved: Iterable[str] = (),
    set_here: Iterable[str] = (),
) -> dict[str, Any]:  # fmt: skip
    """How a study was made.

    Parameters
    ----------
    kind : run, compare, sweep or sensitivity
    command : the command line
    figures : whether figures were asked for
    scenario : of a comparison the baseline
    moved : paths of the parameters that the study varies or that arms change
    set_here : paths that the command line or the study file sets, not the scenario's own file
    """
    listed = scenario.listing()
    unsure = [p for p in listed if p.role == "uncertainty"]
    return {
        "kind": kind,
        "command": command,
        "figures": figures,
        "versions": versions(),
        "model": model_digest(),
        "scenario": {
            "name": short_name(scenario),
            "summary": scenario.summary,
            "description": paragraphs(scenario.description),
            "digest": scenario.digest,
        },
        "uncertain_parameters": len(unsure),
        "assumed_parameters": sum("assum" in p.source.lower() for p in unsure),
        "assumptions": assumptions(scenario, tuple(moved), frozenset(set_here)),
    }


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
            row = {**_plain(p), "default": defaults[p.path], "why": why}
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


def _plain(p: Parameter) -> dict[str, Any]:
    """A parameter as a row; a table by its length."""
    value = f"{len(p.value)} rows" if isinstance(p.value, list) and p.unit == "rows" else p.value
    return {"path": p.path, "value": value, "unit": p.unit, "role": p.role, "meaning": p.meaning, "source": p.source}


def moved_in(base: Arm, arm: Arm, sources: Mapping[str, str]) -> list[dict[str, Any]]:
    """What an arm changes of the baseline: path, before, after, unit, meaning, source."""
    rows = []
    for before, after in zip(base.whole.listing(), arm.whole.listing(), strict=True):
        if before.value != after.value:
            source = sources.get(after.path) or (HERE if after.path in arm.patch else after.source)
            pair = {"before": _plain(before)["value"], "after": _plain(after)["value"]}
            rows.append({**_plain(after), **pair, "source": source})
    return rows


def sources_of(text: str) -> dict[str, str]:
    """Sources that the changes named in an arm give, as it was written on the command line."""
    found: dict[str, str] = {}
    for piece in text.rpartition(": ")[2].split(","):
        name = piece.strip()
        if name and "=" not in name and is_change(name):
            found |= load_change(name).sources
    return found


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a description, each in one line; lists of parameters, which are indented, have their table."""
    kept = "\n".join(line for line in text.splitlines() if not line.startswith("  "))
    return [" ".join(part.split()) for part in kept.split("\n\n") if part.strip()]
