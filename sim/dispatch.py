"""Who goes first: a score of named weights, its presets, and the choice of a crew.

    score = substation + critical + (customers * believed + medical * registered + vulnerability * believed * SVI
            + reports * n_reports + pressure * n_informal) / job_hours ** hours_power
            + luck * u - waiting * first_known_h

The term for waiting falls alike for all orders as time passes, so it stands as minus the hour first known and the
order of the queue never changes with time alone. Highest score first; ties go to the device that stands first in the
grid. The largest part of the score does not depend on reports and is computed once for every device.
"""

import numpy as np

from sim.columns import DROP, SUBSTATION, Devices, Households
from sim.compiled import rule
from sim.crews import is_on_duty, next_duty_h, send
from sim.events import LOOK, ON_DUTY, plan, pop
from sim.luck import Purpose, column
from sim.orders import ASSIGNED, WAITING_FOR_CREW, block, order_above
from sim.scenario import Scenario

PRESETS: dict[str, dict[str, float]] = {
    "standard": {"substation": 1e6, "critical": 1e4, "customers": 1.0, "hours_power": 1.0},
    "first-reported": {"waiting": 1.0},
    "most-reports": {"substation": 1e6, "reports": 1.0},
    "medical-first": {"substation": 1e6, "medical": 1e4, "customers": 1.0, "hours_power": 1.0},
    "vulnerability-weighted": {
        "substation": 1e6, "critical": 1e4, "customers": 0.5, "vulnerability": 1.0, "hours_power": 1.0,
    },
    "pressure": {"substation": 1e6, "pressure": 1e5, "critical": 1e4, "customers": 1.0, "hours_power": 1.0},
    "random": {"luck": 1.0},
    "omniscient": {"substation": 1e6, "critical": 1e4, "customers": 1.0, "hours_power": 1.0},
}  # fmt: skip


def weights(scenario: Scenario) -> dict[str, float]:
    """Weights in force: the policy's preset, or the scenario's own where the policy is "custom"."""
    own = scenario.parameters.dispatch.weights.model_dump()
    policy = scenario["dispatch.policy"]
    return own if policy == "custom" else {**dict.fromkeys(own, 0.0), **PRESETS[policy]}


def static_scores(scenario: Scenario, seed: int, devices: Devices, folk: Households, svi: np.ndarray) -> np.ndarray:
    """The part of the score that reports and waiting do not change. Returns float64 [device]."""
    w = weights(scenario)
    customers = (devices.last - devices.first).astype(float)
    medical = _behind(folk.medical_registered.astype(float), devices.first, devices.last)
    vulnerable = _behind(svi[folk.neighbourhood], devices.first, devices.last)
    critical = np.concatenate([[0], np.cumsum(devices.critical)])
    has_critical = critical[devices.end] > critical[np.arange(len(devices))]
    per_order = w["customers"] * customers + w["medical"] * medical + w["vulnerability"] * vulnerable
    score = per_order * per_hour(scenario)[devices.level] + w["critical"] * has_critical
    score += w["substation"] * (devices.level == SUBSTATION)
    if w["luck"]:
        score += w["luck"] * column(seed, Purpose.DISPATCH, devices.id)
    return score


def per_hour(scenario: Scenario) -> np.ndarray:
    """One over the expected job hours to the power ``hours_power``, by level. Returns float64 [level]."""
    repair, patrol = scenario.parameters.storm.repair_h, scenario.parameters.patrol
    levels = ("substation", "feeder", "lateral", "transformer", "drop")
    hours = [
        getattr(repair, level) + getattr(patrol, f"{level}_h") + scenario["crews.travel_min"] / 60 for level in levels
    ]
    return np.array(hours) ** -weights(scenario)["hours_power"]


