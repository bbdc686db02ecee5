"""The utility of the stepped model: at every step it senses, calls back, reads reports, infers, and sends crews."""

import mesa

from benchmarks.plain_mesa.control_room import ControlRoom, Ears
from benchmarks.plain_mesa.customer import Household
from benchmarks.plain_mesa.dispatch import Score
from benchmarks.plain_mesa.kinds import SENSED, Source, Status
from benchmarks.plain_mesa.things import Device, Order


class Utility(mesa.Agent):
    """Outage-management desk and dispatcher in one."""

    def __init__(self, model: mesa.Model):
        super().__init__(model)
        oms = model.parameters.oms
        self.thresholds = (oms.feeders_per_substation, oms.laterals_per_feeder, oms.transformers_per_lateral,
                           oms.calls_per_transformer, 1)  # fmt: skip
        self.delay_h = oms.escalation_min / 60
        self.score = Score(model.scenario, model.behaviour)
        self.control_room = ControlRoom(model)
        self.ears = Ears(model, is_used=self.score.weights["corrected_reports"] != 0.0)
        self.inbox: list[tuple[Household, float, Source]] = []  # with the precision
        self.to_call: list[tuple[float, Household]] = []  # back, and when
        self.hidden: set[Device] = set()  # faults not yet located
        self.open: dict[Device, Order] = {}
        self.promising: dict[Device, float] = {}  # devices with enough suspects, and since when

    def step(self) -> None:
        """What the desk does in a quarter of an hour."""
        self.look_out()
        self.call_back()
        self.read_reports()
        self.roll_up()
        self.send_crews()

    def open_order(self, device: Device, confirmed: bool) -> Order:
        """Open an order for a device."""
        order = Order(device, self.model.now, confirmed, Source.REPORT, was_predicted=not confirmed)
        self.open[device] = device.order = order
        return order

    def close(self, order: Order) -> None:
        """Close an order."""
        order.status = Status.CLOSED
        order.device.order = None
        del self.open[order.device]

    def look_out(self) -> None:
        """Breakers show open devices, and meters that work again."""
        for device in sorted(self.hidden, key=lambda d: d.number):
            if device.sensed_h <= self.model.now and device.failure_above() is None:
                self.locate(device, SENSED)
        self.inbox += [(household, SENSED, Source.METER) for household in self.model.with_meter_back()]

    def call_back(self) -> None:
        """Ask those whose turn it is whether power is back."""
        due = [household for due_h, household in self.to_call if due_h <= self.model.now]
        self.to_call = [entry for entry in self.to_call if entry[0] > self.model.now]
        for household in due:
            if not household.has_power and not household.report_is_open:
                self.inbox.append((household, household.precision, Source.CALL_BACK))

    def read_reports(self) -> None:
        """A report makes the customer's device a suspect, unless something known explains it."""
        for household, precision, source in self.inbox:
            if household.has_power:
                continue
            device = household.served_by
            order = device.order_above() or self.open_order(device, confirmed=False)
            order.precision = max(order.precision, precision)
            if source is not Source.METER:
                order.reports += 1
                order.voices += self.ears.worth(household)
                household.is_heard()
            if not order.confirmed:
                self.suspect(device)
        self.inbox.clear()

    def suspect(self, device: Device) -> None:
        """Suspect a device; enough of them make the one upstream promising."""
        above = device.rollup
        if above is None:
            return
        above.suspects.add(device)
        if len(above.suspects) >= self.thresholds[above.level]:
            self.promising.setdefault(above, self.model.now + self.delay_h)

    def roll_up(self) -> None:
        """After a delay, a promising device is predicted in place of those behind it."""
        for device, due_h in list(self.promising.items()):
            if due_h > self.model.now:
                continue
            del self.promising[device]
            if len(device.suspects) < self.thresholds[device.level] or device.order_above():
                continue
            if self.control_room.sees_up(device):
                self.control_room.refuse(device)
            else:
                self.absorb(self.open_order(device, confirmed=False))
                self.suspect(device)

    def absorb(self, order: Order) -> None:
        """Predictions behind an order's device become part of it, but for those that are missed."""
        missed_share = self.model.parameters.oms.missed_withdrawal_share
        for device in order.device.below:
            part = device.order
            if part and not part.confirmed and part.status is Status.NEW and self.random.random() >= missed_share:
                order.reports += part.reports
                order.voices += part.voices
                order.precision = max(order.precision, part.precision)
                order.opened_h = min(order.opened_h, part.opened_h)
                self.close(part)

    def locate(self, device: Device, precision: float) -> None:
        """A fault is certain."""
        if device not in self.hidden:
            return
        self.hidden.remove(device)
        order = device.order or self.open_order(device, confirmed=True)
        order.confirmed = True
        order.precision = max(order.precision, precision)
        self.absorb(order)
        heard = [household for household in device.customers if household.has_been_heard and not household.has_power]
        order.reports = max(order.reports, len(heard))
        order.voices = max(order.voices, sum(map(self.ears.worth, heard)))
        self.ears.learn(device)
        self.forget(device)

    def forget(self, device: Device) -> None:
        """Suspicions at and behind a device are explained; predictions upstream may have to be withdrawn."""
        for explained in (device, *device.below):
            explained.suspects.clear()
        while device.rollup and device in device.rollup.suspects:
            device.rollup.suspects.remove(device)
            device = device.rollup
            order = device.order
            if not order or order.confirmed or order.status is not Status.NEW:
                return
            if len(device.suspects) >= self.thresholds[device.level]:
                return
            self.withdraw(order)

    def withdraw(self, order: Order) -> None:
        """A prediction is void: the suspects behind it stand in their own right."""
        self.close(order)
        for suspect in sorted(order.device.suspects, key=lambda d: d.number):
            if not suspect.order:
                self.open_order(suspect, confirmed=False)

    def presume_restored(self, device: Device) -> None:
        """Everybody behind a device is taken to be back; some who are not are found by a meter or a call-back."""
        oms = self.model.parameters.oms
        self.forget(device)
        for household in device.customers:
            if household.has_power or household.served_by.order_above():
                continue
            had_reported, household.report_is_open = household.report_is_open, False
            if household.meter_h <= self.model.now:
                self.inbox.append((household, SENSED, Source.METER))
            elif had_reported and self.random.random() < oms.callback_share:
                self.to_call.append((self.model.now + oms.callback_delay_h, household))
            elif had_reported:
                household.is_disappointed()

    def send_crews(self) -> None:
        """The most urgent order that nothing upstream holds up goes to the nearest free crew."""
        free = [crew for crew in self.model.crews if crew.is_free()]
        if not free:
            return
        waiting = [order for order in self.open.values() if order.status is Status.NEW and self.is_due(order)]
        for order in sorted(waiting, key=self.score, reverse=True):
            if not free:
                return
            device = order.device
            if not order.confirmed and self.control_room.sees_up(device):
                self.control_room.refuse(device)
                self.withdraw(order)
                continue
            crew = min(free, key=lambda c: (c.x_km - device.x_km) ** 2 + (c.y_km - device.y_km) ** 2)
            free.remove(crew)
            order.status = Status.ASSIGNED
            crew.set_off(order)

    def is_due(self, order: Order) -> bool:
        """Whether a crew may go: certain or old enough, and nothing open upstream."""
        upstream = order.device.parent.order_above() if order.device.parent else None
        return upstream is None and (order.confirmed or order.opened_h + self.delay_h <= self.model.now)
