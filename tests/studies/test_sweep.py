"""Sweeps from the command line: paired points, files, figures, sentences."""

import csv
import io
import json
import re

import numpy as np
import pandas as pd
import pytest
from matplotlib import image
from rich.console import Console

from app.faces.terminal import show
from app.pages.composed import page_of
from app.say.numbers import change_of_time, digits_of
from experiments.designs.study_files import read_study
from experiments.designs.sweep import sweep_of
from experiments.reading import load_study as read
from tests.studies.small_sweeps import ALONE, GRID, POLICIES, SMALL, cli, items_of

SUBSETS = SMALL + '[vary]\n"channels" = { subsets_of = ["hotline", "sms"] }\n' + POLICIES


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


def interval_of(outcome, row):
    """The interval of a change as a sentence has it."""
    three = row["change"], row["change_low"], row["change_high"]
    if outcome["unit"] == "h":
        return change_of_time(*three)[1]
    low, high = (f"{bound:+.{digits_of([three])}f}" for bound in three[1:])
    return f"95 % interval {low} to {high}"


def test_sentences_say_no_more_than_their_intervals(folder, swept):
    said = []
    for name in swept:
        found = json.loads((folder / name / "summary.json").read_text())
        for outcome in found["outcomes"]:
            ends = [row for row in outcome["responses"] if row["is_end"]]
            clear = [row for row in ends if row["p_holm"] is not None and row["p_holm"] < 0.05]
            assert {row["looked_at"] for row in ends} == {sum(row["p"] is not None for row in ends)}
            lines = items_of(found["page"])[outcome["meaning"].capitalize()]
            claims = [line for line in lines if "goes from" in line]
            assert len(claims) == len(clear)
            for row, line in zip(sorted(clear, key=lambda row: -abs(row["change"])), claims, strict=True):
                assert interval_of(outcome, row) in line
                assert row["axis"] in line
            rest = len(ends) - len(clear)
            assert not rest or any(re.match(rf"{rest} (other )?changes? cannot be told apart", line) for line in lines)
            said += claims
    assert said  # some of it is clear: channels that are offered are used


def test_every_verdict_of_a_table_is_that_of_its_adjusted_p(folder, swept):
    for name in swept:
        found = json.loads((folder / name / "summary.json").read_text())
        for outcome, section in zip(found["outcomes"], found["page"]["sections"], strict=False):
            table = next(block for block in section["blocks"] if block["kind"] == "table")
            ends = [row for row in outcome["responses"] if row["is_end"]]
            for row, cells in zip(ends, table["rows"], strict=True):
                word = "cannot be told" if row["p_holm"] >= 0.05 else "rises" if row["change"] > 0.0 else "falls"
                assert cells[-1].startswith(f"{word} (adjusted p ")


def test_the_printed_page_is_narrow_and_names_its_reference(swept):
    for answer in swept.values():
        assert max(len(line) for line in answer.stdout.splitlines()) <= 100
        assert "classroom with place.customers = 150" in " ".join(answer.stdout.split())
    subsets = swept["subsets"].stdout
    assert re.search(r"dispatch policy: pressure: +hotline\+sms", subsets)
    assert re.search(r"no channel +\d+\.\d", subsets)


def test_of_many_subsets_the_lowest_and_the_highest_are_shown(folder, swept):
    study = read(folder / "subsets")
    outcome = study.summary["outcomes"][1]
    row, panel = outcome["subsets"][0], outcome["subsets"][0]["panel"]
    outcome["subsets"] = [{**row, "subset": f"no. {i}", "mean": float(i)} for i in (5, 3, 8, 1, 7, 2, 6, 4)]
    table = next(block for block in page_of(study).sections[1].blocks if "subsets" in getattr(block, "caption", ""))
    shown = [cells[0].removeprefix(f"{panel}: ") for cells in table.rows]
    assert shown == ["no. 1", "no. 2", "no. 3", "... 2 more, in points.csv", "no. 6", "no. 7", "no. 8"]


def test_a_design_with_many_panels_says_that_it_has_no_figures(folder, tmp_path):
    text = GRID + '[across]\n"dispatch.policy" = ["standard", "pressure"]\n"hotline.lines" = [1, 2, 3, 4]\n'
    (tmp_path / "mine.toml").write_text(text)
    answer = cli("sweep", tmp_path / "mine.toml", "--replicates", 1, "--out", tmp_path / "out", "-q")
    assert answer.exit_code == 0, answer.output
    assert "There are no figures: 8 panels are more than 6" in " ".join(answer.stdout.split())
    assert not list((tmp_path / "out" / "figures").iterdir())


def test_a_median_that_is_never_reached_is_called_so(tmp_path):
    text = GRID.replace('["gap", "mean", "report_rate"]', '["median"]').replace("[1, 4]", "[0, 4]")
    (tmp_path / "mine.toml").write_text(text.replace("liaison.liaisons = 1", "crews.line.mutual_aid = 0"))
    answer = cli("sweep", tmp_path / "mine.toml", "-q")
    assert answer.exit_code == 0, answer.output
    assert re.search(r"crews.line.own, 0 to 4 +never +\d+\.\d", answer.stdout)


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


def test_a_study_read_back_has_the_same_page(folder, swept):
    for name in swept:
        again = page_of(read(folder / name))
        file = io.StringIO()
        show(again, Console(file=file, width=100, highlight=False))
        printed = [line.rstrip() for line in swept[name].stdout.splitlines()]
        assert [line.rstrip() for line in file.getvalue().splitlines()] == printed[: -len(["", "Written to"])]
        assert all(block.stem in {path.stem for path in (folder / name / "figures").iterdir()}
                   for section in again.sections for block in section.blocks if block.kind == "figure")  # fmt: skip
