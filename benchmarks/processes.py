"""A process for every part, so that none finds the memory, the caches or the threads of another.

The process that asks stays small and idle: on Linux the peak memory of a process begins with that of the one that
started it, and a second busy process would take time from the one that is measured.
"""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


def answer_of(module: str, *words: str) -> Any:
    """What ``python -m MODULE WORD ...`` prints as JSON."""
    return answered(["-m", module, *words], ROOT)


def answered(words: list[str], folder: Path, surroundings: Mapping[str, str] | None = None) -> Any:
    """What Python prints as JSON, asked in a folder.

    Raises
    ------
    RuntimeError    it failed; with what it wrote
    """
    command = [sys.executable, *words]
    answer = subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, text=True)
    if answer.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} failed:\n{answer.stderr}")
    return json.loads(answer.stdout)


def peak_mb() -> float:
    """Peak resident memory of this process so far, MB."""
    unit = 1.0 if sys.platform == "darwin" else 1024.0  # Linux counts kilobytes, macOS bytes
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def resident_mb() -> float:
    """Resident memory of this process now, MB; where the system does not tell, its peak so far."""
    pages = Path("/proc/self/statm")
    if not pages.is_file():
        return peak_mb()
    return int(pages.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def load_average() -> float | None:
    """How busy the machine has been in the last minute, in processes; None where the system does not tell."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else None
