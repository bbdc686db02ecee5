"""What the agents deal with: devices of the grid as a tree of objects, orders, channels, and kinds of event.

Each device knows its parent, its children, and who and what is behind it. All of it is built from an already built
place and damage, so that different models can be given the same city and the same storm.
"""

from dataclasses import dataclass, field
from enum import Enum, IntEnum, auto
from typing import TYPE_CHECKING, Optional

import numpy as np

from sim.columns import CHANNELS, Damage, Place
from sim.scenario import Scenario

if TYPE_CHECKING:
    from benchmarks.plain_mesa.household import Household

SUBSTATION, FEEDER, LATERAL, TRANSFORMER, DROP = range(5)


class Kind(IntEnum):
    """Kinds of event, in the order in which simultaneous ones happen: the simulator takes them for priorities."""

    FAILURE = 1
    REPAIR = 2
    CALL_OVER = 3
    ATTENTION = 4
    SENSING = 5
    PATROL = 6
    ARRIVAL = 7
    SEARCH_OVER = 8
    ROLL_UP = 9
    READY = 10
    ON_DUTY = 11
    DISPATCH = 12


class Status(Enum):
    """Where an order stands."""

    NEW = auto()  # predicted, not yet acted on
    WAITING = auto()
    ASSIGNED = auto()
    CLOSED = auto()


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
    was_predicted: bool  # opened on reports
    status: Status = Status.NEW
    reports: int = 0
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
    parent: Optional["Device"] = None
    rollup: Optional["Device"] = None  # suspected when several like this one are
    children: list["Device"] = field(default_factory=list)
    below: list["Device"] = field(default_factory=list)
    customers: list["Household"] = field(default_factory=list)
    repair_h: float = 0.0
    sensed_h: float = float("inf")
    has_failed: bool = False
    is_located: bool = False
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

    def order_above(self) -> Order | None:
        """The nearest open order here or upstream."""
        return next((device.order for device in self.upwards() if device.order), None)

    def failure_above(self) -> Optional["Device"]:
        """The nearest failed device strictly upstream."""
        return next((device for device in self.upwards() if device.has_failed and device is not self), None)

    def failures_here_and_below(self) -> list["Device"]:
        """Failed devices from here down, in the order of the grid."""
        return [device for device in (self, *self.below) if device.has_failed]


def channels_of(scenario: Scenario) -> list[Channel]:
    """The scenario's channels."""
    found = []
    for number, name in enumerate(CHANNELS):
        given = getattr(scenario.parameters.channels, name)
        closes = given.closes_hour if given.closes_hour - given.opens_hour != 24.0 else given.opens_hour
        found.append(Channel(number, name, given.asc, given.hassle, given.precision, given.two_way,
                             given.other_languages, given.opens_hour, closes))  # fmt: skip
    return found


def devices_of(place: Place, damage: Damage) -> list[Device]:
    """The grid as objects, undamaged so far; customers are added by whoever makes them."""
    grid = place.devices
    columns = (list(grid.id), *(c.tolist() for c in (grid.level, grid.x_km, grid.y_km, grid.critical)))
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
    return devices
