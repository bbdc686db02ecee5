"""Sweeps from the command line: paired points, files, figures, sentences, and bad input in one line."""

import csv
import json
import re

import numpy as np
import pandas as pd
import pytest
from matplotlib import image
from PIL import Image
from typer.testing import CliRunner

from app.cli import app
from experiments.designs.study_files import read_study
from experiments.studies.sweep import sweep_of

SMALL = """
kind = "sweep"
name = "small"
scenario = "classroom"
replicates = 10
by = "minority"
outcomes = ["gap", "mean", "report_rate"]

[set]
place.customers = 150
place.neighbourhoods = 3
liaison.liaisons = 1
"""
GRID = SMALL + '[vary]\n"crews.line.own" = [1, 4]\n"channels.app.availability" = { from = 0.0, to = 1.0, steps = 3 }\n'
POLICIES = '[across]\n"dispatch.policy" = ["standard", "pressure"]\n'
SUBSETS = SMALL + '[vary]\n"channels" = { subsets_of = ["hotline", "sms"] }\n' + POLICIES
ALONE = (
    SMALL.replace("[set]", 'design = "one-at-a-time"\n[set]')
    + '[vary]\n"channels.app.availability" = [0.0, 1.0]\n"channels.liaison.availability" = [0.0, 1.0]\n'
    + POLICIES
)


