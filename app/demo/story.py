"""The story of one household in plain words: what it went through, what it tried, what the utility believed.

Every sentence is read off the tables of the run: the household's row, its reports, the orders at the devices that feed
it, and the crews sent to these.
"""

import math
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import numpy as np

from sim import Outcomes
from sim.core.columns import CHANNELS
from sim.engine.outcome_columns import CREW_KINDS, REPORT_OUTCOMES
from sim.rules.orders import (
    DOWNSTREAM,
    MERGED,
    NOTHING_FOUND,
    OWNER_FIRST,
    REFUSED,
    REPAIRED_OUTCOME,
    SOURCES,
    UPSTREAM,
    WITHDRAWN,
)

CREW_WORDS = {"line": "Line crew", "trouble": "Trouble truck", "transmission": "Transmission crew"}
DEVICE_WORDS = ("substation", "feeder", "lateral line", "transformer", "service line")
TRIED = {
    "hotline": "calls the hotline", "web": "reports on the web page", "app": "reports in the app",
    "sms": "sends a text message", "liaison": "tells the community liaison", "informal": "asks an official for help",
}  # fmt: skip
ENDED = {"logged": "it is logged", "busy": "the line is busy", "hung up": "no one answers in time, and it hangs up"}
LEARNT = {
    "report": "The utility concludes from reports", "meter": "A meter tells the utility",
    "call-back": "The utility concludes from a call-back", "sensing": "A sensor tells the utility",
    "patrol": "A patrol tells the utility", "crew": "A crew sees and tells the utility",
    "perfect knowledge": "The utility knows at once, for here it knows everything,",
    "release": "The household's electrician tells the utility",
}  # fmt: skip
FOUND = {
    int(UPSTREAM): "finds the fault further up the line", int(DOWNSTREAM): "finds faults further down the line",
    int(NOTHING_FOUND): "finds nothing: a wasted trip",
    int(OWNER_FIRST): "leaves it to the owner, whose electrician comes first",
}  # fmt: skip
GIVEN_UP = {
    int(WITHDRAWN): "The utility takes the {device} to be mended.",
    int(REFUSED): "The control room sees that the {device} is up, and drops its guess.",
    int(MERGED): "It counts the {device} to a larger outage further up.",
}
TRAITS = {
    "minority": "minority", "poor": "poor", "student": "students", "over65": "a member 65 or older",
    "children": "anyone under 18", "disability": "a disabled member", "medical_device": "an electric medical device",
    "renter": "renting", "limited_english": "limited English", "substitute": "a generator or somewhere to go",
    "political_capital": "a way to reach officials",
}  # fmt: skip
LACKS = {"phone": "no phone", "smartphone": "no smartphone", "broadband": "no internet at home"}


class Event(NamedTuple):
    """One line of a story."""

    at_h: float
    words: str
    kind: str  # lost, tried, believed, crew, back


def story(outcomes: Outcomes, household: int) -> dict[str, Any]:
    """The story of a household.

    Returns
    -------
    dict with who it is, its hours out (None: never, or not back in time), and its events with time and kind
    """
    folk = outcomes.memory.folk[household]
    events = [*_lost_and_back(outcomes, household), *_tried(outcomes, household), *_believed(outcomes, household)]
    events += _crews(outcomes, household)
    ending = float(folk.restored_h)
    shown = sorted((e for e in events if e.at_h <= min(ending, outcomes.horizon_h)), key=lambda e: e.at_h)
    lost = math.isfinite(folk.out_h)
    return {
        "who": who(outcomes, household),
        "lost": lost,
        "hours_out": ending - float(folk.out_h) if lost and math.isfinite(ending) else None,
        "events": [{"at": e.at_h, "when": when(outcomes, e.at_h), "words": e.words, "kind": e.kind} for e in shown],
        "ending": "" if not lost or math.isfinite(ending) else f"It is still dark after {outcomes.horizon_h:g} hours.",
    }


def who(outcomes: Outcomes, household: int) -> str:
    """A household in a line: where it lives, its income, what matters for its need and its voice."""
    row = outcomes.place.households[household]
    name = outcomes.place.neighbourhoods.name[row["neighbourhood"]]
    has = [words for column, words in TRAITS.items() if row[column]]
    lacks = [words for column, words in LACKS.items() if not row[column]]
    aware = [c for c in range(len(CHANNELS)) if int(outcomes.memory.folk[household].can) >> c & 1]
    knows = ", ".join(CHANNELS[c] for c in aware) or "none"
    parts = [f"Neighbourhood {name}", f"income ${row['income_usd']:,.0f} a year", *has, *lacks]
    return "; ".join(parts) + f". Channels it knows and has the means for: {knows}."


