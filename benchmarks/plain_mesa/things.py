"""What the agents deal with: orders, and devices of the grid as a tree of objects.

Each device knows its parent, its children, and who and what is behind it. All of it is built from an already built
place and damage, so that different models can be given the same city and the same storm.
"""

from dataclasses import dataclass, field
from typing import Any, Optional

import numpy as np

from benchmarks.plain_mesa.kinds import Source, Status
from sim.core.columns import Damage, Place


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
    district: Any = None  # whose crews come here
    rollup: Optional["Device"] = None  # suspected when several like this one are
    children: list["Device"] = field(default_factory=list)
    below: list["Device"] = field(default_factory=list)
    customers: list[Any] = field(default_factory=list)  # households; those are told of above this module
    repair_h: float = 0.0
    sensed_h: float = float("inf")
    has_failed: bool = False
    lost_supply: bool = False  # in this storm
    is_sound: bool = False  # somebody has seen that the fault is not here, or not any more
    located_h: float = float("inf")
    located_by: Source | None = None
    visit: tuple[float, float] | None = None  # from when to when a crew was here that had not been sent to this fault
    n_overlooked: int = 0  # visits that looked for the fault and did not see it
    mending: Any = None  # of what the storm tore off that a household owns
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
