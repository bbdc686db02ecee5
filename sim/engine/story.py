"""The story of one household in plain words: what it went through, what it tried, what the utility believed and did.

Every sentence is read off the rows of a run: the household's own, its reports, the faults and the orders at the devices
that feed it, and the crews sent to these. A run that has not ended tells the same story as far as it has come.
"""

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from sim.core.columns import LEVELS, Place
from sim.core.outcome_codes import (
    BY_CALLBACK,
    BY_CREW,
    BY_KNOWLEDGE,
    BY_METER,
    BY_PATROL,
    BY_RELEASE,
    BY_REPORT,
    BY_SENSING,
    CREW_CLASSES,
    CREW_WORDS,
    DOWNSTREAM,
    MERGED,
    NOTHING_FOUND,
    OWNER_FIRST,
    REFUSED,
    REPAIRED_OUTCOME,
    REPORT_BUSY,
    REPORT_CALLBACK,
    REPORT_HUNG_UP,
    REPORT_LOGGED,
    REPORT_PROXY,
    REPORT_VISIT,
    UPSTREAM,
    WITHDRAWN,
)  # fmt: skip
from sim.core.state import State
from sim.inputs.parameters.channels import WAYS

DEVICE_WORDS = dict(zip(LEVELS, ("substation", "feeder", "lateral line", "transformer", "service line"), strict=True))
TRIED = [way.tried for way in WAYS.values()]
ENDED = {
    REPORT_LOGGED: "it is logged",
    REPORT_BUSY: "the line is busy",
    REPORT_HUNG_UP: "no one answers in time, and it hangs up",
}
TOLD = {
    REPORT_PROXY: "A neighbour reports for it.",
    REPORT_CALLBACK: "The utility calls back; it answers that it is still dark.",
    REPORT_VISIT: "A community liaison visits and reports for it.",
}
LEARNT = {
    BY_REPORT: "The utility concludes from reports",
    BY_METER: "A meter tells the utility",
    BY_CALLBACK: "The utility concludes from a call-back",
    BY_SENSING: "A sensor tells the utility",
    BY_PATROL: "A patrol tells the utility",
    BY_CREW: "A crew sees and tells the utility",
    BY_KNOWLEDGE: "The utility knows at once, for here it knows everything,",
    BY_RELEASE: "The household's electrician tells the utility",
}
FOUND = {
    UPSTREAM: "finds the fault further up the line",
    DOWNSTREAM: "finds faults further down the line",
    NOTHING_FOUND: "finds nothing: a wasted trip",
    OWNER_FIRST: "leaves it to the owner, whose electrician comes first",
}
GIVEN_UP = {
    WITHDRAWN: "The utility takes the {device} to be mended.",
    REFUSED: "The control room sees that the {device} is up, and drops its guess.",
    MERGED: "It counts the {device} to a larger outage further up.",
}


class Event(NamedTuple):
    """One line of a story."""

    at_h: float
    words: str
    kind: str  # lost, tried, believed, crew, back


def story(place: Place, state: State, household: int, until_h: float) -> list[Event]:
    """What happened to a household up to an hour, or to the return of its power, in the order of time.

    Parameters
    ----------
    household : int    row in the city's tables
    until_h : float    h from the peak

    Returns
    -------
    list of Event; empty: it never lost power
    """
    home: Any = state.households[household]
    if not math.isfinite(home.out_h):
        return []
    feeding = _feeding(place, household)
    events = [*_lost_and_back(place, state, home, feeding), *_tried(state, household)]
    events += [*_believed(place, state, home, feeding), *_crews(place, state, home, feeding)]
    return sorted((e for e in events if e.at_h <= min(home.restored_h, until_h)), key=lambda e: e.at_h)


def _feeding(place: Place, household: int) -> list[int]:
    """Devices on the path from the household to its source."""
    path, device = [], int(place.served_by[household])
    while device >= 0:
        path.append(device)
        device = int(place.devices.parent[device])
    return path


def _device(place: Place, at: int) -> str:
    return DEVICE_WORDS[LEVELS[place.devices.level[at]]]


def _lost_and_back(place: Place, state: State, home: Any, feeding: list[int]) -> Iterator[Event]:
    yield Event(float(home.out_h), "The lights go out.", "lost")
    for fault in state.faults[np.isin(state.faults.at, feeding)]:
        if fault.repaired_h < home.restored_h:
            words = f"The fault at the {_device(place, fault.at)} is mended, but another one remains."
            yield Event(float(fault.repaired_h), words, "crew")
    if math.isfinite(home.restored_h):
        hours = home.restored_h - home.out_h
        yield Event(float(home.restored_h), f"Power is back, after {hours:.1f} hours.", "back")


def _tried(state: State, household: int) -> Iterator[Event]:
    reports: Any = state.reports[: state.clock.n_reports[0]]
    for report in reports[reports.household == household]:
        words = TOLD.get(report.outcome)
        if words is None:
            words = f"It {TRIED[report.channel]}: {ENDED[report.outcome]}{_after(report)}."
        yield Event(float(report.attempted_h), words, "tried")


def _after(report: Any) -> str:
    """How long it took to be logged, where that was a minute or more."""
    waited = (report.logged_h - report.attempted_h) * 60
    return f" after {waited:.0f} minutes" if math.isfinite(waited) and waited >= 1 else ""


def _believed(place: Place, state: State, home: Any, feeding: list[int]) -> Iterator[Event]:
    """Orders that covered the household, opened or given up while it was dark."""
    orders: Any = state.orders[: state.clock.n_orders[0]]
    for order in orders[np.isin(orders.at, feeding)]:
        if order.opened_h >= home.restored_h or order.closed_h <= home.out_h:
            continue
        device = _device(place, order.at)
        behind = int(place.devices.last[order.at] - place.devices.first[order.at])
        homes = "1 customer" if behind == 1 else f"{behind:,} customers"
        words = f"{LEARNT[order.source]} that the {device} to {homes} is out, and so this home."
        yield Event(max(float(order.opened_h), float(home.out_h)), words, "believed")
        if order.outcome in GIVEN_UP and order.closed_h < home.restored_h:
            yield Event(float(order.closed_h), GIVEN_UP[order.outcome].format(device=device), "believed")


def _crews(place: Place, state: State, home: Any, feeding: list[int]) -> Iterator[Event]:
    """Crews sent to devices that feed the household, while it was dark."""
    jobs: Any = state.jobs[: state.clock.n_jobs[0]]
    for job in jobs[np.isin(jobs.at, feeding)]:
        if job.dispatched_h > home.restored_h or job.done_h < home.out_h:
            continue
        kind = CREW_WORDS[CREW_CLASSES[state.crews.kind[job.crew]]].capitalize()
        device = _device(place, job.at)
        yield Event(float(job.dispatched_h), f"{kind} {job.crew + 1} sets off to the {device}.", "crew")
        if math.isfinite(job.found_h):
            yield Event(float(job.found_h), _what_it_found(job, device), "crew")


def _what_it_found(job: Any, device: str) -> str:
    if job.outcome != REPAIRED_OUTCOME:
        return f"The crew {FOUND[job.outcome]}."
    repair = job.done_h - job.found_h
    lasts = f", {repair:.1f} hours of work" if math.isfinite(repair) else ""
    return f"The crew has found the fault at the {device}{lasts}."
