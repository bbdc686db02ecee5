"""Files of a study, never half-written: each is written under another name beside its place, and renamed when whole.

DIR/           summary.json study.json *.csv figures/ runs.sqlite runs.parquet runs.csv
DIR/seed-N/    of a run, one replicate (`experiments.results.replicates`)
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.results.schema import MANIFEST, SUMMARY, as_text, digest_of_text, marked
from experiments.results.tables import as_csv
from sim import ScenarioError

if TYPE_CHECKING:
    import pandas as pd


def check_writable(folder: Path) -> None:
    """Make a folder for results, before anything runs.

    Raises
    ------
    ScenarioError    it cannot be made or written to
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as bad:
        raise ScenarioError(f"--out {folder}: cannot write there: {bad.strerror}") from None


def put_folder(target: Path, fill: Callable[[Path], None]) -> None:
    """Make a folder complete in one step; one that stood there before is replaced."""
    unfinished, before = (target.with_name(f".{target.name}.{word}") for word in ("unfinished", "before"))
    for leftover in (unfinished, before):
        shutil.rmtree(leftover, ignore_errors=True)
    try:
        unfinished.mkdir()
        fill(unfinished)
        if target.exists():
            target.rename(before)
        unfinished.rename(target)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    shutil.rmtree(before, ignore_errors=True)


def put_file(target: Path, content: str | bytes) -> None:
    """Make a file complete in one step."""
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        unfinished.write_bytes(content.encode() if isinstance(content, str) else content)
        os.replace(unfinished, target)
    finally:
        unfinished.unlink(missing_ok=True)


def put_study(folder: Path, kind: str, tables: Mapping[str, "pd.DataFrame"], summary: Mapping[str, Any]) -> None:
    """Write what a study found: tables as CSV, the summary, and last the document that speaks for the tables.

    Parameters
    ----------
    kind : of study
    tables : by the names of their files, without ``.csv``
    summary : the whole as plain data
    """
    described = {}
    for name, table in tables.items():
        text, described[f"{name}.csv"] = as_csv(table)
        put_file(folder / f"{name}.csv", text)
    text = as_text(summary)
    put_file(folder / SUMMARY, text)
    manifest = {"kind": kind, "summary": digest_of_text(text), "tables": described}
    put_file(folder / MANIFEST, as_text(marked(manifest)))
