"""What a study of many runs costs beyond its runs, how two workers share it, and what pairing saves.

=========  =========================================================================================
speed      runs per second of a sweep on one worker and on two; parallel efficiency rate(2) / 2 rate(1)
overhead   time of a run through `execute` less that of the engine alone on the same rows, and where it goes
memory     resident memory of the leading process and of the largest worker, early and late in a study
pairing    variance ratio of pairs (`analysis.contrasts.pairs`) for arms of outreach, with its interval
=========  =========================================================================================

Times are those of the clock on the wall. The speed of a machine drifts, so what is compared takes turns in short
blocks of the same rows; only those workers live that are timed; and figures are medians of the ratios within a turn.
The time of a study of Sobol' indices is projected from the rate, not measured. Every part has a process of its own.

``python -m benchmarks.studies PART SIZES`` measures one part, its sizes as JSON, and prints it as JSON.
"""

import json
import math
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from statistics import median
from typing import Any, NamedTuple

from analysis.contrasts.pairs import change, variance_ratio
from benchmarks.processes import answer_of, load_average
from benchmarks.study_overhead import overhead
from benchmarks.study_runs import (
    RESIDENT,
    alone,
    carried_out,
    ledger_of,
    resident_mb,
    seconds_of,
    spread,
    sweep,
    town,
    wake,
    witnessed,
)
from benchmarks.study_workers import dask, here, others_s, processes, why_no_dask
from experiments.runs.evaluate import pickled
from experiments.runs.plan import plan_of
from experiments.runs.replicates import seeds_of
from experiments.runs.workers import Crew
from sim import Scenario, load_change

WORKERS = 2
OPENED: dict[str, Callable[[int], AbstractContextManager[Crew]]] = {"one": here, "processes": processes, "dask": dask}
SOBOL_RUNS = 26_624  # 1,024 base samples of twelve parameters, alone and in pairs: 1,024 (2 x 12 + 2)
ARMS = ("outreach/app-launch", "outreach/no-311", "outreach/sms-opt-in-default", "outreach/knowledge-and-materials")
PAIRED = {"gap": "minority:minority:gap_h", "mean": "all:all:mean_h"}

SIZES: dict[str, dict[str, Any]] = {
    "speed": {"households": 10_000, "runs": 200, "rounds": 5},
    "overhead": {"households": 10_000, "runs": 25, "rounds": 17},
    "memory": {"studies": [[60, 100, 10_000, 100], [10_000, 20, 400, 4]]},
    "pairing": {"households": 117_000, "pairs": 20},
}
QUICK_SIZES: dict[str, dict[str, Any]] = {
    "speed": {"households": 1_000, "runs": 4, "rounds": 1},
    "overhead": {"households": 1_000, "runs": 4, "rounds": 3},
    "memory": {"studies": [[60, 4, 12, 2]]},
    "pairing": {"households": 1_000, "pairs": 4},
}


class Turn(NamedTuple):
    """What one contestant took in one turn."""

    start_s: float  # until every worker has loaded rules and city
    seconds: float  # for the block, on the clock
    beside: float | None  # share of a core that other threads and processes of this benchmark took meanwhile


def speed(households: int, runs: int, rounds: int) -> dict[str, Any]:
    """Rates on one worker, on two processes and on a Dask cluster of two.

    Each is started for its turn and ended after it, so that none takes time from another.

    Parameters
    ----------
    households, runs, rounds : size of the town, runs in a block, turns of each contestant

    Returns
    -------
    dict: sizes; one, processes and dask with start_s, rate in runs per second, and beside, the share of a core that
    everything else here took meanwhile where this process is the worker; the two also with efficiency (for dask perhaps
    only skipped, the reason); engines_at_once (two engines without a study, each against one alone: what the machine
    itself allows), sobol_runs, projected_h
    """
    scenario, lost = town(households), why_no_dask()
    names = [name for name in OPENED if name != "dask" or not lost]
    turns: dict[str, list[Turn]] = {name: [] for name in names}
    bare: list[float] = []
    for number in range(rounds):
        for name in names if number % 2 == 0 else reversed(names):  # a steady drift hits all alike
            with OPENED[name](WORKERS) as hands:
                turns[name].append(turn(hands, scenario, number * runs, runs))
                if name == "processes":
                    bare.append(engines_at_once(hands, scenario, number * runs, runs))
    found = {name: summed_up(taken, turns["one"], runs) for name, taken in turns.items()}
    return {
        "households": households, "runs": runs, "rounds": rounds, "workers": WORKERS,
        **found, **({"dask": {"skipped": lost}} if lost else {}), "engines_at_once": spread(bare),
        "sobol_runs": SOBOL_RUNS, "projected_h": SOBOL_RUNS / found["processes"]["rate"] / 3600.0,
    }  # fmt: skip


