"""``coproduce run`` goes on where it was interrupted, failed or ended, and refuses what is not its own."""

import json
import shutil
import signal

import pytest

from experiments.results import replicates
from experiments.runs import carry_out, evaluate
from experiments.runs.ledger import Ledger
from sim import run
from tests.unit.run_command.running import cli, plain


def until(seed, happens):
    """A run that has something happen before the replicate of a seed."""

    def until_then(scenario, seeds, **more):
        if seeds.behaviour == seed:
            happens()
        return run(scenario, seeds, **more)

    return until_then


def files_of(folder):
    """Every file that a study has left, as bytes; certificates without the time, the ledger by its export."""
    found = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for name in [name for name in found if name.endswith("certificate.json")]:
        told = json.loads(found[name])
        found[name] = {key: told[key] for key in told if key not in ("started", "seconds")}
    del found["runs.sqlite"]
    summary = json.loads(found["summary.json"])
    summary["made"].pop("command")
    return {**found, "summary.json": summary, "study.json": None}


@pytest.mark.parametrize(
    ("came", "code", "word"), [("SIGINT", 130, "interrupted"), ("SIGTERM", 143, "ended by SIGTERM")]
)
def test_an_interrupted_run_keeps_what_is_finished_and_goes_on_from_there(
    town, tmp_path, monkeypatch, came, code, word
):
    stop = until(3, lambda: signal.raise_signal(getattr(signal, came)))
    monkeypatch.setattr(evaluate, "run", stop)
    words = ["run", town, "--replicates", 4, "--out", tmp_path / "cut", "--no-figures", "--quiet", "--workers", 1]
    stopped = cli(*words)
    assert stopped.exit_code == code
    assert stopped.stderr.count("\n") == 1
    said = f"{word}: 2 of 4 runs are finished and kept in {tmp_path / 'cut'}; give the same command again to go on"
    assert said in stopped.stderr
    assert sorted(path.name for path in (tmp_path / "cut").iterdir()) == ["runs.sqlite", "seed-1", "seed-2"]
    monkeypatch.undo()
    words.remove("--quiet")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "cut").glob("seed-*/*")}
    gone_on = cli(*words)
    assert gone_on.exit_code == 0
    assert "4 runs, 2 of them are there already" in gone_on.stderr
    assert {path: path.stat().st_mtime_ns for path in before} == before
    straight = cli("run", town, "--replicates", 4, "--out", tmp_path / "straight", "--no-figures")
    assert straight.stdout.splitlines()[:-1] == gone_on.stdout.splitlines()[:-1]
    assert files_of(tmp_path / "cut") == files_of(tmp_path / "straight")


