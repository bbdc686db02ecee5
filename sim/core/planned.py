"""Files of a scenario, read whole; one that a study was planned with must still be the same when a run reads it.

Hours may pass between the two, in which somebody edits a table. Its digest was noted with the plan, and whoever reads
the file compares: bytes that were not planned never become a number.
"""

import hashlib
from pathlib import Path

from sim.core import files
from sim.core.errors import ScenarioError

AGAIN = "put it back as it was and give the command again, or choose another --out"


class FileChanged(ScenarioError):
    """A file is no longer what it was when the study was planned."""


def content(path: Path | str, where: str, most_bytes: int, planned: str = "") -> bytes:
    """The bytes of a file, as `sim.core.files.content` reads it.

    Parameters
    ----------
    path : Path or str
    where : what messages call it
    most_bytes : a longer file is refused
    planned : digest that the file had when a study was planned; "": whatever it holds

    Raises
    ------
    ScenarioError    it cannot be read
    FileChanged      it has changed since, or cannot be read any more
    """
    try:
        data = files.content(path, where, most_bytes)
    except ScenarioError as bad:
        if not planned:
            raise
        raise FileChanged(f"{bad} (it was there when the study was planned); {AGAIN}") from None
    if planned and digest_of(data) != planned:
        raise FileChanged(f"{where}: {path} has changed since the study was planned; {AGAIN}")
    return data


def digest_of(data: bytes) -> str:
    """Digest of the content of a file."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()
