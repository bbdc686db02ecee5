"""``coproduce list`` and ``coproduce show``: scenarios, parameters in force, and the JSON Schema of scenario files."""

import json
import sys
import textwrap
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.text import Text

from app.faces.terminal import console
from app.process.exits import Stop
from experiments.results.schema import as_text
from sim import ScenarioError, is_change, load, load_change, shipped, shipped_changes
from sim.core.errors import unknown
from sim.inputs.parameters.declare import Parameter, catalogue
from sim.inputs.parameters.root import Parameters
from sim.inputs.scenario import EXTRAS, TABLES, TEXTS
from sim.world.people import Counted, counted

HANGING = 4  # columns, of the lines below the first
WHOLE_WORDS: dict[str, Any] = {"break_long_words": False, "break_on_hyphens": False}
PLAIN_UNITS = ("1", "file", "rows", "yes/no", "choice")
KINDS_OF_HOUSEHOLDS = {
    "over65": "65+", "children": "under 18", "disability": "disabled", "limited_english": "limited English",
}  # fmt: skip
EXTRA_MEANING = {
    "sources": "source of an overridden parameter, by its dotted path",
    "observed": "observed counts: time_h, customers_out, source; quantiles_h; customer_hours",
    "tables": "small tables: columns of equal length",
    "expected": "the answer of a worked example",
    "study": "what a study of this scenario asks",
}


def list_scenarios(as_json: bool) -> None:
    """Print the shipped scenarios."""
    rows = [{"name": name, "kind": "scenario", "summary": _summary(name)} for name in shipped()]
    changes = [{"name": name, "kind": "change", "summary": load_change(name).summary} for name in shipped_changes()]
    if as_json:
        sys.stdout.write(as_text([*rows, *changes]))
        return
    width = max(len(row["name"]) for row in [*rows, *changes])
    out = console()

    def lines(listed: list[dict[str, str]]) -> None:
        for row in listed:
            line = f"{row['name']:<{width}}  {row['summary']}"
            if out.is_terminal:
                line = textwrap.fill(line, out.width, subsequent_indent=" " * HANGING, **WHOLE_WORDS)
            out.print(Text(line), soft_wrap=not out.is_terminal)

    lines(rows)
    out.print("\nChanges that fit any city:")
    lines(changes)
    out.print(
        "\ncoproduce show NAME tells what a scenario assumes; coproduce run NAME runs it; "
        "coproduce compare SCENARIO CHANGE ... tells what a change does."
    )


def _summary(name: str) -> str:
    try:
        return load(name).summary
    except ScenarioError as bad:
        return f"(cannot be used: {bad})"


def show_change(name: str, as_json: bool) -> None:
    """Print what a change that fits any city changes."""
    change = load_change(name)
    if as_json:
        sys.stdout.write(as_text(change._asdict()))
        return
    meanings = {p.path: p.meaning for p in catalogue(Parameters())}
    out = console()
    out.print(Text(f"{change.name}: {change.summary}", style="bold"))
    if change.description:
        out.print(Text(change.description.strip()))
    for path, value in change.patch.items():
        source = f" (source: {change.sources[path]})" if path in change.sources else ""
        out.print(Text(f"{path} = {value}: {meanings[path]}{source}"))
    out.print(f"\ncoproduce compare SCENARIO {name} tells what it does.")


def show_scenario(name: str | None, section: str | None, as_json: bool) -> None:
    """Print the parameters of a scenario that are in force."""
    if name is None:
        raise Stop("show: which scenario? (coproduce list names them; coproduce show --schema needs none)")
    if is_change(name):
        show_change(name, as_json)
        return
    scenario = load(name)
    defaults = {p.path: p.value for p in catalogue(Parameters())}
    table = counted(scenario)
    rows = [_as_counted(p, table) for p in scenario.listing() if _is_inside(p.path, section)]
    if not rows:
        sections = {p.path[: i + 1] for p in scenario.listing() for i in _section_ends(p.path)}
        raise unknown("show", "section", str(section), {s.rstrip(".") for s in sections})
    if as_json:
        listed = [{**p._asdict(), "moves": p.moves._asdict(), "differs": p.value != defaults[p.path]} for p in rows]
        own = {"table": table._asdict()} if table else {}
        sys.stdout.write(as_text({"scenario": scenario.name, "digest": scenario.digest, **own, "parameters": listed}))
        return
    out = console()
    out.print(Text(f"{scenario.name}: {scenario.summary}", style="bold"))
    if scenario.description and section is None:
        out.print(Text(scenario.description.strip()))
    if table and section in (None, "place"):
        out.print(Text(_told_by(table)))
    for title, group in groupby(rows, key=lambda p: p.path.rpartition(".")[0]):
        _print_section(out, title, list(group), defaults)
    changed = sum(p.value != defaults[p.path] for p in rows)
    out.print(f"\n{len(rows)} parameters; * marks the {changed} that differ from the default. Digest {scenario.digest}")


