"""The one exception for bad input, and the phrasing of its messages: where, what was given, what is allowed."""

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice

from sim.core.limits import HINTS, MESSAGE, SHOWN


class ScenarioError(ValueError):
    """Input that cannot be used. The message names the place, the value given and what is allowed, in one line."""

    def __init__(self, message: str) -> None:
        line = " ".join(message.splitlines())
        half = MESSAGE // 2
        super().__init__(line if len(line) <= MESSAGE else f"{line[:half]} ... {line[-half:]}")


def nearest(word: str, allowed: Iterable[str]) -> str:
    """The nearest legal spelling as a hint, or nothing."""
    close = get_close_matches(str(word)[:SHOWN], [str(a) for a in islice(allowed, HINTS)], n=1, cutoff=0.5)
    return f"; did you mean '{close[0]}'?" if close else ""


def unknown(where: str, what: str, given: str, allowed: Iterable[str]) -> ScenarioError:
    """An unknown name of any kind, with the nearest legal one and the list of legal ones."""
    names = sorted(str(a) for a in allowed)
    listed = f"(allowed: {', '.join(names)})"
    return ScenarioError(f"{where}: unknown {what} '{shortened(given)}'{nearest(given, names)} {listed}")


def shown(value: object) -> str:
    """A value as it was written, for a message; of a long one the beginning."""
    return shortened(repr(value))


def shortened(text: str) -> str:
    """Text for a message; of a long one the beginning."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN]} ..."
