"""Events in time order: a heap of (time, code) rows, and the kinds of event.

A code holds kind, entity and version, in this order. So events at the same time are taken by their kind, then by
entity, never by the order in which they were put in: no result depends on a row order. The kinds stand in the order in
which simultaneous events happen. A version tells whether an event has been overtaken.

Each row of the heap has four below it: what is compared stands side by side, and a million events are ten deep.
"""

import numpy as np

from sim.core.compiled import codes, entry, rule

(
    TOLD, ONSET, REPAIRED, RELEASED, SERVED, HANG_UP, ATTEMPT, SCRIPTED, ASKED, PASSED_ON, METERED, CALLBACK, VISIT,
    SENSED, PATROLLED, MORNING, ARRIVED, FOUND, ESCALATE, READY, ON_DUTY, LOOK, WATCH,
) = codes(23)  # fmt: skip

NOBODY = np.int64(0)  # entity of an event that concerns all
ENTITY_BITS, VERSION_BITS = 24, 34  # households and devices stay far below 2 ** 24 (:mod:`sim.core.limits`)
ENTITY_MASK, VERSION_MASK = (1 << ENTITY_BITS) - 1, (1 << VERSION_BITS) - 1


@rule
def code(kind, entity, version):
    """Kind, entity and version in one sortable number."""
    return (kind << (ENTITY_BITS + VERSION_BITS)) | (entity << VERSION_BITS) | version


@rule
def kind_of(key):
    """What happens."""
    return key >> (ENTITY_BITS + VERSION_BITS)


@rule
def entity_of(key):
    """To whom."""
    return (key >> VERSION_BITS) & ENTITY_MASK


@rule
def version_of(key):
    """As of which plan; some kinds carry another number in its place."""
    return key & VERSION_MASK


@rule
def _is_before(row, time_h, key):
    return row.time_h < time_h or (row.time_h == time_h and row.code < key)


@rule
def _put(row, time_h, key):
    row.time_h, row.code = time_h, key


@rule
def push(heap, size, time_h, key):
    """Put an event in; returns the new size. Later ones above it make room, each moved once."""
    at = np.int64(size)
    while at > 0:
        above = (at - 1) >> 2
        if _is_before(heap[above], time_h, key):
            break
        _put(heap[at], heap[above].time_h, heap[above].code)
        at = above
    _put(heap[at], time_h, key)
    return size + 1


@rule
def pop(heap, size):
    """Take the earliest event away (read ``heap[0]`` first); returns the new size. The last one finds its place."""
    size -= 1
    time_h, key = heap[size].time_h, heap[size].code
    at, first = NOBODY, NOBODY + 1
    while first < size:
        best, best_h, best_key = _earliest(heap, first, min(first + 4, size))
        if not ((best_h < time_h) | ((best_h == time_h) & (best_key < key))):
            break
        _put(heap[at], best_h, best_key)
        at, first = best, 4 * best + 1
    _put(heap[at], time_h, key)
    return size


@rule
def _earliest(heap, first, end):
    """The earliest of some rows, its time and code: chosen without branches, which no processor could foresee."""
    best, best_h, best_key = first, heap[first].time_h, heap[first].code
    for at in range(first + 1, end):
        time_h, key = heap[at].time_h, heap[at].code
        earlier = (time_h < best_h) | ((time_h == best_h) & (key < best_key))
        best, best_h, best_key = (at, time_h, key) if earlier else (best, best_h, best_key)
    return best, best_h, best_key


@rule
def plan(city, time_h, kind, entity):
    """An event of the utility's world: devices, orders, crews."""
    clock = city.clock[0]
    clock.n_events = push(city.events, clock.n_events, time_h, code(kind, entity, NOBODY))


@rule
def plan_for(city, time_h, kind, household, version):
    """An event of a household; ignored when due if its version has been overtaken."""
    clock = city.clock[0]
    key = code(kind, household, version)
    clock.n_household_events = push(city.household_events, clock.n_household_events, time_h, key)


@entry
def plan_each(heap, size, kind, entities, times_h, versions):
    """Put in one event for each entity before a run begins; returns the new size."""
    for i in range(len(entities)):
        size = push(heap, size, times_h[i], code(kind, entities[i], versions[i]))
    return size
