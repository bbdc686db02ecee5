"""``coproduce new``: a commented copy of a scenario, to edit.

The copy stands alone. What differs from the defaults is written out; every other parameter stands as a comment with
its value, so that the file loads to the very same scenario and shows all that could be changed.
"""

import shutil
import textwrap
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from app.endings import Stop
from app.printing import console
from app.show import allowed_text, unit_text
from app.toml_text import key, long_text, toml
from sim import Scenario, load, shipped
from sim.files import content
from sim.limits import TABLE_BYTES
from sim.parameters import Parameter, Parameters, catalogue
from sim.scenario import FILE_PARAMETERS

WIDTH = 110


def write_copy(name: str, source: str) -> None:
    """Write NAME.toml and the data files it reads; existing files are never overwritten."""
    target = Path(name if name.endswith(".toml") else f"{name}.toml")
    if target.exists():
        raise Stop(f"{target} exists already; choose another name, or remove it")
    scenario = load(source)
    data = data_files(scenario, target.parent)
    for original, copy in data:
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(original, copy)
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("x", encoding="utf-8") as file:
        file.write(commented(scenario, target.stem))
    out = console()
    for path in (target, *(copy for _, copy in data)):
        out.print(f"wrote {path}", markup=False)
    out.print(f"Edit it, then: coproduce run {target}", markup=False)
    if target.stem in shipped():
        out.print(f"(coproduce run {target.stem}, without .toml, still means the scenario of that name.)", markup=False)


def data_files(scenario: Scenario, folder: Path) -> list[tuple[Path, Path]]:
    """Files that must be copied beside the new one: (original, copy), for files given by a relative path."""
    pairs = []
    for parameter in FILE_PARAMETERS:
        value = scenario[parameter]
        if not value or Path(value).is_absolute():
            continue
        original, copy = scenario.path_of(parameter), folder / value
        data = content(original, parameter, TABLE_BYTES)
        if copy.resolve() == original.resolve() or (copy.is_file() and copy.read_bytes() == data):
            continue
        if ".." in Path(value).parts:
            raise Stop(f"{scenario.name} reads {value}: write the copy into {scenario.folder}, where that path holds")
        if copy.exists():
            raise Stop(f"{copy} exists already and differs from the {copy.name} that {scenario.name} reads")
        pairs.append((original, copy))
    return pairs


def commented(scenario: Scenario, name: str) -> str:
    """The text of the new file."""
    head = [
        f"# A copy of {scenario.name}. Lines without # differ from the defaults; take the # off a line to change it.",
        f"# Check with: coproduce show {name}.toml       Editors: coproduce show --schema",
        "",
        f"name = {toml(name)}",
        f"summary = {toml(scenario.summary)}",
    ]
    if scenario.description:
        head.append(f"description = {long_text(scenario.description)}")
    lines = [*head, *_parameters(scenario), *_extras(scenario)]
    return "\n".join(lines) + "\n"


def _parameters(scenario: Scenario) -> Iterator[str]:
    defaults = {p.path: p.value for p in catalogue(Parameters())}
    for section, rows in groupby(scenario.listing(), key=lambda p: p.path.rpartition(".")[0]):
        yield ""
        yield f"# {meaning_of(scenario.parameters, section)}"
        yield f"[{section}]"
        for p in rows:
            yield from _comment(p)
            line = f"{p.path.rpartition('.')[2]} = {toml(p.value)}"
            yield line if p.value != defaults[p.path] else f"# {line}"


def _comment(p: Parameter) -> Iterator[str]:
    unit = f" [{unit_text(p)}]" if unit_text(p) else ""
    allowed = allowed_text(p)
    text = f"{p.meaning}{unit}{f'; {allowed}' if allowed else ''}; {p.role}. Source: {p.source}"
    yield from (f"#   {line}" for line in textwrap.wrap(" ".join(text.split()), WIDTH))


def meaning_of(parameters: Parameters, section: str) -> str:
    """First line of what a section says about itself."""
    model: Any = parameters
    for step in section.split("."):
        model = getattr(model, step)
    return (type(model).__doc__ or "").strip().split("\n")[0]


def _extras(scenario: Scenario) -> Iterator[str]:
    """Sources, observations, tables and the rest, as they are."""
    for name in ("sources", "observed", "expected", "study"):
        yield from _section(name, dict(getattr(scenario, name)))
    for name, columns in scenario.tables.items():
        yield from _section(f"tables.{key(name)}", dict(columns))


def _section(title: str, content: dict[str, Any]) -> Iterator[str]:
    if not content:
        return
    yield ""
    yield f"[{title}]"
    for name, value in content.items():
        yield f"{key(name)} = {toml(value)}"
