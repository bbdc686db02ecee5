"""The runner goes on whatever fails, dies or is interrupted, and ends with the same table."""

import itertools
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest

from app.process.exits import INTERRUPTED, TERMINATED
from experiments.runs.carry_out import CutShort, RunOptions, carry_out
from experiments.runs.evaluate import measure_run
from experiments.runs.ledger import Ledger
from experiments.runs.runner import DIED, Tally, run_tasks
from experiments.runs.work import prepare
from tests.studies import small
from tests.studies.hands import expected, exports
from tests.studies.small import ARMS, ROOT, environment, study


def test_ctrl_c_keeps_what_has_finished(tmp_path, monkeypatch):
    with pytest.raises(CutShort, match=r"6 of 12 runs are finished and kept in .*again to go on"):
        carry_out(study(4)._replace(measure=small.interrupts_at_seed_3), RunOptions(tmp_path, workers=1))
    monkeypatch.setenv(small.MENDED, "1")
    plan = study(4)._replace(measure=small.interrupts_at_seed_3)
    with carry_out(plan, RunOptions(tmp_path, workers=1)) as ledger:
        assert exports(ledger, tmp_path) == expected(study(4), tmp_path)


def test_a_worker_that_is_killed_loses_nothing(ledger, two_processes, tmp_path, monkeypatch):
    monkeypatch.setenv("COPRODUCE_TEST_MARK", str(tmp_path / "mark"))
    said, plan = [], study(8)._replace(measure=small.kills_its_worker_once)
    tally = run_tasks(prepare(plan, ledger), ledger, two_processes, say=said.append)
    assert tally == Tally(24, 0, 0)
    assert len(said) == 1
    assert said[0].startswith("A worker died and was started anew; ")
    assert exports(ledger, tmp_path) == expected(plan, tmp_path)


def test_a_row_that_kills_its_workers_fails_alone(ledger, two_processes):
    plan = study(8, arms=ARMS[:1])._replace(measure=small.kills_its_worker_at_seed_3)
    tally = run_tasks(prepare(plan, ledger), ledger, two_processes)
    assert tally == Tally(7, 0, 1)
    (run,) = ledger.failures()
    assert (run.row.seeds.world, run.error) == (3, DIED)


GROWS = """
    import sys
    from pathlib import Path
    from experiments.runs.workers import InProcess
    from experiments.runs.ledger import Ledger
    from experiments.runs.runner import execute
    from tests.studies.small import instant, study

    def resident_kb():
        pages = Path("/proc/self/statm").read_text().split()[1]
        return int(pages) * 4

    for replicates in (100, 2000):
        with Ledger.open(f"{sys.argv[1]}/{replicates}.sqlite", {}) as ledger:
            execute(study(replicates, arms=({},), identity={}), ledger, InProcess(), measure=instant)
            ledger.export(f"{sys.argv[1]}/{replicates}.csv")
            print(resident_kb())
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="no /proc to read the memory from")
def test_memory_does_not_grow_with_the_number_of_runs(tmp_path):
    command = [sys.executable, "-c", textwrap.dedent(GROWS), str(tmp_path)]
    told = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=True)
    few, many = map(int, told.stdout.split())
    assert many - few < 5_000  # kB


def start_study(folder, replicates):
    command = [sys.executable, "-m", "tests.studies.small", str(folder), str(replicates)]
    return subprocess.Popen(command, cwd=ROOT, env=environment(), stderr=subprocess.PIPE, text=True,
                            start_new_session=True)  # fmt: skip


def wait_for_lines(process, number):
    lines = list(itertools.islice(process.stderr, number))
    assert len(lines) == number, lines
    return lines


@pytest.mark.slow
def test_killed_and_resumed_the_table_is_the_same(tmp_path):
    plan = study(24)
    with start_study(tmp_path / "out", 24) as process:
        wait_for_lines(process, 2)  # the number of runs, the pilot: two workers are at it
        time.sleep(np.random.default_rng().uniform(0.05, 0.4))
        process.kill()
        process.communicate(timeout=20)  # ends when the workers, too, have let go of stderr
    with Ledger.reopen(tmp_path / "out/runs.sqlite") as ledger:
        counts = ledger.counts()
    assert counts["finished"] >= 12
    with start_study(tmp_path / "out", 24) as process:
        told = process.stderr.read()
    assert process.returncode == 0, told
    assert counts["finished"] == 72 or f"{counts['finished']} of them are there already" in told
    alone = expected(plan, tmp_path, measure_run)
    assert [(tmp_path / f"out/runs.{suffix}").read_bytes() for suffix in ("parquet", "csv")] == alone


@pytest.mark.slow
@pytest.mark.parametrize(
    ("came", "code", "word"),
    [(signal.SIGINT, INTERRUPTED, "interrupted"), (signal.SIGTERM, TERMINATED, "ended by SIGTERM")],
)
def test_a_signal_at_a_real_study_ends_it_cleanly(tmp_path, came, code, word):
    with start_study(tmp_path / "out", 400) as process:
        wait_for_lines(process, 2)
        time.sleep(0.3)
        started = time.monotonic()
        os.killpg(process.pid, came)  # as a terminal or a cluster does: to all processes of the group
        told = process.stderr.read()
        process.wait()
    assert process.returncode == code
    assert time.monotonic() - started < 10
    assert "Traceback" not in told
    assert f"coproduce: {word}: " in told.splitlines()[-1]
    with Ledger.reopen(tmp_path / "out/runs.sqlite") as ledger:
        assert f"{ledger.counts()['finished']} of 1,200 runs are finished and kept" in told
