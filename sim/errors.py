"""The one exception for bad input, and the phrasing of its messages: where, what was given, what is allowed."""

from collections.abc import Iterable
from difflib import get_close_matches


class ScenarioError(ValueError):
    """Input that cannot be used. The message names the place, the value given and what is allowed, in one line."""


def nearest(word: str, allowed: Iterable[str]) -> str:
    """The nearest legal spelling as a hint, or nothing."""
    close = get_close_matches(str(word), [str(a) for a in allowed], n=1, cutoff=0.5)
    return f"; did you mean '{close[0]}'?" if close else ""


def unknown(where: str, what: str, given: str, allowed: Iterable[str]) -> ScenarioError:
    """An unknown name of any kind, with the nearest legal one and the list of legal ones."""
    names = sorted(str(a) for a in allowed)
    return ScenarioError(f"{where}: unknown {what} '{given}'{nearest(given, names)} (allowed: {', '.join(names)})")
