"""Tutorials as cells, and what their cells print and draw.

``python docs/tutorial_cells.py TUTORIAL FOLDER`` runs a tutorial cell by cell in FOLDER and notes there, in
``outputs.json``, what each cell printed and which pictures it drew. The site shows these beside the code.
"""

import hashlib
import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("coproduce", "sim", "experiments", "analysis", "app")


class Cell(NamedTuple):
    """One cell of a notebook."""

    is_code: bool
    source: str


def cells(text: str) -> list[Cell]:
    """The cells of a notebook kept as text; commands to the notebook itself (``%matplotlib``) are left out."""
    import jupytext

    found = jupytext.reads(text, fmt="py:percent").cells
    return [Cell(cell.cell_type == "code", _without_magic(cell.source)) for cell in found]


def _without_magic(source: str) -> str:
    return "\n".join(line for line in source.splitlines() if not line.startswith("%")).strip()


def outputs(tutorial: Path, folder: Path) -> list[dict[str, Any]]:
    """What each cell printed and drew; run now unless this tutorial has been run with this model before.

    Returns
    -------
    for each cell ``text`` and ``pictures`` (names of files in ``folder``)
    """
    noted, digest = folder / "outputs.json", _digest(tutorial)
    if noted.exists():
        known = json.loads(noted.read_text(encoding="utf-8"))
        if known["digest"] == digest:
            return known["cells"]
    folder.mkdir(parents=True, exist_ok=True)
    search = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    surroundings = {**os.environ, "MPLBACKEND": "Agg", "PYTHONPATH": search}
    subprocess.run([sys.executable, __file__, str(tutorial), str(folder)], env=surroundings, check=True)
    return json.loads(noted.read_text(encoding="utf-8"))["cells"]


def _digest(tutorial: Path) -> str:
    """Of everything that outputs depend on: the tutorial and the program."""
    digest = hashlib.blake2b(tutorial.read_bytes(), digest_size=16)
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def run_cells(tutorial: Path, folder: Path) -> None:
    """Run a tutorial in a folder and write ``outputs.json``."""
    text, digest = tutorial.read_text(encoding="utf-8"), _digest(tutorial)
    for left_over in folder.iterdir():
        if left_over.is_file():
            left_over.unlink()
    os.chdir(folder)
    names: dict[str, Any] = {"__name__": "__main__"}
    found = []
    for cell in cells(text):
        before, printed = set(Path().glob("*.png")), io.StringIO()
        if cell.is_code:
            with redirect_stdout(printed):
                exec(compile(cell.source, tutorial.name, "exec"), names)
        drawn = sorted(str(path) for path in set(Path().glob("*.png")) - before)
        found.append({"text": printed.getvalue(), "pictures": drawn})
    Path("outputs.json").write_text(json.dumps({"digest": digest, "cells": found}, indent=1), encoding="utf-8")


if __name__ == "__main__":
    run_cells(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
