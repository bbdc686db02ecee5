"""What a large study keeps of one run: a flat dictionary of named numbers, small enough to keep a hundred thousand of.

Names have three parts, ``part:group:measure``. A group's own name may hold a colon; the first and the last colon part
the three::

    all:all:mean_h                          the whole city
    minority:minority:mean_h                one group of one grouping, as in `analysis.measures.grouping`
    minority:minority:gap_h                 mean hours out of the group minus those of the reference group
    all:all:customer_hours                  hours out, summed over the affected
    cost:total:usd                          what the run has cost; the items are those of `sim.engine.costs`

The measures of groups are those of `analysis.measures.reliability.by_group`, from the same functions, but without a
data frame: this module runs in the workers of large studies and imports neither pandas nor ``scipy.stats``. The hours
are sorted once for all groupings. Who belongs to which group depends on the world alone and is remembered as long as
its households are. Where a group has nobody affected, its numbers are NaN.
"""

from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from analysis.measures.grouping import (
    Groups,
    attributes,
    columns_of,
    groups,
)
from analysis.measures.reliability import (
    BESIDE,
    PARTS,
    Waits,
    distribution,
    means,
    waits,
)
from sim.core.columns import ETHNICITIES, Households, Place
from sim.engine.costs import costs
from sim.engine.outcome_columns import ATTRIBUTES
from sim.engine.outcomes import Outcomes
from sim.rules.split_hours import split_hours

ALL = "all"
BEYOND_H = (72,)
MEASURES = (
    "households",
    "affected",
    "mean_h",
    "median_h",
    "p90_h",
    *(f"beyond_{h}" for h in BEYOND_H),
    "report_rate",
    "detection_delay_h",
    *PARTS,
    *BESIDE,
    "censored_share",
)
GAP = "gap_h"

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
    place = outcomes.place
    seen = waits(_columns(outcomes), outcomes.horizon_h)
    order, counted = np.argsort(seen.hours), _counted(outcomes)
    found: dict[str, float] = {}
    for name in dict.fromkeys((ALL, *by)):
        grouping = members(place, name)
        found |= _named(name, grouping, _of_groups(seen, order, counted, grouping))
    found["all:all:customer_hours"] = float(seen.hours.sum())
    found["all:all:faults_per_1000"] = 1e3 * float(outcomes.damage.n_faults.sum()) / max(1, len(seen.hours))
    return found | {f"cost:{item}:usd": usd for item, usd in costs(outcomes).items()}


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
    folk = outcomes.memory.folk
    out_h, restored_h = np.array(folk.out_h), np.array(folk.restored_h)
    dark = np.isfinite(out_h)
    return {
        "household_id": outcomes.place.households.label,
        "out_h": out_h,
        "hours_out": np.where(dark, restored_h - np.where(dark, out_h, 0.0), 0.0),
        "known_h": np.array(folk.known_h),
        "report_logged": np.array(folk.logged),
        **split_hours(outcomes.memory, outcomes.horizon_h),
        "false_closures": np.array(folk.n_closed),
    }


def _counted(outcomes: Outcomes) -> dict[str, np.ndarray]:
    """Flags [household] that are counted in every group, whether or not the household lost power."""
    folk = outcomes.memory.folk
    return {"households": np.ones(len(folk), dtype=bool), "reached": np.array(folk.reached > 0)}


def _of_groups(
    seen: Waits, order: np.ndarray, counted: dict[str, np.ndarray], grouping: Groups
) -> dict[str, np.ndarray]:
    """Every measure as float [group]."""
    n_groups, code = len(grouping.names), grouping.code[seen.affected]
    affected = np.bincount(code, minlength=n_groups)
    found = {
        **{name: np.bincount(grouping.code[flag], minlength=n_groups) for name, flag in counted.items()},
        "affected": affected,
        **means(seen.rows, code, affected),
        **distribution(seen, order, code, affected, BEYOND_H),
    }
    return {measure: found[measure] for measure in dict.fromkeys((*MEASURES, *counted))}


def _named(by: str, grouping: Groups, found: dict[str, np.ndarray]) -> dict[str, float]:
    """Measures under their three-part names, and the gap of each group but the reference."""
    names = (ALL,) if by == ALL else grouping.names
    flat = {f"{by}:{name}:{m}": float(values[i]) for i, name in enumerate(names) for m, values in found.items()}
    if by != ALL:
        base_h = flat.get(f"{by}:{grouping.reference}:mean_h", np.nan)  # NaN: nobody in the reference group
        others = [name for name in names if name != grouping.reference]
        flat |= {f"{by}:{name}:{GAP}": flat[f"{by}:{name}:mean_h"] - base_h for name in others}
    return flat
