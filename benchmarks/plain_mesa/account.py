"""What the utility believed of one customer, and where the customer's hours without power went.

The hours are kept as spans, each from the loss of power or a repair to the next repair on the way to the source, with
what was known and done about the fault that ended it; they are divided up only when somebody asks.
"""

from dataclasses import dataclass, field
from math import inf

from sim.core.outcome_codes import PARTS


def common_h(begin_h: float, end_h: float, other_begin_h: float, other_end_h: float) -> float:
    """Hours that two intervals have in common."""
    return max(0.0, min(end_h, other_end_h) - max(begin_h, other_begin_h))


@dataclass(frozen=True, slots=True)
class Span:
    """Hours in the dark that belong to one fault."""

    begin_h: float
    end_h: float
    believed_h: float  # out, from then on
    set_off_h: float = inf  # the crew that repairs it
    found_h: float = inf  # by that crew
    visit: tuple[float, float] | None = None  # of a crew that came upon it earlier
    wait: tuple[float, float, float] | None = None  # a crew set off that found that the owner comes first; so; release

    def parts(self) -> tuple[float, float, float, float, float]:
        """Hours undetected, waiting, of search, for the owner, and of repair."""
        known = max(self.begin_h, self.believed_h), self.end_h
        before = known[0], min(self.end_h, self.set_off_h)
        visited_h = owner_h = 0.0
        if self.wait:
            visited_h = common_h(*before, *self.wait[:2])
            owner_h = common_h(*before, *self.wait[1:])
            before = before[0], min(before[1], self.wait[0])
        if self.visit:
            visited_h += common_h(*before, *self.visit)
        return (
            common_h(self.begin_h, self.end_h, -inf, self.believed_h),
            common_h(*known, -inf, self.set_off_h) - visited_h - owner_h,
            common_h(*known, self.set_off_h, self.found_h) + visited_h,
            owner_h,
            common_h(*known, self.found_h, inf),
        )


@dataclass(slots=True)
class Account:
    """One customer's."""

    known_h: float = inf  # believed out for the first time
    believed_h: float = inf  # and without a break since
    closed_h: float = inf  # taken to be back since, and is not
    n_closed: int = 0
    falsely_closed_h: float = 0.0
    begin_h: float = inf  # of the span that has not ended
    spans: list[Span] = field(default_factory=list)

    def believe(self, now: float) -> None:
        """The utility believes that this customer is out."""
        self.known_h, self.believed_h = min(self.known_h, now), min(self.believed_h, now)
        self.end_false_closure(now)

    def doubt(self) -> None:
        """It does not any more, and does not take the customer to be back either."""
        self.believed_h = inf

    def close(self, now: float) -> None:
        """It takes the customer to be back, who is not."""
        self.closed_h = now
        self.n_closed += 1

    def end_false_closure(self, now: float) -> None:
        """Power is back, or the utility knows better."""
        if self.closed_h < inf:
            self.falsely_closed_h += now - self.closed_h
        self.closed_h = inf

    def end_span(self, now: float, set_off_h: float, found_h: float, visit=None, wait=None) -> None:
        """A fault on the way to the source is repaired, or the story ends; see :class:`Span`."""
        self.spans.append(Span(self.begin_h, now, self.believed_h, set_off_h, found_h, visit, wait))
        self.begin_h = now

    def hours(self) -> dict[str, float]:
        """All spans together, by part."""
        rows = zip(*(span.parts() for span in self.spans), strict=True)
        return dict.fromkeys(PARTS, 0.0) | dict(zip(PARTS, map(sum, rows), strict=False))
