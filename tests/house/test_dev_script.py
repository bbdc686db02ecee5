"""dev.py as a newcomer meets it: in a scratch folder, with a stand-in where Python would install."""

import ast
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = (ROOT / "dev.py").read_text(encoding="utf-8")

# Stands for every program of the .venv, and for the Python that makes it: notes how it was called.
STAND_IN = """#!/bin/sh
here=$(dirname "$0")
case "$1" in -c) exit "${USABLE:-0}";; esac
echo "$(basename "$0") $* [bytecode off: ${PYTHONDONTWRITEBYTECODE:-no}]" >> "$CALLS"
echo "ran $(basename "$0")"
case "$*" in "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" && cp "$0" "$3/bin/coproduce";; esac
case "$*" in *"$FAIL"*) exit 3;; esac
case "$*" in *"$LINGER"*) exec sleep 20;; esac
"""
# Runs dev.py after changing something in its Python: `exec` keeps its own file name and arguments.
CHANGED = "import runpy, sys; {change}; sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"
posix_only = pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")


class Checkout:
    """A folder with dev.py and the two files it reads, and a record of what dev.py called."""

    def __init__(self, folder):
        self.folder, self.calls_file = folder, folder / "calls.txt"
        self.venv, self.stamp = folder / ".venv", folder / ".venv" / "coproduce-setup"
        for name in ("dev.py", "pyproject.toml", "constraints.txt"):
            shutil.copy(ROOT / name, folder)
        self.maker = folder / "maker"
        self.maker.write_text(STAND_IN)
        self.maker.chmod(self.maker.stat().st_mode | stat.S_IXUSR)

    def command(self, *words, change="pass"):
        return [sys.executable, "-c", CHANGED.format(change=change), str(self.folder / "dev.py"), *words]

    def surroundings(self, **more):
        never = "no such word"
        return {**os.environ, "CALLS": str(self.calls_file), "FAIL": never, "LINGER": never, **more}

    def dev(self, *words, change="pass", **more):
        command, surroundings = self.command(*words, change=change), self.surroundings(**more)
        return subprocess.run(command, cwd=self.folder, env=surroundings, capture_output=True, text=True)

    def dev_installing(self, *words, **more):
        return self.dev(*words, change=f"sys.executable = {str(self.maker)!r}", **more)

    def calls(self):
        lines = self.calls_file.read_text().splitlines() if self.calls_file.exists() else []
        self.calls_file.unlink(missing_ok=True)
        return [line.split(" [")[0] for line in lines]


@pytest.fixture
def checkout(tmp_path):
    return Checkout(tmp_path)


@pytest.fixture
def ready(checkout):
    """A checkout whose .venv is there already."""
    assert checkout.dev_installing("test").returncode == 0
    checkout.calls()
    return checkout


def assert_one_line(answer, code, *words):
    assert answer.returncode == code
    assert answer.stderr.count("\n") == 1, answer.stderr
    for word in words:
        assert word in answer.stderr


def test_help_teaches_both_commands(checkout):
    answer = checkout.dev("--help")
    assert answer.returncode == 0
    assert "python3 dev.py run" in answer.stdout
    assert "python3 dev.py test" in answer.stdout
    assert answer.stderr == ""


def test_without_a_command_it_shows_the_help_and_does_nothing(checkout):
    answer = checkout.dev()
    assert (answer.returncode, answer.stdout) == (2, checkout.dev("--help").stdout)
    assert not checkout.venv.exists()


def test_an_unknown_command_gets_one_line_that_names_the_known_ones(checkout):
    assert_one_line(checkout.dev("tset"), 2, "'tset'", "run and test")


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_that_cannot_make_environments_is_told_what_to_install(checkout, module):
    answer = checkout.dev("run", change=f"sys.modules[{module!r}] = None")
    assert_one_line(answer, 2, module, "sudo apt install python3-venv")
    assert not checkout.venv.exists()


