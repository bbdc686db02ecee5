"""What is said on stderr while many runs are made: a bar that moves on a terminal, a line now and then in a log."""

import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from experiments.runs.runner import State
from experiments.runs.work import Work

LINE_EVERY_S = 20.0
LEAST_BAR, WIDEST_BAR, WORDS = 4, 40, 54  # columns of a bar, and of all that stands beside it


class Watch:
    """Progress of one study."""

    def __init__(self, console: Console, quiet: bool) -> None:
        self.console, self.quiet = console, quiet
        self.bar: Progress | None = None
        self.spoken = time.monotonic()

    def __enter__(self) -> "Watch":
        if not self.quiet and self.console.is_terminal:
            bar = BarColumn(max(LEAST_BAR, min(WIDEST_BAR, self.console.width - WORDS)))  # numbers come first
            columns = (TextColumn("runs"), bar, MofNCompleteColumn(), TextColumn("{task.description}"))
            self.bar = Progress(*columns, console=self.console, transient=True)
            self.bar.add_task("", total=None)
            self.bar.start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.bar:
            self.bar.stop()

    def opening(self, work: Work, shard: tuple[int, int] | None) -> None:
        """How many runs there are, and how many of them are there already."""
        of = f" (shard {shard[0]} of {shard[1]})" if shard else ""
        there = f", {work.recalled:,} of them are there already" if work.recalled else ""
        self.say(f"{work.total:,} {'run' if work.total == 1 else 'runs'}{of}{there}")

    def moved(self, state: State) -> None:
        """Runs have finished, or a second has passed."""
        done, recalled, failed = state.tally
        ended = done + recalled + failed
        left = f"about {duration(state.seconds_left)} left" if state.seconds_left and ended < state.total else ""
        bad = f"{failed:,} failed" if failed else ""
        about = ", ".join(filter(None, (left, bad)))
        if self.bar:
            self.bar.update(self.bar.task_ids[0], total=state.total, completed=ended, description=about)
        elif time.monotonic() > self.spoken + LINE_EVERY_S:
            self.say(f"{ended:,} of {state.total:,} runs" + (f", {about}" if about else ""))

    def say(self, line: str) -> None:
        """One line, unless quiet."""
        self.spoken = time.monotonic()
        if not self.quiet:
            self.console.print(line, markup=False, soft_wrap=True)


def duration(seconds: float) -> str:
    """A span of time in plain words, rounded to what an estimate is worth."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    if seconds < 90 * 60:
        return f"{round(seconds / 60)} min"
    return f"{seconds / 3600:.1f} h"
