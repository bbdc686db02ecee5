"""Dispatch: the waiting order with the highest score goes to the nearest free crew, as long as there are both.

An order behind another open order upstream has to wait until that one is closed, and one that no free crew may go to is
passed over.
"""

from heapq import heappop, heappush
from math import ceil, fsum

import numpy as np

from benchmarks.plain_mesa.clock import EventModel
from benchmarks.plain_mesa.crew import Crew
from benchmarks.plain_mesa.kinds import Kind, Status
from benchmarks.plain_mesa.things import Device, Order
from sim.core import luck
from sim.core.columns import LEVELS, SUBSTATION
from sim.core.luck import Purpose
from sim.inputs.scenario import Scenario
from sim.rules.scores import weights

DISPATCH = np.uint64(Purpose.DISPATCH)


class Score:
    """How urgent an order is: the scenario's weights, or its policy's."""

    def __init__(self, scenario: Scenario, behaviour: np.uint64):
        p = scenario.parameters
        self.weights, self.behaviour = weights(scenario), behaviour
        travel_h = p.crews.travel_min / 60
        job_h = [getattr(p.storm.repair_h, level) + getattr(p.patrol, f"{level}_h") + travel_h for level in LEVELS]
        self.per_hour = [hours ** -self.weights["hours_power"] for hours in job_h]

    def __call__(self, order: Order) -> float:
        """Score of an order; the highest goes first."""
        device = order.device
        if device.worth is None:
            device.worth = self.worth(device)
        voice = self.weights["reports"] * order.reports + self.weights["corrected_reports"] * order.voices
        return device.worth + voice * self.per_hour[device.level] - self.weights["waiting"] * order.opened_h

    def worth(self, device: Device) -> float:
        """The part of the score that reports and waiting do not change."""
        w, behind = self.weights, device.customers
        worth = w["customers"] * len(behind) + w["medical"] * sum(household.medical for household in behind)
        worth += w["vulnerability"] * fsum(household.svi for household in behind)
        worth *= self.per_hour[device.level]
        worth += w["critical"] * any(below.critical for below in (device, *device.below))
        worth += w["substation"] * (device.level == SUBSTATION)
        worth += w["single_home"] * (len(behind) <= 1)
        if w["luck"]:
            worth += w["luck"] * luck.uniform(self.behaviour, DISPATCH, device.id, 0)
        return worth


class Dispatcher:
    """The list of waiting orders, highest score first, and the free crews."""

    def __init__(self, model: EventModel):
        p = model.parameters
        self.model = model
        self.score = Score(model.scenario, model.behaviour)
        self.splits = p.crews.split_into > 1
        self.every_h = p.dispatch.every_min / 60
        self.waiting: list[tuple[float, int, int, Order]] = []
        self.tickets = 0
        self.free: list[Crew] = []
        self.is_planned = False

    def list_order(self, order: Order) -> None:
        """Put a waiting order on the list at its present score."""
        if order.status is not Status.WAITING or order.is_held_up:
            return
        self.tickets += 1
        order.ticket = self.tickets
        heappush(self.waiting, (-self.score(order), order.device.number, order.ticket, order))
        self.plan_look()

    def add_crew(self, crew: Crew) -> None:
        """A crew is free."""
        self.free.append(crew)
        self.plan_look()

    def drop_crew(self, crew: Crew) -> None:
        """A crew is not to be sent any more."""
        if crew in self.free:
            self.free.remove(crew)

    def plan_look(self) -> None:
        """Look at the list when everything that happens now has happened, or when the next cycle is due."""
        if self.is_planned:
            return
        self.is_planned = True
        self.model.schedule(max(self.model.now, self.next_look_h()), Kind.DISPATCH, 0, self.look)

    def next_look_h(self) -> float:
        """When the next cycle is due, or now."""
        now = self.model.now
        return ceil(now / self.every_h) * self.every_h if self.every_h else now

    def brief(self) -> None:
        """Look when everything that happens now has happened, and again when the next cycle is due."""
        self.model.schedule(self.model.now, Kind.DISPATCH, 0, self.send_crews)

    def look(self) -> None:
        """The look that was planned."""
        self.is_planned = False
        self.send_crews()

    def send_crews(self) -> None:
        """Send crews as long as one is free and an order waits."""
        for crew in list(self.free):
            if not crew.is_on_duty():
                self.free.remove(crew)
                crew.rest()
        while self.splits and (whole := [crew for crew in self.free if crew.may_split()]):
            last = max(whole, key=lambda crew: crew.number)
            self.free.remove(last)
            self.free.extend(last.split())
        while self.free and (order := self.next_order()):
            device = order.device
            if not order.confirmed and self.model.utility.control_room.sees_up(device):
                self.model.utility.refuse(order)
                continue
            crew = min((crew for crew in self.free if crew.may_go_to(device)), key=lambda crew: crew.rank_for(device))
            self.free.remove(crew)
            order.status = Status.ASSIGNED
            crew.set_off(order)

    def next_order(self) -> Order | None:
        """Take the best order that no other order holds up and that a free crew may go to."""
        passed_over, best = [], None
        while self.waiting and best is None:
            entry = heappop(self.waiting)
            *_, ticket, order = entry
            if order.status is not Status.WAITING or order.ticket != ticket:
                continue
            upstream = order.device.parent.order_above() if order.device.parent else None
            if upstream is not None:
                order.is_held_up = True
                upstream.holds_up.append(order)
            elif any(crew.may_go_to(order.device) for crew in self.free):
                best = order
            else:
                passed_over.append(entry)
        for entry in passed_over:
            heappush(self.waiting, entry)
        return best
