"""Seconds and peak memory of the engine by size of the city; every size in a process of its own.

``python -m benchmarks.growth HOUSEHOLDS REPEATS`` measures one size and prints it as JSON.
"""

import json
import math
import resource
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
WARM_UP = 300  # households of the first run, which loads or compiles the rules


def measure(households: int, repeats: int) -> dict[str, float]:
    """Build and run a city in this process.

    Returns
    -------
    dict: households, world_s, run_s (median over repeats), processor seconds; world_mb, run_mb, peak resident memory
    of the process up to there; base_mb, before the city, with the libraries and the rules loaded
    """
    from benchmarks import city
    from sim.engine.simulate import run

    small = city.build(WARM_UP)
    run(small.everything, 1, place=small.place, damage=small.damage)
    base_mb = peak_mb()
    started = time.process_time()
    town = city.build(households)
    world_s, world_mb = time.process_time() - started, peak_mb()
    seconds, run_mb = [], 0.0
    for _ in range(repeats):
        started = time.process_time()
        run(town.everything, 1, place=town.place, damage=town.damage)
        seconds.append(time.process_time() - started)
        run_mb = run_mb or peak_mb()
    return {"households": households, "world_s": world_s, "run_s": median(seconds), "base_mb": base_mb,
            "world_mb": world_mb, "run_mb": run_mb}  # fmt: skip


def peak_mb() -> float:
    """Peak resident memory of this process so far, MB."""
    unit = 1.0 if sys.platform == "darwin" else 1024.0  # Linux counts kilobytes, macOS bytes
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def in_own_process(households: int, repeats: int) -> dict[str, float]:
    """As :func:`measure`, in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.growth", str(households), str(repeats)]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if answer.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} failed:\n{answer.stderr}")
    return json.loads(answer.stdout)


def exponent(small: dict[str, float], large: dict[str, float], what: str) -> float:
    """The power of the number of households with which a quantity grows between two sizes."""
    return math.log(large[what] / small[what]) / math.log(large["households"] / small["households"])


def survey(sizes: dict[int, int]) -> dict[str, Any]:
    """Measure all sizes (households to repeats), and the exponents from the second smallest to the largest."""
    rows = [in_own_process(households, repeats) for households, repeats in sizes.items()]
    small, large = rows[min(1, len(rows) - 2)], rows[-1]
    span = {"from": small["households"], "to": large["households"]}
    return {
        "rows": rows,
        "exponents": {**span, **{what: exponent(small, large, what) for what in ("world_s", "run_s")}},
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]))))
