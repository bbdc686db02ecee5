"""The ratios to Mesa release by release, in ``history.csv`` beside this file, so that a slow-down is seen.

A ratio compares two programs on one machine in the same minutes, so it may be set beside one from another machine, with
care; seconds may not. On a machine that does nothing else, ratios of one program differ by some hundredths from one
contest to the next, and one is called clearly lower when it has lost more than `CLEAR`. Work of others slows down
Python and compiled code unequally, in processor seconds too: so the load average stands in every row, and a busy
machine is said.
"""

import csv
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.processes import ROOT

FILE = Path(__file__).with_name("history.csv")
CLEAR = 0.15
BUSY = 0.5  # load average before a contest from which on it is to be held again
ENGINE = "engine, all rules"
RATIOS = {"to_stepped_mesa": "stepped Mesa", "to_events_mesa": "event-driven Mesa"}
FIELDS = (
    "version", "date", *RATIOS, "engine_ms", "load_before", "households", "days",
    "cpu", "cores", "system", "python", "numba", "mesa",
)  # fmt: skip

Row = dict[str, str]


def ratios(contest: dict[str, Any]) -> dict[str, float]:
    """How many times the engine's seconds the Mesa models took, by field of the history."""
    rows = contest["contestants"]
    return {field: rows[name]["seconds"] / rows[ENGINE]["seconds"] for field, name in RATIOS.items()}


def row_of(contest: dict[str, Any], machine: dict[str, Any], version: str, load: float | None) -> Row:
    """A contest as a row of the history.

    Parameters
    ----------
    contest : from `benchmarks.contest.hold`
    machine : from `benchmarks.machine.machine`
    load : load average before, None where the system does not tell
    """
    values = {
        "version": version,
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        **{field: f"{value:.0f}" for field, value in ratios(contest).items()},
        "engine_ms": f"{1e3 * contest['contestants'][ENGINE]['seconds']:.1f}",
        "load_before": "" if load is None else f"{load:.1f}",
        **{name: f"{contest[name]:g}" for name in ("households", "days")},
        **{name: str(machine[name]) for name in ("cpu", "cores", "system", "python")},
        **{name: machine["versions"][name] for name in ("numba", "mesa")},
    }
    return {name: values[name] for name in FIELDS}


def version_now(changelog: Path = ROOT / "CHANGELOG.md") -> str:
    """The topmost version of the changelog, and whether it is not yet released."""
    found = re.search(r"^## \[(.+?)\] – (.+)$", changelog.read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise ValueError(f"{changelog}: no line such as '## [0.1.0] – 2026-12-01'")
    version, date = found.groups()
    return version if date[:1].isdigit() else f"{version} ({date})"


def read(file: Path = FILE) -> list[Row]:
    """All rows, oldest first."""
    if not file.is_file():
        return []
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def record(row: Row, file: Path = FILE) -> None:
    """Append a row; a new file begins with the names of the columns."""
    is_new = not file.is_file()
    with file.open("a", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, FIELDS, lineterminator="\n")
        if is_new:
            writer.writeheader()
        writer.writerow(row)


def verdict(new: Row, last: Row) -> list[str]:
    """Each ratio beside that of the row before, in a line, and whether it is clearly lower; then what is unsure."""
    elsewhere = "" if new["cpu"] == last["cpu"] else ", on another machine"
    lines = []
    for field, name in RATIOS.items():
        lost = 1.0 - float(new[field]) / float(last[field])
        told = f"CLEARLY LOWER by {lost:.0%}: what slowed the engine down?" if lost > CLEAR else "not clearly lower"
        lines.append(f"ratio to {name}: {new[field]}, before {last[field]} "
                     f"({last['version']}, {last['date']}{elsewhere}): {told}")  # fmt: skip
    for which, row in (("this contest", new), ("the one before", last)):
        if float(row["load_before"] or 0.0) > BUSY:
            lines.append(
                f"the machine was busy before {which} (load average {row['load_before']}): hold it again in calm"
            )
    return lines


def print_history(rows: list[Row]) -> None:
    """All rows as a table, and the last beside that before it."""
    if not rows:
        print("no contest has been recorded yet: python -m benchmarks contest --record")
        return
    print("Ratios to Mesa release by release: python -m benchmarks contest --record appends a row")
    print(f"{'version':<20}{'date':<12}{'stepped':>9}{'events':>9}{'engine ms':>11}{'load':>6}  machine")
    for row in rows:
        print(f"{row['version']:<20}{row['date']:<12}{row['to_stepped_mesa']:>9}{row['to_events_mesa']:>9}"
              f"{row['engine_ms']:>11}{row['load_before']:>6}  "
              f"{row['cpu']}, Python {row['python']}, numba {row['numba']}")  # fmt: skip
    if len(rows) > 1:
        print("\n".join(verdict(rows[-1], rows[-2])))
    print(flush=True)
