"""Carrying out a plan: what a command of many runs says, in which order it works, and how it ends.

First one run here, which compiles the rules where need be and shows how long a run takes; then a pilot of a few runs
under the first seeds; then, with the time it will take said, the rest. Every run counts and is kept.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from app.endings import CutShort, Stop
from app.printing import console
from app.progress import COMPILING
from app.watching import Watch, duration
from experiments.runs.evaluate import Measure, forget, warm_up
from experiments.runs.ledger import Ledger
from experiments.runs.plan import Plan
from experiments.runs.runner import Tally, run_tasks
from experiments.runs.work import Work, prepare
from experiments.runs.workers import (
    ClusterError,
    Crew,
    Here,
    crew,
)
from sim.core.compiled import is_cached
from sim.core.planned import FileChanged

WORTH_WORKERS_S = 3.0  # less work than this is done before other processes are awake
PILOT_SEEDS, PILOT_RUNS, MOST_PILOT_RUNS = 4, 8, 64
FAILURES_SHOWN = 3
NOTHING = "nothing is kept without --out DIR"


class RunOptions(NamedTuple):
    """How to carry out a plan."""

    out: Path | None = None  # without it nothing is kept beyond the command
    workers: int = 0  # processes; 0: one per core
    scheduler: str | None = None  # a Dask scheduler's address, or "mpi"
    shard: tuple[int, int] | None = None  # (i, n): only the i-th of n parts
    quiet: bool = False
    repair: bool = False  # mend a damaged ledger, rather than refuse it


def carry_out(
    plan: Plan,
    options: RunOptions,
    after_pilot: Callable[[Ledger], str] | None = None,
    measure: Measure | None = None,
) -> Ledger | None:
    """Run what is still missing of a plan, and export it.

    Parameters
    ----------
    plan : Plan
    options : RunOptions
    after_pilot : called when the runs under the first few seeds are in the ledger; gives a line to print, such as how
        wide the interval of the main difference will be ("": none)
    measure : what to do with a row in place of ``plan.measure``

    Returns
    -------
    Ledger of all the runs, open; None after one shard of several, for then the study is not complete

    Raises
    ------
    Stop    cut short, workers that cannot be had, or a file that has changed since the study was planned
    """
    plan = plan if measure is None else plan._replace(measure=measure)
    folder = _folder(options)
    watch = Watch(console(to_stderr=True), options.quiet)
    ledger = Ledger.open(folder.path / ledger_name(options.shard), plan.identity, options.repair)
    ledger.folder = folder.temporary
    if ledger.mended:
        watch.say(ledger.mended)
    try:
        work = prepare(plan, ledger, options.shard or (1, 1))
        watch.opening(work, options.shard)
        tally = _run_all(work, ledger, options, watch, after_pilot)
        _report(ledger, tally, watch)
        return _ended(ledger, options, watch)
    except KeyboardInterrupt as cut:
        line = kept(ledger, options.out)
        ledger.close()
        raise CutShort(cut, line) from None
    except (ClusterError, FileChanged) as bad:
        line = f"{bad}. {kept(ledger, options.out)}" if ledger.counts()["finished"] else str(bad)
        ledger.close()
        raise Stop(line) from None
    except BaseException:
        ledger.close()
        raise


def ledger_name(shard: tuple[int, int] | None) -> str:
    """File of the ledger of a study or of one of its shards."""
    return f"runs-{shard[0]}-of-{shard[1]}.sqlite" if shard else "runs.sqlite"


def write_exports(ledger: Ledger, folder: Path) -> None:
    """The study's runs as Parquet and as CSV."""
    for suffix in ("parquet", "csv"):
        ledger.export(folder / f"runs.{suffix}")


@contextmanager
def after_the_runs(out: Path | None) -> Iterator[None]:
    """What follows a study's last run, analysis and files: cut short, it says that all runs are kept."""
    try:
        yield
    except KeyboardInterrupt as cut:
        again = f"all runs are finished and kept in {out}; give the same command again for what they show"
        raise CutShort(cut, again if out else NOTHING) from None


def kept(ledger: Ledger, out: Path | None) -> str:
    """How much of an unfinished study is kept, and how to go on."""
    counts = ledger.counts()
    done = f"{counts['finished']:,} of {counts['rows']:,} runs are finished"
    if out is None:
        return f"{done}; {NOTHING}"
    return f"{done} and kept in {out}; give the same command again to go on"


