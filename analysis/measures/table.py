"""The outcome measures, each declared once: what it is called and shown as, and the function that makes it.

Everything else reads this: the table by group, what large studies keep of a run, names and units in studies, tables and
pages. To add a measure is to add an entry here. Costs are declared in `sim.core.cost_items`.

One storm is one event, and each household loses power at most once in it, so with N households in a group, A of them
affected and L hours out each (cut at the horizon)::

    mean_h = sum(L) / A,    SAIDI = 60 sum(L) / N minutes a customer served,    CAIDI = 60 mean_h

``beyond_24`` and its like are CELID (customers experiencing long interruption durations, IEEE Std 1366-2022) as a share
of the **affected**; times ``affected / households`` they are the standard's share of customers served.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from analysis.measures.inequality import concentration_index, gini, theil
from analysis.measures.waits import Curve, InGroups, Waits, detection_delay_h, need, split_hours

LESS, MORE, ZERO, NEITHER = "less", "more", "zero", "neither"  # which way is better
GROUP, GROUPING, CITY = "group", "grouping", "city"  # what has one value
QUANTILES = (50, 75, 90, 95)  # per cent of the affected who have power again
IEEE, KAPLAN_MEIER = "IEEE Std 1366-2022", "Kaplan & Meier 1958, doi:10.1080/01621459.1958.10501452"


class Part(NamedTuple):
    """What a part of the wait is called."""

    name: str  # in a table: "not known"
    when: str  # what happens meanwhile
    subject: str  # of a sentence: "the wait for a crew"


class Measure(NamedTuple):
    """One outcome measure."""

    name: str  # in tables, files and full names of outcomes
    unit: str  # in which it is shown; "%": a share, "": a plain index
    label: str  # in words, within a sentence or along an axis
    of: Callable[[Any], Any]  # `InGroups` -> float [group], of a grouping float; of the city `Waits` -> float
    head: str = ""  # over a narrow column of levels; "": not among these
    row: str = ""  # before a narrow row of gaps
    plain: str = ""  # for a citizen; "": not on pages
    short: str = ""  # by which people ask for it in a study, of all households
    part: Part | None = None  # of the hours out: the parts sum to mean_h
    better: str = LESS
    digits: int = 1  # as shown
    per: str = GROUP
    in_tables: bool = True  # a column of `reliability.by_group`
    kept: bool = False  # in large studies, where it can be asked for
    in_run: str = ""  # the row of the whole city in which a run tells it; of a grouping, before its name
    source: str = ""

    @property
    def is_share(self) -> bool:
        """Whether it is a share, shown in per cent."""
        return self.unit == "%"

    @property
    def factor(self) -> float:
        """From the value to the number shown."""
        return 100.0 if self.is_share else 1.0


@dataclass(frozen=True)
class Mean:
    """The mean of a row over the affected of each group."""

    row: Callable[[Waits], Any]

    def __call__(self, groups: InGroups) -> np.ndarray:
        return groups.mean(groups.waits.row(self.row))


def column(name: str) -> Mean:
    """The mean of a column of the table of households."""
    return Mean(lambda waits: waits.column(name))


def curve(number: Callable[[Curve], float]) -> Callable[[InGroups], np.ndarray]:
    """A number of the Kaplan-Meier curve of each group."""
    return lambda groups: groups.on_curve(number)


def _beyond(h: int, **more: Any) -> Measure:
    plain = f"out for more than {h} hours"
    words = {"head": f">{h} h", "row": f"> {h} h (%)", "plain": plain, "source": IEEE, **more}
    return Measure(f"beyond_{h}", "%", f"share out for more than {h} h", curve(lambda c: c.beyond(h)), **words)


def _part(name: str, label: str, row: str, *told: str) -> Measure:
    hours = Mean(lambda waits: waits.row(_parts)[name])
    return Measure(name, "h", label, hours, row=row, part=Part(*told), kept=True)


def _parts(waits: Waits) -> dict[str, np.ndarray]:
    return split_hours(waits, PARTS)


def _hours(waits: Waits) -> np.ndarray:
    return waits.hours


def _need_weighted_h(groups: InGroups) -> np.ndarray:
    weight = groups.waits.row(need)
    return groups.over(groups.sum(weight * groups.waits.hours), groups.sum(weight))


def _faults_per_1000(waits: Waits) -> float:
    return 1e3 * waits.n_faults / max(1, len(waits.hours))


def _back(percent: int) -> Measure:
    return Measure(
        f"t{percent}_h", "h", f"hours until {percent} % of the affected are back",
        lambda waits: waits.curve.reached_h(percent / 100), per=CITY, in_run=f"T{percent}", source=KAPLAN_MEIER,
        plain=f"{percent} of 100 affected households have power again after (hours)",
    )  # fmt: skip


MEASURES = (
    Measure("households", "households", "households", lambda groups: groups.households, better=NEITHER, digits=0,
        kept=True),
    Measure("affected", "households", "households that lost power", lambda groups: groups.affected,
        plain="households without power", better=NEITHER, digits=0, kept=True),
    Measure("mean_h", "h", "mean hours out", Mean(_hours), head="mean", row="mean hours", plain="mean hours out",
        short="mean", kept=True),
    Measure("median_h", "h", "median hours out", curve(lambda c: c.reached_h(0.5)), head="median", row="median hours",
        plain="half are back within (hours)", short="median", kept=True, source=KAPLAN_MEIER),
    Measure("p90_h", "h", "90th percentile of hours out", curve(lambda c: c.reached_h(0.9)), head="90th",
        row="90th perc.", plain="nine in ten are back within (hours)", short="p90", kept=True, source=KAPLAN_MEIER),
    _beyond(24),
    _beyond(48),
    _beyond(72, short="beyond_72", kept=True),
    _beyond(168),
    Measure("report_rate", "%", "share of the affected who report", column("report_logged"), head="report",
        row="report rate (%)", plain="whose report reached the utility", short="report_rate", better=MORE, kept=True),
    Measure("attempted_rate", "%", "share of the affected who try to report",
        Mean(lambda waits: np.isfinite(waits.column("first_report_h"))), better=MORE),
    Measure("detection_delay_h", "h", "hours until the utility knows", Mean(detection_delay_h), head="detect",
        row="detect. delay", plain="hours until the utility knows", short="detection_delay", kept=True),
    _part("undetected_h", "mean hours undetected", "undetected",
        "not known", "until the utility knows of the outage", "the time until the utility knows"),
    _part("waiting_h", "mean hours waiting for a crew", "waiting",
        "waiting for a crew", "known to the utility, until a crew sets off",
        "the wait for a crew, once the utility knows,"),
    _part("search_h", "mean hours of travel and search", "search",
        "search", "while a crew drives there and looks for the fault", "the time of travel and search"),
    _part("owner_h", "mean hours waiting for the owner's electrician", "owner",
        "waiting for the owner", "found by a crew, until an electrician has mended what the household owns",
        "the wait for the household's own electrician"),
    _part("repair_h", "mean hours of repair", "repair",
        "repair", "while the fault is mended", "the time of repair itself"),
    Measure("behind_two_faults_h", "h", "mean hours behind two or more faults", column("behind_two_faults_h"),
        kept=True),
    Measure("falsely_closed_h", "h", "mean hours taken to be back while dark", column("falsely_closed_h"), kept=True),
    Measure("false_closure_rate", "%", "share closed in error while dark",
        Mean(lambda waits: waits.column("false_closures") > 0), head="closed", row="closed dark (%)",
        plain="closed in error while dark", kept=True),
    Measure("censored_share", "%", "share still out at the horizon", Mean(lambda waits: ~waits.restored),
        head="still out", row="still out (%)", plain="still out at the end of the run", kept=True),
    Measure("reached", "households", "households reached by outreach",
        lambda groups: groups.count(np.asarray(groups.waits.households["reached"], dtype=bool)), better=MORE, digits=0,
        in_tables=False, kept=True),
    Measure("saidi_min", "min", "minutes out per customer served (SAIDI)",
        lambda groups: groups.over(60.0 * groups.sum(groups.waits.hours), groups.households), digits=0, source=IEEE),
    Measure("caidi_min", "min", "minutes out per customer affected (CAIDI)",
        lambda groups: 60.0 * groups.mean(groups.waits.hours), digits=0, source=IEEE),  # each interrupted once
    Measure("need_weighted_h", "h", "mean hours out, weighted by need", _need_weighted_h),
    Measure("rmst_h", "h", "restricted mean of hours out", curve(Curve.area_h),
        source="Royston & Parmar 2013, doi:10.1186/1471-2288-13-152"),
    Measure("gap_h", "h", "gap in mean hours out", lambda groups: groups.minus_reference(Mean(_hours)(groups)),
        better=ZERO, in_tables=False, kept=True),
    *map(_back, QUANTILES),
    Measure("customer_hours", "customer-hours", "customer-hours without power", lambda waits: float(waits.hours.sum()),
        plain="household-hours without power, summed", digits=0, per=CITY, kept=True, in_run="customer-hours"),
    Measure("faults_per_1000", "faults", "faults for 1,000 that lost power", _faults_per_1000, better=NEITHER, per=CITY,
        kept=True),
    Measure("gini", "", "Gini index of hours out", lambda waits: gini(waits.hours), digits=3, per=CITY,
        in_run="Gini index", source="Gini 1912",
        plain="how unequal the waits are (Gini index: 0, all wait equally long; near 1, one waits for all)"),
    Measure("concentration", "", "concentration index of hours out by income rank",
        lambda waits: concentration_index(waits.hours, waits.column("income_usd")), better=ZERO, digits=3, per=CITY,
        in_run="concentration index by income",
        plain="on whom the waits fall (concentration index by income rank: below 0, on the poor; above 0, on the rich)",
        source="Kakwani, Wagstaff & van Doorslaer 1997, doi:10.1016/S0304-4076(96)01807-6"),
    Measure("between_groups", "%", "share of the inequality of hours out that lies between groups",
        lambda groups: theil(groups.waits.hours, groups.code).share_between, per=GROUPING,
        in_run="inequality between groups",
        plain="of the inequality of waits, the share that lies between groups (of Theil's index)",
        source="Theil 1967; Shorrocks 1980, doi:10.2307/1913126"),
)  # fmt: skip
BY_NAME = {measure.name: measure for measure in MEASURES}
PARTS = tuple(measure.name for measure in MEASURES if measure.part)
OF_GROUPS = tuple(measure for measure in MEASURES if measure.per == GROUP and measure.in_tables)
