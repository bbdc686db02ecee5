"""A crew on and off duty: shifts, the district that it works in, and going home."""

from math import inf

import mesa
import numpy as np

from benchmarks.plain_mesa.clock import EventModel
from benchmarks.plain_mesa.districts import District
from benchmarks.plain_mesa.kinds import Kind, recurring_h
from benchmarks.plain_mesa.things import Order
from sim.core import luck
from sim.core.columns import LEVELS
from sim.core.luck import Purpose

NIGHT_SHIFT = np.uint64(Purpose.NIGHT_SHIFT)


class Worker(mesa.Agent):
    """A crew as those know it who make up its shifts.

    Parameters
    ----------
    model : EventModel
    number : int        identity for luck
    arrives_h : float or None   None: there already
    """

    def __init__(self, model: EventModel, number: int, arrives_h: float | None):
        super().__init__(model)
        p = model.parameters
        self.number = number
        self.largest = LEVELS.index(p.crews.line.largest)
        self.district: District | None = None
        self.is_aid = self.is_shared_aid = False
        self.trucks: list[Worker] = []  # that it has become
        self.is_leaving, self.left_h = False, inf
        at_night = luck.uniform(model.behaviour, NIGHT_SHIFT, np.uint64(number), 0) < p.crews.night_share
        self.first_shift_h = p.crews.shift_starts_hour + (12.0 if at_night else 0.0) - model.rhythm.peak_hour
        self.order: Order | None = None
        if arrives_h is not None:
            model.schedule(arrives_h, Kind.ON_DUTY, number, self.begin_shift)

    def work_in(self, district: District) -> None:
        """Be posted to a district, or to the whole city."""
        self.district = district
        district.crews.add(self)

    # Shifts

    def is_on_duty(self, time_h: float | None = None) -> bool:
        """Whether the crew may take a job, by default now; a job begun is finished."""
        on_h, time_h = self.model.parameters.crews.shift_on_h, self.model.now if time_h is None else time_h
        return on_h >= 24.0 or time_h < recurring_h(self.first_shift_h, time_h) + on_h

    def rest(self) -> None:
        """Off until the next shift."""
        next_h = recurring_h(self.first_shift_h, self.model.now, 1)
        self.model.schedule(next_h, Kind.ON_DUTY, self.number, self.begin_shift)

    def begin_shift(self) -> None:
        """Report for duty; ask for a job as the shift begins where the dispatchers' next look comes after it."""
        self.report_for_duty()
        now, dispatcher = self.model.now, self.model.utility.dispatcher
        if now == recurring_h(self.first_shift_h, now) and not self.is_leaving:
            if not self.is_on_duty(dispatcher.next_look_h()):
                dispatcher.brief()

    def report_for_duty(self) -> None:
        """Free, if on shift and not sent home. Mutual aid that has just come is told where to work."""
        if self.is_leaving:
            self.left_h = min(self.left_h, self.model.now)
            return
        if self.district is None:
            division = self.model.division
            self.work_in(division.whole_city if self.is_shared_aid else division.neediest())
        if self.is_on_duty():
            self.model.utility.dispatcher.add_crew(self)
        else:
            self.rest()

    # Going home

    def is_there(self) -> bool:
        """Whether the crew has come, and is to stay, as itself or as trucks."""
        return self.district is not None and not self.is_leaving

    def can_be_spared(self) -> bool:
        """Whether the others who work on the same list can do without it: one of them can repair all that it can."""
        own = self.trucks or [self]
        others = self.district.crews.difference(own)
        return any(other.largest <= own[0].largest for other in others)

    def release(self) -> None:
        """Go home, once the job is done; so do its trucks, if it has become some."""
        self.is_leaving = True
        for truck in self.trucks:
            truck.release()
        self.district.crews.discard(self)
        if self.order is None:
            self.left_h = self.model.now
            self.model.utility.dispatcher.drop_crew(self)
