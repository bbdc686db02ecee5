"""Ctrl-C and SIGTERM end a command even where Python drops exceptions; a study that is over is kept."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from app.process.exits import INTERRUPTED, TERMINATED, plain_exits
from app.process.signals import Terminated, signals_heard
from experiments.runs.carry_out import CutShort, after_the_runs
from sim.core.compiled import COMPILED

ROOT = Path(__file__).resolve().parents[2]
WORDS = {"SIGINT": (INTERRUPTED, "interrupted"), "SIGTERM": (TERMINATED, "ended by SIGTERM")}

WHILE_CODE_IS_HANDED_OVER = """
    from numba.core.codegen import CPUCodeLibrary
    hand_over = CPUCodeLibrary._object_compiled_hook
    def interrupted(module, buffer):
        come()
        hand_over(module, buffer)
    CPUCodeLibrary._object_compiled_hook = interrupted
    from tests.compiled.one_rule import doubled
    def work():
        doubled(21)
"""
IN_A_DESTRUCTOR = """
    class Thing:
        def __del__(self):
            come()
    def work():
        Thing()
"""
IN_A_CALLBACK_AT_THE_END = """
    import ctypes
    callback = ctypes.CFUNCTYPE(None)(lambda: come())
    def work():
        global wait_s
        wait_s = 0.0
        callback()
"""
COMMAND = """
    import os, signal, sys, time
    from app.process.exits import plain_exits
    wait_s = 20.0
    def come():
        os.kill(os.getpid(), getattr(signal, sys.argv[1]))
{}
    with plain_exits():
        work()
        time.sleep(wait_s)
        if wait_s:
            print("went on")
"""


@pytest.mark.parametrize("came", WORDS)
@pytest.mark.parametrize("where", [WHILE_CODE_IS_HANDED_OVER, IN_A_DESTRUCTOR, IN_A_CALLBACK_AT_THE_END])
def test_a_signal_where_exceptions_are_dropped_ends_the_command(tmp_path, where, came):
    if where is WHILE_CODE_IS_HANDED_OVER and not COMPILED:
        pytest.skip("nothing is compiled")
    source = textwrap.dedent(COMMAND.format(where))
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), "NUMBA_CACHE_DIR": str(tmp_path)}
    ended = subprocess.run([sys.executable, "-c", source, came], env=surroundings, capture_output=True, text=True,
                           timeout=60)  # fmt: skip
    code, word = WORDS[came]
    assert (ended.returncode, ended.stdout, ended.stderr) == (code, "", f"coproduce: {word}\n")


def test_signals_are_as_they_were_after_a_command():
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    with pytest.raises(Terminated), signals_heard():
        signal.raise_signal(signal.SIGTERM)
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


def test_a_job_that_ignores_ctrl_c_goes_on_ignoring_it():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with signals_heard():
            signal.raise_signal(signal.SIGINT)
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize(
    ("out", "says"),
    [
        ("results", "coproduce: ended by SIGTERM: all runs are finished and kept in results; give the same command "),
        (None, "coproduce: ended by SIGTERM: nothing is kept without --out DIR"),
    ],
)
def test_after_the_last_run_a_signal_says_that_all_are_kept(out, says, capsys):
    with pytest.raises(SystemExit) as stop, plain_exits(), after_the_runs(out and Path(out)):
        raise Terminated
    assert stop.value.code == TERMINATED
    assert capsys.readouterr().err.startswith(says)


def test_a_study_that_is_cut_short_is_still_an_interruption_for_those_who_call_it():
    with pytest.raises(KeyboardInterrupt) as stop, after_the_runs(None):
        raise KeyboardInterrupt
    assert isinstance(stop.value, CutShort)
