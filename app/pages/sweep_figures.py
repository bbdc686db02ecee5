"""Which figures a sweep has: of each outcome lines, a map of two factors, and subsets of channels, where they apply."""

from collections.abc import Sequence
from typing import NamedTuple

from app.pages.page import Figure, Row
from app.say.names import capital
from experiments.designs.points import FACTORIAL
from experiments.outcome_names import file_stem

MOST_PANELS = 6  # that a figure has room for


class Drawing(NamedTuple):
    """A figure of an outcome."""

    kind: str  # response, map, subsets, or refused: why there is none
    stem: str
    axes: Sequence[Row] = ()  # along which it is drawn
    name: str = ""  # what these have in common


def drawings(found: Row, outcome: Row) -> list[Drawing]:
    """What there is to draw of an outcome: lines, a map of two factors, and subsets of channels, where they apply."""
    numbers = [axis for axis in found["axes"] if axis["is_number"] and not axis["pooled"]]
    stem = file_stem(outcome["name"])
    if len(found["panels"]) > MOST_PANELS or not outcome["is_there"] or not (numbers or found["has_subsets"]):
        return []
    if outcome["claims_nothing"]:
        return [Drawing("refused", f"response-{stem}")]
    drawn = _lines(numbers, stem)
    if len(numbers) >= 2 and found["design_kind"] == FACTORIAL:
        drawn.append(Drawing("map", f"map-{stem}", numbers[:2]))
    return [*drawn, *([Drawing("subsets", f"subsets-{stem}")] if found["has_subsets"] else [])]


def _lines(numbers: Sequence[Row], stem: str) -> list[Drawing]:
    """One figure where the factors share an axis, such as the availability of each channel; otherwise one each."""
    shared = {axis["words"].partition(" of ")[0] for axis in numbers}
    if len(shared) == 1 and all(" of " in axis["words"] for axis in numbers):
        return [Drawing("response", f"response-{stem}", numbers, shared.pop())]
    names = [axis["column"].replace(".", "-") for axis in numbers]
    return [Drawing("response", f"response-{name}-{stem}", [axis], axis["words"])
            for name, axis in zip(names, numbers, strict=True)]  # fmt: skip


def figures(found: Row, outcome: Row) -> list[Figure]:
    """The same as they stand on the page."""
    caption = f"{capital(outcome['meaning'])}; baseline: {found['reference']}"
    return [Figure(one.stem, caption) for one in drawings(found, outcome) if one.kind != "refused"]
