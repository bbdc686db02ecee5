"""What a large study keeps of one run: a flat dictionary of named numbers, small enough to keep a hundred thousand of.

Names are those of `experiments.outcome_names`, ``part:group:measure``::

    all:all:mean_h                          the whole city
    minority:minority:mean_h                one group of one grouping, as in `analysis.measures.grouping`
    minority:minority:gap_h                 mean hours out of the group minus those of the reference group
    all:all:customer_hours                  hours out, summed over the affected
    cost:total:usd                          what the run has cost; the items are those of `sim.engine.costs`

The measures are those that `analysis.measures.table` declares as kept, but without a data frame: this module runs in
the workers of large studies and imports neither pandas nor ``scipy.stats``. Households are read once for all groupings,
and the sums of a grouping are added up in one pass. Who belongs to which group depends on the world alone and is
remembered as long as its households are. Where a group has nobody affected, its numbers are NaN.
"""

from collections.abc import Sequence
from functools import lru_cache
from weakref import WeakKeyDictionary

import numpy as np

from analysis.measures.grouping import Groups, attributes, columns_of, groups
from analysis.measures.table import CITY, GROUP, MEASURES, Mean
from analysis.measures.waits import InGroups, Waits
from experiments.outcome_names import ALL, GAP, OutcomeName
from sim.core.columns import ATTRIBUTES, ETHNICITIES, Households, Place
from sim.core.cost_items import measure as cost_of
from sim.engine.costs import costs, dark_of
from sim.engine.measured import CUT, measured_columns, sums
from sim.engine.outcomes import Outcomes

OF_GROUPS = tuple(m for m in MEASURES if m.kept and m.per == GROUP and m.name != GAP)
MEANS = {m.name: m.of.row for m in OF_GROUPS if isinstance(m.of, Mean)}
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
    horizon_h, n_faults = outcomes.horizon_h, float(outcomes.damage.n_faults.sum())
    columns = measured_columns(outcomes.state, horizon_h) | {"household_id": outcomes.place.households.label}
    waits = Waits(columns, horizon_h, n_faults=n_faults)
    found, rows = dict[str, float](), np.array([waits.row(row) for row in MEANS.values()], dtype=float)
    for name in dict.fromkeys((ALL, *by)):
        found |= _named(name, InGroups(waits, members(outcomes.place, name)), rows)
    found |= {str(OutcomeName(ALL, ALL, measure.name)): float(measure.of(waits)) for measure in OF_CITY}
    dark = dark_of(columns["out_h"], columns["restored_h"], columns[CUT], horizon_h)
    return found | {cost_of(item): usd for item, usd in costs(outcomes, dark).items()}


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


def _named(by: str, found: InGroups, rows: np.ndarray) -> dict[str, float]:
    """Measures under their full names, and the gap of each group but the reference; ``rows`` are those of MEANS."""
    names = (ALL,) if by == ALL else found.grouping.names
    sums_of = rows.sum(axis=1, keepdims=True) if found.n_groups == 1 else sums(found.code, rows, found.n_groups)
    means = dict(zip(MEANS, found.over(sums_of, found.affected), strict=True))
    values = np.array([means[m.name] if m.name in means else m.of(found) for m in OF_GROUPS], dtype=float)
    flat = dict(zip(_full_names(by, names), values.T.ravel().tolist(), strict=True))
    if by != ALL:
        gaps = found.minus_reference(means["mean_h"])
        pairs = [(name, gap) for name, gap in zip(names, gaps, strict=True) if name != found.grouping.reference]
        flat |= {str(OutcomeName(by, name, GAP)): float(gap) for name, gap in pairs}
    return flat


@lru_cache
def _full_names(by: str, names: tuple[str, ...]) -> list[str]:
    """Of every measure of every group, group by group."""
    return [str(OutcomeName(by, name, measure.name)) for name in names for measure in OF_GROUPS]
