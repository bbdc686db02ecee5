"""A storm in a city as an event-driven Mesa model with exact times.

One agent per household and per crew, one for the utility; events by Mesa's discrete-event simulator. Chance is looked
up in :mod:`sim.core.luck` for the same purposes, identities and draws as the engine's, so that both must tell the same
story to the last bit wherever they have the same rules (``plain_mesa.CORE_RULES``). Nothing else of the engine's
rules is used.
"""

from math import inf

from benchmarks.plain_mesa.channels import channels_of
from benchmarks.plain_mesa.choice import standing_need
from benchmarks.plain_mesa.clock import EventModel
from benchmarks.plain_mesa.districts import Division
from benchmarks.plain_mesa.household import Household
from benchmarks.plain_mesa.kinds import SEEN, Kind, Source, Status
from benchmarks.plain_mesa.mending import mendings
from benchmarks.plain_mesa.patrol import Rounds
from benchmarks.plain_mesa.roster import line_crews, transmission_crews
from benchmarks.plain_mesa.things import Device, devices_of
from benchmarks.plain_mesa.utility import Utility
from sim.core import luck
from sim.core.columns import Damage, Place
from sim.core.luck import Purpose
from sim.core.seeds import Seeds
from sim.inputs.scenario import Scenario
from sim.rules import channels as access

TRAITS = ("id", "tolerance_h", "knowledge", "trust", "landline", "smartphone", "broadband", "limited_english",
          "medical_registered", "voip", "neighbourhood", "student", "no_vehicle", "medical_device", "children",
          "income_usd")  # fmt: skip
BATTERY_SPREAD = 0.4


class Storm(EventModel):
    """The model.

    Parameters
    ----------
    scenario : Scenario   with ``plain_mesa.CORE_RULES``, or those rules are left out silently
    place, damage         the city and the storm, already built
    seeds : Seeds
    """

    def __init__(self, scenario: Scenario, place: Place, damage: Damage, seeds: Seeds):
        first_h = min(float(damage.onset_h.min(initial=0.0)), scenario["crews.safe_h"])
        super().__init__(scenario, seeds, starts_h=first_h)
        self.devices = devices_of(place, damage)
        self.utility = Utility(self)
        self.households = make_households(self, place, damage, seeds)
        self.division = Division(self)
        self.crews = line_crews(self)
        self.line_crews = list(self.crews)
        self.transmission_crews = transmission_crews(self)
        self.crews.extend(self.transmission_crews)
        self.rounds = Rounds(self)
        self.faults = [self.devices[number] for number in damage.device]
        self.unrepaired = set(self.faults)
        for device, onset_h in zip(self.faults, damage.onset_h.tolist(), strict=True):
            self.schedule(onset_h, Kind.FAILURE, device.number, self.fail, device)
        mendings(self, place, damage)

    def run(self) -> "Storm":
        """Run until everything is repaired and every crew is back, or to the scenario's horizon."""
        if self.faults:
            self.simulator.run_until(self.scenario["run.horizon_h"])
        self.close_accounts()
        return self

    def perhaps_over(self) -> None:
        """A job has ended: when dispatchers have looked at their list, it may have been the last."""
        if not self.unrepaired:
            self.schedule(self.now, Kind.OVER, 0, self.end_if_over)

    def end_if_over(self) -> None:
        """Nothing is broken, and nobody is on the way: what else was planned does not happen any more."""
        if all(crew.order is None for crew in self.crews):
            self.simulator.event_list.clear()

    def close_accounts(self) -> None:
        """What has not ended is counted up to the horizon, with the first jobs under way at or above a household."""
        end_h = self.scenario["run.horizon_h"]
        under_way = {crew.order.device: crew for crew in self.crews if crew.order}
        for household in self.households:
            if household.faults:
                jobs = [under_way[device] for device in household.served_by.upwards() if device in under_way]
                set_off_h, found_h = (min(hours, default=inf) for hours in
                                      ([job.set_off_h for job in jobs], [job.found_h for job in jobs]))  # fmt: skip
                alone = next(iter(household.faults)) if len(household.faults) == 1 else None
                wait = alone.mending.wait if alone and alone.mending else None
                household.account.end_span(end_h, set_off_h, found_h, wait=wait)
                household.account.end_false_closure(end_h)
                household.behind_two_faults_h += max(0.0, end_h - household.second_h)

    def fail(self, device: Device) -> None:
        """A device fails: everybody behind it is dark."""
        device.has_failed = True
        for household in device.customers:
            household.lose_power(device)
        if device.mending:
            device.mending.breaks()
        if self.parameters.dispatch.policy == "omniscient" or self.parameters.sensing.knowledge == "perfect":
            self.utility.locate(device, SEEN, Source.KNOWLEDGE)
            if device.waits_for_owner:
                device.mending.stops(self.now)
        else:
            self.expect_sensing(device)

    def restore(self, device: Device, set_off_h: float, found_h: float) -> None:
        """A device is repaired: who has no other fault upstream is back; faults further down may show now.

        ``set_off_h`` and ``found_h`` are when the crew did that.
        """
        self.unrepaired.discard(device)
        for household in device.customers:
            household.regain_power(device, set_off_h, found_h)
        self.utility.checks.presume_back(device)
        for nested in device.failures_here_and_below():
            if not nested.is_located:
                self.expect_sensing(nested)

    def send_aid_home(self) -> None:
        """After a job: as long as fewer orders are open than so many a crew, who came last of the aid goes home.

        Nobody does before all aid has come, nor who cannot be spared. Orders put by for an owner give crews no work.
        """
        per_crew = self.parameters.crews.release_orders_per_crew
        aid = [crew for crew in self.line_crews if crew.is_aid]  # they come in the order of their numbers
        if per_crew == 0.0 or any(crew.district is None for crew in aid):
            return
        n_there = sum(crew.is_there() for crew in self.line_crews)
        n_open = sum(order.status not in (Status.CLOSED, Status.PUT_BY) for order in self.utility.orders)
        for crew in reversed(aid):
            if n_open >= per_crew * n_there:
                return
            if crew.is_there() and crew.can_be_spared():
                crew.release()
                n_there -= 1

    def expect_sensing(self, device: Device) -> None:
        """Breakers and meters show an open device as soon as they work."""
        if device.sensed_h < inf:
            self.schedule(max(self.now, device.sensed_h), Kind.SENSING, device.number, self.utility.sense, device)


