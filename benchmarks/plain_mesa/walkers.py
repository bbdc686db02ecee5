"""Patrols of the stepped model: every quarter of an hour they walk on, come in, or set out along the next line."""

import mesa

from benchmarks.plain_mesa.kinds import SEEN
from benchmarks.plain_mesa.patrol import Line, chances_by_level, lines_of


class DayList:
    """Lines to walk today: those walked least often first, among these the ones with most customers believed out."""

    def __init__(self, model: mesa.Model):
        self.model = model
        self.all_lines = lines_of(model.devices)
        self.left: list[Line] = []
        self.is_made = False

    def step(self) -> None:
        """A new list in the morning; nobody begins a line by night, or before it is safe."""
        p = self.model.parameters.patrol
        is_day = p.starts_hour <= self.model.hour < p.ends_hour and self.model.now >= self.model.parameters.crews.safe_h
        if is_day and not self.is_made:
            self.left = sorted(self.all_lines, key=lambda line: (-line.n_walked, line.believed_out()))
        elif not is_day:
            self.left = []
        self.is_made = is_day


class Walker(mesa.Agent):
    """A patrol."""

    def __init__(self, model: mesa.Model):
        super().__init__(model)
        self.line: Line | None = None
        self.until_h = 0.0

    def step(self) -> None:
        """Come in at the end of a line; set out along the next."""
        if self.line and self.model.now >= self.until_h:
            self.come_in(self.line)
            self.line = None
        if self.line is None and self.model.day_list.left:
            self.line = self.model.day_list.left.pop()
            self.until_h = self.model.now + self.line.head.line_km / self.model.parameters.patrol.speed_km_per_h

    def come_in(self, line: Line) -> None:
        """Tell what was seen."""
        chances, head = chances_by_level(self.model), line.head
        line.n_walked += 1
        head.is_sound |= not head.has_failed
        for device in line.devices:
            if device.has_failed and self.random.random() < chances[device.level - head.level]:
                self.model.utility.locate(device, SEEN)
