"""The reference pages of the documentation, written from the declarations: parameters, columns of tables, limits.

``python -m sim.engine.describe docs`` writes ``parameters.md``, ``outcomes.md`` and ``limits.md`` there; a test holds
them current.
"""

import sys
from pathlib import Path

from sim.core.limits import LIMITS, Limit
from sim.engine.outcome_columns import TABLES
from sim.inputs.parameters.declare import Parameter, catalogue
from sim.inputs.parameters.observables import OBSERVABLES
from sim.inputs.parameters.root import Parameters

ABOUT = {
    "households": "One row per household, in the depth-first order of the grid.",
    "faults": "One row per damaged device, with its faults, and what led the utility to it.",
    "orders": "One row per order: a device that the utility believed or knew to be open.",
    "jobs": "One row per truck roll.",
    "reports": "One row per report or attempt to report.",
}


def parameter_page() -> str:
    """The table of all parameters in Markdown."""
    lines = [
        "# Parameters",
        "",
        "Written by `python -m sim.engine.describe docs` from the declarations in",
        "`sim/inputs/parameters/`; do not edit by hand.",
        "A *lever* is what a city or a utility can decide, an *uncertainty* what nobody knows well, a *constant* what",
        "defines the place, the storm or the run. The *direction* is what a higher value does to an outcome (yes",
        "against no, a later choice, some against none), as `tests/laws` holds it; those outcomes stand at the end.",
    ]
    section = None
    for p in catalogue(Parameters()):
        head, _, name = p.path.rpartition(".")
        if head != section:
            section = head
            lines += [
                "",
                f"## {head}",
                "",
                "| parameter | default | unit | range | role | meaning | direction | source |",
            ]
            lines += ["|---|---|---|---|---|---|---|---|"]
        cells = (f"`{name}`", shown(p.value), p.unit, limits(p), p.role, p.meaning, p.moves.words, p.source)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    lines += ["", "## Outcomes moved", "", "| outcome | meaning |", "|---|---|"]
    lines += [f"| `{name}` | {meaning} |" for name, meaning in OBSERVABLES.items()]
    return "\n".join(lines) + "\n"


def outcome_page() -> str:
    """The columns of all tables in Markdown."""
    lines = [
        "# Outcomes",
        "",
        "Written by `python -m sim.engine.describe docs` from `sim/engine/outcome_columns.py`; do not edit by",
        "hand. Hours count",
        "from the storm's peak at the city; infinity means never within the horizon.",
    ]
    for table, columns in TABLES.items():
        lines += ["", f"## {table}.parquet", "", ABOUT[table], "", "| column | unit | meaning |", "|---|---|---|"]
        lines += [f"| `{c.name}` | {c.unit} | {c.meaning} |" for c in columns]
    return "\n".join(lines) + "\n"


def limit_page() -> str:
    """The limits of input in Markdown."""
    lines = [
        "# Limits",
        "",
        "Written by `python -m sim.engine.describe docs` from `sim/core/limits.py`; do not edit by hand. What lies",
        "beyond a limit",
        "is refused at once, in one line; so is a pipe, a device or a folder in place of a file. What else is refused,",
        "and what is remarked upon, stands in [bring your own city](your-city.md).",
        "",
        "| what | at most | why |",
        "|---|---|---|",
    ]
    lines += [f"| {limit.what} | {_amount(limit)} | {limit.reason} |" for limit in LIMITS]
    return "\n".join(lines) + "\n"


def _amount(limit: Limit) -> str:
    most = int(limit.most)
    if limit.unit == "bytes":
        return f"{most // 2**30} GiB" if most >= 2**30 else f"{most // 2**20} MiB"
    number = f"2^{most.bit_length() - 1}" if most >= 2**60 else f"{most:,}"
    return f"{number} {limit.unit}".strip()


def shown(value: object) -> str:
    """A value as a reader would write it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}" if abs(value) < 1e4 else f"{value:,.0f}"
    if isinstance(value, int):
        return f"{value:,}"
    return str(value) if value else "none"


def limits(p: Parameter) -> str:
    """The legal range in words."""
    if p.choices:
        return ", ".join(p.choices)
    if p.low is None or p.high is None:
        return ""
    return f"{shown(p.low)} to {shown(p.high)}"


def main(folder: str) -> None:
    """Write the pages."""
    Path(folder, "parameters.md").write_text(parameter_page(), encoding="utf-8")
    Path(folder, "outcomes.md").write_text(outcome_page(), encoding="utf-8")
    Path(folder, "limits.md").write_text(limit_page(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "docs")
