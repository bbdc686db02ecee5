"""Every outcome that a parameter can be declared to move, by the names of `sim.inputs.parameters.observables`.

A town is built, struck and run only as far as an outcome looks at it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

import numpy as np

from experiments.runs.evaluate import READ_BY_WORLD
from sim.core.columns import (
    ETHNICITIES,
    FEEDER,
    INFORMAL,
    LATERAL,
    LEVELS,
    METER_BASE,
    NOT_OWNED,
    SUBSTATION,
    TRANSFORMER,
    slice_sums,
)
from sim.core.cost_items import ITEMS, RESIDENTS
from sim.core.seeds import Seeds
from sim.engine.costs import costs
from sim.engine.outcomes import Outcomes
from sim.engine.settings import CREW_CLASSES
from sim.inputs.parameters.observables import ABSENT, ASSOCIATED, SHARES
from sim.inputs.scenario import Scenario
from sim.rules.channels import aware
from sim.rules.hotline import (
    REPORT_BUSY,
    REPORT_CALLBACK,
    REPORT_HUNG_UP,
    REPORT_LOGGED,
    REPORT_PROXY,
    REPORT_VISIT,
)
from sim.rules.joining import AID
from sim.rules.orders import (
    BY_REPORT,
    MERGED,
    N_QUEUES,
    WITHDRAWN,
)
from sim.rules.split_hours import split_hours
from sim.world import place as places
from sim.world import storm
from sim.world.lengths import exposure
from sim.world.people import dissimilarity
from tests.laws.towns import memory_of, rows_of

DIGITAL_BITS = 0b1110
PLACES = {}


@dataclass(frozen=True)
class Town:
    """A scenario under one seed."""

    scenario: Scenario
    seed: int

    @cached_property
    def built(self):
        return world_of(self.scenario, self.seed)

    @cached_property
    def memory(self):
        return memory_of(self.scenario, self.seed, self.built)

    @cached_property
    def rows(self):
        return rows_of(self.memory)

    @cached_property
    def costs(self):
        return costs(Outcomes(self.scenario, Seeds.all(self.seed), *self.built, self.memory, datetime.now(UTC), {}))

    @property
    def people(self):
        return self.built[0].households

    @property
    def places(self):
        return self.built[0].neighbourhoods

    @property
    def devices(self):
        return self.built[0].devices

    @property
    def damage(self):
        return self.built[1]

    @property
    def horizon_h(self):
        return self.scenario["run.horizon_h"]

    @cached_property
    def knew(self):
        """Channels that each household knew before any outreach, one bit each."""
        return aware(self.scenario, self.seed, self.built[0])

    @property
    def hit(self):
        return self.rows["folk"][np.isfinite(self.rows["folk"]["out_h"])]

    def holds(self, name):
        return self.people.ethnicity == ETHNICITIES.index(name) if name in ETHNICITIES else getattr(self.people, name)

    def reports(self, *fates):
        return self.rows["reports"][np.isin(self.rows["reports"]["outcome"], fates)]

    def until_horizon(self, hours):
        return np.minimum(hours, self.horizon_h)


def world_of(scenario, seed):
    """Place and damage; a place is built once for all scenarios that say the same about it."""
    said = tuple(getattr(scenario.parameters, section) for section in READ_BY_WORLD)
    if (said, seed) not in PLACES:
        PLACES[said, seed] = places.build(scenario, seed)
    return PLACES[said, seed], storm.strike(scenario, PLACES[said, seed], seed)


def less_others(values, flag):
    """Mean of those flagged less that of the others."""
    return values[flag].mean() - values[~flag].mean()


def associated(what, who):
    return lambda town: less_others(town.holds(what).astype(float), town.holds(who))


def absent(when, who):
    """Share of a group that has left before the storm, or that leaves later, less that of the others."""

    def gap(town):
        away_h, income_usd = town.rows["folk"]["away_h"], town.people.income_usd
        gone = np.isneginf(away_h) if when == "left_before" else np.isfinite(away_h)
        return less_others(gone, income_usd > np.median(income_usd) if who == "income" else town.holds(who))

    return gap


def n_devices(level):
    return lambda town: np.count_nonzero(town.devices.level == level)


def n_suspected(level):
    return lambda town: np.count_nonzero(town.devices.level[town.rows["orders"]["at"]] == level)


def faults_by_length(town):
    """Faults of the longer half of the laterals less those of the others, a lateral."""
    laterals = np.flatnonzero(town.devices.level == LATERAL)
    n_faults = np.zeros(len(town.devices))
    n_faults[town.damage.device] = town.damage.n_faults
    devices = town.devices
    km = exposure(1.0, devices.level, devices.parent, devices.x_km, devices.y_km)[laterals]
    return less_others(n_faults[laterals], km > np.median(km))


def electrician_h(town):
    """Hours until each is mended, for whoever knows when work becomes safe."""
    rows, safe_h = town.rows["faults"], town.scenario["crews.safe_h"]
    rows = rows[rows["owner"] != NOT_OWNED]
    own_h = safe_h + rows["electrician_h"]
    aid_h = np.maximum(safe_h, rows["aid_from_h"]) + rows["aid_h"]
    return np.minimum(own_h, aid_h) + rows["inspection_h"] - safe_h


def clustering(town):
    """Correlation of a neighbourhood's minority share with that of its nearest neighbour."""
    x_km, y_km = town.places.x_km, town.places.y_km
    km = np.hypot(x_km[:, None] - x_km, y_km[:, None] - y_km) + np.diag(np.full(len(x_km), np.inf))
    return np.corrcoef(town.places.minority_share, town.places.minority_share[km.argmin(axis=1)])[0, 1]


