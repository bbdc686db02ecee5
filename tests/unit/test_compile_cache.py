"""The compile cache: it never sinks a run, never runs what another user may have written, and leaves nothing behind."""

import os
import pickle
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from sim.core import code_folder
from sim.core.compiled import COMPILED, LOADED

ROOT = Path(__file__).resolve().parents[2]
NOBODY = 54_321  # no such account
pytestmark = pytest.mark.skipif(not COMPILED, reason="nothing is compiled")
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
        command = [sys.executable, "-m", "tests.unit.one_rule", *map(str, words)]
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


@pytest.fixture
def home():
    with new_home() as home:
        yield home


@pytest.fixture(scope="module")
def compiled():
    """A home in which the rule has been compiled, to be copied."""
    with new_home() as home:
        home.start()
        yield home


@pytest.fixture
def used(home, compiled):
    """A home in which the rule has been compiled."""
    shutil.copytree(compiled.caches, home.caches, dirs_exist_ok=True)
    return home


def assert_one_line(said, *parts):
    assert said.count("\n") == 1, said
    assert said.startswith("coproduce: ")
    for part in parts:
        assert part in said


def test_code_is_kept_where_only_its_owner_can_write_and_read_back(used):
    assert stat.S_IMODE(used.code.stat().st_mode) == 0o700
    assert used.start() == ("42 read\n", "")


@pytest.mark.parametrize("setting", ["NUMBA_CACHE_DIR", "XDG_CACHE_HOME"])
def test_settings_say_where_and_the_digest_of_the_source_holds_there_too(home, tmp_path, setting):
    chosen = tmp_path / "chosen"
    assert home.start(**{setting: str(chosen)}) == ("42 compiled\n", "")
    assert left(chosen / "coproduce") == [chosen / "coproduce" / LOADED]
    assert left(home.caches) == []


@pytest.mark.parametrize("value", ["", "here"])
def test_a_home_that_is_no_place_leaves_no_folder_in_the_one_we_stand_in(home, value):
    answer, said = home.start(HOME=value)
    assert answer == "42 compiled\n"
    assert_one_line(said, "there is no home folder", "temporary folder")


@as_root
def test_a_user_without_account_and_home_gets_a_temporary_folder(home):
    os.chown(home.temporary, NOBODY, NOBODY)
    answer, said = home.start(NOBODY, HOME=None)
    assert answer == "42 compiled\n"
    assert_one_line(said, "there is no home folder", "temporary folder")


@as_root
def test_a_cache_that_cannot_be_written_is_read_and_otherwise_done_without(used):
    os.chown(used.temporary, NOBODY, NOBODY)
    answer, said = used.start(NOBODY)
    assert answer == "42 compiled\n"
    assert_one_line(said, str(used.caches), "Permission denied")
    for path in used.caches.rglob("*"):
        path.chmod(0o755)
    answer, said = used.start(NOBODY)
    assert answer == "42 read\n"
    assert_one_line(said, str(used.code), "Permission denied")


class Trap:
    """Pickled code that leaves a mark when it is read back."""

    def __init__(self, mark):
        self.mark = mark

    def __reduce__(self):
        return os.mkdir, (str(self.mark),)


@pytest.fixture
def trapped(used, tmp_path):
    """A home in whose cache somebody has put code of theirs; with its mark."""
    for path in used.files("nb?"):
        path.write_bytes(pickle.dumps(Trap(tmp_path / "mark")))
    return used, tmp_path / "mark"


@as_root
def test_code_of_another_user_is_not_run(trapped):
    home, mark = trapped
    home.give(home.code, NOBODY)
    answer, said = home.start()
    assert answer == "42 compiled\n"
    assert_one_line(said, str(home.code), "belongs to another user")
    assert not mark.exists()


@as_root
@pytest.mark.parametrize("of", [".", ".."])
def test_a_folder_of_caches_of_another_user_is_not_used(trapped, of):
    home, mark = trapped
    os.chown(home.code.parent / of, NOBODY, NOBODY)
    answer, said = home.start()
    assert answer == "42 compiled\n"
    assert_one_line(said, "belongs to another user")
    assert not mark.exists()


@pytest.mark.parametrize("inside", [False, True])
def test_code_that_others_may_write_is_not_run(trapped, inside):
    home, mark = trapped
    home.code.chmod(0o755 if inside else 0o777)
    home.files("nbi")[0].chmod(0o666 if inside else 0o600)
    answer, said = home.start()
    assert answer == "42 compiled\n"
    assert_one_line(said, "others may write to")
    assert not mark.exists()


def test_a_folder_in_which_everybody_may_exchange_ours_is_not_used(trapped):
    home, mark = trapped
    home.caches.chmod(0o777)
    answer, said = home.start()
    assert answer == "42 compiled\n"
    assert_one_line(said, "everybody may write there")
    assert not mark.exists()


def flipped(content):
    """One bit of the machine code, well inside."""
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


@pytest.mark.parametrize(
    ("suffix", "damage"),
    [
        ("nbi", lambda content: content[: len(content) // 2]),
        ("nbi", lambda content: b"\xff" * len(content)),
        ("nbc", lambda content: content[: len(content) // 2]),
        ("nbc", flipped),
    ],
)
def test_damaged_files_are_compiled_anew_once(used, suffix, damage):
    path = used.files(suffix)[0]
    path.write_bytes(damage(path.read_bytes()))
    answer, said = used.start()
    assert answer == "42 compiled\n"
    assert_one_line(said, str(used.code), "damaged")
    assert used.start() == ("42 read\n", "")


def small_files():
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


def test_code_that_finds_no_room_is_done_without(home):
    answer, said = home.start(limit=small_files)
    assert answer == "42 compiled\n"
    assert_one_line(said, "cannot be kept", "compiled again next time")
    assert not list(home.code.rglob("*.tmp.*"))


def test_processes_share_the_temporary_folder_of_the_one_that_started_them(home):
    answer, said = home.start("again", HOME="")
    assert answer == "42 compiled\n42 read\n"
    assert_one_line(said, "temporary folder")


def test_without_any_room_there_is_no_folder_and_a_line_says_so(monkeypatch, caplog):
    def full(**_):
        raise FileNotFoundError("No usable temporary directory")

    for name, value in (("HOME", ""), ("XDG_CACHE_HOME", ""), ("NUMBA_CACHE_DIR", "")):
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(code_folder.tempfile, "mkdtemp", full)
    assert code_folder.code_folder.__wrapped__("digest") is None
    assert [r.getMessage() for r in caplog.records] == [
        "coproduce: there is no home folder to keep compiled rules in; there is no room for temporary files either, "
        "so each process compiles them anew"
    ]


def test_code_of_other_versions_goes_when_it_has_not_been_used_for_long(monkeypatch, tmp_path):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    long_ago = time.time() - 86_400 * (code_folder.KEPT_DAYS + 1)
    old, used, foreign = (tmp_path / "coproduce" / name for name in ("0" * 16, "1" * 16, "mine"))
    for folder in (old, used, foreign):
        folder.mkdir(parents=True)
        (folder / "file").touch()
    for folder in (old, foreign):
        os.utime(folder, (long_ago, long_ago))
    new = code_folder.code_folder.__wrapped__("2" * 16)
    assert left(tmp_path / "coproduce") == [used, new, foreign]
    os.utime(new, (long_ago, long_ago))
    code_folder.code_folder.__wrapped__("2" * 16)
    assert new.stat().st_mtime > long_ago + 86_400
