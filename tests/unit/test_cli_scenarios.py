"""``coproduce list``, ``show`` and ``new``: what there is, what it assumes, and a copy of it to edit."""

import json
import tomllib

import pytest
from typer.testing import CliRunner

from app.catalogue.new import PLACEHOLDERS, TEXTS_OF_ONES_OWN
from app.catalogue.toml_text import toml
from app.cli import app
from experiments.findings.observed import observed_of
from sim import load, load_change, shipped, shipped_changes
from sim.inputs.parameters.declare import catalogue
from sim.inputs.parameters.root import Parameters

RICH = """
summary = "with everything in it"
description = "Two lines,\\nthe second with \\"quotes\\" and a \\\\ backslash."
[place]
customers = 4
[crews.line]
own = 3
[storm]
track = [["2018-10-10T12:00Z", 29.0, -86.3, 125, 20]]
[sources]
"crews.line.own" = "a phone call – 3 crews"
[observed]
time_h = [1, 2.5]
customers_out = [4, 0]
quantiles_h = { 50 = 1.5 }
[tables.households]
household_id = [1, 2, 3, 4]
x_km = [0.0, 0.1, 0.2, 0.3]
y_km = [0.0, 0.0, 0.0, 0.0]
minority = [true, false, true, false]
[expected]
answer = 42
"""


