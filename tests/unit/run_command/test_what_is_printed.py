"""What ``coproduce run`` prints: every measure with its words, and no more claimed than intervals allow."""

import json
import re

import pandas as pd
import pytest
from PIL import Image

from app.say.together import TOGETHER
from experiments.runs import carry_out
from sim import load
from sim.core.cost_items import ITEMS
from sim.core.outcome_codes import PARTS
from tests.unit.run_command.running import cli, plain


def documents(answer):
    assert answer.exit_code == 0, answer.output

    def refuse(word):
        raise AssertionError(f"{word} is not JSON")

    return json.loads(answer.stdout, parse_constant=refuse)


def tables(found):
    return [block for section in found["page"]["sections"] for block in section["blocks"] if block["kind"] == "table"]


def heads_of(found):
    return {head for table in tables(found) for head in table["heads"]}


def test_page_shows_every_measure_for_all_affected_and_for_reporters_only(town):
    text = plain(cli("run", town, "--replicates", 10))
    for word in ("mean hours out", "half are back", "nine in ten are back", *(f"out for more than {h}" for h in LONG),
                 "whose report reached", "until the utility knows", "closed in error"):  # fmt: skip
        assert word in text
    for word in ("until the utility knows of the outage", "until a crew sets off", "looks for the fault", "is mended"):
        assert word in text
    assert "Mean hours without power, compared with other households" in text
    assert "10 replays of the storm" in text
    assert "(seeds 1 to 10)" in text
    assert "The parts sum to the gap" in text
    found = documents(cli("run", town, "--replicates", 10, "--json"))
    told = [table for table in tables(found) if "whose report reached the utility; means" in table["caption"]]
    measures = {row[0] for row in told[0]["rows"]}
    assert {"mean hours out", "the time of travel and search (hours)", "half are back within (hours)"} <= measures


def test_the_page_is_no_wider_than_a_hundred_columns_when_piped(study):
    assert max(len(line) for line in study[1].splitlines() if not line.startswith("Written to")) <= 100


def test_simulated_times_stand_beside_the_observed_ones(study):
    text = study[1].split("The model against what was observed")[1].split("What to bear in mind")[0]
    rows = [line for line in text.splitlines() if line.strip()]
    assert any(" 25.0 " in line and line.startswith(" 50 of 100") for line in rows)
    assert any(" 60.0 " in line and line.startswith(" 90 of 100") for line in rows)
    found = json.loads((study[0] / "summary.json").read_text())
    simulated = {row["measure"]: row["simulated"] for row in found["observed"]}
    assert f"{simulated['T50']['low']:.1f} to {simulated['T50']['high']:.1f}" in text
    assert "8,000" in next(line for line in rows if "household-hours" in line)


LONG = (24, 48, 72, 168)
FEW = ("run", "--replicates", 9), "9 replicates are too few"
DARK = ("run", "--replicates", 10, "--set", "run.horizon_h=12"), "the runs ended before power returned"


@pytest.mark.parametrize(("words", "why"), [FEW, DARK])
def test_runs_that_may_claim_nothing_show_levels_and_no_gap_anywhere(town, tmp_path, words, why):
    command, *more = words
    answer = cli(command, town, *more, "--out", tmp_path, "--report")
    assert answer.exit_code == 0, answer.output
    text = plain(answer)
    assert why in text
    assert "minority households" in text  # its levels
    for claim in ("compared with", "beyond them", "wait longer", "wait less", "told", "would read", "the gap"):
        assert claim not in text
    found = json.loads((tmp_path / "summary.json").read_text())
    assert why in found["refused"]
    (grouping,) = found["groupings"]
    assert found["page"]["answer"][0] == {"headline": found["refused"], "lines": []}
    table = pd.read_csv(tmp_path / "gaps.csv")
    numbers = [name for name in table if name.startswith(("gap", "ratio")) and name != "ratio_runs"]
    assert numbers
    assert table[numbers].isna().all(axis=None)
    assert table["note"].str.contains("no claim").all()
    for row in grouping["all_affected"]["gaps"]:
        assert {row[name] for name in numbers} == {None}
    levels = {row["measure"]: row["mean"] for row in grouping["all_affected"]["levels"]}
    assert levels["mean_h"] > 0.0
    with Image.open(tmp_path / "figures" / "survival-minority.png") as image:
        assert "no claim" in image.text["Description"]
    page = (tmp_path / "report.html").read_text()
    assert page.count(found["refused"]) >= 3  # the answer, the section that would hold gaps, and its figure
    assert not re.search(r"wait (longer|less)|Where the gap comes from|what can be said", page)


def test_ten_runs_that_ended_well_claim_what_their_intervals_allow(town):
    found = documents(cli("run", town, "--replicates", 10, "--json"))
    assert found["refused"] == ""
    assert found["groupings"][0]["all_affected"]["gaps"][0]["gap_low"] is not None


def test_words_claim_a_difference_only_when_the_interval_is_off_zero(town):
    found = documents(cli("run", town, "--replicates", 10, "--json"))
    grouping = found["groupings"][0]
    row = next(r for r in grouping["all_affected"]["gaps"] if r["measure"] == "mean_h")
    sure = row["p_holm"] < 0.05
    assert found["page"]["answer"][0]["headline"].startswith("We cannot tell") == (not sure)


