"""What is said on stderr while runs are made: a bar that moves on a terminal, a line now and then in a log."""

import time
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from experiments.runs.runner import State
from experiments.runs.watch import Watch, duration

LINE_EVERY_S = 20.0
LEAST_BAR, WIDEST_BAR, WORDS = 4, 40, 54  # columns of a bar, and of all that stands beside it


class Progressing(Watch):
    """Progress of one study."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.bar: Progress | None = None
        self.spoken = time.monotonic()

    def __enter__(self) -> "Progressing":
        if self.console.is_terminal:
            bar = BarColumn(max(LEAST_BAR, min(WIDEST_BAR, self.console.width - WORDS)))  # numbers come first
            columns = (TextColumn("runs"), bar, MofNCompleteColumn(), TextColumn("{task.description}"))
            self.bar = Progress(*columns, console=self.console, transient=True)
            self.bar.add_task("", total=None)
            self.bar.start()
        return self

    def __exit__(self, *error: Any) -> None:
        if self.bar:
            self.bar.stop()

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
        """One line."""
        self.spoken = time.monotonic()
        self.console.print(line, markup=False, soft_wrap=True)
