"""A scenario: a place, a storm and a utility, as checked and frozen parameters with their sources.

A scenario file is strict TOML. It may build on another (``based_on``), override any parameter by its section, give
the source of an override under ``[sources]``, carry observed counts under ``[observed]`` and small tables
(households, devices, damage, reports) under ``[tables]``. An arm of a study is a scenario with a patch:
``baseline.but({"channels.app.availability": 0.0})``.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.resources import files
from operator import attrgetter
from pathlib import Path
from typing import Any

from sim.core import canonical
from sim.core.errors import ScenarioError, nearest, shortened, shown, unknown
from sim.core.files import read_toml
from sim.core.limits import BASES, TABLE_BYTES
from sim.core.planned import content, digest_of
from sim.inputs.overlay import plant, validated
from sim.inputs.parameters.declare import Parameter, catalogue
from sim.inputs.parameters.root import Parameters
from sim.inputs.table_files import copied

TEXTS = ("name", "summary", "description", "based_on")
CHANGES = ("outreach",)  # folders of changes that fit any city; see sim.inputs.changes
EXTRAS = ("sources", "observed", "tables", "expected", "study")
TABLES = ("households", "devices", "damage", "reports", "tracts", "gusts", "neighbourhoods", "facilities")
FILE_PARAMETERS = (
    "place.tracts", "place.households", "grid.nodes", "grid.edges", "grid.graphml", "storm.gust_table",
    "storm.damage_table", "place.neighbourhood_table", "place.facilities",
)  # fmt: skip


@dataclass(frozen=True)
class Scenario:
    """Everything that a run depends on besides its seeds. Never changed in place: see :meth:`but`."""

    name: str
    parameters: Parameters
    summary: str = ""
    description: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)
    observed: Mapping[str, Any] = field(default_factory=dict)
    tables: Mapping[str, Mapping[str, list]] = field(default_factory=dict)
    expected: Mapping[str, Any] = field(default_factory=dict)
    study: Mapping[str, Any] = field(default_factory=dict)
    folder: str = "."
    planned: Mapping[str, str] = field(default_factory=dict, compare=False)  # digests of files, by parameter

    def but(self, patch: Mapping[str, Any], name: str | None = None) -> "Scenario":
        """The same scenario with some parameters changed, e.g. ``{"crews.line.own": 12}``; this one stays as it is."""
        tree: dict[str, Any] = {}
        for path, value in patch.items():
            plant(tree, path, value)
        where = f"change of {self.name}"
        changed = replace(self, name=name or self.name, parameters=validated(tree, self.parameters, where))
        kept = {p: digest for p, digest in self.planned.items() if changed[p] == self[p]}
        return replace(changed, planned=kept) if self.planned else changed

    def with_tables(self, **tables: Any) -> "Scenario":
        """The same scenario with some of its small tables replaced, by copies: mappings of columns, or data frames."""
        return replace(self, tables={**self.tables, **{name: copied(table) for name, table in tables.items()}})

    def __getitem__(self, path: str) -> Any:
        """A parameter by its dotted path."""
        return reader_of(path)(self.parameters)

    def listing(self) -> list[Parameter]:
        """All parameters in force, with the scenario's own sources where it gives them."""
        return [p._replace(source=self.sources.get(p.path, p.source)) for p in catalogue(self.parameters)]

    def as_dict(self) -> dict[str, Any]:
        """Content of the scenario: what the digest covers and a certificate stores."""
        return {"parameters": self.parameters.model_dump(), "tables": dict(self.tables), "files": self.file_digests()}

    def file_digests(self) -> dict[str, str]:
        """Digests of the files that the scenario reads, by parameter: as planned, or as they are now."""
        named = [p for p in FILE_PARAMETERS if self[p]]
        return {
            p: self.planned.get(p) or digest_of(content(self.path_of(p), self.file_name(p), TABLE_BYTES)) for p in named
        }

    def as_planned(self) -> "Scenario":
        """The same scenario, bound to its files as they are now: later a run raises `sim.core.planned.FileChanged`."""
        return replace(self, planned=self.file_digests()) if any(self[p] for p in FILE_PARAMETERS) else self

    def file_name(self, parameter: str) -> str:
        """What messages call a file: its parameter, and what that says."""
        return f"{parameter} ({self[parameter]})"

    def path_of(self, parameter: str) -> Path:
        """Where a file parameter points: relative to the scenario file's folder."""
        return Path(self.folder) / self[parameter]

    @property
    def digest(self) -> str:
        """Digest of the content: equal for equal parameters, tables and files, whatever the name or the comments.

        Raises
        ------
        ScenarioError    a table holds something else than plain data, or a file cannot be read
        """
        return canonical.digest(self.as_dict(), self.name)


