"""The things of the world as named columns: neighbourhoods, households, devices, faults, and the place they make.

Many and alike means one array per attribute, one entry per thing; ``households[3]`` is a readable row. Households and
devices stand in the depth-first order of the radial grid, so that the customers behind any device, the devices
below it and the faults among them are each one contiguous slice.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

import numpy as np

from sim.core.compiled import codes

SUBSTATION, FEEDER, LATERAL, TRANSFORMER, DROP = codes(5)
LEVELS = ("substation", "feeder", "lateral", "transformer", "drop")
HOTLINE, WEB, APP, SMS, LIAISON, INFORMAL = codes(6)
CHANNELS = ("hotline", "web", "app", "sms", "liaison", "informal")
ETHNICITIES = ("white", "black", "hispanic", "other")
NOT_OWNED, MAST, METER_BASE = codes(3)
OWNED = ("", "mast", "meter base")  # what a service drop tears off that the household owns


class Columns:
    """Shared by all column tables: length, a readable row, and rows taken in another order."""

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))  # type: ignore[arg-type]

    def __getitem__(self, row: int) -> dict[str, Any]:
        return {f.name: getattr(self, f.name)[row] for f in fields(self)}  # type: ignore[arg-type]

    def take(self, rows: np.ndarray) -> Any:
        """The same columns with the given rows, in the given order."""
        return type(self)(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})  # type: ignore[arg-type]


@dataclass(frozen=True, eq=False)
class Neighbourhoods(Columns):
    """Census tracts or the like. All arrays have shape [neighbourhood]."""

    name: np.ndarray  # object   label
    id: np.ndarray  # uint64     identity for luck
    x_km: np.ndarray  # float64  centre, east of the city's centre
    y_km: np.ndarray  # float64  centre, north of the city's centre
    area_km2: np.ndarray  # float64
    households: np.ndarray  # float64  as its table counts them, before they are scaled to place.customers
    minority_share: np.ndarray  # float64  target share of minority households
    svi: np.ndarray  # float64   social vulnerability, percentile 0-1 (1 = most vulnerable)
    district: np.ndarray  # object   name of the dispatch district, "" where no table gives any


@dataclass(frozen=True, eq=False)
class Contrast(Columns):
    """What delays power, by neighbourhood (:mod:`sim.world.contrast`). Shape [neighbourhood]; NaN: the city's."""

    overhead_share: np.ndarray  # float64  laterals, transformers and drops above ground
    exposure: np.ndarray  # float64        times the failure rates of the devices there; mean 1 over households
    repair_factor: np.ndarray  # float64   times the repair hours there; mean 1
    access_factor: np.ndarray  # float64   times the travel time there while roads are blocked; mean 1
    meter_coverage: np.ndarray  # float64  households with a meter that answers
    critical_share: np.ndarray  # float64  laterals that feed a critical facility


@dataclass(frozen=True, eq=False)
class Households(Columns):
    """Every household is one customer. All arrays have shape [household]."""

    label: np.ndarray  # int64 or object  household_id as the user knows it
    id: np.ndarray  # uint64              identity for luck
    neighbourhood: np.ndarray  # int32    index
    x_km: np.ndarray  # float64
    y_km: np.ndarray  # float64
    ethnicity: np.ndarray  # int8         index into ETHNICITIES
    minority: np.ndarray  # bool          everyone but non-Hispanic White
    income_usd: np.ndarray  # float64     a year
    poor: np.ndarray  # bool              below the poverty line
    student: np.ndarray  # bool           of students: poor by income, not by means
    over65: np.ndarray  # bool            a member aged 65 or older
    children: np.ndarray  # bool          anyone under 18
    disability: np.ndarray  # bool
    medical_device: np.ndarray  # bool    electricity-dependent
    medical_registered: np.ndarray  # bool  on the utility's register
    limited_english: np.ndarray  # bool
    renter: np.ndarray  # bool
    no_vehicle: np.ndarray  # bool
    broadband: np.ndarray  # bool         internet subscription
    smartphone: np.ndarray  # bool
    phone: np.ndarray  # bool             any phone
    landline: np.ndarray  # bool          line-powered: works without home power
    voip: np.ndarray  # bool              over the internet: works without home power while a battery lasts
    substitute: np.ndarray  # bool        generator, or somewhere else to go
    political_capital: np.ndarray  # bool an informal route to officials
    knowledge: np.ndarray  # float64      0-1
    trust: np.ndarray  # float64          0-1, that reporting helps
    tolerance_h: np.ndarray  # float64    hours out at which need is one half