def _behind(values: np.ndarray, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    total = np.concatenate([[0.0], np.cumsum(values)])
    return total[last] - total[first]


@rule
def order_score(order, device, rules):
    """Score of an order; the highest goes first. A policy of one's own has this signature.

    Parameters
    ----------
    order : row       of ``memory.ORDER``: reports, informal, believed, opened_h, confirmed, ...
    device : row      of ``memory.DEVICE``: static_score, level, first, last, ...
    rules : row       weights: per_report, per_informal, waiting, per_hour [level]
    """
    voice = rules.per_report * order.reports + rules.per_informal * order.informal
    return device.static_score + voice * rules.per_hour[device.level] - rules.waiting * order.opened_h


@rule
def look(city, time_h):
    """Dispatchers look at their list: crews go as long as one that is free can take an order that waits."""
    clock = city.clock[0]
    clock.look = False
    cycle_h = city.rules[0].dispatch_cycle_h
    if cycle_h > 0.0:
        due = np.ceil(time_h / cycle_h) * cycle_h
        if due > time_h:
            if not clock.look_planned:
                clock.look_planned = True
                plan(city, due, LOOK, 0)
            return
    assign_all(city, time_h)


@rule
def assign_all(city, time_h):
    """Best order first, to the nearest free crew of the smallest class that can do it."""
    stand_down(city, time_h)
    while city.clock[0].n_idle > 0 and assign_one(city, time_h):
        pass


@rule
def assign_one(city, time_h):
    """Send one crew to the best order that any free crew can do. Returns whether there was one."""
    tried = 0
    while True:
        level = best_level(city, tried)
        if level < 0:
            return False
        crew = nearest_crew(city, level)
        if crew >= 0:
            assign(city, level, crew, time_h)
            return True
        tried |= 1 << level


@rule
def best_level(city, tried):
    """Level not yet tried whose first order has the highest score; ties to the device first in the grid; or -1."""
    best, best_score, best_device = -1, -np.inf, -1
    for level in range(DROP + 1):
        settle(city, level)
        if city.queue_size[level] == 0 or tried >> level & 1:
            continue
        score, device = -city.queues[level, 0].time_h, city.queues[level, 0].code
        if best < 0 or score > best_score or (score == best_score and device < best_device):
            best, best_score, best_device = level, score, device
    return best


@rule
def settle(city, level):
    """Drop void entries from the front of a queue, and set aside orders behind another open order upstream."""
    while city.queue_size[level] > 0:
        entry = city.queues[level, 0]
        number = city.devices[entry.code].order
        if number >= 0 and city.orders[number].stamp == entry.version:
            if city.orders[number].status == WAITING_FOR_CREW:
                blocker = order_above(city, city.devices[entry.code].parent)
                if blocker < 0:
                    return
                block(city, number, blocker)
        city.queue_size[level] = pop(city.queues[level], city.queue_size[level])


@rule
def nearest_crew(city, level):
    """The free crew nearest to the first order of a level, of the class that can do least but this; -1: none."""
    device = city.devices[city.queues[level, 0].code]
    best, best_largest, best_km2 = -1, -1, np.inf
    for slot in range(city.clock[0].n_idle):
        crew = city.idle[slot]
        row = city.crews[crew]
        if row.largest > level:
            continue
        km2 = (row.x_km - device.x_km) ** 2 + (row.y_km - device.y_km) ** 2
        closer = km2 < best_km2 or (km2 == best_km2 and crew < best)
        if row.largest > best_largest or (row.largest == best_largest and closer):
            best, best_largest, best_km2 = crew, row.largest, km2
    return best


@rule
def assign(city, level, crew, time_h):
    """Send a crew to the first order of a level."""
    number = city.devices[city.queues[level, 0].code].order
    city.queue_size[level] = pop(city.queues[level], city.queue_size[level])
    order = city.orders[number]
    order.status = ASSIGNED
    if order.first_dispatched_h > time_h:
        order.first_dispatched_h = time_h
    send(city, crew, number, time_h)


@rule
def stand_down(city, time_h):
    """Crews whose shift has ended leave the list of free crews until their next one."""
    slot = 0
    while slot < city.clock[0].n_idle:
        crew = city.idle[slot]
        if is_on_duty(city, crew, time_h):
            slot += 1
            continue
        city.clock[0].n_idle -= 1
        city.idle[slot] = city.idle[city.clock[0].n_idle]
        plan(city, next_duty_h(city, crew, time_h), ON_DUTY, crew)
