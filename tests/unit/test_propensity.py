"""Reporting propensities as the utility can estimate them: from confirmed faults, drawn towards the whole city's."""

import numpy as np
import pytest

from sim import load, run
from tests.laws.towns import town

CORRECTED = {"dispatch.policy": "voice-corrected"}


def voices_of_reports_at_two(**patch):
    """What each report behind N1, N2, S1 and S2 counts in worked/voice-corrected, where they are made at hour 2."""
    changes = {"run.horizon_h": 3.0} | {f"dispatch.{name}": value for name, value in patch.items()}
    state = run(load("worked/voice-corrected").but(changes)).state
    orders = state.orders[2:6]
    return (orders.voices / orders.reports).tolist()


def test_with_a_heavy_city_all_neighbourhoods_are_alike_and_a_light_one_lets_each_speak_for_itself():
    north, _, south, _ = voices_of_reports_at_two(propensity_customers=1e6)
    assert north == pytest.approx(1.5, rel=1e-5)  # the inverse of the city's two thirds
    assert south == pytest.approx(1.5, rel=1e-5)
    for weight in (1.0, 2.0, 10.0):
        expected = [(2.0 + weight) / (had + weight * 2.0 / 3.0) for had in (2.0, 2.0, 1.0, 1.0)]
        assert voices_of_reports_at_two(propensity_customers=weight) == pytest.approx(expected)


def test_what_was_never_confirmed_teaches_nothing():
    table = load("worked/voice-corrected").tables["damage"]
    unseen = load("worked/voice-corrected").with_tables(damage={**table, "sensed_h": [1000.0] * 6})
    state = run(unseen.but({"run.horizon_h": 1.9})).state
    assert not state.heard.dark.any()
    assert state.orders.voices[:2].tolist() == [4.0, 2.0]  # nothing is known: a propensity of one half


def test_what_is_learned_are_the_dark_behind_confirmed_faults_and_the_city_is_the_sum_of_its_neighbourhoods():
    state = run(town({**CORRECTED, "run.horizon_h": 60.0}), seed=2).state
    heard = state.heard
    assert heard.dark[-1] == heard.dark[:-1].sum() > 100
    assert heard.voiced[-1] == heard.voiced[:-1].sum() > 0
    assert (heard.voiced <= heard.dark).all()


def test_other_policies_learn_nothing_and_count_every_report_once():
    state = run(town({"run.horizon_h": 60.0}), seed=2).state
    orders = state.orders[: state.clock.n_orders[0]]
    assert not state.heard.dark.any()
    assert orders.reports.sum() > 20
    np.testing.assert_array_equal(orders.voices, orders.reports)
