"""``coproduce new``: a commented copy of a scenario, to edit.

The copy stands alone. What differs from the defaults is written out; every other parameter stands as a comment with
its value, so that the file loads to the very same scenario and shows all that could be changed. What was said of the
original or seen there (summary, description, sources, observations, an expected answer) is not copied: of the city that
the copy becomes it would be untrue. Placeholders say where one's own goes.
"""

import shutil
import textwrap
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from app.catalogue.show import allowed_text, unit_text
from app.catalogue.toml_text import key, toml
from app.faces.terminal import console
from app.process.exits import Stop
from experiments.record import short_name
from sim import Scenario, load, shipped
from sim.core.files import content
from sim.core.limits import TABLE_BYTES
from sim.inputs.parameters.declare import Parameter, catalogue
from sim.inputs.parameters.root import Parameters
from sim.inputs.scenario import FILE_PARAMETERS

WIDTH = 110
PLACEHOLDERS = "# Where your numbers come from, and what was seen of your storm: take off the # and put in your own."
TEXTS_OF_ONES_OWN = (
    '# summary = "Your city and its storm, in one line"',
    '# description = """',
    "# What the city is, and what was fitted to what.",
    '# """',
)
EVIDENCE_OF_ONES_OWN = (
    "# [sources]",
    '# "place.customers" = "annual report of the utility, 2024"',
    "# [observed]",
    '# source = "outage counts of the utility"',
    "# time_h = [0, 24, 72]",
    "# customers_out = [9000, 4000, 500]",
    "# quantiles_h = { 50 = 20.0, 90 = 70.0 }",
)


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
    original = short_name(scenario)
    head = [
        f"# A copy of {original}. Lines without # differ from the defaults; take the # off a line to change it.",
        f"# Check with: coproduce show {name}.toml       Editors: coproduce show --schema",
        "",
        f"name = {toml(name)}",
        f"# Summary, description, sources and observations of {original} are not copied: they are of another place.",
        *TEXTS_OF_ONES_OWN,
    ]
    lines = [*head, *_parameters(scenario, original), *_extras(scenario), "", PLACEHOLDERS, *EVIDENCE_OF_ONES_OWN]
    return "\n".join(lines) + "\n"


def _parameters(scenario: Scenario, original: str) -> Iterator[str]:
    defaults = {p.path: p for p in catalogue(Parameters())}
    for section, rows in groupby(scenario.listing(), key=lambda p: p.path.rpartition(".")[0]):
        yield ""
        yield f"# {meaning_of(scenario.parameters, section)}"
        yield f"[{section}]"
        for p in rows:
            differs = p.value != defaults[p.path].value
            source = f"{original}; give your own under [sources]" if differs else defaults[p.path].source
            yield from _comment(p._replace(source=source))
            line = f"{p.path.rpartition('.')[2]} = {toml(p.value)}"
            yield line if differs else f"# {line}"


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
    """What makes the copy run and what it asks, as they are: tables, and the design of the scenario's own study."""
    yield from _section("study", dict(scenario.study))
    for name, columns in scenario.tables.items():
        yield from _section(f"tables.{key(name)}", dict(columns))


def _section(title: str, content: dict[str, Any]) -> Iterator[str]:
    if not content:
        return
    yield ""
    yield f"[{title}]"
    for name, value in content.items():
        yield f"{key(name)} = {toml(value)}"
