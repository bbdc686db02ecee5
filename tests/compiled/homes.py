"""Homes with a compile cache of their own, and a process that calls one small rule there."""

import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from sim.core.compiled import LOADED

ROOT = Path(__file__).resolve().parents[2]
NOBODY = 54_321  # no such account
as_root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can be somebody else")


class Home:
    """A home folder of its own, a folder for temporary files, and a folder to stand in."""

    def __init__(self, path):
        self.caches, self.temporary, self.here = (path / name for name in ("home/.cache", "temporary", "here"))
        for folder in (self.caches, self.temporary, self.here):
            folder.mkdir(parents=True)
        self.code = self.caches / "coproduce" / LOADED

    def start(self, *words, limit=None, **surroundings):
        """Call the small rule in a process; its result, whether compiled or read, and what it said on stderr."""
        set_here = {"HOME": str(self.caches.parent), "TMPDIR": str(self.temporary), "PYTHONPATH": str(ROOT)}
        dropped = ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME")
        names = {**{k: v for k, v in os.environ.items() if k not in dropped}, **set_here, **surroundings}
        names = {name: value for name, value in names.items() if value is not None}
        command = [sys.executable, "-m", "tests.compiled.one_rule", *map(str, words)]
        ended = subprocess.run(command, cwd=self.here, env=names, capture_output=True, text=True, timeout=120,
                               preexec_fn=limit)  # fmt: skip
        assert ended.returncode == 0, ended.stderr
        assert left(self.temporary) == []
        assert left(self.here) == []
        return ended.stdout, ended.stderr

    def files(self, suffix):
        """Files of the one rule."""
        return sorted(self.code.rglob(f"one_rule*.{suffix}"))

    def give(self, path, owner):
        """Hand a folder and all in it to another user."""
        for each in (path, *path.rglob("*")):
            os.chown(each, owner, owner)


def left(folder):
    return sorted(folder.iterdir())


@contextmanager
def new_home():
    """Elsewhere than tmp_path, which other users cannot reach."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Home(Path(folder))


def assert_one_line(said, *parts):
    assert said.count("\n") == 1, said
    assert said.startswith("coproduce: ")
    for part in parts:
        assert part in said
