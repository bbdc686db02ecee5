"""What happens and in which order, where an order stands and how it ends: the words of both plain models.

Words that come out of a run are those of the engine's tables; which rule writes them when is told here once more.
"""

from enum import Enum, IntEnum, StrEnum, auto
from math import floor
from typing import NamedTuple

from sim.core import outcome_codes as codes

SEEN, SENSED = 1.0, 0.3  # precision of what somebody has looked at, and of what a breaker or meter shows


class Kind(IntEnum):
    """Kinds of event, in the order in which simultaneous ones happen: the simulator takes them for priorities."""

    FAILURE = 1
    REPAIR = 2
    RELEASE = 3
    CALL_OVER = 4
    ATTENTION = 5
    METER = 6
    CALL_BACK = 7
    SENSING = 8
    PATROL = 9
    MORNING = 10
    ARRIVAL = 11
    SEARCH_OVER = 12
    ROLL_UP = 13
    READY = 14
    ON_DUTY = 15
    DISPATCH = 16
    OVER = 17


class Turn(NamedTuple):
    """When something gets its turn among events of one time: by kind, then by the number of whom it concerns."""

    value: tuple[Kind, int]


class Status(Enum):
    """Where an order stands."""

    NEW = auto()  # predicted, not yet acted on
    WAITING = auto()
    ASSIGNED = auto()
    PUT_BY = auto()  # until what the household owns is mended
    CLOSED = auto()


class Source(Enum):
    """What an order rests on, or what led to a fault."""

    REPORT = codes.SOURCES[codes.BY_REPORT]
    METER = codes.SOURCES[codes.BY_METER]
    CALL_BACK = codes.SOURCES[codes.BY_CALLBACK]
    SENSING = codes.SOURCES[codes.BY_SENSING]
    PATROL = codes.SOURCES[codes.BY_PATROL]
    CREW = codes.SOURCES[codes.BY_CREW]
    KNOWLEDGE = codes.SOURCES[codes.BY_KNOWLEDGE]
    RELEASE = codes.SOURCES[codes.BY_RELEASE]


class Ending(StrEnum):
    """How an order was closed, or what a crew found."""

    REPAIRED = codes.OUTCOMES[codes.REPAIRED_OUTCOME]
    UPSTREAM = codes.OUTCOMES[codes.UPSTREAM]
    DOWNSTREAM = codes.OUTCOMES[codes.DOWNSTREAM]
    NOTHING = codes.OUTCOMES[codes.NOTHING_FOUND]
    MERGED = codes.OUTCOMES[codes.MERGED]
    WITHDRAWN = codes.OUTCOMES[codes.WITHDRAWN]
    REFUSED = codes.OUTCOMES[codes.REFUSED]
    OWNER = codes.OUTCOMES[codes.OWNER_FIRST]


def recurring_h(first_h: float, now: float, days_ahead: int = 0) -> float:
    """When something last began that begins at ``first_h`` and every 24 h from then on; or some days after that."""
    day = floor((now - first_h) / 24.0)
    last = max(d for d in (day - 1, day, day + 1) if first_h + 24.0 * d <= now)
    return first_h + 24.0 * (last + days_ahead)
