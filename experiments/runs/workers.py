"""Where batches run: in this process, in processes beside it, on a Dask cluster, or on the ranks of MPI.

All four are `concurrent.futures.Executor`; a `Crew` wraps one of them with what the runner must know besides: how many
batches run at once, how to start anew after a death, and how to leave in a hurry. This module imports the standard
library only, so that a worker sets its number of threads before NumPy is loaded.
"""

import gc
import logging
import os
import signal
import threading
import time
import warnings
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context, parent_process
from typing import Any

from experiments.runs.threads import THREADS, one_thread

REACH_S = 6.0  # to reach a scheduler
NO_DASK = "needs Dask: pip install 'coproduce[cluster]'"
HOW_MPI = "mpiexec -n N python -m mpi4py.futures -m app.cli ..."
NO_MPI = "needs mpi4py: pip install 'coproduce[mpi]'"


class ClusterError(RuntimeError):
    """Workers that cannot be had or are lost. The message is one line for the reader."""


def begin_worker() -> None:
    """First words of a worker: one thread, signals are the business of the process that leads, no life after it."""
    one_thread()
    warnings.filterwarnings("ignore", category=UserWarning, module=r"sim\.")  # the leader has made a run and said them
    for number in (signal.SIGINT, signal.SIGTERM):  # which may reach all processes of a group
        signal.signal(number, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: Any) -> None:
    """Leave when the parent is gone: a pool whose parent was killed would wait for work for ever."""
    parent.join()
    os._exit(1)


class InProcess(Executor):
    """An executor that runs what it is given at once, here. Ctrl-C comes through."""

    def submit(self, fn: Callable, /, *args: Any, **kwargs: Any) -> Future:
        """Run and return the finished future."""
        future: Future = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as bad:
            future.set_exception(bad)
        return future


class Crew:
    """Workers in this process: one, and the pattern for the others."""

    sends = False  # whether work goes to other processes, which must find its functions by name

    def __init__(self) -> None:
        self.executor: Executor = self.started()

    def started(self) -> Executor:
        """A new executor."""
        return InProcess()

    @property
    def workers(self) -> int:
        """How many batches run at once."""
        return 1

    @property
    def in_flight(self) -> int:
        """How many batches may be handed out at once: enough that none waits, few enough that memory stays flat."""
        return 3 * self.workers

    def restart(self) -> None:
        """Start anew after a worker has died."""
        self.executor = self.started()

    def close(self, hurry: bool = False) -> None:
        """Let go of the workers; in a hurry, without waiting for what they are doing."""
        self.executor.shutdown(wait=not hurry, cancel_futures=True)


class Here(Crew):
    """This process. A batch is finished when it has been handed out, so one at a time."""

    in_flight = 1


class Given(Crew):
    """An executor made by someone else: it cannot be started anew."""

    def __init__(self, executor: Executor) -> None:
        self.executor = executor
        self.sends = not isinstance(executor, InProcess | ThreadPoolExecutor)

    @property
    def workers(self) -> int:
        return int(getattr(self.executor, "_max_workers", 1))

    def restart(self) -> None:
        raise ClusterError("a worker died, and the executor cannot be started anew")


class Processes(Crew):
    """Processes on this machine, spawned afresh: none inherits half of a library's state."""

    sends = True

    def __init__(self, number: int) -> None:
        self.number = number
        self.before = {name: os.environ.get(name) for name in THREADS}
        one_thread()  # inherited by processes, which the pool starts one by one as work comes in
        super().__init__()

    def started(self) -> Executor:
        return ProcessPoolExecutor(self.number, mp_context=get_context("spawn"), initializer=begin_worker)

    @property
    def workers(self) -> int:
        return self.number

    def restart(self) -> None:
        self.executor.shutdown(wait=True, cancel_futures=True)
        super().restart()
        try:
            self.executor.submit(os.getpid).result()
        except BrokenExecutor:
            raise ClusterError("worker processes cannot be started: they end at once") from None

    def close(self, hurry: bool = False) -> None:
        processes = list((getattr(self.executor, "_processes", None) or {}).values())
        self.executor.shutdown(wait=False, cancel_futures=True)
        for process in processes if hurry else []:
            process.kill()
        self.executor.shutdown(wait=True)
        for name, value in self.before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


class DaskCluster(Crew):
    """Workers of a Dask scheduler, which may come and go."""

    sends = True

    def __init__(self, address: str) -> None:
        self.address = address
        self.client = _client(address)
        self._counted, self._workers = 0.0, 1
        super().__init__()

    def started(self) -> Executor:
        return self.client.get_executor(pure=False)

    @property
    def workers(self) -> int:
        """Threads of all workers that are there now, asked for every few seconds; 1 while there are none."""
        if time.monotonic() > self._counted + 5.0:
            self._workers = max(1, self.present())
            self._counted = time.monotonic()
        return self._workers

    def present(self) -> int:
        """Threads of all workers that are there now; 0 while the cluster is still empty."""
        if self.client.status != "running":
            raise ClusterError(f"the scheduler {self.address} is gone")
        return sum(self.client.nthreads().values())

    def close(self, hurry: bool = False) -> None:
        self.executor.shutdown(wait=False)  # which cancels what waits
        self.client.close(timeout=2)


class Ranks(Crew):
    """The ranks of an MPI job other than this one: started as ``HOW_MPI`` says."""

    sends = True

    def started(self) -> Executor:
        try:
            from mpi4py.futures import MPIPoolExecutor, _core
        except ImportError:
            raise ClusterError(f"--scheduler mpi {NO_MPI}") from None
        if getattr(_core, "SharedPool", True) is None:  # it would spawn ranks of its own, which few sites allow
            raise ClusterError(f"--scheduler mpi: there are no ranks; start it as {HOW_MPI}")
        return MPIPoolExecutor(initializer=begin_worker)

    @property
    def workers(self) -> int:
        return max(1, int(getattr(self.executor, "num_workers", 1)))


def crew(workers: int, scheduler: str | None = None) -> Crew:
    """The workers asked for.

    Parameters
    ----------
    workers : int            processes; 1: this process alone
    scheduler : str | None   address of a Dask scheduler such as ``tcp://host:8786``, or ``mpi``

    Raises
    ------
    ClusterError    no such scheduler within ten seconds, or a library that is not installed
    """
    if scheduler == "mpi":
        return Ranks()
    if scheduler is not None:
        return DaskCluster(scheduler)
    return Here() if workers <= 1 else Processes(workers)


def _client(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise ClusterError(f"--scheduler {address} {NO_DASK}") from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # it narrates every closed connection
    try:
        return Client(address, timeout=REACH_S, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as bad:
        reason = _reason(bad)
    gc.collect()  # the failed client; collected later, in the thread of the next one, the two would wait for each other
    raise ClusterError(
        f"--scheduler {address}: no Dask scheduler answers there ({reason}); "
        "start one with `dask scheduler`, and check address and port"
    )


def _reason(bad: Exception) -> str:
    return (str(bad).split("\n")[0] or type(bad).__name__)[:80]
