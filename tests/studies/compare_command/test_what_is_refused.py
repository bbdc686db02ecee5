"""What ``coproduce compare`` refuses, in one line that says what is allowed."""

import pytest

from tests.small_town import TOWN
from tests.studies.compare_command.comparing import cli


def assert_one_line(answer, *parts):
    assert answer.exit_code == 2, answer.output
    assert answer.stderr.count("\n") == 1, answer.stderr
    assert answer.stdout == ""
    for part in parts:
        assert part in answer.stderr


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
