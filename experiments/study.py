"""The one shape of a study: what is asked, planned, run and found, whatever its kind.

::

    asked = kind.ask(given)                      checked before anything runs
    plan  = kind.plan(asked, size)               every run, in the order of the design
    runs  = carry_out(plan, options)             into a ledger: workers, progress, resume (`experiments.runs.carry_out`)
    size  = kind.grown(asked, runs, sizes)       again, while an interval is too wide
    asked = kind.learnt(asked, runs, sizes)      where the next runs depend on the last: by what is in the ledger alone
    found = kind.find(asked, runs, sizes)        tables, and the whole as plain data

A kind is a file in ``experiments/studies`` that declares a `Kind`, and a file of the same name in ``app/pages`` that
says what was found. Whatever else a study has, it has from here. This module loads nothing, for ``--help``.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, NamedTuple

from experiments.found import Found, Passing
from experiments.keys import Key

if TYPE_CHECKING:
    from experiments.record import Made
    from experiments.runs.carry_out import RunOptions
    from experiments.runs.ledger import Ledger
    from experiments.runs.plan import Plan


class Kind(NamedTuple):
    """A kind of study."""

    name: str
    keys: Sequence[Key]
    help: str  # of its command: the first line, then what it does, with examples
    ask: Callable[..., Any]  # (what is given, by the names of keys) -> what is asked, checked
    plan: Callable[[Any, int], "Plan"]  # (asked, size) -> every run
    find: Callable[[Any, "Ledger", Sequence[int]], Found]  # (asked, runs, size after each step) -> what was found
    made: Callable[[Any], "Made"]
    size: Callable[[Any], int] = lambda asked: 1  # replicates or pairs to begin with
    grown: Callable[[Any, "Ledger", Sequence[int]], int] = lambda asked, runs, sizes: sizes[-1]  # the next size
    learnt: Callable[[Any, "Ledger", Sequence[int]], Any] = lambda asked, runs, sizes: asked  # what the next plan knows
    pilot: Callable[..., str] = lambda asked, runs, size: ""  # a line after the first few runs
    check: Callable[[Any, "RunOptions"], None] = lambda asked, options: None  # options and folder, before anything runs

    @property
    def has_file(self) -> bool:
        """Whether it can be asked for by a file."""
        return any(key.name == "study" for key in self.keys)


@cache
def kinds() -> dict[str, Kind]:
    """Every kind of study, by name: the files of ``experiments/studies``."""
    folder = Path(__file__).parent / "studies"
    modules = (import_module(f"experiments.studies.{found.name}") for found in iter_modules([str(folder)]))
    return {module.KIND.name: module.KIND for module in modules}


def carried_out(kind: Kind, asked: Any, options: "RunOptions", command: str = "") -> Found | None:
    """Carry out a study of any kind.

    Parameters
    ----------
    asked : what ``kind.ask`` gave
    command : as it was given, for the record

    Returns
    -------
    Found, with how it was made in its summary; None after one shard of several

    Raises
    ------
    ScenarioError    input that cannot be used, a folder that holds another study, or no run that has finished
    CutShort         interrupted; what has finished is kept
    """
    from experiments.record import recorded
    from experiments.runs.carry_out import after_the_runs, carry_out, refuse_nothing

    kind.check(asked, options)
    keeper = None if options.out or options.shard else Passing()
    holding = options if keeper is None else options._replace(folder=keeper.path)
    sizes = [kind.size(asked)]
    while True:
        pilot = partial(kind.pilot, asked, size=sizes[0]) if len(sizes) == 1 else None
        plan = kind.plan(asked, sizes[-1])
        ledger = carry_out(plan, holding, pilot)
        if ledger is None:
            return None
        with after_the_runs(options.out), ledger:
            refuse_nothing(ledger, kind.name)
            size = kind.grown(asked, ledger, sizes)
            if size <= sizes[-1]:
                found = kind.find(asked, ledger, sizes)
                seeds = list(dict.fromkeys(row.seeds for row in plan.rows))
                summary = recorded(found.summary, kind.name, kind.made(asked), seeds, command, options.figures)
                return replace(found, summary=summary, folder=holding.out or holding.folder, keeper=keeper)
            asked = kind.learnt(asked, ledger, sizes)
        sizes.append(size)
