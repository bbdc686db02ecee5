"""Several gaps or changes looked at together: how sentences, notes and one printed table tell of it.

Rows are those of `analysis.contrasts.multiplicity.beside`, as a series or from a JSON document.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.folding import print_folded

MOST_ROWS = 24
TOGETHER = "95 % interval of all together"
HEADS = ("95 % by itself", "all together", "adjusted p")
NOTE = (
    "{count} {what} are looked at together. Each 95 % interval holds by itself: of twenty, one misses its true value "
    'on average. "Told apart from zero" therefore asks that the p-value adjusted for all {count} (Holm) be below 0.05.'
)


def note(count: int, what: str) -> str:
    """What a reader must know of several numbers; "" for one."""
    return NOTE.format(count=count, what=what) if count > 1 else ""


def among(row: Mapping[str, Any]) -> str:
    """What stands behind the interval of a number told apart from zero, where others are looked at beside it."""
    return f"; adjusted p {p_text(row['p_holm'])}, {row['looked_at']} looked at" if row["looked_at"] > 1 else ""


def which(row: Mapping[str, Any]) -> str:
    """The interval of a number that is not told apart from zero: of all together where there are several."""
    return f"95 % interval of all {row['looked_at']} together" if row["looked_at"] > 1 else "95 % interval"


def p_text(p: float | None) -> str:
    """A p-value."""
    if p is None or p != p:
        return "-"
    return "below 0.001" if p < 0.001 else f"{p:.3f}" if p < 0.1 else f"{p:.2f}"


def print_together(out: Console, title: str, rows: Sequence[tuple[str, str, str, Mapping[str, Any]]]) -> None:
    """Numbers beside each other: label, number with its own interval, interval of all together, and the row itself."""
    if len(rows) < 2:
        return
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("")
    for head in HEADS:
        table.add_column(head, justify="right", no_wrap=True)
    for label, own, joint, row in rows[:MOST_ROWS]:
        table.add_row(label, own, joint, p_text(row["p_holm"]))
    out.print(Text(title, style="bold"))
    print_folded(out, table)
    if len(rows) > MOST_ROWS:
        out.print(Text(f"The other {len(rows) - MOST_ROWS} are in the files (--out DIR) and in --json."))
