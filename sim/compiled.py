"""How rules are compiled: with numba, cached per version of the source, or not at all for debugging.

``@rule`` compiles a function on first use and keeps the machine code on disk. numba's own cache notices a change in
the file that holds a function but not in the files whose functions it calls; so the cache folder here bears a
digest of *all* rule files, and a changed rule can never run beside a stale one. ``NUMBA_DISABLE_JIT=1`` runs the
same source as plain Python.
"""

import hashlib
import os
import tempfile
from pathlib import Path

import numba

HERE = Path(__file__).parent
COMPILED = not numba.config.DISABLE_JIT


def source_digest() -> str:
    """Digest of every Python file in ``sim`` and of the numba version: what compiled code depends on."""
    digest = hashlib.blake2b(numba.__version__.encode(), digest_size=8)
    for path in sorted(HERE.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def cache_folder() -> Path:
    """Where compiled rules are kept; ``NUMBA_CACHE_DIR`` or the user's cache, else a temporary folder."""
    if "NUMBA_CACHE_DIR" in os.environ:
        return Path(os.environ["NUMBA_CACHE_DIR"])
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = base / "coproduce" / source_digest()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:  # a read-only home: compile afresh for this process rather than fail
        return Path(tempfile.mkdtemp(prefix="coproduce-"))
    return folder


if COMPILED:
    numba.config.CACHE_DIR = str(cache_folder())

rule = numba.njit(cache=True)


def is_cached() -> bool:
    """Whether the event loop has been compiled before on this machine, from this source."""
    return not COMPILED or any(Path(numba.config.CACHE_DIR).rglob("restoration*.nbi"))
