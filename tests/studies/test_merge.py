"""Shards of one study joined: the same bytes as in one piece; shards of different studies are refused."""

import pytest
from typer.testing import CliRunner

from app.cli import app
from experiments.runs.carry_out import RunOptions, carry_out
from experiments.runs.ledger import Ledger
from sim import ScenarioError
from tests.studies.small import IDENTITY, TOWN, fails_for_seed_2, instant, study

EXPORTS = ("runs.parquet", "runs.csv")


def make(plan, folder, shard=None, measure=instant):
    ledger = carry_out(plan._replace(measure=measure), RunOptions(folder, workers=1, shard=shard))
    if ledger:
        ledger.close()
    return folder


def merge(*words):
    return CliRunner().invoke(app, ["merge", *map(str, words)])


def exports(folder):
    return [(folder / name).read_bytes() for name in EXPORTS]


@pytest.mark.parametrize("replicates", [2, 20])
@pytest.mark.parametrize("same_folder", [True, False])
def test_shards_merged_are_the_study_in_one_piece(tmp_path, replicates, same_folder):
    plan = study(replicates)
    folders = []
    for i in (3, 1, 2):
        folders.append(tmp_path / ("parts" if same_folder else f"part{i}"))
        make(plan, folders[-1], (i, 3), fails_for_seed_2)
        assert not (folders[-1] / EXPORTS[0]).exists()
    ended = merge(*folders, "--out", tmp_path / "all")
    assert ended.exit_code == 0, ended.output
    rows = 3 * replicates
    assert f"{rows} runs: {rows - 3} finished, 3 failed, 0 missing" in ended.output
    assert exports(tmp_path / "all") == exports(make(plan, tmp_path / "whole", measure=fails_for_seed_2))


def test_missing_shards_are_named_and_their_runs_made_by_the_command_itself(tmp_path):
    plan = study(4)
    make(plan, tmp_path, (2, 3))
    ended = merge(tmp_path, "--out", tmp_path / "all")
    assert ended.exit_code == 0
    assert "12 runs: 4 finished, 0 failed, 8 missing" in ended.output
    assert "Missing shards: 1/3, 3/3" in ended.output
    make(plan, tmp_path, (1, 3))
    assert "8 finished, 0 failed, 4 missing" in merge(tmp_path, "--out", tmp_path / "all").output
    with carry_out(plan._replace(measure=instant), RunOptions(tmp_path / "all", workers=1)) as ledger:
        assert ledger.counts() == {"rows": 12, "finished": 12, "failed": 0, "missing": 0}
    assert exports(tmp_path / "all") == exports(make(plan, tmp_path / "whole"))


def test_the_merged_ledger_can_take_part_in_another_merge(tmp_path):
    plan = study(4)
    for i in (1, 2, 3):
        make(plan, tmp_path / f"{i}", (i, 3))
    merge(tmp_path / "1", tmp_path / "2", "--out", tmp_path / "most")
    assert merge(tmp_path / "most", tmp_path / "3", "--out", tmp_path / "all").exit_code == 0
    assert exports(tmp_path / "all") == exports(make(plan, tmp_path / "whole"))


def refused(tmp_path, first, second):
    make(first, tmp_path / "a", (1, 2))
    make(second, tmp_path / "b", (2, 2))
    ended = merge(tmp_path / "a", tmp_path / "b", "--out", tmp_path / "all")
    assert ended.exit_code == 2
    assert not (tmp_path / "all").exists()
    return " ".join(ended.output.split())


def test_another_study_is_refused(tmp_path):
    told = refused(tmp_path, study(2), study(2, identity={"kind": "another"}))
    assert "holds runs of another study: kind is" in told
    assert "it cannot be joined with" in told


def test_another_plan_of_the_same_study_is_refused(tmp_path):
    told = refused(tmp_path, study(2), study(3))
    assert "belongs to a plan of 9 runs" in told
    assert "another of 6" in told
    other = TOWN.but({"crews.line.own": 9})
    assert "belongs to a plan of 6 runs" in refused(tmp_path / "x", study(2), study(2, scenario=other))


def test_a_folder_without_a_ledger_and_a_ledger_without_a_plan_are_refused(tmp_path):
    assert "there is no ledger of runs" in merge(tmp_path, "--out", tmp_path / "all").output
    Ledger.open(tmp_path / "runs.sqlite", IDENTITY).close()
    assert "nothing to join" in merge(tmp_path, "--out", tmp_path / "all").output


def test_a_shard_needs_a_folder():
    with pytest.raises(ScenarioError, match="--shard needs --out"):
        carry_out(study(1), RunOptions(shard=(1, 2)))
