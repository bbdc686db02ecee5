"""Patrols: by day they walk along lines, one after the other, and see what lies on the ground."""

from collections import deque

import mesa
import numpy as np

from benchmarks.plain_mesa.clock import EventModel
from benchmarks.plain_mesa.kinds import SEEN, Kind, Source, recurring_h
from benchmarks.plain_mesa.things import Device
from sim.core import luck
from sim.core.columns import LATERAL
from sim.core.luck import Purpose

SEEN_BY_PATROL = np.uint64(Purpose.SEEN_BY_PATROL)


class Line:
    """A substation, feeder or lateral, with the transformers and drops directly behind it."""

    def __init__(self, head: Device):
        self.head = head
        self.devices = [head]
        self.n_walked = 0

    def believed_out(self) -> int:
        """Customers behind it for whom an order stands somewhere at or above their meter."""
        return sum(household.served_by.order_above() is not None for household in self.head.customers)

    def km(self, chances: list[float]) -> float:
        """Its own kilometres, and of what is directly behind it as many as one sees faults there."""
        km = self.head.line_km
        for device in self.devices[1:]:
            km += chances[device.level - self.head.level] * device.line_km
        return km


def lines_of(devices: list[Device]) -> list[Line]:
    """All lines, in the order of the grid; a parent stands before its children."""
    lines, on = [], {}
    for device in devices:
        if device.parent is None or device.level <= LATERAL:
            on[device] = Line(device)
            lines.append(on[device])
        else:
            on[device] = on[device.parent]
            on[device].devices.append(device)
    return lines


def chances_by_level(model: mesa.Model) -> list[float]:
    """Chance to see a fault so many levels of the grid below; whoever looks."""
    p = model.parameters.patrol
    return [1.0, p.sees_one_below, p.sees_two_below, p.sees_further_below, p.sees_further_below]


class Patrol(mesa.Agent):
    """A team on foot or in a car."""

    def __init__(self, model: EventModel, number: int):
        super().__init__(model)
        self.number = number
        self.line: Line | None = None
        self.n_found = 0

    def set_out(self, line: Line) -> None:
        """Walk along a line."""
        self.line = line
        walk_h = line.km(chances_by_level(self.model)) / self.model.parameters.patrol.speed_km_per_h
        self.model.schedule(self.model.now + walk_h, Kind.PATROL, self.number, self.come_in)

    def come_in(self) -> None:
        """The end of the line: tell what was seen; then on to the next."""
        line, self.line = self.line, None
        if not line.head.has_failed:
            line.head.is_sound = True
        for device in line.devices:
            if device.has_failed and not device.is_located and self.notices(device, line):
                self.n_found += 1
                self.model.utility.locate(device, SEEN, Source.PATROL)
        line.n_walked += 1
        self.model.rounds.send(self)

    def notices(self, device: Device, line: Line) -> bool:
        """Whether a fault is seen on this walk."""
        u = luck.uniform(self.model.behaviour, SEEN_BY_PATROL, device.id, line.n_walked)
        return u < chances_by_level(self.model)[device.level - line.head.level]


class Rounds:
    """The list of the day: lines walked least often first, among these the ones with most customers believed out."""

    def __init__(self, model: EventModel):
        p = model.parameters.patrol
        self.model = model
        self.lines = lines_of(model.devices)
        self.teams = [Patrol(model, number) for number in range(p.teams)]
        self.list: deque[Line] = deque()
        self.first_h, self.day_h = p.starts_hour - model.rhythm.peak_hour, p.ends_hour - p.starts_hour
        if self.teams:
            model.schedule(model.parameters.crews.safe_h, Kind.MORNING, 0, self.begin_day)

    def is_day(self) -> bool:
        """Whether a line may be begun."""
        return self.model.now < recurring_h(self.first_h, self.model.now) + self.day_h

    def begin_day(self) -> None:
        """Make the list; whoever has nothing to do sets out. What is first safe at night waits for the morning."""
        self.model.schedule(recurring_h(self.first_h, self.model.now, 1), Kind.MORNING, 0, self.begin_day)
        if not self.is_day():
            return
        self.list = deque(sorted(self.lines, key=lambda line: (line.n_walked, -line.believed_out())))
        for team in self.teams:
            if team.line is None:
                self.send(team)

    def send(self, team: Patrol) -> None:
        """Send a team along the next line, if there is one and it is day."""
        if self.list and self.is_day():
            team.set_out(self.list.popleft())
