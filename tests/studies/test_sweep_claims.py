"""What a sweep may not claim it does not show: few seeds, dark cities, samples."""

import json
import re

import pandas as pd
import pytest
from PIL import Image

from tests.studies.small_sweeps import ALONE, GRID, SMALL, cli, items_of

CLAIMS = ["change", "change_low", "change_high", "shift", "shift_low", "shift_high"]


@pytest.mark.parametrize(("replicates", "why"), [(1, "1 seed is too few"), (9, "9 seeds are too few")])
def test_too_few_seeds_show_levels_and_no_change_anywhere(tmp_path, replicates, why):
    assert_claims_nothing(tmp_path, GRID, replicates, why)


def test_a_city_that_stays_dark_shows_levels_and_no_change_anywhere(tmp_path):
    text = GRID.replace("[vary]", "run.horizon_h = 24.0\n[vary]")
    printed = assert_claims_nothing(tmp_path, text, 10, "the runs ended before power returned")
    assert "at the horizon of 24 h" in printed
    assert "Crews for 150 customers: " in printed


def assert_claims_nothing(tmp_path, text, replicates, why):
    out = tmp_path / "out"
    (tmp_path / "mine.toml").write_text(text)
    answer = cli("sweep", tmp_path / "mine.toml", "--replicates", replicates, "--out", out, "--report", "-q")
    assert answer.exit_code == 0, answer.output
    printed = " ".join(answer.stdout.split())
    for claim in ("goes from", "told apart", "rises", "falls", "nan"):
        assert claim not in printed
    outcomes = json.loads((out / "summary.json").read_text())["outcomes"]
    assert all(outcome["claims_nothing"] and why in outcome["refused"] for outcome in outcomes)
    page = json.loads((out / "summary.json").read_text())["page"]
    assert all(lines == [] for heading, lines in items_of(page).items() if heading != "What to bear in mind")
    for name in ("points", "responses"):
        table = pd.read_csv(out / f"{name}.csv")
        assert table[CLAIMS].isna().all(axis=None)
        assert table["note"].str.startswith("no claim").all()
        is_gap = table["outcome"].str.endswith(":gap_h")
        assert table.loc[is_gap, ["mean", "low", "high"]].isna().all(axis=None)
        assert table.loc[~is_gap, "mean"].notna().all()
    figures = list((out / "figures").glob("*.png"))
    assert figures
    for path in figures:
        with Image.open(path) as picture:
            assert why in picture.text["Description"]
    page = (out / "report.html").read_text()
    assert page.count(why) >= 2 * len(outcomes)  # in the answer and in each section
    assert not re.search(r"moves? the|further than chance|become \d|<img", page)
    return printed


def test_figures_of_an_earlier_command_which_would_claim_something_go(tmp_path):
    (tmp_path / "mine.toml").write_text(GRID)
    words = ("sweep", tmp_path / "mine.toml", "--out", tmp_path / "out", "--outcome", "mean", "-q", "--replicates")
    drawn = []
    for replicates in (10, 2):
        answer = cli(*words, replicates)
        assert answer.exit_code == 0, answer.output
        drawn.append({path.stem for path in (tmp_path / "out" / "figures").iterdir()})
    assert "map-mean_h" in drawn[0]
    assert drawn[1] == {"response-mean_h"}  # says why there is none


def test_points_that_stay_dark_take_no_others_with_them(tmp_path):
    alone = SMALL.replace("[set]", 'design = "one-at-a-time"\n[set]') + "crews.line.mutual_aid = 0\n"
    text = alone + GRID[len(SMALL) :].replace("[1, 4]", "[0, 4]")
    (tmp_path / "mine.toml").write_text(text)
    answer = cli("sweep", tmp_path / "mine.toml", "--out", tmp_path / "out", "--outcome", "mean", "--json", "-q")
    (outcome,) = json.loads(answer.stdout)["outcomes"]
    told = {row["axis"]: row["change"] for row in outcome["responses"] if row["is_end"]}
    assert told["crews.line.own"] is None
    assert told["availability of the app"] is not None
    assert not outcome["claims_nothing"]
    assert "1 of 2 changes: Nothing is claimed: the runs ended before power returned." in outcome["refused"]
    assert "It is darkest with crews.line.own = 0." in outcome["refused"]
    (finding,) = json.loads(answer.stdout)["page"]["answer"]
    assert finding["lines"][-1] == outcome["refused"]


def test_a_sampled_design_says_that_its_points_are_a_sample(tmp_path):
    text = GRID.replace("[set]", 'design = "sobol"\nn = 8\n[set]').replace(", steps = 3", "")
    (tmp_path / "mine.toml").write_text(text)
    answer = cli("sweep", tmp_path / "mine.toml", "--out", tmp_path / "out", "-q", "--no-figures")
    assert answer.exit_code == 0, answer.output
    assert "the choice of variants" in " ".join(answer.stdout.split())
    assert len(pd.read_parquet(tmp_path / "out" / "runs.parquet")) == 9 * 10


def test_liaisons_who_stay_home_are_mentioned(tmp_path):
    (tmp_path / "mine.toml").write_text(ALONE.replace("liaison.liaisons = 1\n", ""))
    answer = cli("sweep", tmp_path / "mine.toml", "--replicates", 1, "--outcome", "gap", "-q")
    assert "no liaisons to walk rounds" in " ".join(answer.stdout.split())


def test_one_change_alone_is_spoken_of_as_one(tmp_path):
    (tmp_path / "mine.toml").write_text(SMALL + '[vary]\n"crews.line.own" = [0, 3]\n')
    answer = cli("sweep", tmp_path / "mine.toml", "--replicates", 10, "--outcome", "mean", "--json", "-q")
    assert answer.exit_code == 0, answer.output
    (finding,) = json.loads(answer.stdout)["page"]["answer"]
    assert finding["headline"].startswith("The one change that was tried")
