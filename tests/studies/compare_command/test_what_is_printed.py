"""What ``coproduce compare`` prints and draws: findings in words, pairs, figures, and its summary."""

import json

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from analysis.contrasts import multiplicity
from analysis.figures.compare import by_group, forest
from experiments.findings.compare_table import COLUMNS, line_of
from tests.studies.compare_command.comparing import cli

GAP = "minority:minority:gap_h"


def test_findings_stand_first_in_words_and_no_line_breaks_the_page(study):
    lines = study[1].splitlines()
    assert lines[0] == "What would change? “crews.line.own=6” and “same” compared with “town”"
    assert "Over all households, the average wait is" in " ".join(lines[3:12])
    assert max(map(len, lines)) <= 100


def test_an_arm_that_changes_nothing_is_exactly_zero_and_says_so(study):
    out, printed = study
    table = pd.read_csv(out / "compare.csv")
    same = table[table["arm"] == "same"]
    assert len(same)
    finite = same[np.isfinite(same["change"])]
    assert (finite["change"] == 0.0).all()
    assert "same changes nothing of town" in printed
    assert "0 in every pair" in printed


def test_the_table_holds_what_paired_runs_hold(study):
    out, _ = study
    runs, table = pd.read_csv(out / "runs.csv"), pd.read_csv(out / "compare.csv")
    assert list(table.columns) == [*COLUMNS, *multiplicity.COLUMNS]
    baseline, arm = runs[runs["crews.line.own"].isna()], runs[runs["crews.line.own"] == 6]
    assert list(baseline["world_seed"]) == list(arm["world_seed"]) == list(range(1, 11))
    changes = arm[GAP].to_numpy() - baseline[GAP].to_numpy()
    row = line_of(table, "crews.line.own=6", GAP)
    assert row["change"] == pytest.approx(changes.mean())
    assert row["high"] - row["low"] == pytest.approx(2 * 2.262157 * changes.std(ddof=1) / np.sqrt(10), rel=1e-6)
    assert row["arm_mean"] - row["baseline_mean"] == pytest.approx(row["change"])
    assert (row["pairs"], row["failed"]) == (10, 0)


def test_arms_of_equal_content_are_run_once(study):
    assert len(pd.read_csv(study[0] / "runs.csv")) == 20


def test_of_income_the_lowest_and_the_highest_fifth_are_shown_unless_it_is_asked_for(study, town):
    printed = " ".join(study[1].split())
    assert "households in the lowest fifth of income" in printed
    assert "second fifth of income" not in printed
    asked = cli(town, "crews.line.own=6", "--replicates", 10, "--by", "income").stdout
    assert "second fifth of income" in " ".join(asked.split())


def test_every_figure_is_drawn_and_describes_itself(study):
    figures = sorted((study[0] / "figures").glob("*.png"))
    assert {"gap-by-arm.png", "hours-by-group.png"} <= {path.name for path in figures}
    for path in figures:
        with Image.open(path) as picture:
            assert picture.width >= 1100
            assert "town" in picture.text["Description"]


def test_more_arms_than_colours_stay_apart():
    arms = [f"arm {i}" for i in range(9)]
    lines = [(arm, "all", i, i - 1, i + 1) for i, arm in enumerate(arms)]
    changes = pd.DataFrame(lines, columns=["arm", "group", "change", "low", "high"])
    figure = by_group(changes, "base", 20)
    drawn = [(bar[0].get_color(), bar[0].get_markerfacecolor()) for bar in figure.axes[0].containers]
    assert len(set(drawn)) == len(drawn) == 9
    assert [text.get_text() for text in figure.legends[0].get_texts()] == arms


def test_the_line_of_no_change_is_always_in_the_picture():
    changes = pd.DataFrame([("a", "g", 5.0, 4.5, 5.5)], columns=["arm", "gap", "change", "low", "high"])
    low, high = forest(changes, "base", 20).axes[0].get_xlim()
    assert low < 0.0 < high


def test_the_summary_is_strict_json_and_holds_the_words(study):
    summary = json.loads((study[0] / "summary.json").read_text())
    assert summary["pairs"] == 10
    assert [arm["name"] for arm in summary["arms"]] == ["crews.line.own=6", "same"]
    assert summary["arms"][0]["changes"] == {"crews.line.own": 6}
    assert summary["page"]["answer"][0]["headline"].startswith("Over all households, the average wait is")
    assert summary["main_gap"] == GAP


def test_json_on_stdout_is_the_summary(study, town):
    answer = cli(town, "crews.line.own=6", "same: crews.line.own=3", "--replicates", 10, "--json", "--quiet")
    assert json.loads(answer.stdout)["changes"] == json.loads((study[0] / "summary.json").read_text())["changes"]
    assert answer.stderr == ""
