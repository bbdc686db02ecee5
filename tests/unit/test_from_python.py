"""``import coproduce as cp``: a study in one call is the study of the command of its name."""

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

import coproduce as cp
from app.cli import app
from app.faces.data import as_data
from experiments.study import kinds
from tests.small_town import written

SWEEP = {"name": "mine", "replicates": 10, "outcomes": ["mean"], "vary": {"crews.line.own": [1, 3]}}
SENSITIVITY = {"name": "mine", "method": "sobol", "n": 16, "replicates": 1, "outcomes": ["mean"],
               "vary": {"crews.line.own": [1, 3], "hotline.handle_min": {"from": 1.0, "to": 9.0}}}  # fmt: skip


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return written(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="module")
def found(town):
    return {
        "run": cp.run(town, 2, by=["income"], seed=3),
        "compare": cp.compare(town, {"six crews": {"crews.line.own": 6}}, pairs=10),
        "sweep": cp.sweep({**SWEEP, "scenario": town}),
        "sensitivity": cp.sensitivity(SENSITIVITY, scenario=town),
    }


def told(page):
    """A page as plain data, without how to make it again."""
    return json.loads(json.dumps(as_data(page)))


@pytest.mark.parametrize(("kind", "words"), [
    ("run", ["--replicates", "2", "--by", "income", "--seed", "3"]),
    ("compare", ["six crews: crews.line.own=6", "--replicates", "10"]),
])  # fmt: skip
def test_a_call_finds_what_the_command_of_its_name_finds(found, town, tmp_path, kind, words):
    answer = CliRunner().invoke(app, [kind, town, *words, "--out", str(tmp_path), "--quiet"])
    assert answer.exit_code == 0, answer.output
    by_command = cp.load_study(tmp_path)
    pd.testing.assert_frame_equal(found[kind].table, by_command.table)
    assert told(found[kind].page()) == told(by_command.page())
    figures = found[kind].figures() if kind == "compare" else cp.run(town, 2, by=["income"], seed=3).figures()
    assert {name: each.data for name, each in figures.items()} == {
        name: each.data for name, each in by_command.figures().items()
    }


def test_every_kind_of_study_is_called_by_its_name(found):
    assert found.keys() == kinds().keys()
    for kind, study in found.items():
        assert study.kind == kind
        assert callable(getattr(cp, kind))
        assert study.page().answer[0].headline
        assert len(study.table)
        assert study.made["command"].startswith(f"coproduce.{kind}(")


def test_figures_carry_their_words_and_print_no_bytes(found):
    for study in (found["compare"], found["sweep"], found["sensitivity"]):
        figures = study.figures()
        assert figures
        for figure in figures.values():
            assert figure.data.startswith(b"\x89PNG")
            assert figure.description in repr(figure)
            assert "PNG" not in repr(figure)


def test_a_replicate_is_the_run_of_its_seed(found, town):
    pd.testing.assert_frame_equal(found["run"].outcomes(4).households, cp.simulate(cp.load(town), 4).households)


def test_what_is_given_in_place_of_the_file_holds(town):
    study = cp.sweep({**SWEEP, "scenario": "classroom"}, scenario=town, replicates=11, seed=5)
    assert (study.summary["replicates"], study.summary["seed"]) == (11, 5)
    assert len(study.runs) == 3 * 11
    assert study.made["scenario"]["name"] == "town"


def test_bad_input_is_one_clear_complaint(town):
    with pytest.raises(cp.ScenarioError, match="'owm'; did you mean 'own'"):
        cp.compare(town, ["crews.line.owm=3"], pairs=10)
    with pytest.raises(AttributeError, match="no attribute 'swep'"):
        _ = cp.swep


def test_all_that_is_promised_is_there():
    assert [name for name in cp.__all__ if getattr(cp, name, None) is None] == []