def spread_of_sizes(town):
    sizes = (town.devices.last - town.devices.first)[town.devices.level == LATERAL]
    return sizes.std() / sizes.mean()


def tied(town):
    """Both ends of every tie."""
    one, slot = np.nonzero(town.built[0].ties >= 0)
    return one, town.built[0].ties[one, slot]


def tie_km(town):
    one, other = tied(town)
    return np.hypot(
        town.people.x_km[one] - town.people.x_km[other], town.people.y_km[one] - town.people.y_km[other]
    ).mean()


def alike_ties(town):
    one, other = tied(town)
    return (town.people.minority[one] == town.people.minority[other]).mean()


def channels_known(town):
    """Before the storm or through outreach."""
    knows = town.knew.copy()
    np.bitwise_or.at(knows, town.memory.changes.household, town.memory.changes.learns)
    return np.bitwise_count(knows).mean()


def early_reports(town):
    return (town.hit["first_report_h"] - town.hit["out_h"] < town.hit["tolerance_h"]).mean()


def passing_on_h(town):
    passed = town.reports(REPORT_LOGGED)
    passed = passed[passed["channel"] == INFORMAL]
    return (passed["logged_h"] - passed["attempted_h"]).mean()


def known_by_reached(town):
    return np.bitwise_count(town.knew)[town.rows["folk"]["reached"] > 0].mean()


def detection_delay_h(town):
    return (town.until_horizon(town.hit["known_h"]) - town.hit["out_h"]).mean()


def mean_h(town):
    return (town.until_horizon(town.hit["restored_h"]) - town.hit["out_h"]).mean()


def aid_leaves_h(town):
    crews = town.rows["crews"]
    return town.until_horizon(crews["released_h"][crews["origin"] == AID]).mean()


def falsely_closed_h(town):
    return split_hours(town.memory, town.horizon_h)["falsely_closed_h"].mean()


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
    groups = [getattr(scenario.parameters.crews, name) for name in CREW_CLASSES]
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


def on_the_way(town, at, amount=1.0):
    """Sum of an amount over some devices on the way to each household."""
    n, amount = len(town.people), np.broadcast_to(amount, len(at))
    begins, ends = (np.bincount(edge[at], amount, n + 1) for edge in (town.devices.first, town.devices.last))
    return np.cumsum(begins - ends)[:n]


