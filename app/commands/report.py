"""``coproduce report``: the findings of a finished study on one page, for a council."""

from pathlib import Path
from typing import Annotated

import typer

from app.process.exits import plain_exits


def report_command(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder of a finished study: the --out of its command.")
    ],
    open_it: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
) -> None:
    """Write DIR/report.html: what was asked, the answer, why, how sure, and what it rests on, in plain words.

    One file without scripts or network: it can be mailed, printed, or opened from a memory stick. It is made from the
    folder alone, after any study with `--out DIR` (or at once: `--report`).

    Example: `coproduce report results/michael --open`
    """
    with plain_exits():
        from app.faces.report import open_in_browser, write_report

        path = write_report(folder)
        print(f"Report: {path}")
        if open_it:
            open_in_browser(path)
