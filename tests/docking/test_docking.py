"""Docking (Axtell et al. 1996, doi 10.1007/BF01299065): an independent model with the same rules and the same luck.

A plain, event-driven Mesa model, with an object for each household, device, order, crew and patrol, is given the same
city and the same storm as the engine, and looks up the same chance. What comes out has to be equal to the last bit;
only the parts into which hours are divided are compared to a millionth of a second, for the engine rounds them.
"""

from collections import Counter

import numpy as np
import pytest

from sim.core.columns import LEVELS
from sim.core.outcome_codes import OUTCOMES, SOURCES
from sim.rules.split_hours import split_hours
from tests.docking.storms import (
    CROSSED,
    CROSSED_SEEDS,
    SEEDS,
    Docked,
    docked,
    findings,
    long_laterals,
    of_households,
    scenario_of,
    told_twice,
)


def assert_households_agree(docked: Docked) -> None:
    """The same hours for everybody, to the last bit."""
    engine, plain = docked
    for name in ("out_h", "restored_h", "first_report_h", "n_reports"):
        np.testing.assert_array_equal(of_households(plain, name), engine.state.households[name], err_msg=name)
    for name in ("known_h", "n_closed"):
        of_accounts = np.array([getattr(household.account, name) for household in plain.households])
        np.testing.assert_array_equal(of_accounts, engine.state.households[name], err_msg=name)


@pytest.mark.parametrize("seed", SEEDS)
def test_both_models_restore_power_at_the_same_times(seed):
    assert_households_agree(docked(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_both_divide_up_the_hours_out_alike(seed):
    """Not to the last bit: the engine rounds the parts to a fixed step, so that they sum to the whole without error."""
    engine, plain = docked(seed)
    hours = [household.hours_by_part() for household in plain.households]
    for name, of_engine in split_hours(engine.state, engine.horizon_h).items():
        np.testing.assert_allclose([of[name] for of in hours], of_engine, rtol=0.0, atol=1e-10, err_msg=name)


@pytest.mark.parametrize("seed", range(1, 13))
def test_they_agree_where_a_lateral_has_several_sections(seed):
    """A fault half-way along a lateral explains suspicions that have rolled up past it, to its first section."""
    scenario = scenario_of(seed).but({"place.customers": 288, "oms.transformers_per_lateral": 2, "crews.districts": 1,
                                   "storm.owner_share": 0.0})  # fmt: skip
    assert_households_agree(told_twice(scenario.with_tables(devices=long_laterals()), seed))


@pytest.mark.parametrize("seed", CROSSED_SEEDS)
def test_they_agree_where_call_backs_cross_with_reports(seed):
    """Who was closed in error and is called after all is not wronged any more at the next moment of attention."""
    assert_households_agree(told_twice(scenario_of(seed).but(CROSSED), seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_both_find_faults_at_the_same_time_and_by_the_same_means(seed):
    engine, plain = docked(seed)
    faults = engine.state.faults
    sources = [SOURCES[code] if code >= 0 else None for code in faults.source.tolist()]
    assert [device.located_h for device in plain.faults] == faults.confirmed_h.tolist()
    assert [device.located_by and device.located_by.value for device in plain.faults] == sources


@pytest.mark.parametrize("seed", SEEDS)
def test_both_control_rooms_refuse_the_same_predictions(seed):
    engine, plain = docked(seed)
    assert {level: plain.utility.control_room.refused[level] for level in LEVELS} == engine.refused


@pytest.mark.parametrize("seed", SEEDS)
def test_both_utilities_open_and_close_the_same_orders(seed):
    engine, plain = docked(seed)
    orders = engine.state.orders[: engine.state.clock[0].n_orders]
    endings = Counter(OUTCOMES[code] for code in orders.outcome.tolist())
    del endings["open"]
    assert endings == plain.utility.endings
    sources = [SOURCES[code] for code in orders.source.tolist()]
    rows = zip(orders.at.tolist(), orders.opened_h.tolist(), orders.reports.tolist(), sources, strict=True)
    assert sorted(rows) == sorted(
        (order.device.number, order.opened_h, order.reports, order.source.value) for order in plain.utility.orders
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_both_send_the_same_aid_home_at_the_same_time(seed):
    engine, plain = docked(seed)
    left_h = np.full(len(engine.state.crews), np.inf)
    left_h[[crew.number for crew in plain.crews]] = [crew.left_h for crew in plain.crews]
    np.testing.assert_array_equal(left_h, engine.state.crews.released_h)


@pytest.mark.parametrize("seed", SEEDS)
def test_both_send_their_crews_to_the_same_findings(seed):
    engine, plain = docked(seed)
    jobs = engine.state.jobs[: engine.state.clock[0].n_jobs]
    found = Counter(OUTCOMES[code] for code in jobs.outcome[np.isfinite(jobs.found_h)].tolist())
    assert found == findings(plain)


def test_both_have_what_households_own_mended_at_the_same_times_by_the_same_people():
    for engine, plain in map(docked, SEEDS):
        for device, fault in zip(plain.faults, engine.state.faults, strict=True):
            if device.mending:
                assert (device.mending.done_h, device.mending.is_by_programme) == (fault.released_h, fault.aided)