class _Folder(NamedTuple):
    path: Path
    temporary: tempfile.TemporaryDirectory | None


def _folder(options: RunOptions) -> _Folder:
    if options.out is not None:
        return _Folder(options.out, None)
    if options.shard is not None:
        raise Stop("--shard needs --out DIR: the folder that coproduce merge reads")
    temporary = tempfile.TemporaryDirectory(prefix="coproduce-")
    return _Folder(Path(temporary.name), temporary)


def _run_all(work: Work, ledger: Ledger, options: RunOptions, watch: Watch,
             after_pilot: Callable[[Ledger], str] | None) -> Tally:  # fmt: skip
    tally = Tally(recalled=work.recalled)
    if not work:
        return tally
    if options.scheduler is None or options.scheduler == "mpi":
        compile_rules(watch)
    seconds, first = ledger.mean_seconds(), 0
    with ExitStack() as leaving, watch:
        if options.scheduler is None:
            tally, first = run_tasks(work.part(0, 1), ledger, Here(), watch.moved, watch.say, None, tally), 1
            seconds = ledger.mean_seconds()
        hands = _hands(options, (len(work.positions) - first) * (seconds or 0.0), watch)
        leaving.push(lambda kind, _, __: hands.close(hurry=kind is not None))
        pilot = pilot_size(work)
        for part in (work.part(first, pilot), work.part(max(first, pilot))):
            tally = run_tasks(part, ledger, hands, watch.moved, watch.say, seconds, tally)
            seconds = ledger.mean_seconds()
            if part and part.positions[-1] != work.positions[-1]:
                _tell_pilot(work, pilot, seconds, hands, watch, after_pilot and (lambda: after_pilot(ledger)))
    forget()
    return tally


def _hands(options: RunOptions, work_s: float, watch: Watch) -> Crew:
    workers = options.workers or cores()
    if options.scheduler is None and work_s < WORTH_WORKERS_S:
        workers = 1
    hands = crew(workers, options.scheduler)
    present = getattr(hands, "present", None)
    if present is not None and present() == 0:
        watch.say(f"The scheduler {options.scheduler} has no worker yet; waiting for one")
    return hands


def _tell_pilot(work: Work, pilot: int, seconds: float | None, hands: Crew, watch: Watch,
                after_pilot: Callable[[], str] | None) -> None:  # fmt: skip
    left = len(work.positions) - pilot
    where = "in this process" if hands.workers == 1 else f"{hands.workers} at a time"
    if seconds:
        about = duration(left * seconds / hands.workers)
        watch.say(f"Pilot of {pilot} runs: {seconds:.2g} s a run; {left:,} more, {where}, take about {about}")
    line = after_pilot() if after_pilot else ""
    if line:
        watch.say(line)


def pilot_size(work: Work) -> int:
    """How many tasks make the pilot: all rows under the first few seeds, unless these are too many; then a few."""
    others = (work.seeds[1:] != work.seeds[:-1]).nonzero()[0] + 1  # where the seeds change
    if len(others) >= PILOT_SEEDS and others[PILOT_SEEDS - 1] <= MOST_PILOT_RUNS:
        return int(others[PILOT_SEEDS - 1])
    return min(PILOT_RUNS, len(work.positions))


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def compile_rules(watch: Watch) -> None:
    """Compile the rules here, before workers start, so that none does it again."""
    if not is_cached():
        watch.say(COMPILING)
    warm_up()


def _report(ledger: Ledger, tally: Tally, watch: Watch) -> None:
    if not tally.failed:
        return
    watch.say(f"{tally.failed:,} runs failed; they are counted and left out of all means, and tried again next time:")
    for run_ in ledger.failures()[:FAILURES_SHOWN]:
        patch = ", ".join(f"{path}={value}" for path, value in run_.row.patch) or "as the scenario"
        watch.say(f"  {patch}, seeds {'/'.join(map(str, run_.row.seeds))}: {run_.error}")


def _ended(ledger: Ledger, options: RunOptions, watch: Watch) -> Ledger | None:
    if options.shard is None:
        if options.out is not None:
            write_exports(ledger, options.out)
        return ledger
    i, n = options.shard
    ledger.close()
    watch.say(f"Shard {i} of {n} is done. With all {n}: coproduce merge {options.out} --out DIR")
    return None
