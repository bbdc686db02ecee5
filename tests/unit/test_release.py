"""Who goes home, and when: the rule by hand, and what it does to a town."""

import numpy as np
import pytest

from sim import Seeds, load, run
from sim.core.errors import ScenarioError
from sim.core.outcome_codes import TRANSMISSION
from sim.rules.joining import AID, OWN, STAGED, TRUCK
from sim.rules.release import in_order_of_arrival
from tests.laws.towns import ALL_RULES, SMALL, bytes_of, rows_of, state_of, town

AIDED = {**SMALL, "crews.line.mutual_aid": 6, "crews.line.aid_from_h": 8.0, "crews.line.aid_full_h": 20.0}


def test_aid_stands_in_the_order_of_arrival_whatever_the_order_of_rows():
    arrives_h = np.array([8.0, 8.0, 30.0, 20.0, 20.0, np.inf])
    origin = np.array([OWN, STAGED, AID, AID, AID, TRUCK])
    assert in_order_of_arrival(arrives_h, origin).tolist() == [3, 4, 2]


def gone(patch, seed=2, base=None):
    """Crews after a run, and which of them left."""
    crews = rows_of(state_of(town({"crews.release_orders_per_crew": 10.0, **patch}, base or AIDED), seed))["crews"]
    return crews, crews["leaves"]


def test_who_alone_can_do_something_stays_the_first_to_come_among_equals():
    alone = {"crews.line.own": 0, "crews.trouble.own": 3, "run.horizon_h": 1_000.0}
    crews, left = gone(alone)
    aid = np.flatnonzero(crews["origin"] == AID)
    assert aid.size == 6
    assert np.flatnonzero(left).tolist() == aid[1:].tolist()
    crews, left = gone({**alone, "crews.trouble.largest": "substation"})
    assert left.sum() == 6


def test_every_district_keeps_a_crew_that_can_do_all_that_was_there():
    apart = {"crews.districts": 2, "crews.shared_share": 0.0, "crews.line.own": 0, "crews.trouble.own": 0}
    crews, left = gone({**apart, "grid.customers_per_substation": 100, "run.horizon_h": 1_000.0})
    stay = crews[~left]
    assert sorted(stay["district"].tolist()) == [0, 1]
    assert left.sum() == 4


def test_nobody_is_sent_home_while_more_aid_is_to_come():
    late = {"crews.line.aid_full_h": 40.0}
    crews, left = gone(late)
    assert left.any()
    assert crews["released_h"].min() >= 40.0
    crews, left = gone({"crews.line.aid_full_h": 700.0})
    assert not left.any()


def test_trucks_leave_as_the_crew_that_they_came_from():
    crews, left = gone({"crews.split_into": 3, "crews.release_orders_per_crew": 0.6, "storm.failures.drop": 0.6})
    split = np.flatnonzero(np.isfinite(crews["arrives_h"][crews["first_truck"]]) & (crews["first_truck"] > 0))
    aid = [crew for crew in split if crews["origin"][crew] == AID]
    assert any(left[aid])
    for crew in split:
        first = crews["first_truck"][crew]
        assert left[first : first + 3].tolist() == [left[crew]] * 3


def test_crews_for_transmission_are_no_aid_and_are_not_counted():
    supply = {"storm.failures.transmission": 2.0, "crews.transmission": 1}
    crews, left = gone(supply)
    assert (crews["kind"] == TRANSMISSION).sum() == 1
    assert not left[crews["kind"] == TRANSMISSION].any()
    few, many = ({**supply, "crews.release_orders_per_crew": 1.0, "crews.transmission": n} for n in (20, 40))
    (one, left), (other, _) = gone(few), gone(many)
    assert left.any()
    assert one["released_h"][:8].tolist() == other["released_h"][:8].tolist()


def test_who_came_last_is_gone_before_who_came_first():
    crews = rows_of(state_of(town({"crews.release_orders_per_crew": 2.0}, AIDED), 2))["crews"]
    aid = crews[crews["origin"] == AID]
    came = aid[np.argsort(aid["arrives_h"], kind="stable")]["leaves"]
    assert came.any()
    assert (np.diff(came.astype(int)) >= 0).all()  # as they came: those who stay, then those who left


def test_a_higher_threshold_lets_more_go_and_sooner():
    def mean_h(per_crew):
        crews = rows_of(state_of(town({"crews.release_orders_per_crew": per_crew}, AIDED), 2))["crews"]
        return np.minimum(crews["released_h"][crews["origin"] == AID], 336.0).mean()

    hours = [mean_h(per_crew) for per_crew in (0.0, 0.3, 1.0, 3.0, 10.0)]
    assert hours == sorted(hours, reverse=True)
    assert hours[0] == 336.0 > hours[-1]


def test_orders_on_hold_keep_no_aid():
    torn = {"storm.failures.drop": 0.6, "storm.owner_share": 1.0, "owner.electrician_days": 60.0, "owner.sigma": 0.0,
            "people.renter_share": 0.0, "people.poverty_share": 0.0, "grid.overhead_share": 1.0,
            "crews.release_orders_per_crew": 0.1}  # fmt: skip
    state = state_of(town(torn, AIDED), 2)
    faults, crews = state.faults, state.crews
    on_hold = np.isfinite(faults.held_h) & np.isinf(faults.repaired_h)
    assert on_hold.sum() > 0.1 * len(crews)  # were they counted, nobody would leave
    assert state.clock.n_on_hold[0] == state.clock.n_open[0] == on_hold.sum()
    assert (crews.origin[crews.leaves] == AID).all()
    assert crews.leaves.any()


def test_a_threshold_changes_nothing_where_no_aid_comes():
    without = {**ALL_RULES, "crews.line.mutual_aid": 0}
    assert bytes_of(state_of(town({"crews.release_orders_per_crew": 5.0}, without), 3)) == bytes_of(
        state_of(town({}, without), 3)
    )


def test_all_is_mended_even_if_aid_goes_home_at_once():
    scenario = load("classroom").but({"crews.release_orders_per_crew": 10.0, "crews.line.own": 0,
                                      "crews.line.mutual_aid": 8, "run.horizon_h": 3_000.0})  # fmt: skip
    outcomes = run(scenario, Seeds.all(1))
    assert np.isfinite(outcomes.faults["repaired_h"]).all()
    assert np.isfinite(outcomes.state.crews.released_h).sum() == 7


@pytest.mark.parametrize("given", [-0.5, 1_000.0, float("inf")])
def test_a_threshold_that_would_send_all_aid_home_at_once_is_refused_in_one_line(given):
    with pytest.raises(ScenarioError, match=r"release_orders_per_crew must be a .*from 0 to 10, not") as caught:
        load("classroom").but({"crews.release_orders_per_crew": given})
    assert "\n" not in str(caught.value)
