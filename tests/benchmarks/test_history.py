"""The history of ratios: rows appended and read back, and what is said of a slow-down."""

import csv
import re

import pytest

from benchmarks import history
from benchmarks.machine import machine

MESA = {"stepped Mesa": 10.0, "event-driven Mesa": 2.0}


def contest(engine_s, **mesa_s):
    seconds = {**MESA, **mesa_s, "engine, same rules as those": engine_s, history.ENGINE: engine_s}
    return {"households": 10_000, "days": 14.0, "contestants": {name: {"seconds": s} for name, s in seconds.items()}}


def row(engine_s, version="0.2.0", **changed):
    return {**history.row_of(contest(engine_s), machine(), version, 0.1), **changed}


def test_a_row_is_read_back_as_it_was_recorded(tmp_path):
    file = tmp_path / "history.csv"
    assert history.read(file) == []
    rows = [row(0.02, "0.1.0 (unreleased)"), row(0.01)]
    for each in rows:
        history.record(each, file)
    assert history.read(file) == rows
    assert file.read_bytes().count(b"version,date,") == 1


def test_a_row_holds_both_ratios_and_where_they_come_from():
    found = row(0.02)
    assert (found["to_stepped_mesa"], found["to_events_mesa"], found["engine_ms"]) == ("500", "100", "20.0")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", found["date"])
    assert all(found[name] for name in history.FIELDS)
    assert history.row_of(contest(0.02), machine(), "0.2.0", None)["load_before"] == ""


@pytest.mark.parametrize(("engine_s", "lower"), [(0.02, False), (0.01, False), (0.021, False), (0.03, True)])
def test_a_slow_down_is_said(engine_s, lower):
    lines = history.verdict(row(engine_s), row(0.02))
    assert [("CLEARLY LOWER by 33%" in line) for line in lines] == [lower, lower]


def test_one_ratio_may_be_lower_by_itself():
    new = row(0.02, to_events_mesa="50")
    assert [("CLEARLY LOWER" in line) for line in history.verdict(new, row(0.02))] == [False, True]


def test_another_machine_is_said():
    assert all("on another machine" in line for line in history.verdict(row(0.02, cpu="Z80"), row(0.02)))
    assert not any("on another machine" in line for line in history.verdict(row(0.02), row(0.02)))


def test_a_busy_machine_is_said():
    busy = row(0.02, load_before="5.4")
    assert "busy before this contest (load average 5.4)" in history.verdict(busy, row(0.02))[-1]
    assert "busy before the one before" in history.verdict(row(0.02), busy)[-1]
    assert len(history.verdict(row(0.02), row(0.02, load_before=""))) == len(history.RATIOS)


def test_the_table_ends_with_the_last_row_beside_the_one_before(capsys):
    history.print_history([row(0.01, "0.1.0"), row(0.02, "0.2.0")])
    text = capsys.readouterr().out
    assert re.search(r"^0\.1\.0 .* 1000 +200 +10\.0 +0\.1 ", text, re.MULTILINE)
    assert "ratio to stepped Mesa: 500, before 1000 (0.1.0, " in text


def test_without_a_row_the_command_that_makes_one_is_named(capsys):
    history.print_history([])
    assert "python -m benchmarks contest --record" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("heading", "version"),
    [("## [0.2.0] – 2026-12-01", "0.2.0"), ("## [0.3.0] – unreleased", "0.3.0 (unreleased)")],
)
def test_the_version_is_the_topmost_of_the_changelog(tmp_path, heading, version):
    page = tmp_path / "CHANGELOG.md"
    page.write_text(f"# Changelog\n\n{heading}\n\n## [0.1.0] – 2026-01-01\n", encoding="utf-8")
    assert history.version_now(page) == version
    assert history.version_now()


def test_a_changelog_without_versions_is_said(tmp_path):
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"no line such as '## \[0\.1\.0\]"):
        history.version_now(tmp_path / "CHANGELOG.md")


def test_the_file_that_is_kept_has_all_columns_and_numbers_in_them():
    with history.FILE.open(encoding="utf-8", newline="") as lines:
        assert next(csv.reader(lines)) == list(history.FIELDS)
    kept = history.read()
    assert kept
    for each in kept:
        assert all(float(each[name]) > 0.0 for name in (*history.RATIOS, "engine_ms"))
