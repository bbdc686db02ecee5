"""Input that cannot be used: one clear line on stderr, the right exit code, no traceback, nothing half-written."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.catalogue import show
from app.cli import app

ROOT = Path(__file__).resolve().parents[2]
SMALL = "[place]\ncustomers = 200\nneighbourhoods = 4\n[grid]\ncustomers_per_lateral = 20\n[crews.line]\nown = 3\n"


def cli(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def town(tmp_path):
    path = tmp_path / "town.toml"
    path.write_text(SMALL)
    return path


def assert_one_line(answer, *words, code=2):
    assert answer.exit_code == code, answer.output
    assert answer.stderr.count("\n") == 1, answer.stderr
    assert "Traceback" not in answer.output
    for word in words:
        assert word in answer.stderr


def test_a_missing_file_is_named():
    assert_one_line(cli("run", "nowhere.toml"), "nowhere.toml", "No such file")


def test_an_unreadable_file_is_named(tmp_path):
    folder = tmp_path / "folder.toml"
    folder.mkdir()
    assert_one_line(cli("run", folder), "folder.toml", "cannot read")


def test_a_file_that_is_not_toml_is_named_with_the_place(tmp_path):
    path = tmp_path / "broken.toml"
    path.write_text("[place\n")
    assert_one_line(cli("run", path), "broken.toml", "not valid TOML", "line 1")


def test_a_file_that_is_not_text_is_refused(tmp_path):
    path = tmp_path / "binary.toml"
    path.write_bytes(b"\xff\xfe\x00")
    assert_one_line(cli("run", path), "not a text file")


def test_an_unknown_name_is_answered_with_the_nearest(monkeypatch):
    assert_one_line(cli("run", "clasroom"), "unknown", "'clasroom'", "did you mean 'classroom'")


def test_a_negative_value_is_answered_with_what_is_allowed(town):
    town.write_text(SMALL.replace("own = 3", "own = -3"))
    assert_one_line(cli("run", town), "[crews.line]", "own", "-3", "0 to 100000")


def test_an_unknown_key_is_answered_with_the_nearest(town):
    town.write_text(SMALL.replace("own = 3", "owm = 3"))
    assert_one_line(cli("run", town), "owm", "did you mean 'own'")


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ("crews.line.own=-1", "0 to 100000"),
        ("crews.line.owm=1", "did you mean 'own'"),
        ("crews.line=3", "section"),
        ("crews.line.own", "PATH=VALUE"),
        ("=3", "PATH=VALUE"),
        ("dispatch.policy=pressur", "did you mean 'pressure'"),
    ],
)
def test_a_wrong_change_is_answered_with_what_is_allowed(town, change, word):
    assert_one_line(cli("run", town, "--set", change), word)


def test_a_section_and_its_parameter_cannot_both_be_set(town):
    answer = cli("run", town, "--set", "crews.line=3", "--set", "crews.line.own=3")
    assert_one_line(answer, "set twice")


def test_an_unknown_grouping_is_answered_with_the_nearest_before_anything_runs(town, tmp_path):
    out = tmp_path / "out"
    assert_one_line(cli("run", town, "--by", "minorty", "--out", out), "did you mean 'minority'")
    assert not out.exists()


@pytest.mark.parametrize("observed", ["time_h = [1, 2]\ncustomers_out = [3]", 'quantiles_h = { 50 = "x" }'])
def test_wrong_observations_are_an_error_before_anything_runs(town, observed):
    town.write_text(SMALL + "[observed]\n" + observed + "\n")
    assert_one_line(cli("run", town), "[observed]")


def test_an_output_folder_that_cannot_be_made_is_an_error_before_anything_runs(town, tmp_path):
    (tmp_path / "file").write_text("in the way")
    answer = cli("run", town, "--out", tmp_path / "file" / "results")
    assert_one_line(answer, "--out", "cannot write there")
    assert "1 run" not in answer.stderr


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_an_output_folder_without_permission_is_an_error_before_anything_runs(town, tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    assert_one_line(cli("run", town, "--out", closed), "cannot write there", "Permission denied")


def test_a_foreign_seed_folder_is_left_alone(town, tmp_path):
    mine = tmp_path / "out" / "seed-1"
    mine.mkdir(parents=True)
    (mine / "thesis.txt").write_text("precious")
    assert_one_line(cli("run", town, "--out", tmp_path / "out"), "in the way")
    assert (mine / "thesis.txt").read_text() == "precious"


def test_a_damaged_table_is_named_with_a_way_out(town, tmp_path):
    words = ["run", town, "--out", tmp_path / "out", "--no-figures"]
    assert cli(*words).exit_code == 0
    (tmp_path / "out" / "seed-1" / "households.parquet").write_bytes(b"nothing")
    words.remove("--no-figures")  # which are drawn from it
    assert_one_line(cli(*words, "--quiet"), "households.parquet", "remove ", "and give the study's command again")
    shutil.rmtree(tmp_path / "out" / "seed-1")
    assert cli(*words).exit_code == 0


def test_a_damaged_table_is_made_again_where_it_is_needed_for_other_groups(town, tmp_path):
    words = ["run", town, "--out", tmp_path / "out", "--no-figures"]
    assert cli(*words).exit_code == 0
    table = tmp_path / "out" / "seed-1" / "households.parquet"
    before = table.read_bytes()
    table.write_bytes(b"nothing")
    assert cli(*words, "--by", "poor").exit_code == 0
    assert table.read_bytes() == before


def test_a_short_horizon_states_how_many_are_still_dark(town):
    answer = cli("run", town, "--set", "run.horizon_h=20")
    assert answer.exit_code == 0
    assert "still out at the end of the run (%)" in answer.stdout
    text = " ".join(answer.stdout.split())
    assert "the runs ended before power returned" in text
    assert "still dark at the horizon of 20 h" in text


def test_zero_crews_run_and_say_so(town):
    answer = cli("run", town, "--set", "crews.line.own=0", "--set", "crews.trouble.own=0")
    assert answer.exit_code == 0
    assert "no crews at all" in answer.stdout
    assert "100 % of the affected were still dark" in " ".join(answer.stdout.split())


def test_an_empty_group_is_shown_as_missing_and_said_in_words(town):
    nobody = [f"people.{name}_share=0" for name in ("minority", "black", "hispanic")]
    changes = [word for change in nobody for word in ("--set", change)]
    answer = cli("run", town, *changes, "--replicates", 10)
    assert answer.exit_code == 0, answer.output
    text = " ".join(answer.stdout.split())
    assert "Minority households cannot be compared with other households: no run has this group" in text
    assert "nan" not in text


def test_an_absent_reference_group_is_no_error(town):
    changes = ["--set", "people.minority_share=1.0", "--set", "people.black_share=0.6"]
    answer = cli("run", town, *changes, "--by", "ethnicity")
    assert answer.exit_code == 0, answer.output
    assert "Nothing is claimed: 1 replicate is too few" in " ".join(answer.stdout.split())
    many = cli("run", town, *changes, "--by", "ethnicity", "--replicates", 10)
    assert many.exit_code == 0, many.output
    text = " ".join(many.stdout.split())
    assert "Black households cannot be compared with white households: no run has this group" in text
    assert "nan" not in text


def test_no_outage_runs_and_says_so(town, tmp_path):
    answer = cli("run", town, "--set", "storm.gust_m_per_s=0", "--out", tmp_path / "out")
    assert answer.exit_code == 0, answer.output
    assert "Nobody lost power" in answer.stdout


@pytest.mark.parametrize("words", [["--replicates", "0"], ["--seed", "-1"], ["--nonsense"]])
def test_wrong_options_end_with_two(town, words):
    answer = cli("run", town, *words)
    assert answer.exit_code == 2
    assert "Traceback" not in answer.output


def test_a_mistake_in_the_program_is_one_line_too(monkeypatch):
    def mistake(_):
        raise KeyError("x")

    monkeypatch.setattr(show, "list_scenarios", mistake)
    assert_one_line(cli("list"), "a mistake in the program", "COPRODUCE_TRACEBACK", code=1)


def test_the_command_itself_ends_like_that_too():
    words = [sys.executable, "-m", "app.cli", "run", "nowhere.toml"]
    answer = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    assert (answer.returncode, answer.stderr.count("\n"), answer.stdout) == (2, 1, "")


def test_a_pipe_that_closes_early_is_no_error():
    words = f"{sys.executable} -m app.cli show --schema | head -n 1"
    answer = subprocess.run(words, shell=True, cwd=ROOT, capture_output=True, text=True)
    assert "Traceback" not in answer.stderr
    assert "Error" not in answer.stderr


def test_a_reader_who_leaves_early_does_not_take_the_report_along(tmp_path):
    words = f"{sys.executable} -m app.cli run worked/one-fault --out {tmp_path} --report --quiet | head -n 1"
    subprocess.run(words, shell=True, cwd=ROOT, capture_output=True, text=True, check=True)
    assert (tmp_path / "report.html").is_file()
