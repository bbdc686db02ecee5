"""Arms: from what somebody wrote to a scenario and a patch, and what is said of arms that are no fair pair."""

import pytest

from experiments.designs.arm_differences import notes
from experiments.designs.arms import arms_of
from sim import ScenarioError, load

CHANGE = """
name = "twice the crews"
applies_to = "any city"
summary = "Line crews doubled"
[crews.line]
own = 16
"""
TOWN = 'based_on = "classroom"\nname = "town"\n'


@pytest.fixture
def change(tmp_path):
    path = tmp_path / "twice.toml"
    path.write_text(CHANGE)
    return str(path)


@pytest.fixture
def town(tmp_path):
    def write(text="", name="town.toml"):
        path = tmp_path / name
        path.write_text(TOWN + text)
        return str(path)

    return write


def arm_of(text, baseline="classroom"):
    return arms_of(baseline, [text]).arms[0]


def refused(*texts, baseline="classroom"):
    with pytest.raises(ScenarioError) as refusal:
        arms_of(baseline, texts)
    assert "\n" not in str(refusal.value)
    return str(refusal.value)


def test_a_change_written_inline_is_laid_over_the_baseline():
    arm = arm_of("crews.line.mutual_aid=40, dispatch.policy=pressure")
    assert arm.patch == {"crews.line.mutual_aid": 40, "dispatch.policy": "pressure"}
    assert arm.whole["crews.line.mutual_aid"] == 40
    assert arm.whole["place.customers"] == load("classroom")["place.customers"]


def test_a_value_takes_the_kind_of_its_parameter_so_that_equal_content_is_equal():
    whole, real = arm_of("patrol.speed_km_per_h=9").patch, arm_of("patrol.speed_km_per_h=9.0").patch
    assert whole == real == {"patrol.speed_km_per_h": 9.0}
    assert isinstance(whole["patrol.speed_km_per_h"], float)


def test_a_label_names_an_arm():
    arm = arm_of("more crews: crews.line.own=20")
    assert (arm.name, arm.patch) == ("more crews", {"crews.line.own": 20})
    assert arm_of("crews.line.own=20").name == "crews.line.own=20"


def test_the_baseline_takes_a_label_too():
    assert arms_of("today: classroom", ["crews.line.own=20"]).baseline.name == "today"


def test_a_colon_in_a_value_is_no_label(tmp_path):
    assert "dispatch.policy" in refused("dispatch.policy='no: such'").replace("[dispatch]: policy", "dispatch.policy")


def test_a_change_that_fits_any_city_is_laid_over_the_baseline(change):
    arm = arm_of(change, baseline="tallahassee-michael")
    assert (arm.name, arm.summary) == ("twice", "Line crews doubled")
    assert arm.patch == {"crews.line.own": 16}
    assert arm.whole["place.customers"] == load("tallahassee-michael")["place.customers"]


def test_changes_can_be_put_together(change):
    assert arm_of(f"both: {change}, crews.trouble.own=9").patch == {"crews.line.own": 16, "crews.trouble.own": 9}


def test_every_shipped_change_can_be_an_arm_of_every_city():
    from sim import shipped_changes

    names = list(shipped_changes())
    assert names
    for baseline in ("classroom", "tallahassee-michael"):
        compared = arms_of(baseline, names)
        assert [arm.name for arm in compared.arms] == [name.removeprefix("outreach/") for name in names]


def test_a_scenario_stands_by_itself(town):
    arm = arm_of(town("[crews.line]\nown = 33\n"), baseline="tallahassee-michael")
    assert (arm.name, arm.patch) == ("town", {})
    assert arm.whole["crews.line.own"] == 33
    assert arm.whole["place.customers"] == 2_000


def test_a_file_that_brings_its_baseline_is_compared_with_it():
    compared = arms_of("arms/closing", [])
    before, after = compared.baseline.whole, compared.arms[0].whole
    assert before["channels.web.availability"] == before["channels.app.availability"] == 0.0
    assert after.digest == load("arms/closing").digest
    assert (compared.baseline.name, compared.arms[0].name) == ("arms/closing, baseline", "arms/closing")
    assert notes(compared) == []


def test_its_own_baseline_is_left_out_when_arms_are_given():
    assert arms_of("arms/closing", ["crews.line.own=20"]).baseline.whole.digest == load("arms/closing").digest


def test_what_changes_nothing_is_noted(town):
    own = load("classroom")["crews.line.own"]
    compared = arms_of("classroom", [f"crews.line.own={own}"])
    assert compared.arms[0].patch == {}
    assert notes(compared) == [f"crews.line.own={own} changes nothing of classroom: every difference is exactly zero."]
    assert "changes nothing" in notes(arms_of("classroom", [town()]))[0]


def test_two_arms_of_equal_content_are_noted(town):
    lines = notes(arms_of("classroom", ["crews.line.own=20", f"again: {town('[crews.line]' + chr(10) + 'own = 20')}"]))
    (told,) = [line for line in lines if "their results are equal" in line]
    assert told == "again has the same content as crews.line.own=20: their results are equal."


