"""What is promised: measured in processes of two checkouts in turns, told in a table, and written into a page."""

import json
import re
import subprocess
import sys

import pytest

from benchmarks import promise_rows, promises
from benchmarks.machine import machine
from benchmarks.promise_tables import BEGIN, END, amount, cells, has_marks, kept, markdown, write
from benchmarks.promises import CLOCK, NEITHER, PROMISES, QUICK_SIZES, SIZES, UNITS, value_of
from tests.benchmarks.commands import ROOT, figures_of

HEAD = {"now": "abc1234", "before": "def5678", "load_before": 0.5}
ROW = {"what": "a run", "seconds": "processor", "unit": "ms", "wanted": 10.0, "at_least": False,
       "before": 24.0, "now": 9.87, "turns": {}}  # fmt: skip


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    return figures_of(tmp_path_factory.mktemp("promises"), "promises")


@pytest.mark.slow
def test_every_promise_is_measured_and_printed(quick):
    text, figures = quick
    rows = figures["promises"]["rows"]
    assert [row["what"] for row in rows] == [promise.what for promise in PROMISES]
    assert all(promise.what in text for promise in PROMISES)
    assert all(row["before"] is None and row["now"] for row in rows)
    numbers = [row["now"] for row in rows if "Chromium" not in row["what"]]
    assert all(number > 0.0 for number in numbers)


def test_two_checkouts_take_turns_each_in_its_own_folder(monkeypatch, tmp_path):
    asked = []

    def answer(words, folder, surroundings):
        assert surroundings["PYTHONPATH"] == str(folder)
        asked.append("now" if folder == ROOT else "before")
        return {"run_s": 0.02 if folder == ROOT else 0.04 + 0.01 * len(asked)}

    monkeypatch.setattr(promises, "answered", answer)
    (row,) = promises.survey({"town": SIZES["town"]}, tmp_path)
    assert asked == ["now", "before", "before", "now", "now", "before"]
    assert (row["now"], row["before"]) == (pytest.approx(20.0), pytest.approx(70.0))  # the median of 60, 70 and 100


def test_what_has_failed_once_is_not_asked_for_again(monkeypatch, tmp_path):
    asked = []

    def answer(words, folder, surroundings):
        asked.append(folder)
        return {"run_s": 0.02} if folder == ROOT else {"failed": "needs more than 13 GB"}

    monkeypatch.setattr(promises, "answered", answer)
    (row,) = promises.survey({"town": SIZES["town"]}, tmp_path)
    assert (row["now"], row["before"]) == (pytest.approx(20.0), "needs more than 13 GB")
    assert asked.count(tmp_path) == 1


def test_a_city_that_needs_too_much_memory_says_so(monkeypatch):
    def too_large(households, repeats):
        raise MemoryError

    monkeypatch.setattr("benchmarks.growth.measure", too_large)
    monkeypatch.setattr(promise_rows, "bounded", lambda: None)
    assert promise_rows.town(10, 1)["failed"].startswith("needs more than ")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to it")
def test_a_process_is_refused_more_than_half_of_the_memory():
    ask = "from benchmarks.promise_rows import bounded, most_bytes; bounded(); bytearray(2 * most_bytes())"
    answer = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True)
    assert answer.stderr.splitlines()[-1] == "MemoryError"


@pytest.mark.slow
def test_an_older_checkout_is_measured_with_its_own_code():
    sides = {"now": ROOT, "before": ROOT}
    found = promises.in_turns(QUICK_SIZES["town"], sides)
    assert all(answer["run_s"] > 0.0 for answers in found.values() for answer in answers)


def test_a_measurement_of_another_checkout_than_asked_for_is_refused(tmp_path):
    command = [sys.executable, "-P", str(promises.SCRIPT), "town", "{}"]
    answer = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert answer.returncode != 0
    assert "was to be measured, but Python finds" in answer.stderr


def test_every_promise_has_a_measurement_a_quick_one_and_a_unit():
    for sizes in (SIZES, QUICK_SIZES):
        assert {promise.measurement for promise in PROMISES} == set(sizes)
        assert {size.by for size in sizes.values()} == set(promise_rows.MEASUREMENTS)
        assert all(json.dumps(size.sizes) for size in sizes.values())
    assert {promise.unit for promise in PROMISES} <= set(UNITS)
    assert all((promise.seconds == NEITHER) == (promise.unit in ("GB", "times")) for promise in PROMISES)
    assert promises.SOBOL_RUNS == 1_024 * (2 * 12 + 2)


def test_a_figure_is_the_median_of_its_sums_in_its_unit():
    promise = promises.Promise("both", "town", ("a", "b"), 1.0, "ms", CLOCK)
    assert value_of(promise, [{"a": 1.0, "b": 3.0}, {"a": 3.0, "b": 2.0}, {"a": 0.5, "b": 0.0}]) == 4_000.0
    assert value_of(promise, [{"a": 1.0, "b": 3.0}, {"failed": "fails after 20 s at 8.2 GB"}]).startswith("fails")


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(416.3, "times", "416"), (1000.0, "times", "1,000"), (9.871, "ms", "9.87 ms"), (24.04, "ms", "24 ms"),
     (2.0, "GB", "2 GB"), (0.0004, "s", "0 s"), ("no Chromium here", "s", "no Chromium here"), (None, "s", "-")],
)  # fmt: skip
def test_amounts_have_three_digits_and_a_unit(value, unit, text):
    assert amount(value, unit) == text


def test_a_promise_is_kept_at_its_bound_and_not_where_nothing_was_measured():
    assert kept(ROW) == "yes"
    assert kept({**ROW, "now": 10.0}) == "yes"
    assert kept({**ROW, "now": 10.1}) == kept({**ROW, "now": "fails"}) == "no"
    assert kept({**ROW, "now": 12.0, "at_least": True}) == "yes"


def test_the_page_gets_the_table_and_keeps_what_stands_round_it(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"# Page\n\n{BEGIN}\nold\n{END}\n\nand more\n", encoding="utf-8")
    assert has_marks(page)
    for _ in range(2):  # written over itself
        write(page, markdown([ROW], HEAD, machine(), "python -m benchmarks promises --markdown page.md"))
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# Page\n\n{BEGIN}\n```sh\npython -m benchmarks promises --markdown page.md\n```\n")
    assert text.endswith(f"| a run | processor | 24 ms | 9.87 ms | at most 10 ms | yes |\n{END}\n\nand more\n")
    assert "old" not in text
    assert has_marks(page)


def test_a_row_has_as_many_cells_as_the_table_columns():
    lines = [line for line in markdown([ROW], HEAD, machine(), "x").splitlines() if line.startswith("|")]
    assert {line.count("|") for line in lines} == {len(cells(ROW)) + 1}


def test_a_checkout_is_known_by_its_commit():
    assert re.fullmatch(r"([\w.]+-\d+-g)?[\w.]+(-dirty)?|unknown commit", promises.state_of(ROOT))


def test_what_fits_a_command_is_what_makes_the_city():
    words = promise_rows.settings(300)
    assert words[::2] == ["--set"] * (len(words) // 2)
    assert "place.customers=300" in words
