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

from typing import Any

import numpy as np

from sim.core.compiled import rule
from sim.core.outcome_codes import BESIDE, PARTS
from sim.core.state import State

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
    households = state.households
    out_h, back_h = np.minimum(households.out_h, horizon_h), np.minimum(households.restored_h, horizon_h)
    hours_out = np.maximum(back_h - out_h, 0.0)
    charged = np.stack([households[name] for name in PARTS[:-1]])
    still_dark = (households.n_faults_above > 0) & (out_h < horizon_h)
    charged[:, still_dark] += _unfinished(state, still_dark, horizon_h)
    parts = dict(zip(PARTS, _summing_to(hours_out, charged), strict=True))
    since = {
        "behind_two_faults_h": np.where(households.n_faults_above > 1, households.second_h, np.inf),
        "falsely_closed_h": households.closed_h,
    }
    beside = {n: households[n] + np.maximum(horizon_h - np.minimum(since[n], horizon_h), 0.0) for n in BESIDE}
    return parts | beside


def _unfinished(state: State, who: np.ndarray, horizon_h: float) -> np.ndarray:
    """The hours since the last repair of those who are dark at the end, in all parts but the last. [part, dark]."""
    households = state.households[who]
    known_h = np.clip(households.believed_h, households.span_h, horizon_h)
    assigned_h, found_h = _work_begun(state, who)
    assigned_h = np.clip(assigned_h, known_h, horizon_h)
    found_h = np.clip(found_h, assigned_h, horizon_h)
    roll_h, held_h, released_h = (times[who] for times in _waits_for_owners(state))
    held_h = np.clip(held_h, known_h, assigned_h)
    roll_h, released_h = np.clip(roll_h, known_h, held_h), np.clip(released_h, held_h, assigned_h)
    owner_h, rolled_h = released_h - held_h, held_h - roll_h
    waiting_h = assigned_h - known_h - (owner_h + rolled_h)
    return np.stack([known_h - households.span_h, waiting_h, found_h - assigned_h + rolled_h, owner_h])


def _waits_for_owners(state: State) -> np.ndarray:
    """When a crew set off that found that the only fault on the path must wait for its owner, when it found so, and the
    release; infinity where none has. Returns float64 [3, household].
    """
    faults: Any = state.faults
    times_h = np.full((3, len(state.households)), np.inf)
    for fault in faults[np.isfinite(faults.held_h) & np.isinf(faults.repaired_h)]:
        row = state.devices[fault.at]
        times_h[:, row.first : row.last] = [[fault.roll_h], [fault.held_h], [fault.released_h]]
    times_h[:, state.households.n_faults_above != 1] = np.inf
    return times_h


def _work_begun(state: State, who: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """When the first job still under way at or above each of these set off and found its fault; infinity: none."""
    begun = np.full((2, len(state.households)), np.inf)
    for number in state.crews.job[state.crews.job >= 0].tolist():
        job = state.jobs[number]
        row = state.devices[job.at]
        slice_ = slice(row.first, row.last)
        begun[:, slice_] = np.minimum(begun[:, slice_], [[job.dispatched_h], [job.found_h]])
    return begun[0, who], begun[1, who]


def _summing_to(whole: np.ndarray, parts: np.ndarray) -> np.ndarray:
    """Parts and the rest of the whole, as multiples of a small step where it matters, so that their sum has no error.

    Numbers below 2 ** 16 that are multiples of 2 ** -36 are added and subtracted without rounding.
    """
    parts = np.round(parts / STEP_H) * STEP_H
    steps_over = np.ceil(np.maximum(parts.sum(axis=0) - whole, 0.0) / STEP_H)
    largest = np.argmax(parts, axis=0)
    parts[largest, np.arange(len(whole))] -= steps_over * STEP_H
    return np.vstack([parts, whole - parts.sum(axis=0)])
