"""The same storm as a stepped Mesa model: every agent takes its ``step()`` every quarter of an hour.

This is how most Mesa models are written. The rules are those of the event-driven model, rounded to the step; chance
comes from the model's own generator, so that it agrees with the others on the whole and not household by household.
"""

from math import inf, log

import mesa
import numpy as np

from benchmarks.plain_mesa.channels import channels_of
from benchmarks.plain_mesa.choice import standing_need
from benchmarks.plain_mesa.customer import Household
from benchmarks.plain_mesa.desk import Utility
from benchmarks.plain_mesa.kinds import SEEN
from benchmarks.plain_mesa.patrol import chances_by_level
from benchmarks.plain_mesa.roster import arrivals
from benchmarks.plain_mesa.things import Device, Order, devices_of
from benchmarks.plain_mesa.walkers import DayList, Walker
from sim.core.columns import LEVELS, Damage, Place
from sim.core.seeds import Seeds
from sim.engine.settings import peak_hour
from sim.inputs.scenario import Scenario
from sim.rules import channels as access

STEP_H = 0.25


class Crew(mesa.Agent):
    """A crew with one task at a time: travelling, searching, repairing."""

    def __init__(self, model: "SteppedStorm", arrives_h: float):
        super().__init__(model)
        p = model.parameters
        self.x_km = self.y_km = 0.0
        self.arrives_h = arrives_h
        at_night = self.random.random() < p.crews.night_share
        self.shift_begins = p.crews.shift_starts_hour + (12.0 if at_night else 0.0)
        self.on_site_h = [getattr(p.patrol, f"{level}_h") for level in LEVELS]
        self.order: Order | None = None
        self.next_task = None
        self.until_h = inf

    def is_free(self) -> bool:
        """Whether the crew may take a job now."""
        if self.order or self.model.now < self.arrives_h:
            return False
        return (self.model.hour - self.shift_begins) % 24.0 < self.model.parameters.crews.shift_on_h

    def set_off(self, order: Order) -> None:
        """Travel to an order."""
        p, device = self.model.parameters.crews, order.device
        km = np.hypot(self.x_km - device.x_km, self.y_km - device.y_km)
        blocked = p.blocked_factor if self.model.now < p.blocked_until_h else 1.0
        self.order, self.x_km, self.y_km = order, device.x_km, device.y_km
        self.begin((p.travel_min / 60 + km / p.speed_km_per_h) * blocked, self.search)

    def begin(self, hours: float, then) -> None:
        """Be busy for some hours."""
        self.until_h, self.next_task = self.model.now + hours, then

    def step(self) -> None:
        """Go on to the next task when one is done."""
        while self.order and self.model.now >= self.until_h:
            self.next_task()

    def search(self) -> None:
        """On site, and along the line; behind a sound device as far as something would be seen there."""
        p, order = self.model.parameters.patrol, self.order
        upstream = None if order.device.has_failed else order.device.failure_above()
        along = upstream or order.device
        behind_km = 0.0
        if not along.has_failed:
            behind_km = sum(self.chance_to_see(device) * device.line_km for device in along.below)
        km = sum(device.line_km for device in order.device.upwards() if device.level >= along.level)
        gain = 1.0 + p.report_gain * log(1.0 + order.reports)
        search_h = (self.on_site_h[along.level] + km / p.speed_km_per_h) * (1.0 - order.precision) / gain
        self.begin(search_h + behind_km / p.speed_km_per_h, self.find)

    def chance_to_see(self, device: Device) -> float:
        """Chance to see a fault at or below the device that the crew is at."""
        return chances_by_level(self.model)[device.level - self.order.device.level]

    def find(self) -> None:
        """The fault is here; or upstream; or further down; or there is none any more, or none that is seen."""
        device, utility = self.order.device, self.model.utility
        upstream = None if device.has_failed else device.failure_above()
        below = [] if upstream else [fault for fault in device.failures_here_and_below() if fault is not device]
        faults = [fault for fault in below if self.random.random() < self.chance_to_see(fault)]
        if device.has_failed:
            utility.locate(device, SEEN)
            self.begin(device.repair_h, self.repair)
        else:
            self.leave()
            device.is_sound = upstream is None
            utility.forget(device)
        for fault in [upstream] if upstream else faults:
            utility.locate(fault, SEEN)
        if not device.has_failed and not upstream:
            utility.presume_restored(device)

    def repair(self) -> None:
        """The repair is done."""
        device = self.order.device
        self.leave()
        self.model.restore(device)

    def leave(self) -> None:
        """Close the order."""
        self.model.utility.close(self.order)
        self.order, self.until_h = None, inf


