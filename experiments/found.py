"""What a study found: its tables, the whole as plain data, and the folder that holds them.

This module is light, for ``--help``; what it needs is loaded when it is asked for.
"""

import weakref
from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # what is loaded when it is asked for: this module is light, for ``--help``
    import pandas as pd

    from experiments.results.folders import SavedOutcomes
    from sim import Seeds

MADE = "made"  # in a summary: how the study was made (`experiments.record`)


class Passing:
    """A folder that lasts as long as what was found in it, for who gave none."""

    def __init__(self) -> None:
        self.path = Path(mkdtemp(prefix="coproduce-"))
        self.end = weakref.finalize(self, rmtree, self.path, ignore_errors=True)


@dataclass(frozen=True, eq=False)
class Found:
    """What a study found, just now or read back from its folder.

    `kind` is the kind of study. `tables` are its findings, by the names of their files: ``gaps`` of a run; ``compare``
    and ``costs``; ``points`` and ``responses`` of a sweep; ``indices`` and ``convergence``. `summary` is the whole as
    plain data. `folder` holds its files; None where nothing is kept. `drawn` is what only figures need; None if read
    back, for then figures are in the folder.
    """

    kind: str
    summary: dict[str, Any]
    tables: dict[str, "pd.DataFrame"]
    drawn: Any = field(default=None, repr=False)
    folder: Path | None = None
    keeper: Passing | None = field(default=None, repr=False)

    @property
    def made(self) -> dict[str, Any]:
        """How it was made: `experiments.record`."""
        return self.summary[MADE]

    @property
    def table(self) -> "pd.DataFrame":
        """Its first table, which holds the main findings."""
        return next(iter(self.tables.values()))

    @property
    def runs(self) -> "pd.DataFrame":
        """Every run of the study, in the order of its design.

        Raises
        ------
        ResultsError    nothing was kept, or a damaged file
        """
        from experiments.results.schema import RUNS
        from experiments.results.tables import read_parquet
        from experiments.runs.ledger import LEDGER, Ledger

        folder = self._kept()
        if not (folder / RUNS).exists() and (folder / LEDGER).exists():
            with Ledger.reopen(folder / LEDGER) as ledger:
                ledger.export(folder / RUNS)
        return read_parquet(folder / RUNS).to_pandas()

    @property
    def seeds(self) -> tuple["Seeds", ...]:
        """Of a run, the seeds of its replicates."""
        from sim import Seeds

        return tuple(Seeds(**row) for row in self.summary["seeds"]) if self.kind == "run" else ()

    def outcomes(self, seed: int | None = None) -> "SavedOutcomes":
        """Of a run, one replicate by its seed, with all its tables.

        Raises
        ------
        ResultsError    nothing was kept, or no such replicate
        """
        from experiments.results.folders import load_outcomes

        return load_outcomes(self._kept(), seed)

    def _kept(self) -> Path:
        from experiments.results.schema import ResultsError

        if self.folder is None:
            raise ResultsError("this study was made without a folder to keep its runs in; give out=DIR")
        return self.folder