def make_households(model: Storm, place: Place, damage: Damage, seeds: Seeds) -> list[Household]:
    """One agent per household, entered with every device upstream of it."""
    people, channels = place.households, channels_of(model.scenario)
    reach = (
        access.owned(people)
        & access.offered(model.scenario, seeds.behaviour, place)
        & access.aware(model.scenario, seeds.world, place)
    )
    battery = luck.column(seeds.storm, Purpose.BATTERY, people.id)
    columns = {name: getattr(people, name).tolist() for name in TRAITS}
    columns["battery_h"] = luck.lognormal(battery, model.parameters.telecom.battery_h, BATTERY_SPREAD).tolist()
    columns["cell_back_h"] = damage.cell_back_h[people.neighbourhood].tolist()
    columns["meter_h"] = damage.meter_h.tolist()
    columns["urgency"] = standing_need(model.scenario, people)
    columns["svi"] = place.neighbourhoods.svi[people.neighbourhood].tolist()
    households = []
    for row, (device, bits) in enumerate(zip(place.served_by.tolist(), reach.tolist(), strict=True)):
        traits = {name: values[row] for name, values in columns.items()}
        mine = [channel for channel in channels if bits >> channel.number & 1]
        household = Household(model, row, model.devices[device], mine, traits)
        households.append(household)
        for above in household.served_by.upwards():
            above.customers.append(household)
    return households


def simulate(scenario: Scenario, place: Place, damage: Damage, seeds: int | Seeds = 1) -> Storm:
    """Build the model and run it to the horizon."""
    return Storm(scenario, place, damage, seeds if isinstance(seeds, Seeds) else Seeds.all(seeds)).run()
