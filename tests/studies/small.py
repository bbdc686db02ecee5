"""Small studies for the tests of the runner, and things that a worker may be told to do instead of a run.

``python -m tests.studies.small OUT RUNS`` carries one out with two processes: the tests kill it.
"""

import os
import signal
import sys
import time
from pathlib import Path

from app.faces.terminal import console
from app.process.exits import plain_exits
from app.process.progress import Progressing
from experiments.runs import carry_out as running
from experiments.runs.plan import Plan, plan_of
from sim import Scenario, Seeds
from sim.inputs.parameters.root import Parameters

ROOT = Path(__file__).resolve().parents[2]
TOWN = Scenario("a small town", Parameters()).but(
    {
        "place.customers": 60,
        "place.neighbourhoods": 3,
        "place.area_km2": 10.0,
        "grid.customers_per_substation": 60,
        "grid.customers_per_feeder": 30,
        "grid.customers_per_lateral": 10,
        "grid.customers_per_transformer": 4,
        "crews.line.own": 2,
        "crews.trouble.own": 1,
        "storm.failures.transformer": 0.3,
        "storm.failures.drop": 0.1,
    }
)
ARMS = ({}, {"channels.app.availability": 0.0}, {"crews.line.own": 4, "dispatch.policy": "most-reports"})
IDENTITY = {"kind": "a test"}
MENDED = "COPRODUCE_TEST_MENDED"  # set once what made runs fail is gone; their measure is the same


def study(replicates: int = 4, arms=ARMS, scenario: Scenario = TOWN, identity=IDENTITY, first: int = 1) -> Plan:
    """Every arm under every seed, arm by arm."""
    seeds = range(first, first + replicates)
    return plan_of(((scenario, arm, Seeds.all(n)) for arm in arms for n in seeds), ("minority",), identity)


def instant(scenario, row, by):
    """No run at all, but measures that depend on the row."""
    return {"all:all:mean_h": row.seeds.world + len(row.patch) / 3, "all:all:p90_h": 1.0 / (1 + row.seeds.storm)}


def slow(scenario, row, by):
    """An instant answer that takes a while."""
    time.sleep(0.05)
    return instant(scenario, row, by)


def fails_for_seed_2(scenario, row, by):
    """Half the runs of a study of seeds 1 to 4 may fail for all we care."""
    if row.seeds.world == 2 and MENDED not in os.environ:
        raise ZeroDivisionError("nobody\nis out")
    return instant(scenario, row, by)


def interrupts_at_seed_3(scenario, row, by):
    """Ctrl-C, in the third replicate."""
    if row.seeds.world == 3 and MENDED not in os.environ:
        raise KeyboardInterrupt
    return instant(scenario, row, by)


def kills_its_worker_at_seed_3(scenario, row, by):
    """As a run that needs more memory than there is."""
    if row.seeds.world == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return slow(scenario, row, by)


def kills_its_worker_once(scenario, row, by):
    """Somebody killed one worker: the mark that a study left says whether it has happened."""
    mark = Path(os.environ["COPRODUCE_TEST_MARK"])
    if row.seeds.world == 3 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return slow(scenario, row, by)


def environment() -> dict[str, str]:
    """For processes that the tests start."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def main(out: str, replicates: str) -> None:
    """Carry out a study in a folder with two processes, however small it is."""
    running.WORTH_WORKERS_S = 0.0
    with plain_exits():
        watch = Progressing(console(to_stderr=True))
        ledger = running.carry_out(study(int(replicates)), running.RunOptions(out=Path(out), workers=2, watch=watch))
        ledger.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