@dataclass(frozen=True, eq=False)
class Devices(Columns):
    """The radial grid as a tree in depth-first order: a parent stands before its children. Shape [device]."""

    label: np.ndarray  # object  name, e.g. S2.F1.L14
    id: np.ndarray  # uint64     identity for luck
    level: np.ndarray  # int8    SUBSTATION .. DROP
    parent: np.ndarray  # int32  device upstream, -1 at a source
    end: np.ndarray  # int32     devices below are [self, end)
    first: np.ndarray  # int32   customers behind are households [first, last)
    last: np.ndarray  # int32
    rollup: np.ndarray  # int32  device that is suspected when several like this one are; -1: none
    x_km: np.ndarray  # float64
    y_km: np.ndarray  # float64
    overhead: np.ndarray  # bool
    critical: np.ndarray  # bool   a critical facility is fed here (not: further down)
    exposure: np.ndarray  # float64  how many typical devices of its level it stands for (length of line)
    line_km: np.ndarray  # float64   line from the device above to here


class Kept:
    """Columns worked out once for a place and used again by every run in it: luck looked up, sums over the grid.

    They are functions of the place and of what is given as ``version``; a run reads them and never writes to them.
    """

    def __init__(self) -> None:
        self._kept: dict[Hashable, tuple[Hashable, np.ndarray]] = {}

    def get(self, name: Hashable, version: Hashable, make: Callable[[], np.ndarray]) -> np.ndarray:
        """The column of that name; made anew if there is none, or one of another version."""
        found = self._kept.get(name)
        if found is None or found[0] != version:
            column = make()
            column.flags.writeable = False
            found = self._kept[name] = version, column
        return found[1]


class Place(NamedTuple):
    """A city before the storm. Households stand in the depth-first order of the grid."""

    neighbourhoods: Neighbourhoods
    contrast: Contrast
    households: Households
    devices: Devices
    served_by: np.ndarray  # int32 [household]  the last device before the meter
    ties: np.ndarray  # int32 [household, tie]   household index, -1: no such tie
    fidelity: dict[str, np.ndarray]  # target and realised shares by neighbourhood, as columns
    kept: Kept


class Damage(NamedTuple):
    """What the storm did, a row for each damaged device, in device order. Shape [damaged] unless said otherwise."""

    device: np.ndarray  # int32
    n_faults: np.ndarray  # int64     a job each
    n_temporary: np.ndarray  # int64  of these, gone by themselves: to be looked for and switched on again
    supply: np.ndarray  # bool        a substation without supply, which line crews cannot mend
    owner: np.ndarray  # int8         what a service drop tore off that the household owns, index into OWNED
    onset_h: np.ndarray  # float64   from the peak
    repair_h: np.ndarray  # float64  work once found, on all of them
    sensed_h: np.ndarray  # float64  when sensing would show it, were power there upstream; inf: never
    gust_m_per_s: np.ndarray  # float64 [neighbourhood]
    cell_back_h: np.ndarray  # float64 [neighbourhood]  cell service returns; -inf: never lost
    telemetry_h: np.ndarray  # float64 [device]  tells whether it is energised from then on; -inf: always; inf: never
    meter_h: np.ndarray  # float64 [household]  its meter answers from then on; inf: never


def slice_sums(values: np.ndarray, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Sums over slices ``[first, last)``, each added up by itself.

    Differences of one running total would be quicker, but would make the last digit depend on what stands before a
    slice, that is on households elsewhere.
    """
    edges = np.column_stack([first, last]).ravel()
    sums = np.add.reduceat(np.append(values, 0.0), edges)[::2]
    return np.where(last > first, sums, 0.0)
