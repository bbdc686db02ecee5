"""Set up, run and test coproduce, with nothing installed beforehand but Python.

    python3 dev.py run     one study from scenario to report: results/tallahassee-michael/report.html
    python3 dev.py test    the tests

Either command first makes .venv beside this file and installs into it the exact versions of constraints.txt
(a minute or two, once; again only when pyproject.toml or constraints.txt change). Each step is printed
before it runs, so that you can repeat it by hand. More words after the command go on to the tool behind it:

    python3 dev.py run classroom --seed 7     instead of the study above: coproduce run classroom --seed 7
    python3 dev.py run --help                 what coproduce run can do
    python3 dev.py test -k outreach           only the tests whose names speak of outreach
"""

import hashlib
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys

OLDEST_PYTHON = (3, 11)
MAIN_STUDY = ["tallahassee-michael", "--replicates", "10", "--out", "results/tallahassee-michael", "--report"]

ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(ROOT, ".venv")
BIN = os.path.join(VENV, "Scripts" if os.name == "nt" else "bin")
PYTHON = os.path.join(BIN, "python.exe" if os.name == "nt" else "python")
STAMP = os.path.join(VENV, "coproduce-setup")
UNFINISHED = "unfinished"
INTERRUPTED = 130


class Stop(Exception):
    """The end, with one line for the reader and an exit code for the shell."""

    def __init__(self, line, code):
        super().__init__(line)
        self.code = code


def main(words):
    try:
        if sys.version_info[:2] < OLDEST_PYTHON:
            here, oldest = dotted(sys.version_info), dotted(OLDEST_PYTHON)
            raise Stop(f"coproduce needs Python {oldest} or newer; this is {here}", 2)
        if not words or words[0] in ("-h", "--help", "help"):
            print(__doc__.strip())
            return 0 if words else 2
        command, *more = words
        if command not in ("run", "test"):
            raise Stop(f"no command {command!r}; there are run and test (python3 dev.py --help)", 2)
        make_ready()
        if command == "test":
            step([PYTHON, "-m", "pytest", *more])
        elif more:
            step([os.path.join(BIN, "coproduce"), "run", *more], folder=os.getcwd())
        else:
            step([os.path.join(BIN, "coproduce"), "run", *MAIN_STUDY])
    except Stop as stop:
        print(f"dev.py: {stop}", file=sys.stderr)
        return stop.code
    except OSError as problem:
        print(f"dev.py: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("dev.py: interrupted", file=sys.stderr)
        return INTERRUPTED
    return 0


def make_ready():
    """Leave a .venv that holds what pyproject.toml and constraints.txt ask for."""
    wanted, found = fingerprint(), read(STAMP).decode(errors="replace")
    if found == wanted and os.path.exists(PYTHON):
        return
    if os.path.lexists(VENV) and (found == UNFINISHED or not usable()):
        say("the .venv here is unfinished, broken or of another Python: making it again")
        shutil.rmtree(VENV)
    if not os.path.exists(VENV):
        need_venv()
        os.mkdir(VENV)
        write(STAMP, UNFINISHED)
        step([sys.executable, "-m", "venv", VENV])
    write(STAMP, UNFINISHED)
    say("installing into .venv; this takes a minute or two, once")
    project = ["-e", ".[test]", "-c", "constraints.txt"]
    step([PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", *project])
    write(STAMP, wanted)


def fingerprint():
    """What the .venv depends on: two files, where it stands (its scripts name the folder), which Python."""
    parts = [read(os.path.join(ROOT, name)) for name in ("pyproject.toml", "constraints.txt")]
    parts += [VENV.encode(), dotted(sys.version_info).encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def usable():
    """Does the .venv answer, with pip, as the Python that runs this file?"""
    ask = "import sys, pip; sys.exit('%d.%d' % sys.version_info[:2] != sys.argv[1])"
    try:
        answer = subprocess.run([PYTHON, "-c", ask, dotted(sys.version_info)], capture_output=True)
    except OSError:
        return False
    return answer.returncode == 0


def need_venv():
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        cure = "sudo apt install python3-venv (Debian, Ubuntu)"
        raise Stop(f"this Python lacks {' and '.join(missing)}, to make .venv with; install it: {cure}", 2)


def step(command, folder=ROOT):
    """Print a command, run it in a folder, and stop if it fails."""
    shown = shlex.join(short(word, folder) for word in command)
    print(f"$ {shown}", flush=True)
    # With bytecode off, every start of Python and of every worker would compile all libraries anew.
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(command, cwd=folder, env=surroundings)
    try:
        code = process.wait()
    except KeyboardInterrupt:
        let_end(process)
        raise
    if code in (INTERRUPTED, -2):
        raise KeyboardInterrupt
    if code:
        raise Stop(f"`{shown}` ended with exit code {code}", code if code > 0 else 128 - code)


def let_end(process):
    """Ctrl-C reached the child too: give it time to save what it has."""
    try:
        process.wait(timeout=10)
    except (KeyboardInterrupt, subprocess.TimeoutExpired):
        process.kill()
        process.wait()


def say(line):
    print(f"dev.py: {line}", flush=True)


def short(word, folder):
    """A path inside the checkout, as one would type it from the folder."""
    return os.path.relpath(word, folder) if word.startswith(ROOT + os.sep) else word


def dotted(version):
    return "{}.{}".format(*version[:2])


def read(path):
    if not os.path.isfile(path):
        return b""
    with open(path, "rb") as file:
        return file.read()


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
