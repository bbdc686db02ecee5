"""What is promised of the program's speed, measured: this checkout, and an older one beside it.

Every measurement is a process of its own (:mod:`benchmarks.promise_rows`). The two checkouts take turns with the same
Python and the same libraries, so that a drift of the machine hits both alike, and figures are medians over turns.
Processor seconds hardly depend on what else the machine does; seconds on the clock do, and stand where somebody waits
for several processes or a disk.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from benchmarks.processes import ROOT, answered, load_average

SCRIPT = Path(__file__).with_name("promise_rows.py")
MEASURED = ("sim", "analysis", "experiments", "app", "scenarios")
SOBOL_RUNS = 26_624  # 1,024 base samples of twelve parameters, alone and in pairs: 1,024 (2 x 12 + 2)
PROCESSOR, CLOCK, NEITHER = "processor", "clock", ""
UNITS = {"ms": 1e3, "s": 1.0, "min": 1.0 / 60.0, "GB": 1e-3, "times": 1.0}  # of seconds, megabytes and ratios


class Promise(NamedTuple):
    """One row: something wanted of one figure, or of the sum of two."""

    what: str
    measurement: str  # one of SIZES
    figures: tuple[str, ...]
    wanted: float
    unit: str
    seconds: str = NEITHER
    at_least: bool = False


class Size(NamedTuple):
    """How a measurement is made: by which function of `promise_rows`, how often, and how large."""

    by: str
    turns: int
    sizes: dict[str, Any]


PROMISES = (
    Promise("10,000 households, 14 days, all rules: run", "town", ("run_s",), 10.0, "ms", PROCESSOR),
    Promise("the same, ratio to stepped Mesa", "contest", ("to_stepped",), 1_000.0, "times", at_least=True),
    Promise("the same, ratio to event-driven Mesa", "contest", ("to_events",), 140.0, "times", at_least=True),
    Promise("117,000 households: world and run", "city", ("world_s", "run_s"), 0.35, "s", PROCESSOR),
    Promise("1,000,000 households: world", "million", ("world_s",), 1.5, "s", PROCESSOR),
    Promise("1,000,000 households: run", "million", ("run_s",), 2.2, "s", PROCESSOR),
    Promise("1,000,000 households: peak memory", "million", ("run_mb",), 1.2, "GB"),
    Promise("1,000,000 households by coproduce run --out", "command", ("clock_s",), 9.0, "s", CLOCK),
    Promise("the same, peak memory", "command", ("peak_mb",), 2.0, "GB"),
    Promise("26,624 Sobol' runs of 10,000 households, two cores, projected", "study", ("clock_s",), 4.5, "min", CLOCK),
    Promise("a run of such a study outside the engine", "overhead", ("clock_s",), 1.5, "ms", CLOCK),
    Promise("first result after installation, with compilation", "first", ("processor_s",), 10.0, "s", PROCESSOR),
    Promise("live city of 117,000 homes: question to answer over HTTP", "live", ("clock_s",), 0.5, "s", CLOCK),
    Promise("the same, control to picture drawn by Chromium", "drawn", ("clock_s",), 0.5, "s", CLOCK),
)  # fmt: skip
SIZES: dict[str, Size] = {
    "town": Size("town", 3, {"households": 10_000, "repeats": 9}),
    "contest": Size("contest", 2, {"households": 10_000, "days": 14.0, "rounds": 1, "engine_repeats": 14}),
    "city": Size("town", 3, {"households": 117_000, "repeats": 5}),
    "million": Size("town", 2, {"households": 1_000_000, "repeats": 2}),
    "command": Size("command", 1, {"households": 1_000_000}),
    "study": Size("study", 2, {"households": 10_000, "runs": 200, "blocks": 3, "workers": 2, "of": SOBOL_RUNS}),
    "overhead": Size("overhead", 2, {"households": 10_000, "runs": 25, "rounds": 9}),
    "first": Size("first", 2, {"scenario": "classroom", "compiled_before": False}),
    "live": Size("live", 2, {"households": 117_000, "moves": 5}),
    "drawn": Size("drawn", 2, {"households": 117_000, "moves": 5}),
}
QUICK_SIZES: dict[str, Size] = {
    "town": Size("town", 1, {"households": 300, "repeats": 2}),
    "contest": Size("contest", 1, {"households": 300, "days": 4.0, "rounds": 1, "engine_repeats": 1}),
    "city": Size("town", 1, {"households": 300, "repeats": 1}),
    "million": Size("town", 1, {"households": 300, "repeats": 1}),
    "command": Size("command", 1, {"households": 300}),
    "study": Size("study", 1, {"households": 300, "runs": 4, "blocks": 1, "workers": 2, "of": SOBOL_RUNS}),
    "overhead": Size("overhead", 1, {"households": 300, "runs": 4, "rounds": 1}),
    "first": Size("first", 1, {"scenario": "classroom", "compiled_before": True}),
    "live": Size("live", 1, {"households": 300, "moves": 1}),
    "drawn": Size("drawn", 1, {"households": 300, "moves": 1}),
}


def why_no_checkout(folder: Path) -> str:
    """What a folder lacks to be measured; "" for a checkout of this project."""
    lacks = [name for name in ("sim/__init__.py", "benchmarks/city.py") if not (folder / name).is_file()]
    return f"{folder} is no checkout of this project: it has no {' and no '.join(lacks)}" if lacks else ""


def state_of(folder: Path) -> str:
    """The tag or commit that a checkout stands at, marked where the program itself has changed since."""
    if shutil.which("git") is None:
        return "unknown commit"
    git = ["git", "-C", str(folder)]
    found = subprocess.run([*git, "describe", "--always", "--tags"], capture_output=True, text=True)
    changed = subprocess.run([*git, "diff", "--quiet", "HEAD", "--", *MEASURED], capture_output=True)
    return found.stdout.strip() + ("-dirty" if changed.returncode == 1 else "") or "unknown commit"


def survey(sizes: dict[str, Size], older: Path | None = None) -> Iterator[dict[str, Any]]:
    """Measure in turns; a row for every promise, as soon as it is known.

    Parameters
    ----------
    sizes : of the measurements to make
    older : another checkout to measure beside this one

    Yields
    ------
    dict: what, seconds, unit, wanted, at_least; before (None without an older checkout) and now, each a number in that
    unit, or words where it could not be had; turns, what the processes answered
    """
    sides = {"now": ROOT} | ({} if older is None else {"before": older.resolve()})
    for name, size in sizes.items():
        answers = in_turns(size, sides)
        for promise in PROMISES:
            if promise.measurement == name:
                values = {"before": None, **{side: value_of(promise, answers[side]) for side in sides}}
                told = {key: getattr(promise, key) for key in ("what", "seconds", "unit", "wanted", "at_least")}
                yield {**told, **values, "turns": answers}


def in_turns(size: Size, sides: dict[str, Path]) -> dict[str, list[dict[str, Any]]]:
    """What each checkout answers, turn by turn."""
    answers: dict[str, list[dict[str, Any]]] = {side: [] for side in sides}
    words = ["-P", str(SCRIPT), size.by, json.dumps(size.sizes)]
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for turn in range(size.turns):
        for side in sides if turn % 2 == 0 else reversed(sides):
            if any("failed" in answer for answer in answers[side]):
                continue  # it would fail again
            answers[side].append(answered(words, sides[side], {**kept, "PYTHONPATH": str(sides[side])}))
    return answers


def value_of(promise: Promise, answers: list[dict[str, Any]]) -> float | str:
    """The median over turns, in the unit of the promise; or why there is none."""
    for answer in answers:
        if "failed" in answer:
            return str(answer["failed"])
    return UNITS[promise.unit] * median(sum(answer[name] for name in promise.figures) for answer in answers)


def header(older: Path | None) -> dict[str, Any]:
    """What was measured, and how busy the machine was before."""
    return {"now": state_of(ROOT), "before": state_of(older) if older else None, "load_before": load_average()}
