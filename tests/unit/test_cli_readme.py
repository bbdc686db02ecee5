"""The README shows what the program prints. ``python -m tests.unit.test_cli_readme`` writes it anew."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from sim import load

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
SHOWN = re.compile(r"```console\n\$ coproduce (.+)\n((?:.*\n)*?)```")
ASKED = re.compile(r"^coproduce (\w+) *(\S*)(.*?)(?: +#.*)?$", re.MULTILINE)
CUT = re.compile(r"\.\.\. \(\d+ more lines\)")  # ends an output of which only the beginning is shown
LARGEST_PICTURE = 200_000  # bytes


def printed(words):
    answer = CliRunner().invoke(app, shlex.split(words))
    assert answer.exit_code == 0, answer.output
    return "".join(f"{line.rstrip()}\n" for line in answer.stdout.rstrip().splitlines())


def shown(words, before):
    """What a command prints; as far as it was shown before, where that was cut short."""
    lines, kept = printed(words).splitlines(), before.splitlines()
    if not kept or not CUT.fullmatch(kept[-1]):
        return "".join(f"{line}\n" for line in lines)
    lines[len(kept) - 1 :] = [f"... ({len(lines) - len(kept) + 1} more lines)"]
    return "".join(f"{line}\n" for line in lines)


def test_each_output_in_the_readme_is_what_its_command_prints():
    found = SHOWN.findall(README.read_text(encoding="utf-8"))
    assert found
    for words, output in found:
        assert output == shown(words, output), "python -m tests.unit.test_cli_readme writes it anew"


def test_each_scenario_and_option_in_the_readme_exists():
    commands = ASKED.findall(README.read_text(encoding="utf-8"))
    assert len(commands) > 5
    for command, name, rest in commands:
        known = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200"}).stdout
        for option in re.findall(r"--[a-z-]+", rest):
            assert option in known
        if command in ("run", "show"):
            changes = dict(change.split("=") for change in re.findall(r"--set (\S+)", rest))
            load(name).but({path: int(v) if v.isdigit() else v for path, v in changes.items()})


@pytest.mark.parametrize("target", re.findall(r"\]\((?!http)([^)]+)\)", README.read_text(encoding="utf-8")))
def test_each_file_that_the_readme_points_to_is_there(target):
    assert (ROOT / target).is_file()


def test_pictures_of_the_readme_are_small():
    for path in (ROOT / "docs" / "images").glob("*.png"):
        assert path.stat().st_size < LARGEST_PICTURE


def rewrite():
    def anew(match):
        return f"```console\n$ coproduce {match[1]}\n{shown(*match.groups())}```"

    README.write_text(SHOWN.sub(anew, README.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    rewrite()
