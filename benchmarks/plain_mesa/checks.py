"""After a crew has left: everybody behind a device is taken to be back, and checked.

Who is still dark, with no order that explains it, is found out by a meter at once, or by an automatic call-back later,
or not at all: a false closure. All meters are read before anybody is closed.
"""

from collections.abc import Iterator
from math import inf

import numpy as np

from benchmarks.plain_mesa.clock import EventModel
from benchmarks.plain_mesa.household import Household
from benchmarks.plain_mesa.kinds import SENSED, Kind, Source
from benchmarks.plain_mesa.things import Device
from sim.core import luck
from sim.core.luck import Purpose

CALL_BACK = np.uint64(Purpose.CALLBACK)


class Checks:
    """Closes customers, or finds them."""

    def __init__(self, model: EventModel):
        self.model = model
        self.n_called_back = 0

    def presume_back(self, device: Device) -> None:
        """Everybody behind a device is taken to be back."""
        now = self.model.now
        self.model.utility.explain(device)
        for household in device.customers:
            if household.has_power:
                household.report_is_open = household.has_been_heard = False
        for household in self.unexplained(device):
            if household.meter_h <= now:
                self.model.utility.hear(household, SENSED, Source.METER)
        for household in self.unexplained(device):
            self.close(household)

    def unexplained(self, device: Device) -> Iterator[Household]:
        """Customers who are dark with no open order at or above their meter, one after the other."""
        return (h for h in device.customers if not h.has_power and h.served_by.order_above() is None)

    def close(self, household: Household) -> None:
        """Close a customer in error, unless a call-back is going to find out."""
        was_believed, had_reported = household.account.believed_h < inf, household.report_is_open
        household.account.doubt()
        household.report_is_open = False
        if had_reported and self.reaches(household):
            due_h = self.model.now + self.model.parameters.oms.callback_delay_h
            self.model.schedule(due_h, Kind.CALL_BACK, household.number, self.call_back, household)
            return
        if had_reported:
            household.is_disappointed()
        if was_believed:
            household.account.close(self.model.now)

    def reaches(self, household: Household) -> bool:
        """Whether an automatic call-back is going to be answered."""
        household.n_asked += 1
        u = luck.uniform(self.model.behaviour, CALL_BACK, household.id, household.n_asked)
        return u < self.model.parameters.oms.callback_share

    def call_back(self, household: Household) -> None:
        """Ask whether power is back, and hear that it is not; unless the household has told again in the meantime."""
        if not household.has_power and not household.report_is_open:
            self.n_called_back += 1
            self.model.utility.hear(household, household.first_channel.precision, Source.CALL_BACK)
