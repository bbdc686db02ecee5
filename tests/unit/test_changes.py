"""Changes that fit any city: the shipped ones apply and do something; bad ones are refused in one line."""

import pytest

from sim import Scenario, ScenarioError, is_change, load, load_change, run, shipped, shipped_changes
from sim.inputs.parameters.root import Parameters

NAMES = {
    "mailer-to-all", "sms-opt-in-default", "door-to-door-high-svi", "information-only", "knowledge-and-materials",
    "hotline-in-spanish", "medical-registry", "community-liaisons", "app-launch", "no-311", "weatherhead-repair",
}  # fmt: skip


def test_the_presets_are_there_and_none_is_a_scenario():
    assert set(shipped_changes()) == {f"outreach/{name}" for name in NAMES}
    assert not set(shipped_changes()) & set(shipped())


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_preset_changes_what_happens_in_the_classroom(name):
    city = load("classroom").but({"storm.owner_share": 0.5})  # else there is nothing for a programme to mend
    change = load_change(f"outreach/{name}")
    assert change.summary
    assert is_change(f"outreach/{name}")
    plain, changed = run(city, 3), run(city.but(change.patch), 3)
    columns = ["first_report_h", "restored_h", "reached", "report_logged"]
    assert not plain.households[columns].equals(changed.households[columns])


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_preset_is_a_few_lines_that_an_analyst_can_read(name):
    lines = shipped_changes()[f"outreach/{name}"].read_text(encoding="utf-8").splitlines()
    assert len([line for line in lines if line.strip()]) <= 16


def test_a_change_is_no_city(tmp_path):
    with pytest.raises(ScenarioError, match=r"coproduce compare CITY outreach/no-311"):
        load("outreach/no-311")
    own = tmp_path / "mine.toml"
    own.write_text('applies_to = "any city"\n[hotline]\ncall_takers = 3\n')
    assert is_change(own)
    assert load_change(own).patch == {"hotline.call_takers": 3}
    assert Scenario("x", Parameters()).but(load_change(own).patch)["hotline.call_takers"] == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('applies_to = "any city"\n[hotlin]\ncall_takers = 3\n', "did you mean 'hotline'"),
        ('applies_to = "any city"\n[hotline]\ncall_takers = -3\n', "from 0 to 10000"),
        ('applies_to = "my city"\n', "not 'my city'"),
        ("[hotline]\ncall_takers = 3\n", 'applies_to = "any city"'),
        ("applies_to = any city\n", "not valid TOML"),
    ],
)
def test_a_bad_change_is_refused_in_one_line(tmp_path, text, message):
    path = tmp_path / "change.toml"
    path.write_text(text)
    with pytest.raises(ScenarioError) as said:
        load_change(path)
    assert message in str(said.value)
    assert "\n" not in str(said.value)


def test_a_misspelt_name_gets_the_nearest():
    with pytest.raises(ScenarioError, match="did you mean 'outreach/app-launch'"):
        load_change("outreach/app-lanch")
