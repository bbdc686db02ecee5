"""Many runs over any executor, into a ledger.

::

    work = prepare(plan, ledger)        what is still to run, rows of one world side by side
    run_tasks(work, ledger, crew)       batches out, results in, until nothing is left

The order in which runs are made and which of them share a batch change no result: a run is a function of its row.
A batch takes about half a second, so that handing it out costs next to nothing, and is never so large that fewer
than four batches per worker are left at the end. Few batches are handed out at a time, so memory does not grow with
the number of runs.

When a worker dies, nobody knows over which row. The rows then in flight are tried again one by one; one that is alone
when a worker dies has killed its second worker, and counts as failed.
"""

import math
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from typing import NamedTuple

from experiments.runs.evaluate import Batch, Measure, pickled, run_batch
from experiments.runs.ledger import Ledger
from experiments.runs.own_rules import OtherModel, check_can_be_sent
from experiments.runs.plan import Plan
from experiments.runs.rows import Finished, failed
from experiments.runs.work import Task, Work, prepare
from experiments.runs.workers import ClusterError, Crew, Given
from sim.core.planned import FileChanged
from sim.core.sources import model_digest

BATCH_S = 0.5  # seconds of work in a batch
BATCHES_LEFT = 4  # per worker, that a batch leaves for the others
RECENT = 200  # runs whose mean time sizes the next batch
DIED = "worker died"
PATIENCE_S = 5.0  # to wait for batches at work after Ctrl-C


class Tally(NamedTuple):
    """What has become of the rows."""

    done: int = 0  # finished now
    recalled: int = 0  # found in the ledger
    failed: int = 0


class State(NamedTuple):
    """How far a study is, for a line of progress."""

    total: int  # rows of the study, or of its shard
    tally: Tally
    seconds_left: float | None


def execute(
    plan: Plan,
    ledger: Ledger,
    executor: Executor | Crew,
    progress: Callable[[State], None] = lambda _: None,
    shard: tuple[int, int] = (1, 1),
    measure: Measure | None = None,
) -> Tally:
    """Run what a ledger lacks of a plan, and write it there.

    Parameters
    ----------
    plan : Plan
    ledger : Ledger
    executor : any `concurrent.futures.Executor`, or a `Crew`
    progress : called as runs finish
    shard : (i, n): only the i-th of n parts
    measure : what to do with a row in place of ``plan.measure``
    """
    work = prepare(plan if measure is None else plan._replace(measure=measure), ledger, shard)
    return run_tasks(work, ledger, executor, progress)


def run_tasks(
    work: Work,
    ledger: Ledger,
    executor: Executor | Crew,
    progress: Callable[[State], None] = lambda _: None,
    say: Callable[[str], None] = lambda _: None,
    seconds: float | None = None,
    tally: Tally | None = None,
) -> Tally:
    """Run tasks and write their results as they come.

    Parameters
    ----------
    seconds : a guess at the time of one run, s, for the size of the first batches; else these are single rows
    tally : to count on from

    Raises
    ------
    ScenarioError    a measure or a rule of one's own that other processes would not find
    FileChanged      a file of a scenario has changed since the study was planned; what has finished is kept
    """
    crew = executor if isinstance(executor, Crew) else Given(executor)
    if crew.sends:
        check_can_be_sent(work.measure, work.plan.rules)
    flight = _Flight(work, ledger, crew, progress, say, seconds, tally or Tally(recalled=work.recalled))
    return flight.fly()


