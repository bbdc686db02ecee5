"""What an arm changes of the baseline, for the record: before, after, and where the number comes from."""

from collections.abc import Mapping
from typing import Any

from experiments.designs.arms import Arm
from experiments.record import HERE, as_row
from sim import is_change, load_change


def moved_in(base: Arm, arm: Arm, sources: Mapping[str, str]) -> list[dict[str, Any]]:
    """What an arm changes of the baseline: path, before, after, unit, meaning, source."""
    rows = []
    for before, after in zip(base.whole.listing(), arm.whole.listing(), strict=True):
        if before.value != after.value:
            source = sources.get(after.path) or (HERE if after.path in arm.patch else after.source)
            pair = {"before": as_row(before)["value"], "after": as_row(after)["value"]}
            rows.append({**as_row(after), **pair, "source": source})
    return rows


def sources_of(text: str) -> dict[str, str]:
    """Sources that the changes named in an arm give, as it was written on the command line."""
    found: dict[str, str] = {}
    for piece in text.rpartition(": ")[2].split(","):
        name = piece.strip()
        if name and "=" not in name and is_change(name):
            found |= load_change(name).sources
    return found
