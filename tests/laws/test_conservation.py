"""What holds at the end of any run: nothing is lost, made twice, or done before its cause."""

import numpy as np
from hypothesis import given

from sim.core.columns import LATERAL
from sim.core.outcome_codes import BESIDE, OWNER_FIRST, PARTS, REPAIRED_OUTCOME, TRANSMISSION
from sim.engine.settings import peak_hour
from sim.rules.joining import AID, OWN, STAGED
from sim.rules.orders import ON_HOLD
from sim.rules.split_hours import split_hours
from tests.laws.any_run import MANY, PATCHES, SEEDS, Ran, gaps_to_next, has_split, up_to


@MANY
@given(PATCHES, SEEDS)
def test_every_law_of_conservation_holds_at_the_end_of_any_run(patch, seed):
    ran = Ran(patch, seed).to_the_end()
    check_each_fault_is_repaired_at_most_once(ran)
    check_power_is_lost_with_the_first_fault_and_back_with_the_last_repair(ran)
    check_the_parts_of_the_hours_out_are_not_negative_and_sum_up(ran)
    check_hours_with_two_faults_on_the_path(ran)
    check_nobody_is_reconnected_before_what_it_owns_is_mended(ran)
    check_who_is_believed_out_and_who_was_closed(ran)
    check_no_crew_is_in_two_places(ran)
    check_crews_do_what_their_class_can_when_they_are_on_duty(ran)
    check_crews_stay_in_their_districts(ran)
    check_somebody_of_each_list_stays_and_who_came_last_leaves_first(ran)
    check_crews_that_stay_are_counted_in_their_districts(ran)
    check_orders_live_in_order(ran)
    check_reports_come_from_the_dark(ran)


def check_each_fault_is_repaired_at_most_once(ran):
    done = ran.jobs[np.isfinite(ran.jobs["done_h"]) & (ran.jobs["outcome"] == REPAIRED_OUTCOME)]
    assert len(set(done["fault"].tolist())) == len(done)
    repaired = np.full(len(ran.faults), np.inf)
    repaired[done["fault"]] = done["done_h"]
    np.testing.assert_array_equal(repaired, ran.faults["repaired_h"])
    np.testing.assert_array_equal(ran.faults["at"][done["fault"]], done["at"])
    repair_h = ran.faults["repair_h"][done["fault"]]
    np.testing.assert_allclose(done["done_h"] - done["found_h"], repair_h, rtol=0, atol=1e-9)
    assert (ran.faults["confirmed_h"] <= ran.faults["repaired_h"]).all()


def check_power_is_lost_with_the_first_fault_and_back_with_the_last_repair(ran):
    first = ran.over_faults_above(ran.faults["onset_h"], np.inf, np.minimum)
    first[first > ran.horizon_h] = np.inf
    np.testing.assert_array_equal(ran.households["out_h"], first)
    last = ran.over_faults_above(ran.faults["repaired_h"], -np.inf, np.maximum)
    np.testing.assert_array_equal(ran.households["restored_h"], np.where(np.isfinite(first), last, np.inf))


def check_the_parts_of_the_hours_out_are_not_negative_and_sum_up(ran):
    parts = split_hours(ran.state, ran.horizon_h)
    assert all((parts[name] >= 0.0).all() for name in (*PARTS, *BESIDE))
    undetected_h, waiting_h, search_h, owner_h, repair_h = (parts[name] for name in PARTS)
    hours = up_to(ran.households["restored_h"], ran.horizon_h) - up_to(ran.households["out_h"], ran.horizon_h)
    np.testing.assert_array_equal((((undetected_h + waiting_h) + search_h) + owner_h) + repair_h, hours)
    assert all((parts[name] <= hours + 1e-9).all() for name in BESIDE)


def check_hours_with_two_faults_on_the_path(ran):
    """All faults begin before the first is repaired: from the second to fail until the last but one is repaired."""
    second = np.full(len(ran.households), np.inf)
    last_but_one = np.full(len(ran.households), -np.inf)
    faults = [(ran.behind(n), fault["onset_h"], fault["repaired_h"]) for n, fault in enumerate(ran.faults)]
    for household in range(len(ran.households)):
        mine = [(onset, repaired) for who, onset, repaired in faults if who.start <= household < who.stop]
        if len(mine) > 1:
            second[household] = sorted(onset for onset, _ in mine)[1]
            last_but_one[household] = sorted(repaired for _, repaired in mine)[-2]
    hours = up_to(last_but_one, ran.horizon_h) - up_to(second, ran.horizon_h)
    found = split_hours(ran.state, ran.horizon_h)["behind_two_faults_h"]
    np.testing.assert_allclose(found, np.where(np.isfinite(second), hours, 0.0), rtol=0, atol=1e-9)


