"""Designs: the right points in the documented order, the scenario as it stands first, and sizes kept in bounds."""

from itertools import product

import numpy as np
import pytest

from experiments.designs.points import AS_IT_STANDS, design_of
from experiments.designs.study_files import read_study
from sim import ScenarioError
from sim.core.limits import SWEEP_RUNS

HEAD = 'kind = "sweep"\nscenario = "classroom"\nreplicates = 2\n'
TWO = '[vary]\n"channels.app.availability" = [0.0, 0.5, 1.0]\n"crews.line.own" = [1, 2]\n'
RANGES = '[vary]\n"channels.app.availability" = { from = 0.0, to = 1.0 }\n"crews.line.own" = { from = 1, to = 8 }\n'
ACROSS = '[across]\n"dispatch.policy" = ["standard", "pressure"]\n'


@pytest.fixture
def design(tmp_path):
    def make(text, **over):
        path = tmp_path / "mine.toml"
        path.write_text(HEAD + text)
        return design_of(read_study(path, **over))

    return make


def app_and_crews(points):
    return [(p.values["channels.app.availability"], p.values["crews.line.own"]) for p in points]


def test_a_factorial_has_every_combination_with_the_last_factor_fastest(design):
    points = design(TWO).points
    assert len(points) == 7
    assert points[0].patch == {}
    assert app_and_crews(points[1:]) == list(product((0.0, 0.5, 1.0), (1, 2)))
    assert points[-1].patch == {"channels.app.availability": 1.0, "crews.line.own": 2}
    assert {p.varied for p in points[1:]} == {"all"}


def test_points_are_a_sequence(design):
    points = design(TWO).points
    assert len(list(points)) == len(points)
    assert points[-1] == points[len(points) - 1]
    with pytest.raises(IndexError):
        points[7]


def test_one_at_a_time_leaves_the_others_as_they_are(design):
    points = design('design = "one-at-a-time"\n' + TWO).points
    assert [p.patch for p in points] == [
        {},
        {"channels.app.availability": 0.0},
        {"channels.app.availability": 0.5},
        {"channels.app.availability": 1.0},
        {"crews.line.own": 1},
        {"crews.line.own": 2},
    ]
    assert app_and_crews(points)[1] == (0.0, 2)  # the classroom has two crews of its own
    assert [p.varied for p in points[1:]] == ["channels.app.availability"] * 3 + ["crews.line.own"] * 2


def test_across_repeats_the_design_with_a_reference_of_its_own(design):
    points = design('design = "one-at-a-time"\n' + TWO + ACROSS).points
    assert len(points) == 1 + 2 * (1 + 5)
    assert [p.patch for p in points if not p.varied] == [
        {},
        {"dispatch.policy": "standard"},
        {"dispatch.policy": "pressure"},
    ]
    halves = [[p.values["dispatch.policy"] for p in points[1:7]], [p.values["dispatch.policy"] for p in points[7:]]]
    assert [set(half) for half in halves] == [{"standard"}, {"pressure"}]
    assert app_and_crews(points[2:7]) == app_and_crews(points[8:13])


@pytest.mark.parametrize("kind", ["latin-hypercube", "sobol"])
def test_sampled_designs_fill_the_space_evenly_and_come_back_by_their_seed(design, kind):
    text = f'design = "{kind}"\nn = 64\n' + RANGES
    points = app_and_crews(design(text).points[1:])
    assert len(points) == 64
    app, crews = (np.array(column) for column in zip(*points, strict=True))
    assert np.array_equal(np.bincount((app * 64).astype(int).clip(0, 63), minlength=64), np.ones(64))
    assert np.array_equal(np.bincount(crews)[1:], np.full(8, 8))
    assert app_and_crews(design(text).points[1:]) == points
    assert app_and_crews(design(text, seed=2).points[1:]) != points


def test_sampled_points_are_the_same_in_every_panel(design):
    points = design('design = "latin-hypercube"\nn = 5\n' + RANGES + ACROSS).points
    assert app_and_crews(points[2:7]) == app_and_crews(points[8:13])


def test_a_subset_that_does_not_vary_here_stands_as_it_is(design):
    text = 'design = "one-at-a-time"\n[vary]\n"channels" = { subsets_of = ["web", "sms"] }\n"crews.line.own" = [1]\n'
    points = design(text).points
    assert [p.values["channels"] for p in points] == [AS_IT_STANDS, "no channel", "web", "sms", "web+sms", AS_IT_STANDS]
    assert points[2].patch == {"channels.web.availability": 1.0, "channels.sms.availability": 0.0}


def test_a_large_grid_is_not_built_before_it_is_asked_for(design):
    text = '[vary]\n"channels.app.availability" = { from = 0.0, to = 1.0, steps = 500 }\n'
    text += '"channels.web.availability" = { from = 0.0, to = 1.0, steps = 500 }\n'
    points = design(text).points
    assert len(points) == 250_001
    assert points[-1].patch == {"channels.app.availability": 1.0, "channels.web.availability": 1.0}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('design = "factoral"\n' + TWO, "did you mean 'factorial'"),
        ("design = 3\n" + TWO, "unknown design '3'"),
        ("n = 8\n" + TWO, "n goes with latin-hypercube and sobol"),
        ('design = "sobol"\n' + RANGES, "needs n"),
        ('design = "sobol"\nn = 100\n' + RANGES, "a power of two for design sobol, not 100"),
        ('design = "sobol"\nn = 100\n' + RANGES, "try 64 or 128"),
        ('design = "latin-hypercube"\nn = 1\n' + RANGES, "n must be a whole number from 2"),
        ('design = "latin-hypercube"\nn = 2.5\n' + RANGES, "not 2.5"),
        (RANGES, "add steps"),
        (TWO + '[across]\n"crews.line.own" = [1, 2]\n', "varied already"),
        (TWO + '[across]\n"crews.line.owm" = [1, 2]\n', "did you mean 'crews.line.own'"),
        ("across = 3\n" + TWO, "must be a table"),
    ],
)
def test_what_makes_no_design_is_said_in_one_line(design, text, words):
    with pytest.raises(ScenarioError) as bad:
        design(text)
    assert words in str(bad.value)
    assert "\n" not in str(bad.value)


def test_more_than_a_million_runs_are_refused_with_their_number(design):
    text = '[vary]\n"channels.app.availability" = { from = 0.0, to = 1.0, steps = 1000 }\n'
    text += '"channels.web.availability" = { from = 0.0, to = 1.0, steps = 1000 }\n'
    with pytest.raises(ScenarioError, match=rf"2,000,002 runs, more than {SWEEP_RUNS:,}.*latin-hypercube"):
        design(text)
