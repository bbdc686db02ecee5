"""What a large study keeps of one run: a flat dictionary of named numbers, small enough to keep a hundred thousand of.

Names are those of `experiments.outcome_names`, ``part:group:measure``::

    all:all:mean_h                          the whole city
    minority:minority:mean_h                one group of one grouping, as in `analysis.measures.grouping`
    minority:minority:gap_h                 mean hours out of the group minus those of the reference group
    all:all:customer_hours                  hours out, summed over the affected
    cost:total:usd                          what the run has cost; the items are those of `sim.engine.costs`

The measures are those that `analysis.measures.table` declares as kept, but without a data frame: this module runs in
the workers of large studies and imports neither pandas nor ``scipy.stats``. The hours are sorted once for all
groupings. Who belongs to which group depends on the world alone and is remembered as long as its households are. Where
a group has nobody affected, its numbers are NaN.
"""

from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from analysis.measures.grouping import Groups, attributes, columns_of, groups
from analysis.measures.table import BY_NAME, CITY, GROUP, MEASURES
from analysis.measures.waits import InGroups, Waits
from experiments.outcome_names import ALL, GAP, OutcomeName
from sim.core.columns import ATTRIBUTES, ETHNICITIES, Households, Place
from sim.core.cost_items import measure as cost_of
from sim.engine.costs import costs
from sim.engine.outcomes import Outcomes
from sim.rules.split_hours import split_hours

OF_GROUPS = tuple(m for m in MEASURES if m.kept and m.per == GROUP and m.name != GAP)
OF_CITY = tuple(m for m in MEASURES if m.kept and m.per == CITY)

_members: WeakKeyDictionary[Households, dict[str, Groups]] = WeakKeyDictionary()  # by world, then by grouping


def measures(outcomes: Outcomes, by: Sequence[str]) -> dict[str, float]:
    """Condense one run to named numbers.

    Parameters
    ----------
    outcomes : what `sim.run` returned
    by : groupings as in `analysis.measures.grouping.groups`, e.g. ``("minority", "income")``; the whole city always
        comes first

    Returns
    -------
    dict of ``part:group:measure`` to float; hours are cut at the run's horizon

    Raises
    ------
    GroupingError    a grouping that cannot be made
    """
    waits = Waits(_columns(outcomes), outcomes.horizon_h, n_faults=float(outcomes.damage.n_faults.sum()))
    found: dict[str, float] = {}
    for name in dict.fromkeys((ALL, *by)):
        found |= _named(name, InGroups(waits, members(outcomes.place, name)))
    found |= {str(OutcomeName(ALL, ALL, measure.name)): float(measure.of(waits)) for measure in OF_CITY}
    return found | {cost_of(item): usd for item, usd in costs(outcomes).items()}


def members(place: Place, by: str) -> Groups:
    """Who belongs to which group: `analysis.measures.grouping.groups`, found once for each world."""
    known = _members.setdefault(place.households, {})
    if by not in known:
        columns = {name: column for attribute in attributes(by) for name, column in _needed(place, attribute).items()}
        known[by] = groups({"x_km": place.households.x_km, **columns}, by)
    return known[by]


def _needed(place: Place, attribute: str) -> dict[str, np.ndarray]:
    """The columns that a grouping by this attribute looks at."""
    people, near = place.households, place.neighbourhoods
    if attribute in ("svi", "neighbourhood"):
        names = np.array([str(name) for name in near.name], dtype=object)
        return {"svi": near.svi[people.neighbourhood], "neighbourhood": names[people.neighbourhood]}
    if attribute == "ethnicity":
        return {"ethnicity": np.array(ETHNICITIES, dtype=object)[people.ethnicity]}
    return {column: getattr(people, column) for column in columns_of(attribute) if column in ATTRIBUTES}


def _columns(outcomes: Outcomes) -> dict[str, Any]:
    """The columns of the table of households that measures need; see `sim.engine.outcomes.household_columns`."""
    households = outcomes.state.households
    out_h, restored_h = np.array(households.out_h), np.array(households.restored_h)
    dark = np.isfinite(out_h)
    return {
        "household_id": outcomes.place.households.label,
        "out_h": out_h,
        "hours_out": np.where(dark, restored_h - np.where(dark, out_h, 0.0), 0.0),
        "known_h": np.array(households.known_h),
        "report_logged": np.array(households.logged),
        "reached": np.array(households.reached > 0),
        **split_hours(outcomes.state, outcomes.horizon_h),
        "false_closures": np.array(households.n_closed),
    }


def _named(by: str, found: InGroups) -> dict[str, float]:
    """Measures under their full names, and the gap of each group but the reference."""
    names = (ALL,) if by == ALL else found.grouping.names
    values = {measure.name: measure.of(found) for measure in OF_GROUPS}
    flat = {str(OutcomeName(by, name, m)): float(v[i]) for i, name in enumerate(names) for m, v in values.items()}
    if by != ALL:
        gaps = BY_NAME[GAP].of(found)
        pairs = [(name, gap) for name, gap in zip(names, gaps, strict=True) if name != found.grouping.reference]
        flat |= {str(OutcomeName(by, name, GAP)): float(gap) for name, gap in pairs}
    return flat
