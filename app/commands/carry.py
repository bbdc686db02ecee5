"""What the command of every kind of study does, and what it makes of what was found."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

from app.carrying import study
from app.commands.as_given import as_given
from app.faces import terminal
from app.faces.report import write_report
from app.options import shard_of
from app.process.exits import Stop
from app.process.progress import Progressing
from experiments.results.schema import as_text
from experiments.runs.carry_out import RunOptions
from experiments.runs.watch import Watch
from experiments.study import Kind


def carry(
    context: typer.Context, kind: Kind, given: Mapping[str, Any], *, out: Path | None, workers: int,
    scheduler: str | None, shard: str | None, repair: bool, figures: bool, as_json: bool, report: bool, quiet: bool,
) -> None:  # fmt: skip
    """Carry out a command of a study, and print or write what it found."""
    _check_report(report, out, shard)
    watch = Watch() if quiet else Progressing(terminal.console(to_stderr=True))
    options = RunOptions(out, workers, scheduler, shard_of(shard), repair, figures, watch)
    if kind.has_file and "study" not in given:
        terminal.list_studies(kind.name)
        return
    found = study(kind, given, options, as_given(context))
    if found is None:  # one shard of several
        return
    page = [f"Report: {write_report(out)}"] if report and out else []  # before a reader of stdout may have gone
    if as_json:
        sys.stdout.write(as_text(found.summary))
        print(*page, file=sys.stderr, sep="\n", end="\n" if page else "")
    else:
        terminal.show(found.page(), terminal.console(), "\n".join([f"Written to {out}", *page]) if out else "")


def _check_report(report: bool, out: Path | None, shard: str | None) -> None:
    """Refuse a report that has no folder to be written to, before anything runs."""
    if report and out is None:
        raise Stop("--report needs --out DIR: the page is written into the study's folder")
    if report and shard is not None:
        raise Stop("--report with --shard: one part is no study; merge the parts, give the command again, then report")
