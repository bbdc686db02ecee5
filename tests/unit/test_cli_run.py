"""``coproduce run``: what it prints, what it writes, and that it goes on where it was interrupted."""

import json
import re
import signal

import pandas as pd
import pyarrow.parquet as pq
import pytest
from PIL import Image
from typer.testing import CliRunner

import experiments.runs.replicates
from app import progress, saving
from app.cli import app
from sim import load, run
from sim.core.cost_items import ITEMS
from sim.engine.outcome_columns import TABLES
from sim.rules.split_hours import PARTS

TOWN = """
name = "town"
summary = "three hundred households"
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
[sources]
"crews.line.own" = "invented"
[observed]
time_h = [2, 30, 60]
customers_out = [260, 120, 20]
source = "made up for this test"
quantiles_h = { 50 = 25.0, 90 = 60.0 }
customer_hours = 8000
"""


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    path = tmp_path_factory.mktemp("town") / "town.toml"
    path.write_text(TOWN)
    return str(path)


@pytest.fixture(scope="module")
def study(town, tmp_path_factory):
    """A finished study of three replicates with figures, and what it printed."""
    out = tmp_path_factory.mktemp("study") / "results"
    words = ["--replicates", "3", "--out", str(out), "--by", "minority", "--by", "income"]
    answer = cli("run", town, *words)
    assert answer.exit_code == 0, answer.output
    return out, answer.stdout


