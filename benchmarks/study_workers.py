"""The workers that run the benchmark of studies, and what they take while they are not meant to work.

Workers that wait are not idle: those of a Dask cluster and its scheduler look round many times a second, and the client
in this process does too. So workers live only while they are the ones that are timed, and :func:`others_s` shows it.
"""

import importlib.util
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.processes import ROOT
from experiments.runs.threads import THREADS
from experiments.runs.workers import Crew, DaskCluster, Here, Processes

PATIENCE_S = 60.0  # for a cluster to stand
IDLE_S = 600  # after which a scheduler that was left behind ends


@contextmanager
def here(_: int = 1) -> Iterator[Crew]:
    """One worker, this process, however many are asked for."""
    yield Here()


@contextmanager
def processes(number: int) -> Iterator[Crew]:
    """Worker processes on this machine."""
    hands = Processes(number)
    try:
        yield hands
    finally:
        hands.executor.shutdown(cancel_futures=True)  # which waits until they have ended; closing alone does not
        hands.close()


def others_s() -> float | None:
    """Processor seconds that everything else here has taken so far: other threads, and living processes below this one.

    None where psutil, which comes with Dask, is not installed.
    """
    if importlib.util.find_spec("psutil") is None:
        return None
    import psutil

    below = [process.cpu_times() for process in psutil.Process().children(recursive=True)]
    return time.process_time() - time.thread_time() + sum(taken.user + taken.system for taken in below)


def why_no_dask() -> str:
    """The reason why a Dask cluster cannot be had; "" where it can."""
    return "" if importlib.util.find_spec("distributed") else "distributed is not installed"


@contextmanager
def dask(number: int) -> Iterator[Crew]:
    """Workers of a Dask scheduler over TCP, all of them processes of their own on loopback."""
    with TemporaryDirectory(prefix="coproduce-") as folder:
        told, started = Path(folder) / "scheduler.json", []
        place = ("--host", "127.0.0.1", "--port", "0", "--idle-timeout", f"{IDLE_S} s")
        try:
            started.append(_started(folder, "scheduler", *place, "--scheduler-file", str(told)))
            _until(told.is_file)
            address = json.loads(told.read_text(encoding="utf-8"))["address"]
            own = ("--nthreads", "1", "--no-nanny", "--death-timeout", "10", "--local-directory", folder)
            started += [_started(folder, "worker", address, *own) for _ in range(number)]
            hands = DaskCluster(address)
            try:
                _until(lambda: hands.present() == number)
                yield hands
            finally:
                hands.close()
        finally:
            for process in reversed(started):
                process.kill()
                process.wait()


def _started(folder: str, kind: str, *words: str) -> subprocess.Popen:
    command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", "--no-dashboard", *words]
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), **dict.fromkeys(THREADS, "1")}
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, cwd=folder, env=surroundings, stdout=quiet, stderr=quiet)


def _until(ready: Any) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not ready():
        if time.monotonic() > deadline:
            raise RuntimeError(f"no Dask cluster within {PATIENCE_S:g} s")
        time.sleep(0.05)
