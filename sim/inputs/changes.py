"""Changes that fit any city: a few parameters with a reason, laid over whatever scenario one has.

A file with ``applies_to = "any city"`` holds no place and no storm, only what is to be different, such as a mailer to
everybody. ``load_change("outreach/mailer-to-all")`` reads one; ``scenario.but(change.patch)`` applies it.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from sim.core.errors import ScenarioError, shown, unknown
from sim.core.files import read_toml
from sim.inputs.parameters.root import Parameters
from sim.inputs.scenario import CHANGES, TEXTS, Scenario, flat, in_package

ANY_CITY = "any city"


class Change(NamedTuple):
    """What is different, by dotted path."""

    name: str
    summary: str
    description: str
    patch: Mapping[str, Any]
    sources: Mapping[str, str]


def shipped_changes() -> dict[str, Path]:
    """Changes that come with the package, by name, e.g. ``outreach/app-launch``."""
    return {name: path for name, path in in_package().items() if name.split("/")[0] in CHANGES}


def load_change(name_or_path: str | Path) -> Change:
    """Read a change: the name of a shipped one, or the path of a TOML file.

    Raises
    ------
    ScenarioError
        missing file, not a change, unknown key, wrong type, value out of range
    """
    where, known = str(name_or_path), shipped_changes()
    path = known.get(where, Path(where))
    if where not in known and path.suffix != ".toml":
        raise unknown("change", "name", where, known)
    data = read_toml(path, where)
    if data.get("applies_to") != ANY_CITY:
        given = f", not {shown(data['applies_to'])}" if data.get("applies_to") else ""
        raise ScenarioError(f'{where}: a change has applies_to = "{ANY_CITY}"{given}')
    texts = {key: str(data.get(key, "")) for key in TEXTS}
    sources = data.get("sources", {})
    if not isinstance(sources, Mapping):
        raise ScenarioError(f"{where}: sources must be a table [sources], not {shown(sources)}")
    patch = flat({k: v for k, v in data.items() if k not in (*TEXTS, "applies_to", "sources")})
    Scenario(where, Parameters()).but(patch)  # checked before any city is built
    return Change(texts["name"] or where, texts["summary"], texts["description"], patch, flat(sources))


def is_change(name_or_path: str | Path) -> bool:
    """Whether a name or a file is a change and not a scenario."""
    where = str(name_or_path)
    if where in shipped_changes():
        return True
    path = Path(where)
    return path.suffix == ".toml" and os.path.isfile(path) and "applies_to" in read_toml(path, where)
