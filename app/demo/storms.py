"""One storm is an anecdote: the same two cities under many storms, and what of the difference is not chance.

Both cities meet each storm with the same luck, so a difference within a storm is due to the change. Its mean over
storms has a 95 % t-interval over pairs (`analysis.contrasts.intervals.paired`).
"""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from analysis.contrasts.intervals import Interval, paired
from analysis.measures.table import BY_NAME
from app.demo.engine import Asked, Engine
from app.demo.lessons import City
from experiments.claims import CUSTOMERS, DARK, FEWEST, Ground, refusal

STORMS, MOST_STORMS = 60, 100
UNITS = {"h": "hours", "%": "points of 100"}  # of a difference, as a class calls them


class Measure(NamedTuple):
    """A measure of a run, as the page and a class call it."""

    name: str  # of experiments.runs.measures_of_run
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


def ground_of(engine: Engine, lesson: str, first_seed: int, a: City, b: City, by: str, storms: int = STORMS) -> Ground:
    """What a claim about two cities would stand on: the storms, and the city that stayed darker in them."""
    found = []
    for city in (a, b):
        asked = [Asked(lesson, seed, city) for seed in range(first_seed, first_seed + storms)]
        runs = [engine.measures(one, by) for one in asked]
        dark, customers = (paired([run[name] for run in runs]).mean for name in (DARK, CUSTOMERS))
        found.append(Ground(storms, dark, engine.scenario(asked[0]), customers, "storms", f"ask for {FEWEST}"))
    return max(found, key=lambda ground: np.nan_to_num(ground.dark))


def compared(
    engine: Engine, lesson: str, first_seed: int, a: City, b: City, by: str, group: str, storms: int = STORMS
) -> dict[str, Any]:
    """City B minus city A over many storms, for the page.

    Parameters
    ----------
    by, group : whose gap is compared: a grouping, and the name of one of its groups

    Returns
    -------
    dict with the seeds, why nothing may be claimed ("": it may), and for each measure that may be claimed its words,
    unit, difference per storm, mean and interval (None: none)
    """
    refused = refusal(ground_of(engine, lesson, first_seed, a, b, by, storms))
    rows = []
    for measure in [] if refused else measures_of(by, group):
        found = [measure.factor * d for d in differences(engine, lesson, first_seed, a, b, by, measure.name, storms)]
        interval = paired(found)
        if interval.n < FEWEST:  # a group that most storms spare
            interval, found = paired([]), []
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
    return {"first_seed": first_seed, "storms": storms, "refused": refused, "measures": rows}


def measures_of(by: str, group: str) -> list[Measure]:
    """What is compared for a group."""
    return [
        _measure("all:all", "mean_h", "all affected"),
        _measure(f"{by}:{group}", "gap_h", group),
        _measure(f"{by}:{group}", "report_rate", group),
        _measure("all:all", "detection_delay_h", "all affected"),
    ]


def _measure(part: str, name: str, whose: str) -> Measure:
    declared = BY_NAME[name]
    return Measure(f"{part}:{name}", f"{declared.label}, {whose}", UNITS[declared.unit], declared.factor)


def verdict(interval: Interval, found: Sequence[float]) -> str:
    """What the interval allows one to say, and no more."""
    if not math.isfinite(interval.low):
        return f"nothing is claimed: fewer than {FEWEST} storms with a value"
    if not any(difference for difference in found if math.isfinite(difference)):
        return "no difference in any storm"
    if interval.low <= 0.0 <= interval.high:
        return "cannot be told from chance"
    return "lower in B" if interval.high < 0.0 else "higher in B"


def _plain(numbers: Sequence[float]) -> list[float | None]:
    """JSON has no NaN and no infinity."""
    return [float(number) if math.isfinite(number) else None for number in numbers]
