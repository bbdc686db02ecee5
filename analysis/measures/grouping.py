"""Who is compared with whom: households in named groups, and the group that the others are measured against.

A grouping is one attribute (``"minority"``), several crossed (``"poor,medical_device"``), or ``"all"``. The
**reference group** of each attribute is the one that the literature on unequal restoration takes to be
advantaged (not poor, owner, with broadband, ...); a gap is always *group minus reference*, so a positive gap
in hours means that the group waits longer. The reference stands last. Crossing attributes crosses their
references.

A table of households may be a data frame or a mapping of column names to arrays.
"""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:  # not when running: the workers of large studies do without pandas
    from analysis.measures.survival import Table

# attribute: (name where true, name where false, which of the two is the reference)
YES_NO = {
    "minority": ("minority", "other", False),
    "poor": ("poor", "not poor", False),
    "student": ("students", "other households", False),
    "poor_without_students": ("poor other than students", "not poor or students", False),
    "over65": ("65 or older", "under 65", False),
    "children": ("anyone under 18", "nobody under 18", False),
    "disability": ("disability", "no disability", False),
    "medical_device": ("medical device", "no medical device", False),
    "medical_registered": ("on the medical register", "not on the medical register", True),
    "limited_english": ("limited English", "fluent English", False),
    "renter": ("renter", "owner", False),
    "no_vehicle": ("no vehicle", "vehicle", False),
    "broadband": ("broadband", "no broadband", True),
    "smartphone": ("smartphone", "no smartphone", True),
    "phone": ("phone", "no phone", True),
    "landline": ("line-powered telephone", "no line-powered telephone", True),
    "voip": ("telephone at home that needs power", "no telephone at home that needs power", True),
    "substitute": ("substitute for power", "no substitute for power", True),
    "political_capital": ("political capital", "no political capital", True),
}
# attribute: (column, word in the group's name, is the highest fifth the reference?)
FIFTHS = {
    "income": ("income_usd", "", True),
    "svi": ("svi", "SVI ", False),
    "knowledge": ("knowledge", "knowledge ", True),
    "trust": ("trust", "trust ", True),
}
# attribute: columns it is made of, those that must hold and those that must not
MADE_OF = {"poor_without_students": (("poor",), ("student",))}
FIFTH_NAMES = ("lowest {}fifth", "second {}fifth", "middle {}fifth", "fourth {}fifth", "highest {}fifth")
ATTRIBUTES = ("all", *YES_NO, *FIFTHS, "ethnicity", "neighbourhood")


class GroupingError(ValueError):
    """A grouping that cannot be made. The message names what was asked for and what is allowed."""


class Groups(NamedTuple):
    """Households in groups."""

    code: np.ndarray  # int64 [household]  index into names
    names: tuple[str, ...]  # [group], the reference last unless attributes are crossed
    reference: str  # the group that others are compared with


def groups(households: "Table", by: str | Sequence[str]) -> Groups:
    """Put every household in a named group.

    Parameters
    ----------
    households : table, one row per household
    by : attribute, several separated by commas, or a sequence of attributes (crossed); see ``ATTRIBUTES``

    Notes
    -----
    ``income``, ``svi``, ``knowledge`` and ``trust`` are cut into fifths **of all households**, not of those
    who lost power, so that membership does not depend on the storm; equal values stand in the same fifth.
    Both groups of a yes/no attribute exist even when one is empty; of ethnicities and neighbourhoods only
    those present do. The reference neighbourhood is the one with the lowest social vulnerability index.
    """
    parts = [one_attribute(households, attribute) for attribute in attributes(by)]
    crossed = parts[0]
    for part in parts[1:]:
        crossed = Groups(
            crossed.code * len(part.names) + part.code,
            tuple(f"{a}, {b}" for a in crossed.names for b in part.names),
            f"{crossed.reference}, {part.reference}",
        )
    return crossed


