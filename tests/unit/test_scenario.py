"""Scenarios: what a file may say, what it means, and the one line that answers a mistake."""

import json
import tomllib
from pathlib import Path

import pytest

from sim import ScenarioError, load, run, shipped
from sim.inputs.parameters.declare import LEVER, catalogue, param, up
from sim.inputs.parameters.observables import OBSERVABLES
from sim.inputs.parameters.root import Parameters
from sim.inputs.scenario import TABLES, Scenario

INVALID = sorted((Path(__file__).resolve().parents[2] / "scenarios" / "invalid").glob("*.toml"))
EXPECT = "# expect: "


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_a_mistake_gets_the_one_line_that_its_file_expects(path, monkeypatch):
    monkeypatch.chdir(path.parent)
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith(EXPECT)
    with pytest.raises(ScenarioError) as complaint:
        run(load(path.name), seed=1)
    message = str(complaint.value)
    assert first.removeprefix(EXPECT).removesuffix("...") in message
    assert "\n" not in message


def test_there_are_many_kinds_of_mistakes():
    assert len(INVALID) >= 40


def test_a_mistaken_parameter_is_named_with_file_section_key_value_and_what_is_allowed(written):
    path = written("[crews.line]\nown = -3\n")
    with pytest.raises(ScenarioError) as complaint:
        load(path)
    assert str(complaint.value) == f"{path} [crews.line]: own must be a whole number (crews) from 0 to 100000, not -3"


def test_a_misspelt_choice_and_a_misspelt_key_get_the_nearest_legal_spelling(written):
    with pytest.raises(ScenarioError, match=r"unknown key 'polcy'; did you mean 'policy'\?"):
        load(written('[dispatch]\npolcy = "standard"\n'))
    with pytest.raises(ScenarioError, match=r"not 'omnisceint'; did you mean 'omniscient'\?"):
        load(written('[dispatch]\npolicy = "omnisceint"\n'))


@pytest.mark.parametrize("name", ["clasroom", "worked/nested-outages", "WORKED/ONE-FAULT"])
def test_an_unknown_scenario_lists_those_that_there_are(name):
    with pytest.raises(ScenarioError) as complaint:
        load(name)
    assert all(known in str(complaint.value) for known in shipped())


@pytest.mark.parametrize(("nearly", "known"), [("clasroom", "classroom"), ("worked/one-fuolt", "worked/one-fault")])
def test_an_almost_known_scenario_is_suggested(nearly, known):
    with pytest.raises(ScenarioError, match=rf"did you mean '{known}'\?"):
        load(nearly)


def test_a_missing_file_and_a_folder_are_refused_in_one_line(tmp_path):
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(ScenarioError, match="cannot read") as complaint:
            load(path)
        assert "\n" not in str(complaint.value)


def test_a_file_that_is_not_text_is_refused(tmp_path):
    path = tmp_path / "picture.toml"
    path.write_bytes(b"\xff\xd8\xff")
    with pytest.raises(ScenarioError, match="not a text file"):
        load(path)


def test_mistakes_made_for_the_tests_are_not_offered_as_scenarios():
    assert not [name for name in shipped() if "invalid" in name]


@pytest.mark.parametrize("name", shipped())
def test_every_scenario_that_comes_with_the_package_can_be_read_and_has_one_line_to_be_listed_by(name):
    scenario = load(name)
    assert 10 < len(scenario.summary) <= 120
    assert "\n" not in scenario.summary


@pytest.mark.parametrize("name", shipped())
def test_the_content_of_a_scenario_is_plain_data_that_survives_json(name):
    content = load(name).as_dict()
    assert json.loads(json.dumps(content)) == content


@pytest.mark.parametrize("text", ["", "\n", "# nothing but a remark\n"])
def test_a_file_that_says_nothing_is_no_city(written, text):
    with pytest.raises(ScenarioError, match="says nothing"):
        load(written(text))


def test_what_a_file_leaves_out_is_as_declared_and_its_name_is_the_one_it_was_asked_for_by(written):
    path = written('summary = "a town"\n')
    assert load(path).parameters == Parameters()
    assert load(path).name == str(path)
    assert load(written('name = "my town"\n')).name == "my town"


def test_a_file_changes_what_it_names_and_nothing_else(written):
    scenario = load(written("[crews.line]\nown = 3\n\n[dispatch.weights]\nluck = 2.0\n"))
    before, after = ({p.path: p.value for p in catalogue(p)} for p in (Parameters(), scenario.parameters))
    assert {path for path in before if before[path] != after[path]} == {"crews.line.own", "dispatch.weights.luck"}


