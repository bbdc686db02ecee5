"""The things of the world as named columns: neighbourhoods, households, devices, faults, and the place they make.

Many and alike means one array per attribute, one entry per thing; ``households[3]`` is a readable row. Households and
devices stand in the depth-first order of the radial grid, so that the customers behind any device, the devices
below it and the faults among them are each one contiguous slice.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, fields
from typing import Annotated, Any, Literal, NamedTuple, get_args

import numpy as np

from sim.core.compiled import codes
from sim.core.luck import Purpose

Level = Literal["substation", "feeder", "lateral", "transformer", "drop"]
LEVELS: tuple[str, ...] = get_args(Level)
SUBSTATION, FEEDER, LATERAL, TRANSFORMER, DROP = codes(len(LEVELS))
ETHNICITIES = ("white", "black", "hispanic", "other")
OWNED = ("", "mast", "meter base")  # what a service drop tears off that the household owns
NOT_OWNED, MAST, METER_BASE = codes(len(OWNED))


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


class Attribute(NamedTuple):
    """What a household has or is: a column of bool where the unit is yes/no, else of float64."""

    unit: str
    meaning: str
    whose: str = ""  # households ..., as a parameter names the share that it moves
    story: str = ""  # of one household that has it; empty: no matter for a story
    without: str = ""  # of one that has it not
    luck: Purpose | None = None  # that decides it by a chance (:mod:`sim.world.dependence`); None: follows from others
    depends_on: tuple[str, ...] = ()  # traits, by the parameters people.{odds}_{trait}_odds
    odds: str = ""  # the attribute in those names, where they shorten it
    share: str = ""  # and in people.{share}_share


# fmt: off
@dataclass(frozen=True, eq=False)
class Households(Columns):
    """Every household is one customer. All arrays have shape [household]."""

    label: np.ndarray  # int64 or object  household_id as the user knows it
    id: np.ndarray  # uint64              identity for luck
    neighbourhood: np.ndarray  # int32    index
    x_km: np.ndarray  # float64
    y_km: np.ndarray  # float64
    ethnicity: np.ndarray  # int8         index into ETHNICITIES
    minority: Annotated[np.ndarray, Attribute("yes/no", "everyone but non-Hispanic White", "minority", "minority",
        luck=Purpose.MINORITY)]
    income_usd: Annotated[np.ndarray, Attribute("US$/year", "household income")]
    poor: Annotated[np.ndarray, Attribute("yes/no", "below the poverty line", "poor", "poor", luck=Purpose.POVERTY,
        depends_on=("minority",), odds="poverty", share="poverty")]
    student: Annotated[np.ndarray, Attribute("yes/no", "of students: poor by income, not by means", "of students",
        "students")]
    over65: Annotated[np.ndarray, Attribute("yes/no", "a member aged 65 or older", "65+", "a member 65 or older",
        luck=Purpose.OVER65)]
    children: Annotated[np.ndarray, Attribute("yes/no", "anyone under 18", "with anyone under 18", "anyone under 18",
        luck=Purpose.CHILDREN)]
    disability: Annotated[np.ndarray, Attribute("yes/no", "a disabled member", "with a disabled member",
        "a disabled member", luck=Purpose.DISABILITY, depends_on=("over65",))]
    medical_device: Annotated[np.ndarray, Attribute("yes/no", "an electricity-dependent medical device",
        "with a medical device", "an electric medical device", luck=Purpose.MEDICAL, depends_on=("over65",),
        odds="medical")]
    medical_registered: Annotated[np.ndarray, Attribute("yes/no", "on the utility's medical register",
        "on the medical register")]
    limited_english: Annotated[np.ndarray, Attribute("yes/no", "limited English", "with limited English",
        "limited English", luck=Purpose.ENGLISH, depends_on=("minority",))]
    renter: Annotated[np.ndarray, Attribute("yes/no", "rents", "that rent", "renting", luck=Purpose.RENTER,
        depends_on=("poor",))]
    no_vehicle: Annotated[np.ndarray, Attribute("yes/no", "no vehicle", "without a vehicle", luck=Purpose.VEHICLE,
        depends_on=("poor",))]
    broadband: Annotated[np.ndarray, Attribute("yes/no", "internet subscription", "with an internet subscription",
        without="no internet at home", luck=Purpose.BROADBAND, depends_on=("poor", "over65", "minority"))]
    smartphone: Annotated[np.ndarray, Attribute("yes/no", "owns a smartphone", "with a smartphone",
        without="no smartphone", luck=Purpose.SMARTPHONE, depends_on=("poor", "over65", "disability", "minority"))]
    phone: Annotated[np.ndarray, Attribute("yes/no", "owns any phone", "with any phone", without="no phone")]
    landline: Annotated[np.ndarray, Attribute("yes/no", "a line-powered telephone: works without home power",
        "with a line-powered telephone")]
    voip: Annotated[np.ndarray, Attribute("yes/no", "another telephone at home: needs power, or a battery",
        "with another telephone at home")]
    substitute: Annotated[np.ndarray, Attribute("yes/no", "a generator, or somewhere else to go",
        "with a substitute for power", "a generator or somewhere to go", luck=Purpose.SUBSTITUTE,
        depends_on=("minority", "poor"))]
    political_capital: Annotated[np.ndarray, Attribute("yes/no", "an informal route to officials",
        "with an informal route", "a way to reach officials", luck=Purpose.POLITICAL, depends_on=("minority", "poor"))]
    knowledge: Annotated[np.ndarray, Attribute("0-1", "how well it knows how to report")]
    trust: Annotated[np.ndarray, Attribute("0-1", "trust that reporting helps")]
    tolerance_h: Annotated[np.ndarray, Attribute("h", "hours out at which its need is one half")]
# fmt: on


ATTRIBUTES: dict[str, Attribute] = {
    name: kind.__metadata__[0] for name, kind in Households.__annotations__.items() if hasattr(kind, "__metadata__")
}
FLAGS = tuple(name for name, attribute in ATTRIBUTES.items() if attribute.unit == "yes/no")


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
    """Columns worked out once for a place and used again by every run in it: chances, sums over the grid.

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