@pytest.mark.parametrize("change", ["place.customers=300", "storm.track.x_km=[1.0]", "grid.customers_per_lateral=20"])
def test_another_city_or_storm_is_noted(change):
    if change.startswith("storm"):
        change = "storm.failures.lateral=0.2"
    (line,) = notes(arms_of("classroom", [change]))
    assert "share seeds but not the city" in line
    assert change.split("=")[0] in line


def test_other_tables_of_households_are_another_city(town):
    table = "[tables.households]\nx_km = [0.1]\ny_km = [0.2]\n"
    (line,) = notes(arms_of("classroom", [town(table)]))
    assert "[tables.households]" in line


def test_other_people_in_the_same_city_are_noted():
    lines = notes(arms_of("tallahassee-michael", ["arms/widening"]))
    assert "people.substitute_minority_odds" in lines[0]
    assert "share seeds and the city but not every attribute" in lines[0]


def test_another_end_of_the_run_is_noted():
    (line,) = notes(arms_of("classroom", ["run.horizon_h=200"]))
    assert "200 h" in line
    assert "336 h" in line


def test_a_decision_of_the_utility_needs_no_note():
    assert notes(arms_of("classroom", ["patrol.teams=5,dispatch.policy=pressure"])) == []


def test_crews_of_its_own_are_noted():
    (line,) = notes(arms_of("classroom", ["crews.line.own=20"]))
    assert "a crews' bill of its own (crews.line.own): its net cost is as simulated" in line


def test_no_arm_is_told_how_to_give_one():
    message = refused()
    assert "nothing to compare classroom with" in message
    assert "PATH=VALUE" in message


def test_an_unknown_name_is_answered_with_the_nearest_of_changes_and_scenarios(change):
    assert "did you mean 'arms/closing'" in refused("arms/closng")
    assert "did you mean 'outreach/no-311'" in refused("outreach/no311")
    assert "did you mean 'classroom'" in refused("crews.line.own=3", baseline="clasroom")


def test_a_missing_file_is_named():
    assert "nowhere.toml" in refused("nowhere.toml")
    assert "nowhere.toml" in refused("crews.line.own=3", baseline="nowhere.toml")


def test_an_unknown_parameter_is_answered_with_the_nearest_and_names_its_arm():
    message = refused("crews.line.owm=3")
    assert "ARM 'crews.line.owm=3'" in message
    assert "did you mean 'own'" in message


def test_a_value_out_of_range_names_its_arm_and_what_is_allowed():
    message = refused("crews.line.own=-3")
    assert "ARM 'crews.line.own=-3'" in message
    assert "0 to 100000" in message


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "empty"),
        ("label: ", "empty"),
        ("crews.line.own=", "PATH=VALUE"),
        ("=3", "PATH=VALUE"),
        ("crews.line.own=3,crews.line.own=4", "set twice"),
        ("crews.line=3", "section"),
        ("crews.line.own=3,", "comma"),
        ("crews.line.own=3,arms/closing", "stands by itself"),
    ],
)
def test_arms_that_make_no_sense_are_refused(text, word):
    assert word in refused(text)


def test_two_arms_of_one_name_need_labels():
    assert "label" in refused("crews.line.own=20", "crews.line.own=20")
    assert "label" in refused("classroom")


def test_a_change_cannot_be_the_baseline(change):
    assert "not a city" in refused("crews.line.own=20", baseline=change)


def test_a_baseline_of_the_file_that_is_no_table_is_refused(town):
    message = refused(baseline=town("[study]\nbaseline = 3\n"))
    assert "[study]" in message
    assert "table" in message


def test_a_wrong_baseline_of_the_file_names_the_place(town):
    assert "[study] baseline" in refused(baseline=town('[study]\nbaseline = { "crews.line.owm" = 3 }\n'))


def test_what_is_set_everywhere_holds_in_the_baseline_and_in_every_arm_unless_an_arm_says_otherwise():
    texts = ["crews.line.own=20", "tallahassee-michael", "loud: reporting.voice=high", "low: reporting.voice=low"]
    compared = arms_of("classroom", texts, {"reporting.voice": "low"})
    voices = [arm.whole["reporting.voice"] for arm in (compared.baseline, *compared.arms)]
    assert voices == ["low", "low", "low", "high", "low"]
    assert compared.arms[-1].content == compared.baseline.content
    assert compared.arms[-1].patch == {}
    study = arms_of("arms/closing", [], {"reporting.voice": "high"})
    assert [arm.whole["reporting.voice"] for arm in (study.baseline, *study.arms)] == ["high", "high"]
    assert study.baseline.whole["channels.app.availability"] == 0.0


def test_what_is_set_everywhere_is_checked_as_any_change():
    with pytest.raises(ScenarioError, match="voice must be one of low, middle, high"):
        arms_of("classroom", ["crews.line.own=20"], {"reporting.voice": "loud"})
