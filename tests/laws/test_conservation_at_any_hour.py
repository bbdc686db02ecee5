"""What holds at every hour of a run, and in runs that lack storm, crews or time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import load, run
from sim.core.columns import LATERAL, LEVELS
from sim.core.outcome_codes import REPAIRED_OUTCOME
from sim.rules.attention import TALKING, WAITING
from sim.rules.split_hours import split_hours
from tests.laws.any_run import PATCHES, SEEDS, SOME, Ran, up_to


@SOME
@given(PATCHES, SEEDS, st.lists(st.floats(-6.0, 60.0), min_size=1, max_size=4).map(sorted))
def test_a_household_is_dark_exactly_while_a_fault_above_it_is_open(patch, seed, hours):
    ran = Ran({**patch, "run.horizon_h": 60.0}, seed)
    for hour in hours:
        ran.to(hour)
        begun = ran.faults["onset_h"] <= hour
        opened = begun & ~(ran.faults["repaired_h"] <= hour)
        faults_above = ran.over_faults_above(opened.astype(int), 0, np.add)
        np.testing.assert_array_equal(ran.households["n_faults_above"], faults_above)
        dark = np.isfinite(ran.households["out_h"]) & np.isinf(ran.households["restored_h"])
        np.testing.assert_array_equal(dark, faults_above > 0)
        np.testing.assert_array_equal(ran.state.devices.failed[ran.faults["at"]], opened)
        assert ran.state.clock.n_unrepaired[0] == np.isinf(ran.faults["repaired_h"]).sum()
        assert ran.state.clock.n_busy[0] == np.isinf(ran.jobs["done_h"]).sum()
        check_the_hotline_is_never_fuller_than_its_lines(ran)
        n_suspects = check_votes_count_the_suspects_below(ran.state.devices)
        assert ran.state.clock.n_implicated[0] == n_suspects
        check_what_is_to_come_above_transformers_is_counted(ran)


def check_what_is_to_come_above_transformers_is_counted(ran):
    devices, districts = ran.state.devices, ran.state.districts
    unrepaired = ran.faults["at"][np.isinf(ran.faults["repaired_h"])]
    still_open = ran.orders["at"][np.isinf(ran.orders["closed_h"])]
    coming = np.concatenate([unrepaired, still_open, np.flatnonzero(devices.escalating)])
    coming = coming[devices.level[coming] <= LATERAL]
    counted = np.bincount(devices.district[coming], minlength=len(districts) - 1)
    assert districts.n_coming.tolist() == [*counted.tolist(), len(coming)]


def check_the_hotline_is_never_fuller_than_its_lines(ran):
    clock, phase = ran.state.clock[0], ran.households["phase"]
    assert clock.n_talking == (phase == TALKING).sum() <= ran.scenario["hotline.call_takers"]
    assert clock.n_in_system == np.isin(phase, (TALKING, WAITING)).sum() <= ran.scenario["hotline.lines"]
    assert clock.n_dark == (ran.households["n_faults_above"] > 0).sum()


def check_votes_count_the_suspects_below(devices):
    suspects = devices.rollup[devices.implicated & (devices.rollup >= 0)]
    np.testing.assert_array_equal(devices.votes, np.bincount(suspects, minlength=len(devices)))
    return len(suspects)


def test_votes_count_the_suspects_below_where_a_lateral_has_several_sections():
    """Both sections of the lateral roll up to the feeder; finding the upper one explains the report from the lower."""
    sections = load("worked/one-fault").with_tables(
        households={"household_id": ["c", "d"], "device": ["L1b", "L2"]},
        devices={
            "device": ["S1", "F1", "L1a", "L1b", "L2"],
            "parent": ["", "S1", "F1", "L1a", "F1"],
            "level": ["substation", "feeder", "lateral", "lateral", "lateral"],
        },
        damage={"device": ["L1a", "L2"], "onset_h": [0.0, 0.0], "repair_h": [1.0, 1.0]},
        reports={"household": ["c", "d"], "time_h": [1.0, 20.0], "channel": ["web", "web"]},
    )
    outcomes = run(sections.but({"oms.laterals_per_feeder": 2}))
    check_votes_count_the_suspects_below(outcomes.state.devices)
    assert outcomes.orders.device.tolist() == ["L1b", "L1a", "L2"]


def test_what_is_seen_before_the_waiting_time_is_over_is_ready_when_it_is_seen():
    town = load("worked/one-fault")
    outcomes = run(town.with_tables(damage={**town.tables["damage"], "sensed_h": [1.1]}))
    order = outcomes.orders.iloc[0]
    assert (order.opened_h, order.ready_h, order.first_dispatched_h) == (1.0, 1.1, 1.1)


def test_every_call_of_a_household_counts_as_a_contact_whatever_became_of_it():
    callers = load("worked/two-callers-one-agent")
    for lines in (1, 10):
        outcomes = run(callers.but({"hotline.lines": lines}))
        contacts = outcomes.reports.reporter_id.value_counts()
        for household in outcomes.households.itertuples():
            assert household.n_reports == contacts[household.household_id], f"{lines} lines, {household.household_id}"


@SOME
@given(PATCHES, SEEDS)
def test_with_crews_patrols_and_time_every_damaged_device_is_repaired_exactly_once(patch, seed):
    able = {
        "crews.line.own": 2,
        "crews.line.largest": "substation",
        "patrol.teams": 2,
        "patrol.sees_one_below": 1.0,
        "patrol.sees_two_below": 1.0,
        "patrol.speed_km_per_h": 4.0,
    }
    ran = Ran({**patch, **able, "run.horizon_h": 8_760.0}, seed).to_the_end()
    repaired = ran.jobs["fault"][ran.jobs["outcome"] == REPAIRED_OUTCOME]
    assert sorted(repaired.tolist()) == list(range(len(ran.faults)))
    assert (ran.households["n_faults_above"] == 0).all()
    assert ran.state.clock.n_unrepaired[0] == 0


@SOME
@given(PATCHES, SEEDS)
def test_a_crew_never_repairs_for_a_customer_whom_the_utility_does_not_know(patch, seed):
    ran = Ran(patch, seed).to_the_end()
    for fault in np.flatnonzero(np.isfinite(ran.faults["assigned_h"])):
        assert (ran.households["known_h"][ran.behind(fault)] <= ran.faults["assigned_h"][fault]).all()


@pytest.mark.parametrize("seed", range(5))
def test_without_a_storm_nothing_happens(seed):
    calm = {f"storm.failures.{level}": 0.0 for level in LEVELS}
    ran = Ran(calm, seed).to_the_end()
    assert len(ran.faults) == len(ran.orders) == len(ran.jobs) == len(ran.reports) == 0
    assert np.isinf(ran.households["out_h"]).all()
    assert not any(values.any() for values in split_hours(ran.state, ran.horizon_h).values())


@pytest.mark.parametrize("seed", range(5))
def test_without_crews_nobody_is_restored_and_the_run_ends(seed):
    none = {"crews.line.own": 0, "crews.line.staged": 0, "crews.line.mutual_aid": 0, "crews.trouble.own": 0}
    ran = Ran(none, seed).to_the_end()
    assert len(ran.jobs) == 0
    assert np.isinf(ran.households["restored_h"]).all()
    parts = split_hours(ran.state, ran.horizon_h)
    dark_h = ran.horizon_h - up_to(ran.households["out_h"], ran.horizon_h)
    np.testing.assert_allclose(parts["undetected_h"] + parts["waiting_h"], dark_h, rtol=0, atol=1e-9)
    known = np.isfinite(ran.households["believed_h"])
    np.testing.assert_allclose(parts["waiting_h"][known], ran.horizon_h - ran.households["believed_h"][known])
