"""The table of promises, in a terminal and on a page of the documentation.

On the page it stands between two marks, so that what is written by hand stays.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.machine import in_words

BEGIN = "<!-- promises: written by the command that stands here -->"
END = "<!-- end of promises -->"
COLUMNS = ("what", "seconds of", "before", "now", "wanted", "kept")
WIDTHS = (66, 11, 22, 22, 16, 6)
ALIGNED = "| --- | --- | ---: | ---: | ---: | --- |"


def cells(row: dict[str, Any]) -> tuple[str, ...]:
    """A row in words."""
    sign = "at least" if row["at_least"] else "at most"
    told = (amount(row[side], row["unit"]) for side in ("before", "now"))
    return row["what"], row["seconds"], *told, f"{sign} {amount(row['wanted'], row['unit'])}", kept(row)


def amount(value: float | str | None, unit: str) -> str:
    """A number of three digits with its unit; words as they are; "-" for nothing."""
    if value is None or isinstance(value, str):
        return value or "-"
    digits = 0 if abs(value) >= 99.5 else 1 if abs(value) >= 9.95 else 2
    text = f"{value:,.{digits}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + ("" if unit == "times" else f" {unit}")


def kept(row: dict[str, Any]) -> str:
    """Whether the figure of now is as wanted."""
    if isinstance(row["now"], str):
        return "no"
    return "yes" if (row["now"] >= row["wanted"] if row["at_least"] else row["now"] <= row["wanted"]) else "no"


def print_head(head: dict[str, Any], quick: bool) -> None:
    """What is measured, and the names of the columns."""
    print("What is promised; every measurement in a process of its own, checkouts in turns, medians")
    if quick:
        print("QUICK: at small sizes, so that no figure below is the one that its row speaks of")
    print(f"now {head['now']}, before {head['before'] or '-'}; load average before: {head['load_before']}")
    print_line(COLUMNS)


def print_line(words: Iterable[str]) -> None:
    """One row of the table."""
    first, second, *others = zip(words, WIDTHS, strict=True)
    left = "".join(f"{word:<{width}}" for word, width in (first, second))
    print(left + "".join(f"{word:>{width}}" for word, width in others), flush=True)


def markdown(rows: list[dict[str, Any]], head: dict[str, Any], machine: dict[str, Any], command: str) -> str:
    """The table as a part of a page, with the command that made it and the machine."""
    lines = [
        BEGIN,
        "```sh",
        command,
        "```",
        "",
        f"made this table on {datetime.now(UTC):%Y-%m-%d}, "
        + (f"before at commit {head['before']} and " if head["before"] else "")
        + f"now at commit {head['now']}, on a machine with a load average of {load(head)} before:",
        "",
        *(f"- {line}" for line in in_words(machine).splitlines()),
        "",
        f"| {' | '.join(COLUMNS)} |",
        ALIGNED,
        *(f"| {' | '.join(cells(row))} |" for row in rows),
        END,
    ]
    return "\n".join(lines)


def load(head: dict[str, Any]) -> str:
    """How busy the machine was, as a number."""
    return "unknown size" if head["load_before"] is None else f"{head['load_before']:.1f}"


def has_marks(page: Path) -> bool:
    """Whether a page has a place for the table."""
    text = page.read_text(encoding="utf-8") if page.is_file() else ""
    return text.count(BEGIN) == text.count(END) == 1 and text.index(BEGIN) < text.index(END)


def write(page: Path, table: str) -> None:
    """Put the table between the marks of a page."""
    text = page.read_text(encoding="utf-8")
    page.write_text(text[: text.index(BEGIN)] + table + text[text.index(END) + len(END) :], encoding="utf-8")
