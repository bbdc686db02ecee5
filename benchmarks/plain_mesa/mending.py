"""What a household has to have mended at its own house before the utility reconnects it, and who comes to do it."""

from math import inf

import numpy as np

from benchmarks.plain_mesa.clock import EventModel
from benchmarks.plain_mesa.kinds import SEEN, Kind, Source, Status
from benchmarks.plain_mesa.things import Device
from sim.core import luck
from sim.core.columns import METER_BASE, NOT_OWNED, Damage, Place
from sim.core.luck import Purpose

SEES_FOR_ITSELF = np.uint64(Purpose.OWNER_KNOWS)


class Mending:
    """The damage of one household's own, at its service drop."""

    def __init__(self, model: EventModel, device: Device, electrician_h: float, needs_inspector: bool):
        self.model, self.device, self.electrician_h = model, device, electrician_h
        self.inspection_h = 24.0 * model.parameters.owner.inspection_days if needs_inspector else 0.0
        self.helper_h = inf  # a programme's electrician, or one's own on credit
        self.is_called = self.is_done = self.is_by_programme = False
        self.done_h = inf
        self.wait: tuple[float, float, float] | None = None  # crew set off, found so, release

    @property
    def owner(self):
        """Whose it is."""
        return self.device.customers[0]

    def breaks(self) -> None:
        """The household may see for itself what has happened, if anybody is there."""
        u = luck.uniform(self.model.behaviour, SEES_FOR_ITSELF, self.owner.id, 0)
        if u < self.owner.knowledge and self.owner.is_at_home():
            self.call()

    def call(self) -> None:
        """Call an electrician, unless one is called: nobody comes before it is safe."""
        if self.is_called:
            return
        self.is_called = True
        from_h = max(self.model.now, self.model.parameters.crews.safe_h)
        opens_h = self.model.parameters.outreach.weatherhead_repair.from_h
        offers = [from_h + self.electrician_h, max(from_h, opens_h) + self.helper_h]
        self.is_by_programme = offers[1] < offers[0]
        self.done_h = min(offers) + self.inspection_h
        self.model.schedule(self.done_h, Kind.RELEASE, self.model.faults.index(self.device), self.done)

    def stops(self, set_off_h: float) -> None:
        """The utility finds that it cannot go on here: it tells the household and puts the order by."""
        self.device.order.status = Status.PUT_BY
        self.call()
        self.wait = set_off_h, self.model.now, self.done_h
        self.owner.is_told, self.owner.quiet_until_h = True, inf
        self.owner.sleep()

    def done(self) -> None:
        """All is mended: the utility is told, and may go on."""
        self.is_done = True
        utility, order = self.model.utility, self.device.order
        if order is not None and order.status is Status.PUT_BY:
            order.status = Status.WAITING
            utility.dispatcher.list_order(order)
        utility.locate(self.device, SEEN, Source.RELEASE)


def mendings(model: EventModel, place: Place, damage: Damage) -> None:
    """Give every drop that tore off what a household owns its mending."""
    p, offer = model.parameters.owner, model.parameters.outreach.weatherhead_repair
    torn = np.flatnonzero(damage.owner != NOT_OWNED)
    owners = place.devices.first[damage.device[torn]]
    ids = place.households.id[owners]
    u = luck.column(int(model.behaviour), Purpose.ELECTRICIAN, ids)
    told = luck.column(int(model.behaviour), Purpose.HEARS_OF_REPAIR, ids) < offer.reach
    rents, poor = (getattr(place.households, trait)[owners].tolist() for trait in ("renter", "poor"))
    usual_h = [24.0 * p.electrician_days * (p.renter_factor if renter else 1.0) for renter in rents]
    own_h = [hours * (p.poor_factor if is_poor else 1.0) for hours, is_poor in zip(usual_h, poor, strict=True)]
    lighter = 1.0 + (p.poor_factor - 1.0) * (1.0 - offer.loan_relief)
    helped_h = [hours * lighter if offer.form == "loan" else offer.wait_h for hours in usual_h]
    own_h, helped_h = (luck.lognormal(u, np.array(hours), p.sigma).tolist() for hours in (own_h, helped_h))
    for row, number in enumerate(torn.tolist()):
        device = model.devices[damage.device[number]]
        device.mending = Mending(model, device, own_h[row], damage.owner[number] == METER_BASE)
        if told[row] and (poor[row] or offer.form == "free"):
            device.mending.helper_h = helped_h[row]