def cli(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def documents(answer):
    assert answer.exit_code == 0, answer.output

    def refuse(word):
        raise AssertionError(f"{word} is not JSON")

    return json.loads(answer.stdout, parse_constant=refuse)


def test_table_shows_every_measure_for_all_affected_and_for_reporters_only(town):
    text = cli("run", town, "--replicates", 10).stdout
    for word in ("mean", "median", "90th", ">24 h", ">48 h", ">72 h", ">168 h", "report", "detect"):
        assert word in text
    for word in ("all affected", "reporters only", "undetected", "waiting", "search", "repair"):
        assert word in text
    assert "By minority; reference group: other" in text
    assert "10 replicates (seeds 1 to 10)" in text
    assert "sum to the gap" in text


def test_table_is_no_wider_than_a_hundred_columns_when_piped(study):
    assert max(len(line) for line in study[1].splitlines() if not line.startswith("Written to")) <= 100


def test_simulated_times_stand_beside_the_observed_ones(study):
    rows = {line.split()[0]: line for line in study[1].splitlines() if line.strip()}
    assert "25.0 h" in rows["T50"]
    assert "60.0 h" in rows["T90"]
    assert "8,000" in rows["customer-hours"]


FEW = ("run", "--replicates", 9), "9 replicates are too few"
DARK = ("run", "--replicates", 10, "--set", "run.horizon_h=12"), "the runs ended before power returned"


@pytest.mark.parametrize(("words", "why"), [FEW, DARK])
def test_runs_that_may_claim_nothing_show_levels_and_no_gap_anywhere(town, tmp_path, words, why):
    command, *more = words
    answer = cli(command, town, *more, "--out", tmp_path, "--report")
    assert answer.exit_code == 0, answer.output
    text = " ".join(answer.stdout.split())
    assert why in text
    assert "minority" in text  # its levels
    for claim in ("Gap", "minus", "waited", "told apart", "logged reports alone", "the gap"):
        assert claim not in text
    found = json.loads((tmp_path / "summary.json").read_text())
    assert why in found["refused"]
    (grouping,) = found["groupings"]
    assert grouping["in_words"] == [found["refused"]]
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
    assert page.count(found["refused"]) >= 3  # the answer and both sections that would hold gaps
    assert not re.search(r"wait (longer|less)|Where the gap comes from|what can be said", page)


def test_ten_runs_that_ended_well_claim_what_their_intervals_allow(town):
    found = documents(cli("run", town, "--replicates", 10, "--json"))
    assert found["refused"] == ""
    assert found["groupings"][0]["all_affected"]["gaps"][0]["gap_low"] is not None


def test_words_claim_a_difference_only_when_the_interval_is_off_zero(town):
    grouping = documents(cli("run", town, "--replicates", 10, "--json"))["groupings"][0]
    row = next(r for r in grouping["all_affected"]["gaps"] if r["measure"] == "mean_h")
    sure = row["p_holm"] < 0.05
    assert ("No difference" in grouping["in_words"][0]) == (not sure)


def test_gaps_of_several_groups_are_judged_together_and_stand_side_by_side(town):
    words = ("run", town, "--replicates", 10, "--by", "minority", "--by", "income")
    found = documents(cli(*words, "--json"))
    rows = [r for g in found["groupings"] for r in g["all_affected"]["gaps"] if r["measure"] == "mean_h"]
    assert {row["looked_at"] for row in rows} == {len(rows)} == {5}
    assert all(row["low_together"] <= row["gap_low"] and row["p_holm"] >= row["p"] for row in rows)
    assert any(note.startswith("5 gaps in mean hours out are looked at together") for note in found["notes"])
    printed = cli(*words).stdout
    assert "All 5 gaps in mean hours out together, over all affected" in printed
    assert "adjusted p" in printed
    assert "together" not in cli("run", town, "--replicates", 10).stdout


def test_parts_of_the_gap_sum_to_the_gap(town):
    grouping = documents(cli("run", town, "--replicates", 10, "--json"))["groupings"][0]
    gap = {row["measure"]: row["gap"] for row in grouping["all_affected"]["gaps"]}
    parts = sum(gap[name] for name in PARTS)
    assert parts == pytest.approx(gap["mean_h"])


def test_json_is_one_strict_document_and_equals_the_summary_on_disk(town, tmp_path):
    answer = cli("run", town, "--replicates", 2, "--json", "--out", tmp_path, "--no-figures")
    assert documents(answer) == json.loads((tmp_path / "summary.json").read_text())
    assert "replicate 2 of 2" in answer.stderr


def test_quiet_says_nothing_on_stderr(town):
    assert cli("run", town, "--quiet").stderr == ""


def test_compilation_is_announced_when_it_will_happen(town, monkeypatch):
    monkeypatch.setattr(progress, "is_cached", lambda: False)
    assert "Compiling" in cli("run", town).stderr
    monkeypatch.setattr(progress, "is_cached", lambda: True)
    assert "Compiling" not in cli("run", town).stderr


def test_set_changes_parameters_and_the_title_says_so(town):
    answer = cli("run", town, "--set", "crews.line.own=9", "--set", "dispatch.policy=random")
    assert "town with crews.line.own = 9, dispatch.policy = random" in answer.stdout
    found = documents(cli("run", town, "--set", "crews.line.own=9", "--json"))
    assert found["changes"] == {"crews.line.own": 9}
    assert found["digest"] == load(town).but({"crews.line.own": 9}).digest


def test_world_and_storm_can_be_held_fixed(town, tmp_path):
    words = ["--replicates", 2, "--world-seed", 7, "--storm-seed", 8, "--out", tmp_path, "--no-figures"]
    assert "world held at seed 7, storm held at seed 8" in cli("run", town, *words).stdout
    a, b = (pd.read_parquet(tmp_path / f"seed-{n}" / "households.parquet") for n in (1, 2))
    assert a["income_usd"].equals(b["income_usd"])
    assert a["out_h"].equals(b["out_h"])
    assert not a["first_report_h"].equals(b["first_report_h"])


def test_every_file_promised_is_written(study):
    out, _ = study
    for seed in (1, 2, 3):
        found = {path.name for path in (out / f"seed-{seed}").iterdir()}
        assert found == {*(f"{name}.parquet" for name in TABLES), "summary.json", "certificate.json", "fidelity.csv"}
    assert {path.name for path in out.iterdir()} == {
        "seed-1", "seed-2", "seed-3", "summary.json", "gaps.csv", "study.json", "figures",
    }  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_columns_on_disk_are_the_documented_ones_in_their_order(study, name):
    schema = pq.read_schema(study[0] / "seed-1" / f"{name}.parquet")
    assert schema.names == [column.name for column in TABLES[name]]
    for column in TABLES[name]:
        written = schema.field(column.name).metadata
        assert written[b"meaning"].decode() == column.meaning
        assert written[b"unit"].decode() == column.unit


def test_tables_on_disk_hold_the_run(study, town):
    outcomes = run(load(town), seed=2)
    for name, columns in TABLES.items():
        read = pd.read_parquet(study[0] / "seed-2" / f"{name}.parquet")
        pd.testing.assert_frame_equal(read, getattr(outcomes, name)[[c.name for c in columns]])


def test_certificate_is_enough_to_run_again(study, town):
    certificate = json.loads((study[0] / "seed-2" / "certificate.json").read_text())
    assert certificate["digest"] == load(town).digest
    assert certificate["seeds"] == {"world": 2, "storm": 2, "behaviour": 2}
    assert certificate["content"]["parameters"]["place"]["customers"] == 300
    assert "numba" in certificate["versions"]
    assert certificate["sources"] == {"crews.line.own": "invented"}


def test_fidelity_sets_realised_beside_target_shares(study):
    fidelity = pd.read_csv(study[0] / "seed-1" / "fidelity.csv")
    assert {"neighbourhood", "attribute", "target_share", "realised_share"} <= set(fidelity.columns)
    assert "minority" in set(fidelity["attribute"])


def test_gaps_file_holds_every_grouping_over_both_populations(study):
    gaps = pd.read_csv(study[0] / "gaps.csv")
    assert set(gaps["by"]) == {"minority", "income"}
    assert set(gaps["population"]) == {"all affected", "reporters only"}
    assert set(gaps.loc[gaps["by"] == "minority", "reference"]) == {"other"}
    assert set(gaps["measure"]) >= {"mean_h", "undetected_h", "report_rate"}


def test_figures_carry_their_description(study):
    figures = sorted((study[0] / "figures").glob("*.png"))
    kinds = {"grid", "map-minority", "map-income", "outage-minority", "outage-income"}
    assert {path.stem for path in figures} == kinds | {"survival-minority", "survival-income"}
    for path in figures:
        with Image.open(path) as image:
            assert len(image.text["Description"]) > 40


def test_a_finished_study_is_read_back_with_the_same_results(study, town):
    out, printed = study
    before = {path: path.stat().st_mtime_ns for path in out.glob("seed-*/*")}
    words = ["--replicates", "3", "--out", str(out), "--by", "minority", "--by", "income"]
    again = cli("run", town, *words)
    assert again.stderr.count("read back") == 3
    assert again.stdout == printed
    assert {path: path.stat().st_mtime_ns for path in out.glob("seed-*/*")} == before


@pytest.mark.parametrize(
    ("came", "code", "word"), [("SIGINT", 130, "interrupted"), ("SIGTERM", 143, "ended by SIGTERM")]
)
def test_an_interrupted_run_keeps_what_is_finished_and_goes_on_from_there(
    town, tmp_path, monkeypatch, came, code, word
):
    def until_the_third(scenario, seeds, **more):
        if seeds.behaviour == 3:
            signal.raise_signal(getattr(signal, came))
        return run(scenario, seeds, **more)

    monkeypatch.setattr(experiments.runs.replicates, "run", until_the_third)
    words = ["run", town, "--replicates", 4, "--out", tmp_path, "--no-figures", "--quiet"]
    stopped = cli(*words)
    assert stopped.exit_code == code
    assert stopped.stderr.count("\n") == 1
    assert f"{word}: 2 of 4 replicates are finished and kept in {tmp_path}" in stopped.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["seed-1", "seed-2"]
    monkeypatch.undo()
    words.remove("--quiet")
    gone_on = cli(*words)
    assert gone_on.exit_code == 0
    assert gone_on.stderr.count("read back") == 2
    straight = cli("run", town, "--replicates", 4, "--out", tmp_path / "straight", "--no-figures")
    assert straight.stdout.splitlines()[:-1] == gone_on.stdout.splitlines()[:-1]


def test_an_interruption_without_a_folder_says_that_nothing_was_kept(town, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(experiments.runs.replicates, "run", interrupt)
    stopped = cli("run", town, "--quiet")
    assert (stopped.exit_code, stopped.stderr.count("\n")) == (130, 1)
    assert "nothing was kept" in stopped.stderr


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_a_replicate_whose_writing_fails_leaves_nothing_half_written(town, tmp_path, monkeypatch, error):
    def fails_at_jobs(frame, columns, path):
        path.write_bytes(b"half")
        if path.stem == "jobs":
            raise error

    monkeypatch.setattr(saving, "write_table", fails_at_jobs)
    stopped = cli("run", town, "--out", tmp_path, "--quiet")
    assert stopped.exit_code == (2 if isinstance(error, OSError) else 130)
    assert stopped.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_leftovers_of_a_killed_run_are_cleared_away(town, tmp_path):
    leftover = tmp_path / ".seed-1.unfinished"
    leftover.mkdir()
    (leftover / "households.parquet").write_bytes(b"half")
    assert cli("run", town, "--out", tmp_path, "--no-figures").exit_code == 0
    assert not leftover.exists()


def test_a_folder_of_another_scenario_is_an_error_and_stays_as_it_is(town, tmp_path):
    words = ["--out", tmp_path, "--no-figures"]
    assert cli("run", town, *words).exit_code == 0
    before = (tmp_path / "seed-1" / "certificate.json").read_bytes()
    other = cli("run", town, "--set", "crews.line.own=9", *words)
    assert (other.exit_code, other.stderr.count("\n")) == (2, 1)
    assert "another scenario or other parameters" in other.stderr
    seeds = cli("run", town, "--world-seed", 5, *words)
    assert (seeds.exit_code, seeds.stderr.count("\n")) == (2, 1)
    assert "other seeds" in seeds.stderr
    assert (tmp_path / "seed-1" / "certificate.json").read_bytes() == before


def test_a_folder_written_by_another_version_of_the_model_is_run_again(town, tmp_path):
    words = ["run", town, "--out", tmp_path, "--no-figures"]
    first = cli(*words).stdout
    path = tmp_path / "seed-1" / "certificate.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "model": "older"}))
    again = cli(*words)
    assert "another version of the model" in again.stderr
    assert again.stdout == first
    assert json.loads(path.read_text())["model"] != "older"


def test_many_groups_share_one_table_of_gaps(town):
    text = cli("run", town, "--by", "income", "--by", "poor,medical_device", "--replicates", 10).stdout
    assert "reference group: highest fifth" in text
    assert "reference group: not poor, no medical device" in text
    assert text.count("Gap in mean hours out") == 2


def test_endless_values_are_null_in_json(town):
    found = documents(cli("run", town, "--set", "run.horizon_h=12", "--json"))
    assert found["whole_city"]["T95"]["mean"] is None


def test_figures_leave_other_files_of_their_folder_alone(town, tmp_path):
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "mine.txt").write_text("precious")
    assert cli("run", town, "--out", tmp_path).exit_code == 0
    assert (tmp_path / "figures" / "mine.txt").read_text() == "precious"
    assert (tmp_path / "figures" / "grid.png").exists()
    assert not (tmp_path / ".figures.unfinished").exists()


def test_costs_and_whom_outreach_reached_come_out_with_every_run(tmp_path):
    out = ("--out", str(tmp_path / "told"), "--no-figures")
    words = ("run", "classroom", "--with", "outreach/knowledge-and-materials", *out)
    text = " ".join(cli(*words).stdout.split())
    one = json.loads((tmp_path / "told" / "seed-1" / "summary.json").read_text())
    paid = one["costs_usd"]
    assert paid["total"] == pytest.approx(sum(paid[item] for item in ITEMS))
    assert paid["outreach"] > 0.0
    assert paid["outlay"] > paid["outreach"]
    assert re.search(r"of it \S+ for outreach \(outlay: \S+\)", text)
    households = pd.read_parquet(tmp_path / "told" / "seed-1" / "households.parquet")
    minority = households[households["minority"]]
    assert one["outreach"]["minority"]["minority"]["reached"] == minority["reached"].sum()
    assert f"Outreach reached {100 * minority['reached'].mean():.0f} % of minority households" in text
    assert " ".join(cli(*words).stdout.split()) == text  # read back, the costs with it


def test_without_outreach_nobody_is_said_to_be_reached():
    text = cli("run", "classroom").stdout
    assert "Outreach" not in text
    assert "Cost: $" in text
