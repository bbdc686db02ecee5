"""Resident memory of one process over thousands of runs: whether anything of a run stays behind.

Every run has a seed, and so a city and a storm, of its own, and its table of households is read, as a loop in
somebody's notebook would do. Memory grows in the first hundreds of runs, while libraries load and the allocator
settles; so growth is told from the last look but one to the last.

``python -m benchmarks.memory SIZES`` measures and prints JSON.
"""

import json
import sys
import time
from typing import Any

from benchmarks import city
from benchmarks.processes import resident_mb
from sim import run

STEADY = 0.02  # of the memory at the last look but one, by which it may wander without being said to grow


def measure(households: int, looks: list[int]) -> dict[str, Any]:
    """Make runs in this process, and look at its memory after so many.

    Returns
    -------
    dict: households; rows of runs, resident_mb and seconds (processor, since the look before); more_mb and
    kb_per_thousand from the last look but one to the last; grows
    """
    scenario, rows, seed = city.everything(households), [], 0
    for look in looks:
        started = time.process_time()
        while seed < look:
            seed += 1
            run(scenario, seed).households.hours_out.mean()
        rows.append({"runs": look, "resident_mb": resident_mb(), "seconds": time.process_time() - started})
    return {"households": households, "rows": rows, **change(rows)}


def change(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """How memory changed from the last look but one to the last."""
    before, after = rows[-2], rows[-1]
    more_mb = after["resident_mb"] - before["resident_mb"]
    return {"more_mb": more_mb, "kb_per_thousand": 1e6 * more_mb / (after["runs"] - before["runs"]),
            "grows": more_mb > STEADY * before["resident_mb"]}  # fmt: skip


def print_memory(memory: dict[str, Any]) -> None:
    """Memory by runs, and whether it grows."""
    rows = memory["rows"]
    print(f"Resident memory of one process, runs of {memory['households']:,} households, each with a city of its own")
    print(f"{'runs':>10}{'resident MB':>14}{'seconds since':>16}")
    for row in rows:
        print(f"{row['runs']:>10,}{row['resident_mb']:>14.1f}{row['seconds']:>16.1f}")
    verdict = "it grows" if memory["grows"] else f"it does not grow (less than {STEADY:.0%})"
    print(f"from {rows[-2]['runs']:,} to {rows[-1]['runs']:,} runs {memory['more_mb']:+.1f} MB, "
          f"{memory['kb_per_thousand']:+.0f} KB per thousand runs: {verdict}\n", flush=True)  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(measure(**json.loads(sys.argv[1]))))