def check_nobody_is_reconnected_before_what_it_owns_is_mended(ran):
    faults, on_hold = ran.faults, np.isfinite(ran.faults["held_h"])
    torn = faults["owner"] > 0
    assert (faults["released_h"][torn] <= faults["repaired_h"][torn]).all()
    assert not (on_hold & ~torn).any()
    assert (faults["held_h"][on_hold] < faults["released_h"][on_hold]).all()
    assert (faults["confirmed_h"][on_hold] <= faults["held_h"][on_hold]).all()
    mended = on_hold & np.isfinite(faults["assigned_h"])
    assert (faults["released_h"][mended] <= faults["assigned_h"][mended]).all()
    heard = torn & (faults["released_h"] <= ran.horizon_h)
    assert (faults["confirmed_h"][heard] <= faults["released_h"][heard]).all()
    rolls = np.bincount(ran.jobs["at"][ran.jobs["outcome"] == OWNER_FIRST], minlength=len(ran.state.devices))
    assert (rolls <= 1).all()  # told once, the utility sends nobody in vain
    if ran.scenario["dispatch.policy"] != "omniscient":  # which knows without going there
        np.testing.assert_array_equal(rolls[faults["at"]], on_hold)
    dark = ran.households["n_faults_above"] > 0
    for fault in np.flatnonzero(on_hold & np.isinf(faults["repaired_h"])):
        who = ran.behind(fault)
        assert np.isfinite(ran.households["believed_h"][who][dark[who]]).all()  # known to be out, and not closed
    owner_h = split_hours(ran.state, ran.horizon_h)["owner_h"]
    orders = ran.state.orders[: ran.state.clock.n_orders[0]]
    assert ran.state.clock.n_on_hold[0] == np.count_nonzero(orders["status"] == ON_HOLD)
    waits_h = up_to(faults["released_h"], ran.horizon_h) - np.minimum(faults["held_h"], ran.horizon_h)
    behind = ran.over_faults_above(np.where(on_hold, waits_h, 0.0), 0.0, np.add)
    assert (owner_h <= behind + 1e-9).all()


def check_who_is_believed_out_and_who_was_closed(ran):
    households, devices = ran.households, ran.state.devices
    dark = households["n_faults_above"] > 0
    covered = np.zeros(len(households), dtype=bool)
    for at in ran.orders["at"][np.isinf(ran.orders["closed_h"])]:
        covered[devices.first[at] : devices.last[at]] = True
    np.testing.assert_array_equal(np.isfinite(households["believed_h"])[dark], covered[dark])
    closed = np.isfinite(households["closed_h"])
    assert not (closed & ~dark).any()
    assert not (closed & np.isfinite(households["believed_h"])).any()
    assert ((households["n_closed"] > 0) | (households["falsely_closed_h"] == 0.0)).all()


def check_no_crew_is_in_two_places(ran):
    jobs = ran.jobs
    for earlier, later in (("dispatched_h", "arrived_h"), ("arrived_h", "found_h"), ("found_h", "done_h")):
        assert (jobs[earlier] <= jobs[later]).all(), (earlier, later)
    for crew in range(len(ran.crews)):
        assert (gaps_to_next(jobs, crew) >= 0.0).all(), f"crew {crew}"


