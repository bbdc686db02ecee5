"""The benchmark runs from one command and prints what it promises. What it measures is not judged here."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    figures = tmp_path_factory.mktemp("benchmarks") / "figures.json"
    command = [sys.executable, "-m", "benchmarks", "--quick", "--json", str(figures)]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout, json.loads(figures.read_text(encoding="utf-8"))


@pytest.mark.slow
def test_the_ratios_are_printed(quick):
    text, _ = quick
    assert re.search(r"^ratio to stepped Mesa: \d+$", text, re.MULTILINE)
    assert re.search(r"^ratio to event-driven Mesa: \d+$", text, re.MULTILINE)


@pytest.mark.slow
def test_the_contestants_tell_of_the_same_storm(quick):
    contestants = quick[1]["contest"]["contestants"]
    assert {row["share_out"] for row in contestants.values()} == {contestants["stepped Mesa"]["share_out"]}
    same_rules = contestants["engine, same rules as those"]["mean_hours_out"]
    assert contestants["event-driven Mesa"]["mean_hours_out"] == same_rules
    assert contestants["stepped Mesa"]["mean_hours_out"] == pytest.approx(same_rules, rel=0.5)


@pytest.mark.slow
def test_every_size_has_its_seconds_and_memory(quick):
    rows = quick[1]["growth"]["rows"]
    assert [row["households"] for row in rows] == sorted(row["households"] for row in rows)
    assert all(row["world_s"] > 0.0 and row["run_s"] > 0.0 for row in rows)
    assert all(row["base_mb"] <= row["world_mb"] <= row["run_mb"] for row in rows)
