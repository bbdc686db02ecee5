"""Winds from a best track: the strongest sustained wind that passes each point, by Holland's profile.

The centre moves in straight lines between the fixes of the track, intensity and radius of maximum wind change
linearly in time; the passage is looked at every ten minutes of the storm's own clock. (That is the resolution of
the track's interpolation, not a step of the simulation.)
"""

from datetime import UTC, datetime

import numpy as np

from sim.errors import ScenarioError
from sim.scenario import Scenario

KM_PER_DEGREE = 111.195
KNOT_M_PER_S = 0.514444
LOOK_EVERY_H = 1 / 6
LIMITS = (
    ("latitude", -90.0, 90.0), ("longitude", -180.0, 180.0), ("max wind", 0.0, 250.0), ("radius", 0.1, 1_000.0),
)  # fmt: skip


def peak_winds(scenario: Scenario, x_km: np.ndarray, y_km: np.ndarray) -> np.ndarray:
    """Strongest sustained wind over open terrain, m/s [point]; points in km east and north of the city's centre."""
    hour, latitude, longitude, wind_kt, radius_km = fixes(scenario)
    when = np.arange(hour[0], hour[-1] + 1e-9, LOOK_EVERY_H)
    centre_y = (np.interp(when, hour, latitude) - scenario["place.latitude_deg"]) * KM_PER_DEGREE
    shrink = np.cos(np.radians(scenario["place.latitude_deg"]))
    centre_x = (np.interp(when, hour, longitude) - scenario["place.longitude_deg"]) * KM_PER_DEGREE * shrink
    distance = np.hypot(x_km[:, None] - centre_x, y_km[:, None] - centre_y)
    ratio = np.interp(when, hour, radius_km) / np.maximum(distance, 1e-3)
    winds = holland(ratio, np.interp(when, hour, wind_kt) * KNOT_M_PER_S, scenario["storm.holland_b"])
    return winds.max(axis=1)


def holland(ratio: np.ndarray, max_wind: np.ndarray | float, peakedness: float) -> np.ndarray:
    """Holland's profile at ``ratio`` = radius of maximum wind over distance, in the unit of ``max_wind``."""
    power = ratio**peakedness
    with np.errstate(over="ignore", invalid="ignore"):
        shape = np.where(power > 500.0, 0.0, power * np.exp(1.0 - np.minimum(power, 500.0)))
    return max_wind * np.sqrt(shape)


def fixes(scenario: Scenario) -> tuple[np.ndarray, ...]:
    """The track's rows as columns: hours from the first fix, degrees north, degrees east, knots, km."""
    rows = scenario["storm.track"]
    where = f"{scenario.name} [storm]: track"
    for i, row in enumerate(rows, 1):
        if len(row) != 5 or not isinstance(row[0], str) or not all(isinstance(v, (int, float)) for v in row[1:]):
            form = "[time, latitude, longitude, max wind kt, radius km]"
            raise ScenarioError(f"{where}: row {i} must be {form}, not {row}")
    times = [_moment(row[0], f"{where}: row {i}") for i, row in enumerate(rows, 1)]
    hours = np.array([(t - times[0]).total_seconds() / 3600.0 for t in times])
    if len(hours) < 2 or (np.diff(hours) <= 0).any():
        raise ScenarioError(f"{where}: needs at least two fixes in order of time")
    columns = [np.array([float(row[k]) for row in rows]) for k in range(1, 5)]
    for column, (name, low, high) in zip(columns, LIMITS, strict=True):
        wrong = ~((column >= low) & (column <= high))  # NaN is wrong too
        if wrong.any():
            row = int(np.argmax(wrong))
            raise ScenarioError(f"{where}: row {row + 1}: {name} must be from {low:g} to {high:g}, not {column[row]:g}")
    return (hours, *columns)


def _moment(text: str, where: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ScenarioError(f"{where}: '{text}' is not an ISO 8601 time such as 2018-10-10T18:00Z") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
