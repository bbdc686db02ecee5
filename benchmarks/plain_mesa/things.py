"""What the agents deal with: devices of the grid as a tree of objects, orders, channels, and kinds of event.

Each device knows its parent, its children, and who and what is behind it. All of it is built from an already built
place and damage, so that different models can be given the same city and the same storm.
"""

from dataclasses import dataclass, field
from enum import Enum, IntEnum, auto
from math import floor
from typing import TYPE_CHECKING, NamedTuple, Optional

import numpy as np

from sim.core.columns import CHANNELS, Damage, Place
from sim.inputs.parameters.channels import VOICES
from sim.inputs.scenario import Scenario

if TYPE_CHECKING:
    from benchmarks.plain_mesa.districts import District
    from benchmarks.plain_mesa.household import Household
    from benchmarks.plain_mesa.mending import Mending

SUBSTATION, FEEDER, LATERAL, TRANSFORMER, DROP = range(5)
SEEN, SENSED = 1.0, 0.3  # precision of what somebody has looked at, and of what a breaker or meter shows


class Kind(IntEnum):
    """Kinds of event, in the order in which simultaneous ones happen: the simulator takes them for priorities."""

    FAILURE = 1
    REPAIR = 2
    RELEASE = 3
    CALL_OVER = 4
    ATTENTION = 5
    METER = 6
    CALL_BACK = 7
    SENSING = 8
    PATROL = 9
    MORNING = 10
    ARRIVAL = 11
    SEARCH_OVER = 12
    ROLL_UP = 13
    READY = 14
    ON_DUTY = 15
    DISPATCH = 16
    OVER = 17


class Turn(NamedTuple):
    """When something gets its turn among events of one time: by kind, then by the number of whom it concerns."""

    value: tuple[Kind, int]


class Status(Enum):
    """Where an order stands."""

    NEW = auto()  # predicted, not yet acted on
    WAITING = auto()
    ASSIGNED = auto()
    PUT_BY = auto()  # until what the household owns is mended
    CLOSED = auto()


class Source(Enum):
    """What an order rests on, or what led to a fault."""

    REPORT = "report"
    METER = "meter"
    CALL_BACK = "call-back"
    SENSING = "sensing"
    PATROL = "patrol"
    CREW = "crew"
    KNOWLEDGE = "perfect knowledge"
    RELEASE = "release"


@dataclass(eq=False, slots=True)
class Channel:
    """One way to report."""

    number: int
    name: str
    asc: float
    hassle: float
    precision: float
    two_way: bool
    other_languages: bool
    opens: float
    closes: float

    def is_open(self, hour: float) -> bool:
        """Whether the channel is staffed at an hour of the day; equal hours mean always."""
        if self.opens == self.closes:
            return True
        if self.opens < self.closes:
            return self.opens <= hour < self.closes
        return hour >= self.opens or hour < self.closes


