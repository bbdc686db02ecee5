"""What a study rests on: the numbers that differ from the defaults, those that nobody knows well, and their sources."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.pages.page import Block, Table, Text
from app.say.names import described
from app.say.numbers import value_of
from experiments.record import CHANGED, MOVED, UNSURE

HEADS = ("what", "value", "where the number comes from", "name in the model")
COMPARE = "compare"
OPEN_ROWS = 12  # a longer table is folded


def blocks(made: Mapping[str, Any]) -> list[Block]:
    """How much is assumed, and the tables of it."""
    unsure, assumed = made["uncertain_parameters"], made["assumed_parameters"]
    rows = made["assumptions"]
    parts: list[Block] = [
        Text(
            f"The model holds {unsure:,} numbers that nobody knows well. {assumed:,} of them are assumed, at least in "
            "part, for want of a measurement. Those that bear on this study stand below, and are marked. If you know "
            "better, change the number and run the study again."
        )
    ]
    if made["kind"] != COMPARE:  # whose arms list what they change
        parts += _table("What this study varies; values of the baseline", [row for row in rows if row["why"] == MOVED])
    parts += _table("What differs from the usual values of the model", [r for r in rows if r["why"] == CHANGED], True)
    parts += _table(
        "Uncertain numbers that bear on reporting and dispatch", [r for r in rows if r["why"] == UNSURE], False
    )
    return parts


def _table(caption: str, rows: Sequence[Mapping[str, Any]], with_default: bool = False) -> list[Block]:
    if not rows:
        return []
    heads = (HEADS[0], HEADS[1], "usual value", *HEADS[2:]) if with_default else HEADS
    cells = [_cells(row, with_default) for row in rows]
    words = tuple(range(2 + with_default, len(heads)))
    fold = f"{caption}: {len(rows)} numbers with their sources" if len(rows) > OPEN_ROWS else ""
    return [Table(caption, heads, cells, words, fold)]


def _cells(row: Mapping[str, Any], with_default: bool) -> tuple[str, ...]:
    usual = (value_of(row, "default"),) if with_default else ()
    return (described(row), value_of(row), *usual, source_of(row), row["path"])


def source_of(row: Mapping[str, Any]) -> str:
    """The source of a number, with a mark where it is no measurement."""
    source = str(row["source"])
    if not source:
        return "Assumption: the scenario gives no source"
    low = source.lower()
    if low.startswith("assumption"):
        return "Assumption" + source[len("assumption") :]
    return f"Partly assumption. {source}" if "assum" in low else source
