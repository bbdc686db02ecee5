"""A household without power: moments of attention, the decision to report, and what follows from a report.

The moments are a Poisson process, faster by day than by night, that starts when power is lost. A household sleeps
from one moment to the next at which it might act; what it believes and what works for it is found out then.
"""

from bisect import bisect_right
from math import exp, floor, inf
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.plain_mesa.choice import Reporter
from benchmarks.plain_mesa.things import Channel, Device, Kind
from sim import luck
from sim.luck import Purpose

if TYPE_CHECKING:
    from benchmarks.plain_mesa.events import Storm

ATTENTION, AWAY = np.uint64(Purpose.ATTENTION), np.uint64(Purpose.AWAY)
RECHARGE, HANDLE, REPEAT = np.uint64(Purpose.RECHARGE), np.uint64(Purpose.HANDLE), np.uint64(Purpose.REPEAT)


class Household(Reporter):
    """One customer.

    Parameters
    ----------
    model : Storm
    served_by : Device          the last device before its meter
    channels : list of Channel  known, offered, and the means for it owned
    traits : dict               columns of :class:`sim.columns.Households`, and battery_h, cell_back_h
    """

    def __init__(self, model: "Storm", served_by: Device, channels: list[Channel], traits: dict):
        super().__init__(model)
        self.served_by, self.channels = served_by, channels
        self.id = np.uint64(traits["id"])
        self.tolerance_h, self.knowledge, self.trust = traits["tolerance_h"], traits["knowledge"], traits["trust"]
        self.landline, self.smartphone, self.broadband = traits["landline"], traits["smartphone"], traits["broadband"]
        self.limited_english, self.medical = traits["limited_english"], traits["medical_registered"]
        self.battery_h, self.cell_back_h, self.svi = traits["battery_h"], traits["cell_back_h"], traits["svi"]
        self.faults: set[Device] = set()  # on the path to the source
        self.out_h = self.restored_h = self.first_report_h = inf
        self.moments: list[float] = []
        self.waking = None
        self.quiet_until_h = -inf
        self.is_calling = self.is_informed = False
        self.n_reports = self.n_calls = 0

    # Power

    def lose_power(self, device: Device) -> None:
        """A device upstream has failed."""
        self.faults.add(device)
        if len(self.faults) == 1:
            self.out_h = self.model.now
            if self.channels:
                self.moments = [self._moment_after(self.out_h, 0)]
                self.sleep()

    def regain_power(self, device: Device) -> None:
        """A device upstream is repaired: power is back, or the neighbours' is, which draws attention again."""
        self.faults.remove(device)
        if not self.faults:
            self.restored_h = self.model.now
            self._wake_never()
        elif self.quiet_until_h > self.model.now:
            self.quiet_until_h = self.model.now
            self.sleep()

    # Attention

    def _moment_after(self, time_h: float, number: int) -> float:
        urge = luck.exponential(luck.pair(self.model.behaviour, ATTENTION, self.id, number)[0], 1.0)
        return self.model.rhythm.after(time_h, urge)

    def _wake_never(self) -> None:
        if self.waking:
            self.waking.cancel()
            self.waking = None

    def sleep(self) -> None:
        """Sleep until the next moment of attention at which there is something to decide."""
        self._wake_never()
        if self.is_calling or not self.faults or not self.channels:
            return
        earliest_h = max(self.model.now, self.quiet_until_h)
        if earliest_h == inf:
            return
        while self.moments[-1] <= earliest_h:
            self.moments.append(self._moment_after(self.moments[-1], len(self.moments)))
        number = bisect_right(self.moments, earliest_h)
        self.waking = self.model.schedule(self.moments[number], Kind.ATTENTION, self.decide, number)

    def decide(self, number: int) -> None:
        """A moment of attention: report through a channel, or do nothing."""
        self.waking = None
        channel = self.choose(number)
        if channel is None:
            self.sleep()
        else:
            self.report(channel)

    # Choice

    def choose(self, number: int) -> Channel | None:
        """Multinomial logit over the channels that work now, against doing nothing."""
        hour = self.model.rhythm.hour(self.model.now)
        options = [c for c in self.working_channels(number) if c.is_open(hour)]
        if not options:
            return None
        u = luck.pair(self.model.behaviour, ATTENTION, self.id, number + 1)[1]
        urge = self.urge()
        weights = [exp(urge + self.appeal(channel)) for channel in options]
        left = u * (1.0 + sum(weights)) - 1.0
        if left < 0.0:
            return None
        for channel, weight in zip(options, weights, strict=True):
            left -= weight
            if left < 0.0:
                return channel
        return options[-1]

    def working_channels(self, number: int) -> list[Channel]:
        """Channels that work now, by cell service, battery, landline and internet elsewhere."""
        now = self.model.now
        mobile = now >= self.cell_back_h and self.phone_is_charged()
        works = {
            "hotline": mobile or self.landline,
            "informal": mobile or self.landline,
            "app": mobile,
            "sms": mobile,
            "web": mobile and self.smartphone,
            "liaison": True,
        }
        return [c for c in self.channels if works[c.name] or (c.name == "web" and self.is_away(number))]

    def phone_is_charged(self) -> bool:
        """A battery lasts a while; then the phone is recharged on some days."""
        flat_h = self.model.now - self.out_h - self.battery_h
        if flat_h < 0.0:
            return True
        day = floor(flat_h / 24.0)
        return luck.uniform(self.model.storm, RECHARGE, self.id, day) < self.model.parameters.telecom.recharge_chance

    def is_away(self, number: int) -> bool:
        """Whether an internet household is somewhere with power and internet at this moment."""
        chance = self.model.parameters.reporting.web_away_chance
        return self.broadband and luck.uniform(self.model.behaviour, AWAY, self.id, number) < chance

    # Reports

    def report(self, channel: Channel) -> None:
        """Report; a call takes its time, everything else is logged at once."""
        self.first_report_h = min(self.first_report_h, self.model.now)
        self.n_reports += 1
        if channel.name != "hotline":
            self.is_logged(channel)
            return
        self.is_calling = True
        self.n_calls += 1
        handle_h = self.model.parameters.hotline.handle_min / 60
        if not self.model.parameters.hotline.exact_times:
            handle_h = luck.exponential(luck.uniform(self.model.behaviour, HANDLE, self.id, self.n_calls), handle_h)
        self.model.schedule(self.model.now + handle_h, Kind.CALL_OVER, self.hang_up, channel)

    def hang_up(self, channel: Channel) -> None:
        """The call is over."""
        self.is_calling = False
        if self.faults:
            self.is_logged(channel)

    def is_logged(self, channel: Channel) -> None:
        """The utility knows; quiet for good, or until a repeat."""
        p = self.model.parameters.reporting
        self.model.utility.hear(self, channel.precision)
        self.is_informed |= channel.two_way
        chance = p.repeat_two_way if channel.two_way else p.repeat_one_way
        repeats = luck.uniform(self.model.behaviour, REPEAT, self.id, self.n_reports) < chance
        self.quiet_until_h = self.model.now + p.repeat_wait_h if repeats else inf
        self.sleep()