@dataclass(eq=False, slots=True)
class Order:
    """A device that the utility believes to be open."""

    device: "Device"
    opened_h: float
    confirmed: bool
    source: Source
    was_predicted: bool  # opened on what customers or their meters say
    status: Status = Status.NEW
    reports: int = 0
    voices: float = 0.0  # reports, each by the inverse of what its neighbourhood is thought to report
    precision: float = 0.0
    ticket: int = -1  # of its valid entry in the list of waiting orders
    is_held_up: bool = False  # behind another open order upstream
    holds_up: list["Order"] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Device:
    """A device of the radial grid, its damage, and what the utility suspects of it."""

    number: int
    id: np.uint64  # identity for luck
    level: int
    x_km: float
    y_km: float
    critical: bool
    line_km: float
    shows_from_h: float  # it tells from then on whether it has power
    parent: Optional["Device"] = None
    district: Optional["District"] = None
    rollup: Optional["Device"] = None  # suspected when several like this one are
    children: list["Device"] = field(default_factory=list)
    below: list["Device"] = field(default_factory=list)
    customers: list["Household"] = field(default_factory=list)
    repair_h: float = 0.0
    sensed_h: float = float("inf")
    has_failed: bool = False
    lost_supply: bool = False  # in this storm
    is_sound: bool = False  # somebody has seen that the fault is not here, or not any more
    located_h: float = float("inf")
    located_by: Source | None = None
    visit: tuple[float, float] | None = None  # from when to when a crew was here that had not been sent to this fault
    n_overlooked: int = 0  # visits that looked for the fault and did not see it
    mending: Optional["Mending"] = None  # what the storm tore off that a household owns
    order: Order | None = None
    n_orders: int = 0
    suspects: set["Device"] = field(default_factory=set)  # that roll up to here
    is_deciding: bool = False  # a decision to look here is due
    worth: float | None = None  # the part of its dispatch score that never changes

    def upwards(self):
        """This device, the one upstream of it, and so on to the source."""
        device = self
        while device is not None:
            yield device
            device = device.parent

    @property
    def lacks_supply(self) -> bool:
        """Whether only a crew for transmission can bring power back here."""
        return self.lost_supply and self.has_failed

    @property
    def waits_for_owner(self) -> bool:
        """Whether power cannot come back before a household has had something mended."""
        return self.mending is not None and not self.mending.is_done

    @property
    def is_located(self) -> bool:
        """Whether the utility knows of the fault here."""
        return self.located_h < float("inf")

    def is_live(self) -> bool:
        """Whether there is power here."""
        return not any(device.has_failed for device in self.upwards())

    def order_above(self) -> Order | None:
        """The nearest open order here or upstream."""
        return next((device.order for device in self.upwards() if device.order), None)

    def failure_above(self) -> Optional["Device"]:
        """The nearest failed device strictly upstream."""
        return next((device for device in self.upwards() if device.has_failed and device is not self), None)

    def failures_here_and_below(self) -> list["Device"]:
        """Failed devices from here down, in the order of the grid."""
        return [device for device in (self, *self.below) if device.has_failed]


def recurring_h(first_h: float, now: float, days_ahead: int = 0) -> float:
    """When something last began that begins at ``first_h`` and every 24 h from then on; or some days after that."""
    day = floor((now - first_h) / 24.0)
    last = max(d for d in (day - 1, day, day + 1) if first_h + 24.0 * d <= now)
    return first_h + 24.0 * (last + days_ahead)


def channels_of(scenario: Scenario) -> list[Channel]:
    """The scenario's channels."""
    found, reporting = [], scenario.parameters.reporting
    louder = VOICES[reporting.voice] + reporting.willingness
    for number, name in enumerate(CHANNELS):
        given = getattr(scenario.parameters.channels, name)
        closes = given.closes_hour if given.closes_hour - given.opens_hour != 24.0 else given.opens_hour
        found.append(Channel(number, name, given.asc + louder, given.hassle, given.precision, given.two_way,
                             given.other_languages, given.opens_hour, closes))  # fmt: skip
    return found


def devices_of(place: Place, damage: Damage) -> list[Device]:
    """The grid as objects, undamaged so far; customers are added by whoever makes them."""
    grid = place.devices
    columns = (list(grid.id), *(c.tolist() for c in (
        grid.level, grid.x_km, grid.y_km, grid.critical, grid.line_km, damage.telemetry_h)))  # fmt: skip
    devices = [Device(number, *row) for number, row in enumerate(zip(*columns, strict=True))]
    for device, parent, rollup in zip(devices, grid.parent.tolist(), grid.rollup.tolist(), strict=True):
        device.parent = devices[parent] if parent >= 0 else None
        device.rollup = devices[rollup] if rollup >= 0 else None
        if device.parent:
            device.parent.children.append(device)
    for device in devices:
        for above in device.upwards():
            if above is not device:
                above.below.append(device)
    for row, number in enumerate(damage.device):
        devices[number].repair_h, devices[number].sensed_h = float(damage.repair_h[row]), float(damage.sensed_h[row])
        devices[number].lost_supply = bool(damage.supply[row])
    return devices
