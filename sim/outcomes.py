"""What comes out of a run: four tidy tables, the meaning of their columns, and a birth certificate.

One row per household, per order, per crew-job and per report. Hours count from the storm's peak; infinity means never
within the horizon. Every figure can be computed again from these tables alone.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.account import split_hours
from sim.columns import CHANNELS, ETHNICITIES, LEVELS, Damage, Place
from sim.memory import Memory
from sim.orders import OUTCOMES, SOURCES
from sim.scenario import Scenario
from sim.seeds import Seeds

if TYPE_CHECKING:
    import pandas as pd

REPORT_OUTCOMES = ("logged", "busy", "hung up", "by a neighbour", "call-back", "liaison visit")
CREW_KINDS = ("line", "trouble")
ATTRIBUTES = (
    "minority", "income_usd", "poor", "over65", "children", "disability", "medical_device", "medical_registered",
    "limited_english", "renter", "no_vehicle", "broadband", "smartphone", "phone", "landline", "substitute",
    "political_capital", "knowledge", "trust", "tolerance_h",
)  # fmt: skip


class Column(NamedTuple):
    """Meaning of one column."""

    name: str
    unit: str
    meaning: str


HOUSEHOLD_COLUMNS = (
    Column("household_id", "", "the household, as in the user's table or numbered"),
    Column("neighbourhood", "", "name of its neighbourhood"),
    Column("svi", "percentile 0-1", "social vulnerability of the neighbourhood, 1 = most vulnerable"),
    Column("x_km", "km", "east of the city's centre"),
    Column("y_km", "km", "north of the city's centre"),
    Column("ethnicity", "", "white (non-Hispanic), black, hispanic, other"),
    Column("minority", "yes/no", "everyone but non-Hispanic White"),
    Column("income_usd", "US$/year", "household income"),
    Column("poor", "yes/no", "below the poverty line"),
    Column("over65", "yes/no", "a member aged 65 or older"),
    Column("children", "yes/no", "small children"),
    Column("disability", "yes/no", "a disabled member"),
    Column("medical_device", "yes/no", "an electricity-dependent medical device"),
    Column("medical_registered", "yes/no", "on the utility's medical register"),
    Column("limited_english", "yes/no", "limited English"),
    Column("renter", "yes/no", "rents"),
    Column("no_vehicle", "yes/no", "no vehicle"),
    Column("broadband", "yes/no", "internet subscription"),
    Column("smartphone", "yes/no", "owns a smartphone"),
    Column("phone", "yes/no", "owns any phone"),
    Column("landline", "yes/no", "a landline that works without home power"),
    Column("substitute", "yes/no", "a generator, or somewhere else to go"),
    Column("political_capital", "yes/no", "an informal route to officials"),
    Column("knowledge", "0-1", "how well it knows how to report"),
    Column("trust", "0-1", "trust that reporting helps"),
    Column("tolerance_h", "h", "hours out at which its need is one half"),
    Column("service_drop", "", "the last device before its meter"),
    Column("out_h", "h", "lost power; infinity: never"),
    Column("restored_h", "h", "has power again; infinity: not within the horizon, or never lost it"),
    Column("hours_out", "h", "restored_h - out_h; 0 if never out, infinity if never restored"),
    Column("first_report_h", "h", "first attempt to report; infinity: none"),
    Column("first_report_channel", "", "channel of that attempt, empty: none"),
    Column("report_logged", "yes/no", "at least one report of its own reached the utility"),
    Column("n_reports", "contacts", "contacts made, by all channels"),
    Column("known_h", "h", "the utility first believed this customer out; infinity: never"),
    Column("undetected_h", "h", "from the loss of power until known"),
    Column("waiting_h", "h", "known, until a crew set off on the repair"),
    Column("working_h", "h", "travel, search and repair of the fault nearest to the source"),
    Column("nested_h", "h", "after that repair, behind another fault"),
)
ORDER_COLUMNS = (
    Column("order_id", "", "number, in the order of opening"),
    Column("device", "", "device believed open"),
    Column("level", "", "its level in the grid"),
    Column("source", "", "what opened it: report, sensing, patrol, crew, perfect knowledge"),
    Column("confirmed", "yes/no", "seen, not only predicted"),
    Column("opened_h", "h", "first known, the earliest of the orders merged into it"),
    Column("ready_h", "h", "crews could be sent from then on"),
    Column("first_dispatched_h", "h", "a crew first set off; infinity: none"),
    Column("closed_h", "h", "closed; infinity: still open"),
    Column("outcome", "", "repaired, upstream, downstream, nothing, merged, withdrawn, open"),
    Column("reports", "reports", "on this order"),
    Column("informal", "requests", "passed on by officials"),
    Column("believed_customers", "customers", "behind the device"),
    Column("precision", "0-1", "how exactly the place is known"),
)
JOB_COLUMNS = (
    Column("job_id", "", "number, in the order of dispatch"),
    Column("crew", "", "number of the crew"),
    Column("crew_class", "", "line or trouble"),
    Column("order_id", "", "the order"),
    Column("device", "", "the order's device"),
    Column("level", "", "its level in the grid"),
    Column("dispatched_h", "h", "the crew set off"),
    Column("arrived_h", "h", "on site"),
    Column("found_h", "h", "the search was over"),
    Column("done_h", "h", "the crew was free again; infinity: still at work"),
    Column("outcome", "", "repaired, upstream, downstream, nothing (a wasted truck roll), open"),
)
REPORT_COLUMNS = (
    Column("report_id", "", "number, in the order in which its fate was known"),
    Column("household_id", "", "the household without power"),
    Column("reporter_id", "", "who reported: the same, or a neighbour"),
    Column("channel", "", "hotline, web, app, sms, liaison, informal"),
    Column("attempted_h", "h", "begun"),
    Column("logged_h", "h", "reached the utility; infinity: lost"),
    Column("outcome", "", "logged, busy, hung up, by a neighbour, call-back, liaison visit"),
)
TABLES = {"households": HOUSEHOLD_COLUMNS, "orders": ORDER_COLUMNS, "jobs": JOB_COLUMNS, "reports": REPORT_COLUMNS}


@dataclass(frozen=True, eq=False)
class Outcomes:
    """Everything that one run produced. The tables are pandas data frames, made when first asked for."""

    scenario: Scenario
    seeds: Seeds
    place: Place
    damage: Damage
    memory: Memory
    certificate: dict[str, Any]

    @property
    def horizon_h(self) -> float:
        """End of the run, h from the storm's peak."""
        return self.scenario["run.horizon_h"]

    @cached_property
    def households(self) -> "pd.DataFrame":
        """One row per household, in the order of the grid."""
        return _frame(household_columns(self))

    @cached_property
    def orders(self) -> "pd.DataFrame":
        """One row per order."""
        return _frame(order_columns(self))

    @cached_property
    def jobs(self) -> "pd.DataFrame":
        """One row per crew-job."""
        return _frame(job_columns(self))

    @cached_property
    def reports(self) -> "pd.DataFrame":
        """One row per report or attempt."""
        return _frame(report_columns(self))


