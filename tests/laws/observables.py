"""Every outcome that a parameter can be declared to move, by the names of `sim.inputs.parameters.observables`.

Those of a run stand here, those of its city and storm in :mod:`tests.laws.observed_city`.
"""

import numpy as np

from sim.core.columns import (
    LEVELS,
    SUBSTATION,
    TRANSFORMER,
    slice_sums,
)  # fmt: skip
from sim.core.cost_items import ITEMS, RESIDENTS
from sim.core.outcome_codes import (
    BY_REPORT,
    DISTRIBUTION_CREWS,
    MERGED,
    REPORT_BUSY,
    REPORT_CALLBACK,
    REPORT_HUNG_UP,
    REPORT_LOGGED,
    REPORT_PROXY,
    REPORT_VISIT,
    WITHDRAWN,
)  # fmt: skip
from sim.inputs.parameters.channels import INFORMAL
from sim.rules.joining import AID
from sim.rules.orders import N_QUEUES
from sim.rules.split_hours import split_hours
from tests.laws.observed_city import OF_CITY
from tests.laws.observed_town import less_others


def n_suspected(level):
    return lambda town: np.count_nonzero(town.devices.level[town.rows["orders"]["at"]] == level)


def channels_known(town):
    """Before the storm or through outreach."""
    knows = town.knew.copy()
    np.bitwise_or.at(knows, town.state.changes.household, town.state.changes.learns)
    return np.bitwise_count(knows).mean()


def early_reports(town):
    return (town.hit["first_report_h"] - town.hit["out_h"] < town.hit["tolerance_h"]).mean()


def passing_on_h(town):
    passed = town.reports(REPORT_LOGGED)
    passed = passed[passed["channel"] == INFORMAL]
    return (passed["logged_h"] - passed["attempted_h"]).mean()


def known_by_reached(town):
    return np.bitwise_count(town.knew)[town.rows["households"]["reached"] > 0].mean()


def detection_delay_h(town):
    return (town.until_horizon(town.hit["known_h"]) - town.hit["out_h"]).mean()


def mean_h(town):
    return (town.until_horizon(town.hit["restored_h"]) - town.hit["out_h"]).mean()


def aid_leaves_h(town):
    crews = town.rows["crews"]
    return town.until_horizon(crews["released_h"][crews["origin"] == AID]).mean()


def falsely_closed_h(town):
    return split_hours(town.state, town.horizon_h)["falsely_closed_h"].mean()


def prediction_wait_h(town):
    orders = town.rows["orders"][town.rows["orders"]["source"] == BY_REPORT]
    return (orders["ready_h"] - orders["opened_h"]).mean()


def mean_of_jobs(start, end):
    def mean(town):
        hours = town.rows["jobs"][end] - town.rows["jobs"][start]
        return hours[np.isfinite(hours)].mean()

    return mean


def n_crews(scenario):
    """All but the trucks that line crews may split into, which stand behind them."""
    groups = [getattr(scenario.parameters.crews, name) for name in DISTRIBUTION_CREWS]
    return sum(group.own + group.staged + group.mutual_aid for group in groups)


def waits_h(town):
    orders = town.rows["orders"]
    return town.until_horizon(orders["first_dispatched_h"]) - town.until_horizon(orders["ready_h"])


def behind(town, flags):
    """Sum over the households behind the device of each order."""
    at = town.rows["orders"]["at"]
    return slice_sums(flags.astype(float), town.devices.first[at], town.devices.last[at])


def critical_behind(town):
    counted = np.concatenate([[0], np.cumsum(town.devices.critical)])
    at = town.rows["orders"]["at"]
    return counted[town.devices.end[at]] - counted[at]


