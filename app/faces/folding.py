"""Pages that fit any terminal: tables too wide for it are printed as several, and no number is ever cut.

A table keeps its natural widths. Where these do not fit, its columns are dealt out to as many tables as it takes, each
with the first column, which holds the names; long names go on in the next line. Numbers are never broken: not in a
cell, not in a name, and not in a word that is longer than a line.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

NAME_WIDTH, LEAST_NAME_WIDTH = 20, 8
BREAKS = re.compile(r"(?<=[/=_ ])|(?<=[-.,])(?!\d)")  # after these a long name goes on in the next line
NUMBER = r"[-+$\d.,]"  # what a number is made of
WORD = re.compile(r"\S+")


class Folding(Console):
    """A console that breaks a word longer than a line where its parts end, and not within a number."""

    def print(self, *objects: Any, soft_wrap: bool | None = None, **more: Any) -> None:
        """As rich prints; see there."""
        if not soft_wrap:
            objects = tuple(_broken(item, self.width) if isinstance(item, Text | str) else item for item in objects)
        super().print(*objects, soft_wrap=soft_wrap, **more)


def _broken(line: Text | str, width: int) -> Text | str:
    plain = line.plain if isinstance(line, Text) else line
    if all(len(word) <= width for word in plain.split()):
        return line
    text = WORD.sub(lambda word: folded(word[0], width) if len(word[0]) > width else word[0], plain)
    return Text(text, style=line.style) if isinstance(line, Text) else text


def folded(name: str, width: int = NAME_WIDTH) -> str:
    """A name in lines of at most ``width``, broken where its parts end.

    A part that is longer is cut, but never between two digits, and so stays longer if it is a number.
    """
    lines = [""]
    for part in BREAKS.split(name):
        for piece in _pieces(part, width):
            if len(lines[-1]) + len(piece.rstrip()) > width:
                lines.append("")
            lines[-1] += piece
    return "\n".join(line.rstrip() for line in lines if line)


def _pieces(part: str, width: int) -> Iterator[str]:
    while len(part) > width:
        cut = width
        while cut and re.match(NUMBER + "{2}", part[cut - 1 : cut + 1]):
            cut -= 1
        cut = cut or re.match(NUMBER + "*", part).end()  # type: ignore[union-attr]
        yield part[:cut]
        part = part[cut:]
    yield part


def print_folded(out: Console, table: Table, together: int = 1) -> None:
    """Print a table, or as many as its columns need.

    Parameters
    ----------
    together : columns behind the first that belong together, and are parted only where they do not fit by themselves
    """
    columns = range(1, len(table.columns))
    blocks = [list(columns[i : i + together]) for i in range(0, len(columns), together)]
    for part in _parts(out, table, blocks):
        out.print(part)


def _parts(out: Console, table: Table, blocks: Sequence[list[int]]) -> Iterator[Table]:
    every = [column for block in blocks for column in block]
    if _width(out, table) <= out.width:
        yield _of(table, every)
        return
    chosen: list[int] = []
    for block in _small_enough(out, table, blocks):
        if chosen and _width(out, _of(table, [*chosen, *block], NAME_WIDTH)) > out.width:
            yield _fitting(out, table, chosen)
            chosen = []
        chosen = [*chosen, *block]
    yield _fitting(out, table, chosen)


def _small_enough(out: Console, table: Table, blocks: Sequence[list[int]]) -> Iterator[list[int]]:
    """Blocks that fit beside a name; of others each column alone."""
    for block in blocks:
        fits = _width(out, _of(table, block, NAME_WIDTH)) <= out.width
        yield from [block] if fits else [[column] for column in block]


def _fitting(out: Console, table: Table, columns: list[int]) -> Table:
    """Some columns beside names as wide as there is room for."""
    bare = _width(out, _of(table, columns, 1)) - max(1, cell_len(str(table.columns[0].header)))
    return _of(table, columns, max(LEAST_NAME_WIDTH, out.width - bare))


def _of(table: Table, columns: Sequence[int], name_width: int | None = None) -> Table:
    """The first column and some others as a table of their own; names folded to a width."""
    part = Table(box=table.box, padding=table.padding, pad_edge=table.pad_edge)
    for place in (0, *columns):
        column = table.columns[place]
        part.add_column(column.header, justify=column.justify, no_wrap=True)
    cells = [list(table.columns[place].cells) for place in (0, *columns)]
    for row, line in zip(table.rows, zip(*cells, strict=True), strict=True):
        name = line[0] if name_width is None else _folded_cell(line[0], name_width)
        part.add_row(name, *line[1:], style=row.style)
    return part


def _folded_cell(cell: Any, width: int) -> Any:
    """A name folded, with its indent and its style."""
    plain = cell.plain if isinstance(cell, Text) else str(cell)
    text = "\n".join(folded(line, width) for line in plain.split("\n"))
    if not isinstance(cell, Text):
        return text
    again = cell.copy()
    again.plain = text
    return again


def _width(out: Console, table: Table) -> int:
    return out.measure(table, options=out.options.update(width=10_000)).maximum
