"""Districts: which crews work where, where mutual aid is sent to, and when the lines of a district are done."""

from itertools import count
from math import floor
from typing import Protocol

from benchmarks.plain_mesa.clock import EventModel
from benchmarks.plain_mesa.kinds import Status
from benchmarks.plain_mesa.things import Device, Order
from sim.core.columns import LATERAL


class Able(Protocol):
    """A crew, as its district knows it."""

    largest: int  # level of the largest device that it can repair


class District:
    """Part of the city, with its devices; or the whole of it, for the crews that are shared."""

    def __init__(self, model: EventModel, number: int, heads: list[Device]):
        self.model, self.number, self.heads = model, number, heads
        self.crews: set[Able] = set()  # that have come and work here
        self.devices = [device for head in heads for device in (head, *head.below)]
        self.large = [device for device in self.devices if device.level <= LATERAL and not device.lost_supply]

    @property
    def n_customers(self) -> int:
        """Who lives here."""
        return sum(len(head.customers) for head in self.heads)

    def need(self) -> int:
        """Open orders, or customers believed out."""
        if self.model.parameters.crews.aid_by == "orders":
            return sum(calls_for_crew(device.order) for device in self.devices)
        customers = (household for head in self.heads for household in head.customers)
        ways = (household.served_by.upwards() for household in customers)
        return sum(any(calls_for_crew(device.order) for device in way) for way in ways)

    def is_done_with_lines(self) -> bool:
        """Whether nothing above a transformer is broken, suspected, or about to be."""
        unrepaired = self.model.unrepaired
        return not any(device.order or device.is_deciding or device in unrepaired for device in self.large)

    def has_another(self, crew: Able) -> bool:
        """Whether another crew than this one could repair a lateral here."""
        return any(other.largest <= LATERAL for other in self.crews if other is not crew)


def calls_for_crew(order: Order | None) -> bool:
    """Whether there is an order that a crew could do something about."""
    return order is not None and order.status is not Status.PUT_BY


class Division:
    """All districts, and who is posted where."""

    def __init__(self, model: EventModel):
        p = model.parameters.crews
        heads = [device for device in model.devices if device.parent is None]
        n_parts = p.districts or len(heads)
        parts: list[list[Device]] = [[] for _ in range(n_parts)]
        for place, head in enumerate(heads):
            parts[place * n_parts // len(heads)].append(head)
        self.districts = [District(model, number, part) for number, part in enumerate(parts)]
        self.whole_city = District(model, n_parts, heads)
        for district in self.districts:
            for device in district.devices:
                device.district = district
        self.shared_share = p.shared_share if n_parts > 1 else 0.0

    def is_shared(self, place: int) -> bool:
        """Whether the crew at this place among its kind is shared: so many of every so many, evenly spread."""
        counted = [floor(n * self.shared_share + 0.5 + 1e-9) for n in (place, place + 1)]
        return counted[0] < counted[1]

    def posts(self, n_crews: int) -> list[District]:
        """Where so many crews of one's own work, by customers: the whole parts first, then the largest remainders."""
        shared = [self.is_shared(place) for place in range(n_crews)]
        n_home, n_all = n_crews - sum(shared), self.whole_city.n_customers
        exact = {district: district.n_customers / n_all * n_home for district in self.districts}
        crews = {district: int(part) for district, part in exact.items()}
        by_remainder = sorted(self.districts, key=lambda d: -round(exact[d] - crews[d], 9))
        for district in by_remainder[: n_home - sum(crews.values())]:
            crews[district] += 1
        homes = iter([district for district in self.districts for _ in range(crews[district])])
        return [self.whole_city if common else next(homes) for common in shared]

    def neediest(self) -> District:
        """Where a crew of mutual aid is sent to: most need a crew, the new one counted in."""
        if len(self.districts) == 1:
            return self.districts[0]
        best = self.districts[0]
        best_need = best.need()
        for district in self.districts[1:]:
            need = district.need()
            here, there = need * (len(best.crews) + 1), best_need * (len(district.crews) + 1)
            if here > there or (here == there and len(district.crews) < len(best.crews)):
                best, best_need = district, need
        return best


def truck_numbers(n_crews: int, n_trucks: int, crew: int) -> list[int]:
    """Numbers of the trucks that a crew splits into: they count on from the last crew."""
    first = count(n_crews + crew * n_trucks)
    return [next(first) for _ in range(n_trucks)]
