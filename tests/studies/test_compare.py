"""``coproduce compare``: pairs, words that claim no more than the interval, files, figures, growth, and bad input."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from typer.testing import CliRunner

from analysis.contrasts import multiplicity
from analysis.figures.compare import by_group, forest
from app.cli import app
from app.compare import study as compare
from app.compare import words
from app.endings import INTERRUPTED, CutShort
from app.numbers import digits_for, dollars
from experiments.runs import runner
from experiments.studies.compare_table import (
    COLUMNS,
    gap_groups,
    line_of,
    looked_at_together,
    tidy,
)
from experiments.studies.net_costs import (
    HELD,
    NET,
    OUTLAY,
    SIMULATED,
    TOTAL,
)
from experiments.studies.pairs import (
    FIRST_PAIRS,
    Growth,
    Values,
    grow,
    half_widths,
    pairs_needed,
)

TOWN = """
name = "town"
[place]
customers = 300
neighbourhoods = 6
[grid]
customers_per_substation = 300
customers_per_feeder = 100
customers_per_lateral = 20
[crews.line]
own = 3
[crews.trouble]
own = 1
"""
GAP = "minority:minority:gap_h"


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    path = tmp_path_factory.mktemp("town") / "town.toml"
    path.write_text(TOWN)
    return str(path)


@pytest.fixture(scope="module")
def study(town, tmp_path_factory):
    """A finished comparison of two arms by ten pairs, and what it printed."""
    out = tmp_path_factory.mktemp("study") / "results"
    answer = cli(town, "crews.line.own=6", "same: crews.line.own=3", "--replicates", 10, "--out", out)
    assert answer.exit_code == 0, answer.output
    return out, answer.stdout


def cli(*texts):
    return CliRunner().invoke(app, ["compare", *(str(text) for text in texts), "--workers", "1"])


def assert_one_line(answer, *parts):
    assert answer.exit_code == 2, answer.output
    assert answer.stderr.count("\n") == 1, answer.stderr
    assert answer.stdout == ""
    for part in parts:
        assert part in answer.stderr


# What is printed.


def test_findings_stand_first_in_words_and_no_line_breaks_the_page(study):
    lines = study[1].splitlines()
    assert lines[0] == "town against 2 arms: 10 pairs of runs with equal seeds (seeds 1 to 10)"
    assert lines.index("In short") < next(i for i, line in enumerate(lines) if line.startswith("Change of the gap"))
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
    assert "lowest income fifth" in study[1]
    assert "second income fifth" not in study[1]
    assert "second income fifth" in cli(town, "crews.line.own=6", "--replicates", 2, "--by", "income").stdout


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
    assert summary["arms"][0]["in_short"].startswith("crews.line.own=6: ")
    assert summary["main_gap"] == GAP


def test_json_on_stdout_is_the_summary(study, town):
    answer = cli(town, "crews.line.own=6", "same: crews.line.own=3", "--replicates", 10, "--json", "--quiet")
    assert json.loads(answer.stdout)["changes"] == json.loads((study[0] / "summary.json").read_text())["changes"]
    assert answer.stderr == ""


def test_a_finished_study_is_read_back_and_can_be_lengthened(study, town, tmp_path, monkeypatch):
    made = []
    kept = runner.run_batch
    monkeypatch.setattr(runner, "run_batch", lambda batch: made.extend(batch.rows) or kept(batch))
    out, arm = tmp_path / "results", "crews.line.own=6"
    assert cli(town, arm, "--replicates", 2, "--out", out, "--no-figures").exit_code == 0
    assert len(made) == 4
    again = cli(town, arm, "--replicates", 3, "--out", out, "--no-figures")
    assert len(made) == 6
    assert "3 pairs" in again.stdout
    whole = cli(town, arm, "--replicates", 3, "--no-figures")
    assert again.stdout.splitlines()[:-1] == whole.stdout.splitlines()


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
    for claim in ("Change of the gap", "told apart", "shorter", "widens", "narrows", "per household-hour", "Pairing"):
        assert claim not in text
    found = json.loads((out / "summary.json").read_text())
    (arm,) = found["arms"]
    assert found["claims_nothing"]
    assert why in arm["refused"]
    assert arm["in_short"] == f"crews.line.own=6: {arm['refused']}"
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
    assert "none: Nothing is claimed: the runs ended before power returned." in " ".join(printed.split())
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
    printed = cli(path, "--replicates", 10).stdout
    assert "own, baseline against own" in printed
    assert "Do crews help?" in printed
    assert "renter minus owner" in printed


def test_of_many_groups_some_are_shown_and_the_rest_is_in_the_file(town, tmp_path):
    path = tmp_path / "many.toml"
    path.write_text(TOWN.replace("neighbourhoods = 6", "neighbourhoods = 12"))
    printed = cli(path, "crews.line.own=6", "--replicates", 2, "--by", "neighbourhood", "--quiet").stdout
    assert "Of 12 groups by neighbourhood 7 are shown" in " ".join(printed.split())


def test_an_interrupted_study_says_what_is_kept(town, monkeypatch):
    def interrupted(*_):
        raise CutShort(KeyboardInterrupt(), "1 of 4 runs is finished and kept in FOLDER")

    monkeypatch.setattr(compare, "carry_out", interrupted)
    answer = cli(town, "crews.line.own=6", "--replicates", 2)
    assert answer.exit_code == INTERRUPTED
    assert answer.stderr == "coproduce: interrupted: nothing is kept without --out DIR\n"


# Failed runs.


def test_failed_pairs_are_left_out_and_counted():
    baseline = np.array([[1.0, 40.0], [2.0, 41.0], [3.0, 42.0]])
    arms = np.array([[[2.0, 39.0], [np.nan, np.nan], [5.0, 40.0]]])
    table = tidy(Values((GAP, "all:all:mean_h"), baseline, arms), ["arm"])
    row = line_of(table, "arm", GAP)
    assert (row["change"], row["pairs"], row["failed"]) == (1.5, 2, 1)
    assert (row["baseline_mean"], row["arm_mean"]) == (2.0, 3.5)
    assert words.of_failures([("arm", 1, 3)]) == ["arm: 1 of 3 pairs failed and are left out; runs.csv says why."]


def test_a_group_name_may_hold_a_colon():
    names = ["neighbourhood:North: hill:gap_h", "neighbourhood:North: hill:mean_h", "neighbourhood:South:mean_h"]
    assert gap_groups(names, "neighbourhood") == (["North: hill"], "South")


# Words.


def line(change, low, high, base=(5.0, 4.0, 6.0), arm=None, name=GAP):
    """A comparison of one line: change with interval, and the levels before and after with theirs."""
    arm = arm or tuple(level + change for level in base)
    levels = {"baseline_mean": base[0], "baseline_low": base[1], "baseline_high": base[2]}
    levels |= {"arm_mean": arm[0], "arm_low": arm[1], "arm_high": arm[2]}
    part, group, measure = name.split(":")
    row = {"arm": "A", "grouping": part, "group": group, "measure": measure, "change": change, "low": low, "high": high}
    return looked_at_together(pd.DataFrame([{**row, **levels, "pairs": 20, "failed": 0, "note": ""}])[COLUMNS])


def said(*lines):
    return words.in_short(looked_at_together(pd.concat(lines)[COLUMNS]), "A", "base", GAP)


def among_ten(change, low, high):
    """A change of one arm, where nine others are looked at that may be nothing."""
    return said(line(change, low, high), *(line(0.1, -0.5, 0.7).assign(arm=f"B{i}") for i in range(9)))


def test_a_change_that_is_sure_by_itself_is_not_claimed_among_many():
    assert "h longer than in base (95 % interval 0.02 to 0.98 h): the gap" in said(line(0.5, 0.02, 0.98))
    text = among_ten(0.5, 0.02, 0.98)
    assert "can be told apart from zero (+0.5 h, -0.2 to +1.2 h, 95 % interval of all 10 together)" in text
    assert "longer" not in text


def test_a_change_that_is_sure_among_many_is_told_with_its_own_interval_and_adjusted_p():
    assert "(95 % interval 1.0 to 2.0 h; adjusted p below 0.001, 10 looked at)" in among_ten(1.5, 1.0, 2.0)


def test_measures_and_items_of_cost_are_families_of_their_own():
    names = (
        GAP,
        "income:lowest fifth:gap_h",
        "minority:minority:mean_h",
        "all:all:mean_h",
        "cost:total:usd",
        "cost:crews:usd",
    )
    table = looked_at_together(pd.concat([line(0.5, 0.1, 0.9, name=name) for name in names])[COLUMNS])
    assert table["looked_at"].tolist() == [2, 2, 1, 1, 1, 1]


def test_a_change_whose_interval_holds_zero_is_not_claimed():
    text = said(line(0.4, -0.1, 0.9))
    assert "can be told apart from zero (+0.4 h, -0.1 to +0.9 h, 95 % interval)" in text
    assert "longer" not in text


def test_a_change_whose_interval_leaves_out_zero_is_told_with_its_bounds():
    text = said(line(-1.5, -2.5, -0.5))
    assert "minority households wait 1.5 h less than in base (95 % interval 0.5 to 2.5 h)" in text
    assert "the gap narrows, from +5.0 to +3.5 h" in text


def test_a_gap_widens_below_zero_too():
    assert "the gap widens, from -5.0 to -6.5 h" in said(line(-1.5, -2.5, -0.5, base=(-5.0, -6.0, -4.0)))


@pytest.mark.parametrize("base", [(0.5, -0.5, 1.5), (1.0, 0.5, 1.5)])
def test_a_gap_of_unsure_sign_neither_widens_nor_narrows(base):
    text = said(line(-2.0, -2.5, -1.5, base=base))
    assert "widens" not in text
    assert "narrows" not in text
    assert f"the gap goes from {base[0]:+.1f} to {base[0] - 2.0:+.1f} h" in text


def test_the_city_and_the_bill_follow_the_same_rule():
    mean = line(-2.0, -3.0, -1.0, base=(50.0, 49.0, 51.0), name="all:all:mean_h")
    outlay = line(1e5, 9e4, 1.1e5, name=OUTLAY)
    sure, unsure = line(2e6, 1e6, 3e6, name=NET), line(1e6, -1e6, 3e6, name=TOTAL)
    text = said(line(0.4, -0.1, 0.9), mean, outlay, sure, unsure)
    assert "hours out are 2.0 h shorter (95 % interval 1.0 to 3.0 h)" in text
    assert "Outlay: $100k more ($90k to $110k)." in text
    assert (
        "Net cost to city and utility: at the baseline's crews' bill, $2.00m more ($1.00m to $3.00m); as simulated, no "
        "change that can be told apart from zero (-$1.00m to +$3.00m)."
    ) in text


def test_a_bill_that_is_not_held_is_told_as_simulated():
    mean = line(-2.0, -3.0, -1.0, base=(50.0, 49.0, 51.0), name="all:all:mean_h")
    same = [line(2e6, 1e6, 3e6, name=name) for name in (NET, TOTAL)]
    text = said(line(0.4, -0.1, 0.9), mean, *same)
    assert "Net cost to city and utility, as simulated: $2.00m more ($1.00m to $3.00m)." in text
    assert "baseline's crews' bill" not in text


def test_no_interval_is_printed_as_a_point():
    (row,) = (line(0.05, 0.04, 0.06).iloc[i] for i in range(1))
    assert digits_for([row]) == 3
    assert "0.050 h longer" in said(line(0.05, 0.04, 0.06))


def test_a_sure_change_is_not_printed_as_touching_zero():
    assert "95 % interval 0.01 to 0.59 h" in said(line(0.3, 0.012, 0.588))


def test_money_is_saved_only_where_that_is_sure():
    assert words.prices_in_words(price(-2.0)) == []
    assert words.prices_in_words(price(-2.0, added_cost_high=-1.0)) == ["A: money is saved along with gap-hours."]


def test_dollars_share_a_unit():
    assert dollars(285_000.0, 78_414.0) == ["$285k", "$78k"]
    assert dollars(12_345.0, 9_000.0) == ["$12.3k", "$9.0k"]
    assert dollars(12.345, 9.0) == ["$12", "$9"]
    assert dollars(1.234) == ["$1.23"]
    assert dollars(-0.001, sign=True) == ["$0.00"]


def price(value, **more):
    columns = {"arm": "A", "effect": "gap-hours", "price_usd": value, "price_low": 1.0, "price_high": 3.0}
    columns |= {
        "added_cost_high": 9.0,
        "gained_low": 1.0,
        "price_fieller_low": 0.5,
        "price_fieller_high": 4.0,
        "pairs": 20,
        "dominated_by": "",
        "surely": False,
        "priced_by": HELD,
    }
    return pd.DataFrame([{**columns, "note": "", **more}])


def test_a_price_by_the_simulated_cost_says_so():
    assert words.prices_in_words(price(2.0, priced_by=SIMULATED)) == [
        "Priced as simulated, for no crews' bill is held: A."
    ]


def test_a_price_without_bounds_is_told_in_words():
    unsure = price(np.nan, note="no gap-hours gained that can be told from zero")
    assert words.price_text(unsure.iloc[0]) == "none (see below)"
    assert words.prices_in_words(unsure) == [
        "No price of gap-hours for A: no gap-hours gained that can be told from zero."
    ]
    assert words.price_text(price(2.0).iloc[0]) == "$2.00 ($0.50 to $4.00)"
    assert words.price_text(price(2.0, price_fieller_low=np.nan).iloc[0]) == "$2.00 (no bounds)"
    assert words.prices_in_words(price(2.0, dominated_by="B", surely=True)) == [
        "A: B costs no more and closes no fewer gap-hours."
    ]


# Growing until the interval is narrow.


def changes_of(sd, arms=1, seed=0):
    luck = np.random.default_rng(seed).normal(0.0, 1.0, (1_000, arms)) * sd
    return lambda pairs: luck[:pairs]


def test_pairs_are_added_until_every_interval_is_narrow():
    found = grow(changes_of(np.array([1.0, 0.5]), arms=2), 0.25, 400)
    assert found.reached
    assert found.steps[0] == FIRST_PAIRS
    assert half_widths(changes_of(np.array([1.0, 0.5]), arms=2)(found.steps[-2])).max() > 0.25
    assert found.half_widths.max() <= 0.25
    assert all(b <= 2 * a for a, b in zip(found.steps, found.steps[1:], strict=False))


def test_the_first_batch_is_never_cut_short():
    assert grow(changes_of(1e-6), 0.25, 400).steps == [FIRST_PAIRS]


def test_at_the_cap_it_says_how_many_pairs_would_do():
    found = grow(changes_of(1.0), 0.1, 50)
    assert not found.reached
    assert found.steps[-1] == 50
    assert found.needed == pairs_needed(changes_of(1.0)(50), 0.1) > 300
    first, _ = words.of_growth(found, "minority minus other")
    assert "Cap reached: after 50 pairs" in first
    assert f"about {found.needed:,} pairs" in first


def test_intervals_of_a_grown_study_cover_the_truth():
    luck = np.random.default_rng(1).normal(0.0, 1.0, (2_000, 400, 1))
    inside = 0
    for changes in luck:
        found = grow(lambda pairs, c=changes: c[:pairs], 0.4, 400)
        inside += abs(changes[: found.steps[-1]].mean()) <= found.half_widths[0]
    assert 0.92 <= inside / len(luck) <= 0.97


def test_growth_says_how_many_pairs_it_took():
    first, second = words.of_growth(Growth(0.25, 400, [10, 16, 30], np.array([0.24]), 29), "minority minus other")
    assert "0.24 h, at most 0.25 h as asked for, after 30 pairs (looked at after 10, 16, 30)" in first
    assert "Chow & Robbins 1965" in second


@pytest.mark.slow
def test_a_growing_study_goes_on_in_its_folder(town, tmp_path):
    out, ask = tmp_path / "results", [town, "crews.line.own=6", "--until-halfwidth", 0.4, "--no-figures"]
    capped = cli(*ask, "--max-replicates", 10, "--out", out)
    assert capped.exit_code == 0, capped.output
    assert "Cap reached: after 10 pairs (--max-replicates 10)" in " ".join(capped.stdout.split())
    longer = cli(*ask, "--max-replicates", 60, "--out", out)
    assert "20 of them are there already" in longer.stderr
    alone = cli(*ask, "--max-replicates", 60)
    assert longer.stdout.splitlines()[:-1] == alone.stdout.splitlines()


# Bad input.


@pytest.mark.parametrize(
    ("texts", "parts"),
    [
        (["crews.line.owm=6"], ["ARM 'crews.line.owm=6'", "did you mean 'own'"]),
        (["outreach/no311"], ["unknown change or scenario", "did you mean 'outreach/no-311'"]),
        ([], ["nothing to compare", "PATH=VALUE"]),
        (["crews.line.own=6", "--until-halfwidth", "0"], ["--until-halfwidth 0", "above 0"]),
        (["crews.line.own=6", "--until-halfwidth", "-1"], ["--until-halfwidth -1", "above 0"]),
        (["crews.line.own=6", "--until-halfwidth", "nan"], ["--until-halfwidth nan", "above 0"]),
        (
            ["crews.line.own=6", "--until-halfwidth", "1", "--max-replicates", "9"],
            ["--max-replicates 9", "at least 10"],
        ),
        (["crews.line.own=6", "--until-halfwidth", "1", "--shard", "1/2"], ["--shard", "--replicates"]),
        (["crews.line.own=6", "--by", "minorty"], ["minorty", "did you mean 'minority'"]),
        (["crews.line.own=6", "--by", "all"], ["--by all", "no gap"]),
        (["crews.line.own=6", "--shard", "3/2"], ["--shard 3/2"]),
        (["crews.line.own=6", "--shard", "1/2"], ["--shard", "--out"]),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(town, texts, parts):
    assert_one_line(cli(town, *texts), *parts)


def test_a_folder_of_another_comparison_is_refused(study, town):
    before = {path: path.stat().st_mtime_ns for path in study[0].rglob("*")}
    assert_one_line(cli(town, "crews.line.own=7", "--out", study[0]), "another study", "--out")
    assert {path: path.stat().st_mtime_ns for path in study[0].rglob("*")} == before


def test_a_folder_of_another_command_is_refused(town, tmp_path):
    (tmp_path / "summary.json").write_text("{}")
    assert_one_line(cli(town, "crews.line.own=7", "--out", tmp_path), str(tmp_path), "another study")
    assert [path.name for path in tmp_path.iterdir()] == ["summary.json"]


def test_a_gap_without_values_cannot_stop_a_study(tmp_path):
    path = tmp_path / "alike.toml"
    path.write_text(TOWN + "[people]\nsubstitute_share = 0.0\n")
    ask = [path, "crews.line.own=6", "--by", "substitute", "--quiet"]
    assert_one_line(cli(*ask, "--until-halfwidth", 1), "gap by substitute has no value", "anybody in both groups")
    printed = cli(*ask, "--replicates", 10).stdout
    assert "cannot be compared" in printed
