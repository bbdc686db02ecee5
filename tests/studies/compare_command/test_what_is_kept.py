"""What ``coproduce compare`` keeps: studies read back, lengthened, interrupted, grown; and what may not be claimed."""

import json
import re

import pandas as pd
import pytest
from PIL import Image

from app.process.exits import INTERRUPTED
from experiments.runs import carry_out, runner
from tests.small_town import TOWN
from tests.studies.compare_command.comparing import cli


def test_a_finished_study_is_read_back_and_can_be_lengthened(study, town, tmp_path, monkeypatch):
    made = []
    kept = runner.run_batch
    monkeypatch.setattr(runner, "run_batch", lambda batch: made.extend(batch.rows) or kept(batch))
    out, arm = tmp_path / "results", "crews.line.own=6"
    assert cli(town, arm, "--replicates", 2, "--out", out, "--no-figures").exit_code == 0
    assert len(made) == 4
    again = cli(town, arm, "--replicates", 3, "--out", out, "--no-figures")
    assert len(made) == 6
    assert "the same 3 storms" in again.stdout
    whole = cli(town, arm, "--replicates", 3, "--no-figures")
    assert again.stdout.splitlines()[:-2] == whole.stdout.splitlines()


FEW = ("--replicates", 9), "9 pairs are too few"
ONE = ("--replicates", 1), "1 pair is too few"
DARK = ("--replicates", 10, "--by", "minority"), "the runs ended before power returned"
CHANGES = ["change", "low", "high"]


@pytest.mark.parametrize(("words", "why"), [FEW, ONE, DARK])
def test_pairs_that_may_claim_nothing_show_levels_and_no_change_anywhere(town, tmp_path, words, why):
    path = tmp_path / "town.toml"
    path.write_text(TOWN + ("[run]\nhorizon_h = 12.0\n" if why.startswith("the runs") else ""))
    out = tmp_path / "results"
    answer = cli(path, "crews.line.own=6", *words, "--out", out, "--report", "--quiet")
    assert answer.exit_code == 0, answer.output
    text = " ".join(answer.stdout.split())
    assert why in text
    for claim in ("told apart", "shorter", "widens", "narrows", "per household-hour", "Pairing"):
        assert claim not in text
    found = json.loads((out / "summary.json").read_text())
    (arm,) = found["arms"]
    assert found["claims_nothing"]
    assert why in arm["refused"]
    assert found["page"]["answer"][0]["headline"] == f"“crews.line.own=6”: {arm['refused']}"
    assert found["prices"] is None
    assert not found["gap_parts"]
    table = pd.read_csv(out / "compare.csv")
    assert table[CHANGES].isna().all(axis=None)
    assert table["note"].str.contains("no claim").all()
    assert table.loc[table["measure"] == "gap_h", ["baseline_mean", "arm_mean"]].isna().all(axis=None)
    assert table.loc[table["measure"] == "mean_h", ["baseline_mean", "arm_mean"]].notna().any(axis=None)
    for picture in (out / "figures").glob("*.png"):
        with Image.open(picture) as image:
            assert why in image.text["Description"]
    page = (out / "report.html").read_text()
    assert page.count(why) >= 4  # the answer, and the sections on the gap, its parts, and prices
    assert not re.search(r"narrows|widens|wait \d|costs city and utility|<img", page)


def test_an_arm_that_failed_takes_no_other_with_it(town, tmp_path):
    dead = "none: crews.line.own=0,crews.trouble.own=0"
    words = ("--replicates", 10, "--by", "minority", "--out", tmp_path / "results", "--report", "--quiet")
    printed = cli(town, dead, "crews.line.own=6", *words).stdout
    assert "“none”: Nothing is claimed: the runs ended before power returned." in " ".join(printed.split())
    found = json.loads((tmp_path / "results" / "summary.json").read_text())
    told = {arm["name"]: not arm["refused"] for arm in found["arms"]}
    assert told == {"none": False, "crews.line.own=6": True}
    assert not found["claims_nothing"]
    table = pd.read_csv(tmp_path / "results" / "compare.csv").set_index("arm")
    assert table.loc["none", CHANGES].isna().all(axis=None)
    assert table.loc["crews.line.own=6", CHANGES].notna().any(axis=None)
    assert {row["arm"] for row in [*found["prices"], *found["gap_parts"], *found["pairing"]]} == {"crews.line.own=6"}
    with Image.open(tmp_path / "results" / "figures" / "gap-by-arm.png") as image:
        assert "none (no claim)" in image.text["Description"]
    page = (tmp_path / "results" / "report.html").read_text()
    assert "“none”: Nothing is claimed" in page
    assert "“crews.line.own=6”" in page


def test_figures_of_a_larger_study_do_not_outlive_it(town, tmp_path):
    words = ("crews.line.own=6", "--by", "minority", "--out", tmp_path, "--quiet")
    assert cli(town, *words, "--replicates", 10).exit_code == 0
    assert cli(town, *words, "--replicates", 3).exit_code == 0
    for path in (tmp_path / "figures").glob("*.png"):
        with Image.open(path) as image:
            assert "3 pairs are too few" in image.text["Description"]


def test_a_scenario_that_brings_its_baseline_needs_no_arm(tmp_path):
    path = tmp_path / "own.toml"
    study = '[study]\nquestion = "Do crews help?"\nby = "renter"\nbaseline = { "crews.line.own" = 1 }\n'
    path.write_text(TOWN + study)
    found = json.loads(cli(path, "--replicates", 10, "--json").stdout)
    assert found["page"]["title"] == "What would change? “own” compared with “own, baseline”"
    assert found["page"]["question"].startswith("The question of own: Do crews help?")
    assert found["main_gap"] == "renter:renter:gap_h"


def test_of_many_groups_some_are_shown_and_the_rest_is_in_the_file(town, tmp_path):
    path = tmp_path / "many.toml"
    path.write_text(TOWN.replace("neighbourhoods = 6", "neighbourhoods = 12"))
    printed = cli(path, "crews.line.own=6", "--replicates", 2, "--by", "neighbourhood", "--quiet").stdout
    assert "Of 12 groups by neighbourhood 7 are shown" in " ".join(printed.split())


def test_an_interrupted_study_says_what_is_kept(town, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(carry_out, "run_tasks", interrupted)
    answer = cli(town, "crews.line.own=6", "--replicates", 2, "--quiet")
    assert answer.exit_code == INTERRUPTED
    told = "interrupted: 0 of 4 runs are finished; nothing is kept without --out DIR"
    assert answer.stderr == f"coproduce: {told}\n"


@pytest.mark.slow
def test_a_growing_study_goes_on_in_its_folder(town, tmp_path):
    out, ask = tmp_path / "results", [town, "crews.line.own=6", "--until-halfwidth", 0.4, "--no-figures"]
    capped = cli(*ask, "--max-replicates", 10, "--out", out)
    assert capped.exit_code == 0, capped.output
    assert "Cap reached: after 10 pairs (--max-replicates 10)" in " ".join(capped.stdout.split())
    longer = cli(*ask, "--max-replicates", 60, "--out", out)
    assert "20 of them are there already" in longer.stderr
    alone = cli(*ask, "--max-replicates", 60)
    assert longer.stdout.splitlines()[:-2] == alone.stdout.splitlines()
