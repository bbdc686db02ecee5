"""Events in time order: a binary heap of (time, code, version) rows, and the kinds of event.

Events at the same time are taken by their code, that is by kind and then by entity, never by the order in which they
were put in: no result depends on a row order. The kinds stand in the order in which simultaneous events happen.
"""

import numpy as np

from sim.core.compiled import codes, entry, rule

(
    TOLD, ONSET, REPAIRED, RELEASED, SERVED, HANG_UP, ATTEMPT, SCRIPTED, ASKED, PASSED_ON, METERED, CALLBACK, VISIT,
    SENSED, PATROLLED, MORNING, ARRIVED, FOUND, ESCALATE, READY, ON_DUTY, LOOK, WATCH,
) = codes(23)  # fmt: skip

NOBODY = np.int64(0)  # entity of an event that concerns all
KIND_SHIFT = 40
ENTITY_MASK = (1 << KIND_SHIFT) - 1


@rule
def code(kind, entity):
    """Kind and entity in one sortable number."""
    return (kind << KIND_SHIFT) | entity


@rule
def _is_earlier(row, time_h, key):
    return row.time_h < time_h or (row.time_h == time_h and row.code < key)


@rule
def _is_later(row, time_h, key):
    return row.time_h > time_h or (row.time_h == time_h and row.code > key)


@rule
def _put(row, time_h, key, version):
    row.time_h, row.code, row.version = time_h, key, version


@rule
def push(heap, size, time_h, key, version):
    """Put an event in; returns the new size. Later ones above it make room, each moved once."""
    at = np.int64(size)
    above = (at - 1) >> 1
    while at > 0 and _is_later(heap[above], time_h, key):
        _put(heap[at], heap[above].time_h, heap[above].code, heap[above].version)
        at, above = above, (above - 1) >> 1
    _put(heap[at], time_h, key, version)
    return size + 1


@rule
def pop(heap, size):
    """Take the earliest event away (read ``heap[0]`` first); returns the new size. The last one finds its place."""
    size -= 1
    time_h, key, version = heap[size].time_h, heap[size].code, heap[size].version
    at, child = NOBODY, NOBODY + 1
    while child < size:
        if child + 1 < size and _is_earlier(heap[child + 1], heap[child].time_h, heap[child].code):
            child += 1
        if not _is_earlier(heap[child], time_h, key):
            break
        _put(heap[at], heap[child].time_h, heap[child].code, heap[child].version)
        at, child = child, 2 * child + 1
    _put(heap[at], time_h, key, version)
    return size


@rule
def plan(city, time_h, kind, entity):
    """An event of the utility's world: devices, orders, crews."""
    clock = city.clock[0]
    clock.n_events = push(city.events, clock.n_events, time_h, code(kind, entity), entity)


@rule
def plan_for(city, time_h, kind, household, version):
    """An event of a household; ignored when due if its version has been overtaken."""
    clock = city.clock[0]
    clock.n_household_events = push(
        city.household_events, clock.n_household_events, time_h, code(kind, household), version
    )


@entry
def plan_each(heap, size, kind, entities, times_h, versions):
    """Put in one event for each entity before a run begins; returns the new size."""
    for i in range(len(entities)):
        size = push(heap, size, times_h[i], code(kind, entities[i]), versions[i])
    return size
