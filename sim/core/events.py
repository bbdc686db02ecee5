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
def _earlier(heap, left, right):
    if heap[left].time_h != heap[right].time_h:
        return heap[left].time_h < heap[right].time_h
    return heap[left].code < heap[right].code


@rule
def _swap(heap, left, right):
    time_h, key, version = heap[left].time_h, heap[left].code, heap[left].version
    heap[left].time_h, heap[left].code, heap[left].version = heap[right].time_h, heap[right].code, heap[right].version
    heap[right].time_h, heap[right].code, heap[right].version = time_h, key, version


@rule
def push(heap, size, time_h, key, version):
    """Put an event in; returns the new size."""
    at = np.int64(size)
    heap[at].time_h, heap[at].code, heap[at].version = time_h, key, version
    while at > 0:
        above = (at - 1) >> 1
        if not _earlier(heap, at, above):
            break
        _swap(heap, at, above)
        at = above
    return size + 1


@rule
def pop(heap, size):
    """Take the earliest event away (read ``heap[0]`` first); returns the new size."""
    size -= 1
    if size > 0:
        _swap(heap, NOBODY, size)
    at = NOBODY
    while True:
        child = 2 * at + 1
        if child >= size:
            return size
        if child + 1 < size and _earlier(heap, child + 1, child):
            child += 1
        if not _earlier(heap, child, at):
            return size
        _swap(heap, at, child)
        at = child


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