def test_gaps_of_several_groups_are_judged_together_and_stand_side_by_side(town):
    words = ("run", town, "--replicates", 10, "--by", "minority", "--by", "income")
    found = documents(cli(*words, "--json"))
    rows = [r for g in found["groupings"] for r in g["all_affected"]["gaps"] if r["measure"] == "mean_h"]
    assert {row["looked_at"] for row in rows} == {len(rows)} == {5}
    assert all(row["low_together"] <= row["gap_low"] and row["p_holm"] >= row["p"] for row in rows)
    printed = plain(cli(*words))
    assert "5 gaps in mean hours out are looked at together" in printed
    assert "(adjusted p" in printed
    assert TOGETHER in heads_of(found)
    assert "adjusted p" not in plain(cli("run", town, "--replicates", 10))
    assert TOGETHER not in heads_of(documents(cli("run", town, "--replicates", 10, "--json")))


def test_parts_of_the_gap_sum_to_the_gap(town):
    grouping = documents(cli("run", town, "--replicates", 10, "--json"))["groupings"][0]
    gap = {row["measure"]: row["gap"] for row in grouping["all_affected"]["gaps"]}
    parts = sum(gap[name] for name in PARTS)
    assert parts == pytest.approx(gap["mean_h"])


def test_json_is_one_strict_document_and_equals_the_summary_on_disk(town, tmp_path):
    answer = cli("run", town, "--replicates", 2, "--json", "--out", tmp_path, "--no-figures")
    assert documents(answer) == json.loads((tmp_path / "summary.json").read_text())
    assert "2 runs" in answer.stderr


def test_quiet_says_nothing_on_stderr(town):
    assert cli("run", town, "--quiet").stderr == ""


def test_compilation_is_announced_when_it_will_happen(town, monkeypatch):
    monkeypatch.setattr(carry_out, "is_cached", lambda: False)
    assert "Compiling" in cli("run", town).stderr
    monkeypatch.setattr(carry_out, "is_cached", lambda: True)
    assert "Compiling" not in cli("run", town).stderr


def test_set_changes_parameters_and_the_title_says_so(town):
    answer = cli("run", town, "--set", "crews.line.own=9", "--set", "dispatch.policy=random")
    assert "with crews.line.own = 9, dispatch.policy = random (seed 1)" in plain(answer)
    found = documents(cli("run", town, "--set", "crews.line.own=9", "--json"))
    assert found["changes"] == {"crews.line.own": 9}
    assert found["digest"] == load(town).but({"crews.line.own": 9}).digest


def test_world_and_storm_can_be_held_fixed(town, tmp_path):
    words = ["--replicates", 2, "--world-seed", 7, "--storm-seed", 8, "--out", tmp_path, "--no-figures"]
    assert "(seeds: world 7; storm 8; behaviour 1 to 2)" in plain(cli("run", town, *words))
    a, b = (pd.read_parquet(tmp_path / f"seed-{n}" / "households.parquet") for n in (1, 2))
    assert a["income_usd"].equals(b["income_usd"])
    assert a["out_h"].equals(b["out_h"])
    assert not a["first_report_h"].equals(b["first_report_h"])


def test_many_groups_share_one_table_of_gaps(town):
    text = plain(cli("run", town, "--by", "income", "--by", "poor,medical_device", "--replicates", 10))
    assert text.count("Mean hours without power, compared with households in the highest fifth of income") == 1
    crossed = "compared with households (not poor; no medical device)"
    assert text.count(f"Mean hours without power, {crossed}") == 1
    assert text.count("The parts of every gap in hours") == 2


def test_a_city_may_be_looked_at_as_a_whole_beside_its_groups(town):
    alone = plain(cli("run", town, "--by", "all", "--replicates", 10))
    assert "Who waits longer for power in “town”?" in alone
    assert "What each group went through, by all" in alone
    assert "compared with" not in alone
    assert "Why" not in alone
    both = documents(cli("run", town, "--by", "all", "--by", "minority", "--replicates", 10, "--json"))
    assert [grouping["by"] for grouping in both["groupings"]] == ["all", "minority"]
    assert both["groupings"][0]["all_affected"]["gaps"] == []


def test_the_wait_for_owners_is_left_out_where_nobody_waits_for_one(town):
    none = plain(cli("run", town, "--replicates", 10, "--set", "storm.owner_share=0"))
    assert "A wait has four parts" in none
    assert "electrician" not in none
    some = plain(cli("run", town, "--replicates", 10, "--set", "storm.owner_share=0.9"))
    assert "A wait has five parts" in some
    assert "until an electrician has mended what the household owns" in some


def test_endless_values_are_null_in_json(town):
    found = documents(cli("run", town, "--set", "run.horizon_h=12", "--json"))
    assert found["whole_city"]["T95"]["mean"] is None


def test_costs_and_whom_outreach_reached_come_out_with_every_run(tmp_path):
    out = ("--out", str(tmp_path / "told"), "--no-figures")
    words = ("run", "classroom", "--with", "outreach/knowledge-and-materials", *out)
    text = " ".join(cli(*words).stdout.split())
    one = json.loads((tmp_path / "told" / "seed-1" / "summary.json").read_text())
    paid = one["costs_usd"]
    assert paid["total"] == pytest.approx(sum(paid[item] for item in ITEMS))
    assert paid["outreach"] > 0.0
    assert paid["outlay"] > paid["outreach"]
    assert re.search(r"of it for outreach \$\S+ none outlay for programmes, devices and meters in full \$\S+", text)
    households = pd.read_parquet(tmp_path / "told" / "seed-1" / "households.parquet")
    minority = households[households["minority"]]
    assert one["outreach"]["minority"]["minority"]["reached"] == minority["reached"].sum()
    assert f"Outreach reached {100 * minority['reached'].mean():.0f} % of minority households" in text
    assert " ".join(cli(*words).stdout.split()) == text  # read back, the costs with it


def test_without_outreach_nobody_is_said_to_be_reached():
    text = plain(cli("run", "classroom"))
    assert "utreach" not in text
    assert re.search(r"cost to city and utility \$\S+", text)
    assert re.search(r"cost to residents \$\S+", text)
