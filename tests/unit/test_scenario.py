"""Scenarios: what a file may say, what it means, and the one line that answers a mistake."""

import json
import tomllib
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from sim import (
    ScenarioError,
    load,
    run,
    shipped,
)
from sim.core import canonical
from sim.inputs.parameters import Parameters, catalogue, param
from sim.inputs.parameters.declare import LEVER, up
from sim.inputs.parameters.observables import OBSERVABLES
from sim.inputs.scenario import TABLES, Scenario

INVALID = sorted((Path(__file__).resolve().parents[2] / "scenarios" / "invalid").glob("*.toml"))
EXPECT = "# expect: "


@pytest.fixture
def written(tmp_path):
    """Write a scenario file, return its path."""

    def write(text, name="town.toml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


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


def test_the_digest_knows_content_and_nothing_else(written):
    plain = load(written("[crews]\nsafe_h = 7.0\n"))
    texts = 'name = "x"\nsummary = "y"\n# why\n[crews]\nsafe_h = 7\n[sources]\n"crews.safe_h" = "z"\n'
    told = load(written(texts, "told.toml"))
    assert plain.digest == told.digest
    changed = [
        plain.but({"crews.safe_h": 7.5}),
        plain.with_tables(reports={"household": ["1"], "time_h": [1.0], "channel": ["web"]}),
    ]
    assert len({plain.digest, *(scenario.digest for scenario in changed)}) == 3


LONG = np.arange(2000)


def homes(kind, ids=LONG):
    """A long household table, its columns of one kind."""
    return {"household_id": kind(ids), "x_km": kind(ids / 7.0), "poor": kind(ids % 3 == 0)}


def test_long_arrays_that_differ_in_their_middle_have_different_digests():
    plain, other = Scenario("town", Parameters()), LONG.copy()
    other[500:1500] += 5000
    assert (
        plain.with_tables(households=homes(np.array, other)).digest
        != plain.with_tables(households=homes(np.array)).digest
    )


@pytest.mark.parametrize("kind", [list, pd.Series, pa.array, lambda column: pa.array(column).to_pandas()])
def test_a_table_has_one_digest_as_lists_arrays_and_data_frames_and_in_any_order_of_columns(kind):
    plain = Scenario("town", Parameters())
    as_lists = homes(lambda column: kind(column.tolist()))
    backwards = dict(reversed(as_lists.items()))
    digests = {plain.with_tables(households=table).digest for table in (homes(np.array), as_lists, backwards)}
    assert len({plain.digest, *digests}) == 2
    assert plain.with_tables(households=pd.DataFrame(as_lists)).digest in digests
    assert plain.with_tables(households=pa.table(homes(np.array))).digest in digests


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([1, 2], [1.0, 2.0]), ([1, 2], ["1", "2"]), ([True], [1]), (["ab", "c"], ["a", "bc"]), ([0.0], [-0.0]),
        ([[1, 2], [3, 4]], [[1, 2, 3], [4]]), (np.zeros((2, 3)), np.zeros((3, 2))), ([None], ["None"]),
        (np.zeros(2, np.float32), np.zeros(2)), ([2**64], [2**64 + 1]), ([[]], []),
    ],
)  # fmt: skip
def test_what_differs_in_kind_shape_or_value_differs_in_digest(one, other):
    assert canonical.digest(one) != canonical.digest(other)
    assert canonical.digest([one, other]) != canonical.digest([other, one])


@pytest.mark.parametrize(
    "odd", [{1}, object(), np.array([1j]), np.ma.array([1, 2]), date(2018, 10, 10), np.array([{1}])]
)
def test_what_is_not_plain_data_is_refused_in_one_line_that_says_where(odd):
    scenario = Scenario("town", Parameters()).with_tables(households={"household_id": odd})
    with pytest.raises(
        ScenarioError, match=r"^town tables households household_id.* is not plain data: give"
    ) as caught:
        _ = scenario.digest
    assert "\n" not in str(caught.value)


def test_a_table_given_from_python_is_copied():
    given = homes(np.array)
    scenario = Scenario("town", Parameters()).with_tables(households=given)
    before = scenario.digest
    given["x_km"][1000] = -1.0
    assert scenario.digest == before


def test_the_certificate_of_a_run_with_arrays_is_json_and_enough_to_make_it_again():
    ids = np.arange(40)
    table = {"household_id": ids, "x_km": ids / 50.0, "y_km": ids / 60.0, "income_usd": np.full(40, 1e4)}
    scenario = Scenario("town", Parameters()).but({"place.area_km2": 4.0}).with_tables(households=table)
    told = json.loads(json.dumps(run(scenario).certificate, allow_nan=False))
    again = scenario.with_tables(**told["content"]["tables"])
    assert again.digest == told["digest"] == scenario.digest
    assert run(again).households.equals(run(scenario).households)


def test_the_digest_covers_what_is_in_the_files_that_a_scenario_reads(written):
    written("household_id\n1\n2\n", "homes.csv")
    scenario = load(written('[place]\nhouseholds = "homes.csv"\n'))
    before = scenario.digest
    written("household_id\n1\n3\n", "homes.csv")
    assert scenario.digest != before


def test_files_are_found_beside_the_scenario_that_names_them(written, tmp_path, monkeypatch):
    written("household_id\n1\n2\n", "homes.csv")
    path = written('[place]\nhouseholds = "homes.csv"\n')
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert load(path).path_of("place.households").read_text(encoding="utf-8").startswith("household_id")
    child = elsewhere / "child.toml"
    child.write_text(f'based_on = "{(tmp_path / "town.toml").as_posix()}"\n', encoding="utf-8")
    assert load(child).path_of("place.households").is_file()


def test_a_scenario_based_on_another_keeps_its_parameters_sources_and_tables_but_not_its_answer(written):
    base = load("worked/one-fault")
    child = load(written('based_on = "worked/one-fault"\n[crews]\nsafe_h = 1.0\n'))
    assert child.parameters == base.but({"crews.safe_h": 1.0}).parameters
    assert child.tables == base.tables
    assert base.expected
    assert not child.expected


def test_a_base_may_stand_in_a_file_beside(written):
    written("[crews.line]\nown = 3\n[crews]\nsafe_h = 2.0\n", "base.toml")
    child = load(written('based_on = "base.toml"\n[crews]\nsafe_h = 4.0\n'))
    assert (child["crews.line.own"], child["crews.safe_h"]) == (3, 4.0)


def test_bases_that_lead_back_to_each_other_are_refused(written):
    written('based_on = "b.toml"\n', "a.toml")
    path = written('based_on = "a.toml"\n', "b.toml")
    with pytest.raises(ScenarioError, match="leads back"):
        load(path)


def test_sources_stand_beside_the_values_that_they_explain(written):
    scenario = load(written('[crews.line]\nown = 3\n[sources]\n"crews.line.own" = "annual report, page 12"\n'))
    listed = {p.path: p for p in scenario.listing()}
    declared = {p.path: p for p in catalogue(Parameters())}
    assert (listed["crews.line.own"].value, listed["crews.line.own"].source) == (3, "annual report, page 12")
    assert listed["crews.trouble.own"].source == declared["crews.trouble.own"].source


def test_sources_may_be_nested_like_the_parameters(written):
    scenario = load(written('[sources.crews.line]\nown = "annual report"\n'))
    assert scenario.sources == {"crews.line.own": "annual report"}


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
