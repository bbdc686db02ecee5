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

from typing import Any

import numpy as np

from sim.core.columns import LEVELS
from sim.core.cost_items import BILL, RESIDENTS
from sim.core.outcome_codes import LINE, REPORT_CALLBACK, REPORT_LOGGED, REPORT_PROXY
from sim.core.state import State
from sim.engine.outcomes import Outcomes
from sim.engine.settings import liaisons
from sim.inputs.parameters.channels import CHANNELS, HOTLINE, LIAISON
from sim.rules.joining import AID, STAGED, TRUCK
from sim.rules.outreach import PROGRAMMES
from sim.rules.weatherheads import programme_usd
from sim.world.contrast import meter_coverage

GOT_THROUGH = (REPORT_LOGGED, REPORT_CALLBACK, REPORT_PROXY)


def costs(outcomes: Outcomes) -> dict[str, float]:
    """Costs of one run, US$.

    Returns ------- ``total`` and the items of :mod:`sim.core.cost_items` that it is the sum of, paid by city and
    utility; ``outlay``, what programmes take from a budget; ``crew_bill``, the items that follow the crews;
    ``residents``, beside them
    """
    bill = {**_of_crews(outcomes), **_of_programmes(outcomes), **_of_the_desk(outcomes)}
    items = {name: bill[name] for name in BILL}
    at_once = items | {"outreach": outreach_usd(outcomes), "meters": meters_usd(outcomes)}
    sums = {
        "total": sum(items.values()),
        "outlay": sum(at_once[name] for name, item in BILL.items() if item.is_outlay),
        "crew_bill": sum(items[name] for name, item in BILL.items() if item.is_crew_bill),
    }
    return {**sums, **items, RESIDENTS: _residents_usd(outcomes, _hours_out(outcomes))}


def _of_crews(outcomes: Outcomes) -> dict[str, float]:
    """What repair costs."""
    rates, hours = outcomes.scenario.parameters.costs, crew_hours(outcomes)
    crews = outcomes.state.crews
    line_hours = hours[(crews.kind == LINE) | (crews.origin == TRUCK)].sum()
    return {
        "crews": float(hours.sum() * rates.crew_usd_per_h),
        "tree_crews": float(line_hours * rates.tree_crew_share * rates.tree_crew_usd_per_h),
        "mobilisation": crews_that_come(outcomes) * rates.mobilisation_usd,
        "materials": materials_usd(outcomes),
    }


def _of_programmes(outcomes: Outcomes) -> dict[str, float]:
    """What is decided on before, and what is paid to households afterwards."""
    storms = outcomes.scenario["costs.device_storms"]
    return {
        "outreach": outreach_usd(outcomes, storms),
        "channels": channels_usd(outcomes),
        "meters": meters_usd(outcomes, storms),
        "credits": _credits_usd(outcomes, _hours_out(outcomes)),
    }


def _of_the_desk(outcomes: Outcomes) -> dict[str, float]:
    """What it costs to hear and to look."""
    scenario, rates = outcomes.scenario, outcomes.scenario.parameters.costs
    call_hours = scenario["hotline.call_takers"] * emergency_h(outcomes)
    return {
        "call_takers": call_hours * rates.call_taker_usd_per_h,
        "contacts": contacts_usd(outcomes),
        "patrols": _patrols_usd(outcomes),
        "liaisons": liaison_hours(outcomes) * rates.liaison_usd_per_h,
    }


def _hours_out(outcomes: Outcomes) -> np.ndarray:
    """Hours without power up to the horizon, float64 [household]."""
    households, end_h = outcomes.state.households, outcomes.horizon_h
    lost = np.minimum(households.out_h, end_h)
    return np.minimum(households.restored_h, end_h) - lost


def emergency_h(outcomes: Outcomes) -> float:
    """Hours from the first outage until the last household is back."""
    out_h = np.array(outcomes.state.households.out_h)
    dark = np.isfinite(out_h)
    return float(max(0.0, _last_back_h(outcomes) - out_h[dark].min())) if dark.any() else 0.0


def _last_back_h(outcomes: Outcomes) -> float:
    """When the last household is back, or the horizon; minus infinity where nobody was out."""
    households = outcomes.state.households
    return min(float(households.restored_h[np.isfinite(households.out_h)].max(initial=-np.inf)), outcomes.horizon_h)


def crew_hours(outcomes: Outcomes) -> np.ndarray:
    """Hours on duty, float64 [crew]: from arrival until sent home or the last job is done, for part of each day."""
    state, end_h = outcomes.state, outcomes.horizon_h
    jobs: Any = state.jobs[: state.clock.n_jobs[0]]
    last_h = np.full(len(state.crews), -np.inf)
    np.maximum.at(last_h, jobs.crew, np.minimum(jobs.done_h, end_h))
    last_h = np.where(state.crews.released_h <= end_h, state.crews.released_h, last_h)
    last_h = np.where(_split_h(state) < np.inf, _split_h(state), last_h)
    there_h = np.maximum(last_h - state.crews.arrives_h, 0.0) * _part_of_a_crew(outcomes)
    return np.array(there_h * min(1.0, outcomes.scenario["crews.shift_on_h"] / 24.0))


