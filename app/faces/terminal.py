"""A page on a terminal: the answer first, then the sections, no wider than 100 columns in a pipe.

What was asked, what the study rests on and how to make it again stand in the report; whoever reads this has just asked.
Tables that a report folds are printed if they are short.
"""

import sys
import textwrap
from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text as Line

from app.faces.folding import Folding, folded, print_folded
from app.pages.page import Block, Items, Page, Section, Table, Text

WIDTH = 100
LEAST_HEAD = 12  # columns of a head, where its cells are narrower
WORDS_WIDTH = 26  # columns of a cell of words
MOST_ROWS, MOST_TABLES = 12, 2  # that a report folds, and that are printed nevertheless


def console(to_stderr: bool = False, width: int = WIDTH) -> Console:
    """A console as wide as the terminal; of a fixed width in a pipe or a file."""
    stream = sys.stderr if to_stderr else sys.stdout
    return Folding(file=stream, width=None if stream.isatty() else width, highlight=False, soft_wrap=False)


def show(page: Page, out: Console, closing: str = "") -> None:
    """Print a page.

    Parameters
    ----------
    closing : a last line, such as where files were written
    """
    out.print(Line(page.title, style="bold"))
    out.print(Line(f"{page.subtitle}."))
    if page.question:
        out.print(Line(page.question))
    for place, finding in enumerate(page.answer):
        out.print()
        out.print(Line(finding.headline, style="" if place else "bold"))
        for line in finding.lines:
            out.print(Line(line))
    for section in page.sections:
        _show_section(out, section)
    if closing:
        out.print()
        out.print(Line(closing), soft_wrap=True)


def list_studies(kind: str) -> None:
    """The studies of a kind that come with the program, a line each."""
    from experiments.designs.study_files import summaries

    out, there = console(), summaries(kind)
    out.print(f"Studies of kind {kind} that come with the program; a TOML file of your own will do as well:")
    for name, summary in there.items():
        out.print(Line(f"  {name:<24}{summary}"))
    out.print(f"\nExample: coproduce {kind} {next(iter(there), 'my-study.toml')} --out results/study", markup=False)


def _show_section(out: Console, section: Section) -> None:
    left = _left_out(section)
    shown = [block for block in section.blocks if block.kind != "figure" and block not in left]
    if not shown and not left:
        return
    out.print()
    out.print(Line(section.heading, style="bold underline"))
    for block in shown:
        _show_block(out, block)
    if left:
        more = "1 more table or list" if len(left) == 1 else f"{len(left)} more tables and lists"
        out.print(Line(f"{more}: in --json, and on the page that --report writes.", style="dim"))


def _left_out(section: Section) -> list[Table | Items]:
    """What a report folds and what is not printed: lists, long tables, and of many tables all."""
    folded_away = [block for block in section.blocks if isinstance(block, Table | Items) and block.fold]
    tables = [block for block in folded_away if isinstance(block, Table) and len(block.rows) <= MOST_ROWS]
    return [block for block in folded_away if block not in tables or len(tables) > MOST_TABLES]


def _show_block(out: Console, block: Block) -> None:
    if isinstance(block, Text):
        out.print(Line(block.text))
    elif isinstance(block, Items):
        for item in block.items:
            out.print(Line(f"- {item}"))
    elif isinstance(block, Table):
        out.print(Line(block.caption, style="italic"))
        print_folded(out, _grid(block))


def _grid(table: Table) -> Grid:
    """Names to the left, numbers to the right under heads that are broken into lines; cells of words broken too."""
    grid = Grid(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_header=any(table.heads))
    columns = list(zip(*table.rows, strict=True)) or [()] * len(table.heads)
    for place, (head, cells) in enumerate(zip(table.heads, columns, strict=True)):
        is_words = place == 0 or place in table.words
        text = head if place == 0 else textwrap.fill(head, _width_of(head, cells, is_words))
        grid.add_column(text, justify="left" if is_words else "right", no_wrap=True)
    for row in table.rows:
        grid.add_row(row[0], *(folded(c, WORDS_WIDTH) if i in table.words else c for i, c in enumerate(row[1:], 1)))
    return grid


def _width_of(head: str, cells: Sequence[str], is_words: bool) -> int:
    widest = max((min(len(cell), WORDS_WIDTH) if is_words else len(cell) for cell in cells), default=0)
    return max(LEAST_HEAD, widest, *(len(word) for word in head.split()), 1)
