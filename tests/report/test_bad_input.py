"""Folders that hold no finished study: one line, exit code 2, nothing half-written."""

import json
import os
import shutil

import pytest

from app.faces import report as write
from app.pages import run as run_page
from tests.report.studies import cli, write_town


def assert_one_line(answer, *parts):
    assert answer.exit_code == 2, answer.output
    assert answer.stderr.count("\n") == 1, answer.stderr
    assert "Traceback" not in answer.output
    for part in parts:
        assert part in answer.stderr


@pytest.fixture
def copy(studies, tmp_path):
    def copied(kind):
        there = tmp_path / kind
        shutil.copytree(studies[kind], there)
        (there / "report.html").unlink()
        return there

    return copied


def test_no_folder_a_file_and_an_empty_folder(tmp_path):
    (tmp_path / "file").write_text("x")
    (tmp_path / "empty").mkdir()
    assert_one_line(cli("report", tmp_path / "nowhere"), "there is no such folder")
    assert_one_line(cli("report", tmp_path / "file"), "is a file")
    assert_one_line(cli("report", tmp_path / "empty"), "holds no study of coproduce")


def test_an_unfinished_study_says_how_far_it_got_and_how_to_go_on(copy):
    run, compare = copy("run"), copy("own")
    for folder in (run, compare):
        (folder / "summary.json").unlink()
    assert_one_line(cli("report", run), "all 10 runs", "give the study's command with this --out")
    assert_one_line(cli("report", compare), "all 20 runs", "command")
    assert not (run / "report.html").exists()


def test_shards_that_are_not_joined(tmp_path):
    town = write_town(tmp_path)
    words = ("compare", town, "crews.line.own=4", "--replicates", 2, "--workers", 1, "--quiet")
    assert cli(*words, "--out", tmp_path / "s", "--shard", "1/2").exit_code == 0
    assert_one_line(cli("report", tmp_path / "s"), "1 shards", "coproduce merge")
    assert_one_line(cli(*words, "--out", tmp_path / "s", "--shard", "2/2", "--report"), "--report with --shard")


@pytest.mark.parametrize("content", ["", "{", "[]", '"text"', "\udcff", '{"made": {"kind": "run"}}'])
def test_a_damaged_summary(copy, content):
    folder = copy("own")
    (folder / "summary.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    assert_one_line(
        cli("report", folder),
        "summary.json",
        "damaged" if "made" not in content else "names no schema",
        "command again",
    )
    assert not (folder / "report.html").exists()


@pytest.mark.parametrize("kind", ["run", "compare", "sweep", "sensitivity"])
def test_a_summary_that_is_not_as_it_was_written_is_refused_in_one_line(copy, kind):
    folder = copy(kind)
    text = (folder / "summary.json").read_text(encoding="utf-8")
    whole = json.loads(text)
    edited = [*({k: v for k, v in whole.items() if k != name} for name in whole), *({**whole, n: 7} for n in whole)]
    for summary in [*edited, whole]:  # the last one says the same in other bytes
        (folder / "summary.json").write_text(json.dumps(summary))
        cure = "update coproduce" if summary.get("schema") == 7 else "give the study's command again"
        assert_one_line(cli("report", folder), "summary.json", cure)
        assert not (folder / "report.html").exists()
    (folder / "summary.json").write_text(text, encoding="utf-8")
    assert cli("report", folder).exit_code == 0


def test_a_mistake_of_ours_is_not_blamed_on_the_folder(copy, monkeypatch):
    def mistaken(found):
        raise KeyError("groupings")

    monkeypatch.setattr(run_page, "page", mistaken)
    answer = cli("report", copy("run"))
    assert (answer.exit_code, answer.stderr.count("\n")) == (1, 1)
    assert "a mistake in the program: KeyError" in answer.stderr
    assert "summary.json" not in answer.stderr


def test_an_older_summary_and_a_single_replicate(copy):
    folder = copy("run")
    assert_one_line(cli("report", folder / "seed-1"), "single replicate", "folder of its study")
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    del summary["made"]
    (folder / "summary.json").write_text(json.dumps(summary))
    assert_one_line(cli("report", folder), "does not say how the study was made")


def test_a_folder_that_cannot_be_written_to(copy, monkeypatch):
    folder = copy("own")

    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(write, "put_file", refuse)
    assert_one_line(cli("report", folder), "report.html: cannot be written: Permission denied")
    assert not (folder / "report.html").exists()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_without_permission_to_write(copy):
    folder = copy("own")
    folder.chmod(0o500)
    try:
        assert_one_line(cli("report", folder), "cannot be written")
    finally:
        folder.chmod(0o700)


def test_a_report_needs_a_folder_before_anything_runs(tmp_path):
    town = write_town(tmp_path)
    assert_one_line(cli("run", town, "--report"), "--report needs --out DIR")
    assert_one_line(cli("compare", town, "--report"), "--report needs --out DIR")
    assert_one_line(cli("sweep", tmp_path / "sweep.toml", "--report"), "--report needs --out DIR")
    assert_one_line(cli("sensitivity", tmp_path / "sensitivity.toml", "--report"), "--report needs --out DIR")


def test_open_opens_the_page_and_says_where_it_is_if_it_cannot(copy, monkeypatch):
    folder, opened = copy("own"), []
    monkeypatch.setattr(write.webbrowser, "open", lambda address: bool(opened.append(address)))
    answer = cli("report", folder, "--open")
    assert answer.exit_code == 0
    assert opened == [(folder / "report.html").resolve().as_uri()]
    assert "No browser" in answer.stderr
