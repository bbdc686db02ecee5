"""Winds from a best track: the strongest sustained wind that passes each point, by Holland's profile.

The centre moves in straight lines between the fixes of the track, intensity and radius of maximum wind change
linearly in time; the passage is looked at every ten minutes of the storm's own clock. (That is the resolution of
the track's interpolation, not a step of the simulation.)
"""

from datetime import UTC, datetime

import numpy as np

from sim.core.errors import ScenarioError, shown
from sim.core.limits import TRACK_DAYS, TRACK_ROWS
from sim.inputs.plausible import check_track, offset_km
from sim.inputs.scenario import Scenario

KNOT_M_PER_S = 0.514444
LOOK_EVERY_H = 1 / 6
AT_ONCE = 5_000_000  # points times moments: 40 MB
LIMITS = (
    ("latitude", -90.0, 90.0), ("longitude", -180.0, 180.0), ("max wind", 0.0, 250.0), ("radius", 0.1, 1_000.0),
)  # fmt: skip


def peak_winds(scenario: Scenario, x_km: np.ndarray, y_km: np.ndarray) -> np.ndarray:
    """Strongest sustained wind over open terrain, m/s [point]; points in km east and north of the city's centre."""
    hour, latitude, longitude, wind_kt, radius_km = fixes(scenario)
    when = np.arange(hour[0], hour[-1] + 1e-9, LOOK_EVERY_H)
    city = scenario["place.latitude_deg"], scenario["place.longitude_deg"]
    centre_x, centre_y = offset_km(np.interp(when, hour, latitude), np.interp(when, hour, longitude), city)
    radius, strength = np.interp(when, hour, radius_km), np.interp(when, hour, wind_kt) * KNOT_M_PER_S
    found = []
    for points in np.array_split(np.arange(len(x_km)), 1 + len(x_km) * len(when) // AT_ONCE):
        distance = np.hypot(x_km[points, None] - centre_x, y_km[points, None] - centre_y)
        winds = holland(radius / np.maximum(distance, 1e-3), strength, scenario["storm.holland_b"])
        found.append(winds.max(axis=1))
    return np.concatenate(found)


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
    if len(rows) > TRACK_ROWS:
        raise ScenarioError(f"{where}: has {len(rows):,} rows; at most {TRACK_ROWS:,} are taken")
    for i, row in enumerate(rows, 1):
        if len(row) != 5 or not isinstance(row[0], str) or not all(isinstance(v, (int, float)) for v in row[1:]):
            form = "[time, latitude, longitude, max wind kt, radius km]"
            raise ScenarioError(f"{where}: row {i} must be {form}, not {shown(row)}")
    times = [_moment(row[0], f"{where}: row {i}") for i, row in enumerate(rows, 1)]
    hours = np.array([(t - times[0]).total_seconds() / 3600.0 for t in times])
    if len(hours) < 2 or (np.diff(hours) <= 0).any():
        raise ScenarioError(f"{where}: needs at least two fixes in order of time")
    if hours[-1] > 24.0 * TRACK_DAYS:
        raise ScenarioError(f"{where}: covers {hours[-1] / 24.0:,.0f} days; at most {TRACK_DAYS:g} are taken")
    columns = [np.array([float(row[k]) for row in rows]) for k in range(1, 5)]
    check_track(columns[0], columns[1], (scenario["place.latitude_deg"], scenario["place.longitude_deg"]), where)
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
        raise ScenarioError(f"{where}: {shown(text)} is not an ISO 8601 time such as 2018-10-10T18:00Z") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
