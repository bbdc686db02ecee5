"""What ``coproduce sweep`` refuses in one line, and what its help names."""

import pytest

from tests.studies.small_sweeps import GRID, cli


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
