"""Towns small enough for pencil and paper: each file in scenarios/worked carries its own answer."""

import numpy as np
import pandas as pd
import pytest

from sim import load, run, shipped
from sim.core.outcome_codes import PARTS

TOWNS = sorted(name for name in shipped() if name.startswith("worked/"))
ASKED_FOR = {
    "worked/nested-outage", "worked/roll-up-too-high", "worked/under-reporting", "worked/two-callers-one-agent",
    "worked/wasted-truck-roll", "worked/two-crew-classes", "worked/refused-by-telemetry", "worked/refused-by-meter",
    "worked/refused-after-patrol", "worked/seen-in-part", "worked/walking-the-line", "worked/patrol",
    "worked/false-closure", "worked/account-of-two-faults", "worked/informal-apart", "worked/voice-corrected",
    "worked/busy-by-inquiries", "worked/owner-first",
}  # fmt: skip


def answers(outcomes, table):
    """The rows that the answer speaks of: named households, or all faults, orders, jobs, reports in their order."""
    if table == "refused":
        return pd.DataFrame([outcomes.refused])
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
    parts = np.sum([answer[part] for part in PARTS if part != "owner_h" or part in answer], axis=0)
    out = answers(outcomes, "households").hours_out
    np.testing.assert_allclose(parts, out, rtol=0, atol=1e-9)


def test_who_was_closed_in_error_trusts_less_and_is_wronged_until_heard_again():
    town = load("worked/false-closure")
    before = run(town.but({"run.horizon_h": 8.0})).state.households
    after = run(town).state.households
    assert before.trust.tolist() == after.trust.tolist() == [0.5, 0.5, 0.5]
    assert before.trust_left.tolist() == after.trust_left.tolist() == [1.0, 1.0, 0.8]
    assert before.wronged.tolist() == [False, False, True]
    assert after.wronged.tolist() == [False, False, False]


def test_a_report_counts_by_the_inverse_of_the_propensity_worked_out_by_hand():
    outcomes = run(load("worked/voice-corrected").but({"run.horizon_h": 3.0}))
    heard, orders = outcomes.state.heard, outcomes.state.orders
    assert heard.dark.tolist() == [2.0, 2.0, 4.0]
    assert heard.voiced.tolist() == [2.0, 1.0, 3.0]
    np.testing.assert_allclose(orders.voices[2:6], [4.5, 3.375, 3.6, 1.8], rtol=1e-12)


def test_an_informal_request_is_passed_on_after_its_delay_and_once():
    reports = run(load("worked/informal-apart"), seed=1).reports.query("channel == 'informal'")
    assert reports.household_id.tolist() == ["Ben"]
    np.testing.assert_allclose(reports.logged_h - reports.attempted_h, 4.0, rtol=0, atol=1e-9)
