"""Processes make the same bytes as one process, and workers of another model are refused."""

import os
import signal

import pytest

from experiments.runs import evaluate as module
from experiments.runs.evaluate import Batch, run_batch
from experiments.runs.ledger import Ledger
from experiments.runs.own_rules import OtherModel, measured_by
from experiments.runs.runner import execute
from experiments.runs.threads import THREADS
from experiments.runs.workers import ClusterError, Here, Processes, crew
from tests.studies.hands import table
from tests.studies.small import IDENTITY, instant, study


def asks_for_threads(scenario, row, by):
    return {name: float(os.environ[name]) for name in THREADS}


def fails_on_ctrl_c(scenario, row, by):
    os.kill(os.getpid(), signal.SIGINT)
    return instant(scenario, row, by)


@pytest.mark.slow
def test_two_processes_make_the_table_of_one(tmp_path, two_processes):
    plan = study(8)
    assert table(plan, tmp_path / "two", two_processes) == table(plan, tmp_path / "one", Here())


def test_workers_count_with_one_thread_and_leave_ctrl_c_to_the_parent(tmp_path, two_processes):
    plan = study(2)
    with Ledger.open(tmp_path / "runs.sqlite", IDENTITY) as ledger:
        assert execute(plan, ledger, two_processes, measure=fails_on_ctrl_c).done == 6
        ledger.export(tmp_path / "runs.csv")
    with Ledger.open(tmp_path / "threads.sqlite", IDENTITY) as ledger:
        execute(plan, ledger, two_processes, measure=asks_for_threads)
        assert (ledger.values(plan.rows, plan.by, THREADS) == 1.0).all()


def test_the_surroundings_of_the_parent_are_as_before(monkeypatch):
    monkeypatch.setenv(THREADS[0], "7")
    monkeypatch.delenv(THREADS[1], raising=False)
    Processes(2).close()
    assert os.environ[THREADS[0]] == "7"
    assert THREADS[1] not in os.environ


def test_one_worker_is_this_process():
    assert isinstance(crew(1), Here)
    assert isinstance(crew(0), Here)


def test_workers_with_another_model_are_refused(monkeypatch):
    batch = Batch({}, [], (), "of the parent", measured_by(instant), {})
    monkeypatch.setattr(module, "model_digest", lambda: "of the worker")
    with pytest.raises(OtherModel, match="another version"):
        run_batch(batch)


def test_a_study_whose_workers_have_another_model_ends_in_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "model_digest", lambda: "of the worker")
    with (
        Ledger.open(tmp_path / "runs.sqlite", IDENTITY) as ledger,
        pytest.raises(ClusterError, match="install the same one there"),
    ):
        execute(study(1), ledger, Here(), measure=instant)
