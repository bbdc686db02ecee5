"""What the benchmark of studies runs.

The town is Tallahassee after Hurricane Michael at any size, land, crews, call-takers and lines in proportion. What
varies are twelve parameters of residents' behaviour, each over its range by the multiples of the square root of a
prime, modulo 1 (Richtmyer 1951): any number of points, the same every time, and none like another.
"""

import gc
import os
import pickle
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.processes import resident_mb
from experiments.designs.vary import factors_of
from experiments.runs.evaluate import POOL, WORLDS, Measure, measure_run, warm_up
from experiments.runs.ledger import Ledger
from experiments.runs.plan import Plan
from experiments.runs.rows import Row, digest_of, patch_of
from experiments.runs.runner import execute
from experiments.runs.workers import Crew
from sim import Scenario, Seeds, load
from sim.engine.simulate import advance_to
from sim.engine.start import begin

SCENARIO = "tallahassee-michael"
IN_PROPORTION = (
    "place.neighbourhoods", "hotline.call_takers", "hotline.lines",
    "crews.line.own", "crews.line.staged", "crews.line.mutual_aid",
    "crews.trouble.own", "crews.trouble.staged", "crews.trouble.mutual_aid",
)  # fmt: skip
VARY = {
    "reporting.attention_per_h": {"from": 0.042, "to": 1.0, "log": True},  # once a day to once an hour
    "reporting.b_need": {"from": 0.5, "to": 4.0},
    "reporting.b_trust": {"from": 0.2, "to": 2.0},
    "reporting.b_hassle": {"from": 0.2, "to": 2.0},
    "reporting.b_language": {"from": 0.5, "to": 4.0},
    "reporting.b_free": {"from": 0.0, "to": 3.0},
    "reporting.believed_neighbour_share": {"from": 0.0, "to": 0.5},
    "reporting.repeat_one_way": {"from": 0.2, "to": 0.7},
    "reporting.proxy_chance": {"from": 0.0, "to": 0.2},
    "channels.hotline.awareness": {"from": 0.5, "to": 0.95},
    "channels.web.awareness": {"from": 0.2, "to": 0.7},
    "channels.app.awareness": {"from": 0.03, "to": 0.3},
}
PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)  # one per parameter

PROCESS, RESIDENT = "process:worker:number", "process:worker:resident_mb"
ATTEMPTS = 100


def town(households: int) -> Scenario:
    """The city at a size, everything in proportion."""
    full = load(SCENARIO)
    scale = households / full["place.customers"]
    counts = {path: max(1, round(full[path] * scale)) for path in IN_PROPORTION if full[path] > 0}
    land = {"place.customers": households, "place.area_km2": full["place.area_km2"] * scale}
    return full if scale == 1.0 else full.but({**counts, **land})


class Points(Sequence[Row]):
    """Rows of a sweep over residents' behaviour, made when asked for.

    Parameters
    ----------
    number, first : int   how many, and how many points to skip before
    cities : int          seeds in turn, each with a city of its own
    """

    def __init__(self, scenario: Scenario, number: int, first: int = 0, cities: int = 1) -> None:
        self.number, self.first, self.cities = number, first, cities
        self.digest, self.factors = digest_of(scenario), factors_of(VARY, scenario)

    def __len__(self) -> int:
        return self.number

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(self.number))]
        if not 0 <= index < self.number:
            raise IndexError(index)
        point = self.first + index
        values = {f.name: f.at((point + 1) * p**0.5 % 1.0) for f, p in zip(self.factors, PRIMES, strict=True)}
        return Row(self.digest, tuple(sorted(values.items())), Seeds.all(1 + point % self.cities))


def sweep(scenario: Scenario, number: int, first: int = 0, cities: int = 1) -> Plan:
    """A plan of so many points."""
    return Plan({digest_of(scenario): scenario}, Points(scenario, number, first, cities))


@contextmanager
def ledger_of(kind: str) -> Iterator[Ledger]:
    """An empty ledger, which goes afterwards."""
    with TemporaryDirectory(prefix="coproduce-") as folder, Ledger.open(f"{folder}/runs.sqlite", {"kind": kind}) as new:
        yield new


def carried_out(plan: Plan, hands: Crew, ledger: Ledger, measure: Measure = measure_run) -> float:
    """Run a plan; the time of it, s.

    Raises
    ------
    RuntimeError    a run failed
    """
    gc.collect()
    started = time.perf_counter()
    tally = execute(plan, ledger, hands, measure=measure)
    taken_s = time.perf_counter() - started
    if tally.failed:
        raise RuntimeError(f"{tally.failed} runs failed, such as: {ledger.failures()[0].error}")
    return taken_s


def seconds_of(plan: Plan, hands: Crew) -> float:
    """Seconds in which workers carry out a plan, with a new ledger."""
    with ledger_of("benchmark") as ledger:
        return carried_out(plan, hands, ledger)


def witnessed(scenario: Scenario, row: Row, by: Sequence[str]) -> dict[str, float]:
    """A run that also says which process made it, and how much memory that holds."""
    warm_up()
    found = measure_run(scenario, row, by)
    return {**found, PROCESS: float(os.getpid()), RESIDENT: resident_mb()}


def alone(scenario: bytes, first: int, number: int) -> float:
    """Seconds of the engine alone over so many points, in the process that is asked; all else is made before."""
    whole: Scenario = pickle.loads(scenario)
    rows = Points(whole, number, first)
    ready = [(whole.but(patch_of(row)), row) for row in rows]
    ready = [(patched, *WORLDS.built(whole, patched, row), row.seeds) for patched, row in ready]
    gc.collect()
    started = time.perf_counter()
    for patched, world, damage, seeds in ready:
        POOL.take_back(advance_to(begin(patched, world, damage, seeds, POOL), patched["run.horizon_h"]))
    return time.perf_counter() - started


def wake(hands: Crew, scenario: Scenario, number: int) -> float:
    """Seconds until each of so many workers has loaded the rules, built the city and finished a run.

    Raises
    ------
    RuntimeError    some worker never had a row
    """
    started, seen = time.perf_counter(), set()
    for attempt in range(ATTEMPTS):
        plan = sweep(scenario, 2 * number, first=-2 * number * (attempt + 1))  # points that nothing else runs
        with ledger_of("waking") as ledger:
            carried_out(plan, hands, ledger, witnessed)
            seen |= set(ledger.values(plan.rows, plan.by, [PROCESS])[:, 0])
        if len(seen) >= number:
            return time.perf_counter() - started
    raise RuntimeError(f"only {len(seen)} of {number} workers had anything to do")


def spread(values: list[float]) -> dict[str, float]:
    """Median, smallest and largest."""
    return {"median": median(values), "low": min(values), "high": max(values)}