def test_an_interruption_without_a_folder_says_that_nothing_was_kept(town, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(evaluate, "run", interrupt)
    stopped = cli("run", town, "--quiet")
    assert (stopped.exit_code, stopped.stderr.count("\n")) == (130, 1)
    assert "nothing is kept without --out DIR" in stopped.stderr


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_a_replicate_whose_writing_fails_leaves_nothing_half_written(town, tmp_path, monkeypatch, error):
    def fails_at_jobs(frame, columns, path):
        path.write_bytes(b"half")
        if path.stem == "jobs":
            raise error

    monkeypatch.setattr(replicates, "write_table", fails_at_jobs)
    stopped = cli("run", town, "--out", tmp_path, "--quiet")
    assert stopped.exit_code == (2 if isinstance(error, OSError) else 130)
    assert stopped.stderr.count("\n") == 1
    assert ("No space left on device" in stopped.stderr) == isinstance(error, OSError)
    left = [path.name for path in tmp_path.iterdir() if not path.name.startswith("runs.")]
    assert left == []


def test_a_replicate_that_failed_is_counted_left_out_and_tried_again(town, tmp_path, monkeypatch):
    def fails():
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(evaluate, "run", until(2, fails))
    words = ["run", town, "--replicates", 11, "--out", tmp_path, "--workers", 1]
    answer = cli(*words)
    assert "1 runs failed; they are counted and left out of all means, and tried again next time" in answer.stderr
    assert "No space left on device" in answer.stderr
    assert "1 replicate failed and is left out; runs.csv says why." in plain(answer)
    assert json.loads((tmp_path / "summary.json").read_text())["failed_replicates"] == 1
    assert (tmp_path / "figures" / "grid.png").exists()  # of those that are there
    assert not (tmp_path / "seed-2").exists()
    monkeypatch.undo()
    again = cli(*words)
    assert "11 runs, 10 of them are there already" in again.stderr
    assert "left out; runs.csv" not in again.stdout
    assert (tmp_path / "seed-2" / "certificate.json").exists()


def test_replicates_whose_folder_is_gone_are_made_again_and_no_others(town, tmp_path):
    words = ["run", town, "--replicates", 3, "--out", tmp_path, "--no-figures"]
    first = plain(cli(*words))
    before = files_of(tmp_path)
    times = {path: path.stat().st_mtime_ns for n in (1, 3) for path in (tmp_path / f"seed-{n}").iterdir()}
    shutil.rmtree(tmp_path / "seed-2")
    again = cli(*words)
    assert "3 runs, 2 of them are there already" in again.stderr
    assert plain(again) == first
    assert files_of(tmp_path) == before
    assert {path: path.stat().st_mtime_ns for path in times} == times


def test_other_groups_are_read_from_the_tables_and_no_run_is_made_again(town, tmp_path, monkeypatch):
    words = ["run", town, "--replicates", 10, "--no-figures", "--workers", 1]
    fresh = cli(*words, "--by", "poor,over65", "--by", "neighbourhood")
    cli(*words, "--out", tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(evaluate, "run", lambda *_, **__: pytest.fail("ran"))
        regrouped = cli(*words, "--by", "poor,over65", "--by", "neighbourhood", "--out", tmp_path)
        assert "read back" not in regrouped.stderr
        assert plain(regrouped).removesuffix(f" Written to {tmp_path}") == plain(fresh)
        back = cli(*words, "--out", tmp_path)
    assert "10 runs, 10 of them are there already" in back.stderr
    assert plain(back).removesuffix(f" Written to {tmp_path}") == plain(cli(*words))


def test_more_replicates_go_on_from_those_that_are_there(town, tmp_path):
    words = ["run", town, "--out", tmp_path, "--no-figures"]
    cli(*words, "--replicates", 10)
    more = cli(*words, "--replicates", 12)
    assert "12 runs, 10 of them are there already" in more.stderr
    fewer = cli(*words, "--replicates", 10)
    assert "10 runs, 10 of them are there already" in fewer.stderr
    assert plain(fewer).removesuffix(f" Written to {tmp_path}") == plain(cli("run", town, "--replicates", 10))


@pytest.mark.slow
def test_workers_and_shards_give_the_same_bytes(town, tmp_path, monkeypatch):
    monkeypatch.setattr(carry_out, "WORTH_WORKERS_S", 0.0)
    words = ["run", town, "--replicates", 12, "--by", "minority", "--by", "income", "--quiet"]
    for name, more in {"one": ("--workers", 1), "two": ("--workers", 2)}.items():
        assert cli(*words, "--out", tmp_path / name, *more).exit_code == 0
    one = files_of(tmp_path / "one")
    assert files_of(tmp_path / "two") == one
    for i in (1, 2):
        part = cli(*words, "--out", tmp_path / f"part-{i}", "--shard", f"{i}/2")
        assert (part.exit_code, part.stdout) == (0, "")
    whole = tmp_path / "whole"
    assert cli("merge", tmp_path / "part-1", tmp_path / "part-2", "--out", whole, "--quiet").exit_code == 0
    words.remove("--quiet")
    joined = cli(*words, "--out", whole)
    assert "12 runs, 12 of them are there already" in joined.stderr
    assert files_of(whole) == one


def test_a_shard_needs_a_folder(town):
    answer = cli("run", town, "--shard", "1/2")
    assert (answer.exit_code, answer.stderr.count("\n")) == (2, 1)
    assert "--shard needs --out DIR" in answer.stderr


def refused_in_one_line(answer):
    assert (answer.exit_code, answer.stderr.count("\n")) == (2, 1), answer.output
    return answer.stderr


def test_a_folder_of_another_study_is_an_error_before_anything_runs_and_stays_as_it_is(town, tmp_path, monkeypatch):
    words = ["--out", tmp_path, "--no-figures"]
    assert cli("run", town, *words).exit_code == 0
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    monkeypatch.setattr(evaluate, "run", lambda *_, **__: pytest.fail("ran"))
    another = "another scenario or other parameters"
    assert another in refused_in_one_line(cli("run", town, "--set", "crews.line.own=9", *words))
    assert "other seeds" in refused_in_one_line(cli("run", town, "--world-seed", 5, *words))
    later = cli("run", town, "--set", "crews.line.own=9", "--seed", 7, *words)  # of whose seeds there is no folder
    assert "runs of another study: scenario is" in refused_in_one_line(later)
    other_kind = cli("compare", town, "crews.line.own=9", *words)
    assert "runs of another study" in refused_in_one_line(other_kind)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_replicate_of_another_version_of_the_model_is_made_again(town, tmp_path):
    words = ["run", town, "--out", tmp_path, "--no-figures"]
    first = cli(*words).stdout
    path = tmp_path / "seed-1" / "certificate.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "model": "older"}))
    again = cli(*words)
    assert "Made by another version of the model, to be made again: 1 of 1 replicates" in again.stderr
    assert again.stdout == first
    assert json.loads(path.read_text())["model"] != "older"


def test_runs_of_another_version_of_the_model_are_refused_with_what_to_do(town, tmp_path):
    words = ["run", town, "--out", tmp_path, "--no-figures"]
    assert cli(*words).exit_code == 0
    with Ledger.reopen(tmp_path / "runs.sqlite") as ledger:
        ledger.write_note("identity", json.dumps({**ledger.identity, "model": "older"}))
    line = refused_in_one_line(cli(*words))
    assert "runs of another version of the model; choose another --out, or remove it to start afresh" in line
    (tmp_path / "runs.sqlite").unlink()
    assert "Written to" in cli(*words).stdout
