"""How the tables read numbers and write them: ``get``, levels and changes with intervals, Markdown.

A table is a function of ``get``: ``get(patch, name)`` gives one number of all runs under a patch, float [seed], in the
default city or another. It is called twice, first to learn which runs there are, then with numbers.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, Protocol

import numpy as np

from analysis.contrasts.intervals import paired

Patch = Mapping[str, Any]
CITY = "tallahassee-michael"
VOICES = ("low", "middle", "high")
MEAN, GAP, UNDETECTED = "all:all:mean_h", "minority:minority:gap_h", "all:all:undetected_h"
GROUPS = ("minority:minority:mean_h", "minority:other:mean_h")
POOR, OTHERS = "poor:poor:mean_h", "poor:not poor:mean_h"


class Get(Protocol):
    """One number of all runs of a city under a patch, float [seed]."""

    def __call__(self, patch: Patch, name: str, city: str = ...) -> np.ndarray: ...


class Table(NamedTuple):
    """One table of the page."""

    title: str
    about: str
    render: Callable[[Get], list[str]]


def voiced(voice: str, *patches: Patch) -> Patch:
    """Patches together, at a level of voice."""
    whole: dict[str, Any] = {"reporting.voice": voice}
    for patch in patches:
        whole |= patch
    return whole


def level(values: np.ndarray, digits: int = 1) -> str:
    """A mean over seeds with its interval."""
    found = paired(values)
    return f"{found.mean:.{digits}f} ({found.low:.{digits}f} to {found.high:.{digits}f})"


def change(values: np.ndarray, digits: int = 2) -> str:
    """A mean change with its interval, signed; bold where it excludes zero."""
    found = paired(values)
    text = f"{found.mean:+.{digits}f} ({found.low:+.{digits}f} to {found.high:+.{digits}f})"
    return f"**{text}**" if found.low > 0.0 or found.high < 0.0 else text


def grid(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """A Markdown table."""
    head = list(head)
    return ["| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head), *map(list, rows))]
