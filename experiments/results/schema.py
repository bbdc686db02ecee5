"""The schema of all that is written: one number, and how files bear it.

JSON documents have it under ``schema``, Parquet files in their metadata under ``coproduce_schema``. CSV has no place
for it: the ``study.json`` or ``certificate.json`` of the folder speaks for the CSV files beside it, ``runs.parquet``
for ``runs.csv``. A file of a newer schema is refused rather than misread. The number goes up when a file changes so
that an older reader would misread it.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim import ScenarioError
from sim.core.canonical import plain

SCHEMA = 1
KEY = "schema"
METADATA = {b"coproduce_schema": str(SCHEMA).encode()}
CERTIFICATE, MANIFEST, SUMMARY, RUNS = "certificate.json", "study.json", "summary.json", "runs.parquet"


class ResultsError(ScenarioError):
    """Results that cannot be read back. The message says in one line what to do."""


def again(path: Path) -> str:
    """How to have a file written anew: a command keeps the folders of finished replicates and writes all else."""
    remove = f"remove {path.parent} and " if path.parent.name.startswith("seed-") else ""
    return f"{remove}give the study's command again"


def marked(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document with the schema that it is written by."""
    return {KEY: SCHEMA, **document}


def as_text(document: Any) -> str:
    """Strict JSON: what is endless or has no value is null."""
    return json.dumps(plain(document), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def digest_of_text(text: str | bytes) -> str:
    """Digest of a file, by which it is seen later whether it is as it was written; 32 hexadecimal digits."""
    return hashlib.blake2b(text.encode() if isinstance(text, str) else text, digest_size=16).hexdigest()


def refuse_other(found: Any, where: Path) -> None:
    """Raise a ResultsError unless a schema that was found in a file can be read.

    Parameters
    ----------
    found : what the file says; None if it says nothing
    where : the file
    """
    if found is None:
        raise ResultsError(f"{where} names no schema: an older coproduce wrote it, or another program; {again(where)}")
    if isinstance(found, bool) or not isinstance(found, int) or found < 1:
        raise ResultsError(
            f"{where} is damaged: its schema must be a whole number from 1 on, not {found!r:.40}; {again(where)}"
        )
    if found > SCHEMA:
        raise ResultsError(
            f"{where} was written by a newer coproduce (schema {found}; this one reads up to {SCHEMA}); "
            "update coproduce to read it"
        )


def read_json(path: Path, needed: tuple[str, ...] = ()) -> dict[str, Any]:
    """A document of a schema that can be read.

    Parameters
    ----------
    path : the file
    needed : entries that it must have

    Raises
    ------
    ResultsError    unreadable, not JSON, of another schema, or an entry missing
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as bad:
        raise ResultsError(f"{path}: cannot be read: {bad.strerror}") from None
    except ValueError:  # not JSON, or not even text
        found = None
    if not isinstance(found, dict):
        raise ResultsError(f"{path} is damaged (not a JSON document); {again(path)}")
    refuse_other(found.get(KEY), path)
    missing = [name for name in needed if name not in found]
    if missing:
        raise ResultsError(f"{path} is damaged (it has no {missing[0]}); {again(path)}")
    return found
