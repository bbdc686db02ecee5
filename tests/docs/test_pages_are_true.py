"""Commands on the pages exist, and so do the scenarios, changes and studies that they name."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from experiments.designs.study_files import studies
from sim import shipped, shipped_changes

ROOT = Path(__file__).resolve().parents[2]
FOR_THOSE_WHO_WORK_ON_IT = [ROOT / name for name in ("ARCHITECTURE.md", "CONTRIBUTING.md", "RELEASING.md")]
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


@pytest.mark.parametrize(
    "path", [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))], ids=lambda p: p.stem
)
def test_files_that_a_page_points_to_are_there(path):
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)[^)]*\)", path.read_text(encoding="utf-8"))
    assert not [target for target in targets if not (path.parent / target).exists()]


@pytest.mark.parametrize("path", FOR_THOSE_WHO_WORK_ON_IT, ids=lambda path: path.stem)
def test_what_is_named_to_those_who_work_on_it_is_there(path):
    text = path.read_text(encoding="utf-8")
    named = re.findall(r"`((?:sim|analysis|experiments|app|benchmarks|tests|scenarios|docs)/[\w/.]*)`", text)
    modules = [name.replace(".", "/") for name in re.findall(r"python -m ([a-z_.]+)", text) if "." in name]
    assert named
    assert not [name for name in named if not (ROOT / name).exists() and "KIND" not in name]
    assert not [name for name in modules if not (ROOT / name).is_dir() and not (ROOT / f"{name}.py").exists()]


def test_the_version_is_the_same_wherever_it_stands():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\n## [{version}] – " in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
