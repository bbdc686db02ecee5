"""Outcomes as people ask for them, by short names or full ones: checked, and to `experiments.outcome_names`.

==============================  ==================================================================
gap                             minority:minority:gap_h
gap:income                      gap of the first-listed group of a grouping (of income: lowest fifth)
mean, median, p90, ...          all:all:mean_h and so on, for all households
mean:income:lowest fifth        the same for one group
cost, outlay, residents_cost    cost:total:usd (city and utility), cost:outlay:usd, cost:residents:usd
==============================  ==================================================================
"""

from collections.abc import Iterable

from analysis.measures.grouping import ATTRIBUTES
from analysis.measures.table import GROUP, MEASURES
from experiments.outcome_names import ALL, AS_FOUND_REFERENCE, COST, GAP, OutcomeName, group_names, reference_of
from sim.core.cost_items import RESIDENTS
from sim.core.cost_items import WORDS as COSTS
from sim.core.errors import ScenarioError, nearest, unknown

KEPT = tuple(measure for measure in MEASURES if measure.kept)
OF_GROUPS = {  # may be followed by a grouping
    "gap": OutcomeName("minority", "minority", GAP),
    **{measure.short: OutcomeName(ALL, ALL, measure.name) for measure in KEPT if measure.short},
}
OF_COSTS = {"cost": "total", "outlay": "outlay", "residents_cost": RESIDENTS}
SHORT = OF_GROUPS | {short: OutcomeName(COST, item, "usd") for short, item in OF_COSTS.items()}


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
        return str(SHORT[name])
    parts = [part.strip() for part in name.split(":")]
    if parts[0] in OF_GROUPS:
        return str(_of_group(name, parts))
    if len(parts) >= 3:
        return str(_checked(name, *(part.strip() for part in OutcomeName.parse(name))))
    spelt = [*SHORT, *(f"gap:{by}" for by in ATTRIBUTES if by not in (ALL, *AS_FOUND_REFERENCE))]
    raise unknown("outcomes", "outcome", name, spelt)


def _of_group(name: str, parts: list[str]) -> OutcomeName:
    """Short names with a grouping: ``gap:income``, ``gap:income:second fifth``, ``mean:income:lowest fifth``."""
    measure = OF_GROUPS[parts[0]].measure
    by = _grouping(name, parts[1])
    if len(parts) > 2:
        return _checked(name, by, ":".join(parts[2:]), measure)
    known = group_names(by)
    if parts[0] == "gap" and known:
        return _checked(name, by, known[0], measure)
    example = f"{parts[0]}:{by}:{known[0] if known else 'GROUP'}"
    raise ScenarioError(f"outcomes: '{name}' must name a group as well, such as '{example}'")


def _checked(name: str, part: str, group: str, measure: str) -> OutcomeName:
    if part == COST:
        _one_of(name, "item", group, COSTS)
        _one_of(name, "measure", measure, ["usd"])
        return OutcomeName(part, group, measure)
    if part == ALL:
        _one_of(name, "group", group, [ALL])
        _one_of(name, "measure", measure, [m.name for m in KEPT if m.name != GAP])
        return OutcomeName(part, group, measure)
    by = _grouping(name, part)
    known = group_names(by)
    if known:
        _one_of(name, f"group of {by}", group, known)
    _one_of(name, "measure", measure, [m.name for m in KEPT if m.per == GROUP])
    if measure == GAP and group == reference_of(by):
        raise ScenarioError(f"outcomes: '{name}': {group} is the group that others are compared with; it has no gap")
    return OutcomeName(by, group, measure)


def _grouping(name: str, by: str) -> str:
    wanted = [a.strip() for a in by.split(",")]
    for attribute in wanted:
        _one_of(name, "grouping", attribute, [a for a in ATTRIBUTES if a != ALL])
    return ",".join(dict.fromkeys(wanted))


def _one_of(name: str, what: str, given: str, allowed: Iterable[str]) -> None:
    names = list(allowed)
    if given not in names:
        hint = nearest(given, names)
        raise ScenarioError(f"outcomes: '{name}': unknown {what} '{given}'{hint} (allowed: {', '.join(names)})")
