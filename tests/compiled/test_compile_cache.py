"""The compile cache: it never sinks a run, survives damage, and leaves nothing behind."""

import os
import stat
import time

import pytest

from sim.core import code_folder
from sim.core.compiled import COMPILED, LOADED
from tests.compiled.homes import assert_one_line, left

pytestmark = pytest.mark.skipif(not COMPILED, reason="nothing is compiled")


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
