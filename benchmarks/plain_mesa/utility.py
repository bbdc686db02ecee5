"""The utility's outage-management desk: what it hears, senses and is told by crews, and what it makes of it.

A report makes the customer's own device a suspect, unless an open order upstream explains it. Enough suspects make
the device that they share a suspect in their place; when too few are left, that prediction is withdrawn.
"""

from typing import TYPE_CHECKING

import mesa
import numpy as np

from benchmarks.plain_mesa.dispatch import Dispatcher
from benchmarks.plain_mesa.things import Device, Kind, Order, Status
from sim import luck
from sim.luck import Purpose

if TYPE_CHECKING:
    from benchmarks.plain_mesa.events import Storm
    from benchmarks.plain_mesa.household import Household

WITHDRAWAL = np.uint64(Purpose.WITHDRAWAL)
SEEN, SENSED = 1.0, 0.3  # precision of what somebody has looked at, and of what a breaker or meter shows


class Utility(mesa.Agent):
    """The desk."""

    def __init__(self, model: "Storm"):
        super().__init__(model)
        oms = model.parameters.oms
        self.delay_h = oms.escalation_min / 60
        self.thresholds = (oms.feeders_per_substation, oms.laterals_per_feeder, oms.transformers_per_lateral,
                           oms.calls_per_transformer, 1)  # fmt: skip
        self.reporters: set[Household] = set()  # whose reports are open
        self.orders: list[Order] = []
        self.endings: dict[str, int] = {}  # how orders were closed, counted
        self.dispatcher = Dispatcher(model)

    # Orders

    def open_order(self, device: Device, confirmed: bool) -> Order:
        """Open an order for a device."""
        order = Order(device, self.model.now, confirmed, was_predicted=not confirmed)
        device.order = order
        device.n_orders += 1
        self.orders.append(order)
        return order

    def close(self, order: Order, ending: str) -> None:
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

    def hear(self, household: "Household", precision: float) -> None:
        """A report is logged."""
        device = household.served_by
        order = device.order_above()
        if order is None:
            order = self.open_order(device, confirmed=False)
            self.model.schedule(self.model.now + self.delay_h, Kind.READY, self.release, order)
        order.reports += 1
        order.precision = max(order.precision, precision)
        self.reporters.add(household)
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
            self.model.schedule(self.model.now + self.delay_h, Kind.ROLL_UP, self.roll_up, above)

    def has_enough_suspects(self, device: Device) -> bool:
        """Whether the suspects behind a device reach its level's threshold."""
        return len(device.suspects) >= self.thresholds[device.level]

    def roll_up(self, device: Device) -> None:
        """The delay is over: predict this device in place of those behind, if that still makes sense."""
        device.is_deciding = False
        if not self.has_enough_suspects(device) or device.order_above():
            return
        order = self.open_order(device, confirmed=False)
        self.absorb_predictions_behind(order)
        self.suspect(device)
        self.release(order)

    def absorb_predictions_behind(self, order: Order) -> None:
        """Predictions behind an order's device become part of it."""
        for device in order.device.below:
            part = device.order
            if self.is_open_prediction(part) and not self.is_overlooked(device):
                order.reports += part.reports
                order.precision = max(order.precision, part.precision)
                order.opened_h = min(order.opened_h, part.opened_h)
                self.close(part, "merged")

    # Certainty

    def sense(self, device: Device) -> None:
        """A breaker or meter shows an open device, if there is power upstream of it."""
        if device.has_failed and device.failure_above() is None:
            self.locate(device, SENSED)

    def patrol(self, device: Device) -> None:
        """The slow rounds come by."""
        if device.has_failed:
            self.locate(device, SEEN)

    def locate(self, device: Device, precision: float) -> None:
        """A fault is certain: its order is, and whatever was suspected behind it is explained."""
        if device.is_located:
            return
        device.is_located = True
        order = device.order or self.open_order(device, confirmed=True)
        order.confirmed = True
        order.precision = max(order.precision, precision)
        self.absorb_predictions_behind(order)
        order.reports = max(order.reports, sum(household in self.reporters for household in device.customers))
        self.explain(device)
        self.release(order)
        self.dispatcher.list_order(order)

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
        self.close(device.order, "withdrawn")
        if device.order_above() is None:
            for suspect in sorted(device.below, key=lambda d: d.number):
                implicated = suspect.rollup and suspect in suspect.rollup.suspects
                if implicated and suspect.order_above() is None:
                    self.release(self.open_order(suspect, confirmed=False))
        if device.rollup and device in device.rollup.suspects:
            device.rollup.suspects.remove(device)
            self.reconsider(device.rollup)

    def presume_restored(self, device: Device) -> None:
        """Everybody behind a device is taken to be back: their reports are closed."""
        self.reporters.difference_update(device.customers)
        self.explain(device)
