"""Parameters changed on the command line: ``--set crews.line.own=12``, ``--with outreach/app-launch``."""

from collections.abc import Mapping, Sequence
from typing import Any

from experiments.designs.arms import value_of
from sim import ScenarioError, load_change
from sim.core.errors import shortened
from sim.core.limits import CHANGES


def changes_of(texts: Sequence[str] | Mapping[str, Any]) -> dict[str, Any]:
    """Parse ``path=value`` texts; a value is written as in TOML, and a word needs no quotes. A mapping stays one."""
    if isinstance(texts, Mapping):
        return dict(texts)
    changes: dict[str, Any] = {}
    if len(texts) > CHANGES:
        raise ScenarioError(f"--set: given {len(texts):,} times; at most {CHANGES:,} changes are taken")
    for text in texts:
        path, sign, value = text.partition("=")
        path = path.strip()
        if not sign or not path or not value.strip():
            raise ScenarioError(f"--set {shortened(text)}: must be PATH=VALUE, such as crews.line.own=12")
        if any(other.startswith(f"{path}.") or path.startswith(f"{other}.") for other in changes):
            raise ScenarioError(f"--set {shortened(text)}: {path} is set twice, as a section and as a parameter")
        changes[path] = value_of(value.strip(), f"--set {shortened(text)}")
    return changes


def laid_over(names: Sequence[str]) -> dict[str, Any]:
    """What changes that fit any city, laid one over the other, change: a later one wins."""
    return {path: value for name in names for path, value in load_change(name).patch.items()}
