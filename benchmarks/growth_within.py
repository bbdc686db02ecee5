"""Seconds of a run as one thing grows and the city stays: more reports, more orders, or more crews.

=========  ==========================================================================================
reports    by ``reporting.willingness``: the same storm, and more of those it left in the dark tell
orders     by the failure rates of everything below a substation: the same city, and more of it broken
crews      by the headcounts of the crews: the same city and storm, and more hands
=========  ==========================================================================================

Nothing grows quite alone: who is mended sooner reports less, and where more is broken more is told. So all counts stand
in every row, and crews begin at four times the city's own, from where on hardly anybody's report depends on them. Rows
take turns; seconds are medians.

``python -m benchmarks.growth_within SIZES`` measures all three and prints them as JSON.
"""

import gc
import json
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from benchmarks import city
from benchmarks.city import City
from benchmarks.growth import exponent
from sim import Outcomes, run
from sim.world import storm

WILLINGNESS = (-2.0, 0.0, 2.0, 4.0)
FAILURES = (1.0, 2.0, 4.0, 8.0)
CREWS = (4, 16, 64)
BROKEN = ("feeder", "lateral", "transformer", "drop")
COUNTS = ("reports", "orders", "jobs", "crews")


def readier(town: City, more: float) -> City:
    """The town with people who are readier to report."""
    return town._replace(everything=town.everything.but({"reporting.willingness": more}))


def more_broken(town: City, factor: float) -> City:
    """The town after a storm that broke more of it."""
    rates = {f"storm.failures.{level}": factor * town.everything[f"storm.failures.{level}"] for level in BROKEN}
    scenario = town.everything.but(rates)
    return town._replace(everything=scenario, damage=storm.strike(scenario, town.place, 1))


def more_crews(town: City, factor: int) -> City:
    """The town with so many times the crews."""
    paths = [path for path in city.HEADCOUNTS if path.startswith("crews.")]
    return town._replace(everything=town.everything.but({path: factor * town.everything[path] for path in paths}))


VARIED: dict[str, tuple[str, Callable[..., City], tuple]] = {
    "reports": ("willingness {:+g}", readier, WILLINGNESS),
    "orders": ("failures x{:g}", more_broken, FAILURES),
    "crews": ("crews x{:g}", more_crews, CREWS),
}


def measure(households: int, repeats: int) -> dict[str, Any]:
    """Vary one thing at a time, in this process.

    Returns
    -------
    dict: households; of each of `VARIED` the rows (step, run_s, and counts), the exponent of seconds in the count of
    that name from the first row to the last, and ms_per_thousand more of it
    """
    town = city.build(households)
    run(town.everything, 1, place=town.place, damage=town.damage)  # loads the rules
    found = {name: grown(town, name, repeats) for name in VARIED}
    return {"households": households, "varied": found}


def grown(town: City, name: str, repeats: int) -> dict[str, Any]:
    """One thing varied."""
    word, change, steps = VARIED[name]
    towns = {step: change(town, step) for step in steps}
    seconds: dict[float, list[float]] = {step: [] for step in steps}
    counts: dict[float, dict[str, int]] = {}
    for _ in range(repeats):
        for step, changed in towns.items():
            gc.collect()
            started = time.process_time()
            outcomes = run(changed.everything, 1, place=changed.place, damage=changed.damage)
            seconds[step].append(time.process_time() - started)
            counts[step] = counted(outcomes)
    rows = [{"step": step, "run_s": median(seconds[step]), **counts[step]} for step in steps]
    first, last = rows[0], rows[-1]
    slope = 1e6 * (last["run_s"] - first["run_s"]) / (last[name] - first[name])
    return {"by": word, "rows": rows, "exponent": exponent(first, last, "run_s", name), "ms_per_thousand": slope}


def counted(outcomes: Outcomes) -> dict[str, int]:
    """How much of everything there was in a run."""
    tables = {name: len(getattr(outcomes, name)) for name in ("reports", "orders", "jobs")}
    return {**tables, "crews": len(outcomes.state.crews)}


def print_within(within: dict[str, Any]) -> None:
    """Milliseconds and counts, and how they grow."""
    print(f"One thing more at a time in a city of {within['households']:,} households")
    print(f"{'':<18}{'run ms':>10}" + "".join(f"{name:>10}" for name in COUNTS))
    for found in within["varied"].values():
        for row in found["rows"]:
            counts = "".join(f"{row[name]:>10,}" for name in COUNTS)
            print(f"{found['by'].format(row['step']):<18}{1e3 * row['run_s']:>10.2f}{counts}")
    for name, found in within["varied"].items():
        print(f"with {name}: growth exponent {found['exponent']:.2f}; "
              f"{found['ms_per_thousand']:.2f} ms for a thousand more")  # fmt: skip
    print(flush=True)


if __name__ == "__main__":
    print(json.dumps(measure(**json.loads(sys.argv[1]))))
