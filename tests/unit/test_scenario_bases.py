"""Scenarios that stand on others, and the sources that stand beside their values."""

import pytest

from sim import ScenarioError, load
from sim.inputs.parameters.declare import catalogue
from sim.inputs.parameters.root import Parameters


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