def by_vulnerability(of_households):
    """Mean over households of the more vulnerable neighbourhoods less that of the others."""

    def gap(town):
        svi = town.places.svi[town.people.neighbourhood]
        return less_others(of_households(town), svi > svi.mean())

    return gap


def travel_by_vulnerability(town):
    jobs, svi = town.rows["jobs"], town.places.svi[town.people.neighbourhood]
    here = slice_sums(svi, town.devices.first, town.devices.last) / (town.devices.last - town.devices.first)
    jobs = jobs[np.isfinite(jobs["arrived_h"])]
    return less_others(jobs["arrived_h"] - jobs["dispatched_h"], here[jobs["at"]] > svi.mean())


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


OBSERVED = {
    **{name: lambda town, name=name: town.holds(name).mean() for name in SHARES},
    **{pair: associated(*pair.split(":")) for pair in ASSOCIATED},
    **{f"channels_known:{who}": lambda town, who=who: less_others(np.bitwise_count(town.knew), town.holds(who))
       for who in ("minority", "poor", "limited_english")},
    "digital_known:over65": lambda town: less_others(np.bitwise_count(town.knew & DIGITAL_BITS), town.people.over65),
    "knowledge:minority": lambda town: less_others(town.people.knowledge, town.people.minority),
    "knowledge:poor": lambda town: less_others(town.people.knowledge, town.people.poor),
    "trust:minority": lambda town: less_others(town.people.trust, town.people.minority),
    "households": lambda town: len(town.people),
    "neighbourhoods": lambda town: len(town.places),
    "distance_km": lambda town: np.hypot(town.people.x_km, town.people.y_km).mean(),
    "dissimilarity": lambda town: dissimilarity(town.people.minority, town.people.neighbourhood),
    "clustering": clustering,
    "median_income_usd": lambda town: np.median(town.people.income_usd),
    "income_spread": lambda town: np.log(town.people.income_usd).std(),
    "tolerance_h": lambda town: town.people.tolerance_h.mean(),
    "tolerance_spread": lambda town: np.log(town.people.tolerance_h).std(),
    "knowledge_spread": lambda town: town.people.knowledge.std(),
    "trust_spread": lambda town: town.people.trust.std(),
    "ties": lambda town: np.count_nonzero(town.built[0].ties >= 0),
    "tie_km": tie_km,
    "alike_ties": alike_ties,
    "substations": n_devices(SUBSTATION),
    "feeders": n_devices(FEEDER),
    "feeder_customers": lambda town: (town.devices.last - town.devices.first)[town.devices.level == FEEDER].mean(),
    "laterals": n_devices(LATERAL),
    "transformers": n_devices(TRANSFORMER),
    "size_spread": spread_of_sizes,
    "overhead": lambda town: town.devices.overhead[town.devices.level >= LATERAL].mean(),
    "critical": lambda town: np.count_nonzero(town.devices.critical),
    "overhead:svi": by_vulnerability(lambda town: town.devices.overhead[town.built[0].served_by].astype(float)),
    "faults:svi": by_vulnerability(lambda town: on_the_way(town, town.damage.device)),
    "repair_h:svi": by_vulnerability(lambda town: on_the_way(town, town.damage.device, town.damage.repair_h)),
    "travel_h:svi": travel_by_vulnerability,
    "metered_h:svi": by_vulnerability(lambda town: town.until_horizon(town.damage.meter_h)),
    "critical:svi": by_vulnerability(lambda town: on_the_way(town, np.flatnonzero(town.devices.critical))),
    "gust_m_per_s": lambda town: town.damage.gust_m_per_s.mean(),
    "faults": lambda town: town.damage.n_faults.sum(),
    "faults:length": faults_by_length,
    "temporary": lambda town: town.damage.n_temporary.sum() / town.damage.n_faults.sum(),
    "supply_lost": lambda town: np.count_nonzero(town.damage.supply),
    "owner_faults": lambda town: np.count_nonzero(town.damage.owner),
    "meter_bases": lambda town: np.count_nonzero(town.damage.owner == METER_BASE),
    "electrician_h": lambda town: electrician_h(town).mean(),
    "electrician_spread": lambda town: np.log(electrician_h(town)).std(),
    "onset_h": lambda town: town.damage.onset_h.mean(),
    "onset_spread_h": lambda town: town.damage.onset_h.std(),
    "repair_h": lambda town: town.damage.repair_h.mean(),
    "repair_spread": lambda town: np.log(town.damage.repair_h).std(),
    "sensed_h": lambda town: town.until_horizon(town.damage.sensed_h).mean(),
    "metered_h": lambda town: town.until_horizon(town.damage.meter_h).mean(),
    **{f"{when}:{who}": absent(when, who) for when, who in (name.split(":") for name in ABSENT)},
    "channels_known": channels_known,
    "channels_usable": lambda town: np.bitwise_count(town.rows["folk"]["can"]).mean(),
    "knowledge": lambda town: town.rows["folk"]["knowledge"].mean(),
    "trust": lambda town: town.rows["folk"]["trust"].mean(),
    "report_rate": lambda town: town.hit["logged"].mean(),
    "early_report_rate": early_reports,
    "contacts": lambda town: town.rows["folk"]["n_reports"].sum(),
    "informed": lambda town: town.rows["folk"]["informed"].sum(),
    "proxy_reports": lambda town: len(town.reports(REPORT_PROXY)),
    "passing_on_h": passing_on_h,
    "busy": lambda town: len(town.reports(REPORT_BUSY)),
    "lost_calls": lambda town: len(town.reports(REPORT_BUSY, REPORT_HUNG_UP)),
    "hung_up": lambda town: len(town.reports(REPORT_HUNG_UP)),
    "visits": lambda town: len(town.reports(REPORT_VISIT)),
    "listed": lambda town: len(town.memory.visits),
    "falsely_closed_h": falsely_closed_h,
    "trust_left": lambda town: town.rows["folk"]["trust_left"].mean(),
    "callbacks": lambda town: len(town.reports(REPORT_CALLBACK)),
    "reached": lambda town: np.count_nonzero(town.rows["folk"]["reached"]),
    "known_by_reached": known_by_reached,
    "taken_in": lambda town: np.count_nonzero(town.rows["folk"]["taken_in"]),
    "outreach_h": lambda town: town.memory.changes.time_h.mean(),
    "detection_delay_h": detection_delay_h,
    **{f"suspected_{name}s": n_suspected(level) for level, name in enumerate(LEVELS) if level <= TRANSFORMER},
    "prediction_wait_h": prediction_wait_h,
    "void_predictions": lambda town: np.isin(town.rows["orders"]["outcome"], (MERGED, WITHDRAWN)).sum(),
    "search_h": mean_of_jobs("arrived_h", "found_h"),
    "lines_walked": lambda town: town.memory.lines.n_walked.sum(),
    "faults_passed": lambda town: town.rows["faults"]["n_passed"].sum(),
    "travel_h": mean_of_jobs("dispatched_h", "arrived_h"),
    "night_crews": lambda town: np.count_nonzero(town.rows["crews"]["shift_offset_h"]),
    "districts": lambda town: len(town.memory.queue_size) // N_QUEUES,
    "shared_crews": lambda town: np.count_nonzero(town.rows["crews"]["shared"]),
    "trucks": lambda town: np.count_nonzero(np.isfinite(town.rows["crews"]["arrives_h"][n_crews(town.scenario):])),
    "order_wait_h": lambda town: waits_h(town).mean(),
    **{f"order_wait_h:{what}": wait_by(what) for what in WAITING},
    "aid_leaves_h": aid_leaves_h,
    "mean_h": mean_h,
    **{f"cost:{item}": lambda town, item=item: town.costs[item] for item in (*ITEMS, RESIDENTS)},
}  # fmt: skip
