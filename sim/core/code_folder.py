"""Where machine code is kept between one start of Python and the next: a folder that nobody else can write to.

What is read back is run, so it must be our own. The first of these that will do:

1. ``coproduce/DIGEST`` in ``NUMBA_CACHE_DIR``, else in ``XDG_CACHE_HOME``, else in ``~/.cache``
2. a temporary folder, for this process and for those that it starts, removed when it ends
3. none: each process compiles for itself

Whoever gets less than the first is told so, in one line on stderr by way of the logger ``coproduce``.
"""

import atexit
import logging
import os
import re
import shutil
import stat
import tempfile
import time
from functools import cache
from pathlib import Path

SETTING = "NUMBA_CACHE_DIR"
KEPT_DAYS = 30.0  # folders of other versions that have not been used for so long are removed
log = logging.getLogger("coproduce")


class Unusable(Exception):
    """A folder that code cannot be kept in. The message says why."""

    def __init__(self, why: str, readable: Path | None = None) -> None:
        super().__init__(why)
        self.readable = readable  # what stands there can be trusted, but nothing added


@cache
def tell(line: str) -> None:
    """Say a line once in a process."""
    log.warning("coproduce: %s", line)


@cache
def code_folder(digest: str) -> Path | None:
    """The folder for code compiled from source of this digest; None if there is nowhere to keep it."""
    try:
        return _opened(_base(), digest)
    except Unusable as bad:
        return _temporary(digest, bad)


def _base() -> Path:
    """The folder of all caches, as the environment or the home folder gives it."""
    if os.environ.get(SETTING):
        return Path(os.environ[SETTING]).absolute()
    caches = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if caches.is_absolute():  # the standard has a relative one ignored
        return caches
    try:
        home = Path(os.environ["HOME"]) if "HOME" in os.environ else Path.home()
    except RuntimeError:  # this user has no entry among the accounts of the machine
        home = Path()
    if not home.is_absolute():
        raise Unusable("there is no home folder to keep compiled rules in")
    return home / ".cache"


def _opened(base: Path, digest: str) -> Path:
    """The folder in a base, made if need be, once it is sure that nobody else can have written to it."""
    real = Path(os.path.realpath(base))
    ours = real / "coproduce"
    folder = ours / digest
    try:
        for above in (_nearest(real), ours):
            _refuse_if_shared(above)
        is_new = not folder.exists()
        if is_new:
            ours.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.mkdir(mode=0o700, exist_ok=True)
        _refuse_if_open(folder)
        _try_writing(folder)
        os.utime(folder)  # the mark of its last use
    except OSError as bad:
        raise Unusable(f"compiled rules cannot be kept in {folder}: {bad.strerror or bad}") from None
    if is_new:
        _remove_unused(ours)
    return folder


def _nearest(path: Path) -> Path:
    """The path itself, or what there is of it."""
    return next(there for there in (path, *path.parents) if there.exists())


def _refuse_if_shared(folder: Path) -> None:
    """Raise if somebody else could put another folder in the place of one in here."""
    if not hasattr(os, "geteuid") or not folder.exists():  # where there are no such owners, the system sees to it
        return
    found = folder.stat()
    _refuse_strangers(folder, found)
    if found.st_mode & stat.S_IWOTH and not found.st_mode & stat.S_ISVTX:
        raise Unusable(f"compiled rules are not kept in {folder}: everybody may write there")


def _refuse_if_open(folder: Path) -> None:
    """Raise if somebody else could have put code into the folder or into one inside it."""
    if not hasattr(os, "geteuid"):
        return
    found = folder.lstat()
    is_closed = not found.st_mode & (stat.S_IRWXG | stat.S_IRWXO)  # then nobody reaches what lies inside
    for path in (folder, *([] if is_closed else sorted(folder.rglob("*")))):
        found = path.lstat()
        _refuse_strangers(path, found)
        if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise Unusable(f"the compiled rules in {folder} are not used: others may write to {path}")


def _refuse_strangers(path: Path, found: os.stat_result) -> None:
    if found.st_uid not in (os.geteuid(), 0):
        raise Unusable(f"compiled rules are not kept in {path}: it belongs to another user")


def _try_writing(folder: Path) -> None:
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as bad:
        raise Unusable(f"compiled rules cannot be kept in {folder}: {bad.strerror}", readable=folder) from None


def _temporary(digest: str, why: Unusable) -> Path | None:
    """A folder that goes with this process, filled with what can be read of the usual one."""
    try:
        base = Path(tempfile.mkdtemp(prefix="coproduce-"))
        atexit.register(_remove_with, os.getpid(), base)
        folder = base / "coproduce" / digest
        folder.parent.mkdir(mode=0o700)
        if why.readable:
            shutil.copytree(why.readable, folder, copy_function=shutil.copyfile)
            folder.chmod(0o700)
        else:
            folder.mkdir(mode=0o700)
    except OSError:
        tell(f"{why}; there is no room for temporary files either, so each process compiles them anew")
        return None
    os.environ[SETTING] = str(base)  # for the processes that this one starts
    tell(f"{why}; they stand in a temporary folder until this ends")
    return folder


def _remove_with(owner: int, folder: Path) -> None:
    """Remove a temporary folder with the process that made it, not with one forked from that."""
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_unused(ours: Path) -> None:
    """Remove the code of other versions that has not been used for long."""
    last = time.time() - KEPT_DAYS * 86_400
    for path in ours.iterdir():
        is_code = re.fullmatch("[0-9a-f]{16,}", path.name) and path.is_dir() and not path.is_symlink()
        if is_code and path.stat().st_mtime < last:
            shutil.rmtree(path, ignore_errors=True)
