"""What is said while a plan is carried out: how much there is to do, how long it takes, and what went wrong."""

from typing import Any

from experiments.runs.ledger import Ledger
from experiments.runs.runner import State, Tally
from experiments.runs.work import Work

COMPILING = "Compiling the rules: once on this machine, about ten seconds ..."
FAILURES_SHOWN = 3


class Watch:
    """Who is told how far a study is; this one tells nobody. `app.process.progress` shows it."""

    def __enter__(self) -> "Watch":
        return self

    def __exit__(self, *error: Any) -> None:
        pass

    def say(self, line: str) -> None:
        """One line."""

    def moved(self, state: State) -> None:
        """Runs have finished, or a second has passed."""

    def opening(self, work: Work, shard: tuple[int, int] | None) -> None:
        """How many runs there are, and how many of them are there already."""
        of = f" (shard {shard[0]} of {shard[1]})" if shard else ""
        there = f", {work.recalled:,} of them are there already" if work.recalled else ""
        self.say(f"{work.total:,} {'run' if work.total == 1 else 'runs'}{of}{there}")

    def pilot(self, left: int, size: int, seconds: float | None, workers: int) -> None:
        """How long the rest will take, by the first few runs."""
        where = "in this process" if workers == 1 else f"{workers} at a time"
        if seconds:
            about = duration(left * seconds / workers)
            self.say(f"Pilot of {size} runs: {seconds:.2g} s a run; {left:,} more, {where}, take about {about}")

    def failures(self, ledger: Ledger, tally: Tally) -> None:
        """How many runs failed, and what the first of them died of."""
        if not tally.failed:
            return
        self.say(
            f"{tally.failed:,} runs failed; they are counted and left out of all means, and tried again next time:"
        )
        for run_ in ledger.failures()[:FAILURES_SHOWN]:
            patch = ", ".join(f"{path}={value}" for path, value in run_.row.patch) or "as the scenario"
            self.say(f"  {patch}, seeds {'/'.join(map(str, run_.row.seeds))}: {run_.error}")


def duration(seconds: float) -> str:
    """A span of time in plain words, rounded to what an estimate is worth."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    if seconds < 90 * 60:
        return f"{round(seconds / 60)} min"
    return f"{seconds / 3600:.1f} h"