@lru_cache(maxsize=1024)
def reader_of(path: str) -> Callable[[Parameters], Any]:
    """What reads the parameter at a dotted path."""
    return attrgetter(path)


def shipped() -> dict[str, Path]:
    """Scenarios that come with the package, by name, e.g. ``classroom`` or ``worked/nested-outage``."""
    return {name: path for name, path in in_package().items() if name.split("/")[0] not in (*CHANGES, "invalid")}


def in_package() -> dict[str, Path]:
    """All scenario files that come with the package, by name: also changes, and examples of bad input."""
    root = Path(str(files("scenarios")))
    return {p.relative_to(root).with_suffix("").as_posix(): p for p in sorted(root.rglob("*.toml"))}


def load(name_or_path: str | Path) -> Scenario:
    """Read a scenario: the name of a shipped one, or the path of a TOML file.

    Raises
    ------
    ScenarioError
        missing or unreadable file, not TOML, unknown key, wrong type, value out of range
    """
    text = str(name_or_path)
    known = in_package()
    if text in known:
        return _read_scenario(known[text], text)
    path = Path(text)
    if path.suffix == ".toml" or os.path.exists(path):
        return _read_scenario(path, text)
    raise unknown("scenario", "name", text, shipped())


def _read_scenario(path: Path, where: str, seen: tuple[Path, ...] = ()) -> Scenario:
    data = _said(path, where, seen)
    _check_extras(data, where)
    base = _base(data, path, where, (*seen, path.resolve()))
    tree = {k: v for k, v in data.items() if k not in TEXTS + EXTRAS}
    own_files = "based_on" not in data or any(flat(tree).get(name) for name in FILE_PARAMETERS)
    scenario = replace(
        base,
        name=data.get("name", where),
        summary=data.get("summary", ""),
        description=data.get("description", ""),
        parameters=validated(tree, base.parameters, where, (*TEXTS, *EXTRAS)),
        sources={**base.sources, **flat(data.get("sources", {}))},
        observed=data.get("observed", base.observed),
        tables={**base.tables, **data.get("tables", {})},
        expected=data.get("expected", {}),
        study=data.get("study", {}),
        folder=str(path.parent) if own_files else base.folder,
    )  # fmt: skip
    _check_sources(scenario, where)
    return scenario


def _said(path: Path, where: str, seen: tuple[Path, ...]) -> dict[str, Any]:
    """What a scenario file says, if it says anything, is a scenario, and is not among those that are based on it."""
    data = read_toml(path, where)
    if not data:
        raise ScenarioError(f"{where}: the file says nothing; begin with coproduce new NAME --from classroom")
    if path.resolve() in seen:
        raise ScenarioError(f"{where}: based_on leads back to {path}")
    if len(seen) > BASES:
        raise ScenarioError(f"{where}: more than {BASES} scenarios are based on one another")
    if "applies_to" in data:
        raise ScenarioError(
            f"{where} is a change that fits any city, and no city: coproduce compare CITY {where}, "
            f"or coproduce run CITY --with {where}"
        )
    return data


def _base(data: dict, path: Path, where: str, seen: tuple[Path, ...]) -> Scenario:
    if "based_on" not in data:
        return Scenario(name="defaults", parameters=Parameters())
    name = data["based_on"]
    known = shipped()
    if name in known:
        return _read_scenario(known[name], name, seen)
    beside = path.parent / str(name)
    if beside.suffix == ".toml":
        return _read_scenario(beside, str(beside), seen)
    raise unknown(f"{where} based_on", "scenario", name, known)


def _check_extras(data: dict, where: str) -> None:
    for key in TEXTS:
        if not isinstance(data.get(key, ""), str):
            raise ScenarioError(f"{where}: {key} must be text, not {shown(data[key])}")
    for key in EXTRAS:
        if not isinstance(data.get(key, {}), dict):
            raise ScenarioError(f"{where}: {key} must be a table [{key}], not {shown(data[key])}")
    for name in data.get("tables", {}):
        if name not in TABLES:
            raise unknown(f"{where} [tables]", "table", name, TABLES)


def _check_sources(scenario: Scenario, where: str) -> None:
    paths = [p.path for p in catalogue(scenario.parameters)]
    for path, source in scenario.sources.items():
        if not isinstance(source, str):
            raise ScenarioError(f"{where} [sources]: {path} must be text, not {shown(source)}")
        if path not in paths:
            raise ScenarioError(f"{where} [sources]: unknown parameter '{shortened(path)}'{nearest(path, paths)}")


def flat(tree: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested tables as dotted paths."""
    paths: dict[str, Any] = {}
    for key, value in tree.items():
        paths.update(flat(value, f"{prefix}{key}.") if isinstance(value, Mapping) else {f"{prefix}{key}": value})
    return paths
