"""Studies of sensitivity, from the file to the tables."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from app.cli import app
from app.sensitivity.study import read
from experiments.designs.study_files import read_study
from experiments.studies.sensitivity import sensitivity_of
from sim.inputs.parameters import catalogue

ROOT = Path(__file__).resolve().parents[2]
HEAD = 'kind = "sensitivity"\nscenario = "classroom"\n'
SMALL = '[set]\n"place.customers" = 300\n'
VARY = """[vary]
"reporting.attention_per_h" = { from = 0.05, to = 1.0, log = true }
"crews.line.own" = { from = 1, to = 4 }
"channels.hotline.two_way" = [true, false]
"""
SOBOL = 'method = "sobol"\nn = 8\nreplicates = 2\noutcomes = ["gap", "mean"]\n'


@pytest.fixture
def file(tmp_path):
    def write(text, name="study.toml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def command(*words):
    return CliRunner().invoke(app, ["sensitivity", *map(str, words)])


def ending(*words):
    """The one line on stderr of a command that ends badly."""
    found = command(*words)
    assert found.exit_code == 2, found.output
    assert found.stdout == ""
    lines = found.stderr.strip().splitlines()
    assert len(lines) == 1, found.stderr
    return lines[0]


def test_positions_become_typed_values_by_the_mapping_of_factors(file):
    asked = sensitivity_of(read(file(HEAD + SOBOL + SMALL + VARY), None, None, None))
    assert len(asked.plan.rows) == 8 * 5 * 2
    for index in (0, 17, -1):
        row, u = asked.plan.rows[index], asked.sample.u[index % 80 // 2]
        patch = dict(row.patch)
        assert patch["reporting.attention_per_h"] == pytest.approx(0.05 * 20 ** u[0])
        assert patch["crews.line.own"] == 1 + min(int(4 * u[1]), 3)
        assert patch["channels.hotline.two_way"] is bool(u[2] < 0.5)
    assert [row.seeds.behaviour for row in asked.plan.rows[:4]] == [1, 2, 1, 2]


def test_rows_are_made_when_asked_for(file):
    many = SOBOL.replace("n = 8", "n = 65536")
    asked = sensitivity_of(read(file(HEAD + many + VARY), None, None, None))
    assert len(asked.plan.rows) == 65536 * 5 * 2
    assert asked.plan.rows[-1] == asked.plan.rows[len(asked.plan.rows) - 1]
    assert not isinstance(asked.plan.rows, list)
    with pytest.raises(IndexError):
        asked.plan.rows[len(asked.plan.rows)]


def test_a_larger_n_begins_with_the_runs_of_the_smaller_and_is_the_same_study(file):
    for method, few, many in (("sobol", 8, 32), ("morris", 5, 20)):
        plans = []
        for n in (few, many):
            text = f'{HEAD}method = "{method}"\nn = {n}\nreplicates = 2\n{VARY}'
            plans.append(sensitivity_of(read(file(text), None, None, None)).plan)
        smaller, larger = plans
        assert list(larger.rows[: len(smaller.rows)]) == list(smaller.rows), method
        assert smaller.identity == larger.identity


def test_groups_move_together_and_cost_as_much_as_one_parameter(file):
    groups = '[groups]\nreporting = ["reporting.attention_per_h", "channels.hotline.two_way"]\n'
    asked = sensitivity_of(read(file(HEAD + SOBOL + VARY + groups), None, None, None))
    assert asked.sample.labels == ("reporting", "crews.line.own")
    assert len(asked.sample.u) == 8 * (2 + 2)
    a, with_group = asked.sample.u[0], asked.sample.u[1]
    assert list(a != with_group) == [True, False, True]


def test_what_a_file_leaves_open_gets_the_defaults_of_the_command(file):
    study = read(file(HEAD + 'method = "sobol"\nn = 8\n' + VARY), None, None, None)
    assert study.replicates == 4
    assert study.outcomes == ("minority:minority:gap_h", "all:all:mean_h", "all:all:beyond_72", "cost:total:usd")
    assert read(file(HEAD + SOBOL + VARY), None, 7, 3)[7:9] == (3, 7)


def test_shipped_studies_vary_nothing_that_builds_the_world_or_the_storm():
    for name, runs in (("sensitivity-classroom", 640), ("sensitivity-tallahassee", 26_624)):
        asked = sensitivity_of(read_study(name, "sensitivity"))
        assert len(asked.sample.u) == runs
        sections = {path.split(".")[0] for factor in asked.study.factors for path in factor.paths}
        assert not sections & {"place", "people", "knowledge", "need", "social", "grid", "storm"}
        ranges = {p.path: p for p in catalogue(asked.study.scenario.parameters)}
        for factor in asked.study.factors:
            known = ranges[factor.name]
            assert known.low is None or factor.low is None or known.low <= factor.low < factor.high <= known.high


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (SOBOL.replace("n = 8", "n = 100") + VARY, "a power of two for method sobol, not 100"),
        (SOBOL.replace("n = 8", "n = 100") + VARY, "the nearest are 64 and 128"),
        ('method = "sobl"\nn = 8\n' + VARY, "unknown method 'sobl'; did you mean 'sobol'?"),
        ("n = 8\n" + VARY, "method is missing (one of sobol, morris, pawn, rbd-fast, delta, hdmr)"),
        ('method = "sobol"\n' + VARY, "method sobol needs n, the number of base samples"),
        ('method = "hdmr"\nn = 299\n' + VARY, "from 300 on for 3 parameters or groups and method hdmr, not 299"),
        (
            SOBOL + "second_order = true\n" + VARY + '[groups]\na = ["crews.line.own", "channels.hotline.two_way"]\n',
            "second_order and [groups] do not go together",
        ),
        ('method = "pawn"\nn = 200\n' + VARY + '[groups]\na = ["crews.line.own"]\n', "groups go with sobol and morris"),
        (SOBOL + VARY + '[groups]\na = ["crews.line.owns"]\n', "did you mean 'crews.line.own'?"),
        ('method = "morris"\nn = 8\nsecond_order = true\n' + VARY, "second_order goes with method sobol, not morris"),
        (SOBOL + '[vary]\n"crews.line.own" = [1, 2]\n', "at least two parameters, not 1"),
        (SOBOL.replace('"gap"', '"gapp"') + VARY, "unknown outcome 'gapp'; did you mean 'gap'?"),
        ('method = "morris"\nn = 8\n' + VARY + '"crews.trouble.own" = [1, 2, 3, 4, 5]\n', "list at most 4"),
        (SOBOL + VARY.replace("to = 1.0", "to = 9.0"), "from 0.01 to 4"),
    ],
)  # fmt: skip
def test_bad_studies_end_in_one_line_that_says_what_is_allowed(file, text, told):
    assert told in ending(file(HEAD + text))


def test_a_file_of_another_kind_is_sent_to_its_command(file):
    line = ending(file('kind = "sweep"\nscenario = "classroom"\n' + VARY))
    assert "of kind 'sweep', not 'sensitivity'" in line
    assert "coproduce sweep" in line


def test_help_teaches_methods_and_their_cost():
    text = command("--help").stdout
    for method in ("morris", "sobol", "pawn", "delta", "rbd-fast", "hdmr"):
        assert method in text
    assert "n (D+2) R" in text
    assert "power of two" in text


@pytest.mark.slow
def test_a_study_writes_tables_figures_and_a_summary_that_agree(file, tmp_path):
    out = tmp_path / "out"
    path = file(HEAD + SOBOL.replace("n = 8", "n = 16") + "second_order = true\nresamples = 50\n" + SMALL + VARY)
    found = command(path, "--out", out, "--workers", 1, "--json", "-q")
    assert found.exit_code == 0, found.output
    told = json.loads(found.stdout)
    assert told == json.loads((out / "summary.json").read_text())
    table = pd.read_csv(out / "indices.csv")
    assert list(table) == ["outcome", "method", "index", "parameter", "second_parameter", "value", "low", "high", "n",
                           "low_together", "high_together", "looked_at"]  # fmt: skip
    assert (table["low_together"] <= table["low"] + 1e-9).all()
    assert set(table["index"]) == {"S1", "ST", "S2", "S1 sum"}
    assert table[["value", "low", "high"]].notna().all(axis=None)
    assert len(pd.read_parquet(out / "runs.parquet")) == 16 * 8 * 2
    assert (out / "convergence.csv").exists()
    drawn = {path.name for path in (out / "figures").iterdir()}
    assert {"indices-mean_h.png", "pairs-mean_h.png", "against-mean_h.png"} <= drawn
    assert [o["noise"]["seeds"] for o in told["outcomes"]] == [2, 2]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (SOBOL, "8 base samples are too few to tell a pattern from chance; at least 10 are needed (n = 16)"),
        ('method = "morris"\nn = 9\nreplicates = 2\noutcomes = ["gap", "mean"]\n', "9 trajectories are too few"),
        (SOBOL.replace("n = 8", "n = 16") + '[set]\n"run.horizon_h" = 24.0\n', "the runs ended before power returned"),
    ],
)
def test_a_design_that_may_claim_nothing_names_no_driver_anywhere(file, tmp_path, text, why):
    town = SMALL.removeprefix("[set]\n") if "[set]" in text else SMALL
    out = tmp_path / "out"
    words = ["--out", out, "--workers", 1, "--report", "-q"]
    found = command(file(HEAD + "resamples = 50\n" + text + town + VARY), *words)
    assert found.exit_code == 0, found.output
    printed = " ".join(found.stdout.split())
    assert printed.count(why) == 2
    assert "minority minus other (h) No indices" in printed  # where gaps lie is left out as well
    for claim in ("What drives the", "explains", "by itself", "Converged"):
        assert claim not in printed
    told = json.loads((out / "summary.json").read_text())
    for outcome in told["outcomes"]:
        assert why in outcome["why_no_indices"]
        assert not outcome["indices"]
        assert not outcome["sentences"]
    assert pd.read_csv(out / "indices.csv").empty
    assert not list((out / "figures").glob("*.png"))
    page = (out / "report.html").read_text()
    assert page.count(why) >= 4
    assert not re.search("depends most|matters</td>|<img", page)


def test_few_seeds_speak_of_the_storms_played_alone(file):
    text = SOBOL.replace("n = 8", "n = 16").replace('"gap", "mean"', '"mean"')
    few = command(file(HEAD + "resamples = 50\n" + text + SMALL + VARY), "--workers", 1, "-q")
    assert few.exit_code == 0, few.output
    printed = " ".join(few.stdout.split())
    assert "Under these 2 seeds alone: what drives the mean hours out most is crews.line.own" in printed
    assert "Of other storms nothing is claimed: 2 seeds are fewer than 10 (--replicates 10)." in printed


@pytest.mark.slow
def test_an_outcome_that_no_run_has_and_a_single_seed_are_told_in_words(file):
    text = SOBOL.replace("n = 8", "n = 16").replace("replicates = 2", "replicates = 1")
    text = text.replace('["gap", "mean"]', '["mean"]')
    found = command(file(HEAD + text + "resamples = 50\n" + SMALL + VARY), "--workers", 1, "-q")
    assert found.exit_code == 0, found.output
    assert "cannot be told with one seed" in " ".join(found.stdout.split())
    assert max(map(len, found.stdout.splitlines())) <= 100


@pytest.mark.slow
def test_a_study_killed_and_resumed_ends_with_the_identical_indices(file, tmp_path):
    text = SOBOL.replace("n = 8", "n = 32").replace("replicates = 2", "replicates = 4")
    path = file(HEAD + text + "resamples = 50\n" + SMALL.replace("300", "2000") + VARY)
    words = ["--workers", "1", "--no-figures", "-q"]
    whole = command(path, "--out", tmp_path / "whole", *words)
    assert whole.exit_code == 0, whole.output

    call = [sys.executable, "-m", "app.cli", "sensitivity", path, "--out", str(tmp_path / "cut"), *words]
    with subprocess.Popen(call, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        wait_for_runs(tmp_path / "cut" / "runs.sqlite-wal", process)
        os.kill(process.pid, signal.SIGKILL)
    assert not (tmp_path / "cut" / "indices.csv").exists()
    resumed = command(path, "--out", tmp_path / "cut", "--workers", "1", "--no-figures")
    assert resumed.exit_code == 0, resumed.output
    assert "are there already" in resumed.stderr
    first, second = (tmp_path / name / "indices.csv" for name in ("whole", "cut"))
    assert first.read_bytes() == second.read_bytes()
    assert np.isfinite(pd.read_csv(first)["value"]).all()


def wait_for_runs(wal, process):
    """Until some, but not all, batches of runs are on disk: each makes the write-ahead file longer."""
    began, sizes = time.monotonic(), set()
    while time.monotonic() - began < 120:
        sizes |= {wal.stat().st_size} if wal.exists() else set()
        if len(sizes) >= 8:  # the tables and the plan make the first few
            return
        assert process.poll() is None, f"the study ended before it could be killed: {process.stderr.read()!r}"
        time.sleep(0.01)
    raise AssertionError("no run was written within two minutes")
