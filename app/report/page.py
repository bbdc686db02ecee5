"""What a report is made of, whatever the study: sections of texts, lists, tables and figures."""

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
    """A picture with what is to be seen on it in words."""

    source: str  # data URI
    description: str
    caption: str
    width: int  # pixels
    height: int
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
    """A report; `write` adds what all reports share."""

    title: str
    subtitle: str
    answer: Sequence[Finding]  # the most important first
    asked: Sequence[Block]
    sections: Sequence[Section]
