"""What holds in every run, whatever the parameters: nothing is lost, made twice, or done before its cause."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import load, run
from sim.core.columns import LATERAL, LEVELS
from sim.core.seeds import Seeds
from sim.engine.settings import peak_hour
from sim.engine.simulate import advance_to
from sim.engine.start import begin
from sim.rules.joining import AID, OWN, STAGED
from sim.rules.orders import ON_HOLD, OWNER_FIRST, REPAIRED_OUTCOME
from sim.rules.reporting import TALKING, WAITING
from sim.rules.split_hours import BESIDE, PARTS, split_hours
from sim.rules.splitting import TRANSMISSION
from tests.laws.towns import ALL_RULES, rows_of, town, world


def served(patch):
    """Every district has a crew that may go there, whatever the numbers drawn."""
    return {**patch, "crews.line.staged": 2} if patch.get("crews.shared_share", 0.2) < 0.5 else patch


PATCHES = st.fixed_dictionaries(
    {},
    optional={
        "crews.line.own": st.integers(0, 4),
        "crews.line.mutual_aid": st.integers(0, 3),
        "crews.trouble.own": st.integers(0, 3),
        "crews.trouble.mutual_aid": st.integers(0, 2),
        "crews.release_orders_per_crew": st.sampled_from([0.0, 0.3, 1.0, 10.0]),
        "crews.line.largest": st.sampled_from(LEVELS),
        "crews.trouble.largest": st.sampled_from(LEVELS),
        "crews.districts": st.integers(1, 2),
        "crews.shared_share": st.sampled_from([0.0, 0.5, 1.0]),
        "crews.aid_by": st.sampled_from(["customers", "orders"]),
        "crews.split_into": st.integers(1, 3),
        "crews.safe_h": st.sampled_from([0.0, 3.3, 8.0, 20.0]),
        "crews.shift_on_h": st.sampled_from([1.0, 9.5, 16.0, 24.0]),
        "crews.shift_starts_hour": st.sampled_from([0.0, 6.0, 22.5]),
        "crews.night_share": st.sampled_from([0.0, 0.5, 1.0]),
        "crews.travel_min": st.sampled_from([0.0, 10.0, 200.0]),
        "dispatch.policy": st.sampled_from(
            ["standard", "first-reported", "most-reports", "voice-corrected", "medical-first",
             "vulnerability-weighted", "pressure", "random", "omniscient", "custom"]
        ),
        "dispatch.every_min": st.sampled_from([0.0, 7.0, 240.0]),
        "oms.calls_per_transformer": st.integers(1, 3),
        "oms.transformers_per_lateral": st.integers(1, 3),
        "oms.laterals_per_feeder": st.integers(1, 3),
        "oms.feeders_per_substation": st.integers(1, 2),
        "oms.escalation_min": st.sampled_from([0.0, 15.0, 240.0]),
        "oms.missed_withdrawal_share": st.sampled_from([0.0, 0.3, 1.0]),
        "oms.callback_share": st.sampled_from([0.0, 1.0]),
        "oms.callback_delay_h": st.sampled_from([0.0, 5.0]),
        "hotline.call_takers": st.integers(0, 3),
        "hotline.lines": st.integers(0, 6),
        "hotline.exact_times": st.booleans(),
        "patrol.teams": st.integers(0, 3),
        "patrol.speed_km_per_h": st.sampled_from([0.1, 4.0, 100.0]),
        "patrol.sees_one_below": st.sampled_from([0.0, 1.0]),
        "patrol.sees_two_below": st.sampled_from([0.0, 0.3, 1.0]),
        "away.left_before_share": st.sampled_from([0.0, 0.5]),
        "away.leaves_share": st.sampled_from([0.0, 0.5]),
        "patrol.report_gain": st.sampled_from([0.0, 5.0]),
        "reporting.attention_per_h": st.sampled_from([0.01, 0.5, 4.0]),
        "reporting.informal_delay_h": st.sampled_from([0.0, 4.0, 72.0]),
        "reporting.repeat_one_way": st.sampled_from([0.0, 0.95]),
        "reporting.repeat_wait_h": st.sampled_from([0.0, 6.0]),
        "sensing.feeder": st.sampled_from([0.0, 1.0]),
        "sensing.lateral": st.sampled_from([0.0, 1.0]),
        "sensing.drop": st.sampled_from([0.0, 1.0]),
        "sensing.link_down_share": st.sampled_from([0.0, 1.0]),
        "sensing.meter_coverage": st.sampled_from([0.0, 0.4, 1.0]),
        "storm.failures.substation": st.sampled_from([0.0, 5.0]),
        "storm.failures.drop": st.sampled_from([0.0, 0.3]),
        "storm.owner_share": st.sampled_from([0.0, 0.5, 1.0]),
        "owner.electrician_days": st.sampled_from([0.05, 1.0, 10.0]),
        "owner.sigma": st.sampled_from([0.0, 0.8]),
        "outreach.weatherhead_repair.reach": st.sampled_from([0.0, 0.6]),
        "outreach.weatherhead_repair.form": st.sampled_from(["free", "grant", "loan"]),
        "storm.repair_h.sigma": st.sampled_from([0.0, 1.5]),
        "telecom.cell_out_share": st.sampled_from([0.0, 1.0]),
        "run.horizon_h": st.sampled_from([12.0, 60.0, 336.0]),
    },
).map(served)  # fmt: skip
SEEDS = st.integers(0, 2**64 - 1)
MANY = settings(deadline=None, max_examples=80, derandomize=True)
SOME = settings(deadline=None, max_examples=25, derandomize=True)


class Ran:
    """A run with its world and its rows by kind."""

    def __init__(self, patch, seed):
        self.scenario = town(patch, base=ALL_RULES)
        self.place, self.damage = world(self.scenario, seed)
        self.memory = begin(self.scenario, self.place, self.damage, Seeds.all(seed))
        self.horizon_h = self.scenario["run.horizon_h"]

    def to(self, time_h):
        self.memory = advance_to(self.memory, time_h)
        for name, rows in rows_of(self.memory).items():
            setattr(self, name, rows)
        return self

    def to_the_end(self):
        return self.to(self.horizon_h)

    def behind(self, fault):
        device = self.faults["at"][fault]
        return slice(self.memory.devices.first[device], self.memory.devices.last[device])

    def over_faults_above(self, values, start, fold):
        """``fold`` of a value of every fault on each household's path."""
        result = np.full(len(self.folk), start)
        for fault, value in enumerate(values):
            result[self.behind(fault)] = fold(result[self.behind(fault)], value)
        return result


