"""Damage: how many faults each device has, of what kind, and how much work they are.

The faults of a device are Poisson with the mean

    rate[level] * exposure * (gust / reference) ** gust_exponent         underground times ``underground_factor``

where the exposure is the length of line (:mod:`sim.world.lengths`) times what the neighbourhoods of its customers add
(:mod:`sim.world.contrast`). A fault of a line or transformer is *temporary* with the chance

    min(0.8, temporary_share * (reference / gust) ** temporary_exponent)

for the stronger the gust, the more of what it throws stays on the line. It has gone by itself: somebody has to find the
open fuse or recloser, see that the line is whole, and close it. Repair of a device is the sum over its faults of
lognormal hours, with the median of the level, or of temporary ones.

A substation may also have lost its *supply*: Poisson faults of transmission, by the same gust, that only crews of their
own can mend, who also see to what is broken at the substation itself. The control room knows at once.

An overhead service drop may tear off what the household owns: the mast, or the meter base as well. The utility does not
reconnect before that is mended (:mod:`sim.rules.owners`).
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from sim.core.columns import DROP, LEVELS, MAST, METER_BASE, NOT_OWNED, SUBSTATION, Place
from sim.core.errors import ScenarioError
from sim.core.luck import Purpose, column, lognormal, poisson, triangular
from sim.core.notices import notice
from sim.inputs.parameters.world import Storm
from sim.inputs.scenario import Scenario
from sim.world.contrast import behind

MOST_TEMPORARY = 0.8  # even in fair weather


class Faults(NamedTuple):
    """Damaged devices as in :class:`sim.core.columns.Damage`; ``sensed_h`` is NaN where telemetry decides."""

    device: np.ndarray  # int [damaged], as all below
    n_faults: np.ndarray
    n_temporary: np.ndarray
    supply: np.ndarray
    owner: np.ndarray
    onset_h: np.ndarray
    repair_h: np.ndarray
    sensed_h: np.ndarray


def draw(scenario: Scenario, place: Place, gust: np.ndarray, seed: int) -> Faults:
    """Faults by chance; ``gust`` float64 [neighbourhood], m/s."""
    storm, identity = scenario.parameters.storm, place.devices.id
    relative = gust[neighbourhood_of(place)] / storm.reference_gust_m_per_s
    own = poisson(column(seed, Purpose.DAMAGE, identity), expected(scenario, place, relative))
    lost = supply_faults(scenario, place, relative, seed)
    device = np.flatnonzero((own > 0) | (lost > 0))
    n_temporary, repair_h = _work(scenario, place, seed, device, own[device], relative[device])
    n_lost, hours = lost[device], storm.repair_h
    for number, rows in _one_by_one(n_lost):
        u = column(seed, Purpose.SUPPLY_REPAIR, identity[device[rows]], number)
        repair_h[rows] += lognormal(u, hours.transmission, hours.sigma)
    u = column(seed, Purpose.ONSET, identity[device])
    onset_h = triangular(u, storm.onset_middle_h, storm.onset_window_h)
    onset_h = np.minimum(onset_h, scenario["crews.safe_h"])  # what fails later is part of the same storm
    sensed_h = np.where(n_lost > 0, onset_h, np.nan)
    owner = torn_off(scenario, place, seed)[device]
    return Faults(device, own[device] + n_lost, n_temporary, n_lost > 0, owner, onset_h, repair_h, sensed_h)


def expected(scenario: Scenario, place: Place, relative: np.ndarray) -> np.ndarray:
    """Expected faults, float64 [device]; ``relative``: gust over the reference gust, alike."""
    devices, storm = place.devices, scenario.parameters.storm
    rate = np.array([getattr(storm.failures, level) for level in LEVELS])[devices.level]
    strength = relative**storm.gust_exponent * np.where(devices.overhead, 1.0, storm.underground_factor)
    return rate * devices.exposure * behind(place, "exposure") * strength


def supply_faults(scenario: Scenario, place: Place, relative: np.ndarray, seed: int) -> np.ndarray:
    """Faults of transmission behind which a substation has no supply, int64 [device]."""
    storm, devices = scenario.parameters.storm, place.devices
    found = np.zeros(len(devices), dtype=np.int64)
    fed = np.flatnonzero((devices.level == SUBSTATION) & (devices.parent < 0))
    if storm.failures.transmission > 0.0 and not len(fed):
        notice(f"{scenario.name}: storm.failures.transmission changes nothing: no substation is a source of this grid")
    mean = storm.failures.transmission * relative[fed] ** storm.gust_exponent
    found[fed] = poisson(column(seed, Purpose.SUPPLY, devices.id[fed]), mean)
    return found


def torn_off(scenario: Scenario, place: Place, seed: int) -> np.ndarray:
    """What each service drop, if it is damaged, tears off that the household owns; int8 [device].

    Underground there is no mast that a wire could tear off, and without customers nobody to own one.
    """
    devices, share = place.devices, scenario["storm.owner_share"]
    torn = np.full(len(devices), NOT_OWNED, dtype=np.int8)
    if share == 0.0:
        return torn
    is_drop = devices.level == DROP
    if not is_drop.any() and share != Storm().owner_share:  # somebody asked for it
        raise ScenarioError(
            f"{scenario.name} [storm]: owner_share = {share:g}, but the grid has no service drops that could tear off "
            "what households own; allowed without drops: 0"
        )
    drops = np.flatnonzero(is_drop & devices.overhead & (devices.last > devices.first))
    drops = drops[column(seed, Purpose.OWNER, devices.id[drops]) < share]
    base = column(seed, Purpose.OWNER, devices.id[drops], 1) < scenario["storm.meter_base_share"]
    torn[drops] = np.where(base, METER_BASE, MAST)
    return torn


def temporary_chance(scenario: Scenario, relative: np.ndarray) -> np.ndarray:
    """Chance that a fault of a line has gone by itself; ``relative``: gust over the reference gust, positive."""
    storm = scenario.parameters.storm
    with np.errstate(divide="ignore"):  # no wind at all
        chance = storm.temporary_share * relative**-storm.temporary_exponent
    return np.minimum(MOST_TEMPORARY, chance)


def neighbourhood_of(place: Place) -> np.ndarray:
    """Where each device lies: the neighbourhood of the first customer behind it. Index [device]."""
    return place.households.neighbourhood[np.minimum(place.devices.first, len(place.households) - 1)]


def _work(
    scenario: Scenario, place: Place, seed: int, device: np.ndarray, n_faults: np.ndarray, relative: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """How many faults of each damaged device are temporary, and the hours of work on all."""
    hours, level, identity = scenario.parameters.storm.repair_h, place.devices.level[device], place.devices.id[device]
    median_h = np.array([getattr(hours, name) for name in LEVELS])[level] * behind(place, "repair_factor")[device]
    can_pass = (level > SUBSTATION) & (level < DROP)
    chance = np.where(can_pass, temporary_chance(scenario, relative), 0.0)
    n_temporary, repair_h = np.zeros(len(device), dtype=np.int64), np.zeros(len(device))
    for number, rows in _one_by_one(n_faults):
        passed = column(seed, Purpose.TEMPORARY, identity[rows], number) < chance[rows]
        n_temporary[rows] += passed
        u = column(seed, Purpose.REPAIR, identity[rows], number)
        repair_h[rows] += lognormal(u, np.where(passed, hours.temporary, median_h[rows]), hours.sigma)
    return n_temporary, repair_h


def _one_by_one(counts: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """The first of what each row has, the second, and so on: its number, and the rows that have it."""
    for number in range(counts.max(initial=0)):
        yield number, np.flatnonzero(counts > number)