def cli(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def test_list_names_every_shipped_scenario_with_a_line():
    lines = cli("list").stdout.splitlines()
    for name in [*shipped(), *shipped_changes()]:
        assert any(line.startswith(f"{name} ") for line in lines)
    rows = json.loads(cli("list", "--json").stdout)
    assert [row["name"] for row in rows if row["kind"] == "scenario"] == list(shipped())
    assert [row["name"] for row in rows if row["kind"] == "change"] == list(shipped_changes())


def test_show_tells_what_a_change_changes_and_why():
    text = cli("show", "outreach/app-launch").stdout
    for path in load_change("outreach/app-launch").patch:
        assert path in text
    assert json.loads(cli("show", "outreach/no-311", "--json").stdout)["patch"]["channels.web.availability"] == 0.0


@pytest.fixture
def scenario(tmp_path):
    path = tmp_path / "rich.toml"
    path.write_text(RICH, encoding="utf-8")
    return path


def test_show_lists_every_parameter_with_unit_range_role_and_source(scenario):
    text = " ".join(cli("show", scenario).stdout.split())
    for p in catalogue(Parameters()):
        assert p.path.rpartition(".")[2] in text
        assert " ".join(p.meaning.split())[:30] in text
    assert "0 to 100,000" in text
    assert "a phone call – 3 crews" in text


def test_show_marks_what_differs_from_the_default(scenario):
    lines = cli("show", scenario, "--section", "crews.line").stdout.splitlines()
    assert any(line.startswith("* own") for line in lines)
    assert any(line.startswith("  staged") for line in lines)
    assert not any("safe_h" in line for line in lines)


def test_show_as_json_holds_the_same_and_the_digest(scenario):
    found = json.loads(cli("show", scenario, "--json").stdout)
    rows = {row["path"]: row for row in found["parameters"]}
    assert found["digest"] == load(scenario).digest
    assert rows["crews.line.own"]["differs"]
    assert not rows["crews.line.staged"]["differs"]
    assert len(rows) == len(list(catalogue(Parameters())))


def test_show_of_an_unknown_section_suggests_one(scenario):
    answer = cli("show", scenario, "--section", "crew")
    assert (answer.exit_code, answer.stderr.count("\n")) == (2, 1)
    assert "did you mean 'crews'" in answer.stderr


def test_show_without_a_scenario_says_what_is_missing():
    answer = cli("show")
    assert (answer.exit_code, answer.stderr.count("\n")) == (2, 1)
    assert "which scenario" in answer.stderr


def test_schema_allows_every_key_of_every_shipped_scenario_and_no_other():
    schema = json.loads(cli("show", "--schema").stdout)
    assert schema["additionalProperties"] is False
    for path in shipped().values():
        keys = tomllib.loads(path.read_text(encoding="utf-8"))
        assert set(keys) <= set(schema["properties"])
    line = schema["$defs"]["CrewClass"]["properties"]["own"]
    assert (line["minimum"], line["type"], line["unit"]) == (0, "integer", "crews")


FOREIGN = ("with everything in it", "Two lines", "a phone call", "customers_out = [4, 0]", "[expected]")


def test_a_copy_has_the_digest_of_its_original_and_what_makes_it_run(scenario, tmp_path):
    target = tmp_path / "copies" / "mine"
    assert cli("new", target, "--from", scenario).exit_code == 0
    original, copy = load(scenario), load(f"{target}.toml")
    assert copy.digest == original.digest
    assert copy.name == "mine"
    assert copy.tables == original.tables


def test_a_copy_carries_nothing_that_was_said_or_seen_of_another_place(scenario, tmp_path):
    cli("new", tmp_path / "mine", "--from", scenario)
    copy = load(tmp_path / "mine.toml")
    for name in ("summary", "description", "sources", "observed", "expected"):
        assert not getattr(copy, name), name
    text = (tmp_path / "mine.toml").read_text(encoding="utf-8")
    for words in FOREIGN:
        assert words not in text
    (own,) = (p for p in copy.listing() if p.path == "crews.line.own")
    assert "phone" not in own.source


def test_a_copy_says_what_it_left_out_and_where_to_write_ones_own(scenario, tmp_path):
    cli("new", tmp_path / "mine", "--from", scenario)
    lines = (tmp_path / "mine.toml").read_text(encoding="utf-8").splitlines()
    for start in ('# summary = "', '# description = """', "# [sources]", "# [observed]"):
        assert any(line.startswith(start) for line in lines), start
    assert any("not copied" in line and "rich" in line for line in lines)
    place = lines.index("own = 3")
    assert "Source: rich; give your own under [sources]" in lines[place - 1]


def test_the_placeholders_of_a_copy_can_be_uncommented(scenario, tmp_path):
    cli("new", tmp_path / "mine", "--from", scenario)
    path = tmp_path / "mine.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    summary, foot = lines.index(TEXTS_OF_ONES_OWN[0]), lines.index(PLACEHOLDERS)
    texts = range(summary, summary + len(TEXTS_OF_ONES_OWN))
    opened = [line.removeprefix("# ") if i in texts or i > foot else line for i, line in enumerate(lines)]
    path.write_text("\n".join(opened), encoding="utf-8")
    copy = load(path)
    assert copy.summary
    assert copy.description
    assert copy.sources
    assert observed_of(copy).counts is not None


def test_a_copy_keeps_the_question_and_its_baseline_for_they_are_a_design(tmp_path):
    cli("new", tmp_path / "mine", "--from", "arms/closing")
    assert load(tmp_path / "mine.toml").study == load("arms/closing").study


@pytest.mark.parametrize("name", list(shipped()))
def test_a_copy_of_a_shipped_scenario_has_its_digest(name, tmp_path):
    assert cli("new", tmp_path / "copy.toml", "--from", name).exit_code == 0
    assert load(tmp_path / "copy.toml").digest == load(name).digest


def test_a_copy_shows_every_parameter_and_writes_out_only_what_differs(scenario, tmp_path):
    cli("new", tmp_path / "copy", "--from", scenario)
    text = (tmp_path / "copy.toml").read_text(encoding="utf-8")
    written = tomllib.loads(text)
    assert written["crews"]["line"] == {"own": 3}
    assert "# staged = 0" in text
    for p in catalogue(Parameters()):
        assert f"{p.path.rpartition('.')[2]} = " in text


def test_every_comment_of_a_copy_can_be_uncommented(scenario, tmp_path):
    cli("new", tmp_path / "copy", "--from", scenario)
    path = tmp_path / "copy.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    names = {p.path.rpartition(".")[2] for p in catalogue(Parameters())}
    opened = [line[2:] if line.startswith("# ") and line[2:].split(" = ")[0] in names else line for line in lines]
    path.write_text("\n".join(opened), encoding="utf-8")
    assert load(path).digest == load(scenario).digest


def test_a_copy_takes_the_data_files_along(tmp_path):
    there, here = tmp_path / "there", tmp_path / "here"
    (there / "data").mkdir(parents=True)
    (there / "data" / "damage.csv").write_text("device,onset_h,repair_h\n")
    (there / "a.toml").write_text('[storm]\ndamage_table = "data/damage.csv"\n')
    assert cli("new", here / "b", "--from", there / "a.toml").exit_code == 0
    assert load(here / "b.toml").digest == load(there / "a.toml").digest
    (here / "data" / "damage.csv").write_text("changed")
    answer = cli("new", here / "c", "--from", there / "a.toml")
    assert (answer.exit_code, answer.stderr.count("\n")) == (2, 1)
    assert not (here / "c.toml").exists()
    assert (here / "data" / "damage.csv").read_text() == "changed"


def test_new_refuses_to_overwrite(scenario):
    before = scenario.read_bytes()
    answer = cli("new", scenario, "--from", scenario)
    assert (answer.exit_code, answer.stderr.count("\n")) == (2, 1)
    assert "exists already" in answer.stderr
    assert scenario.read_bytes() == before


@pytest.mark.parametrize(
    "value",
    [True, 0, -3, 1e6, 0.1, float("inf"), 'a "b" \\ \t \x7f –', [1, [2.5, "x"]], {"a b": {"c": 1}}, []],
)
def test_values_survive_being_written_as_toml(value):
    assert tomllib.loads(f"x = {toml(value)}")["x"] == value


@pytest.mark.parametrize("words", [[], ["run"], ["list"], ["show"], ["new"]])
def test_every_help_teaches_with_an_example(words):
    answer = cli(*words, "--help")
    assert answer.exit_code == 0
    assert "Example" in answer.stdout
    assert "coproduce" in answer.stdout
