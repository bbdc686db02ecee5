"""The compile cache never runs what another user may have written."""

import os
import pickle

import pytest

from sim.core.compiled import COMPILED
from tests.compiled.homes import NOBODY, as_root, assert_one_line

pytestmark = pytest.mark.skipif(not COMPILED, reason="nothing is compiled")


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