def _split_h(state: State) -> np.ndarray:
    """When each crew has split into trucks, or infinity; float64 [crew]."""
    trucks = state.crews.first_truck
    return np.where(trucks > 0, state.crews.arrives_h[trucks], np.inf)


def crews_that_come(outcomes: Outcomes) -> int:
    """Crews from elsewhere: those staged before the storm, and aid that arrives before the last household is back."""
    crews = outcomes.state.crews
    in_time = (crews.origin == AID) & (crews.arrives_h < _last_back_h(outcomes))
    return int(np.count_nonzero((crews.origin == STAGED) | in_time))


def materials_usd(outcomes: Outcomes) -> float:
    """What is built in, by faults mended and the level of their device; a temporary fault needs nothing."""
    damage, devices = outcomes.damage, outcomes.place.devices
    mended = outcomes.state.faults.repaired_h <= outcomes.horizon_h
    each = outcomes.scenario.parameters.costs.materials_usd
    usd = np.array([getattr(each, level) for level in LEVELS])[devices.level[damage.device]]
    return float((usd * (damage.n_faults - damage.n_temporary))[mended].sum())


def _part_of_a_crew(outcomes: Outcomes) -> np.ndarray:
    """One for a crew, and for each truck that a crew has split into its part of one. Returns float64 [crew]."""
    part = np.ones(len(outcomes.state.crews))
    trucks = outcomes.state.crews.first_truck
    if (trucks > 0).any():  # they stand behind all crews
        part[trucks[trucks > 0].min() :] = 1.0 / outcomes.scenario["crews.split_into"]
    return part


def meters(outcomes: Outcomes) -> float:
    """Households with a meter that answers: the city's share of them, or what a table says of each neighbourhood."""
    place, city = outcomes.place, outcomes.scenario["sensing.meter_coverage"]
    if np.isnan(place.contrast.meter_coverage).all():
        return len(place.households) * city
    return float(meter_coverage(outcomes.scenario, place)[place.households.neighbourhood].sum())


def meters_usd(outcomes: Outcomes, device_storms: float = 1.0) -> float:
    """What the meters cost, paid off over so many storms."""
    return meters(outcomes) * outcomes.scenario["costs.meter_usd"] / device_storms


def contacts_usd(outcomes: Outcomes) -> float:
    """What it cost to take the reports."""
    reports, scenario = _reports(outcomes), outcomes.scenario
    taken = reports[np.isin(reports.outcome, GOT_THROUGH)]
    number = np.bincount(taken.channel, minlength=len(CHANNELS))
    usd = float(number @ [scenario[f"channels.{name}.cost_usd"] for name in CHANNELS])
    calls = taken.household[taken.channel == HOTLINE]
    translated = outcomes.state.households.spoken[calls] >> HOTLINE & 1 > 0
    foreign = outcomes.place.households.limited_english[calls] & translated
    minutes = foreign.sum() * scenario["hotline.handle_min"]
    return float(usd + minutes * scenario["costs.interpreter_usd_per_min"])


def channels_usd(outcomes: Outcomes) -> float:
    """What it cost to offer the channels at all."""
    scenario = outcomes.scenario
    open_to = [name for name in CHANNELS if scenario[f"channels.{name}.availability"] > 0.0]
    return float(len(outcomes.state.households) * sum(scenario[f"channels.{name}.offer_usd"] for name in open_to))


def liaison_hours(outcomes: Outcomes) -> float:
    """Hours that liaisons spent on rounds: within the channel's hours, from when work is safe to the last repair."""
    if not len(outcomes.state.visits):
        return 0.0
    days = max(0.0, _last_back_h(outcomes) - outcomes.scenario["crews.safe_h"]) / 24.0
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


def _patrols_usd(outcomes: Outcomes) -> float:
    scenario = outcomes.scenario
    hours_a_day = max(0.0, scenario["patrol.ends_hour"] - scenario["patrol.starts_hour"])
    hours = scenario["patrol.teams"] * emergency_h(outcomes) / 24.0 * hours_a_day
    return float(hours * scenario["costs.patrol_usd_per_h"])


def _credits_usd(outcomes: Outcomes, hours_out: np.ndarray) -> float:
    terms = outcomes.scenario.parameters.credits
    beyond_h = hours_out - terms.after_h
    paid = beyond_h > 0.0
    return float(paid.sum() * terms.usd_per_household + beyond_h[paid].sum() * terms.usd_per_h)


def _residents_usd(outcomes: Outcomes, hours_out: np.ndarray) -> float:
    rates = outcomes.scenario.parameters.costs
    medical = np.where(outcomes.place.households.medical_device, rates.medical_multiplier, 1.0)
    each = hours_out * (hours_out / 24.0) ** rates.residents_growth
    return float(rates.residents_usd_per_h * (medical * each).sum())


def _reports(outcomes: Outcomes) -> Any:
    return outcomes.state.reports[: outcomes.state.clock.n_reports[0]]