def test_an_old_python_gets_one_line(checkout):
    assert_one_line(checkout.dev("run", change="sys.version_info = (3, 9, 2)"), 2, "3.11 or newer", "is 3.9")


def test_an_old_python_can_read_the_script_far_enough_to_say_so():
    ast.parse(SOURCE, feature_version=(3, 6))


def test_the_script_needs_only_the_standard_library():
    nodes = list(ast.walk(ast.parse(SOURCE)))
    imported = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} <= sys.stdlib_module_names


@posix_only
def test_the_first_run_makes_the_environment_installs_and_runs_the_main_study(checkout):
    answer = checkout.dev_installing("run")
    assert answer.returncode == 0, answer.stderr
    assert checkout.calls() == [
        f"maker -m venv {checkout.venv}",
        "python -m pip install -q --disable-pip-version-check -e .[test] -c constraints.txt",
        "coproduce run tallahassee-michael --replicates 10 --out results/tallahassee-michael --report",
    ]
    assert "takes a minute or two" in answer.stdout


@posix_only
def test_the_second_run_installs_nothing(ready):
    assert ready.dev_installing("run").returncode == 0
    assert [call.split()[0] for call in ready.calls()] == ["coproduce"]


@posix_only
def test_words_after_run_replace_the_main_study(ready):
    ready.dev("run", "classroom", "--seed", "7")
    assert ready.calls() == ["coproduce run classroom --seed 7"]


@posix_only
def test_words_after_test_reach_pytest(ready):
    ready.dev("test", "-k", "outreach", "--help")
    assert ready.calls() == ["python -m pytest -k outreach --help"]


@posix_only
def test_each_command_is_printed_before_it_runs(ready):
    lines = ready.dev("test", "-x").stdout.splitlines()
    assert lines == ["$ .venv/bin/python -m pytest -x", "ran python"]


@posix_only
def test_a_failing_step_is_named_with_its_exit_code(ready):
    answer = ready.dev("test", "-x", FAIL="pytest")
    assert_one_line(answer, 3, "`.venv/bin/python -m pytest -x`", "exit code 3")


@posix_only
def test_a_failed_installation_is_begun_anew_next_time(checkout):
    assert_one_line(checkout.dev_installing("run", FAIL="pip install"), 3, "pip install", "exit code 3")
    (checkout.venv / "leftover").touch()
    assert checkout.dev_installing("run").returncode == 0
    assert not (checkout.venv / "leftover").exists()


@posix_only
@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_a_changed_requirement_is_installed_into_the_same_environment(ready, name):
    with open(ready.folder / name, "a") as file:
        file.write("\n")
    (ready.venv / "kept").touch()
    assert ready.dev_installing("test").returncode == 0
    assert [call.split()[2] for call in ready.calls()] == ["pip", "pytest"]
    assert (ready.venv / "kept").exists()


@posix_only
def test_a_broken_environment_is_made_again(ready):
    ready.stamp.unlink()
    assert ready.dev_installing("test", USABLE="1").returncode == 0
    assert [call.split()[2] for call in ready.calls()] == ["venv", "pip", "pytest"]


@posix_only
def test_an_environment_without_python_is_made_again(ready):
    (ready.venv / "bin" / "python").unlink()
    assert ready.dev_installing("test").returncode == 0
    assert [call.split()[2] for call in ready.calls()] == ["venv", "pip", "pytest"]


@posix_only
def test_bytecode_is_written_even_where_the_surroundings_say_no(checkout):
    checkout.dev_installing("run", PYTHONDONTWRITEBYTECODE="1")
    assert checkout.calls_file.read_text().count("[bytecode off: no]") == 3


@posix_only
def test_ctrl_c_ends_with_one_line_and_130(ready):
    # A test run in the background of a script would pass on that it ignores Ctrl-C.
    listening = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    process = subprocess.Popen(
        ready.command("test", change=listening),
        cwd=ready.folder,
        env=ready.surroundings(LINGER="pytest"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while not ready.calls_file.exists() and process.poll() is None:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (130, "dev.py: interrupted\n")