class SteppedStorm(mesa.Model):
    """The model.

    Parameters
    ----------
    scenario : Scenario   with ``plain_mesa.CORE_RULES``
    place, damage         the city and the storm, already built
    seeds : Seeds         behaviour seeds the model's generator
    """

    def __init__(self, scenario: Scenario, place: Place, damage: Damage, seeds: Seeds):
        super().__init__(rng=int(seeds.behaviour))
        self.scenario, self.parameters = scenario, scenario.parameters
        self.behaviour = np.uint64(seeds.behaviour)
        self.peak_hour = peak_hour(scenario)
        self.now = np.floor(float(damage.onset_h.min(initial=0.0)))
        self.hour = (self.now + self.peak_hour) % 24.0
        self.devices = devices_of(place, damage)
        faults = [self.devices[number] for number in damage.device]
        rows = zip(damage.onset_h.tolist(), faults, strict=True)
        self.to_come = sorted(rows, key=lambda row: row[0], reverse=True)
        self.utility = Utility(self)
        self.metered: list[Household] = []
        self.make_households(place, damage, seeds)
        self.crews = [Crew(self, hour) for hour in arrivals(scenario)]
        self.day_list = DayList(self)
        self.walkers = [Walker(self) for _ in range(scenario["patrol.teams"])]
        self.last_repair_h = -inf

    def make_households(self, place: Place, damage: Damage, seeds: Seeds) -> None:
        """One agent per household."""
        people, channels = place.households, channels_of(self.scenario)
        reach = access.owned(people) & access.offered(self.scenario, seeds.behaviour, place)
        reach &= access.aware(self.scenario, seeds.world, place)
        svi = place.neighbourhoods.svi[people.neighbourhood].tolist()
        cell_back = damage.cell_back_h[people.neighbourhood].tolist()
        more = zip(standing_need(self.scenario, people), damage.meter_h.tolist(), strict=True)
        rows = zip(place.served_by.tolist(), reach.tolist(), svi, cell_back, more, strict=True)
        for row, (device, bits, vulnerability, cell_back_h, (urgency, meter_h)) in enumerate(rows):
            mine = [channel for channel in channels if bits >> channel.number & 1]
            person = people[row] | {"urgency": urgency, "meter_h": meter_h}
            household = Household(self, self.devices[device], mine, person, vulnerability, cell_back_h)
            if meter_h < inf:
                self.metered.append(household)
            for above in household.served_by.upwards():
                above.customers.append(household)

    def step(self) -> None:
        """A quarter of an hour."""
        self.now += STEP_H
        self.hour = (self.now + self.peak_hour) % 24.0
        while self.to_come and self.to_come[-1][0] <= self.now:
            self.fail(self.to_come.pop()[1])
        self.agents_by_type[Household].shuffle_do("step")
        self.utility.step()
        self.day_list.step()
        for walker in self.walkers:
            walker.step()
        self.agents_by_type[Crew].shuffle_do("step")

    def with_meter_back(self) -> list[Household]:
        """Dark households whose meter answers for the first time since they lost power."""
        now = self.now
        return [h for h in self.metered if not h.has_power and now - STEP_H < max(h.meter_h, h.out_h) <= now]

    def fail(self, device: Device) -> None:
        """A device fails: everybody behind it is dark."""
        device.has_failed = True
        self.utility.hidden.add(device)
        for household in device.customers:
            household.lose_power()

    def restore(self, device: Device) -> None:
        """A device is repaired: who has no other fault upstream is back."""
        device.has_failed, device.is_sound = False, True
        self.last_repair_h = self.now
        for household in device.customers:
            household.look_up()
        self.utility.presume_restored(device)

    def run(self) -> "SteppedStorm":
        """Take steps to the scenario's horizon."""
        while self.now < self.scenario["run.horizon_h"]:
            self.step()
        return self


def simulate(scenario: Scenario, place: Place, damage: Damage, seeds: int | Seeds = 1) -> SteppedStorm:
    """Build the model and run it to the horizon."""
    return SteppedStorm(scenario, place, damage, seeds if isinstance(seeds, Seeds) else Seeds.all(seeds)).run()
