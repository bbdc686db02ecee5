"""Where the hours without power went: undetected, waiting, search, owner, repair; and they sum to the hours out.

While a household is dark, its time belongs to the fault on its path that will be repaired next, and there to:

undetected
    from the loss of power, or the repair before, until the utility believes this customer out
waiting
    from then until a crew sets off on the job that repairs the fault, less visits on which the fault, or that it must
    wait for its owner, was found, and less that wait
search
    those visits, and travel and search of the job
owner
    from when a crew found that the household has to have something of its own mended first, until the release
repair
    the rest, until the fault is repaired

At every repair the hours since the one before are charged to the fault repaired. Each boundary is clipped into that
span and to the boundary before it, so that no part is negative. Beside the parts, not among them: the hours with two
or more faults on the path, and the hours *falsely closed*, when the utility took the customer to be back.

What has not ended at the horizon is counted up to it.
"""

import numpy as np

from sim.core.compiled import entry, rule
from sim.core.outcome_codes import BESIDE, PARTS
from sim.core.state import State

ALL_CHARGED = (0.0, 0.0, 0.0, 0.0)
STEP_H = 2.0**-36  # a twentieth of a microsecond


@rule
def charge(person, fault, job, time_h):
    """A fault on its path is repaired: the hours since the last repair there, or the loss of power, belong to it."""
    known_h = min(max(person.believed_h, person.span_h), time_h)
    assigned_h = min(max(job.dispatched_h, known_h), time_h)
    found_h = min(max(job.found_h, assigned_h), time_h)
    visit_h, visits_end_h = 0.0, assigned_h
    if fault.held_h < np.inf:
        held_h = min(max(fault.held_h, known_h), assigned_h)
        visits_end_h = min(max(fault.roll_h, known_h), held_h)
        released_h = min(max(fault.released_h, held_h), assigned_h)
        person.owner_h += released_h - held_h
        person.waiting_h -= released_h - held_h + (held_h - visits_end_h)
        person.search_h += held_h - visits_end_h
    if fault.visit_end_h < np.inf:
        visit_h = max(0.0, min(fault.visit_end_h, visits_end_h) - max(fault.visit_start_h, known_h))
    person.undetected_h += known_h - person.span_h
    person.waiting_h += assigned_h - known_h - visit_h
    person.search_h += found_h - assigned_h + visit_h
    person.span_h = time_h


def split_hours(state: State, horizon_h: float) -> dict[str, np.ndarray]:
    """The five parts of the hours out, and the two counts beside them.

    Returns
    -------
    dict of PARTS and BESIDE to float64 [household], h up to the horizon. The parts sum to the hours out to the last
    digit: ``(((undetected_h + waiting_h) + search_h) + owner_h) + repair_h``; all are zero where power was never lost
    """
    columns = np.empty((len(PARTS) + len(BESIDE), len(state.households)))
    dark = np.empty(len(state.households), dtype=np.int64)
    n_dark = _split_all(state.households, horizon_h, columns, dark)
    split_unfinished(state, horizon_h, columns, dark[:n_dark])
    return dict(zip((*PARTS, *BESIDE), columns, strict=True))


@entry
def _split_all(households, horizon_h, columns, dark):
    """`split` of every household [part or count, household]; returns how many are still dark, and notes who."""
    n_dark = 0
    for who in range(len(households)):
        split(households[who], horizon_h, ALL_CHARGED, columns[:, who])
        if is_dark(households[who], horizon_h):
            dark[n_dark] = who
            n_dark += 1
    return n_dark


@rule
def is_dark(person, horizon_h):
    """Whether a household that lost power before the horizon is without it when the run ends."""
    return person.n_faults_above > 0 and person.out_h < horizon_h


