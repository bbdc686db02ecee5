"""What the control room sees and hears: devices and meters that have power, and how much each neighbourhood reports."""

from collections import Counter
from typing import Any

import mesa

from benchmarks.plain_mesa.things import Device
from sim.core.columns import LEVELS


class ControlRoom:
    """Refutes predictions at devices that are up."""

    def __init__(self, model: mesa.Model):
        self.model = model
        self.doubted: set[Device] = set()  # devices at which a prediction was refused

    def sees_up(self, device: Device) -> bool:
        """Whether somebody has seen the device sound, or a device or a meter at or below it has power and says so."""
        now = self.model.now
        if device.is_sound:
            return True
        if any(lower.shows_from_h <= now and lower.is_live() for lower in (device, *device.below)):
            return True
        return any(household.meter_h <= now and household.has_power for household in device.customers)

    def refuse(self, device: Device) -> None:
        """Remember a device at which a prediction is refused."""
        self.doubted.add(device)

    @property
    def refused(self) -> Counter[str]:
        """How many such devices there are, by level."""
        return Counter(LEVELS[device.level] for device in self.doubted)


class Ear:
    """Who was dark for certain in some part of the city, and who of these had been heard."""

    def __init__(self) -> None:
        self.dark = self.heard = 0


class Ears:
    """How loud the utility thinks that neighbourhoods are: from customers behind faults that it has seen."""

    def __init__(self, model: mesa.Model, is_used: bool):
        self.is_used = is_used
        self.customers = model.parameters.dispatch.propensity_customers
        self.city = Ear()
        self.near: dict[int, Ear] = {}

    def learn(self, device: Device) -> None:
        """A fault is certain: so everybody behind it is dark, and some of them had been heard."""
        if not self.is_used:
            return
        for household in device.customers:
            if not household.has_power:
                for ear in (self.city, self.near.setdefault(household.neighbourhood, Ear())):
                    ear.dark += 1
                    ear.heard += household.has_been_heard

    def worth(self, household: Any) -> float:
        """What a report of this household counts: one, or the inverse of its neighbourhood's propensity to report."""
        if not self.is_used:
            return 1.0
        here = self.near.get(household.neighbourhood, Ear())
        share = (self.city.heard + 1.0) / (self.city.dark + 2.0)
        return (here.dark + self.customers) / (here.heard + self.customers * share)
