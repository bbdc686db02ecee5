"""The page for Mesa users: its blocks run, and its example of own rules runs compiled and plain."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pandas.util import hash_pandas_object

from docs.examples import own_rules
from sim.core.compiled import COMPILED

ROOT = Path(__file__).resolve().parents[2]
BLOCKS = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "mesa.md").read_text(encoding="utf-8"), re.DOTALL)
# Digests of what arms of the example of own rules leave behind, under a name each.
ARMS = """
import json, sys
from docs.examples.own_rules import main, run
from tests.docs.test_mesa_page import digests
models = {arm: run(arm) for arm in sys.argv[1:]} or main()
print(json.dumps({arm: digests(model.outcomes) for arm, model in models.items()}))
"""


@pytest.mark.filterwarnings("ignore:Failed to validate hooks:UserWarning")  # of Mesa's own page, as it is imported
@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_each_block_of_the_page_runs(number, tmp_path, monkeypatch, capsys):
    if "mesa.visualization" in BLOCKS[number]:
        pytest.importorskip("solara", reason="SolaraViz is an extra")
    monkeypatch.chdir(tmp_path)
    exec(compile(BLOCKS[number], f"docs/mesa.md, block {number + 1}", "exec"), {"__name__": "__main__"})


def digests(outcomes):
    tables = {name: getattr(outcomes, name) for name in ("households", "orders", "jobs", "reports")}
    return {name: hash_pandas_object(table, index=True).to_numpy().tobytes().hex() for name, table in tables.items()}


def elsewhere(*arms, plain=False):
    """Run arms of the example in a process of its own."""
    env = {**os.environ, "NUMBA_DISABLE_JIT": "1" if plain else "0", "PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, "-c", ARMS, *arms], cwd=ROOT, env=env, text=True, stdout=subprocess.PIPE)


def told(process):
    out, _ = process.communicate(timeout=600)
    assert process.returncode == 0
    return json.loads(out.splitlines()[-1])


@pytest.mark.slow
def test_rules_of_ones_own_run_plain_and_compiled_and_copies_of_the_built_in_ones_change_nothing():
    assert COMPILED
    compiled, plain = elsewhere("copies of the built-in rules"), elsewhere(plain=True)  # beside this process
    usual, own = (own_rules.run(arm).outcomes for arm in ("built in", "own rules"))
    assert (usual.households.first_report_h - usual.households.out_h).min() < 12
    out_h = own.households.set_index("household_id").out_h
    assert (own.reports.attempted_h - out_h[own.reports.household_id].to_numpy()).min() >= 12
    assert not usual.jobs.equals(own.jobs)
    copies = told(compiled)
    assert copies == {"copies of the built-in rules": digests(usual)}
    assert told(plain) == {"built in": digests(usual), **copies, "own rules": digests(own)}
