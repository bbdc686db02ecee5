"""Files of a scenario, read whole; one that a study was planned with must still be the same when a run reads it.

Hours may pass between the two, in which somebody edits a table. Its digest was noted with the plan, and whoever reads
the file compares: bytes that were not planned never become a number.
"""

import hashlib
from pathlib import Path

from sim.errors import ScenarioError

AGAIN = "put it back as it was and give the command again, or choose another --out"


class FileChanged(ScenarioError):
    """A file is no longer what it was when the study was planned."""


def content(path: Path, where: str, planned: str = "") -> bytes:
    """The bytes of a file.

    Parameters
    ----------
    path : Path
    where : what messages call it
    planned : digest that the file had when a study was planned; "": whatever it holds

    Raises
    ------
    ScenarioError    it cannot be read
    FileChanged      it has changed since, or cannot be read any more
    """
    try:
        data = path.read_bytes()
    except OSError as bad:
        kind = FileChanged if planned else ScenarioError
        cure = f" (it was there when the study was planned); {AGAIN}" if planned else ""
        raise kind(f"{where}: cannot read {path}: {bad.strerror}{cure}") from None
    if planned and digest_of(data) != planned:
        raise FileChanged(f"{where}: {path} has changed since the study was planned; {AGAIN}")
    return data


def digest_of(data: bytes) -> str:
    """Digest of the content of a file."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()