def test_a_whole_number_will_do_where_a_real_one_is_meant(written):
    value = load(written("[crews]\nsafe_h = 7\n"))["crews.safe_h"]
    assert (value, type(value)) == (7.0, float)


@pytest.mark.parametrize("text", ['[crews]\nsafe_h = "7"', "[hotline]\nlines = 5.0", "[channels.app]\ntwo_way = 1"])
def test_nothing_else_is_converted(written, text):
    with pytest.raises(ScenarioError, match="must be"):
        load(written(text))


@pytest.mark.parametrize("parameter", [p for p in catalogue(Parameters()) if p.low is not None], ids=lambda p: p.path)
def test_the_ends_of_every_range_are_legal_and_what_lies_beyond_is_not(parameter):
    scenario = Scenario("defaults", Parameters())
    beyond = 1 if parameter.kind == "whole" else 1e-6
    for end, step in ((parameter.low, -beyond), (parameter.high, beyond)):
        end = int(end) if parameter.kind == "whole" else float(end)
        assert scenario.but({parameter.path: end})[parameter.path] == end
        with pytest.raises(ScenarioError, match=parameter.path.rpartition(".")[2]):
            scenario.but({parameter.path: end + step})


def test_a_change_leaves_the_original_as_it_was_and_can_be_named():
    before = load("worked/one-fault")
    after = before.but({"crews.line.own": 5, "oms.escalation_min": 30.0}, name="five crews")
    assert (before["crews.line.own"], after["crews.line.own"]) == (1, 5)
    assert (before["oms.escalation_min"], after["oms.escalation_min"]) == (15.0, 30.0)
    assert (before.name, after.name) == ("worked/one-fault", "five crews")
    assert after.tables == before.tables


def test_changes_can_be_made_one_after_another_or_together():
    town = Scenario("defaults", Parameters())
    one, two = {"crews.line.own": 5}, {"crews.line.staged": 2}
    assert town.but(one).but(two).parameters == town.but({**two, **one}).parameters
    assert town.but({}).parameters == town.parameters


def test_a_wrong_change_names_the_scenario_that_was_to_be_changed():
    with pytest.raises(ScenarioError, match=r"change of worked/one-fault \[crews\.line\]: unknown key 'owm'"):
        load("worked/one-fault").but({"crews.line.owm": 5})


def test_the_parameters_of_a_scenario_cannot_be_changed_in_place():
    scenario = load("worked/one-fault")
    with pytest.raises(ValueError, match="frozen"):
        scenario.parameters.crews.safe_h = 3.0
    with pytest.raises(AttributeError):
        scenario.name = "another"


def test_every_declared_parameter_has_a_unit_a_role_a_meaning_and_a_source():
    for parameter in catalogue(Parameters()):
        assert parameter.role in ("lever", "uncertainty", "constant"), parameter.path
        assert all((parameter.unit, parameter.meaning, parameter.source)), parameter.path


def test_no_parameter_without_a_direction():
    with pytest.raises(TypeError, match="moves"):
        param(1.0, "h", LEVER, "a parameter", "design", low=0.0, high=2.0)
    with pytest.raises(ValueError, match="no outcome 'report_raet'"):
        up("report_raet")
    for moves in (p.moves for p in catalogue(Parameters())):
        assert moves.outcome in OBSERVABLES if moves.sign else moves.note


def test_every_default_lies_in_its_own_range():
    for parameter in catalogue(Parameters()):
        if parameter.low is not None:
            assert parameter.low <= parameter.value <= parameter.high, parameter.path
        if parameter.choices:
            assert parameter.value in parameter.choices, parameter.path


def test_the_worked_towns_use_every_small_table_that_a_town_needs():
    files = [tomllib.loads(path.read_text(encoding="utf-8")) for path in shipped().values()]
    used = {name for content in files for name in content.get("tables", {})}
    assert {"households", "devices", "damage", "reports"} <= used <= set(TABLES)


def test_a_nonsense_cell_in_a_track_is_one_line_too(written):
    fixes = '["2018-10-10T12:00Z", 29.0, -86.3, 125.0, {}], ["2018-10-11T12:00Z", 30.0, -86.3, 100.0, 20.0]'
    for cell in ("true", "nan", "-20.0"):
        with pytest.raises(ScenarioError, match="track"):
            run(load(written(f"[storm]\ntrack = [{fixes.format(cell)}]\n")))


def test_an_empty_household_table_is_not_mistaken_for_none(written):
    with pytest.raises(ScenarioError, match="households"):
        run(load(written("[tables.households]\n")))
