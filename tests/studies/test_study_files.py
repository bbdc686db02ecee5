"""Study files: shipped ones can be read, one's own are checked key by key; and the names of outcomes."""

import tomllib

import numpy as np
import pytest

from analysis.measures.grouping import ATTRIBUTES, GroupingError, groups
from experiments.asked_outcomes import SHORT, resolve
from experiments.designs.study_files import read_study, studies
from experiments.outcome_names import OutcomeName, group_names, is_gap, label, reference_of, shown
from experiments.runs.measures_of_run import measures
from experiments.study import kinds
from sim import ScenarioError, load, run, shipped

SWEEP = """
kind = "sweep"
scenario = "classroom"
replicates = 3
outcomes = ["gap"]

[vary]
"channels.app.availability" = [0.0, 1.0]
"""


@pytest.fixture
def write(tmp_path):
    def put(text):
        path = tmp_path / "mine.toml"
        path.write_text(text)
        return path

    return put


def test_studies_are_shipped_and_are_no_scenarios():
    assert {"channel-availability", "channel-subsets"} <= set(studies())
    assert not set(studies()) & set(shipped())


@pytest.mark.parametrize("name", sorted(studies()))
def test_every_shipped_study_can_be_read(name):
    study = read_study(name)
    assert kinds()[study.kind].has_file
    assert study.name == name
    assert study.summary
    assert study.description
    assert study.factors


def test_a_file_says_what_it_says(write):
    study = read_study(write(SWEEP + '[set]\n"crews.line.own" = 5\nliaison.liaisons = 1\n'))
    assert (study.kind, study.name, study.seed, study.replicates) == ("sweep", "mine", 1, 3)
    assert study.set == {"crews.line.own": 5, "liaison.liaisons": 1}
    assert study.scenario["crews.line.own"] == 5
    assert study.outcomes == ("minority:minority:gap_h",)
    assert study.by == ("minority", "income", "medical_device")


def test_groupings_that_outcomes_need_are_made(write):
    text = SWEEP.replace('["gap"]', '["gap:over65", "mean:poor:poor"]').replace("[vary]", 'by = "minority"\n[vary]')
    assert read_study(write(text)).by == ("minority", "over65", "poor")


def test_without_outcomes_the_gap_of_every_grouping_is_looked_at(write):
    text = SWEEP.replace('outcomes = ["gap"]', 'by = ["minority", "svi"]')
    assert read_study(write(text)).outcomes == ("minority:minority:gap_h", "svi:highest SVI fifth:gap_h")


def test_what_the_command_line_says_replaces_the_file(write):
    study = read_study(write(SWEEP), "sweep", "arms/widening", seed=7, replicates=None)
    assert (study.seed, study.replicates, study.scenario.name) == (7, 3, "widening")


def test_the_digest_covers_what_runs_depend_on_and_nothing_else(write):
    first = read_study(write(SWEEP)).digest
    assert read_study(write(SWEEP + "# a comment\n")).digest == first
    assert read_study(write('summary = "words"\n' + SWEEP)).digest == first
    assert read_study(write(SWEEP), replicates=9).digest == first  # more replicates continue the same study
    assert read_study(write(SWEEP), seed=2).digest != first
    assert read_study(write(SWEEP.replace("[0.0, 1.0]", "[0.0, 0.5]"))).digest != first
    assert read_study(write(SWEEP + "[set]\ncrews.line.own = 5\n")).digest != first


