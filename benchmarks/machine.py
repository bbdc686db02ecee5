"""Where figures come from: processor, system and versions."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PACKAGES = ("coproduce", "mesa", "numpy", "numba", "scipy", "distributed")


def machine() -> dict[str, Any]:
    """Processor, system and versions."""
    return {
        "cpu": cpu_name(),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "versions": {name: version_of(name) for name in PACKAGES},
    }


def cpu_name() -> str:
    """What the processor calls itself."""
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def version_of(package: str) -> str:
    """Installed version."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def in_words(found: dict[str, Any]) -> str:
    """A line for the machine, one for Python and one for the libraries."""
    versions = ", ".join(f"{name} {number}" for name, number in found["versions"].items())
    return f"{found['cpu']}, {found['cores']} cores; {found['system']}\nPython {found['python']}\n{versions}"
