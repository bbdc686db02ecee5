"""Commands on the pages exist, and so do the scenarios, changes and studies that they name."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from experiments.designs.study_files import studies
from sim import shipped, shipped_changes

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "docs" / "index.md", *sorted((ROOT / "docs" / "tutorials").glob("*.py"))]
COMMAND = re.compile(r"^(?:# )?coproduce (\w[^#\n]*)", re.MULTILINE)
KNOWN = {"run": shipped, "show": shipped, "compare": shipped, "demo": shipped, "new": dict, "sensitivity": studies,
         "sweep": studies, "list": dict}  # fmt: skip


def commands(path):
    return [shlex.split(line) for line in COMMAND.findall(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_commands_on_a_page_exist_with_their_options(path):
    for command, *words in commands(path):
        help_text = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "300"})
        assert help_text.exit_code == 0, command
        for option in (word for word in words if word.startswith("--")):
            assert re.search(rf"{option}\b", help_text.stdout), f"{command} {option}"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_names_on_a_page_are_shipped(path):
    for command, *words in commands(path):
        name = words[0] if words and not words[0].startswith("-") else None
        if name is not None and not name.endswith(".toml") and KNOWN[command] is not dict:
            assert name in KNOWN[command](), f"coproduce {command} {name}"
        for change in (word for word in words if word.startswith("outreach/")):
            assert change in shipped_changes()


def test_the_first_page_shows_commands_for_each_of_the_three_readers():
    parts = PAGES[0].read_text(encoding="utf-8").split("\n### ")[1:]
    assert len(parts) == 3
    assert all(COMMAND.search(part) for part in parts)
    assert all(re.search(r"\]\([\w/.-]+\)", part) for part in parts)


@pytest.mark.parametrize("path", sorted((ROOT / "docs").glob("*.md")), ids=lambda path: path.stem)
def test_files_that_a_page_points_to_are_there(path):
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)[^)]*\)", path.read_text(encoding="utf-8"))
    assert not [target for target in targets if not (path.parent / target).exists()]