def gaps_to_next(jobs, crew):
    mine = jobs[jobs["crew"] == crew]
    mine = mine[np.argsort(mine["dispatched_h"], kind="stable")]
    return mine["dispatched_h"][1:] - mine["done_h"][:-1]


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
    np.testing.assert_array_equal(ran.folk["out_h"], first)
    last = ran.over_faults_above(ran.faults["repaired_h"], -np.inf, np.maximum)
    np.testing.assert_array_equal(ran.folk["restored_h"], np.where(np.isfinite(first), last, np.inf))


def check_the_parts_of_the_hours_out_are_not_negative_and_sum_up(ran):
    parts = split_hours(ran.memory, ran.horizon_h)
    assert all((parts[name] >= 0.0).all() for name in (*PARTS, *BESIDE))
    undetected_h, waiting_h, search_h, owner_h, repair_h = (parts[name] for name in PARTS)
    hours = up_to(ran.folk["restored_h"], ran.horizon_h) - up_to(ran.folk["out_h"], ran.horizon_h)
    np.testing.assert_array_equal((((undetected_h + waiting_h) + search_h) + owner_h) + repair_h, hours)
    assert all((parts[name] <= hours + 1e-9).all() for name in BESIDE)


def up_to(times_h, horizon_h):
    return np.minimum(times_h, horizon_h)