def check_crews_do_what_their_class_can_when_they_are_on_duty(ran):
    jobs, crews, scenario = ran.jobs, ran.crews[ran.jobs["crew"]], ran.scenario
    assert (ran.state.devices.level[jobs["at"]] >= crews["largest"]).all()
    assert (jobs["dispatched_h"] >= crews["arrives_h"]).all()
    assert (jobs["dispatched_h"] <= crews["released_h"]).all()
    assert (jobs["dispatched_h"] >= scenario["crews.safe_h"]).all()
    if scenario["crews.shift_on_h"] < 24.0:
        starts = scenario["crews.shift_starts_hour"] + crews["shift_offset_h"]
        into_shift = (jobs["dispatched_h"] + peak_hour(scenario) - starts + 1e-9) % 24.0
        assert (into_shift < scenario["crews.shift_on_h"] + 1e-6).all()
    cycle_h = scenario["dispatch.every_min"] / 60
    if cycle_h > 0.0:
        looks = jobs["dispatched_h"] / cycle_h
        between = jobs["dispatched_h"][np.abs(looks - np.round(looks)) > 1e-6]
        starts = scenario["crews.shift_starts_hour"] - peak_hour(scenario) + np.array([0.0, 12.0])
        into_shift = (between[:, np.newaxis] - starts) % 24.0  # of one of the two shifts
        begins = (np.minimum(into_shift, 24.0 - into_shift) < 1e-6).any(axis=1)
        assert begins.all()
        assert len(between) == 0 or scenario["crews.shift_on_h"] < 24.0


def check_crews_stay_in_their_districts(ran):
    home = ran.crews["district"][ran.jobs["crew"]]
    whole_city = len(ran.state.districts) - 1
    assert (home >= 0).all()
    assert ((home == ran.state.devices.district[ran.jobs["at"]]) | (home == whole_city)).all()
    assert (home == whole_city)[ran.crews["shared"][ran.jobs["crew"]]].all()


def check_somebody_of_each_list_stays_and_who_came_last_leaves_first(ran):
    crews, threshold = ran.crews, ran.scenario["crews.release_orders_per_crew"]
    released, district = crews["leaves"], crews["district"]
    assert not released[np.isin(crews["origin"], (OWN, STAGED))].any()
    came_h = ran.crews["arrives_h"][crews["origin"] == AID].max(initial=-np.inf)
    assert (crews["released_h"] >= came_h)[released].all()
    if threshold == 0.0:
        assert not released.any()
        assert np.isinf(crews["released_h"]).all()
    for crew in np.flatnonzero(released & (crews["origin"] == AID) & ~has_split(ran)):
        others = (district == district[crew]) & ~released & ~has_split(ran) & (crews["kind"] != TRANSMISSION)
        assert crews["largest"][others].min() <= crews["largest"][crew]
    last_job_h = np.full(len(crews), -np.inf)
    np.maximum.at(last_job_h, ran.jobs["crew"], ran.jobs["done_h"])
    gone = np.isfinite(crews["released_h"])
    assert (crews["released_h"] >= np.maximum(crews["arrives_h"], last_job_h))[gone].all()


def check_crews_that_stay_are_counted_in_their_districts(ran):
    crews, districts = ran.crews, ran.state.districts
    stay = crews[(crews["district"] >= 0) & ~crews["leaves"] & ~has_split(ran)]
    assert districts.n_crews.tolist() == np.bincount(stay["district"], minlength=len(districts)).tolist()
    able = stay[(stay["largest"] <= LATERAL) & (stay["kind"] != TRANSMISSION)]
    assert districts.n_able.tolist() == np.bincount(able["district"], minlength=len(districts)).tolist()


def check_orders_live_in_order(ran):
    orders, jobs = ran.orders, ran.jobs
    assert (orders["opened_h"] <= orders["ready_h"]).all()
    went = np.isfinite(orders["first_dispatched_h"])
    assert (orders["ready_h"][went] <= orders["first_dispatched_h"][went]).all()
    assert (orders["first_dispatched_h"][went] <= orders["closed_h"][went]).all()
    assert (orders["opened_h"] <= orders["closed_h"]).all()
    first = np.full(len(orders), np.inf)
    np.minimum.at(first, jobs["order"], jobs["dispatched_h"])
    np.testing.assert_array_equal(first, orders["first_dispatched_h"])
    still_open = orders[np.isinf(orders["closed_h"])]["at"]
    assert len(set(still_open.tolist())) == len(still_open)
    assert len(still_open) == ran.state.clock.n_open[0]


def check_reports_come_from_the_dark(ran):
    reports, households = ran.reports, ran.households
    who = households[reports["reporter"]]
    assert (reports["attempted_h"] <= reports["logged_h"]).all()
    assert (who["out_h"] <= reports["attempted_h"]).all()
    own = reports["household"] == reports["reporter"]
    assert (reports["attempted_h"][own] <= who["restored_h"][own]).all()
    assert (households["known_h"] >= households["out_h"])[np.isfinite(households["known_h"])].all()
