"""A Dask cluster over TCP and the ranks of MPI: the same bytes as one process, also when workers are killed."""

import json
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from experiments.runs.ledger import Ledger
from experiments.runs.runner import Tally, execute
from experiments.runs.workers import ClusterError, DaskCluster, Here, Ranks, crew
from tests.studies.hands import QUICK_S, exports, table
from tests.studies.small import IDENTITY, environment, slow, study


def test_a_scheduler_that_is_not_there_is_reported_within_ten_seconds():
    pytest.importorskip("distributed")
    with socket.socket() as taken:  # bound and not listening: nobody answers
        taken.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        started = time.monotonic()
        with pytest.raises(ClusterError, match="no Dask scheduler answers there") as error:
            crew(2, address)
    assert time.monotonic() - started < 10
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("address", ["nonsense://x:1", "tcp://no port"])
def test_an_address_that_is_none_is_reported(address):
    pytest.importorskip("distributed")
    with pytest.raises(ClusterError, match="no Dask scheduler answers there"):
        crew(2, address)


class Cluster:
    """A scheduler and workers as processes of their own, on loopback."""

    def __init__(self, folder):
        self.folder, self.file, self.processes = folder, folder / "scheduler.json", []
        self.start("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(self.file))
        until(self.file.exists)
        self.address = json.loads(self.file.read_text())["address"]

    def start(self, kind, *words):
        command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", "--no-dashboard", *words]
        with open(self.folder / f"{kind}-{len(self.processes)}.log", "w") as log:
            process = subprocess.Popen(command, cwd=self.folder, env=environment(), stdout=log, stderr=log)
        self.processes.append(process)
        return process

    def start_worker(self):
        return self.start(
            "worker", self.address, "--nthreads", "1", "--no-nanny", "--local-directory", str(self.folder)
        )

    def stop(self):
        for process in self.processes:
            process.kill()
            process.wait()


def until(ready):
    deadline = time.monotonic() + QUICK_S
    while not ready():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def cluster(tmp_path):
    pytest.importorskip("distributed")
    folder = tmp_path / "cluster"
    folder.mkdir()
    running = Cluster(folder)
    yield running
    running.stop()


@pytest.fixture
def dask_hands(cluster):
    hands = DaskCluster(cluster.address)
    yield hands
    hands.close()


@pytest.mark.slow
def test_a_dask_cluster_makes_the_table_of_one_process_though_a_worker_is_killed(tmp_path, cluster, dask_hands):
    assert dask_hands.present() == 0
    assert dask_hands.workers == 1
    victim = cluster.start_worker()
    cluster.start_worker()
    until(lambda: dask_hands.present() == 2)
    plan, states = study(12), []

    def progress(state):
        states.append(state.tally.done)
        if state.tally.done >= 9 and victim.poll() is None:
            victim.send_signal(signal.SIGKILL)
            victim.wait()

    (tmp_path / "dask").mkdir()
    with Ledger.open(tmp_path / "dask/runs.sqlite", IDENTITY) as ledger:
        assert execute(plan, ledger, dask_hands, progress) == Tally(36, 0, 0)
        made = exports(ledger, tmp_path / "dask")
    assert victim.poll() is not None
    assert any(done < 36 for done in states if done >= 9)
    assert dask_hands.present() == 1
    assert made == table(plan, tmp_path / "one", Here())


@pytest.mark.slow
def test_a_scheduler_that_goes_away_ends_the_study_in_one_line(tmp_path, cluster, dask_hands):
    cluster.start_worker()
    plan = study(40)

    def progress(state):
        if state.tally.done >= 3:
            cluster.stop()

    with Ledger.open(tmp_path / "runs.sqlite", IDENTITY) as ledger:
        with pytest.raises(ClusterError, match="gone"):
            execute(plan, ledger, dask_hands, progress, measure=slow)
        kept = ledger.counts()["finished"]
        assert 3 <= kept < 120
        assert execute(plan, ledger, Here(), measure=slow) == Tally(120 - kept, kept, 0)


MPI_STUDY = """
    import sys
    from pathlib import Path
    from experiments.runs.carry_out import RunOptions, carry_out
    from tests.studies.small import study
    if __name__ == "__main__":
        carry_out(study(6), RunOptions(Path(sys.argv[1]), scheduler="mpi")).close()
"""


@pytest.mark.slow
def test_the_ranks_of_mpi_make_the_table_of_one_process(tmp_path):
    pytest.importorskip("mpi4py")
    beside = Path(sys.executable).with_name("mpiexec")
    mpiexec = str(beside) if beside.exists() else shutil.which("mpiexec")
    if mpiexec is None:
        pytest.skip("no mpiexec")
    allowed = {
        "OMPI_ALLOW_RUN_AS_ROOT": "1",
        "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
        "PRTE_MCA_rmaps_default_mapping_policy": ":oversubscribe",
        "OMPI_MCA_mpi_yield_when_idle": "1",
    }
    script = tmp_path / "study.py"
    script.write_text(textwrap.dedent(MPI_STUDY))
    command = [mpiexec, "-n", "2", sys.executable, "-m", "mpi4py.futures", str(script), str(tmp_path / "mpi")]
    ended = subprocess.run(command, env={**environment(), **allowed}, capture_output=True, text=True, timeout=180)
    assert ended.returncode == 0, ended.stderr
    made = [(tmp_path / f"mpi/runs.{suffix}").read_bytes() for suffix in ("parquet", "csv")]
    assert made == table(study(6), tmp_path / "one", Here())


def test_mpi_without_ranks_is_reported():
    pytest.importorskip("mpi4py")
    with pytest.raises(ClusterError, match="there are no ranks; start it as mpiexec"):
        Ranks()


def test_mpi_without_mpi_is_reported(monkeypatch):
    monkeypatch.setitem(sys.modules, "mpi4py.futures", None)
    with pytest.raises(ClusterError, match=r"--scheduler mpi needs mpi4py: pip install 'coproduce\[mpi\]'"):
        Ranks()
