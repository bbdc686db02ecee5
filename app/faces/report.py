"""From a study's folder to ``report.html``, put in place in one step."""

import sys
import tempfile
import webbrowser
from pathlib import Path

from app.faces.html import render
from app.pages.composed import page_of
from app.pictures import pictures_in
from app.process.exits import Stop
from experiments.reading import load_study
from experiments.results.files import put_file

NAME = "report.html"


def write_report(folder: Path) -> Path:
    """Write the page of a finished study into its folder.

    Parameters
    ----------
    folder : the ``--out`` of the study's command

    Raises
    ------
    ResultsError    no finished study there, or a damaged one
    Stop            a folder that cannot be written to
    """
    found = load_study(folder, tables=False)
    text = render(page_of(found), pictures_in(folder), found.made["figures"])
    target = folder / NAME
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
        put_file(target, text)
    except OSError as bad:
        raise Stop(f"{target}: cannot be written: {bad.strerror}") from None
    return target


def open_in_browser(path: Path) -> None:
    """Open the page in the reader's browser, or say that there is none."""
    if not webbrowser.open(path.resolve().as_uri()):
        print(f"No browser could be opened; open {path.resolve()} yourself", file=sys.stderr)
