"""Several gaps or changes looked at together (`analysis.contrasts.multiplicity`): the words for it."""

from collections.abc import Mapping
from typing import Any

TOGETHER = "95 % interval of all together"
NOTE = (
    "{count} {what} are looked at together. Each 95 % interval holds by itself: of twenty, one misses its true value "
    "on average. That something differs is therefore said only where the p-value adjusted for all {count} (Holm) is "
    "below 0.05."
)


def interval_of(count: int, what: str) -> str:
    """What the bounds of a number are called that cannot be told apart from zero: they hold for all together."""
    return f"95 % interval of all {count} {what} together" if count > 1 else "95 % interval"


def note(count: int, what: str) -> str:
    """What a reader must know of several numbers; "" for one."""
    return NOTE.format(count=count, what=what) if count > 1 else ""


def with_p(verdict: str, row: Mapping[str, Any]) -> str:
    """What can be said, with the p-value that it rests on where several are looked at."""
    p, count = row["p_holm"], row["looked_at"]
    return verdict if p is None or count < 2 else f"{verdict} (adjusted p {p_text(p)})"


def p_text(p: float | None) -> str:
    """A p-value."""
    if p is None or p != p:
        return "-"
    return "below 0.001" if p < 0.001 else f"{p:.3f}" if p < 0.1 else f"{p:.2f}"
