"""Groups, gaps and the parts of a wait, as a citizen would name them."""

import re
from collections.abc import Mapping
from typing import Any

from analysis.measures.grouping import FIFTHS, attributes
from analysis.measures.table import MEASURES
from experiments.outcome_names import OutcomeName, group_names, is_gap, reference_of, words

FIFTH = re.compile(r"\b(lowest|second|middle|fourth|highest) fifth")
ABOUT = {"income": "income", "svi": "social vulnerability", "knowledge": "knowledge of reporting", "trust": "trust"}
WITH = ("medical_device", "disability", "children", "broadband", "smartphone", "phone", "landline", "voip",
        "substitute", "political_capital", "limited_english", "no_vehicle")  # fmt: skip
PLAIN = {
    "oms": "the utility's outage system",
    "sms": "SMS",
    "sms_cold": "SMS to all",
    "sms_opted_in": "SMS to subscribers",
}
PARTS = {measure.name: measure.part for measure in MEASURES if measure.part}


def who(by: str, group: str) -> str:
    """A group as the subject of a sentence: ``households in the lowest fifth of income``."""
    names = attributes(by)
    pieces = group.split(", ")
    if len(names) > 1 and len(pieces) == len(names):
        return "households (" + "; ".join(_short(a, piece) for a, piece in zip(names, pieces, strict=True)) + ")"
    return _one(names[0], group)


def _one(by: str, group: str) -> str:
    if by == "all":
        return "all households"
    if by == "minority":
        return f"{group} households"
    if by in FIFTHS:
        return f"households in the {_short(by, group)}"
    if by in WITH:
        return f"households with {group}"
    if by == "neighbourhood":
        return f"households in {group}" if group != "the least vulnerable" else "households in the least vulnerable one"
    return f"{group} households" if by in ("ethnicity", "poor", "renter") else f"households ({group})"


def _short(by: str, group: str) -> str:
    """A group without the word households."""
    if by not in FIFTHS:
        return group
    rank = group.split()[0]
    return f"{rank} fifth of {ABOUT[by]}"


def gap_pair(name: str) -> tuple[str, str]:
    """The group of a gap and the one that it is compared with, from a full name."""
    by, group, _ = OutcomeName.parse(name)
    return who(by, group), who(by, reference_of(by))


def subject(name: str) -> str:
    """An outcome by its full name, within a sentence: ``the gap between minority households and other households``."""
    if is_gap(name):
        us, them = gap_pair(name)
        return f"the gap between {us} and {them}"
    return f"the {words(name)}"


def short_gap(name: str) -> str:
    """A gap by its full name as the head of a row: ``lowest income fifth minus highest income fifth``."""
    by, group, _ = OutcomeName.parse(name)
    return f"{short_group(by, group)} minus {short_group(by, reference_of(by))}"


def short_group(by: str, group: str) -> str:
    """A group by a name that says of what a fifth is one."""
    return FIFTH.sub(r"\1 income fifth", group) if "income" in by.split(",") else group


def grouping(by: str) -> str:
    """What households are told apart by."""
    return " and ".join("minority or not" if a == "minority" else a.replace("_", " ") for a in attributes(by))


def first_group(by: str, groups: list[str]) -> str:
    """The group whose gap stands for a grouping: the first of the declared ones that is there."""
    return next((name for name in group_names(by) if name in groups), groups[0])


def quoted(name: str) -> str:
    """The name of an arm, a scenario or a study within a sentence."""
    return f"“{name}”"


def described(row: Mapping[str, Any]) -> str:
    """What a parameter means, after the section that it stands in: ``channels, web: households that ...``."""
    steps = str(row["path"]).split(".")[:-1]
    section = ", ".join(PLAIN.get(step, step.replace("_", " ")) for step in steps)
    return f"{capital(section)}: {row['meaning']}" if section else str(row["meaning"])


def capital(text: str) -> str:
    """With a capital first letter."""
    return text[:1].upper() + text[1:]