def check_hours_with_two_faults_on_the_path(ran):
    """All faults begin before the first is repaired: from the second to fail until the last but one is repaired."""
    second = np.full(len(ran.folk), np.inf)
    last_but_one = np.full(len(ran.folk), -np.inf)
    faults = [(ran.behind(n), fault["onset_h"], fault["repaired_h"]) for n, fault in enumerate(ran.faults)]
    for household in range(len(ran.folk)):
        mine = [(onset, repaired) for who, onset, repaired in faults if who.start <= household < who.stop]
        if len(mine) > 1:
            second[household] = sorted(onset for onset, _ in mine)[1]
            last_but_one[household] = sorted(repaired for _, repaired in mine)[-2]
    hours = up_to(last_but_one, ran.horizon_h) - up_to(second, ran.horizon_h)
    found = split_hours(ran.memory, ran.horizon_h)["behind_two_faults_h"]
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
    rolls = np.bincount(ran.jobs["at"][ran.jobs["outcome"] == OWNER_FIRST], minlength=len(ran.memory.devices))
    assert (rolls <= 1).all()  # told once, the utility sends nobody in vain
    if ran.scenario["dispatch.policy"] != "omniscient":  # which knows without going there
        np.testing.assert_array_equal(rolls[faults["at"]], on_hold)
    dark = ran.folk["dead"] > 0
    for fault in np.flatnonzero(on_hold & np.isinf(faults["repaired_h"])):
        who = ran.behind(fault)
        assert np.isfinite(ran.folk["believed_h"][who][dark[who]]).all()  # known to be out, and not closed
    owner_h = split_hours(ran.memory, ran.horizon_h)["owner_h"]
    orders = ran.memory.orders[: ran.memory.clock.n_orders[0]]
    assert ran.memory.clock.n_on_hold[0] == np.count_nonzero(orders["status"] == ON_HOLD)
    waits_h = up_to(faults["released_h"], ran.horizon_h) - np.minimum(faults["held_h"], ran.horizon_h)
    behind = ran.over_faults_above(np.where(on_hold, waits_h, 0.0), 0.0, np.add)
    assert (owner_h <= behind + 1e-9).all()


def check_who_is_believed_out_and_who_was_closed(ran):
    folk, devices = ran.folk, ran.memory.devices
    dark = folk["dead"] > 0
    covered = np.zeros(len(folk), dtype=bool)
    for at in ran.orders["at"][np.isinf(ran.orders["closed_h"])]:
        covered[devices.first[at] : devices.last[at]] = True
    np.testing.assert_array_equal(np.isfinite(folk["believed_h"])[dark], covered[dark])
    closed = np.isfinite(folk["closed_h"])
    assert not (closed & ~dark).any()
    assert not (closed & np.isfinite(folk["believed_h"])).any()
    assert ((folk["n_closed"] > 0) | (folk["falsely_closed_h"] == 0.0)).all()


def check_no_crew_is_in_two_places(ran):
    jobs = ran.jobs
    for earlier, later in (("dispatched_h", "arrived_h"), ("arrived_h", "found_h"), ("found_h", "done_h")):
        assert (jobs[earlier] <= jobs[later]).all(), (earlier, later)
    for crew in range(len(ran.crews)):
        assert (gaps_to_next(jobs, crew) >= 0.0).all(), f"crew {crew}"


def check_crews_do_what_their_class_can_when_they_are_on_duty(ran):
    jobs, crews, scenario = ran.jobs, ran.crews[ran.jobs["crew"]], ran.scenario
    assert (ran.memory.devices.level[jobs["at"]] >= crews["largest"]).all()
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
    whole_city = len(ran.memory.districts) - 1
    assert (home >= 0).all()
    assert ((home == ran.memory.devices.district[ran.jobs["at"]]) | (home == whole_city)).all()
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


def has_split(ran):
    trucks = ran.crews["first_truck"]
    return (trucks > 0) & np.isfinite(ran.crews["arrives_h"][trucks])


def check_crews_that_stay_are_counted_in_their_districts(ran):
    crews, districts = ran.crews, ran.memory.districts
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
    assert len(still_open) == ran.memory.clock.n_open[0]


def check_reports_come_from_the_dark(ran):
    reports, folk = ran.reports, ran.folk
    who = folk[reports["reporter"]]
    assert (reports["attempted_h"] <= reports["logged_h"]).all()
    assert (who["out_h"] <= reports["attempted_h"]).all()
    own = reports["household"] == reports["reporter"]
    assert (reports["attempted_h"][own] <= who["restored_h"][own]).all()
    assert (folk["known_h"] >= folk["out_h"])[np.isfinite(folk["known_h"])].all()


