"""Towns small enough for pencil and paper: each file in scenarios/worked carries its own answer."""

import numpy as np
import pytest

from sim import load, run, shipped

TOWNS = sorted(name for name in shipped() if name.startswith("worked/"))
ASKED_FOR = {
    "worked/nested-outage", "worked/roll-up-too-high", "worked/under-reporting", "worked/two-callers-one-agent",
    "worked/wasted-truck-roll", "worked/two-crew-classes",
}  # fmt: skip
HOURS_SPLIT = ["undetected_h", "waiting_h", "working_h", "nested_h"]


def answers(outcomes, table):
    """The rows that the answer speaks of: named households, or all orders, jobs or reports in their order."""
    frame = getattr(outcomes, table)
    if table == "households":
        return frame.set_index("household_id").loc[outcomes.scenario.expected[table]["household_id"]].reset_index()
    return frame


def assert_equal_to_the_answer(outcomes):
    for table, columns in outcomes.scenario.expected.items():
        found = answers(outcomes, table)
        for name, expected in columns.items():
            where = f"{outcomes.scenario.name} [expected.{table}] {name}"
            assert len(found) == len(expected), f"{where}: {len(found)} rows"
            if isinstance(expected[0], float):
                np.testing.assert_allclose(found[name].astype(float), expected, rtol=0, atol=1e-9, err_msg=where)
            else:
                assert found[name].tolist() == expected, where


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("name", TOWNS)
def test_a_town_comes_out_as_on_paper_whatever_the_seed(name, seed):
    assert_equal_to_the_answer(run(load(name), seed=seed))


def test_the_towns_that_teach_the_mechanisms_are_there():
    assert set(TOWNS) >= ASKED_FOR


@pytest.mark.parametrize("name", TOWNS)
def test_a_town_says_in_one_line_what_it_shows_and_then_works_it_out(name):
    town = load(name)
    assert 20 < len(town.summary) <= 120
    assert "\n" not in town.summary
    assert len(town.description.splitlines()) >= 8


@pytest.mark.parametrize("name", TOWNS)
def test_an_answer_gives_the_hours_of_every_house_in_the_dark_and_their_parts_sum_up(name):
    outcomes = run(load(name), seed=1)
    dark = outcomes.households.query("hours_out > 0")
    answer = outcomes.scenario.expected["households"]
    assert set(dark.household_id) <= set(answer["household_id"])
    parts = np.sum([answer[part] for part in HOURS_SPLIT], axis=0)
    out = answers(outcomes, "households").hours_out
    np.testing.assert_allclose(parts, out, rtol=0, atol=1e-9)
