"""A household of the stepped model: every quarter of an hour it may notice, weigh and report."""

from math import exp, inf, log
from typing import Any

import mesa

from benchmarks.plain_mesa.channels import Channel
from benchmarks.plain_mesa.choice import Reporter, absence_h
from benchmarks.plain_mesa.kinds import Source
from benchmarks.plain_mesa.things import Device


class Household(Reporter):
    """One customer.

    Parameters
    ----------
    model : SteppedStorm
    served_by : Device          the last device before its meter
    channels : list of Channel  known, offered, and the means for it owned
    person : dict               a row of :class:`sim.core.columns.Households`, and urgency and meter_h
    svi, cell_back_h : float    of the neighbourhood
    """

    def __init__(
        self,
        model: mesa.Model,
        served_by: Device,
        channels: list[Channel],
        person: dict[str, Any],
        svi: float,
        cell_back_h: float,
    ):
        super().__init__(model)
        self.served_by, self.channels, self.svi, self.cell_back_h = served_by, channels, svi, cell_back_h
        self.tolerance_h, self.knowledge = float(person["tolerance_h"]), float(person["knowledge"])
        self.trust, self.limited_english = float(person["trust"]), bool(person["limited_english"])
        self.landline, self.broadband = bool(person["landline"]), bool(person["broadband"])
        self.smartphone, self.medical = bool(person["smartphone"]), bool(person["medical_registered"])
        self.voip, self.neighbourhood = bool(person["voip"]), int(person["neighbourhood"])
        self.urgency, self.meter_h = person["urgency"], person["meter_h"]
        self.absence_h = absence_h(model, person)
        self.has_power, self.is_informed = True, False
        self.report_is_open = self.has_been_heard = self.is_wronged = False
        self.precision = 0.0  # of its first report
        self.out_h = self.restored_h = inf
        self.quiet_until_h = -inf
        self.battery_h = self.random.lognormvariate(log(model.parameters.telecom.battery_h), 0.4)
        self.is_charged = True
        self.charge_checked_h = inf

    def lose_power(self) -> None:
        """A device upstream has failed."""
        if self.has_power:
            self.has_power = False
            self.out_h = self.model.now
            self.charge_checked_h = self.model.now + self.battery_h

    def look_up(self) -> None:
        """A device upstream is repaired: power is back, or only the neighbours' is."""
        self.has_power = not any(device.has_failed for device in self.served_by.upwards())
        if self.has_power:
            self.restored_h = self.model.now
        else:
            self.be_restless()

    def step(self) -> None:
        """Without power: perhaps a moment of attention, perhaps a report."""
        if self.has_power:
            return
        model = self.model
        if model.now >= self.charge_checked_h:
            self.is_charged = self.random.random() < model.parameters.telecom.recharge_chance
            self.charge_checked_h += 24.0
        if not self.channels or model.now <= self.quiet_until_h or not self.is_at_home():
            return
        if self.random.random() < self.chance_of_attention():
            channel = self.choose()
            if channel:
                self.report(channel)

    def chance_of_attention(self) -> float:
        """Chance of a moment of attention within a step."""
        p = self.model.parameters.reporting
        by_day = p.day_starts_hour <= self.model.hour < p.day_ends_hour
        rate = p.attention_per_h if by_day else p.attention_per_h * p.night_factor
        return 1.0 - exp(-rate * 0.25)

    def choose(self) -> Channel | None:
        """Multinomial logit over the channels that work now, against doing nothing."""
        options = [c for c in self.channels if c.is_open(self.model.hour) and self.works(c)]
        urge = self.urge()
        weights = [1.0, *(exp(urge + self.appeal(channel)) for channel in options)]
        return self.random.choices([None, *options], weights)[0]

    def works(self, channel: Channel) -> bool:
        """Whether a channel works now."""
        mobile = self.is_charged and self.model.now >= self.cell_back_h
        if channel.needs == "internet":
            away = self.broadband and self.random.random() < self.model.parameters.reporting.web_away_chance
            return (mobile and self.smartphone) or away
        if channel.needs == "telephone":
            battery_h = self.model.parameters.telecom.voip_battery_h
            return mobile or self.landline or (self.voip and self.model.now < self.out_h + battery_h)
        return mobile or channel.needs == "nothing"

    def report(self, channel: Channel) -> None:
        """The utility will read it at its next step; quiet for good, or until a repeat."""
        p = self.model.parameters.reporting
        self.model.utility.inbox.append((self, channel.precision, Source.REPORT))
        self.precision = self.precision or channel.precision
        self.is_informed |= channel.two_way
        chance = p.repeat_two_way if channel.two_way else p.repeat_one_way
        self.quiet_until_h = self.model.now + p.repeat_wait_h if self.random.random() < chance else inf
