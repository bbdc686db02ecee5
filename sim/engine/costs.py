"""What a storm costs the city and the utility, and what it costs the residents.

    crews         on duty from arrival until they are sent home or their last job is done, for a share of the day; one
                  that splits until then, and its trucks from then on
    tree crews    as many hours as the line crews and what they have split into, times a share
    mobilisation  by crew that comes from elsewhere
    materials     by fault mended, temporary ones aside, and the level of the device
    call takers   from the first outage until the last household is back, and so patrols
    contacts      reports that got through; interpreters for calls in other languages
    channels, meters, liaisons, outreach by households reached, credits paid afterwards by hours out

Devices handed out and meters serve several storms: the bill bears a share. The *outlay*, what a council must budget
whatever the storm does, counts them in full, beside the rest of outreach and channels; what is paid by the hour or by
the report is none. Items and sums are declared in :mod:`sim.core.cost_items`.

Residents lose ``usd_per_h * hours * (hours / 24) ** growth`` each, times a multiplier with a medical device: the cost
of an hour grows with the days out (Baik et al. 2020). It stands apart, for neither city nor utility pays it. What has
not ended at the horizon is counted up to it.
"""

from typing import NamedTuple

import numpy as np

from sim.core.columns import LEVELS
from sim.core.compiled import entry
from sim.core.cost_items import BILL, RESIDENTS
from sim.core.outcome_codes import LINE, REPORT_CALLBACK, REPORT_LOGGED, REPORT_PROXY
from sim.engine.crew_hours import crew_hours, crews_that_come
from sim.engine.outcomes import Outcomes
from sim.engine.settings import liaisons
from sim.inputs.parameters.channels import CHANNELS, HOTLINE, LIAISON
from sim.rules.joining import TRUCK
from sim.rules.outreach import PROGRAMMES
from sim.rules.weatherheads import programme_usd
from sim.world.contrast import meter_coverage

GOT_THROUGH = (REPORT_LOGGED, REPORT_CALLBACK, REPORT_PROXY)


class Dark(NamedTuple):
    """When households were without power, up to the horizon."""

    hours: np.ndarray  # float64 [household]
    first_h: float  # when the first lost it; infinity: none did
    last_h: float  # when the last was back, or the horizon; minus infinity: none was out


def costs(outcomes: Outcomes, dark: Dark | None = None) -> dict[str, float]:
    """Costs of one run, US$; ``dark`` where it is known already.

    Returns
    -------
    ``total`` and the items of :mod:`sim.core.cost_items` that it is the sum of, paid by city and
    utility; ``outlay``, what programmes take from a budget; ``crew_bill``, the items that follow the crews;
    ``residents``, beside them
    """
    dark = darkness(outcomes) if dark is None else dark
    bill = {**_of_crews(outcomes, dark), **_of_programmes(outcomes, dark), **_of_the_desk(outcomes, dark)}
    items = {name: bill[name] for name in BILL}
    at_once = items | {"outreach": outreach_usd(outcomes), "meters": meters_usd(outcomes)}
    sums = {
        "total": sum(items.values()),
        "outlay": sum(at_once[name] for name, item in BILL.items() if item.is_outlay),
        "crew_bill": sum(items[name] for name, item in BILL.items() if item.is_crew_bill),
    }
    return {**sums, **items, RESIDENTS: _residents_usd(outcomes, dark.hours)}


def darkness(outcomes: Outcomes) -> Dark:
    """When the households of a run were without power."""
    households, end_h = outcomes.state.households, outcomes.horizon_h
    out_h, back_h = np.array(households.out_h), np.array(households.restored_h)
    return dark_of(out_h, back_h, np.minimum(back_h, end_h) - np.minimum(out_h, end_h), end_h)


def dark_of(out_h: np.ndarray, restored_h: np.ndarray, hours: np.ndarray, horizon_h: float) -> Dark:
    """The same from its columns: hours lost, hours back, and hours without power up to the horizon."""
    last_h = np.where(out_h < np.inf, restored_h, -np.inf).max(initial=-np.inf)
    return Dark(hours, float(out_h.min(initial=np.inf)), min(float(last_h), horizon_h))


def emergency_h(dark: Dark) -> float:
    """Hours from the first outage until the last household is back."""
    return max(0.0, dark.last_h - dark.first_h)


def _of_crews(outcomes: Outcomes, dark: Dark) -> dict[str, float]:
    """What repair costs."""
    rates, hours = outcomes.scenario.parameters.costs, crew_hours(outcomes)
    crews = outcomes.state.crews
    line_hours = hours[(crews.kind == LINE) | (crews.origin == TRUCK)].sum()
    return {
        "crews": float(hours.sum() * rates.crew_usd_per_h),
        "tree_crews": float(line_hours * rates.tree_crew_share * rates.tree_crew_usd_per_h),
        "mobilisation": crews_that_come(outcomes, dark.last_h) * rates.mobilisation_usd,
        "materials": materials_usd(outcomes),
    }


def _of_programmes(outcomes: Outcomes, dark: Dark) -> dict[str, float]:
    """What is decided on before, and what is paid to households afterwards."""
    storms = outcomes.scenario["costs.device_storms"]
    return {
        "outreach": outreach_usd(outcomes, storms),
        "channels": channels_usd(outcomes),
        "meters": meters_usd(outcomes, storms),
        "credits": _credits_usd(outcomes, dark.hours),
    }


