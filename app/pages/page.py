"""What a page is made of, whatever the study: findings, and sections of texts, lists, tables and figures."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

Row = Mapping[str, Any]  # of a table in summary.json


class Text(NamedTuple):
    """A paragraph."""

    text: str
    kind: str = "text"


class Items(NamedTuple):
    """A list of sentences."""

    items: Sequence[str]
    fold: str = ""  # what a reader opens to see it; "": it is open
    kind: str = "items"


class Table(NamedTuple):
    """A table; the first cell of a row is its head."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    words: Sequence[int] = ()  # columns of words, set to the left
    fold: str = ""
    kind: str = "table"


class Figure(NamedTuple):
    """A picture, by the name of its file; what is to be seen on it in words stands in the file itself."""

    stem: str
    caption: str
    kind: str = "figure"


Block = Text | Items | Table | Figure


class Section(NamedTuple):
    """A heading with what stands under it."""

    name: str  # of its anchor
    heading: str
    blocks: Sequence[Block]


class Finding(NamedTuple):
    """One thing that a study found."""

    headline: str
    lines: Sequence[str] = ()


class Page(NamedTuple):
    """What is said of a study; every face renders it, and none adds a word of its own to what was found."""

    title: str
    subtitle: str
    answer: Sequence[Finding]  # the most important first
    asked: Sequence[Block]
    sections: Sequence[Section]
    rests_on: Sequence[Block] = ()
    again: Sequence[Block] = ()  # how to make it again
    question: str = ""  # that the study puts itself


def before_tables(blocks: Sequence[Block], more: Sequence[Block]) -> list[Block]:
    """Blocks with more of them, figures as a rule, after the leading texts and lists, before the tables."""
    place = next((i for i, block in enumerate(blocks) if block.kind == "table"), len(blocks))
    return [*blocks[:place], *more, *blocks[place:]]