def _as_counted(p: Parameter, table: Counted | None) -> Parameter:
    """A parameter with the figure of the scenario's own table, where that stands before the parameter's."""
    own = {} if table is None else {
        "place.neighbourhoods": table.neighbourhoods, "place.customers": table.households,
        "place.area_km2": table.area_km2, **{path: round(share, 4) for path, share in table.shares.items()},
    }  # fmt: skip
    if table is None or own.get(p.path) in (None, p.value):
        return p
    return p._replace(value=own[p.path], source=f"counted in {table.where}")


def _told_by(table: Counted) -> str:
    """What a table says of a city as a whole, in one line."""
    parts = [f"{table.neighbourhoods:,} neighbourhoods"]
    parts += [f"{table.area_km2:,.1f} km2"] if table.area_km2 else []
    scaled = f" scaled to {table.households:,}" if table.households != table.households_given else ""
    parts += [f"{table.households_given:,.0f} households{scaled}"]
    if table.poor is not None:
        both = f" with students, {table.poor_without_students:.1%} without" if table.poor_without_students else ""
        parts += [f"poverty {table.poor:.1%}{both}"]
    parts += [
        f"{KINDS_OF_HOUSEHOLDS[name]} {of_persons:.1%} of persons or {of_households:.1%} of households"
        for name, (of_persons, of_households) in table.of_persons.items()
    ]
    return f"{table.where}: {', '.join(parts)}".replace("%", " %")


def _is_inside(path: str, section: str | None) -> bool:
    return section is None or path == section or path.startswith(f"{section}.")


def _section_ends(path: str) -> list[int]:
    return [i for i, letter in enumerate(path) if letter == "."]


def _print_section(out: Console, title: str, rows: list[Parameter], defaults: dict[str, Any]) -> None:
    """A line of columns per parameter, and below it what it means and where it comes from."""
    out.print(Text(f"\n[{title}]", style="bold"))
    cells = [(p.path.rpartition(".")[2], value_text(p.value), unit_text(p), p.role, allowed_text(p)) for p in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(4)]
    for p, row in zip(rows, cells, strict=True):
        mark = "*" if p.value != defaults[p.path] else " "
        line = f"{mark} " + "  ".join(cell.ljust(width) for cell, width in zip(row, [*widths, 0], strict=True))
        if len(line.rstrip()) > out.width:
            line = textwrap.fill(line, out.width, subsequent_indent=" " * HANGING, **WHOLE_WORDS)
        out.print(Text(line.rstrip(), style="bold" if mark == "*" else ""))
        about = f"{p.meaning}. Source: {p.source}. Direction: {p.moves.words}"
        for part in textwrap.wrap(about, out.width - 8, **WHOLE_WORDS):
            out.print(Text(f"      {part}", style="dim"))


def unit_text(p: Parameter) -> str:
    """Unit of a parameter, nothing where it has none."""
    return "" if p.unit in PLAIN_UNITS else p.unit


def value_text(value: Any) -> str:
    """A value as one would type it, tables by their length."""
    if isinstance(value, list):
        return f"{len(value)} rows"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else json.dumps(value)


def allowed_text(p: Parameter) -> str:
    """Range or choices of a parameter."""
    if p.choices:
        return ", ".join(p.choices)
    if p.low is None or p.high is None:
        return {"yes/no": "true, false"}.get(p.kind, "")
    return f"{_bound(p.low)} to {_bound(p.high)}"


def _bound(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:g}"


def show_schema() -> None:
    """Print the JSON Schema of scenario files."""
    sys.stdout.write(as_text(schema_of_files()))


def schema_of_files() -> dict[str, Any]:
    """JSON Schema of a scenario file: the parameters, and the keys that stand beside them."""
    schema = Parameters.model_json_schema()
    column = {"type": "array"}
    table = {"type": "object", "additionalProperties": column}
    extras: dict[str, Any] = {name: {"type": "object", "description": EXTRA_MEANING[name]} for name in EXTRAS}
    extras["tables"] |= {"properties": {name: table for name in TABLES}, "additionalProperties": False}
    texts = {name: {"type": "string"} for name in TEXTS}
    properties = {**texts, **schema["properties"], **extras}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "coproduce scenario",
        "properties": properties,
    }
