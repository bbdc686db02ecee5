"""What a storm costs the city and the utility, and what it costs the residents.

    crews        on duty from arrival until a crew's last job is done, for a share of the day
    call takers  from the first outage until the last household is back, and so patrols
    contacts     reports that got through; interpreters for calls in other languages; offering a channel at all
    meters, liaisons, outreach by households reached, credits paid afterwards by hours out

Residents lose ``usd_per_h * hours * (hours / 24) ** growth`` each, times a multiplier with a medical device: the cost
of an hour grows with the days out (Baik et al. 2020). It stands apart, for neither city nor utility pays it. What has
not ended at the horizon is counted up to it.
"""

from typing import Any

import numpy as np

from sim.columns import CHANNELS, HOTLINE, LIAISON
from sim.contrast import meter_coverage
from sim.hotline import REPORT_CALLBACK, REPORT_LOGGED, REPORT_PROXY
from sim.outcomes import Outcomes
from sim.outreach import PROGRAMMES
from sim.settings import liaisons
from sim.weatherheads import programme_usd

ITEMS = ("outreach", "crews", "call_takers", "contacts", "meters", "patrols", "liaisons", "credits")
GOT_THROUGH = (REPORT_LOGGED, REPORT_CALLBACK, REPORT_PROXY)


def costs(outcomes: Outcomes) -> dict[str, float]:
    """Costs of one run, US$.

    Returns
    -------
    ``total`` and the ``ITEMS`` that it is the sum of, paid by city and utility; ``residents``, beside them
    """
    hours_out, length_h = _hours_out(outcomes), emergency_h(outcomes)
    rates = outcomes.scenario.parameters.costs
    items = {
        "outreach": outreach_usd(outcomes),
        "crews": crew_hours(outcomes) * rates.crew_usd_per_h,
        "call_takers": outcomes.scenario["hotline.call_takers"] * length_h * rates.call_taker_usd_per_h,
        "contacts": contacts_usd(outcomes),
        "meters": meters(outcomes) * rates.meter_usd,
        "patrols": _patrols_usd(outcomes),
        "liaisons": liaison_hours(outcomes) * rates.liaison_usd_per_h,
        "credits": _credits_usd(outcomes, hours_out),
    }
    return {"total": sum(items.values()), **items, "residents": _residents_usd(outcomes, hours_out)}


def _hours_out(outcomes: Outcomes) -> np.ndarray:
    """Hours without power up to the horizon, float64 [household]."""
    folk, end_h = outcomes.memory.folk, outcomes.horizon_h
    lost = np.minimum(folk.out_h, end_h)
    return np.minimum(folk.restored_h, end_h) - lost


def emergency_h(outcomes: Outcomes) -> float:
    """Hours from the first outage until the last household is back."""
    out_h = np.array(outcomes.memory.folk.out_h)
    dark = np.isfinite(out_h)
    if not dark.any():
        return 0.0
    back_h = min(outcomes.memory.folk.restored_h[dark].max(), outcomes.horizon_h)
    return float(max(0.0, back_h - out_h[dark].min()))


def crew_hours(outcomes: Outcomes) -> float:
    """Crew-hours on duty: each crew from its arrival until its last job is done, and off duty part of each day."""
    memory, end_h = outcomes.memory, outcomes.horizon_h
    jobs: Any = memory.jobs[: memory.clock.n_jobs[0]]
    last_h = np.full(len(memory.crews), -np.inf)
    np.maximum.at(last_h, jobs.crew, np.minimum(jobs.done_h, end_h))
    there_h = np.maximum(last_h - memory.crews.arrives_h, 0.0) * _part_of_a_crew(outcomes)
    return float(there_h.sum() * min(1.0, outcomes.scenario["crews.shift_on_h"] / 24.0))


def _part_of_a_crew(outcomes: Outcomes) -> np.ndarray:
    """One for a crew, and for each truck that a crew has split into its part of one. Returns float64 [crew]."""
    part = np.ones(len(outcomes.memory.crews))
    trucks = outcomes.memory.crews.first_truck
    if (trucks > 0).any():  # they stand behind all crews
        part[trucks[trucks > 0].min() :] = 1.0 / outcomes.scenario["crews.split_into"]
    return part


def meters(outcomes: Outcomes) -> float:
    """Households with a meter that answers: the city's share of them, or what a table says of each neighbourhood."""
    place, city = outcomes.place, outcomes.scenario["sensing.meter_coverage"]
    if np.isnan(place.contrast.meter_coverage).all():
        return len(place.households) * city
    return float(meter_coverage(outcomes.scenario, place)[place.households.neighbourhood].sum())


def contacts_usd(outcomes: Outcomes) -> float:
    """What it cost to offer the channels and to take the reports."""
    reports, scenario = _reports(outcomes), outcomes.scenario
    taken = reports[np.isin(reports.outcome, GOT_THROUGH)]
    number = np.bincount(taken.channel, minlength=len(CHANNELS))
    usd = float(number @ [scenario[f"channels.{name}.cost_usd"] for name in CHANNELS])
    open_to = [name for name in CHANNELS if scenario[f"channels.{name}.availability"] > 0.0]
    usd += len(outcomes.memory.folk) * sum(scenario[f"channels.{name}.offer_usd"] for name in open_to)
    calls = taken.household[taken.channel == HOTLINE]
    foreign = outcomes.place.households.limited_english[calls] & (outcomes.memory.folk.spoken[calls] >> HOTLINE & 1 > 0)
    minutes = foreign.sum() * scenario["hotline.handle_min"]
    return float(usd + minutes * scenario["costs.interpreter_usd_per_min"])


def liaison_hours(outcomes: Outcomes) -> float:
    """Hours that liaisons spent on rounds: within the channel's hours, from when work is safe to the last repair."""
    if not len(outcomes.memory.visits):
        return 0.0
    folk = outcomes.memory.folk
    back_h = min(folk.restored_h[np.isfinite(folk.out_h)].max(initial=-np.inf), outcomes.horizon_h)
    days = max(0.0, back_h - outcomes.scenario["crews.safe_h"]) / 24.0
    channel = outcomes.memory.channels[LIAISON]
    hours_a_day = (channel.closes - channel.opens) % 24.0 or 24.0
    return float(liaisons(outcomes.scenario, len(folk)) * days * hours_a_day)


def outreach_usd(outcomes: Outcomes) -> float:
    """What the programmes cost."""
    usd = 0.0
    for number, name in enumerate(PROGRAMMES):
        programme = getattr(outcomes.scenario.parameters.outreach, name)
        if programme.reach > 0.0:
            reached = np.count_nonzero(outcomes.memory.folk.reached >> number & 1)
            usd += programme.fixed_usd + reached * programme.cost_usd
    return float(usd + programme_usd(outcomes.scenario, outcomes.memory.faults, outcomes.horizon_h))


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
    return outcomes.memory.reports[: outcomes.memory.clock.n_reports[0]]