def cli(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("sweeps")


@pytest.fixture(scope="module")
def swept(folder):
    """Each study run once through the command line; answers by name."""

    def run(name, text):
        (folder / f"{name}.toml").write_text(text)
        answer = cli("sweep", folder / f"{name}.toml", "--out", folder / name, "--workers", 1)
        assert answer.exit_code == 0, answer.output
        return answer

    return {name: run(name, text) for name, text in (("grid", GRID), ("subsets", SUBSETS), ("alone", ALONE))}


def test_every_point_has_the_same_seeds(folder, swept):
    sweep = sweep_of(read_study(folder / "alone.toml"))
    rows = list(sweep.plan.rows)
    assert len(rows) == 10 * len(sweep.design.points)
    seeds = [row.seeds for row in rows]
    assert seeds == seeds[:10] * len(sweep.design.points)
    assert rows[0].patch == ()
    assert rows[-1] == sweep.plan.rows[-1]


def test_points_hold_means_and_paired_changes_of_the_runs(folder, swept):
    runs = pd.read_parquet(folder / "grid" / "runs.parquet")
    points = pd.read_csv(folder / "grid" / "points.csv")
    assert len(runs) == 7 * 10
    assert points["outcome"].value_counts().tolist() == [7, 7, 7]
    mean = runs["all:all:mean_h"].to_numpy().reshape(7, 10)
    table = points[points["outcome"] == "all:all:mean_h"]
    assert table["mean"].to_numpy() == pytest.approx(mean.mean(axis=1))
    assert table["change"].to_numpy() == pytest.approx((mean - mean[0]).mean(axis=1))
    assert (table["failed"] == 0).all()
    rates = points[points["outcome"] == "all:all:report_rate"]["mean"].to_numpy()
    assert rates == pytest.approx(100.0 * runs["all:all:report_rate"].to_numpy().reshape(7, 10).mean(axis=1))


def test_the_level_of_the_scenario_changes_nothing(folder, swept):
    """The classroom's app is offered to all and no liaison channel: these points are the reference itself."""
    points = pd.read_csv(folder / "alone" / "points.csv")
    same = points[
        (points["varied"] == "channels.app.availability") & (points["channels.app.availability"] == 1.0)
        | (points["varied"] == "channels.liaison.availability") & (points["channels.liaison.availability"] == 0.0)
    ]
    assert len(same) == 2 * 2 * 3
    standard = same[same["dispatch.policy"] == "standard"]
    assert np.allclose(standard["change"], 0.0)
    responses = pd.read_csv(folder / "alone" / "responses.csv")
    app_on = responses[(responses["axis"] == "availability of the app") & (responses["level"] == 1)]
    assert np.allclose(app_on["shift"], 0.0)


def test_availability_moves_reports(folder, swept):
    responses = pd.read_csv(folder / "subsets" / "responses.csv")
    rows = responses[(responses["outcome"] == "all:all:report_rate") & responses["axis"].isin(["the hotline", "SMS"])]
    ends = rows[rows["is_end"]]
    assert len(ends) == 4
    assert (ends["change"] > 0.0).all()


def test_sentences_say_no_more_than_their_intervals(folder, swept):
    said = []
    for name in swept:
        for outcome in json.loads((folder / name / "summary.json").read_text())["outcomes"]:
            ends = [row for row in outcome["responses"] if row["is_end"]]
            clear = [row for row in ends if row["p_holm"] is not None and row["p_holm"] < 0.05]
            assert {row["looked_at"] for row in ends} == {sum(row["p"] is not None for row in ends)}
            claims = [line for line in outcome["in_words"] if "changes by" in line]
            assert len(claims) == len(clear)
            for row, line in zip(clear, claims, strict=True):
                digits = 1 if outcome["unit"] == "%" else 2
                low, high = (f"{row[bound]:+.{digits}f}" for bound in ("change_low", "change_high"))
                assert f"{row['change']:+.{digits}f}" in line
                assert f"95 % interval {low} to {high}; adjusted p" in line
                assert row["axis"] in line
            said += claims
    assert said  # some of it is clear: channels that are offered are used


def test_the_printed_table_is_narrow_and_names_its_reference(swept):
    for answer in swept.values():
        assert max(len(line) for line in answer.stdout.splitlines()) <= 100
        assert "classroom with place.customers = 150" in answer.stdout
    assert "dispatch policy: pressure" in swept["subsets"].stdout
    assert "hotline, sms" in swept["subsets"].stdout
    assert re.search(r"no channel +\d+\.\d\d", swept["subsets"].stdout)


def test_figures_are_drawn_described_and_large_enough(folder, swept):
    expected = {
        "grid": {"response-channels-app-availability", "response-crews-line-own", "map"},
        "subsets": {"subsets"},
        "alone": {"response"},
    }
    for name, kinds in expected.items():
        stems = {f"{kind}-{stem}.png" for kind in kinds for stem in ("gap-minority", "mean_h", "report_rate")}
        assert {path.name for path in (folder / name / "figures").iterdir()} == stems
        for stem in stems:
            path = folder / name / "figures" / stem
            assert b"Description" in path.read_bytes()
            assert image.imread(path).shape[1] >= 1200


def test_exports_stand_in_the_order_of_the_design(folder, swept):
    with open(folder / "grid" / "runs.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    found = [(row["crews.line.own"], row["channels.app.availability"]) for row in rows[::10]]
    assert found[0] == ("", "")
    assert [(int(a), float(b)) for a, b in found[1:]] == [(c, a) for c in (1, 4) for a in (0.0, 0.5, 1.0)]


def test_more_replicates_continue_and_another_study_is_refused(folder, swept, tmp_path):
    (tmp_path / "mine.toml").write_text(GRID)
    first = cli("sweep", tmp_path / "mine.toml", "--out", tmp_path / "out", "--replicates", 2, "--no-figures", "-q")
    assert first.exit_code == 0, first.output
    assert not (tmp_path / "out" / "figures").exists()
    more = cli("sweep", tmp_path / "mine.toml", "--out", tmp_path / "out", "--replicates", 10, "--no-figures", "--json")
    assert more.exit_code == 0, more.output
    document = json.loads(more.stdout)
    again = json.loads((folder / "grid" / "summary.json").read_text())
    assert document["outcomes"] == again["outcomes"]
    assert (document["points"], document["runs"], document["failed"]) == (7, 70, 0)
    (tmp_path / "mine.toml").write_text(GRID.replace("[1, 4]", "[1, 3]"))
    other = cli("sweep", tmp_path / "mine.toml", "--out", tmp_path / "out")
    assert (other.exit_code, other.stderr.count("\n")) == (2, 1)
    assert "another study" in other.stderr


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
    for claim in ("changes by", "told apart", "nan"):
        assert claim not in printed
    outcomes = json.loads((out / "summary.json").read_text())["outcomes"]
    assert all(outcome["claims_nothing"] and why in outcome["refused"] for outcome in outcomes)
    assert [outcome["in_words"] for outcome in outcomes] == [[outcome["refused"]] for outcome in outcomes]
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
    assert "1 of 2 changes: Nothing is claimed: the runs ended before power returned." in outcome["in_words"][-1]
    assert "It is darkest with crews.line.own = 0." in outcome["in_words"][-1]


def test_a_sampled_design_says_that_its_points_are_a_sample(tmp_path):
    text = GRID.replace("[set]", 'design = "sobol"\nn = 8\n[set]').replace(", steps = 3", "")
    (tmp_path / "mine.toml").write_text(text)
    answer = cli("sweep", tmp_path / "mine.toml", "--out", tmp_path / "out", "-q", "--no-figures")
    assert answer.exit_code == 0, answer.output
    assert "choice of points" in " ".join(answer.stdout.split())
    assert len(pd.read_parquet(tmp_path / "out" / "runs.parquet")) == 9 * 10


def test_liaisons_who_stay_home_are_mentioned(tmp_path):
    (tmp_path / "mine.toml").write_text(ALONE.replace("liaison.liaisons = 1\n", ""))
    answer = cli("sweep", tmp_path / "mine.toml", "--replicates", 1, "--outcome", "gap", "-q")
    assert "no liaisons to walk rounds" in " ".join(answer.stdout.split())


def test_without_a_study_the_shipped_ones_are_named():
    answer = cli("sweep")
    assert answer.exit_code == 0
    assert "channel-availability" in answer.stdout
    assert "channel-subsets" in answer.stdout
    assert "sensitivity" not in answer.stdout


def test_the_help_teaches_by_example():
    text = " ".join(cli("sweep", "--help").stdout.split())
    assert "coproduce sweep channel-availability --out results/channels" in text
    assert "my-sweep.toml" in text


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("crews.line.own", "crews.line.owm", "did you mean 'crews.line.own'"),
        ("to = 1.0", "to = 1.5", "from 0 to 1"),
        ("steps = 3", "steps = 1", "steps must be"),
        ("[1, 4]", "[]", "the list is empty"),
        ("[set]", 'design = "grid"\n[set]', "unknown design 'grid'"),
        ("[set]", 'design = "sobol"\nn = 24\n[set]', "power of two"),
        ('"gap"', '"gab"', "did you mean 'gap'"),
        ('"gap"', '"gap:minority:men"', "unknown group of minority 'men'"),
        ('"gap"', '"gap:minorty"', "did you mean 'minority'"),
        ('kind = "sweep"', 'kind = "sensitivity"', "coproduce sensitivity"),
        ('kind = "sweep"', "kind = ", "not valid TOML"),
        ("replicates = 10", "replicates = 100000", "100,000 replicates"),
    ],
)
def test_bad_studies_end_in_one_line_and_write_nothing(tmp_path, old, new, words):
    path = tmp_path / "mine.toml"
    text = GRID.replace(old, new)
    if words == "100,000 replicates":
        text = text.replace("steps = 3", "steps = 30")
    path.write_text(text)
    answer = cli("sweep", path, "--out", tmp_path / "out")
    assert answer.exit_code == 2, answer.output
    assert answer.stderr.count("\n") == 1, answer.stderr
    assert words in answer.stderr
    assert "Traceback" not in answer.output
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["chanel-subsets"], "did you mean 'channel-subsets'"),
        (["nowhere.toml"], "No such file"),
        (["channel-subsets", "--scenario", "clasroom"], "did you mean 'classroom'"),
        (["channel-subsets", "--outcome", "gapp"], "did you mean 'gap'"),
        (["channel-subsets", "--shard", "3/2"], "--shard 3/2"),
    ],
)
def test_bad_words_on_the_command_line_end_in_one_line(tmp_path, words, said):
    answer = cli("sweep", *words, "--out", tmp_path / "out")
    assert (answer.exit_code, answer.stderr.count("\n")) == (2, 1), answer.output
    assert said in answer.stderr
    assert not (tmp_path / "out").exists()
