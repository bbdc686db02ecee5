"""What input cannot mean, though it is well formed: places far from the city, and labels that a spreadsheet has cut.

Each complaint says what lies where, and what is likely meant: a minus sign that is missing, latitude and longitude
exchanged, metres for kilometres, the centre of another city.
"""

import re
from collections.abc import Callable

import numpy as np

from sim.core.errors import ScenarioError
from sim.core.limits import FROM_CENTRE_KM
from sim.core.notices import notice

KM_PER_DEGREE = 111.195  # of latitude, on a sphere of 6,371 km
NEAR_A_TRACK_KM = 1_000.0  # a hurricane's wind reaches no further
OFF_CENTRE_KM = 50.0  # few cities have nobody so near their centre
CUT_SHORT = re.compile(r"-?\d([.,]\d+)?[eE]\+\d+")
Centre = tuple[float, float]  # latitude, longitude in degrees

READINGS: tuple[tuple[str, Callable], ...] = (
    ("the minus sign of the longitude seems to be missing (west is negative)", lambda north, east: (north, -east)),
    ("latitude and longitude seem to be exchanged", lambda north, east: (east, north)),
    ("the minus sign of the latitude seems to be missing (south is negative)", lambda north, east: (-north, east)),
    ("latitude and longitude seem to be exchanged, and a minus sign to be missing",
     lambda north, east: (east, -north)),
    ("longitudes count from -180 to 180, west negative", lambda north, east: (north, east - 360.0)),
)  # fmt: skip


def offset_km(latitude: np.ndarray, longitude: np.ndarray, centre: Centre) -> tuple[np.ndarray, np.ndarray]:
    """Kilometres east and north of the city's centre; flat earth, good to a few hundred km."""
    km_per_degree_east = KM_PER_DEGREE * np.cos(np.radians(centre[0]))
    return (longitude - centre[1]) * km_per_degree_east, (latitude - centre[0]) * KM_PER_DEGREE


def check_near(x_km: np.ndarray, y_km: np.ndarray, where: str, name: Callable[[int], str]) -> None:
    """Refuse what lies far from the city's centre.

    Parameters
    ----------
    x_km, y_km : float [thing]     east and north of the centre; NaN where not given
    where : str                    what messages begin with
    name : callable                what a thing is called, by its row
    """
    distance_km = _length(np.nan_to_num(x_km), np.nan_to_num(y_km))
    far = distance_km > FROM_CENTRE_KM
    if far.any():
        row = int(np.argmax(far))
        metres = distance_km[far].max() / 1_000.0 <= FROM_CENTRE_KM
        meant = "are they in metres?" if metres else "they count from the city's centre, in km"
        raise ScenarioError(
            f"{where}: {name(row)} lies {distance_km[row]:,.6g} km from the city's centre, more than "
            f"{FROM_CENTRE_KM:g} km (x_km {x_km[row]:g}, y_km {y_km[row]:g}; {meant})"
        )


def check_on_map(
    latitude: np.ndarray,
    longitude: np.ndarray,
    centre: Centre,
    where: str,
    name: Callable[[int], str],
    columns: tuple[str, str] = ("centroid_lat", "centroid_lon"),
    thing: str = "tract",
) -> None:
    """Refuse tracts or the like that lie far from the city's centre, and remark on a centre far from all of them."""
    distance_km = _away_km(latitude, longitude, centre)
    far = (distance_km > FROM_CENTRE_KM) | (np.abs(latitude) > 90.0)
    if far.any():
        row = int(np.argmax(far))
        meant = misread(latitude[far], longitude[far], centre, FROM_CENTRE_KM) or _whose(latitude, longitude, far)
        raise ScenarioError(
            f"{where}: {name(row)}: columns '{columns[0]}' and '{columns[1]}' are {latitude[row]:g} and "
            f"{longitude[row]:g}, {distance_km[row]:,.0f} km from the city's centre ({_of_place(centre)}), more than "
            f"{FROM_CENTRE_KM:g} km; {meant}"
        )
    if distance_km.min() > OFF_CENTRE_KM:
        notice(
            f"{where}: the nearest {thing} lies {distance_km.min():.0f} km from the city's centre "
            f"({_of_place(centre)}), where crews set out: is it another city's?"
        )


def _whose(latitude: np.ndarray, longitude: np.ndarray, far: np.ndarray) -> str:
    if not far.all():
        return "is the row of another place?"
    return f"the middle of the table is {np.median(latitude):.2f}, {np.median(longitude):.2f}: is the centre there?"


def check_track(latitude: np.ndarray, longitude: np.ndarray, centre: Centre, where: str) -> None:
    """Refuse a track that never comes near, but would if it were read in another way."""
    if (_away_km(latitude, longitude, centre) <= NEAR_A_TRACK_KM).any():
        return
    meant = misread(latitude, longitude, centre, NEAR_A_TRACK_KM, some=True)
    if meant:
        raise ScenarioError(
            f"{where}: never comes within {NEAR_A_TRACK_KM:,.0f} km of the city's centre ({_of_place(centre)}); {meant}"
        )


def misread(
    latitude: np.ndarray, longitude: np.ndarray, centre: Centre, near_km: float, some: bool = False
) -> str:  # fmt: skip
    """Which other reading brings all points (or some) near the city's centre; "" if none does."""
    for words, reading in READINGS:
        north, east = reading(latitude, longitude)
        near = _away_km(north, east, centre) <= near_km
        if near.any() if some else near.all():
            return words
    return ""


def check_labels(labels: np.ndarray, column: str, where: str) -> None:
    """Refuse labels that a spreadsheet has turned into rounded numbers."""
    for row, label in enumerate(labels.tolist(), 1):
        if "+" in label and CUT_SHORT.fullmatch(label):
            raise ScenarioError(
                f"{where}: column '{column}', row {row}: '{label}' is a number that a spreadsheet has cut short; make "
                "the column text there and export it anew from the source"
            )


def _away_km(latitude: np.ndarray, longitude: np.ndarray, centre: Centre) -> np.ndarray:
    return _length(*offset_km(latitude, longitude, centre))


def _of_place(centre: Centre) -> str:
    return f"place.latitude_deg {centre[0]:g}, place.longitude_deg {centre[1]:g}"


def _length(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore"):
        return np.hypot(x, y)
