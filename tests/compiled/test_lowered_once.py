"""Rules left to their entry, and rules compiled one by one as numba does by itself: the same machine at work."""

import json
import os
import subprocess
import sys

import numba
import pytest

from sim.core.compiled import AS_PART, AS_WHOLE, COMPILED, RULES
from sim.core.lowered_once import can_wait
from tests.compiled.homes import ROOT
from tests.laws.towns import report

pytestmark = pytest.mark.skipif(not COMPILED, reason="nothing is compiled")
ONE_BY_ONE = """
import runpy
from sim.core import lowered_once
lowered_once.TRIED = ()
runpy.run_module("tests.laws.towns", run_name="__main__")
"""


def test_a_version_that_was_not_tried_is_left_alone():
    assert not can_wait("99.0.0")
    assert not can_wait("0.6")


def test_this_version_was_tried():
    assert can_wait(numba.__version__)
    assert AS_PART
    assert AS_WHOLE


def test_no_rule_has_machine_code_of_its_own():
    report()
    parts = [rule for rule in RULES if rule.overloads and rule.targetoptions.get("no_cpython_wrapper")]
    assert len(parts) > 100
    assert not any(code.library.get_pointer_to_function(code.fndesc.llvm_func_name)
                   for rule in parts for code in rule.overloads.values())  # fmt: skip


@pytest.mark.slow
def test_towns_come_out_the_same_if_rules_are_compiled_one_by_one(tmp_path):
    settings = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    ended = subprocess.run([sys.executable, "-c", ONE_BY_ONE], cwd=ROOT, env=settings, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout) == report()
