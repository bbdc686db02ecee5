"""Electricians: how long a household waits for one, and the programme by which a city shortens that.

A household's own electrician comes after lognormal days with the median ``electrician_days``, times ``poor_factor``
where it is poor and ``renter_factor`` where it rents, for a renter needs the landlord. A new meter base has to be
inspected as well. A programme (``outreach.weatherhead_repair``) reaches a share of such households, from an hour on:

free
    it sends an electrician to all, after a wait of its own, at no cost to the household
grant
    it does so for poor households
loan
    it advances the money: the wait of poor households is the others', or so much of the way nearer to it

The same luck decides on all waits of a household, and it takes what is soonest, so that a programme delays nobody.
Free and by grant, a share of visits is in vain: ``wasted / (1 - wasted)`` of them for each job done. An advance costs
what is not paid back.
"""

from typing import Any

import numpy as np

from sim.core.columns import METER_BASE, NOT_OWNED, Place
from sim.core.luck import Purpose, column, lognormal
from sim.inputs.scenario import Scenario


def arrange(scenario: Scenario, place: Place, behaviour_seed: int, faults: Any) -> None:
    """Fill in, for drops that tore off what a household owns, how long its electrician and a programme's would take.

    Parameters
    ----------
    faults : rows of `sim.core.grid_rows.FAULT` [damaged], changed in place; hours, infinity where there is no programme
    """
    torn = np.flatnonzero(faults.owner != NOT_OWNED)
    if not len(torn):
        return
    p, people = scenario.parameters.owner, place.households
    who = place.devices.first[faults.at[torn]]
    u = column(behaviour_seed, Purpose.ELECTRICIAN, people.id[who])
    median_h = 24.0 * p.electrician_days * np.where(people.renter[who], p.renter_factor, 1.0)
    poor = people.poor[who]
    faults.electrician_h[torn] = lognormal(u, median_h * np.where(poor, p.poor_factor, 1.0), p.sigma)
    is_base = faults.owner[torn] == METER_BASE
    faults.inspection_h[torn] = np.where(is_base, 24.0 * p.inspection_days, 0.0)
    faults.aid_h[torn] = np.inf
    programme = scenario.parameters.outreach.weatherhead_repair
    if programme.reach == 0.0:
        return
    faults.aid_from_h[torn] = programme.from_h
    hears = column(behaviour_seed, Purpose.HEARS_OF_REPAIR, people.id[who]) < programme.reach
    if programme.form == "loan":
        left = 1.0 + (p.poor_factor - 1.0) * (1.0 - programme.loan_relief)
        aid_h, can = lognormal(u, median_h * left, p.sigma), hears & poor
    else:
        aid_h, can = lognormal(u, programme.wait_h, p.sigma), hears & (poor | (programme.form == "free"))
    faults.aid_h[torn] = np.where(can, aid_h, np.inf)


def programme_usd(scenario: Scenario, faults: Any, horizon_h: float) -> float:
    """What the programme costs: its jobs up to the horizon, visits in vain, and having it at all."""
    programme = scenario.parameters.outreach.weatherhead_repair
    if programme.reach == 0.0:
        return 0.0
    jobs = np.count_nonzero(faults.aided & (faults.released_h <= horizon_h))
    a_job = programme.job_usd * programme.unpaid_share
    if programme.form != "loan":
        in_vain = programme.wasted_share / (1.0 - programme.wasted_share)
        a_job = programme.job_usd + in_vain * programme.visit_usd
    return float(programme.fixed_usd + jobs * a_job)
