"""The ledger: nothing lost, nothing mixed, every trouble in one line."""

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time

import numpy as np
import pandas as pd
import pytest

from experiments.runs import ledger_file
from experiments.runs.ledger import Ledger
from experiments.runs.ledger_file import LedgerError
from experiments.runs.rows import Finished, failed, key
from experiments.runs.runner import execute
from experiments.runs.work import prepare
from experiments.runs.workers import InProcess
from tests.studies.small import ARMS, IDENTITY, ROOT, environment, fails_for_seed_2, instant, study

HARD = [0.1 + 0.2, -0.0, 5e-324, 1.7976931348623157e308, float("inf"), float("nan"), 1 / 3]


def finished(plan, index, measures=None, error=None):
    row = plan.rows[index]
    return Finished(key(row, plan.by), row, measures, error, 0.1)


def test_every_number_comes_back_with_its_bits(tmp_path):
    plan = study(1)
    with Ledger.open(tmp_path / "runs.sqlite", IDENTITY) as ledger:
        ledger.add(finished(plan, 0, {f"m{n}": value for n, value in enumerate(HARD)}))
    with Ledger.open(tmp_path / "runs.sqlite", IDENTITY) as ledger:
        found = ledger.values(plan.rows[:1], plan.by, [f"m{n}" for n in range(len(HARD))])
    assert found.tobytes() == np.array([HARD]).tobytes()


def test_values_are_missing_where_there_are_none(tmp_path):
    plan = study(1)
    with Ledger.open(tmp_path / "runs.sqlite", IDENTITY) as ledger:
        ledger.add(finished(plan, 0, {"a": 1.0, "b": 2.0}), finished(plan, 1, {"b": 3.0, "c": 4.0}))
        rows = [plan.rows[n] for n in (1, 2, 0, 1)]
        found = ledger.values(rows, plan.by, ["b", "a", "none"])
        assert ledger.names() == ["a", "b", "c"]
    nan = np.nan
    np.testing.assert_array_equal(found, [[3, nan, nan], [nan, nan, nan], [2, 1, nan], [3, nan, nan]])


def test_failed_runs_are_not_known_and_may_succeed_later_but_not_the_other_way_round(tmp_path):
    plan = study(1)
    bad, good = finished(plan, 0, error="no luck"), finished(plan, 0, {"a": 1.0})
    with Ledger.open(tmp_path / "runs.sqlite", IDENTITY) as ledger:
        ledger.add(bad)
        assert ledger.known([bad.key]) == set()
        assert [run.error for run in ledger.failures()] == ["no luck"]
        assert ledger.failures()[0].row == plan.rows[0]
        for run in (good, bad, finished(plan, 0, {"a": 2.0})):
            ledger.add(run)
            assert ledger.known([bad.key]) == {bad.key}
        assert ledger.values(plan.rows[:1], plan.by, ["a"]) == 1.0
        assert ledger.failures() == []


def test_an_exception_becomes_one_line(tmp_path):
    assert failed("", study(1).rows[0], ValueError("two\n lines")).error == "ValueError: two lines"


@pytest.mark.parametrize(
    ("identity", "says"),
    [
        ({"kind": "another"}, 'kind is "a test" there and "another" here'),
        ({**IDENTITY, "file": {"vary": {"x": 1}}}, "file is not set there"),
        ({**IDENTITY, "text": "long " * 40}, "text differs"),
    ],
)
def test_a_ledger_of_another_study_says_what_differs_and_what_to_do(tmp_path, identity, says):
    Ledger.open(tmp_path / "runs.sqlite", IDENTITY).close()
    with pytest.raises(LedgerError) as error:
        Ledger.open(tmp_path / "runs.sqlite", identity)
    assert says in str(error.value)
    assert "holds runs of another study" in str(error.value)
    assert "choose another --out" in str(error.value)


def test_a_ledger_of_another_model_is_refused(tmp_path, monkeypatch):
    Ledger.open(tmp_path / "runs.sqlite", IDENTITY).close()
    monkeypatch.setattr(ledger_file, "model_digest", lambda: "another")
    with pytest.raises(LedgerError, match="another version of the model"):
        Ledger.open(tmp_path / "runs.sqlite", IDENTITY)


def test_nested_differences_are_named_by_their_path(tmp_path):
    Ledger.open(tmp_path / "runs.sqlite", {"file": {"vary": {"x": 1, "y": 2}}}).close()
    with pytest.raises(LedgerError, match=r"file\.vary\.x is 1 there and 3 here"):
        Ledger.open(tmp_path / "runs.sqlite", {"file": {"vary": {"x": 3, "y": 2}}})


def test_damaged_and_foreign_files_are_refused_and_left_alone(tmp_path):
    text, damaged, foreign = (tmp_path / f"{name}.sqlite" for name in ("text", "damaged", "foreign"))
    text.write_text("not a ledger at all, but long enough to be taken for the head of one" * 20)
    with Ledger.open(damaged, IDENTITY) as ledger:
        prepare(study(20), ledger)
    content = damaged.read_bytes()
    damaged.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    with sqlite3.connect(foreign) as link:
        link.execute("CREATE TABLE letters (letter)")
    link.close()
    for path in (text, damaged, foreign):
        before = path.read_bytes()
        with pytest.raises(LedgerError, match=r"no ledger of coproduce|cannot be used") as error:
            Ledger.open(path, IDENTITY)
        assert str(path) in str(error.value)
        assert path.read_bytes() == before


