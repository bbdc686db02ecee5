"""The benchmark runs from one command and prints what it promises. How fast anything is is not judged here."""

import re

import pytest

from benchmarks import __main__ as command_line
from benchmarks.city import build
from benchmarks.growth_within import COUNTS, VARIED, WILLINGNESS, grown, more_broken, more_crews
from benchmarks.memory import change
from benchmarks.processes import answer_of, resident_mb
from benchmarks.promise_tables import BEGIN, END
from tests.benchmarks.commands import ROOT, answer_to, figures_of


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    return figures_of(tmp_path_factory.mktemp("benchmarks"), "contest", "growth", "memory")


@pytest.fixture(scope="module")
def town():
    return build(300, 4.0)


@pytest.mark.slow
def test_the_ratios_are_printed(quick):
    text, _ = quick
    assert re.search(r"^ratio to stepped Mesa: \d+$", text, re.MULTILINE)
    assert re.search(r"^ratio to event-driven Mesa: \d+$", text, re.MULTILINE)


@pytest.mark.slow
def test_the_contestants_tell_of_the_same_storm(quick):
    contestants = quick[1]["contest"]["contestants"]
    assert {row["share_out"] for row in contestants.values()} == {contestants["stepped Mesa"]["share_out"]}
    same_rules = contestants["engine, same rules as those"]["mean_hours_out"]
    assert contestants["event-driven Mesa"]["mean_hours_out"] == same_rules
    assert contestants["stepped Mesa"]["mean_hours_out"] == pytest.approx(same_rules, rel=0.5)


@pytest.mark.slow
def test_every_size_has_its_seconds_and_memory(quick):
    rows = quick[1]["growth"]["rows"]
    assert [row["households"] for row in rows] == sorted(row["households"] for row in rows)
    assert all(row["world_s"] > 0.0 and row["run_s"] > 0.0 for row in rows)
    assert all(row["base_mb"] <= row["world_mb"] <= row["run_mb"] for row in rows)


@pytest.mark.slow
def test_growth_is_told_for_reports_orders_and_crews(quick):
    text, figures = quick
    for name in VARIED:
        assert re.search(rf"^with {name}: growth exponent -?\d+\.\d\d; -?\d+\.\d\d ms for a thousand more$", text, re.M)
        rows = figures["growth"]["within"]["varied"][name]["rows"]
        counts = [row[name] for row in rows]
        assert counts == sorted(counts)
        assert counts[0] < counts[-1]


@pytest.mark.slow
def test_memory_is_told_after_so_many_runs(quick):
    text, figures = quick
    rows = figures["memory"]["rows"]
    assert [row["runs"] for row in rows] == command_line.QUICK_MEMORY["looks"]
    assert all(row["resident_mb"] > 10.0 for row in rows)
    assert re.search(r"^from 10 to 20 runs [+-]\d+\.\d MB, [+-]\d+ KB per thousand runs: it ", text, re.MULTILINE)


def test_one_thing_is_varied_and_all_counts_stand_beside_it(town):
    found = grown(town, "reports", 1)
    assert [row["step"] for row in found["rows"]] == list(WILLINGNESS)
    assert all(row["run_s"] > 0.0 and row[name] >= 0 for row in found["rows"] for name in COUNTS)
    assert len({row["crews"] for row in found["rows"]}) == 1


def test_a_worse_storm_breaks_more_and_only_crews_are_more_with_more_crews(town):
    worse = more_broken(town, 4.0)
    assert len(worse.damage.device) > len(town.damage.device)
    assert worse.place is town.place
    larger = more_crews(town, 3)
    own = "crews.line.mutual_aid"
    assert larger.everything[own] == 3 * town.everything[own]
    assert larger.damage is town.damage


@pytest.mark.parametrize(("late_mb", "grows"), [(201.0, False), (199.0, False), (210.0, True)])
def test_memory_grows_where_the_last_look_finds_clearly_more(late_mb, grows):
    rows = [{"runs": n, "resident_mb": mb} for n, mb in ((100, 150.0), (1_000, 200.0), (10_000, late_mb))]
    found = change(rows)
    assert found["grows"] is grows
    assert found["kb_per_thousand"] == pytest.approx(1e3 * (late_mb - 200.0) / 9.0)


def test_memory_of_this_process_is_told():
    assert 10.0 < resident_mb() < 100_000.0


def test_a_part_that_fails_says_what_it_wrote():
    with pytest.raises(RuntimeError, match=r"benchmarks.growth nothing failed:\n(.|\n)*ValueError"):
        answer_of("benchmarks.growth", "nothing")


def options(monkeypatch, *words):
    monkeypatch.setattr("sys.argv", ["benchmarks", *words])
    return command_line.read_options()


def test_parts_can_be_chosen_and_without_any_all_are_measured(monkeypatch):
    assert options(monkeypatch, "studies", "--quick").parts == ["studies"]
    assert options(monkeypatch).parts == ["contest", "history", "growth", "memory", "studies", "promises"]
    assert options(monkeypatch, "promises", "--beside", str(ROOT)).beside == ROOT


def test_the_page_of_the_documentation_has_a_place_for_the_table(monkeypatch):
    page = ROOT / "docs" / "performance.md"
    assert options(monkeypatch, "promises", "--markdown", str(page)).markdown == page


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["study"], "unknown part 'study' (one of contest, history, growth, memory, studies, promises)"),
        (["growth", "--record"], "--record belongs to the part contest"),
        (["contest", "--beside", "."], "--beside belongs to the part promises"),
        (["contest", "--markdown", "page.md"], "--markdown belongs to the part promises"),
        (["contest", "--record", "--quick"], "--record keeps figures of the full sizes only, so not with --quick"),
        (["promises", "--beside", "docs"],
         "--beside: docs is no checkout of this project: it has no sim/__init__.py and no benchmarks/city.py"),
        (["contest", "--json", "nowhere/figures.json"], "--json: there is no folder"),
        (["promises", "--beside", "nowhere"], "--beside: nowhere is no checkout of this project"),
        (["promises", "--markdown", "README.md"], "--markdown: README.md has no place for the table"),
        (["promises", "--markdown", "nowhere.md"], "--markdown: nowhere.md has no place for the table"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_gets_one_line(monkeypatch, capsys, words, line):
    monkeypatch.chdir(ROOT)
    with pytest.raises(SystemExit) as ended:
        options(monkeypatch, *words)
    assert ended.value.code == 2
    assert capsys.readouterr().err.splitlines()[-1].startswith(f"python -m benchmarks: error: {line}")


def test_a_page_whose_marks_are_turned_round_is_refused(monkeypatch, tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"{END}\n{BEGIN}\n", encoding="utf-8")
    with pytest.raises(SystemExit):
        options(monkeypatch, "promises", "--markdown", str(page))


def test_history_is_printed_by_the_command():
    answer = answer_to("history")
    assert answer.returncode == 0, answer.stderr
    assert re.search(r"^version +date +stepped +events +engine ms +load +machine$", answer.stdout, re.MULTILINE)
