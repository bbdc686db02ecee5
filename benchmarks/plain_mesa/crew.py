"""A crew at work: where it may go, travel, the search on site, what it finds, and repair; and how it splits."""

from collections import Counter
from math import inf, log, sqrt

import numpy as np

from benchmarks.plain_mesa.clock import EventModel
from benchmarks.plain_mesa.districts import truck_numbers
from benchmarks.plain_mesa.duty import Worker
from benchmarks.plain_mesa.kinds import SEEN, Ending, Kind, Source
from benchmarks.plain_mesa.patrol import chances_by_level
from benchmarks.plain_mesa.things import Device, Order
from sim.core import luck
from sim.core.columns import LATERAL, LEVELS
from sim.core.luck import Purpose

SEEN_BY_CREW = np.uint64(Purpose.SEEN_BY_CREW)


class Crew(Worker):
    """A line crew, or a trouble truck that a line crew has split into: it can repair everything its class may."""

    def __init__(self, model: EventModel, number: int, arrives_h: float | None):
        super().__init__(model, number, arrives_h)
        self.is_line_crew = True
        self.x_km = self.y_km = 0.0  # the depot
        self.on_site_h = [getattr(model.parameters.patrol, f"{level}_h") for level in LEVELS]
        self.findings: Counter[Ending] = Counter()
        self.n_partly_blind = 0  # visits on which a fault was not seen
        self.set_off_h = self.found_h = inf  # of the present job

    def may_go_to(self, device: Device) -> bool:
        """Whether a device is in its district, not too large for it, and broken itself."""
        division = self.model.division
        return (
            not device.lacks_supply
            and self.largest <= device.level
            and self.district in (device.district, division.whole_city)
        )

    def may_split(self) -> bool:
        """Whether it is large, the lines of its district are done, and another crew there can do what still comes."""
        if not self.is_line_crew or self.largest > LATERAL:
            return False
        return self.district.is_done_with_lines() and self.district.has_another(self)

    def split(self) -> "list[Crew]":
        """Become trouble trucks, where it stands."""
        p = self.model.parameters.crews
        group = p.line
        trucks = []
        n_crews = group.own + group.staged + group.mutual_aid + len(self.model.transmission_crews)
        for number in truck_numbers(n_crews, p.split_into, self.number):
            truck = Crew(self.model, number, None)
            truck.is_line_crew, truck.largest = False, LEVELS.index(p.trouble.largest)
            truck.x_km, truck.y_km, truck.first_shift_h = self.x_km, self.y_km, self.first_shift_h
            truck.work_in(self.district)
            trucks.append(truck)
        self.district.crews.remove(self)
        self.trucks = trucks
        self.model.crews.extend(trucks)
        return trucks

    # A job

    def square_km_to(self, place) -> float:
        """Squared distance to a device."""
        east, north = self.x_km - place.x_km, self.y_km - place.y_km
        return east * east + north * north

    def rank_for(self, device: Device) -> tuple:
        """Who goes first, lowest first: the smallest class, the district's own, the nearest, the first in number."""
        is_shared = self.district is not device.district
        return -self.largest, is_shared, self.square_km_to(device), self.number

    def set_off(self, order: Order) -> None:
        """Travel to an order."""
        p, device = self.model.parameters.crews, order.device
        km = sqrt(self.square_km_to(device))
        travel_h = p.travel_min / 60 + km / p.speed_km_per_h
        if self.model.now < p.blocked_until_h:
            travel_h *= p.blocked_factor
        self.order = order
        self.x_km, self.y_km = device.x_km, device.y_km
        self.set_off_h, self.found_h = self.model.now, inf
        self.model.schedule(self.model.now + travel_h, Kind.ARRIVAL, self.number, self.search)

    def search(self) -> None:
        """On site: search here, or up to and along the failed device upstream that makes everything here dark.

        Where neither has failed, walk on behind: as much of the line of each level as faults would be seen on it.
        """
        p, order = self.model.parameters.patrol, self.order
        device, upstream, behind_km = order.device, None, 0.0
        if not device.has_failed:
            upstream = device.failure_above()
            if upstream is None:
                for lower in device.below:
                    behind_km += self.chance_to_see(lower) * lower.line_km
        along = upstream or device
        km, part = along.line_km, device
        while part is not along:
            km += part.line_km
            part = part.parent
        gain = 1.0 + p.report_gain * log(1.0 + order.reports)
        search_h = (self.on_site_h[along.level] + km / p.speed_km_per_h) * (1.0 - order.precision) / gain
        over_h = self.model.now + search_h + behind_km / p.speed_km_per_h
        self.model.schedule(over_h, Kind.SEARCH_OVER, self.number, self.find)

    def chance_to_see(self, device: Device) -> float:
        """Chance to see a fault at or below the device that the crew is at."""
        return chances_by_level(self.model)[device.level - self.order.device.level]

    def split_by_sight(self, faults: list[Device]) -> tuple[list[Device], list[Device]]:
        """Faults seen on this visit, and those that are not."""
        seen, unseen = [], []
        for fault in faults:
            u = luck.uniform(self.model.behaviour, SEEN_BY_CREW, fault.id, fault.n_overlooked)
            (seen if u < self.chance_to_see(fault) else unseen).append(fault)
        return seen, unseen

    def come_upon(self, faults: list[Device]) -> None:
        """Make faults known that the crew was not sent to."""
        for fault in faults:
            if not fault.is_located:
                fault.visit = self.set_off_h, self.model.now
                self.model.utility.locate(fault, SEEN, Source.CREW)

    def find(self) -> None:
        """The fault is here, if a crew may mend it; or upstream; or further down; or there is none, or none is seen."""
        device, utility = self.order.device, self.model.utility
        self.found_h = self.model.now
        if device.has_failed:
            self.findings[Ending.OWNER if device.waits_for_owner else Ending.REPAIRED] += 1
            seen, unseen = self.split_by_sight(device.failures_here_and_below()[1:])
            utility.locate(device, SEEN, self.order.source)
            if device.waits_for_owner:
                self.leave_to_owner()
            else:
                self.model.schedule(self.model.now + device.repair_h, Kind.REPAIR, self.number, self.repair)
            self.come_upon(seen)
        elif upstream := device.failure_above():
            self.leave(Ending.UPSTREAM)
            self.come_upon([upstream])
            self.model.send_aid_home()
            return
        else:
            device.is_sound = True
            seen, unseen = self.split_by_sight(device.failures_here_and_below())
            self.leave(Ending.DOWNSTREAM if seen else Ending.NOTHING)
            utility.explain(device)
            self.come_upon(seen)
        for fault in unseen:
            fault.n_overlooked += 1
        self.n_partly_blind += bool(unseen)
        if not device.has_failed:
            utility.checks.presume_back(device)
        self.model.send_aid_home()

    def repair(self) -> None:
        """The repair is done."""
        device, job = self.order.device, (self.set_off_h, self.found_h)
        device.has_failed, device.is_sound = False, True
        self.leave(Ending.REPAIRED)
        self.model.restore(device, *job)
        self.model.perhaps_over()
        self.model.send_aid_home()

    def leave_to_owner(self) -> None:
        """Here somebody else comes first: the order stays, the crew goes."""
        device, self.order = self.order.device, None
        device.mending.stops(self.set_off_h)
        self.report_for_duty()

    def leave(self, ending: Ending) -> None:
        """Close the order; free for the next, or off shift."""
        order, self.order = self.order, None
        if ending is not Ending.REPAIRED:
            self.findings[ending] += 1
        self.model.utility.close(order, ending)
        self.report_for_duty()
        self.model.perhaps_over()


class TransmissionCrew(Crew):
    """A crew that brings lost supply back to substations, anywhere, and does nothing else."""

    def __init__(self, model: EventModel, number: int, arrives_h: float):
        super().__init__(model, number, arrives_h)
        self.is_line_crew, self.district = False, model.division.whole_city

    def may_go_to(self, device: Device) -> bool:
        """Whether a device has lost its supply."""
        return device.lacks_supply
