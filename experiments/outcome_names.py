"""Names of outcomes: short ones that people write, full ones that a run's measures carry, and words for axes.

A full name has three parts, ``part:group:measure``: ``all:all:mean_h``, ``income:lowest fifth:mean_h``,
``minority:minority:gap_h`` (mean hours out of the group minus those of its reference), ``cost:total:usd``. Short names:

==============================  ==================================================================
gap                             minority:minority:gap_h
gap:income                      gap of the first-listed group of a grouping (of income: lowest fifth)
mean, median, p90, ...          all:all:mean_h and so on, for all households
mean:income:lowest fifth        the same for one group
cost, outlay, residents_cost    cost:total:usd (city and utility), cost:outlay:usd, cost:residents:usd
==============================  ==================================================================
"""

from collections.abc import Iterable

import pandas as pd

from analysis.measures.grouping import (
    ATTRIBUTES,
    attributes,
    columns_of,
    groups,
)
from sim.core.cost_items import WORDS as COSTS
from sim.core.errors import ScenarioError, nearest, unknown

# measure: (words, unit); shares are shown in per cent
MEASURES = {
    "mean_h": ("mean hours out", "h"),
    "median_h": ("median hours out", "h"),
    "p90_h": ("90th percentile of hours out", "h"),
    "beyond_72": ("share out for more than 72 h", "%"),
    "report_rate": ("share of the affected who report", "%"),
    "detection_delay_h": ("hours until the utility knows", "h"),
    "undetected_h": ("mean hours undetected", "h"),
    "waiting_h": ("mean hours waiting for a crew", "h"),
    "search_h": ("mean hours of travel and search", "h"),
    "owner_h": ("mean hours waiting for the owner's electrician", "h"),
    "repair_h": ("mean hours of repair", "h"),
    "behind_two_faults_h": ("mean hours behind two or more faults", "h"),
    "falsely_closed_h": ("mean hours taken to be back while dark", "h"),
    "false_closure_rate": ("share closed in error while dark", "%"),
    "censored_share": ("share still out at the horizon", "%"),
    "households": ("households", "households"),
    "affected": ("households that lost power", "households"),
    "reached": ("households reached by outreach", "households"),
    "customer_hours": ("customer-hours without power", "customer-hours"),
    "faults_per_1000": ("faults for 1,000 that lost power", "faults"),
    "gap_h": ("gap in mean hours out", "h"),
}
WHOLE_CITY = ("customer_hours", "faults_per_1000")  # not of groups
SHORT = {
    "gap": "minority:minority:gap_h",
    "mean": "all:all:mean_h",
    "median": "all:all:median_h",
    "p90": "all:all:p90_h",
    "beyond_72": "all:all:beyond_72",
    "report_rate": "all:all:report_rate",
    "detection_delay": "all:all:detection_delay_h",
    "cost": "cost:total:usd",
    "outlay": "cost:outlay:usd",
    "residents_cost": "cost:residents:usd",
}
OF_GROUPS = tuple(name for name, full in SHORT.items() if not full.startswith("cost:"))  # may be followed by a grouping
EVERYWHERE = ("all", "cost")  # parts of a name that are not groupings
# attributes whose groups are those present in a run, with the group that others are compared with
AS_FOUND_REFERENCE = {"ethnicity": "white", "neighbourhood": "the least vulnerable"}
AS_FOUND = tuple(AS_FOUND_REFERENCE)


def resolve(text: str) -> str:
    """The full name of an outcome, from a short or a full one.

    Raises
    ------
    ScenarioError    no such outcome, grouping, group or measure; names the nearest
    """
    if not isinstance(text, str) or not text.strip():
        raise ScenarioError(f"outcomes: must be names such as 'gap' or 'mean:income:lowest fifth', not {text!r}")
    name = text.strip()
    if name in SHORT:
        return SHORT[name]
    parts = [part.strip() for part in name.split(":")]
    if len(parts) >= 3 and parts[0] not in OF_GROUPS:  # a group's own name may hold a colon
        return _checked(name, parts[0], ":".join(parts[1:-1]), parts[-1])
    if parts[0] in OF_GROUPS:
        return _of_group(name, parts)
    spelt = [*SHORT, *(f"gap:{by}" for by in ATTRIBUTES if by not in ("all", *AS_FOUND))]
    raise unknown("outcomes", "outcome", name, spelt)


def split(name: str) -> tuple[str, str, str]:
    """Part, group and measure of a full name."""
    part, rest = name.split(":", 1)
    return (part, *rest.rsplit(":", 1))  # type: ignore[return-value]


