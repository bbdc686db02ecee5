"""What a run of a study costs outside the engine, and where that goes.

A run through `execute`, with a ledger and one worker, is timed against the same rows done stage by stage:

    but         the scenario with the row's patch
    world       finding the city and the storm among those that are kept
    engine      state of the run, and its events
    measures    named numbers of the run
    prepare     keys of all rows, the plan in the ledger, the order of running
    ledger      writing results, in batches as large as those of the runner
    rest        the whole less all of these: making up batches and handing them out, counting
"""

import gc
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

from benchmarks.study_runs import ledger_of, seconds_of, spread, sweep, town, wake
from experiments.runs.evaluate import POOL, WORLDS
from experiments.runs.ledger import Ledger
from experiments.runs.measures_of_run import measures
from experiments.runs.plan import Plan
from experiments.runs.rows import Finished, Row, key, patch_of
from experiments.runs.runner import BATCH_S
from experiments.runs.work import prepare
from experiments.runs.workers import Here
from sim import Outcomes, Scenario
from sim.engine.simulate import advance_to
from sim.engine.start import begin

ENGINE = "engine"
OUTSIDE = ("but", "world", "measures", "prepare", "ledger")


class Stopwatch:
    """Seconds by stage."""

    def __init__(self) -> None:
        self.taken_s = dict.fromkeys((ENGINE, *OUTSIDE), 0.0)

    @contextmanager
    def on(self, stage: str) -> Iterator[None]:
        """Time what happens inside."""
        started = time.perf_counter()
        yield
        self.taken_s[stage] += time.perf_counter() - started


def overhead(households: int, runs: int, rounds: int) -> dict[str, Any]:
    """What a run costs outside the engine, on one worker.

    Parameters
    ----------
    households, runs, rounds : size of the town, runs in a block, turns of either way

    Returns
    -------
    dict: sizes; wall_s and engine_s per run; overhead_s and its share of the engine's time, medians over turns with the
    smallest and the largest; where_ms, per run, by stage
    """
    scenario, one = town(households), Here()
    wake(one, scenario, 1)
    turns = []
    for turn in range(rounds):
        plan, wall_s = sweep(scenario, runs, first=turn * runs), 0.0
        if turn % 2 == 0:  # a steady drift hits both alike
            wall_s = seconds_of(plan, one)
        stages = by_stage(plan)
        wall_s = wall_s or seconds_of(plan, one)
        stages |= {"wall": wall_s, "rest": wall_s - sum(stages.values())}
        turns.append({stage: s / runs for stage, s in stages.items()})
    return {
        "households": households, "runs": runs, "rounds": rounds,
        "wall_s": median(turn["wall"] for turn in turns), "engine_s": median(turn[ENGINE] for turn in turns),
        "overhead_s": spread([turn["wall"] - turn[ENGINE] for turn in turns]),
        "share": spread([turn["wall"] / turn[ENGINE] - 1.0 for turn in turns]),
        "where_ms": {stage: 1e3 * median(turn[stage] for turn in turns) for stage in (*OUTSIDE, "rest")},
    }  # fmt: skip


def by_stage(plan: Plan) -> dict[str, float]:
    """Seconds of all rows of a plan of one scenario, by stage, done here one after the other."""
    watch = Stopwatch()
    (scenario,) = plan.scenarios.values()
    with ledger_of("stages") as ledger:
        gc.collect()  # as before the whole
        with watch.on("prepare"):
            prepare(plan, ledger)
        finished = [_run(scenario, row, plan.by, watch) for row in plan.rows]
        _write(finished, ledger, watch)
    return watch.taken_s


def _run(scenario: Scenario, row: Row, by: tuple[str, ...], watch: Stopwatch) -> Finished:
    started = time.perf_counter()
    with watch.on("but"):
        patched = scenario.but(patch_of(row))
    with watch.on("world"):
        world, damage = WORLDS.built(scenario, patched, row)
    with watch.on(ENGINE):
        state = advance_to(begin(patched, world, damage, row.seeds, POOL), patched["run.horizon_h"])
    with watch.on("measures"):
        found = measures(Outcomes(patched, row.seeds, world, damage, state, None, {}), by)
    POOL.take_back(state)
    return Finished(key(row, by), row, found, None, time.perf_counter() - started)


def _write(finished: list[Finished], ledger: Ledger, watch: Stopwatch) -> None:
    mean_s = sum(run.seconds for run in finished) / len(finished)
    batch = max(1, math.ceil(BATCH_S / mean_s))
    for start in range(0, len(finished), batch):
        with watch.on("ledger"):
            ledger.add(*finished[start : start + batch])