@rule
def split(person, horizon_h, uncharged, hours):
    """Put the hours out of one household into ``hours``: five parts, with what is not yet charged, and two counts."""
    hours_out = max(min(person.restored_h, horizon_h) - min(person.out_h, horizon_h), 0.0)
    charged = (person.undetected_h, person.waiting_h, person.search_h, person.owner_h)
    for part in range(len(charged)):
        hours[part] = np.rint((charged[part] + uncharged[part]) / STEP_H) * STEP_H
    _sum_to(hours_out, hours)
    second_h = person.second_h if person.n_faults_above > 1 else np.inf
    hours[5] = person.behind_two_faults_h + (horizon_h - min(second_h, horizon_h))
    hours[6] = person.falsely_closed_h + (horizon_h - min(person.closed_h, horizon_h))


@rule
def _sum_to(whole, parts):
    """Give the rest of the whole to the last of five parts; where the others exceed it, the largest gives way.

    These are multiples of a small step, so that the sum has no error: numbers below 2 ** 16 that are multiples of
    2 ** -36 are added and subtracted without rounding.
    """
    over = parts[0] + parts[1] + parts[2] + parts[3] - whole
    if over > 0.0:
        largest = 0
        for part in range(1, 4):
            if parts[part] > parts[largest]:
                largest = part
        parts[largest] -= np.ceil(over / STEP_H) * STEP_H
    parts[4] = whole - (parts[0] + parts[1] + parts[2] + parts[3])


def split_unfinished(state: State, horizon_h: float, columns: np.ndarray, dark: np.ndarray) -> None:
    """`split` those who are dark at the end anew, with the hours since the last repair; columns as in `_split_all`."""
    if dark.size:
        seen_h = np.full((5, len(dark)), np.inf)
        _see_crews(state.households, state.devices, state.faults, state.crews, state.jobs, dark, seen_h)
        _split_again(state.households, dark, seen_h, horizon_h, columns)


@entry
def _see_crews(households, devices, faults, crews, jobs, dark, seen_h):
    """When the first job still under way at or above each of the dark set off, and found its fault; and where the only
    fault on the path waits for its owner, when a crew set off that found so, when it did, and the release.

    ``dark`` is int64 [dark], in the order of the grid; ``seen_h`` float64 [time, dark], infinity where there is none.
    """
    for number in crews.job:
        if number >= 0:
            job = jobs[number]
            for who in _behind(devices[job.at], dark):
                seen_h[0, who] = min(seen_h[0, who], job.dispatched_h)
                seen_h[1, who] = min(seen_h[1, who], job.found_h)
    for number in range(len(faults)):
        fault = faults[number]
        if fault.held_h < np.inf and fault.repaired_h == np.inf:
            for who in _behind(devices[fault.at], dark):
                if households[dark[who]].n_faults_above == 1:
                    seen_h[2, who], seen_h[3, who], seen_h[4, who] = fault.roll_h, fault.held_h, fault.released_h


@rule
def _behind(device, dark):
    """Which of the dark stand behind a device."""
    return range(np.searchsorted(dark, device.first), np.searchsorted(dark, device.last))


@entry
def _split_again(households, dark, seen_h, horizon_h, columns):
    """Split the hours out of those who are dark at the end, those since the last repair included."""
    for number in range(len(dark)):
        person = households[dark[number]]
        known_h = min(max(person.believed_h, person.span_h), horizon_h)
        assigned_h = min(max(seen_h[0, number], known_h), horizon_h)
        found_h = min(max(seen_h[1, number], assigned_h), horizon_h)
        held_h = min(max(seen_h[3, number], known_h), assigned_h)
        roll_h = min(max(seen_h[2, number], known_h), held_h)
        released_h = min(max(seen_h[4, number], held_h), assigned_h)
        undetected_h, owner_h, visit_h = known_h - person.span_h, released_h - held_h, held_h - roll_h
        waiting_h, search_h = assigned_h - known_h - (owner_h + visit_h), found_h - assigned_h + visit_h
        split(person, horizon_h, (undetected_h, waiting_h, search_h, owner_h), columns[:, dark[number]])
