"""What measures look at: the affected of one run, how long each was dark and why; then the same in groups.

`Waits` looks at the households of a run once. `InGroups` sums them up for one grouping, as often as groupings are asked
for. Every measure in `analysis.measures.table` is a function of one of the two. What is taken from a household is a
*row*: an array [affected]; with L the hours out of the affected of a group, cut at the horizon, and A their number::

    mean = sum(row) / A,   and of the Kaplan-Meier curve S of L: the hours by which a share is back, the share out
                           for longer, the area

The modules of measures are NumPy alone, for they also run in the workers of large studies.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from analysis.measures.grouping import Groups, n_rows
from analysis.measures.survival import area_h, kaplan_meier, observed, reached_h, share_beyond

if TYPE_CHECKING:
    from analysis.measures.survival import Table

NEED_WEIGHTS = {"medical_device": 10.0}  # a convention, to be varied: no source gives the right number


class Curve(NamedTuple):
    """A Kaplan-Meier curve of some households; see `analysis.measures.survival.kaplan_meier`."""

    times: np.ndarray
    surviving: np.ndarray
    horizon_h: float

    def reached_h(self, share: float) -> float:
        """Hours by which a share is back; inf if that was not seen."""
        return reached_h(self.times, self.surviving, share)

    def beyond(self, hours: float) -> float:
        """Share out for longer; NaN if nobody was watched for so long."""
        if hours > self.times[-1] and self.surviving[-1] > 0.0:
            return float("nan")
        return float(share_beyond(self.times, self.surviving, hours))

    def area_h(self) -> float:
        """Mean hours out, each counted up to the horizon after the own loss of power."""
        return area_h(self.times, self.surviving, self.horizon_h)


class Waits:
    """The affected of one run. Arrays are [affected], but for the mask.

    Parameters
    ----------
    households : table of one run; what a measure needs of it has to be there
    horizon_h : float                 hours since the storm's peak; hours out are cut there
    need_weights : weight of a household that has the yes/no attribute (the largest that applies; otherwise 1)
    n_faults : how many faults the storm made, if known
    """

    def __init__(
        self,
        households: "Table",
        horizon_h: float,
        need_weights: Mapping[str, float] = NEED_WEIGHTS,
        n_faults: float = float("nan"),
    ) -> None:
        self.households, self.horizon_h = households, horizon_h
        self.need_weights, self.n_faults = need_weights, n_faults
        self.affected, self.hours, self.restored = observed(households, horizon_h)
        self._rows: dict[Callable, Any] = {}

    def column(self, name: str, dtype: Any = float) -> np.ndarray:
        """A column of the table, of the affected."""
        return np.asarray(self.households[name], dtype=dtype)[self.affected]

    def row(self, make: Callable[["Waits"], Any]) -> Any:
        """What a function makes of this run, made once."""
        if make not in self._rows:
            self._rows[make] = make(self)
        return self._rows[make]

    @cached_property
    def curve(self) -> Curve:
        """The curve of the whole city."""
        return Curve(*kaplan_meier(self.hours, self.restored), self.horizon_h)


class InGroups:
    """The affected of one run in the groups of one grouping. Every number is an array [group], NaN for nobody."""

    def __init__(self, waits: Waits, grouping: Groups) -> None:
        self.waits, self.grouping, self.n_groups = waits, grouping, len(grouping.names)
        self.code = grouping.code[waits.affected]  # int [affected]
        self.households = self._number(grouping.code)
        self.affected = self._number(self.code)

    def count(self, flag: np.ndarray) -> np.ndarray:
        """How many of all households have a flag [household]."""
        return self._number(self.grouping.code[flag])

    def _number(self, code: np.ndarray) -> np.ndarray:
        return np.bincount(code, minlength=self.n_groups) if self.n_groups > 1 else np.array([len(code)])

    def sum(self, row: np.ndarray) -> np.ndarray:
        """Sum of a row."""
        return np.bincount(self.code, weights=row, minlength=self.n_groups)

    def mean(self, row: np.ndarray) -> np.ndarray:
        """Mean of a row over the affected."""
        one = self.n_groups == 1  # everybody: plain sums are quicker
        return self.over(row.sum(dtype=float, keepdims=True) if one else self.sum(row), self.affected)

    def over(self, numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
        """A quotient; NaN on purpose where a group is empty."""
        with np.errstate(invalid="ignore"):
            return numerator / denominator

    def minus_reference(self, values: np.ndarray) -> np.ndarray:
        """Values of groups minus that of the reference group; NaN where that is empty."""
        names, reference = self.grouping.names, self.grouping.reference
        return values - (values[names.index(reference)] if reference in names else np.nan)

    def on_curve(self, number: Callable[[Curve], float]) -> np.ndarray:
        """A number of the curve of each group."""
        return np.array([number(curve) if curve else np.nan for curve in self.curves], dtype=float)

    @cached_property
    def curves(self) -> list[Curve | None]:
        """The Kaplan-Meier curve of each group; None for nobody."""
        if self.n_groups == 1:
            return [self.waits.curve if self.affected[0] else None]
        order = np.argsort(_small(self.code), kind="stable")
        hours, restored, ends = self.waits.hours[order], self.waits.restored[order], np.cumsum(self.affected)
        parts = [slice(end - n, end) for end, n in zip(ends, self.affected, strict=True)]
        horizon_h = self.waits.horizon_h
        return [Curve(*kaplan_meier(hours[p], restored[p]), horizon_h) if p.stop > p.start else None for p in parts]


def _small(code: np.ndarray) -> np.ndarray:
    """Codes in two bytes where they fit: these NumPy sorts in one pass."""
    return code.astype(np.int16) if code.size and code.max() < 2**15 else code


def split_hours(waits: Waits, names: Sequence[str]) -> dict[str, np.ndarray]:
    """Hours out of the affected in parts, cut at the horizon so that they still sum to the hours out.

    Returns a row for each of the columns named. A run counts them up to its own horizon; at a nearer one they are cut
    in this order, which is the order in which they pass where one fault stood on the path. Parts that do not add up are
    an error.
    """
    left, parts = waits.hours.copy(), {}
    for name in names:
        parts[name] = np.minimum(waits.column(name), left)
        left -= parts[name]
    wrong = np.flatnonzero(~(np.abs(left) <= 1e-6 * (1.0 + waits.hours)))
    if wrong.size:
        who = waits.column("household_id", None)[wrong[0]]
        raise ValueError(
            f"household {who}: {' + '.join(names)} miss its {waits.hours[wrong[0]]:g} hours out by "
            f"{left[wrong[0]]:g} h ({wrong.size} households like this)"
        )
    return parts


def detection_delay_h(waits: Waits) -> np.ndarray:
    """Hours until the utility believed the outage, at most the hours out; 0 if it believed so beforehand."""
    return np.clip(waits.column("known_h") - waits.column("out_h"), 0.0, waits.hours)


def need(waits: Waits) -> np.ndarray:
    """Weight of each of the affected: the largest among the attributes that it has, 1 if none."""
    weight = np.ones(n_rows(waits.households))
    for attribute, value in waits.need_weights.items():
        has = np.asarray(waits.households[attribute], dtype=bool)
        weight = np.maximum(weight, np.where(has, value, 1.0))
    return weight[waits.affected]