def test_the_content_of_a_file_from_python_is_the_same_study(write):
    content = tomllib.loads(SWEEP)
    study = read_study(content, "sweep")
    assert (study.name, study.where) == ("study", "study")
    assert study.digest == read_study(write(SWEEP)).digest
    own = {**content, "vary": {"channels": {"app": {"availability": np.linspace(0.0, 1.0, 2)}}}}
    assert read_study(own).digest == study.digest
    assert read_study({key: value for key, value in content.items() if key != "kind"}, "sweep").digest == study.digest
    assert read_study(content, vary={"crews.line.own": range(1, 4)}).factors[0].choices == (1, 2, 3)
    assert read_study(content, scenario=load("arms/widening")).scenario.name == "widening"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({}, "study: no study file, for it has no kind"),
        ({"kind": "sweep", "vary": {"crews.line.owm": (1, 2)}}, "study [vary]: unknown parameter 'crews.line.owm'"),
        ({"kind": "sweep", 3: 4}, "study: unknown key '3'"),
        ({"kind": "sweep", "vary": {"crews.line.own": {1, 2}}}, "must be a list of values"),
    ],
)
def test_content_that_is_no_study_is_refused_in_one_line(content, words):
    with pytest.raises(ScenarioError) as bad:
        read_study(content)
    assert words in str(bad.value)
    assert "\n" not in str(bad.value)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('kind = "sweep"', "", "has no kind"),
        ('kind = "sweep"', 'kind = "sweeps"', "did you mean 'sweep'"),
        ('kind = "sweep"', 'kind = "sensitivity"', "try: coproduce sensitivity"),
        ('kind = "sweep"', 'kind = "sweep"\nmethod = "sobol"', "unknown key 'method'"),
        ("replicates = 3", "replicate = 3", "did you mean 'replicates'"),
        ("replicates = 3", "replicates = 0", "from 1 to"),
        ("replicates = 3", 'replicates = "3"', "must be a whole number"),
        ("replicates = 3", "seed = -1", "seed must be a whole number"),
        ('"classroom"', '"clasroom"', "did you mean 'classroom'"),
        ('"classroom"', "3", "scenario must be text, not 3"),
        ('["gap"]', '["gapp"]', "did you mean 'gap'"),
        ('["gap"]', "[]", "must be a list of names"),
        ('["gap"]', '["gap:incom"]', "did you mean 'income'"),
        ('["gap"]', '["mean:income:lowst fifth"]', "did you mean 'lowest fifth'"),
        ("[vary]", 'by = ["race"]\n[vary]', "unknown attribute 'race'"),
        ("[vary]", "[set]\ncrews.line.owm = 2\n[vary]", "did you mean 'crews.line.own'"),
        ("[vary]", "[set]\ncrews.line.own = -2\n[vary]", "not -2"),
        ("[vary]", "set = 3\n[vary]", "set must be a table"),
        ("[vary]", "name = 3\n[vary]", "name must be text"),
        ('[vary]\n"channels.app.availability" = [0.0, 1.0]', "", "[vary] must name"),
        ("[vary]", "[vary", "not valid TOML"),
    ],
)
def test_what_a_file_gets_wrong_is_said_in_one_line(write, old, new, words):
    with pytest.raises((ScenarioError, GroupingError)) as bad:
        read_study(write(SWEEP.replace(old, new)), "sweep")
    assert words in str(bad.value)
    assert "\n" not in str(bad.value)


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(ScenarioError, match="No such file"):
        read_study(tmp_path / "nowhere.toml")
    with pytest.raises(ScenarioError, match="did you mean 'channel-subsets'"):
        read_study("chanel-subsets")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ScenarioError, match="not a text file"):
        read_study(tmp_path / "binary.toml")


@pytest.fixture(scope="module")
def small_run():
    return run(load("classroom").but({"place.customers": 300}), 1)


@pytest.mark.parametrize("text", sorted(set(SHORT) - {"cost", "residents_cost"}) + ["gap:income", "mean:poor:poor"])
def test_short_names_are_measures_that_a_run_has(small_run, text):
    name = resolve(text)
    assert name in measures(small_run, ("minority", "income", "poor"))
    assert resolve(name) == name


@pytest.mark.parametrize("by", [a for a in ATTRIBUTES if a not in ("all", "ethnicity", "neighbourhood")])
def test_groups_and_references_are_those_of_the_groupings(small_run, by):
    found = groups(small_run.households, by)
    assert group_names(by) == found.names
    assert reference_of(by) == found.reference
    gap = resolve(f"gap:{by}")
    assert is_gap(gap)
    assert f"{found.names[0]}" in label(gap)
    with pytest.raises(ScenarioError, match="has no gap"):
        resolve(f"gap:{by}:{found.reference}")


def test_a_name_comes_apart_at_its_outer_colons_and_is_written_as_it_was_read():
    name = OutcomeName.parse("neighbourhood:St. Mary: north:gap_h")
    assert name == ("neighbourhood", "St. Mary: north", "gap_h")
    assert str(name) == f"{name}" == "neighbourhood:St. Mary: north:gap_h"
    assert (name.grouping, name.is_gap) == ("neighbourhood", True)
    assert [OutcomeName.parse(text).grouping for text in ("all:all:mean_h", "cost:total:usd")] == [None, None]
    with pytest.raises(ValueError, match="unpack"):
        OutcomeName.parse("mean_h:all")


def test_labels_carry_words_and_units():
    assert label(resolve("gap")) == "gap in mean hours out, minority minus other (h)"
    assert label(resolve("gap:income")) == "gap in mean hours out, lowest fifth of income minus highest fifth (h)"
    assert label(resolve("cost")) == "cost to city and utility (US$)"
    assert label(resolve("report_rate")).endswith("(%)")
    assert shown(resolve("report_rate")) == 100.0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("gap:ethnicity", "must name a group"),
        ("all:all:gap_h", "unknown measure"),
        ("cost:totl:usd", "did you mean 'total'"),
        ("minority:minority:mean", "did you mean 'mean_h'"),
        ("", "must be names"),
    ],
)
def test_unknown_outcomes_are_answered_with_what_there_is(text, words):
    with pytest.raises(ScenarioError) as bad:
        resolve(text)
    assert words in str(bad.value)
