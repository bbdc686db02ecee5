"""What is to be met in each neighbourhood: the city's shares, or those of a tract table, told of households.

Census tables count persons. A share ``s`` of them that are, say, 65 or older, ``n`` persons to a household, and ``k``
of the kind in a household that has any, make the share of households with such a member::

    share of households = min(1, s * n * housed / k)

``housed`` being the part of them that live in households (not in a nursing home) and ``n`` the tract's own, population
over households, where the table has it (of a disability rate, which leaves institutions out, without group quarters).
So 12.4 % of persons are 22 % of households. A table may be of households
already (``people.census.shares_of``).

Students are poor by income, not by means. Where all of them are poor, poverty ``p`` with them and ``q`` without make
the share of students' households::

    s = (p - q) / (1 - q)

They are the poor without a member of 65 or older, by lot (:func:`sim.world.dependence.students`): who is poor by income
does not depend on it.
"""

from typing import NamedTuple

import numpy as np

from sim.core.errors import ScenarioError
from sim.core.limits import HOUSEHOLDS, INCOME_USD
from sim.inputs.scenario import Scenario
from sim.inputs.table_files import Table
from sim.inputs.tables import PER_CENT, number, optional
from sim.world import dependence

TRACT_SHARES = {
    "poor": "poverty_rate",
    "over65": "share_65_plus",
    "children": "share_under_18",
    "disability": "disability_rate",
    "limited_english": "limited_english_share",
    "renter": "renter_share",
    "no_vehicle": "no_vehicle_share",
}
"""Attribute of households to the column of a tract table that gives its share."""
COUNTED_BY_PERSON = ("over65", "children", "disability", "limited_english")
"""Attributes of which a census table gives the share of persons."""
STUDENTS = "student_household_share"
POVERTY_WITHOUT_STUDENTS = "poverty_rate_without_students"
POPULATION, GROUP_QUARTERS = "population", "group_quarters_pop"
TRACT_EXTRAS = (
    STUDENTS, POVERTY_WITHOUT_STUDENTS, "no_internet_subscription_share", "per_capita_income_usd", "svi_overall_us",
)  # fmt: skip

INCOME_RATIO = "income_ratio"  # income relative to the mean household's
PERSONS = "persons"  # how many live in a tract
OF_PERSONS = " of persons"  # ends the name of a share as the table gives it
WITHOUT_STUDENTS = "poor without students"  # poverty among the other households

Targets = dict[str, np.ndarray | float]


class Rows(NamedTuple):
    """The rows of a tract table that are used."""

    table: Table
    where: str  # what messages call it
    used: np.ndarray  # bool [row of the table]
    rows: np.ndarray  # int [neighbourhood]   row of the table
    households: np.ndarray  # float [neighbourhood]

    def share(self, name: str, otherwise: np.ndarray | float) -> np.ndarray:
        """A share, the one given where the cell is empty; float64 [neighbourhood]."""
        values = number(self.table, name, self.where, 0.0, 1.0, empty=True, used=self.used, hint=PER_CENT)[self.rows]
        return np.where(np.isnan(values), otherwise, values)


def read_columns(scenario: Scenario) -> tuple[str, ...]:
    """Optional columns that are read where a tract table has them."""
    persons = (POPULATION, GROUP_QUARTERS) if scenario["people.census.shares_of"] == "persons" else ()
    return (*TRACT_SHARES.values(), *TRACT_EXTRAS, *persons)


def is_share_of_households(name: str) -> bool:
    """Whether a target is a share that households can be counted for."""
    return name not in (INCOME_RATIO, PERSONS) and not name.endswith(OF_PERSONS)


def of_figures(scenario: Scenario, minority: np.ndarray) -> Targets:
    """Targets of made-up neighbourhoods with these minority shares [neighbourhood]."""
    county = _county(scenario)
    targets = {**county, "minority": minority, **_within(minority, {}, county)}
    return targets | students(scenario, targets)


def of_tracts(scenario: Scenario, tracts: Rows) -> Targets:
    """Targets of a tract table; what a row does not say is taken from the county.

    Returns
    -------
    attribute to share, float64 [neighbourhood], or the county's as float; where the table has the columns also
    `INCOME_RATIO`, and where it counts persons `PERSONS` and each share of persons under its name and `OF_PERSONS`
    """
    county, table = _county(scenario), tracts.table
    targets: Targets = dict(county)
    targets |= {a: tracts.share(name, float(county[a])) for a, name in TRACT_SHARES.items() if name in table}
    if scenario["people.census.shares_of"] == "persons":
        targets |= _of_households(scenario, tracts, county)
    if "no_internet_subscription_share" in table:
        targets["broadband"] = 1.0 - tracts.share("no_internet_subscription_share", 1.0 - float(county["broadband"]))
    origins = {a: tracts.share(f"share_{a}", float(county[a])) for a in ("black", "hispanic") if f"share_{a}" in table}
    if "share_minority" in table or len(origins) < 2:
        targets["minority"] = tracts.share("share_minority", float(county["minority"]))
    else:  # Hispanic may be of any race, so the sum can pass one
        targets["minority"] = np.minimum(origins["black"] + origins["hispanic"], 1.0)
    targets |= _within(targets["minority"], origins, county)
    targets |= students(scenario, targets, tracts)
    income = optional(number, table, "per_capita_income_usd", tracts.where, 1.0, INCOME_USD, empty=True,
                      used=tracts.used)  # fmt: skip
    if income is not None:
        known = ~np.isnan(income[tracts.rows])
        mean = np.average(income[tracts.rows][known], weights=tracts.households[known]) if known.any() else 1.0
        targets[INCOME_RATIO] = np.where(known, income[tracts.rows] / mean, 1.0)
    return targets