def when(outcomes: Outcomes, at_h: float) -> str:
    """Wall clock, such as Thu 14:05."""
    peak = datetime.fromisoformat(outcomes.scenario["storm.peak_at"])
    return f"{peak + timedelta(hours=at_h):%a %H:%M}"


def _lost_and_back(outcomes: Outcomes, household: int) -> list[Event]:
    folk = outcomes.memory.folk[household]
    if not math.isfinite(folk.out_h):
        return []
    events = [Event(float(folk.out_h), "The lights go out.", "lost")]
    faults, levels = outcomes.memory.faults, outcomes.place.devices.level
    for fault in faults[np.isin(faults.at, _feeding(outcomes, household))]:
        if fault.repaired_h < folk.restored_h:
            words = f"The fault at the {DEVICE_WORDS[levels[fault.at]]} is mended, but another one remains."
            events.append(Event(float(fault.repaired_h), words, "crew"))
    if math.isfinite(folk.restored_h):
        hours = folk.restored_h - folk.out_h
        events.append(Event(float(folk.restored_h), f"Power is back, after {hours:.1f} hours.", "back"))
    return events


def _tried(outcomes: Outcomes, household: int) -> list[Event]:
    reports: Any = outcomes.memory.reports[: outcomes.memory.clock.n_reports[0]]
    events = []
    for report in reports[reports.household == household]:
        channel, outcome = CHANNELS[report.channel], REPORT_OUTCOMES[report.outcome]
        if outcome in ENDED:
            waited = (report.logged_h - report.attempted_h) * 60
            late = (
                f" after {waited:.0f} minutes" if outcome == "logged" and math.isfinite(waited) and waited >= 1 else ""
            )
            words = f"It {TRIED[channel]}: {ENDED[outcome]}{late}."
        else:
            words = {
                "by a neighbour": "A neighbour reports for it.",
                "call-back": "The utility calls back; it answers that it is still dark.",
                "liaison visit": "A community liaison visits and reports for it.",
            }[outcome]
        events.append(Event(float(report.attempted_h), words, "tried"))
    return events


def _feeding(outcomes: Outcomes, household: int) -> list[int]:
    """Devices on the path from the household to its source."""
    path, device = [], int(outcomes.place.served_by[household])
    while device >= 0:
        path.append(device)
        device = int(outcomes.place.devices.parent[device])
    return path


def _believed(outcomes: Outcomes, household: int) -> list[Event]:
    """Orders that covered the household, opened or given up while it was dark."""
    folk, devices = outcomes.memory.folk[household], outcomes.place.devices
    orders: Any = outcomes.memory.orders[: outcomes.memory.clock.n_orders[0]]
    events = []
    for order in orders[np.isin(orders.at, _feeding(outcomes, household))]:
        if order.opened_h >= folk.restored_h or order.closed_h <= folk.out_h:
            continue
        device = DEVICE_WORDS[devices.level[order.at]]
        behind = int(devices.last[order.at] - devices.first[order.at])
        source = LEARNT[SOURCES[order.source]]
        homes = "1 customer" if behind == 1 else f"{behind:,} customers"
        words = f"{source} that the {device} to {homes} is out, and so this home."
        events.append(Event(max(float(order.opened_h), float(folk.out_h)), words, "believed"))
        if order.outcome in GIVEN_UP and order.closed_h < folk.restored_h:
            words = GIVEN_UP[int(order.outcome)].format(device=device)
            events.append(Event(float(order.closed_h), words, "believed"))
    return events


def _crews(outcomes: Outcomes, household: int) -> list[Event]:
    """Crews sent to devices that feed the household, while it was dark."""
    folk, devices = outcomes.memory.folk[household], outcomes.place.devices
    jobs: Any = outcomes.memory.jobs[: outcomes.memory.clock.n_jobs[0]]
    events = []
    for job in jobs[np.isin(jobs.at, _feeding(outcomes, household))]:
        if job.dispatched_h > folk.restored_h or job.done_h < folk.out_h:
            continue
        kind = CREW_WORDS[CREW_KINDS[outcomes.memory.crews.kind[job.crew]]]
        device = DEVICE_WORDS[devices.level[job.at]]
        events.append(Event(float(job.dispatched_h), f"{kind} {job.crew + 1} sets off to the {device}.", "crew"))
        if not math.isfinite(job.found_h):
            continue
        if job.outcome == REPAIRED_OUTCOME:
            repair = job.done_h - job.found_h
            lasts = f", {repair:.1f} hours of work" if math.isfinite(repair) else ""
            words = f"The crew has found the fault at the {device}{lasts}."
        else:
            words = f"The crew {FOUND[int(job.outcome)]}."
        events.append(Event(float(job.found_h), words, "crew"))
    return events
