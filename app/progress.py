"""What is said on stderr while replicates run: a line that moves on a terminal, a line each in a log."""

import time
from types import TracebackType

from rich.console import Console
from rich.status import Status

from sim import Seeds
from sim.core.compiled import is_cached

COMPILING = "Compiling the rules: once on this machine, about half a minute ..."


class Reporter:
    """Progress of one study; counts what is finished, which an interruption needs to know."""

    def __init__(self, console: Console, total: int, quiet: bool) -> None:
        self.console, self.total, self.quiet = console, total, quiet
        self.finished = 0
        self.compiling = not is_cached()
        self.started = time.perf_counter()
        self.status: Status | None = None

    def __enter__(self) -> "Reporter":
        if not self.quiet and self.console.is_terminal:
            self.status = self.console.status("")
            self.status.start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.status:
            self.status.stop()

    def __call__(self, stage: str, seeds: Seeds) -> None:
        """A stage of `experiments.runs.replicates`."""
        if stage == "running":
            self.started = time.perf_counter()
            if self.compiling:
                self.say(COMPILING)
                self.compiling = False
            if self.status:
                self.status.update(f"replicate {self.finished + 1} of {self.total}: seed {seeds.behaviour}")
            return
        self.finished += 1
        seconds = time.perf_counter() - self.started
        how = "read back" if stage == "recalled" else f"{seconds:.1f} s"
        if not self.status:
            self.say(f"replicate {self.finished} of {self.total}: seed {seeds.behaviour}, {how}")

    def say(self, line: str) -> None:
        """One line, unless quiet."""
        if not self.quiet:
            self.console.print(line, markup=False)

    def stage(self, what: str) -> None:
        """What is done after the last replicate."""
        if self.status:
            self.status.update(what)