def household_columns(outcomes: Outcomes) -> dict[str, Any]:
    """The table of households as columns; see HOUSEHOLD_COLUMNS."""
    people, folk = outcomes.place.households, outcomes.memory.folk
    near = outcomes.place.neighbourhoods
    out_h, restored_h = np.array(folk.out_h), np.array(folk.restored_h)
    hours_out = np.where(np.isfinite(out_h), restored_h - np.where(np.isfinite(out_h), out_h, 0.0), 0.0)
    return {
        "household_id": people.label,
        "neighbourhood": _category(people.neighbourhood, near.name),
        "svi": near.svi[people.neighbourhood],
        "x_km": people.x_km,
        "y_km": people.y_km,
        "ethnicity": _category(people.ethnicity, ETHNICITIES),
        **{name: getattr(people, name) for name in ATTRIBUTES},
        "service_drop": outcomes.place.devices.label[outcomes.place.served_by],
        "out_h": out_h,
        "restored_h": restored_h,
        "hours_out": hours_out,
        "first_report_h": np.array(folk.first_report_h),
        "first_report_channel": _category(folk.first_channel + 1, ("", *CHANNELS)),
        "report_logged": np.array(folk.logged),
        "n_reports": np.array(folk.n_reports),
        "known_h": np.array(folk.known_h),
        **split_hours(outcomes.memory),
    }


def order_columns(outcomes: Outcomes) -> dict[str, Any]:
    """The table of orders as columns; see ORDER_COLUMNS."""
    orders: Any = outcomes.memory.orders[: outcomes.memory.clock.n_orders[0]]
    devices = outcomes.place.devices
    columns = {
        "order_id": np.arange(len(orders)),
        "device": devices.label[orders.at],
        "level": _category(devices.level[orders.at], LEVELS),
        "source": _category(orders.source, SOURCES),
        "outcome": _category(orders.outcome, OUTCOMES),
        "believed_customers": np.array(orders.believed),
    }
    names = [column.name for column in ORDER_COLUMNS]
    return {name: columns[name] if name in columns else np.array(orders[name]) for name in names}


def job_columns(outcomes: Outcomes) -> dict[str, Any]:
    """The table of crew-jobs as columns; see JOB_COLUMNS."""
    jobs: Any = outcomes.memory.jobs[: outcomes.memory.clock.n_jobs[0]]
    devices = outcomes.place.devices
    return {
        "job_id": np.arange(len(jobs)),
        "crew": np.array(jobs.crew),
        "crew_class": _category(outcomes.memory.crews.kind[jobs.crew], CREW_KINDS),
        "order_id": np.array(jobs.order),
        "device": devices.label[jobs.at],
        "level": _category(devices.level[jobs.at], LEVELS),
        **{name: np.array(jobs[name]) for name in ("dispatched_h", "arrived_h", "found_h", "done_h")},
        "outcome": _category(np.where(np.isfinite(jobs.found_h), jobs.outcome, 0), OUTCOMES),
    }


def report_columns(outcomes: Outcomes) -> dict[str, Any]:
    """The table of reports as columns; see REPORT_COLUMNS."""
    reports: Any = outcomes.memory.reports[: outcomes.memory.clock.n_reports[0]]
    label = outcomes.place.households.label
    return {
        "report_id": np.arange(len(reports)),
        "household_id": label[reports.household],
        "reporter_id": label[reports.reporter],
        "channel": _category(reports.channel, CHANNELS),
        "attempted_h": np.array(reports.attempted_h),
        "logged_h": np.array(reports.logged_h),
        "outcome": _category(reports.outcome, REPORT_OUTCOMES),
    }


def _category(codes: Any, names: Any) -> tuple[np.ndarray, list[str]]:
    return np.asarray(codes), [str(name) for name in names]


def _frame(columns: dict[str, Any]) -> "pd.DataFrame":
    import pandas as pd

    ready = {
        name: pd.Categorical.from_codes(value[0].astype(np.int32), value[1]) if isinstance(value, tuple) else value
        for name, value in columns.items()
    }
    return pd.DataFrame(ready)
