"""A crew: shifts, travel, the search on site, what it finds, and repair."""

from collections import Counter
from math import floor, log, sqrt
from typing import TYPE_CHECKING

import mesa
import numpy as np

from benchmarks.plain_mesa.things import Kind, Order
from benchmarks.plain_mesa.utility import SEEN
from sim import luck
from sim.columns import LEVELS
from sim.luck import Purpose

if TYPE_CHECKING:
    from benchmarks.plain_mesa.events import Storm

NIGHT_SHIFT = np.uint64(Purpose.NIGHT_SHIFT)


class Crew(mesa.Agent):
    """A crew that can repair everything its class may.

    Parameters
    ----------
    model : Storm
    number : int        identity for luck
    arrives_h : float
    """

    def __init__(self, model: "Storm", number: int, arrives_h: float):
        super().__init__(model)
        p = model.parameters
        self.number = number
        self.x_km = self.y_km = 0.0  # the depot
        at_night = luck.uniform(model.behaviour, NIGHT_SHIFT, np.uint64(number), 0) < p.crews.night_share
        self.shift_begins = p.crews.shift_starts_hour + (12.0 if at_night else 0.0)
        self.patrol_h = [getattr(p.patrol, f"{level}_h") for level in LEVELS]
        self.order: Order | None = None
        self.findings: Counter[str] = Counter()
        model.schedule(arrives_h, Kind.ON_DUTY, self.report_for_duty)

    # Shifts

    def shift_begun_h(self) -> float:
        """When the present or the last shift began; shifts begin at the same hour of each day."""
        first = self.shift_begins - self.model.rhythm.peak_hour
        day = floor((self.model.now - first) / 24.0)
        began = [first + 24.0 * d for d in (day - 1, day, day + 1) if first + 24.0 * d <= self.model.now]
        return began[-1]

    def is_on_duty(self) -> bool:
        """Whether the crew may take a job now; a job begun is finished."""
        on_h = self.model.parameters.crews.shift_on_h
        return on_h >= 24.0 or self.model.now < self.shift_begun_h() + on_h

    def rest(self) -> None:
        """Off until the next shift."""
        self.model.schedule(self.shift_begun_h() + 24.0, Kind.ON_DUTY, self.report_for_duty)

    def report_for_duty(self) -> None:
        """Free, if on shift."""
        if self.is_on_duty():
            self.model.utility.dispatcher.add_crew(self)
        else:
            self.rest()

    # A job

    def square_km_to(self, place) -> float:
        """Squared distance to a device."""
        east, north = self.x_km - place.x_km, self.y_km - place.y_km
        return east * east + north * north

    def set_off(self, order: Order) -> None:
        """Travel to an order."""
        p, device = self.model.parameters.crews, order.device
        km = sqrt(self.square_km_to(device))
        travel_h = p.travel_min / 60 + km / p.speed_km_per_h
        if self.model.now < p.blocked_until_h:
            travel_h *= p.blocked_factor
        self.order = order
        self.x_km, self.y_km = device.x_km, device.y_km
        self.model.schedule(self.model.now + travel_h, Kind.ARRIVAL, self.search)

    def search(self) -> None:
        """On site: search here, or along the failed device upstream that makes everything here dark."""
        order = self.order
        level = order.device.level
        if not order.device.has_failed and (upstream := order.device.failure_above()):
            level = upstream.level
        gain = 1.0 + self.model.parameters.patrol.report_gain * log(1.0 + order.reports)
        search_h = self.patrol_h[level] * (1.0 - order.precision) / gain
        self.model.schedule(self.model.now + search_h, Kind.SEARCH_OVER, self.find)

    def find(self) -> None:
        """The fault is here; or upstream; or further down; or there is none any more."""
        device, utility = self.order.device, self.model.utility
        if device.has_failed:
            self.findings["here"] += 1
            utility.locate(device, SEEN)
            self.model.schedule(self.model.now + device.repair_h, Kind.REPAIR, self.repair)
            return
        upstream, downstream = device.failure_above(), device.failures_here_and_below()
        finding = "upstream" if upstream else "downstream" if downstream else "nothing"
        self.findings[finding] += 1
        self.leave(finding)
        if upstream:
            utility.locate(upstream, SEEN)
            return
        utility.explain(device)
        for fault in downstream:
            utility.locate(fault, SEEN)
        if not downstream:
            utility.presume_restored(device)

    def repair(self) -> None:
        """The repair is done."""
        device = self.order.device
        device.has_failed = False
        self.leave("repaired")
        self.model.restore(device)

    def leave(self, ending: str) -> None:
        """Close the order; free for the next, or off shift."""
        order, self.order = self.order, None
        self.model.utility.close(order, ending)
        self.report_for_duty()
