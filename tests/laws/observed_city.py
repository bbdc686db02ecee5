"""Outcomes of a city and a storm that a parameter can be declared to move: people, grid, faults, sensors."""

import numpy as np

from sim.core.columns import (
    FEEDER,
    LATERAL,
    METER_BASE,
    NOT_OWNED,
    SUBSTATION,
    TRANSFORMER,
    slice_sums,
)  # fmt: skip
from sim.inputs.parameters.observables import ABSENT, ASSOCIATED, SHARES
from sim.world.lengths import exposure
from sim.world.people import dissimilarity
from tests.laws.observed_town import DIGITAL_BITS, less_others


def associated(what, who):
    return lambda town: less_others(town.holds(what).astype(float), town.holds(who))


def absent(when, who):
    """Share of a group that has left before the storm, or that leaves later, less that of the others."""

    def gap(town):
        away_h, income_usd = town.rows["households"]["away_h"], town.people.income_usd
        gone = np.isneginf(away_h) if when == "left_before" else np.isfinite(away_h)
        return less_others(gone, income_usd > np.median(income_usd) if who == "income" else town.holds(who))

    return gap


def n_devices(level):
    return lambda town: np.count_nonzero(town.devices.level == level)


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


OF_CITY = {
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
}  # fmt: skip
