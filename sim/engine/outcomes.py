"""What comes out of a run: five tidy tables and a birth certificate.

One row per household, per fault, per order, per crew-job and per report. Hours count from the storm's peak; infinity
means never within the horizon. Every figure can be computed again from these tables alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.core.columns import ATTRIBUTES, ETHNICITIES, LEVELS, OWNED, Damage, Place
from sim.core.outcome_codes import CREW_CLASSES, OUTCOMES, REPORT_OUTCOMES, SOURCES
from sim.core.seeds import Seeds
from sim.core.state import State
from sim.engine.certificate import certificate
from sim.engine.outcome_columns import ORDER_COLUMNS, Words, frame_of
from sim.inputs.parameters.channels import CHANNELS
from sim.inputs.scenario import Scenario
from sim.rules.split_hours import split_hours

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Outcomes:
    """Everything that one run produced. The tables are pandas data frames, made when first asked for."""

    scenario: Scenario
    seeds: Seeds
    place: Place
    damage: Damage
    state: State
    started: datetime
    seconds: dict[str, float]  # spent on the world and on the run

    @property
    def horizon_h(self) -> float:
        """End of the run, h from the storm's peak."""
        return self.scenario["run.horizon_h"]

    @cached_property
    def certificate(self) -> dict[str, Any]:
        """Everything that is needed to run this again."""
        return certificate(self.scenario, self.seeds, self.started, self.seconds)

    @cached_property
    def households(self) -> "pd.DataFrame":
        """One row per household, in the order of the grid."""
        return frame_of(household_columns(self))

    @cached_property
    def faults(self) -> "pd.DataFrame":
        """One row per fault."""
        return frame_of(fault_columns(self))

    @property
    def refused(self) -> dict[str, int]:
        """Devices at which the control room refused a prediction, by level."""
        return dict(zip(LEVELS, self.state.clock.refused[0].tolist(), strict=True))

    @cached_property
    def orders(self) -> "pd.DataFrame":
        """One row per order."""
        return frame_of(order_columns(self))

    @cached_property
    def jobs(self) -> "pd.DataFrame":
        """One row per crew-job."""
        return frame_of(job_columns(self))

    @cached_property
    def reports(self) -> "pd.DataFrame":
        """One row per report or attempt."""
        return frame_of(report_columns(self))


def household_columns(outcomes: Outcomes) -> dict[str, Any]:
    """The table of households as columns; see HOUSEHOLD_COLUMNS."""
    people, households = outcomes.place.households, outcomes.state.households
    near = outcomes.place.neighbourhoods
    out_h, restored_h = np.array(households.out_h), np.array(households.restored_h)
    hours_out = np.where(np.isfinite(out_h), restored_h - np.where(np.isfinite(out_h), out_h, 0.0), 0.0)
    return {
        "household_id": people.label,
        "neighbourhood": _category(people.neighbourhood, near.name),
        "svi": near.svi[people.neighbourhood],
        "x_km": people.x_km,
        "y_km": people.y_km,
        "ethnicity": _category(people.ethnicity, ETHNICITIES),
        **{name: getattr(people, name) for name in ATTRIBUTES},
        "service_drop": Words(outcomes.place.served_by, outcomes.place.devices.label, few=False),
        "out_h": out_h,
        "restored_h": restored_h,
        "hours_out": hours_out,
        **_reporting_columns(households),
        **{name: np.where(np.isfinite(out_h), households[name], np.inf) for name in ("away_h", "returns_h")},
        "known_h": np.array(households.known_h),
        **split_hours(outcomes.state, outcomes.horizon_h),
        "false_closures": np.array(households.n_closed),
        "own_damage": _category(_own_damage(outcomes), OWNED),
        "released_h": _released_h(outcomes),
    }


def _reporting_columns(households: Any) -> dict[str, Any]:
    """What households have told, and what outreach has told them."""
    return {
        "first_report_h": np.array(households.first_report_h),
        "first_report_channel": _category(households.first_channel + 1, ("", *CHANNELS)),
        "report_logged": np.array(households.logged),
        "n_reports": households.n_reports + households.asked,
        "reached": np.array(households.reached > 0),
        "taken_in": np.array(households.taken_in > 0),
        "asked": np.array(households.asked),
    }


def _own_damage(outcomes: Outcomes) -> np.ndarray:
    """What the drop of each household tore off that the household owns, int8 [household], index into OWNED."""
    damage = outcomes.damage
    at = np.zeros(len(outcomes.place.devices), dtype=np.int8)
    at[damage.device] = damage.owner
    return at[outcomes.place.served_by]


def _released_h(outcomes: Outcomes) -> np.ndarray:
    """When what each household owns was mended, float64 [household]; infinity: not within the horizon, or whole."""
    at = np.full(len(outcomes.place.devices), np.inf)
    faults: Any = outcomes.state.faults
    at[faults.at] = faults.released_h
    at[at > outcomes.horizon_h] = np.inf
    return at[outcomes.place.served_by]


def fault_columns(outcomes: Outcomes) -> dict[str, Any]:
    """The table of faults as columns; see FAULT_COLUMNS."""
    faults: Any = outcomes.state.faults
    devices = outcomes.place.devices
    return {
        "fault_id": np.arange(len(faults)),
        "device": devices.label[faults.at],
        **{name: getattr(outcomes.damage, name) for name in ("n_faults", "n_temporary", "supply")},
        "owner": _category(outcomes.damage.owner, OWNED),
        "level": _category(devices.level[faults.at], LEVELS),
        "customers": (devices.last - devices.first)[faults.at],
        "onset_h": np.array(faults.onset_h),
        "source": _category(faults.source + 1, ("", *SOURCES)),
        "confirmed_h": np.array(faults.confirmed_h),
        "held_h": np.array(faults.held_h),
        "released_h": np.where(faults.released_h <= outcomes.horizon_h, faults.released_h, np.inf),
        "aided": np.array(faults.aided),
        "assigned_h": np.array(faults.assigned_h),
        "work_h": np.array(faults.repair_h),
        "repaired_h": np.array(faults.repaired_h),
    }


def order_columns(outcomes: Outcomes) -> dict[str, Any]:
    """The table of orders as columns; see ORDER_COLUMNS."""
    orders: Any = outcomes.state.orders[: outcomes.state.clock.n_orders[0]]
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
    jobs: Any = outcomes.state.jobs[: outcomes.state.clock.n_jobs[0]]
    devices = outcomes.place.devices
    return {
        "job_id": np.arange(len(jobs)),
        "crew": np.array(jobs.crew),
        "crew_class": _category(outcomes.state.crews.kind[jobs.crew], CREW_CLASSES),
        "order_id": np.array(jobs.order),
        "device": devices.label[jobs.at],
        "level": _category(devices.level[jobs.at], LEVELS),
        **{name: np.array(jobs[name]) for name in ("dispatched_h", "arrived_h", "found_h", "done_h")},
        "outcome": _category(np.where(np.isfinite(jobs.found_h), jobs.outcome, 0), OUTCOMES),
    }


def report_columns(outcomes: Outcomes) -> dict[str, Any]:
    """The table of reports as columns; see REPORT_COLUMNS."""
    reports: Any = outcomes.state.reports[: outcomes.state.clock.n_reports[0]]
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


COLUMNS: dict[str, Callable[[Outcomes], dict[str, Any]]] = {
    "households": household_columns,
    "faults": fault_columns,
    "orders": order_columns,
    "jobs": job_columns,
    "reports": report_columns,
}


def _category(codes: Any, names: Any) -> Words:
    return Words(np.asarray(codes), [str(name) for name in names])