def turn(hands: Crew, scenario: Scenario, first: int, runs: int) -> Turn:
    """One block of rows by workers that have just been started; they are woken before."""
    start_s, before_s = wake(hands, scenario, hands.workers), others_s()
    seconds = seconds_of(sweep(scenario, runs, first=first), hands)
    after_s = others_s()
    return Turn(start_s, seconds, None if before_s is None or after_s is None else (after_s - before_s) / seconds)


def summed_up(turns: list[Turn], one: list[Turn], runs: int) -> dict[str, Any]:
    """Medians of turns, and efficiency against one worker in the same turns."""
    ratios = [alone.seconds / each.seconds / WORKERS for alone, each in zip(one, turns, strict=True)]
    found = {"start_s": median(each.start_s for each in turns), "rate": runs / median(each.seconds for each in turns)}
    if turns is one:
        shares = [each.beside for each in turns if each.beside is not None]
        return {**found, "beside": median(shares) if shares else None}
    return {**found, "efficiency": spread(ratios)}


def engines_at_once(hands: Crew, scenario: Scenario, first: int, runs: int) -> float:
    """Speed of an engine beside another, as a share of its speed alone."""
    job = (alone, pickled(scenario), first, runs)
    lonely_s = hands.executor.submit(*job).result()
    together = [hands.executor.submit(*job) for _ in range(WORKERS)]
    return lonely_s / (sum(f.result() for f in together) / WORKERS)


def memory(studies: list[list[int]]) -> dict[str, Any]:
    """Resident memory in studies on two processes.

    Parameters
    ----------
    studies : of households, runs before the first look, runs in all, cities

    Returns
    -------
    dict: rows of households, runs, parent_mb, worker_mb (the largest)
    """
    return {"workers": WORKERS, "rows": [look for study in studies for look in growth_of(*study)]}


def growth_of(households: int, early: int, late: int, cities: int) -> list[dict[str, float]]:
    """Memory early and late in one study, as rows of a table."""
    plan, looks = sweep(town(households), late, cities=cities), []
    with processes(WORKERS) as hands, ledger_of("memory") as ledger:
        for number in (early, late):
            part = plan._replace(rows=plan.rows[:number]) if number < late else plan
            carried_out(part, hands, ledger, witnessed)
            parent_mb = resident_mb()
            held = ledger.values(plan.rows[max(0, number - early) : number], plan.by, [RESIDENT])
            looks.append({"households": households, "runs": number, "parent_mb": parent_mb,
                          "worker_mb": float(held.max())})  # fmt: skip
    return looks


def pairing(households: int, pairs: int) -> dict[str, Any]:
    """What equal seeds in both arms save.

    Returns
    -------
    dict: sizes; rows of arm, outcome, change with its interval, variance ratio with its interval, note
    """
    scenario, seeds = town(households), seeds_of(1, pairs)
    patches = {"": {}, **{arm: dict(load_change(arm).patch) for arm in ARMS}}
    plan = plan_of([(scenario, patch, seed) for patch in patches.values() for seed in seeds], ("minority",))
    with processes(WORKERS) as hands, ledger_of("pairing") as ledger:
        carried_out(plan, hands, ledger)
        values = ledger.values(plan.rows, plan.by, list(PAIRED.values())).reshape(len(patches), pairs, -1)
    rows = []
    for number, arm in enumerate(patches):
        for place, outcome in enumerate(PAIRED):
            if number:
                rows.append({"arm": arm, "outcome": outcome, **compared(values[number, :, place], values[0, :, place])})
    return {"households": households, "pairs": pairs, "rows": rows}


def compared(arm: Any, baseline: Any) -> dict[str, Any]:
    """Change and variance ratio of one outcome, as plain numbers."""
    moved, found = change(arm, baseline), variance_ratio(arm, baseline)
    return {"change": plain(moved.mean), "change_low": plain(moved.low), "change_high": plain(moved.high),
            "ratio": plain(found.value), "ratio_low": plain(found.low), "ratio_high": plain(found.high),
            "note": found.note}  # fmt: skip


def plain(value: float) -> float | None:
    """A number that JSON has; None for endless and missing ones."""
    return float(value) if math.isfinite(value) else None


PARTS: dict[str, Callable[..., dict[str, Any]]] = {
    "speed": speed, "overhead": overhead, "memory": memory, "pairing": pairing,
}  # fmt: skip


def survey(sizes: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """All parts, each in a process of its own; and how busy the machine was before."""
    busy = load_average()
    measured = {part: answer_of("benchmarks.studies", part, json.dumps(kept)) for part, kept in sizes.items()}
    return {"load_before": busy, **measured}


if __name__ == "__main__":
    print(json.dumps(PARTS[sys.argv[1]](**json.loads(sys.argv[2]))))