def grouping_of(name: str) -> str | None:
    """The grouping that a full name needs; None for the whole city and for costs."""
    part = name.split(":")[0]
    return None if part in EVERYWHERE else part


def group_names(by: str) -> tuple[str, ...]:
    """Names of the groups of a grouping that do not depend on a run; empty where they do."""
    if set(attributes(by)) & set(AS_FOUND):
        return ()
    return groups(_nobody(by), by).names


def reference_of(by: str) -> str:
    """The group of a grouping that the others are compared with."""
    if set(attributes(by)) & set(AS_FOUND):
        return ", ".join(AS_FOUND_REFERENCE.get(a) or reference_of(a) for a in attributes(by))
    return groups(_nobody(by), by).reference


def _nobody(by: str) -> pd.DataFrame:
    return pd.DataFrame(columns=list(dict.fromkeys(c for a in attributes(by) if a != "all" for c in columns_of(a))))


def label(name: str) -> str:
    """An outcome in words with its unit, for axes: ``gap in mean hours out, minority minus other (h)``."""
    return f"{words(name)} ({unit(name)})"


def words(name: str) -> str:
    """An outcome in words without its unit, as it stands in a sentence."""
    part, group, measure = split(name)
    if part == "cost":
        return COSTS.get(group, f"cost of {group}")
    text = MEASURES[measure][0] if measure in MEASURES else measure.replace("_", " ")
    if part == "all":
        return text
    of = " of income" if part == "income" else ""  # the other fifths carry their attribute in their names
    if is_gap(name):
        return f"{text}, {group}{of} minus {reference_of(part)}"
    return f"{text}, {group}{of}"


def unit(name: str) -> str:
    """Unit in which an outcome is shown."""
    part, _, measure = split(name)
    return "US$" if part == "cost" else MEASURES.get(measure, ("", "1"))[1]


def shown(name: str) -> float:
    """Factor from an outcome's value to the one shown: 100 for shares, in per cent."""
    return 100.0 if unit(name) == "%" else 1.0


def is_gap(name: str) -> bool:
    """Whether an outcome is a difference between groups, for which 0 means equality."""
    return name.endswith(":gap_h")


def file_stem(name: str) -> str:
    """An outcome as part of a file's name: ``gap-minority``, ``mean_h-all``."""
    part, group, measure = split(name)
    if is_gap(name):
        first = group_names(part)[:1] == (group,)
        text = f"gap-{part}" if first else f"gap-{part}-{group}"
    else:
        text = f"cost-{group}" if part == "cost" else f"{measure}-{part}-{group}" if part != "all" else measure
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in text)


def _of_group(name: str, parts: list[str]) -> str:
    """Short names with a grouping: ``gap:income``, ``gap:income:second fifth``, ``mean:income:lowest fifth``."""
    measure = SHORT[parts[0]].split(":")[2]
    by = _grouping(name, parts[1])
    if len(parts) > 2:
        return _checked(name, by, ":".join(parts[2:]), measure)
    known = group_names(by)
    if parts[0] == "gap" and known:
        return _checked(name, by, known[0], measure)
    example = f"{parts[0]}:{by}:{known[0] if known else 'GROUP'}"
    raise ScenarioError(f"outcomes: '{name}' must name a group as well, such as '{example}'")


def _checked(name: str, part: str, group: str, measure: str) -> str:
    if part == "cost":
        _one_of(name, "item", group, COSTS)
        _one_of(name, "measure", measure, ["usd"])
        return f"cost:{group}:{measure}"
    if part == "all":
        _one_of(name, "group", group, ["all"])
        _one_of(name, "measure", measure, [m for m in MEASURES if m != "gap_h"])
        return f"all:{group}:{measure}"
    by = _grouping(name, part)
    known = group_names(by)
    if known:
        _one_of(name, f"group of {by}", group, known)
    _one_of(name, "measure", measure, [m for m in MEASURES if m not in WHOLE_CITY])
    if measure == "gap_h" and group == reference_of(by):
        raise ScenarioError(f"outcomes: '{name}': {group} is the group that others are compared with; it has no gap")
    return f"{by}:{group}:{measure}"


def _grouping(name: str, by: str) -> str:
    wanted = [a.strip() for a in by.split(",")]
    for attribute in wanted:
        _one_of(name, "grouping", attribute, [a for a in ATTRIBUTES if a != "all"])
    return ",".join(dict.fromkeys(wanted))


def _one_of(name: str, what: str, given: str, allowed: Iterable[str]) -> None:
    names = list(allowed)
    if given not in names:
        hint = nearest(given, names)
        raise ScenarioError(f"outcomes: '{name}': unknown {what} '{given}'{hint} (allowed: {', '.join(names)})")
