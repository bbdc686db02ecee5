"""Studies of sensitivity: tables, figures and words that agree, also where a study was killed and resumed."""

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
from PIL import Image

from app.pages.composed import page_of
from experiments.reading import load_study as read_back
from tests.studies.small_sensitivity import HEAD, SMALL, SOBOL, VARY, command

ROOT = Path(__file__).resolve().parents[2]


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
    assert printed.count(why) == 4  # of each outcome in the answer and in its section
    assert printed.count("In nine of ten settings") == 1  # where gaps lie is left out as well
    for claim in ("depends most", "explains", "by itself", "settled"):
        assert claim not in printed
    told = json.loads((out / "summary.json").read_text())
    for outcome, section in zip(told["outcomes"], told["page"]["sections"], strict=False):
        assert why in outcome["why_no_indices"]
        assert not outcome["indices"]
        assert {block["kind"] for block in section["blocks"]} == {"text"}
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
    assert "In the storms that were played, the mean hours out depends most on “Crews, line: the" in printed
    assert "Of other storms nothing is claimed: fewer than 10 were played (--replicates 10)." in printed


METHODS = {
    "sobol": ("n = 16\nsecond_order = true\n", {"S1", "ST", "S2", "S1 sum"}, {"pairs"}, 4),
    "morris": ("n = 12\n", {"mu_star", "mu", "sigma"}, {"morris"}, 5),
    "pawn": ("n = 100\n", {"pawn"}, set(), 3),
    "delta": ("n = 100\n", {"delta"}, set(), 3),
    "rbd-fast": ("n = 80\n", {"S1"}, set(), 3),
    "hdmr": ("n = 300\n", {"S1", "ST", "S2"}, {"pairs"}, 4),
}


@pytest.mark.parametrize("method", METHODS)
def test_the_page_of_each_method_has_its_indices_its_figures_and_its_words(file, tmp_path, method):
    more, indices, own, columns = METHODS[method]
    text = f'method = "{method}"\n{more}replicates = 2\nresamples = 50\noutcomes = ["mean"]\n'
    out = tmp_path / "out"
    found = command(file(HEAD + text + SMALL + VARY), "--out", out, "--workers", 1, "--report", "-q")
    assert found.exit_code == 0, found.output
    study = read_back(out)
    (outcome,) = study.summary["outcomes"]
    assert {row["index"] for row in outcome["indices"]} == indices
    section = page_of(study).sections[0]
    (table,) = (block for block in section.blocks if block.kind == "table")
    assert len(table.heads) == columns
    assert len(table.rows) == 3 + (method in ("pawn", "delta"))  # beside a parameter that does nothing
    assert table.rows[0][-1].startswith("matters")
    assert table.rows[0][1].count(" to ") == 1
    stems = {block.stem for block in section.blocks if block.kind == "figure"}
    assert {stem.removesuffix("-mean_h") for stem in stems} - {"convergence"} == {"indices", "against"} | own
    assert {path.stem for path in (out / "figures").iterdir()} == stems
    (answer,) = page_of(study).answer
    for stem in stems:
        with Image.open(out / "figures" / f"{stem}.png") as picture:
            assert answer.headline in picture.text["Description"]
    assert max(map(len, found.stdout.splitlines())) <= 100


@pytest.mark.slow
def test_an_outcome_that_no_run_has_and_a_single_seed_are_told_in_words(file):
    text = SOBOL.replace("n = 8", "n = 16").replace("replicates = 2", "replicates = 1")
    text = text.replace('["gap", "mean"]', '["mean"]')
    found = command(file(HEAD + text + "resamples = 50\n" + SMALL + VARY), "--workers", 1, "-q")
    assert found.exit_code == 0, found.output
    assert "may be chance, how much cannot be told (--replicates 2 or more)" in " ".join(found.stdout.split())
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