def _of_the_desk(outcomes: Outcomes, dark: Dark) -> dict[str, float]:
    """What it costs to hear and to look."""
    scenario, rates = outcomes.scenario, outcomes.scenario.parameters.costs
    call_hours = scenario["hotline.call_takers"] * emergency_h(dark)
    return {
        "call_takers": call_hours * rates.call_taker_usd_per_h,
        "contacts": contacts_usd(outcomes),
        "patrols": _patrols_usd(outcomes, dark),
        "liaisons": liaison_hours(outcomes, dark.last_h) * rates.liaison_usd_per_h,
    }


def materials_usd(outcomes: Outcomes) -> float:
    """What is built in, by faults mended and the level of their device; a temporary fault needs nothing."""
    damage, devices = outcomes.damage, outcomes.place.devices
    mended = outcomes.state.faults.repaired_h <= outcomes.horizon_h
    each = outcomes.scenario.parameters.costs.materials_usd
    usd = np.array([getattr(each, level) for level in LEVELS])[devices.level[damage.device]]
    return float((usd * (damage.n_faults - damage.n_temporary))[mended].sum())


def meters(outcomes: Outcomes) -> float:
    """Households with a meter that answers: the city's share of them, or what a table says of each neighbourhood."""
    place, city = outcomes.place, outcomes.scenario["sensing.meter_coverage"]
    if np.isnan(place.contrast.meter_coverage).all():
        return len(outcomes.state.households) * city
    return float(meter_coverage(outcomes.scenario, place)[place.households.neighbourhood].sum())


def meters_usd(outcomes: Outcomes, device_storms: float = 1.0) -> float:
    """What the meters cost, paid off over so many storms."""
    return meters(outcomes) * outcomes.scenario["costs.meter_usd"] / device_storms


def contacts_usd(outcomes: Outcomes) -> float:
    """What it cost to take the reports."""
    state, scenario = outcomes.state, outcomes.scenario
    reports, number = state.reports[: state.clock.n_reports[0]], np.zeros(len(CHANNELS), dtype=np.int64)
    foreign = _count_contacts(reports, state.households, outcomes.place.households.limited_english, number)
    usd = float(number @ [scenario[f"channels.{name}.cost_usd"] for name in CHANNELS])
    minutes = foreign * scenario["hotline.handle_min"]
    return float(usd + minutes * scenario["costs.interpreter_usd_per_min"])


@entry
def _count_contacts(reports, households, limited_english, number):
    """Count the reports that got through [channel]; returns how many of the calls were translated."""
    foreign = 0
    for row in range(len(reports)):
        report = reports[row]
        if report.outcome in GOT_THROUGH:
            number[report.channel] += 1
            is_translated = households[report.household].spoken >> HOTLINE & 1 > 0
            if report.channel == HOTLINE and limited_english[report.household] and is_translated:
                foreign += 1
    return foreign


def channels_usd(outcomes: Outcomes) -> float:
    """What it cost to offer the channels at all."""
    scenario = outcomes.scenario
    open_to = [name for name in CHANNELS if scenario[f"channels.{name}.availability"] > 0.0]
    return float(len(outcomes.state.households) * sum(scenario[f"channels.{name}.offer_usd"] for name in open_to))


def liaison_hours(outcomes: Outcomes, last_h: float) -> float:
    """Hours that liaisons spent on rounds: within the channel's hours, from when work is safe to the last repair."""
    if not len(outcomes.state.visits):
        return 0.0
    days = max(0.0, last_h - outcomes.scenario["crews.safe_h"]) / 24.0
    channel = outcomes.state.channels[LIAISON]
    hours_a_day = (channel.closes - channel.opens) % 24.0 or 24.0
    return float(liaisons(outcomes.scenario, len(outcomes.state.households)) * days * hours_a_day)


def outreach_usd(outcomes: Outcomes, device_storms: float = 1.0) -> float:
    """What the programmes cost, devices paid off over so many storms."""
    usd = 0.0
    for number, name in enumerate(PROGRAMMES):
        programme = getattr(outcomes.scenario.parameters.outreach, name)
        if programme.reach > 0.0:
            reached = np.count_nonzero(outcomes.state.households.reached >> number & 1)
            lasts = device_storms if name == "device" else 1.0
            usd += programme.fixed_usd + reached * programme.cost_usd / lasts
    return float(usd + programme_usd(outcomes.scenario, outcomes.state.faults, outcomes.horizon_h))


def _patrols_usd(outcomes: Outcomes, dark: Dark) -> float:
    scenario = outcomes.scenario
    hours_a_day = max(0.0, scenario["patrol.ends_hour"] - scenario["patrol.starts_hour"])
    hours = scenario["patrol.teams"] * emergency_h(dark) / 24.0 * hours_a_day
    return float(hours * scenario["costs.patrol_usd_per_h"])


def _credits_usd(outcomes: Outcomes, hours_out: np.ndarray) -> float:
    terms = outcomes.scenario.parameters.credits
    if terms.usd_per_household == terms.usd_per_h == 0.0:
        return 0.0
    beyond_h = hours_out - terms.after_h
    paid = beyond_h > 0.0
    return float(paid.sum() * terms.usd_per_household + beyond_h[paid].sum() * terms.usd_per_h)


def _residents_usd(outcomes: Outcomes, hours_out: np.ndarray) -> float:
    rates = outcomes.scenario.parameters.costs
    medical = np.where(outcomes.place.households.medical_device, rates.medical_multiplier, 1.0)
    each = hours_out * (hours_out / 24.0) ** rates.residents_growth
    return float(rates.residents_usd_per_h * (medical * each).sum())
