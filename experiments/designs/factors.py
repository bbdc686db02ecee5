"""Factors: parameters that a study varies, over which values, and what each value changes in a scenario.

There is one mapping from the unit interval to values, `Factor.at`, used by every sampled design. A subset of channels
is named by what is on (``"hotline+web"``; ``"no channel"``): availability is 1 for these and 0 for the others of the
list. How factors are written: `experiments.designs.vary`.
"""

from typing import Any, NamedTuple

from sim.core.errors import ScenarioError

NO_CHANNEL = "no channel"


class Factor(NamedTuple):
    """One thing that varies."""

    name: str  # as written; a column of exports
    paths: tuple[str, ...]  # dotted parameters that it sets: one, unless it is a subset of channels
    kind: str  # "real", "whole", "yes/no", "categorical"
    low: float | None  # of a range, and the extremes of listed numbers
    high: float | None
    log: bool  # geometric between low and high
    choices: tuple[Any, ...]  # listed values; empty for a range
    steps: int | None = None  # levels of a range in a grid

    def at(self, u: float) -> Any:
        """The value at ``u`` in [0, 1], the one mapping that all sampled designs use.

        Listed values, subsets and categories: bins of equal width, in the order written. Real: low + u (high - low),
        or low (high / low)**u if geometric. Whole: bins of equal width over low .. high, both included. Yes/no: yes
        from u = 0.5 on.
        """
        if not 0.0 <= u <= 1.0:
            raise ValueError(f"{self.name}: u must be between 0 and 1, not {u}")
        if self.choices:
            return self.choices[_bin(u, len(self.choices))]
        low, high = self._range()
        if self.kind == "whole" and not self.log:
            return int(low) + _bin(u, int(high) - int(low) + 1)
        value = low * (high / low) ** u if self.log else low + u * (high - low)
        value = min(max(value, low), high)  # rounding must not leave the declared range
        return round(value) if self.kind == "whole" else value

    def levels(self) -> tuple[Any, ...]:
        """The values of a grid: those listed, or ``steps`` of them from low to high, evenly (or geometrically) spaced.

        Raises
        ------
        ScenarioError    a range without steps
        """
        if self.choices:
            return self.choices
        if self.steps is None:
            raise ScenarioError(
                f"{self.name}: a grid needs levels: add steps (such as steps = 5) to the range, or list the values"
            )
        low, high = self._range()
        shares = [i / (self.steps - 1) for i in range(self.steps)]
        values = [low * (high / low) ** s if self.log else low + s * (high - low) for s in shares]
        if self.kind == "whole":
            return tuple(dict.fromkeys(round(value) for value in values))
        return (low, *(float(f"{value:.12g}") for value in values[1:-1]), high)  # 0.30000000000000004 is 0.3

    def patch(self, value: Any) -> dict[str, Any]:
        """What a value changes: dotted path to value."""
        if not self.is_subset:
            return {self.paths[0]: value}
        on = channels_on(value)
        return {path: float(path.split(".")[1] in on) for path in self.paths}

    @property
    def is_subset(self) -> bool:
        """Whether its values are subsets of channels."""
        return self.kind == "categorical" and self.paths[0].endswith(".availability")

    @property
    def is_number(self) -> bool:
        """Whether its values are numbers, which can be laid along an axis."""
        return self.kind in ("real", "whole")

    def _range(self) -> tuple[float, float]:
        if self.low is None or self.high is None:
            raise ValueError(f"{self.name}: neither listed values nor a range")
        return self.low, self.high


def channels_on(subset: str) -> tuple[str, ...]:
    """The channels named in a subset."""
    return () if subset == NO_CHANNEL else tuple(subset.split("+"))


def _bin(u: float, n: int) -> int:
    return min(int(u * n), n - 1)
