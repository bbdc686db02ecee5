"""Seconds and peak memory of the engine by size of the city; every size in a process of its own.

``python -m benchmarks.growth HOUSEHOLDS REPEATS`` measures one size and prints it as JSON.
"""

import json
import math
import sys
import time
from statistics import median
from typing import Any

from benchmarks.processes import answer_of, peak_mb

WARM_UP = 300  # households of the first run, which loads or compiles the rules


def measure(households: int, repeats: int) -> dict[str, float]:
    """Build and run a city in this process.

    Returns
    -------
    dict: households, world_s, run_s, processor seconds, the median of repeats, each but the first in memory of
    the one before; world_mb, run_mb, peak resident memory of the process up to there, in the first run; base_mb, before
    the city, with the libraries and the rules loaded
    """
    from benchmarks import city
    from sim import run
    from sim.core.pool import Pool

    small = city.build(WARM_UP)
    run(small.everything, 1, place=small.place, damage=small.damage)
    base_mb = peak_mb()
    started = time.process_time()
    town = city.build(households)
    world_s, world_mb = time.process_time() - started, peak_mb()
    seconds, run_mb, pool = [], 0.0, Pool()
    for _ in range(repeats):
        started = time.process_time()
        pool.take_back(run(town.everything, 1, place=town.place, damage=town.damage, pool=pool).state)
        seconds.append(time.process_time() - started)
        run_mb = run_mb or peak_mb()
    return {"households": households, "world_s": world_s, "run_s": median(seconds), "base_mb": base_mb,
            "world_mb": world_mb, "run_mb": run_mb}  # fmt: skip


def exponent(small: dict[str, float], large: dict[str, float], what: str, of: str = "households") -> float:
    """The power of ``of`` with which a quantity grows between two rows."""
    return math.log(large[what] / small[what]) / math.log(large[of] / small[of])


def survey(sizes: dict[int, int]) -> dict[str, Any]:
    """Measure all sizes (households to repeats), and the exponents from the second smallest to the largest."""
    rows = [answer_of("benchmarks.growth", str(households), str(repeats)) for households, repeats in sizes.items()]
    small, large = rows[min(1, len(rows) - 2)], rows[-1]
    span = {"from": small["households"], "to": large["households"]}
    return {
        "rows": rows,
        "exponents": {**span, **{what: exponent(small, large, what) for what in ("world_s", "run_s")}},
    }


def print_growth(growth: dict[str, Any]) -> None:
    """Seconds and memory by size, and the exponents."""
    print("The engine with all rules by size, everything in proportion; each size in a process of its own")
    print(f"{'households':>12}{'world s':>10}{'run s':>10}{'peak MB: libraries':>20}{'world':>8}{'run':>8}")
    for row in growth["rows"]:
        print(f"{row['households']:>12,}{row['world_s']:>10.3f}{row['run_s']:>10.4f}"
              f"{row['base_mb']:>20.0f}{row['world_mb']:>8.0f}{row['run_mb']:>8.0f}")  # fmt: skip
    grows = growth["exponents"]
    print(f"growth exponent from {grows['from']:,} to {grows['to']:,} households: "
          f"world {grows['world_s']:.2f}, run {grows['run_s']:.2f}\n", flush=True)  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]))))
