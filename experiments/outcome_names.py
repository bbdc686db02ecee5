"""Names of outcomes, ``part:group:measure``, and what they are called in sentences, along axes and in file names.

``all:all:mean_h`` is of the whole city, ``income:lowest fifth:mean_h`` of a group of a grouping, ``cost:total:usd`` an
item of the bill, and ``minority:minority:gap_h`` mean hours out of the group minus those of its reference. A group's
own name may hold a colon: the first and the last colon part the three. Measures are declared in
`analysis.measures.table`, costs in `sim.core.cost_items`; the short names that people write are those of
`experiments.asked_outcomes`.
"""

from typing import NamedTuple

import numpy as np

from analysis.measures.grouping import attributes, columns_of, groups
from analysis.measures.table import BY_NAME
from sim.core.cost_items import WORDS as COSTS

ALL, COST, GAP = "all", "cost", "gap_h"
# attributes whose groups are those present in a run, with the group that others are compared with
AS_FOUND_REFERENCE = {"ethnicity": "white", "neighbourhood": "the least vulnerable"}


class OutcomeName(NamedTuple):
    """The full name of an outcome."""

    part: str  # a grouping, "all" or "cost"
    group: str  # of costs, an item
    measure: str

    @classmethod
    def parse(cls, text: str) -> "OutcomeName":
        """The three parts of a name as it is written; ValueError: fewer than two colons."""
        part, rest = text.split(":", 1)
        group, measure = rest.rsplit(":", 1)
        return cls(part, group, measure)

    def __str__(self) -> str:
        return f"{self.part}:{self.group}:{self.measure}"

    @property
    def grouping(self) -> str | None:
        """The grouping that it needs; None for the whole city and for costs."""
        return None if self.part in (ALL, COST) else self.part

    @property
    def is_gap(self) -> bool:
        """Whether it is a difference between groups, for which 0 means equality."""
        return self.measure == GAP


def group_names(by: str) -> tuple[str, ...]:
    """Names of the groups of a grouping that do not depend on a run; empty where they do."""
    if set(attributes(by)) & set(AS_FOUND_REFERENCE):
        return ()
    return groups(_nobody(by), by).names


def reference_of(by: str) -> str:
    """The group of a grouping that the others are compared with."""
    if set(attributes(by)) & set(AS_FOUND_REFERENCE):
        return ", ".join(AS_FOUND_REFERENCE.get(a) or reference_of(a) for a in attributes(by))
    return groups(_nobody(by), by).reference


def _nobody(by: str) -> dict[str, np.ndarray]:
    return {column: np.zeros(0) for a in attributes(by) if a != ALL for column in columns_of(a)}


def label(name: str) -> str:
    """An outcome in words with its unit, for axes: ``gap in mean hours out, minority minus other (h)``."""
    return f"{words(name)} ({unit(name)})"


def words(name: str) -> str:
    """An outcome in words without its unit, as it stands in a sentence."""
    part, group, measure = OutcomeName.parse(name)
    if part == COST:
        return COSTS.get(group, f"cost of {group}")
    text = BY_NAME[measure].label if measure in BY_NAME else measure.replace("_", " ")
    if part == ALL:
        return text
    of = " of income" if part == "income" else ""  # the other fifths carry their attribute in their names
    return f"{text}, {group}{of} minus {reference_of(part)}" if is_gap(name) else f"{text}, {group}{of}"


def unit(name: str) -> str:
    """Unit in which an outcome is shown."""
    part, _, measure = OutcomeName.parse(name)
    return "US$" if part == COST else BY_NAME[measure].unit if measure in BY_NAME else "1"


def shown(name: str) -> float:
    """Factor from an outcome's value to the one shown: 100 for shares, in per cent."""
    return 100.0 if unit(name) == "%" else 1.0


def is_gap(name: str) -> bool:
    """Whether an outcome is a difference between groups, for which 0 means equality."""
    return OutcomeName.parse(name).is_gap


def file_stem(name: str) -> str:
    """An outcome as part of a file's name: ``gap-minority``, ``mean_h-all``."""
    part, group, measure = OutcomeName.parse(name)
    if is_gap(name):
        first = group_names(part)[:1] == (group,)
        text = f"gap-{part}" if first else f"gap-{part}-{group}"
    else:
        text = f"cost-{group}" if part == COST else f"{measure}-{part}-{group}" if part != ALL else measure
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in text)
