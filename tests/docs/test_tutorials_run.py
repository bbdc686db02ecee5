"""Each tutorial runs as a plain script in an empty folder, with warnings as errors, and shows what it promises."""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
TUTORIALS = sorted((ROOT / "docs" / "tutorials").glob("*.py"))
AT_ONCE = 2
LONGEST_S = 240  # also on a machine that has to compile the rules first
LEAST_WORDS, MOST_WORDS = 150, 1500  # of prose and code: five to ten minutes

pytestmark = pytest.mark.slow


class Ran(NamedTuple):
    """A tutorial that has been run."""

    answer: subprocess.CompletedProcess
    folder: Path


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """All tutorials, two at a time."""
    folders = [tmp_path_factory.mktemp(path.stem) for path in TUTORIALS]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip(TUTORIALS, pool.map(_run, TUTORIALS, folders), strict=True))


def _run(path, folder):
    surroundings = {**os.environ, "MPLBACKEND": "Agg", "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-W", "error", str(path)]
    return Ran(
        subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, encoding="utf-8", timeout=LONGEST_S),
        folder,
    )


def test_there_are_seven():
    assert len(TUTORIALS) == 7


@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
def test_a_tutorial_runs_without_a_warning_and_prints_its_numbers(ran, path):
    answer, _ = ran[path]
    assert answer.returncode == 0, answer.stderr[-2000:]
    assert answer.stderr == ""
    assert len(re.findall(r"\d", answer.stdout)) > 50


@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
def test_a_tutorial_draws_every_picture_that_it_saves(ran, path):
    promised = re.findall(r'save\((?:\s*figure,\s*)?"([^"]+\.png)"', path.read_text(encoding="utf-8"))
    drawn = {file.name: file.stat().st_size for file in ran[path].folder.glob("*.png")}
    assert promised
    assert set(drawn) == set(promised)
    assert min(drawn.values()) > 10_000


@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
def test_a_tutorial_says_what_it_is_for_and_ends_with_three_questions(path):
    text = path.read_text(encoding="utf-8")
    first, last = text.split("# %%")[1], text.split("# %%")[-1]
    assert re.match(r" \[markdown\]\n# # \w", first)
    assert "**Afterwards you can**" in first
    assert re.findall(r"^# (\d)\. ", last.split("## Three questions to try")[1], flags=re.MULTILINE) == ["1", "2", "3"]
    assert LEAST_WORDS < len(text.split()) < MOST_WORDS


@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
def test_a_tutorial_uses_no_private_name(path):
    text = path.read_text(encoding="utf-8")
    assert not re.findall(r"(?:import|\.)\s?(_[a-z]\w*)", text)


@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
def test_a_tutorial_becomes_a_notebook(path, tmp_path):
    jupytext = pytest.importorskip("jupytext", reason="jupytext is not installed: pip install '.[docs]'")
    nbformat = pytest.importorskip("nbformat")
    notebook = jupytext.read(path)
    jupytext.write(notebook, tmp_path / "tutorial.ipynb")
    back = nbformat.read(tmp_path / "tutorial.ipynb", as_version=4)
    kinds = [cell.cell_type for cell in back.cells]
    assert kinds[0] == "markdown"
    assert kinds.count("code") >= 4
    assert any(cell.source.startswith("%matplotlib inline") for cell in back.cells)