@SOME
@given(PATCHES, SEEDS, st.lists(st.floats(-6.0, 60.0), min_size=1, max_size=4).map(sorted))
def test_a_household_is_dark_exactly_while_a_fault_above_it_is_open(patch, seed, hours):
    ran = Ran({**patch, "run.horizon_h": 60.0}, seed)
    for hour in hours:
        ran.to(hour)
        begun = ran.faults["onset_h"] <= hour
        opened = begun & ~(ran.faults["repaired_h"] <= hour)
        faults_above = ran.over_faults_above(opened.astype(int), 0, np.add)
        np.testing.assert_array_equal(ran.folk["dead"], faults_above)
        dark = np.isfinite(ran.folk["out_h"]) & np.isinf(ran.folk["restored_h"])
        np.testing.assert_array_equal(dark, faults_above > 0)
        np.testing.assert_array_equal(ran.memory.devices.dead[ran.faults["at"]], opened)
        assert ran.memory.clock.n_unrepaired[0] == np.isinf(ran.faults["repaired_h"]).sum()
        assert ran.memory.clock.n_busy[0] == np.isinf(ran.jobs["done_h"]).sum()
        check_the_hotline_is_never_fuller_than_its_lines(ran)
        n_suspects = check_votes_count_the_suspects_below(ran.memory.devices)
        assert ran.memory.clock.n_implicated[0] == n_suspects
        check_what_is_to_come_above_transformers_is_counted(ran)


def check_what_is_to_come_above_transformers_is_counted(ran):
    devices, districts = ran.memory.devices, ran.memory.districts
    unrepaired = ran.faults["at"][np.isinf(ran.faults["repaired_h"])]
    still_open = ran.orders["at"][np.isinf(ran.orders["closed_h"])]
    coming = np.concatenate([unrepaired, still_open, np.flatnonzero(devices.escalating)])
    coming = coming[devices.level[coming] <= LATERAL]
    counted = np.bincount(devices.district[coming], minlength=len(districts) - 1)
    assert districts.n_coming.tolist() == [*counted.tolist(), len(coming)]


def check_the_hotline_is_never_fuller_than_its_lines(ran):
    clock, phase = ran.memory.clock[0], ran.folk["phase"]
    assert clock.n_talking == (phase == TALKING).sum() <= ran.scenario["hotline.call_takers"]
    assert clock.n_in_system == np.isin(phase, (TALKING, WAITING)).sum() <= ran.scenario["hotline.lines"]
    assert clock.n_dark == (ran.folk["dead"] > 0).sum()


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
    check_votes_count_the_suspects_below(outcomes.memory.devices)
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
    assert (ran.folk["dead"] == 0).all()
    assert ran.memory.clock.n_unrepaired[0] == 0


@SOME
@given(PATCHES, SEEDS)
def test_a_crew_never_repairs_for_a_customer_whom_the_utility_does_not_know(patch, seed):
    ran = Ran(patch, seed).to_the_end()
    for fault in np.flatnonzero(np.isfinite(ran.faults["assigned_h"])):
        assert (ran.folk["known_h"][ran.behind(fault)] <= ran.faults["assigned_h"][fault]).all()


@pytest.mark.parametrize("seed", range(5))
def test_without_a_storm_nothing_happens(seed):
    calm = {f"storm.failures.{level}": 0.0 for level in LEVELS}
    ran = Ran(calm, seed).to_the_end()
    assert len(ran.faults) == len(ran.orders) == len(ran.jobs) == len(ran.reports) == 0
    assert np.isinf(ran.folk["out_h"]).all()
    assert not any(values.any() for values in split_hours(ran.memory, ran.horizon_h).values())


@pytest.mark.parametrize("seed", range(5))
def test_without_crews_nobody_is_restored_and_the_run_ends(seed):
    none = {"crews.line.own": 0, "crews.line.staged": 0, "crews.line.mutual_aid": 0, "crews.trouble.own": 0}
    ran = Ran(none, seed).to_the_end()
    assert len(ran.jobs) == 0
    assert np.isinf(ran.folk["restored_h"]).all()
    parts = split_hours(ran.memory, ran.horizon_h)
    dark_h = ran.horizon_h - up_to(ran.folk["out_h"], ran.horizon_h)
    np.testing.assert_allclose(parts["undetected_h"] + parts["waiting_h"], dark_h, rtol=0, atol=1e-9)
    known = np.isfinite(ran.folk["believed_h"])
    np.testing.assert_allclose(parts["waiting_h"][known], ran.horizon_h - ran.folk["believed_h"][known])
