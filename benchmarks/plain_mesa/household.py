"""A household without power: moments of attention, the decision to report, and what follows from a report.

The moments are a Poisson process, faster by day than by night, that starts when power is lost. A household sleeps
from one moment to the next at which it might act; what it believes and what works for it is found out then.
"""

from bisect import bisect_right
from math import exp, floor, inf

import numpy as np

from benchmarks.plain_mesa.account import Account
from benchmarks.plain_mesa.channels import Channel
from benchmarks.plain_mesa.choice import Reporter, absence_h
from benchmarks.plain_mesa.clock import EventModel
from benchmarks.plain_mesa.kinds import SENSED, Kind, Source
from benchmarks.plain_mesa.things import Device
from sim.core import luck
from sim.core.luck import Purpose

ATTENTION, AWAY = np.uint64(Purpose.ATTENTION), np.uint64(Purpose.AWAY)
RECHARGE, HANDLE, REPEAT = np.uint64(Purpose.RECHARGE), np.uint64(Purpose.HANDLE), np.uint64(Purpose.REPEAT)


class Household(Reporter):
    """One customer.

    Parameters
    ----------
    model : EventModel
    number : int                row in the city's table
    served_by : Device          the last device before its meter
    channels : list of Channel  known, offered, and the means for it owned
    traits : dict               columns of :class:`sim.core.columns.Households`, and urgency, battery_h, cell_back_h,
        meter_h
    """

    def __init__(self, model: EventModel, number: int, served_by: Device, channels: list[Channel], traits: dict):
        super().__init__(model)
        self.number, self.served_by, self.channels = number, served_by, channels
        self.id = np.uint64(traits["id"])
        self.tolerance_h, self.knowledge, self.trust = traits["tolerance_h"], traits["knowledge"], traits["trust"]
        self.landline, self.smartphone, self.broadband = traits["landline"], traits["smartphone"], traits["broadband"]
        self.limited_english, self.medical = traits["limited_english"], traits["medical_registered"]
        self.battery_h, self.cell_back_h, self.svi = traits["battery_h"], traits["cell_back_h"], traits["svi"]
        self.voip, self.urgency, self.meter_h = traits["voip"], traits["urgency"], traits["meter_h"]
        self.neighbourhood = traits["neighbourhood"]
        self.absence_h = absence_h(model, traits)
        self.faults: set[Device] = set()  # on the path to the source
        self.out_h = self.restored_h = self.first_report_h = inf
        self.moments: list[float] = []
        self.waking = None
        self.quiet_until_h = -inf
        self.is_calling = self.is_informed = False
        self.is_told = False  # that something of its own has to be mended first
        self.report_is_open = self.has_been_heard = self.is_wronged = False
        self.first_channel: Channel | None = None
        self.n_reports = self.n_calls = self.n_asked = 0
        self.account = Account()
        self.second_h = inf  # two or more faults on the path since
        self.behind_two_faults_h = 0.0

    # Power

    @property
    def has_power(self) -> bool:
        """No failed device on the path to the source."""
        return not self.faults

    def lose_power(self, device: Device) -> None:
        """A device upstream has failed."""
        now = self.model.now
        self.faults.add(device)
        if len(self.faults) == 2:
            self.second_h = now
        if len(self.faults) > 1:
            return
        self.out_h = self.account.begin_h = now
        if self.served_by.order_above():
            self.account.believe(now)
        if self.meter_h < inf:
            self.model.schedule(max(now, self.meter_h), Kind.METER, self.number, self.meter_answers)
        if self.channels:
            self.moments = [self._moment_after(now, 0)]
            self.sleep()

    def regain_power(self, device: Device, set_off_h: float, found_h: float) -> None:
        """A device upstream is repaired: power is back, or the neighbours' is, which draws attention again."""
        now = self.model.now
        self.account.end_span(now, set_off_h, found_h, device.visit, device.mending and device.mending.wait)
        self.faults.remove(device)
        if len(self.faults) == 1:
            self.behind_two_faults_h += now - self.second_h
            self.second_h = inf
        if not self.faults:
            self.restored_h = now
            self.account.end_false_closure(now)
            self._wake_never()
        elif self.quiet_until_h > now and not self.is_told:
            self.be_restless()

    def meter_answers(self) -> None:
        """The meter works again, and tells if there is no power."""
        if self.faults:
            self.model.utility.hear(self, SENSED, Source.METER)

    # Attention

    def be_restless(self) -> None:
        """Content with nothing that was reported before: moments of attention count again."""
        super().be_restless()
        self.sleep()

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
        self.waking = self.model.schedule(self.moments[number], Kind.ATTENTION, self.number, self.decide, number)

    def decide(self, number: int) -> None:
        """A moment of attention: report through a channel, or do nothing."""
        self.waking = None
        channel = self.choose(number) if self.is_at_home() else None
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
        wired = self.landline or (self.voip and now < self.out_h + self.model.parameters.telecom.voip_battery_h)
        works = {
            "telephone": mobile or wired,
            "mobile phone": mobile,
            "smartphone": mobile,
            "internet": mobile and self.smartphone,
            "nothing": True,
        }
        return [c for c in self.channels if works[c.needs] or self.reaches_elsewhere(c, number)]

    def reaches_elsewhere(self, channel: Channel, number: int) -> bool:
        """Whether a channel of the internet works because the household happens to be somewhere that has it."""
        return channel.needs == "internet" and self.is_online_elsewhere(number)

    def phone_is_charged(self) -> bool:
        """A battery lasts a while; then the phone is recharged on some days."""
        flat_h = self.model.now - self.out_h - self.battery_h
        if flat_h < 0.0:
            return True
        day = floor(flat_h / 24.0)
        return luck.uniform(self.model.storm, RECHARGE, self.id, day) < self.model.parameters.telecom.recharge_chance

    def is_online_elsewhere(self, number: int) -> bool:
        """Whether an internet household is somewhere with power and internet at this moment."""
        chance = self.model.parameters.reporting.web_away_chance
        return self.broadband and luck.uniform(self.model.behaviour, AWAY, self.id, number) < chance

    # Reports

    def report(self, channel: Channel) -> None:
        """Report; a call takes its time, everything else is logged at once."""
        self.first_report_h = min(self.first_report_h, self.model.now)
        self.first_channel = self.first_channel or channel
        self.n_reports += 1
        if channel.name != "hotline":
            self.is_logged(channel)
            return
        self.is_calling = True
        self.n_calls += 1
        handle_h = self.model.parameters.hotline.handle_min / 60
        if not self.model.parameters.hotline.exact_times:
            handle_h = luck.exponential(luck.uniform(self.model.behaviour, HANDLE, self.id, self.n_calls), handle_h)
        self.model.schedule(self.model.now + handle_h, Kind.CALL_OVER, self.number, self.hang_up, channel)

    def hang_up(self, channel: Channel) -> None:
        """The call is over."""
        self.is_calling = False
        if self.faults:
            self.is_logged(channel)

    def is_logged(self, channel: Channel) -> None:
        """The utility knows; quiet for good, or until a repeat."""
        p = self.model.parameters.reporting
        self.model.utility.hear(self, channel.precision, Source.REPORT)
        self.is_informed |= channel.two_way
        chance = p.repeat_two_way if channel.two_way else p.repeat_one_way
        repeats = luck.uniform(self.model.behaviour, REPEAT, self.id, self.n_reports) < chance
        self.quiet_until_h = self.model.now + p.repeat_wait_h if repeats and not self.is_told else inf
        self.sleep()

    # What came of it

    def hours_by_part(self) -> dict[str, float]:
        """Where the hours without power went; beside them, those behind two faults and those falsely closed."""
        return {
            **self.account.hours(),
            "behind_two_faults_h": self.behind_two_faults_h,
            "falsely_closed_h": self.account.falsely_closed_h,
        }