def attributes(by: str | Sequence[str]) -> list[str]:
    """The attributes named in a grouping, checked, each once."""
    asked = by.split(",") if isinstance(by, str) else by
    wanted = list(dict.fromkeys(str(a).strip() for a in asked))
    if not wanted:
        raise GroupingError(f"by: nothing to group by in {by!r} (allowed: {', '.join(ATTRIBUTES)})")
    for attribute in wanted:
        known("by", "attribute", attribute, ATTRIBUTES)
    return wanted


def known(where: str, what: str, given: str, allowed: Iterable[str]) -> str:
    """``given``, or an error that names the nearest legal spelling and all legal ones."""
    names = [str(a) for a in allowed]
    if given in names:
        return given
    close = get_close_matches(str(given), names, n=1, cutoff=0.5)
    hint = f"; did you mean '{close[0]}'?" if close else ""
    raise GroupingError(f"{where}: unknown {what} '{given}'{hint} (allowed: {', '.join(names)})")


def one_attribute(households: "Table", attribute: str) -> Groups:
    """Groups by a single, checked attribute."""
    if attribute == "all":
        return Groups(np.zeros(n_rows(households), dtype=np.int64), ("all households",), "all households")
    for column in columns_of(attribute):
        known("households", "column", column, households)
    if attribute in YES_NO:
        return _yes_no(_holds(households, attribute), *YES_NO[attribute])
    column = columns_of(attribute)[0]
    if attribute in FIFTHS:
        return _fifths(np.asarray(households[column], dtype=float), *FIFTHS[attribute][1:])
    reference = "white" if attribute == "ethnicity" else _least_vulnerable(households)
    return _named(households[column], reference)


def columns_of(attribute: str) -> tuple[str, ...]:
    """Columns of the table of households that a checked attribute is read from."""
    if attribute in MADE_OF:
        return tuple(name for names in MADE_OF[attribute] for name in names)
    return (FIFTHS[attribute][0] if attribute in FIFTHS else attribute,)


def _holds(households: "Table", attribute: str) -> np.ndarray:
    """Who has a yes/no attribute: all that it is made of, and none of what it leaves out."""
    wanted, unwanted = MADE_OF.get(attribute, ((attribute,), ()))
    has = [np.asarray(households[name], dtype=bool) for name in wanted]
    lacks = [~np.asarray(households[name], dtype=bool) for name in unwanted]
    return np.logical_and.reduce([*has, *lacks])


def _yes_no(flag: np.ndarray, true: str, false: str, reference: bool) -> Groups:
    names = (false, true) if reference else (true, false)
    return Groups((flag == reference).astype(np.int64), names, names[1])


def _fifths(value: np.ndarray, word: str, highest_is_reference: bool) -> Groups:
    names = tuple(name.format(word) for name in FIFTH_NAMES)
    if value.size == 0:
        code = np.zeros(0, dtype=np.int64)
    else:
        code = np.searchsorted(np.quantile(value, (0.2, 0.4, 0.6, 0.8)), value, side="left")
    if not highest_is_reference:
        code, names = 4 - code, names[::-1]
    return Groups(code, names, names[-1])


def _named(column: Any, reference: str) -> Groups:
    """Groups by a column of names: those present in alphabetical order, the reference last."""
    values = np.asarray(column, dtype=object).tolist()
    found = sorted(set(values), key=lambda name: (str(name) == reference, isinstance(name, str), name))
    place = {name: i for i, name in enumerate(found)}
    code = np.fromiter((place[name] for name in values), dtype=np.int64, count=len(values))
    return Groups(code, tuple(str(name) for name in found), reference)


def _least_vulnerable(households: "Table") -> str:
    if n_rows(households) == 0:
        return ""
    return str(np.asarray(households["neighbourhood"], dtype=object)[np.argmin(np.asarray(households["svi"]))])


def n_rows(households: "Table") -> int:
    """How many households a table has."""
    first = next(iter(households), None)
    return 0 if first is None else len(households[first])