WAITING = {
    "substation": lambda town: town.devices.level[town.rows["orders"]["at"]] == SUBSTATION,
    "critical": critical_behind,
    "customers": lambda town: behind(town, np.ones(len(town.people))),
    "reports": lambda town: town.rows["orders"]["reports"],
    "waiting": lambda town: -town.rows["orders"]["opened_h"],
    "medical": lambda town: behind(town, town.people.medical_registered),
    "vulnerability": lambda town: behind(town, town.places.svi[town.people.neighbourhood]),
    "pressure": lambda town: town.rows["orders"]["informal"],
    "single_home": lambda town: behind(town, np.ones(len(town.people))) <= 1.0,
    "voices": lambda town: town.rows["orders"]["voices"],
    "short": lambda town: town.devices.level[town.rows["orders"]["at"]],
}


def wait_by(what):
    """Hours that an order waits, those with more of it less the others."""

    def gap(town):
        values = WAITING[what](town)
        return less_others(waits_h(town), values > values.mean())

    return gap


OF_RUN = {
    "channels_known": channels_known,
    "channels_usable": lambda town: np.bitwise_count(town.rows["households"]["can"]).mean(),
    "knowledge": lambda town: town.rows["households"]["knowledge"].mean(),
    "trust": lambda town: town.rows["households"]["trust"].mean(),
    "report_rate": lambda town: town.hit["logged"].mean(),
    "early_report_rate": early_reports,
    "contacts": lambda town: town.rows["households"]["n_reports"].sum(),
    "informed": lambda town: town.rows["households"]["informed"].sum(),
    "proxy_reports": lambda town: len(town.reports(REPORT_PROXY)),
    "passing_on_h": passing_on_h,
    "busy": lambda town: len(town.reports(REPORT_BUSY)),
    "lost_calls": lambda town: len(town.reports(REPORT_BUSY, REPORT_HUNG_UP)),
    "hung_up": lambda town: len(town.reports(REPORT_HUNG_UP)),
    "visits": lambda town: len(town.reports(REPORT_VISIT)),
    "listed": lambda town: len(town.state.visits),
    "falsely_closed_h": falsely_closed_h,
    "trust_left": lambda town: town.rows["households"]["trust_left"].mean(),
    "callbacks": lambda town: len(town.reports(REPORT_CALLBACK)),
    "reached": lambda town: np.count_nonzero(town.rows["households"]["reached"]),
    "known_by_reached": known_by_reached,
    "taken_in": lambda town: np.count_nonzero(town.rows["households"]["taken_in"]),
    "outreach_h": lambda town: town.state.changes.time_h.mean(),
    "detection_delay_h": detection_delay_h,
    **{f"suspected_{name}s": n_suspected(level) for level, name in enumerate(LEVELS) if level <= TRANSFORMER},
    "prediction_wait_h": prediction_wait_h,
    "void_predictions": lambda town: np.isin(town.rows["orders"]["outcome"], (MERGED, WITHDRAWN)).sum(),
    "search_h": mean_of_jobs("arrived_h", "found_h"),
    "lines_walked": lambda town: town.state.lines.n_walked.sum(),
    "faults_passed": lambda town: town.rows["faults"]["n_passed"].sum(),
    "travel_h": mean_of_jobs("dispatched_h", "arrived_h"),
    "night_crews": lambda town: np.count_nonzero(town.rows["crews"]["shift_offset_h"]),
    "districts": lambda town: len(town.state.queue_size) // N_QUEUES,
    "shared_crews": lambda town: np.count_nonzero(town.rows["crews"]["shared"]),
    "trucks": lambda town: np.count_nonzero(np.isfinite(town.rows["crews"]["arrives_h"][n_crews(town.scenario):])),
    "order_wait_h": lambda town: waits_h(town).mean(),
    **{f"order_wait_h:{what}": wait_by(what) for what in WAITING},
    "aid_leaves_h": aid_leaves_h,
    "mean_h": mean_h,
    **{f"cost:{item}": lambda town, item=item: town.costs[item] for item in (*ITEMS, RESIDENTS)},
}  # fmt: skip
OBSERVED = {**OF_CITY, **OF_RUN}
