"""Options that the commands of many runs share, each worded once."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

STUDIES = "Many runs"
MOST_PARTS = 100_000  # of a study, as many as a job array has


def up_to(limit: str) -> Callable[[int | None], int | None]:
    """A check of a number against one of `sim.core.limits`, loaded only when a command runs: --help is quick."""

    def checked(value: int | None) -> int | None:
        from sim.core import limits

        most = getattr(limits, limit)
        if value is not None and value > most:
            raise typer.BadParameter(f"{value} is more than {most:,}")
        return value

    return checked


Out = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Folder for runs, tables and figures; the same command goes on where it stopped."),
]
Workers = Annotated[
    int,
    typer.Option(min=0, metavar="N", help="Processes on this machine; 0: one per core.", rich_help_panel=STUDIES),
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Run on a cluster instead: tcp://HOST:PORT of a Dask scheduler, or mpi (see docs/cluster.md).",
        rich_help_panel=STUDIES,
    ),
]
Shard = Annotated[
    str | None,
    typer.Option(
        metavar="I/N",
        help="Make only the I-th of N parts of the runs, for job arrays; then coproduce merge.",
        rich_help_panel=STUDIES,
    ),
]
Repair = Annotated[
    bool,
    typer.Option(
        "--repair",
        help="Mend a damaged runs.sqlite in --out: keep the runs that are whole, make those again that are lost.",
        rich_help_panel=STUDIES,
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress on stderr.")]
Report = Annotated[
    bool, typer.Option("--report", help="Write DIR/report.html too: the findings on one page, for a council.")
]
Figures = Annotated[bool, typer.Option("--figures/--no-figures", help="Draw figures into --out.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout instead of a table.")]


def shard_of(text: str | None) -> tuple[int, int] | None:
    """Parse ``I/N``, counted from 1.

    Raises
    ------
    Stop    not of that form, or I beyond N
    """
    from app.process.exits import Stop

    if text is None:
        return None
    first, _, second = text.partition("/")
    fits = all(part.isdecimal() and len(part) <= len(str(MOST_PARTS)) for part in (first, second))
    if not fits or not 1 <= int(first) <= int(second) <= MOST_PARTS:
        raise Stop(
            f"--shard {text[:80]}: must be I/N with I from 1 to N, such as 2/10 for the second of ten parts "
            f"(at most {MOST_PARTS:,})"
        )
    return int(first), int(second)
