"""Results on disk: one folder per seed, then the summary of the study. Nothing is ever half-written.

    DIR/seed-N/    households.parquet orders.parquet jobs.parquet reports.parquet
                   summary.json certificate.json fidelity.csv (target against realised share by neighbourhood)
    DIR/           summary.json gaps.csv study.json figures/

A folder or a file is written under another name beside its place and renamed when it is complete, so whatever has its
right name is whole. A seed folder of the same scenario, seeds and model is read back instead of run again.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from app.document import as_text
from app.endings import Stop
from experiments.results.folders import CERTIFICATE, MANIFEST, SUMMARY
from experiments.results.schema import (
    KEY,
    marked,
    read_json,
    refuse_other,
)
from experiments.results.tables import as_csv, read_table, write_table
from experiments.studies.run_measures import measure
from sim import Outcomes, Scenario, Seeds, run
from sim.core.sources import digest_of
from sim.engine.costs import costs
from sim.engine.outcome_columns import TABLES


class Folder:
    """The folder of one study."""

    def __init__(self, path: Path, scenario: Scenario) -> None:
        self.path, self.digest = path, scenario.digest
        self.model = digest_of(run, costs, measure)  # which make what is kept of a replicate
        self.outdated: list[int] = []  # seeds whose folder another version of the model wrote

    def prepare(self, seeds: Sequence[Seeds]) -> None:
        """Make sure, before anything runs, that results can be written and that no folder is in the way."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.path):
                pass
        except OSError as bad:
            raise Stop(f"--out {self.path}: cannot write there: {bad.strerror}") from None
        self.outdated = [row.behaviour for row in seeds if self._is_outdated(row)]

    def of(self, seeds: Seeds) -> Path:
        """Where the replicate of these seeds stands."""
        return self.path / f"seed-{seeds.behaviour}"

    def recall(self, seeds: Seeds) -> pd.DataFrame | None:
        """Households of a finished replicate; None if it is still to be run."""
        folder = self.of(seeds)
        if not folder.exists() or seeds.behaviour in self.outdated:
            return None
        return read_table(folder / "households.parquet", TABLES["households"])

    def recall_costs(self, seeds: Seeds) -> dict[str, float]:
        """Costs of a finished replicate, from its summary."""
        return dict(read_json(self.of(seeds) / SUMMARY, ("costs_usd",))["costs_usd"])

    def keep(self, outcomes: Outcomes, summary: dict[str, Any]) -> None:
        """Write one replicate."""

        def fill(folder: Path) -> None:
            for name, columns in TABLES.items():
                write_table(getattr(outcomes, name), columns, folder / f"{name}.parquet")
            (folder / SUMMARY).write_text(as_text(marked(summary)), encoding="utf-8")
            fidelity = pd.DataFrame(outcomes.place.fidelity)
            fidelity.to_csv(folder / "fidelity.csv", index=False)
            certificate = {**outcomes.certificate, "model": self.model, "sources": outcomes.scenario.sources}
            (folder / CERTIFICATE).write_text(as_text(marked(certificate)), encoding="utf-8")

        put_folder(self.of(outcomes.seeds), fill)

    def _is_outdated(self, seeds: Seeds) -> bool:
        """Whether a present folder must be run again; one of another study is an error, not overwritten."""
        folder = self.of(seeds)
        if not folder.exists():
            return False
        found = read_certificate(folder)
        other = f"choose another --out, or remove {folder}"
        if found.get("digest") != self.digest:
            raise Stop(
                f"{folder} holds a run of another scenario or other parameters "
                f"(digest {str(found.get('digest'))[:12]}, this one has {self.digest[:12]}); {other}"
            )
        if found.get("seeds") != seeds._asdict():
            raise Stop(f"{folder} holds a run with other seeds ({found.get('seeds')}, not {seeds._asdict()}); {other}")
        return found.get("model") != self.model


def read_certificate(folder: Path) -> dict[str, Any]:
    """The certificate of a finished run."""
    try:
        found = json.loads((folder / CERTIFICATE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = None
    if not isinstance(found, dict):
        raise Stop(f"{folder} is in the way: no finished run of coproduce (its {CERTIFICATE} cannot be read)")
    if KEY in found:  # without one it is older than all schemas, and its model is another anyway
        refuse_other(found[KEY], folder / CERTIFICATE)
    return found


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


def put_files(folder: Path, fill: Callable[[Path], None]) -> None:
    """Add files to a folder, each complete; what else stands in it stays."""
    unfinished = folder.with_name(f".{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        unfinished.mkdir()
        fill(unfinished)
        folder.mkdir(exist_ok=True)
        for path in unfinished.iterdir():
            path.replace(folder / path.name)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def put_file(target: Path, text: str) -> None:
    """Make a text file complete in one step."""
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        unfinished.write_text(text, encoding="utf-8", newline="")
        os.replace(unfinished, target)
    finally:
        unfinished.unlink(missing_ok=True)


def put_study(folder: Path, kind: str, tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> None:
    """Write what a study found: tables as CSV, the summary, and last the document that speaks for the tables.

    Parameters
    ----------
    kind : run, compare, sweep or sensitivity
    tables : by the names of their files, without ``.csv``
    summary : the whole as plain data
    """
    described = {}
    for name, table in tables.items():
        text, described[f"{name}.csv"] = as_csv(table)
        put_file(folder / f"{name}.csv", text)
    put_file(folder / SUMMARY, as_text(summary))
    put_file(folder / MANIFEST, as_text(marked({"kind": kind, "tables": described})))