def _of_households(scenario: Scenario, tracts: Rows, county: Targets) -> Targets:
    """Shares of households from the table's shares of persons, and these beside them."""
    persons = _persons(scenario, tracts)
    outside = _outside_group_quarters(tracts, persons)
    found: Targets = {}
    for attribute in COUNTED_BY_PERSON:
        name = TRACT_SHARES[attribute]
        if name not in tracts.table:
            continue
        share = tracts.share(name, np.nan)
        housed = scenario["people.census.over65_housed"] if attribute == "over65" else 1.0
        each = scenario[f"people.census.{attribute}_persons"]
        counted = outside if attribute == "disability" else persons
        of_households = np.minimum(share * counted / tracts.households * housed / each, 1.0)
        found[attribute] = np.where(np.isnan(share), float(county[attribute]), of_households)
        found[attribute + OF_PERSONS] = share
    return found | {PERSONS: persons} if found else {}


def _persons(scenario: Scenario, tracts: Rows) -> np.ndarray:
    """Persons in each tract, as the table counts them, else households times their size; float64 [neighbourhood]."""
    guess = tracts.households * scenario["people.census.household_size"]
    if POPULATION not in tracts.table:
        return guess
    counted = number(tracts.table, POPULATION, tracts.where, 0.0, 100.0 * HOUSEHOLDS, empty=True, used=tracts.used)
    persons = counted[tracts.rows]
    few = persons < tracts.households
    if few.any():
        i = int(np.argmax(few))
        raise ScenarioError(
            f"{tracts.where}: column '{POPULATION}', row {tracts.rows[i] + 1} is {persons[i]:g}, must be a number of "
            f"at least the {tracts.households[i]:g} households: nobody lives in a household of nobody"
        )
    return np.where(np.isnan(persons), guess, persons)


def _outside_group_quarters(tracts: Rows, persons: np.ndarray) -> np.ndarray:
    """Persons who live in households, of whom a disability rate is: it leaves institutions out; all where not told."""
    if GROUP_QUARTERS not in tracts.table or POPULATION not in tracts.table:
        return persons
    inside = number(tracts.table, GROUP_QUARTERS, tracts.where, 0.0, 100.0 * HOUSEHOLDS, empty=True, used=tracts.used)
    inside = np.nan_to_num(inside[tracts.rows])
    if (inside > persons).any():
        i = int(np.argmax(inside > persons))
        raise ScenarioError(
            f"{tracts.where}: column '{GROUP_QUARTERS}', row {tracts.rows[i] + 1} is {inside[i]:g}, must be at most "
            f"the population, {persons[i]:g}"
        )
    return np.maximum(persons - inside, tracts.households)


def students(scenario: Scenario, targets: Targets, tracts: Rows | None = None) -> Targets:
    """Share of students' households and poverty among the others, as targets; nothing where there are no students."""
    poor, share = targets["poor"], scenario["people.student_share"]
    table = tracts.table if tracts else {}
    if tracts and POVERTY_WITHOUT_STUDENTS in table:
        others = tracts.share(POVERTY_WITHOUT_STUDENTS, poor)
        share = np.maximum((poor - others) / np.maximum(1.0 - others, 1e-12), 0.0)
        share = tracts.share(STUDENTS, share) if STUDENTS in table else share
        found: Targets = {"student": share} if share.any() else {}
        return {**found, WITHOUT_STUDENTS: others}
    if tracts and STUDENTS in table:
        share = tracts.share(STUDENTS, share)
    elif tracts and np.ndim(poor):
        poor = float(np.average(poor, weights=tracts.households))
    if not np.any(share):
        return {}
    return {"student": share, WITHOUT_STUDENTS: np.maximum(poor - share, 0.0) / np.maximum(1.0 - share, 1e-12)}


def _county(scenario: Scenario) -> Targets:
    """Shares of the county; Black and Hispanic are never together more than the minority share."""
    black, hispanic = scenario["people.black_share"], scenario["people.hispanic_share"]
    excess = max(black + hispanic, 1e-12) / max(scenario["people.minority_share"], 1e-12)
    origins = {"black": black / max(excess, 1.0), "hispanic": hispanic / max(excess, 1.0)}
    return dependence.county_targets(scenario) | origins


def _within(minority: np.ndarray | float, origins: dict[str, np.ndarray], county: Targets) -> Targets:
    """Black and Hispanic shares, at most the minority share: tables mix vintages and count people twice."""
    # where the table is silent, the minority is composed as in the county
    part = {a: float(county[a]) / max(float(county["minority"]), 1e-12) * minority for a in ("black", "hispanic")}
    part |= origins
    excess = np.maximum((part["black"] + part["hispanic"]) / np.maximum(minority, 1e-12), 1.0)
    return {a: value / excess for a, value in part.items()}
