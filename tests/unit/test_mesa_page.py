"""The page for Mesa users: its blocks run, and its example of own rules runs compiled and plain."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sim.core.compiled import COMPILED

ROOT = Path(__file__).resolve().parents[2]
BLOCKS = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "mesa.md").read_text(encoding="utf-8"), re.DOTALL)
COMPARE = """
import runpy
from pandas.testing import assert_frame_equal
models = runpy.run_path("docs/examples/own_rules.py", run_name="example")["main"]()
usual, copies, own = (model.outcomes for model in models.values())
for name in ("households", "orders", "jobs", "reports"):
    assert_frame_equal(getattr(usual, name), getattr(copies, name), check_exact=True)
assert (usual.households.first_report_h - usual.households.out_h).min() < 12
waits = own.reports.attempted_h - own.households.set_index("household_id").out_h[own.reports.household_id].to_numpy()
assert waits.min() >= 12
assert not usual.jobs.equals(own.jobs)
"""


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_each_block_of_the_page_runs(number, tmp_path, monkeypatch, capsys):
    if "mesa.visualization" in BLOCKS[number]:
        pytest.importorskip("solara", reason="SolaraViz is an extra")
    monkeypatch.chdir(tmp_path)
    exec(compile(BLOCKS[number], f"docs/mesa.md, block {number + 1}", "exec"), {"__name__": "__main__"})


def answer_of_own_rules(plain):
    env = {**os.environ, "NUMBA_DISABLE_JIT": "1" if plain else "0", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", COMPARE], cwd=ROOT, env=env, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_rules_of_ones_own_run_plain_and_compiled_and_copies_of_the_built_in_ones_change_nothing():
    assert COMPILED
    assert answer_of_own_rules(plain=True) == answer_of_own_rules(plain=False)
