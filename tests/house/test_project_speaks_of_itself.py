"""What is committed holds on any machine: it names no download server and no folder of its writers."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Each pattern is written in two halves, so that this file does not find itself.
SERVERS = [
    r"\w+://\S*/sim" + r"ple(?![\w-])",
    r"py" + r"pi\.org/simple",
    r"files\.python" + r"hosted",
    r"index" + r"[-_]url",
    r"find" + r"[-_]links",
    r"trusted" + r"[-_]host",
]
# An absolute path follows a blank, a quote or a bracket; a folder in a web address or relative path does not.
PATHS = [r"(?<![\w.:}~/-])/(wo" + r"rk|root|home|Users)/\w"]
LOCK_FILES = {"uv" + ".lock", "pylock" + ".toml", "poetry" + ".lock", "pdm" + ".lock", "Pipfile" + ".lock"}


@pytest.fixture(scope="module")
def tracked():
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    answer = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if answer.returncode != 0:
        pytest.skip("not a git checkout")
    names = [name for name in answer.stdout.split("\0") if (ROOT / name).is_file()]
    return names or pytest.skip("nothing is committed yet")


def lines_of(name):
    """The numbered lines of a text file; none of a binary one."""
    try:
        text = (ROOT / name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return []
    return [] if "\0" in text else list(enumerate(text.splitlines(), start=1))


def places(names, patterns):
    sought = re.compile("|".join(patterns))
    return [
        f"{name}:{number}: {line.strip()[:120]}"
        for name in names
        for number, line in lines_of(name)
        if sought.search(line)
    ]


def test_no_tracked_file_names_a_download_server(tracked):
    found = places(tracked, SERVERS)
    assert not found, "\n" + "\n".join(found)


def test_no_tracked_file_holds_a_path_of_one_machine(tracked):
    found = places(tracked, PATHS)
    assert not found, "\n" + "\n".join(found)


def test_no_lock_file_that_names_servers_is_tracked(tracked):
    assert not [name for name in tracked if Path(name).name in LOCK_FILES]


def test_constraints_are_exact_versions_and_nothing_else():
    exact = re.compile(r"[A-Za-z0-9._-]+==[\w.+!]+( ?; ?.+)?")
    assert not [line for number, line in lines_of("constraints.txt") if not exact.fullmatch(line)]


@pytest.mark.parametrize(
    ("line", "patterns"),
    [
        ("--extra-index" + "-url https://example.org/x", SERVERS),
        ("https://example.org/api/pypi/sim" + "ple/", SERVERS),
        ("https://files.python" + "hosted.org/packages/a.whl", SERVERS),
        ('DATA = "/wo' + 'rk/data/places.csv"', PATHS),
        ("(see /ro" + "ot/notes.md)", PATHS),
    ],
)
def test_the_patterns_find_what_they_seek(line, patterns):
    assert re.search("|".join(patterns), line)


@pytest.mark.parametrize(
    "line",
    [
        "https://example.org/wo" + "rk/paper.pdf",
        "scenarios/sim" + "ple/one.toml",
        "field/wo" + "rk/notes",
        "a simple index, a url",
    ],
)
def test_the_patterns_leave_ordinary_words_alone(line):
    assert not re.search("|".join(SERVERS + PATHS), line)
