"""Studies made by some workers, as bytes."""

from experiments.runs.evaluate import measure_run
from experiments.runs.ledger import Ledger
from experiments.runs.runner import execute
from experiments.runs.workers import InProcess
from tests.studies.small import IDENTITY, instant

QUICK_S = 30.0  # for other processes to be there


def table(plan, folder, hands, measure=measure_run):
    """Exports of a plan, made by some workers."""
    folder.mkdir()
    with Ledger.open(folder / "runs.sqlite", IDENTITY) as ledger:
        execute(plan, ledger, hands, measure=measure)
        return exports(ledger, folder)


def exports(ledger, folder):
    for suffix in ("parquet", "csv"):
        ledger.export(folder / f"runs.{suffix}")
    return [(folder / f"runs.{suffix}").read_bytes() for suffix in ("parquet", "csv")]


def expected(plan, folder, measure=instant):
    """What one process makes of a plan."""
    with Ledger.open(folder / "expected.sqlite", plan.identity) as ledger:
        execute(plan, ledger, InProcess(), measure=measure)
        return exports(ledger, folder)
