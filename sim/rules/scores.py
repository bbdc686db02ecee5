"""Who goes first: a score of named weights, and its presets.

    score = substation + critical + single_home
            + (customers * believed + medical * registered + vulnerability * believed * SVI + reports * n_reports
               + corrected_reports * sum(1 / propensity) + pressure * n_informal) / job_hours ** hours_power
            + luck * u - waiting * first_known_h

The term for waiting falls alike for all orders as time passes, so it stands as minus the hour first known and the
order of the queue never changes with time alone. Highest score first; ties go to the device that stands first in the
grid. The largest part of the score does not depend on reports and is computed once for every device.
"""

import numpy as np

from sim.core.columns import LEVELS, SUBSTATION, Devices, Place, slice_sums
from sim.core.compiled import rule
from sim.core.luck import Purpose, column
from sim.inputs.scenario import Scenario

PRESETS: dict[str, dict[str, float]] = {
    "standard": {"substation": 1e6, "critical": 1e4, "customers": 1.0, "single_home": -1e4, "hours_power": 1.0},
    "first-reported": {"waiting": 1.0},
    "most-reports": {"substation": 1e6, "reports": 1.0},
    "voice-corrected": {"substation": 1e6, "corrected_reports": 1.0},
    "medical-first": {"substation": 1e6, "medical": 1e4, "customers": 1.0, "hours_power": 1.0},
    "vulnerability-weighted": {
        "substation": 1e6, "critical": 1e4, "customers": 0.5, "vulnerability": 1.0, "hours_power": 1.0,
    },
    "pressure": {"substation": 1e6, "pressure": 1e5, "critical": 1e4, "customers": 1.0, "hours_power": 1.0},
    "random": {"luck": 1.0},
    "omniscient": {"substation": 1e6, "critical": 1e4, "customers": 1.0, "single_home": -1e4, "hours_power": 1.0},
}  # fmt: skip


def weights(scenario: Scenario) -> dict[str, float]:
    """Weights in force: the policy's preset, or the scenario's own where the policy is "custom"."""
    own = scenario.parameters.dispatch.weights.model_dump()
    policy = scenario["dispatch.policy"]
    return own if policy == "custom" else {**dict.fromkeys(own, 0.0), **PRESETS[policy]}


def static_scores(scenario: Scenario, seed: int, place: Place, registered: np.ndarray) -> np.ndarray:
    """The part of the score that reports and waiting do not change. Returns float64 [device].

    ``registered`` : bool [household], on the medical register when work begins.
    """
    w, devices = weights(scenario), place.devices
    customers = (devices.last - devices.first).astype(float)
    per_order = w["customers"] * customers
    if w["medical"]:
        per_order += w["medical"] * slice_sums(registered.astype(float), devices.first, devices.last)
    if w["vulnerability"]:
        per_order += w["vulnerability"] * place.kept.get("svi", 0, lambda: _svi_behind(place))
    has_critical = place.kept.get("has critical", 0, lambda: _has_critical(devices))
    score = per_order * per_hour(scenario)[devices.level] + w["critical"] * has_critical
    score += w["substation"] * (devices.level == SUBSTATION)
    score += w["single_home"] * (customers <= 1.0)
    if w["luck"]:
        score += w["luck"] * column(seed, Purpose.DISPATCH, devices.id)
    return score


def _svi_behind(place: Place) -> np.ndarray:
    """Social vulnerability of the customers behind each device, added up; float64 [device]."""
    svi = place.neighbourhoods.svi[place.households.neighbourhood]
    return slice_sums(svi, place.devices.first, place.devices.last)


def _has_critical(devices: Devices) -> np.ndarray:
    """Whether a critical facility is fed from each device, or from one below it; bool [device]."""
    critical = np.concatenate([[0], np.cumsum(devices.critical)])
    return critical[devices.end] > critical[:-1]


def per_hour(scenario: Scenario) -> np.ndarray:
    """One over the expected job hours to the power ``hours_power``, by level. Returns float64 [level]."""
    repair, patrol = scenario.parameters.storm.repair_h, scenario.parameters.patrol
    travel_h = scenario["crews.travel_min"] / 60
    hours = [getattr(repair, level) + getattr(patrol, f"{level}_h") + travel_h for level in LEVELS]
    return np.array(hours) ** -weights(scenario)["hours_power"]


@rule
def order_score(order, device, parameters):
    """Score of an order; the highest goes first. A policy of one's own has this signature.

    Parameters
    ----------
    order : row       of `sim.core.control_room_rows.ORDER`: reports, informal, believed, opened_h, confirmed, ...
    device : row      of `sim.core.grid_rows.DEVICE`: static_score, level, first, last, ...
    parameters : row  as declared (:mod:`sim.inputs.parameters`); ``parameters.derived.weights``: those in force, under
                      the names of ``dispatch.weights``; ``parameters.derived.per_hour`` [level]
    """
    derived, w = parameters.derived, parameters.derived.weights
    per_order = w.reports * order.reports + w.corrected_reports * order.voices + w.pressure * order.informal
    return device.static_score + per_order * derived.per_hour[device.level] - w.waiting * order.opened_h
