"""A finished study read back from its folder, or one line on why it cannot be and how to go on.

``study.json`` holds the digests of ``summary.json`` and of the tables: what is not as it was written is refused, so
that whatever goes wrong with it later is no fault of the folder.

>>> from experiments.reading import load_study
>>> study = load_study("results/classroom")  # doctest: +SKIP
>>> study.tables["gaps"]                     # doctest: +SKIP
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from experiments.found import MADE, Found
from experiments.results.folders import existing, seeds_in
from experiments.results.schema import CERTIFICATE, MANIFEST, SUMMARY, ResultsError, again, digest_of_text, read_json
from experiments.results.tables import KINDS, read_csv
from experiments.runs.ledger import LEDGER, Ledger
from experiments.study import kinds
from sim import ScenarioError

AGAIN = "give the study's command again: it goes on from there"


def load_study(folder: str | Path, tables: bool = True) -> Found:
    """Read back what a study found.

    Parameters
    ----------
    folder : as it was given to ``--out`` of a study
    tables : whether to read its tables too

    Raises
    ------
    ResultsError    no finished study, one that is not as it was written, or one that another version wrote
    """
    path = existing(folder)
    if (path / CERTIFICATE).exists():
        raise ResultsError(
            f"{path} holds a single replicate: load_outcomes reads it; give the folder of its study, "
            f"{path.resolve().parent}"
        )
    if not (path / SUMMARY).exists():
        raise ResultsError(_unfinished(path))
    summary = read_json(path / SUMMARY)
    made = summary.get(MADE)
    if not isinstance(made, dict) or "seeds" not in made or not (path / MANIFEST).exists():
        raise ResultsError(
            f"{path / SUMMARY} does not say how the study was made, as an older version of coproduce wrote it; give "
            "the study's command again: finished runs are not repeated"
        )
    manifest = _manifest(path / MANIFEST)
    if manifest["summary"] != digest_of_text((path / SUMMARY).read_bytes()):
        raise ResultsError(f"{path / SUMMARY} is damaged: not as it was written, cut or edited; {again(path)}")
    for row in summary["seeds"] if manifest["kind"] == "run" else ():
        seeds_in(row, path / SUMMARY)
    listed = manifest["tables"] if tables else {}
    return Found(
        manifest["kind"], summary, {Path(n).stem: read_csv(path / n, told) for n, told in listed.items()}, folder=path
    )


def _manifest(path: Path) -> dict[str, Any]:
    """What ``study.json`` says of the files beside it, checked."""
    found = read_json(path, ("kind", "tables", "summary"))
    if found["kind"] not in kinds() or not isinstance(found["tables"], dict):
        raise ResultsError(f"{path} is damaged (it is of no known kind of study); {again(path)}")
    for name, described in found["tables"].items():
        if not _is_described(described) or Path(name).name != name:
            raise ResultsError(f"{path} is damaged (at {name}); {again(path)}")
    return found


def _is_described(found: Any) -> bool:
    if not isinstance(found, Mapping) or not isinstance(found.get("digest"), str):
        return False
    columns = found.get("columns")
    return isinstance(columns, Mapping) and all(str(kind).rstrip("?") in KINDS for kind in columns.values())


def _unfinished(path: Path) -> str:
    """Whether a study was begun here, how far it got, and how to go on."""
    if (path / LEDGER).exists():
        return _of_ledger(path)
    shards = sorted(path.glob("runs-*-of-*.sqlite"))
    if shards:
        return (
            f"{path} holds {len(shards)} shards of a study, not yet joined: coproduce merge {path} --out DIR, then the "
            "study's command with --out DIR"
        )
    return f"{path} holds no study of coproduce (no {SUMMARY}); give the --out of a {', '.join(kinds())}"


def _of_ledger(path: Path) -> str:
    try:
        with Ledger.reopen(path / LEDGER) as ledger:
            counts = ledger.counts()
    except ScenarioError as bad:
        return str(bad)
    done, rows = counts["finished"], counts["rows"]
    if rows and done == rows:
        return f"{path} holds all {rows:,} runs of a study but no {SUMMARY}; give the study's command with this --out"
    return f"{path} holds an unfinished study ({done:,} of {rows:,} runs are finished, no {SUMMARY}); {AGAIN}"
