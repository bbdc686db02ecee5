"""The utility's outage-management desk: what it hears, senses and is told by crews, and what it makes of it.

A report makes the customer's own device a suspect, unless an open order upstream explains it. Enough suspects make
the device that they share a suspect in their place, unless the control room sees that it is up; when too few are left,
that prediction is withdrawn.
"""

import mesa
import numpy as np

from benchmarks.plain_mesa.checks import Checks
from benchmarks.plain_mesa.clock import EventModel
from benchmarks.plain_mesa.control_room import ControlRoom, Ears
from benchmarks.plain_mesa.dispatch import Dispatcher
from benchmarks.plain_mesa.household import Household
from benchmarks.plain_mesa.kinds import SENSED, Ending, Kind, Source, Status
from benchmarks.plain_mesa.things import Device, Order
from sim.core import luck
from sim.core.luck import Purpose

WITHDRAWAL = np.uint64(Purpose.WITHDRAWAL)


class Utility(mesa.Agent):
    """The desk."""

    def __init__(self, model: EventModel):
        super().__init__(model)
        oms = model.parameters.oms
        self.delay_h = oms.escalation_min / 60
        self.thresholds = (oms.feeders_per_substation, oms.laterals_per_feeder, oms.transformers_per_lateral,
                           oms.calls_per_transformer, 1)  # fmt: skip
        self.orders: list[Order] = []
        self.endings: dict[Ending, int] = {}  # how orders were closed, counted
        self.checks = Checks(model)
        self.dispatcher = Dispatcher(model)
        self.control_room = ControlRoom(model)
        self.ears = Ears(model, is_used=self.dispatcher.score.weights["corrected_reports"] != 0.0)

    # Orders

    def open_order(self, device: Device, source: Source, confirmed: bool = False) -> Order:
        """Open an order for a device: everybody dark behind it is believed out."""
        order = Order(device, self.model.now, confirmed, source, was_predicted=not confirmed)
        device.order = order
        device.n_orders += 1
        self.orders.append(order)
        for household in device.customers:
            if not household.has_power:
                household.account.believe(self.model.now)
        return order

    def close(self, order: Order, ending: Ending) -> None:
        """Close an order; those that waited behind it may be looked at again."""
        order.status = Status.CLOSED
        order.device.order = None
        self.endings[ending] = self.endings.get(ending, 0) + 1
        for behind in order.holds_up:
            behind.is_held_up = False
            self.dispatcher.list_order(behind)
        order.holds_up = []

    def release(self, order: Order) -> None:
        """An order has stood long enough, or is certain: crews may go."""
        if order.status is Status.NEW:
            order.status = Status.WAITING
            self.dispatcher.list_order(order)

    def is_overlooked(self, device: Device) -> bool:
        """Whether the prediction made here is kept although it should go."""
        u = luck.uniform(self.model.behaviour, WITHDRAWAL, device.id, device.n_orders)
        return u < self.model.parameters.oms.missed_withdrawal_share

    def is_open_prediction(self, order: Order | None) -> bool:
        """Whether an order is a guess that nobody has been sent to."""
        return order is not None and not order.confirmed and order.status in (Status.NEW, Status.WAITING)

    # Reports and what they suggest

    def hear(self, household: Household, precision: float, source: Source) -> None:
        """A report is logged, or a meter's: a customer is out."""
        device = household.served_by
        order = device.order_above()
        if order is None:
            order = self.open_order(device, source)
            self.model.schedule(self.model.now + self.delay_h, Kind.READY, len(self.orders), self.release, order)
        order.precision = max(order.precision, precision)
        if source is not Source.METER:
            order.reports += 1
            order.voices += self.ears.worth(household)
            household.is_heard()
        household.account.believe(self.model.now)
        if not order.confirmed:
            self.suspect(device)
        self.dispatcher.list_order(order)

    def suspect(self, device: Device) -> None:
        """Suspect a device; when enough are that share one upstream, decide on that one after a delay."""
        above = device.rollup
        if above is None or device in above.suspects:
            return
        above.suspects.add(device)
        if self.has_enough_suspects(above) and above.order is None and not above.is_deciding:
            above.is_deciding = True
            self.model.schedule(self.model.now + self.delay_h, Kind.ROLL_UP, above.number, self.roll_up, above)

    def has_enough_suspects(self, device: Device) -> bool:
        """Whether the suspects behind a device reach its level's threshold."""
        return len(device.suspects) >= self.thresholds[device.level]

    def roll_up(self, device: Device) -> None:
        """The delay is over: predict this device in place of those behind, if that still makes sense."""
        device.is_deciding = False
        if not self.has_enough_suspects(device) or device.order_above():
            return
        if self.control_room.sees_up(device):
            self.control_room.refuse(device)
            return
        order = self.open_order(device, self.source_behind(device))
        self.absorb_predictions_behind(order)
        self.suspect(device)
        self.release(order)

    def source_behind(self, device: Device) -> Source:
        """What a prediction rests on: reports, if any of those behind it do; else call-backs, else meters."""
        behind = {lower.order.source for lower in device.below if lower.order and not lower.order.confirmed}
        ranking = (Source.REPORT, Source.CALL_BACK)
        return next((source for source in ranking if source in behind), Source.METER)

    def absorb_predictions_behind(self, order: Order) -> None:
        """Predictions behind an order's device become part of it."""
        for device in order.device.below:
            part = device.order
            if self.is_open_prediction(part) and not self.is_overlooked(device):
                order.reports += part.reports
                order.voices += part.voices
                order.precision = max(order.precision, part.precision)
                order.opened_h = min(order.opened_h, part.opened_h)
                self.close(part, Ending.MERGED)

    # Certainty

    def sense(self, device: Device) -> None:
        """A breaker or meter shows an open device, if there is power upstream of it."""
        if device.has_failed and device.failure_above() is None:
            self.locate(device, SENSED, Source.SENSING)

    def locate(self, device: Device, precision: float, source: Source) -> None:
        """A fault is certain: its order is, and whatever was suspected behind it is explained."""
        if device.is_located:
            return
        device.located_h, device.located_by = self.model.now, source
        order = device.order or self.open_order(device, source, confirmed=True)
        order.confirmed = True
        order.precision = max(order.precision, precision)
        self.absorb_predictions_behind(order)
        self.count_voices(order)
        self.ears.learn(device)
        self.explain(device)
        self.release(order)
        self.dispatcher.list_order(order)

    def count_voices(self, order: Order) -> None:
        """Whoever has been heard behind the device and is dark belongs to its order, whenever that was."""
        dark = [household for household in order.device.customers if not household.has_power]
        heard = [household for household in dark if household.has_been_heard]
        order.reports = max(order.reports, len(heard))
        voices = 0.0
        for household in heard:
            voices += self.ears.worth(household)
        order.voices = max(order.voices, voices)

    def explain(self, device: Device) -> None:
        """Suspicions at and behind a device are explained; what they made suspect upstream is looked at again."""
        explained = (device, *device.below)
        for place in explained:
            place.suspects.clear()
        upstream = {place.rollup for place in explained if place.rollup and place in place.rollup.suspects}
        for above in sorted(upstream, key=lambda d: -d.number):
            above.suspects.difference_update(explained)
            self.reconsider(above)

    def reconsider(self, device: Device) -> None:
        """Withdraw the prediction of a device with too few suspects left, and then look upstream."""
        if self.has_enough_suspects(device) or not self.is_open_prediction(device.order) or self.is_overlooked(device):
            return
        self.retract(device, Ending.WITHDRAWN)

    def refuse(self, order: Order) -> None:
        """Crews are about to go, and the control room sees that the device is up."""
        self.control_room.refuse(order.device)
        self.retract(order.device, Ending.REFUSED)

    def retract(self, device: Device, ending: Ending) -> None:
        """Take a prediction back: those behind it stand in their own right, those upstream are looked at again."""
        void = device.order
        self.close(void, ending)
        if device.order_above() is None:
            for suspect in sorted(device.below, key=lambda d: d.number):
                implicated = suspect.rollup and suspect in suspect.rollup.suspects
                if implicated and suspect.order_above() is None:
                    order = self.open_order(suspect, void.source)
                    order.opened_h, order.precision = void.opened_h, void.precision
                    self.count_voices(order)
                    self.release(order)
        for household in device.customers:
            if not household.has_power and household.served_by.order_above() is None:
                household.account.doubt()
        if device.rollup and device in device.rollup.suspects:
            device.rollup.suspects.remove(device)
            self.reconsider(device.rollup)
