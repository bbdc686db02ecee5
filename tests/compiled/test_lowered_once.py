"""Rules left to their entry, and rules compiled one by one as numba does by itself: the same machine at work."""

import json
import os
import subprocess
import sys

import numba
import pytest

from sim.core.compiled import AS_PART, AS_WHOLE, COMPILED, ENTRY, rule
from tests.compiled.homes import ROOT
from tests.laws.towns import report

pytestmark = pytest.mark.skipif(not COMPILED, reason="nothing is compiled")
OTHER_VERSION = """
import numba, runpy, sys
numba.__version__ = "99.0.0"
runpy.run_module("tests.laws.towns", run_name="__main__")
assert "sim.core.lowered_once" not in sys.modules
"""


def test_this_version_was_tried():
    assert AS_PART
    assert AS_WHOLE


@rule
def halved(number):
    return number / 2.0


@rule
def quartered(number):
    return halved(halved(number))


def test_a_rule_has_no_machine_code_but_in_its_entry():
    whole = numba.njit(**ENTRY)(lambda number: quartered(number) + halved(number))  # not kept on disk
    assert whole(8.0) == 6.0
    codes = [*halved.overloads.values(), *quartered.overloads.values()]
    assert len(codes) == 2
    assert not any(code.library.get_pointer_to_function(code.fndesc.llvm_func_name) for code in codes)


@pytest.mark.slow
def test_under_a_version_that_was_not_tried_rules_are_compiled_one_by_one_and_towns_come_out_the_same(tmp_path):
    settings = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    ended = subprocess.run(
        [sys.executable, "-c", OTHER_VERSION], cwd=ROOT, env=settings, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout) == report()
