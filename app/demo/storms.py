"""One storm is an anecdote: the same two cities under many storms, and what of the difference is not chance.

Both cities meet each storm with the same luck, so a difference within a storm is due to the change. Its mean over
storms has a 95 % t-interval over pairs (`analysis.contrasts.paired`).
"""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from analysis.contrasts import Interval, paired
from app.demo.engine import Asked, Engine
from app.demo.lessons import City

STORMS, MOST_STORMS = 20, 100


class Measure(NamedTuple):
    """A measure of a run, as the page and a class call it."""

    name: str  # of experiments.measures_of_run
    words: str
    unit: str
    factor: float  # from the measure's unit to the one shown


def differences(
    engine: Engine, lesson: str, first_seed: int, a: City, b: City, by: str, measure: str, storms: int = STORMS
) -> list[float]:
    """One measure in city B minus the same in city A, storm by storm."""
    found = []
    for seed in range(first_seed, first_seed + storms):
        in_a, in_b = (engine.measures(Asked(lesson, seed, city), by) for city in (a, b))
        found.append(in_b[measure] - in_a[measure])
    return found


def compared(
    engine: Engine, lesson: str, first_seed: int, a: City, b: City, by: str, group: str, storms: int = STORMS
) -> dict[str, Any]:
    """City B minus city A over many storms, for the page.

    Parameters
    ----------
    by, group : whose gap is compared: a grouping, and the name of one of its groups

    Returns
    -------
    dict with the seeds and, for each measure, its words, unit, difference per storm, mean and interval (None: none)
    """
    rows = []
    for measure in measures_of(by, group):
        found = [measure.factor * d for d in differences(engine, lesson, first_seed, a, b, by, measure.name, storms)]
        interval = paired(found)
        rows.append(
            {
                "words": measure.words,
                "unit": measure.unit,
                "differences": _plain(found),
                "mean": _plain([interval.mean])[0],
                "low": _plain([interval.low])[0],
                "high": _plain([interval.high])[0],
                "storms": interval.n,
                "verdict": verdict(interval, found),
            }
        )
    return {"first_seed": first_seed, "storms": storms, "measures": rows}


def measures_of(by: str, group: str) -> list[Measure]:
    """What is compared for a group."""
    return [
        Measure("all:all:mean_h", "mean hours out, all affected", "hours", 1.0),
        Measure(f"{by}:{group}:gap_h", f"gap in mean hours out, {group}", "hours", 1.0),
        Measure(f"{by}:{group}:report_rate", f"affected {group} with a logged report", "points of 100", 100.0),
        Measure("all:all:detection_delay_h", "hours until the utility knows, all affected", "hours", 1.0),
    ]


def verdict(interval: Interval, found: Sequence[float]) -> str:
    """What the interval allows one to say, and no more."""
    if interval.n < 2 or not math.isfinite(interval.low):
        return "too few storms with a value to say anything"
    if not any(difference for difference in found if math.isfinite(difference)):
        return "no difference in any storm"
    if interval.low <= 0.0 <= interval.high:
        return "cannot be told from chance"
    return "lower in B" if interval.high < 0.0 else "higher in B"


def _plain(numbers: Sequence[float]) -> list[float | None]:
    """JSON has no NaN and no infinity."""
    return [float(number) if math.isfinite(number) else None for number in numbers]
