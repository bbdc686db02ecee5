"""Carrying out a plan: what is said meanwhile, in which order it works, and how it ends.

First one run here, which compiles the rules where need be and shows how long a run takes; then a pilot of a few runs
under the first seeds; then, with the time it will take said, the rest. Every run counts and is kept.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from experiments.runs.evaluate import forget, warm_up
from experiments.runs.ledger import LEDGER, Ledger
from experiments.runs.plan import Plan
from experiments.runs.runner import Tally, run_tasks
from experiments.runs.watch import COMPILING, Watch
from experiments.runs.work import Work, prepare
from experiments.runs.workers import ClusterError, Crew, Here, crew
from sim import ScenarioError
from sim.core.compiled import is_cached
from sim.core.planned import FileChanged

WORTH_WORKERS_S = 3.0  # less work than this is done before other processes are awake
PILOT_SEEDS, PILOT_RUNS, MOST_PILOT_RUNS = 4, 8, 64
NOTHING = "nothing is kept without --out DIR"


class RunOptions(NamedTuple):
    """How to carry out a plan."""

    out: Path | None = None  # without it nothing is kept beyond the command
    workers: int = 0  # processes; 0: one per core
    scheduler: str | None = None  # a Dask scheduler's address, or "mpi"
    shard: tuple[int, int] | None = None  # of so many parts only one: its number, from 1, and theirs
    repair: bool = False  # mend a damaged ledger, rather than refuse it
    figures: bool = True
    watch: Watch = Watch()
    folder: Path | None = None  # where runs stay if not in ``out``
    tables: bool = False  # whether replicates leave their tables in ``folder`` too


class CutShort(KeyboardInterrupt):
    """A study that Ctrl-C or SIGTERM has ended: what is kept, and how to go on."""

    def __init__(self, by: KeyboardInterrupt, kept: str) -> None:
        super().__init__(kept)
        self.by = by


def carry_out(plan: Plan, options: RunOptions, pilot: Callable[[Ledger], str] | None = None) -> Ledger | None:
    """Run what is still missing of a plan, and export it.

    Parameters
    ----------
    pilot : called when the runs under the first few seeds are in the ledger; gives a line to print, such as how wide
        the interval of the main difference will be ("": none)

    Returns
    -------
    Ledger of all the runs, open; None after one shard of several, for then the study is not complete

    Raises
    ------
    CutShort         interrupted
    ScenarioError    workers that cannot be had, or a file that has changed since the study was planned
    """
    temporary = None if options.out or options.folder else _temporary(options)
    folder = options.out or options.folder or Path(temporary.name if temporary else "")
    if plan.keeps and (options.out or options.tables):
        plan = plan._replace(folder=str(folder.resolve()))
    ledger = Ledger.open(folder / ledger_name(options.shard), plan.identity, options.repair)
    ledger.folder = temporary
    if ledger.mended:
        options.watch.say(ledger.mended)
    with _ending_well(ledger, options):
        work = prepare(plan, ledger, options.shard or (1, 1))
        options.watch.opening(work, options.shard)
        tally = _run_all(work, ledger, options, pilot)
        options.watch.failures(ledger, tally)
        return _ended(ledger, options)


@contextmanager
def _ending_well(ledger: Ledger, options: RunOptions) -> Iterator[None]:
    """Whatever ends a study early: the ledger is closed, and it is said what is kept."""
    try:
        yield
    except KeyboardInterrupt as cut:
        line = kept(ledger, options.out)
        ledger.close()
        raise CutShort(cut, line) from None
    except (ClusterError, FileChanged) as bad:
        line = f"{bad}. {kept(ledger, options.out)}" if ledger.counts()["finished"] else str(bad)
        ledger.close()
        raise ScenarioError(line) from None
    except BaseException:
        ledger.close()
        raise


def refuse_nothing(ledger: Ledger, where: str) -> None:
    """Raise a ScenarioError where no run has finished, with what the first died of."""
    if not ledger.names():
        errors = [run.error for run in ledger.failures()]
        raise ScenarioError(f"{where}: every run failed: {errors[0] if errors else 'no run has any result'}")


def ledger_name(shard: tuple[int, int] | None) -> str:
    """File of the ledger of a study or of one of its shards."""
    return f"runs-{shard[0]}-of-{shard[1]}.sqlite" if shard else LEDGER


def write_exports(ledger: Ledger, folder: Path) -> None:
    """The study's runs as Parquet and as CSV."""
    for suffix in ("parquet", "csv"):
        ledger.export(folder / f"runs.{suffix}")


class Remembering:
    """While any of these blocks lasts, this process remembers; the outermost drops all at its end."""

    depth = 0

    def __enter__(self) -> None:
        Remembering.depth += 1

    def __exit__(self, *_: object) -> None:
        Remembering.depth -= 1
        if Remembering.depth == 0:
            forget()


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


def _temporary(options: RunOptions) -> tempfile.TemporaryDirectory:
    if options.shard is not None:
        raise ScenarioError("--shard needs --out DIR: the folder that coproduce merge reads")
    return tempfile.TemporaryDirectory(prefix="coproduce-")


def _run_all(work: Work, ledger: Ledger, options: RunOptions, pilot: Callable[[Ledger], str] | None) -> Tally:
    tally, watch = Tally(recalled=work.recalled), options.watch
    if not work:
        return tally
    if options.scheduler is None or options.scheduler == "mpi":
        compile_rules(watch)
        for rules in work.plan.rules.values():
            warm_up(**rules.given)
    seconds, first = ledger.mean_seconds(), 0
    with Remembering(), ExitStack() as leaving, watch:
        if options.scheduler is None:
            tally, first = run_tasks(work.part(0, 1), ledger, Here(), watch.moved, watch.say, None, tally), 1
            seconds = ledger.mean_seconds()
        hands = _hands(options, (len(work.positions) - first) * (seconds or 0.0))
        leaving.push(lambda kind, _, __: hands.close(hurry=kind is not None))
        size = pilot_size(work)
        for part in (work.part(first, size), work.part(max(first, size))):
            tally = run_tasks(part, ledger, hands, watch.moved, watch.say, seconds, tally)
            seconds = ledger.mean_seconds()
            if part and part.positions[-1] != work.positions[-1]:
                watch.pilot(len(work.positions) - size, size, seconds, hands.workers)
                if line := pilot(ledger) if pilot else "":
                    watch.say(line)
    return tally


def _hands(options: RunOptions, work_s: float) -> Crew:
    workers = options.workers or cores()
    if options.scheduler is None and work_s < WORTH_WORKERS_S:
        workers = 1
    hands = crew(workers, options.scheduler)
    present = getattr(hands, "present", None)
    if present is not None and present() == 0:
        options.watch.say(f"The scheduler {options.scheduler} has no worker yet; waiting for one")
    return hands


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


def _ended(ledger: Ledger, options: RunOptions) -> Ledger | None:
    if options.shard is None:
        if options.out is not None:
            write_exports(ledger, options.out)
        return ledger
    i, n = options.shard
    ledger.close()
    options.watch.say(f"Shard {i} of {n} is done. With all {n}: coproduce merge {options.out} --out DIR")
    return None
