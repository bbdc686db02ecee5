"""A comparison from the command line: pairs of runs, then words, tables, files and figures."""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from app.compare.document import as_document, write_files
from app.compare.findings import Findings, findings, gap_names, pilot_line
from app.compare.printout import print_all
from app.compare.request import Request
from app.document import as_text
from app.endings import CutShort, Stop
from app.running import NOTHING, RunOptions, after_the_runs, carry_out
from experiments.results.schema import marked
from experiments.runs.ledger import Ledger
from experiments.studies.pairs import (
    Values,
    grow,
    plan_of,
    values_of,
)


def run_compare(asked: Request) -> None:
    """Run, write and print a comparison."""
    found = carry_out_all(asked)
    if found is None:  # one shard of several
        return
    with after_the_runs(asked.options.out):
        document = marked(as_document(asked, found))
        if asked.options.out is not None:
            write_files(asked, found, document)
    if asked.as_json:
        sys.stdout.write(as_text(document))
    else:
        print_all(asked, found)


def carry_out_all(asked: Request) -> Findings | None:
    """Make the runs, as many as it takes; None after one shard of several."""
    with _kept(asked.options) as options:
        if asked.until_h is None:
            values = _values(asked, asked.pairs, options)
            if values is None:
                return None
            with after_the_runs(asked.options.out):
                return findings(asked, values, asked.pairs, None)
        latest: list[Values] = []

        def step(pairs: int) -> np.ndarray:
            values = _values(asked, pairs, options)
            latest[:] = [values] if values else []
            return _gap_changes(values, asked.design.by)

        growth = grow(step, asked.until_h, asked.most, asked.pairs)
        with after_the_runs(asked.options.out):
            return findings(asked, latest[0], growth.steps[-1], growth)


@contextmanager
def _kept(options: RunOptions) -> Iterator[RunOptions]:
    """Options with a folder in which runs stay from one step to the next, if only for as long as the command lasts."""
    if options.out is not None or options.shard is not None:
        yield options
        return
    with tempfile.TemporaryDirectory(prefix="coproduce-") as folder:
        try:
            yield options._replace(out=Path(folder))
        except CutShort as stop:
            raise CutShort(stop.by, NOTHING) from None


def _values(asked: Request, pairs: int, options: RunOptions) -> Values | None:
    """Run what is missing of so many pairs, and take their measures."""

    def after_pilot(ledger: Ledger) -> str:
        return pilot_line(values_of(ledger, asked.design, pairs), asked, pairs)

    ledger = carry_out(plan_of(asked.design, pairs), options, after_pilot if pairs == asked.pairs else None)
    if ledger is None:
        return None
    try:
        values = values_of(ledger, asked.design, pairs)
        if not values.names:
            errors = [run.error for run in ledger.failures()]
            raise Stop(f"every run failed: {errors[0] if errors else 'no run has any result'}")
        return values
    finally:
        ledger.close()


def _gap_changes(values: Values | None, by: Sequence[str]) -> np.ndarray:
    """Change of the first grouping's gap; float [pair, arm]."""
    names = gap_names(values, by[:1]) if values else []
    changes = values.changes(names[0]) if values and names else np.full((1, 1), np.nan)
    if np.isnan(changes).all(axis=0).any():
        raise Stop(f"--until-halfwidth: the gap by {by[0]} has no value in any pair; is there anybody in both groups?")
    return changes