class _Flight:
    """Batches handed out and results taken in, from the first to the last."""

    def __init__(self, work: Work, ledger: Ledger, crew: Crew, progress: Callable[[State], None],
                 say: Callable[[str], None], seconds: float | None, tally: Tally) -> None:  # fmt: skip
        self.work, self.ledger, self.crew, self.progress, self.say = work, ledger, crew, progress, say
        self.seconds, self.tally = seconds, tally
        self.next, self.left = 0, len(work.positions)
        self.flying: dict[Future, list[Task]] = {}
        self.suspects: deque[Task] = deque()
        self.recent: deque[float] = deque(maxlen=RECENT)  # seconds of the last runs
        self.died_over: set[str] = set()  # keys in flight when a worker died
        self.scenarios: dict[str, bytes] = {}

    def fly(self) -> Tally:
        try:
            self.progress(self.state())
            while self.left:
                self.hand_out()
                ended, _ = wait(self.flying, timeout=1.0, return_when=FIRST_COMPLETED)
                self.take_in(ended)
                self.progress(self.state())
        except (KeyboardInterrupt, FileChanged):
            self.land()
            raise
        return self.tally

    def hand_out(self) -> None:
        """Fill up what is in flight; a suspect flies alone."""
        try:
            if self.suspects:
                if not self.flying:
                    self.submit([self.suspects.popleft()])
                return
            while len(self.flying) < self.crew.in_flight and self.next < len(self.work.positions):
                self.submit(list(self.next_batch()))
                if self.crew.in_flight == 1:
                    return
        except BrokenExecutor:
            pass  # the batch that could not be handed out is in flight as well, and found broken there

    def submit(self, tasks: list[Task]) -> None:
        names = {task.row.scenario for task in tasks}
        for name in names - self.scenarios.keys():
            self.scenarios[name] = pickled(self.work.plan.scenarios[name])
        plan = self.work.plan
        batch = Batch({name: self.scenarios[name] for name in names}, [(t.key, t.row) for t in tasks], plan.by,
                      model_digest(), self.work.measure, plan.rules, plan.folder)  # fmt: skip
        try:
            future = self.crew.executor.submit(run_batch, batch)
        except BrokenExecutor as bad:
            future = Future()
            future.set_exception(bad)
        self.flying[future] = tasks

    def next_batch(self) -> Iterator[Task]:
        """Half a second of rows; to the end of their world, where that is near."""
        size = self.batch_size()
        worlds, start = self.work.worlds, self.next
        stop = min(start + size, len(worlds))
        furthest = min(start + size + size // 2, len(worlds))
        while stop < furthest and worlds[stop] == worlds[stop - 1]:
            stop += 1
        if stop < len(worlds) and worlds[stop] == worlds[stop - 1]:  # the world goes on: cut where it was meant
            stop = min(start + size, len(worlds))
        self.next = stop
        return map(self.work.task, range(start, stop))

    def batch_size(self) -> int:
        if not self.seconds:
            return 1
        waiting = len(self.work.positions) - self.next
        fair = waiting // (BATCHES_LEFT * self.crew.workers)
        return max(1, min(math.ceil(BATCH_S / self.seconds), fair))

    def take_in(self, ended: set[Future]) -> None:
        for future in ended:
            tasks = self.flying.pop(future)
            try:
                self.record(future.result())
            except BrokenExecutor as bad:
                self.after_a_death(tasks, bad)
                return
            except FileChanged:
                raise
            except OtherModel as bad:
                raise ClusterError(str(bad)) from None
            except ImportError as bad:
                raise ClusterError(f"the workers lack coproduce or part of it ({bad}); install it there") from None
            except CancelledError:
                raise ClusterError("the workers are gone; give the same command again to go on") from None
            except Exception as bad:
                self.again_or_never(tasks, bad)

    def record(self, finished: Sequence[Finished]) -> None:
        self.ledger.add(*finished)
        self.left -= len(finished)
        bad = sum(run.error is not None for run in finished)
        done, recalled, failed = self.tally
        self.tally = Tally(done + len(finished) - bad, recalled, failed + bad)
        if finished:
            self.recent.extend(run.seconds for run in finished)
            self.seconds = max(1e-6, sum(self.recent) / len(self.recent))

    def after_a_death(self, tasks: list[Task], bad: BrokenExecutor) -> None:
        """Start workers anew; what was in flight is tried again, one by one."""
        alone = not self.flying and len(tasks) == 1 and tasks[0].key in self.died_over
        lost = list(tasks)
        for future, others in self.flying.items():
            wait([future], timeout=PATIENCE_S)
            if future.done() and not future.cancelled() and future.exception() is None:
                self.record(future.result())
            else:
                lost += others
        self.flying.clear()
        self.crew.restart()
        if alone:
            self.record([failed(tasks[0].key, tasks[0].row, DIED)])
            return
        self.died_over.update(task.key for task in lost)
        self.suspects.extend(lost)
        again = "one run is" if len(lost) == 1 else f"{len(lost)} runs are"
        self.say(f"A worker died and was started anew; {again} tried again one by one")

    def again_or_never(self, tasks: list[Task], bad: Exception) -> None:
        """A batch that came back without results, such as one whose workers a cluster lost again and again."""
        if len(tasks) == 1 and tasks[0].key in self.died_over:
            self.record([failed(tasks[0].key, tasks[0].row, f"{DIED}: {type(bad).__name__}")])
            return
        self.died_over.update(task.key for task in tasks)
        self.suspects.extend(tasks)

    def land(self) -> None:
        """At an early end: cancel what waits, and keep what is ready soon."""
        for future in self.flying:
            future.cancel()
        ready, _ = wait([f for f in self.flying if not f.cancelled()], timeout=PATIENCE_S)
        for future in ready:
            if not future.cancelled() and future.exception() is None:
                self.record(future.result())

    def state(self) -> State:
        left = self.work.total - sum(self.tally)  # of the whole, of which this may be a part
        return State(self.work.total, self.tally, left * self.seconds / self.crew.workers if self.seconds else None)
