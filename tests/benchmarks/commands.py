"""The command, as a user gives it."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def answer_to(*words):
    """What becomes of ``python -m benchmarks``."""
    return subprocess.run([sys.executable, "-m", "benchmarks", *words], cwd=ROOT, capture_output=True, text=True)


def figures_of(folder, *parts):
    """What the command prints and keeps at quick sizes."""
    answer = answer_to(*parts, "--quick", "--json", str(folder / "figures.json"))
    assert answer.returncode == 0, answer.stderr
    return answer.stdout, json.loads((folder / "figures.json").read_text(encoding="utf-8"))
