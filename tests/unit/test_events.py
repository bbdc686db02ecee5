"""The heap of events: earliest first, then by kind, entity and version, however they were put in."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as some

from sim.core import limits
from sim.core.compiled import entry
from sim.core.events import ENTITY_BITS, entity_of, kind_of, plan_each, pop, version_of
from sim.core.rows import rows
from sim.core.state import EVENT

NUMBERS = some.tuples(
    some.floats(-100.0, 400.0), some.integers(0, 22), some.integers(0, 2**24 - 1), some.integers(0, 2**34 - 1)
)


@entry
def take_out(heap, size, times_h, numbers):
    """Fill in times and (kind, entity, version) of all events, the earliest first."""
    for i in range(len(times_h)):
        key = heap[0].code
        times_h[i], numbers[i, 0], numbers[i, 1], numbers[i, 2] = (
            heap[0].time_h,
            kind_of(key),
            entity_of(key),
            version_of(key),
        )
        size = pop(heap, size)


def put_in(events):
    """A heap with these events, one after the other."""
    heap, size = rows(EVENT, max(1, len(events))), 0
    for time_h, kind, entity, version in events:
        one = (np.array([number], dtype=np.int64) for number in (entity, version))
        entities, versions = one
        size = plan_each(heap, size, np.int64(kind), entities, np.array([time_h]), versions)
    return heap, size


@settings(deadline=None)  # the first call compiles
@given(some.lists(NUMBERS, max_size=60))
def test_events_come_out_in_order_of_time_kind_entity_and_version(events):
    heap, size = put_in(events)
    times_h, numbers = np.zeros(size), np.zeros((size, 3), dtype=np.int64)
    take_out(heap, size, times_h, numbers)
    assert list(zip(times_h.tolist(), *numbers.T.tolist(), strict=True)) == sorted(events)


def test_a_code_holds_the_largest_numbers():
    largest = (1.5, 22, 2**24 - 1, 2**34 - 1)
    heap, size = put_in([largest])
    times_h, numbers = np.zeros(size), np.zeros((size, 3), dtype=np.int64)
    take_out(heap, size, times_h, numbers)
    assert (times_h[0], *numbers[0]) == largest


def test_a_code_holds_every_household_and_device_that_is_let_in():
    assert max(limits.HOUSEHOLDS, limits.ROWS) < 2**ENTITY_BITS