def test_reopening_needs_a_ledger(tmp_path):
    with pytest.raises(LedgerError, match="there is no ledger"):
        Ledger.reopen(tmp_path / "runs.sqlite")
    assert list(tmp_path.iterdir()) == []


HOLDS = """
    import sys, time
    from experiments.runs.ledger import Ledger
    ledger = Ledger.open(sys.argv[1], {"kind": "a test"})
    print("open", flush=True)
    time.sleep(60)
"""


def test_a_second_process_is_refused_at_once_and_a_dead_one_is_no_hindrance(tmp_path):
    path = tmp_path / "runs.sqlite"
    command = [sys.executable, "-c", textwrap.dedent(HOLDS), str(path)]
    with subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True) as other:
        try:
            assert other.stdout.readline() == "open\n"
            started = time.monotonic()
            for again in (lambda: Ledger.open(path, IDENTITY), lambda: Ledger.reopen(path)):
                with pytest.raises(LedgerError, match="in use by another coproduce"):
                    again()
            assert time.monotonic() - started < 2.0
        finally:
            os.kill(other.pid, signal.SIGKILL)
        other.wait()
    Ledger.open(path, IDENTITY).close()


def test_a_full_disk_ends_in_one_line_and_loses_nothing_written(tmp_path):
    plan = study(100)
    path, written = tmp_path / "runs.sqlite", []
    with Ledger.open(path, IDENTITY) as ledger:
        ledger._link.execute("PRAGMA max_page_count = 60")
        with pytest.raises(LedgerError, match=r"no space is left .* are kept; free some space"):
            add_all(ledger, plan, written)
    with Ledger.open(path, IDENTITY) as ledger:
        known = ledger.known(key(row, plan.by) for row in plan.rows)
        assert known == set(written)
        assert len(written) > 10
        ledger.add(finished(plan, len(written), {"m": 1.0}))


def add_all(ledger, plan, written):
    for index in range(len(plan.rows)):
        run = finished(plan, index, {f"m{n}": 1.0 for n in range(100)})
        ledger.add(run)
        written.append(run.key)


FILLS = """
    import resource, sys
    from pathlib import Path
    from app.process.exits import plain_exits
    from experiments.runs.carry_out import RunOptions, carry_out
    from tests.studies.small import instant, study
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    with plain_exits():
        carry_out(study(400)._replace(measure=instant), RunOptions(out=Path(sys.argv[1]), workers=1))
"""


@pytest.mark.parametrize("limit", [300_000, 20_000])
def test_a_command_whose_files_may_not_grow_ends_in_one_line(tmp_path, limit):
    command = [sys.executable, "-c", textwrap.dedent(FILLS), str(tmp_path), str(limit)]
    ended = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=120)
    assert ended.returncode == 2
    *_, last = ended.stderr.strip().splitlines()
    assert last.startswith("coproduce: ")
    assert "no space is left" in last
    assert "Traceback" not in ended.stderr
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != limit


def test_the_export_stands_in_the_order_of_the_plan_with_failures_and_gaps(tmp_path):
    plan = study(3, arms=(*ARMS, {"crews.line.own": 3.5}, {"dispatch.weights.luck": 1}, {"dispatch.weights.luck": 0.5}))
    with Ledger.open(tmp_path / "runs.sqlite", IDENTITY) as ledger:
        plan = plan._replace(measure=fails_for_seed_2)
        execute(plan._replace(rows=plan.rows[:9]), ledger, InProcess())
        prepare(plan, ledger)
        for suffix in ("csv", "parquet"):
            ledger.export(tmp_path / f"runs.{suffix}")
    table = pd.read_parquet(tmp_path / "runs.parquet")
    assert table["run"].tolist() == list(range(1, 19))
    assert table["status"].tolist() == ["finished", "failed", "finished"] * 3 + ["missing"] * 9
    assert table["error"][1] == "ZeroDivisionError: nobody is out"
    assert table["behaviour_seed"].tolist() == [1, 2, 3] * 6
    assert table["crews.line.own"].isna().sum() == 12
    assert table["crews.line.own"].dropna().tolist() == [4.0, 4.0, 4.0, 3.5, 3.5, 3.5]
    assert table["dispatch.weights.luck"].dropna().tolist() == [1.0] * 3 + [0.5] * 3
    assert table["dispatch.policy"].dropna().unique().tolist() == ["most-reports"]
    assert set(table["scenario"]) == {"a small town"}
    same = pd.read_csv(tmp_path / "runs.csv")
    pd.testing.assert_frame_equal(same, table, check_dtype=False)
    expected = [instant(None, row, ())["all:all:p90_h"] for row in plan.rows[:9]]
    assert table["all:all:p90_h"][[0, 2, 3, 5]].tolist() == [expected[n] for n in (0, 2, 3, 5)]


def test_a_plan_of_more_replicates_goes_on_from_a_smaller_one(tmp_path):
    with Ledger.open(tmp_path / "runs.sqlite", IDENTITY) as ledger:
        assert execute(study(2), ledger, InProcess(), measure=instant)[:2] == (6, 0)
        assert execute(study(4), ledger, InProcess(), measure=instant)[:2] == (6, 6)
        assert ledger.counts() == {"rows": 12, "finished": 12, "failed": 0, "missing": 0}
