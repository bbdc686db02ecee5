"""Districts: which substations they hold, which crews are posted there, where mutual aid goes, who splits."""

import numpy as np
import pytest

from sim import load, run
from sim.core.errors import ScenarioError
from sim.core.seeds import Seeds
from sim.engine import districts as division
from sim.engine.settings import crew_rows
from sim.rules.joining import NOWHERE
from sim.world import place as places
from tests.laws.towns import town
from tests.unit.test_neighbourhoods import tracts

TWO = load("worked/districts")
FOUR = {"place.customers": 400, "crews.districts": 2, "grid.size_spread": 0.0}  # substations


def divided(scenario, seed=1):
    place = places.build(scenario, seed)
    return place, division.divide(scenario, place)


def posted(scenario, seed=1):
    _, districts = divided(scenario, seed)
    crews = crew_rows(scenario, Seeds.all(seed))
    division.post(scenario, districts, crews)
    return crews


def test_a_synthetic_city_is_cut_into_stretches_of_whole_substations():
    place, districts = divided(town({**FOUR, "crews.districts": 3}))
    devices = place.devices
    assert districts.names.tolist() == ["1", "2", "3"]
    assert districts.of_device[devices.parent < 0].tolist() == [0, 0, 1, 2]
    assert districts.customers.tolist() == [200, 100, 100]
    below = devices.parent >= 0
    np.testing.assert_array_equal(districts.of_device[below], districts.of_device[devices.parent[below]])


def test_one_district_is_the_whole_city():
    _, districts = divided(town())
    assert districts.names.tolist() == ["1"]
    assert not districts.of_device.any()


def of_tracts(**changed):
    """Two tracts with people, far apart, of 100 and 300 households, and one without; four substations."""
    return tracts(**changed).but({"grid.customers_per_substation": 100, "grid.size_spread": 0.0})


def test_districts_of_a_tract_table_are_those_of_most_customers_of_a_substation():
    place, districts = divided(of_tracts(district=["7", "North", "North"]))
    assert districts.names.tolist() == ["7", "North"]
    assert districts.customers.tolist() == [100, 300]
    sources = np.flatnonzero(place.devices.parent < 0)
    for source in sources:
        here = place.households.neighbourhood[place.devices.first[source] : place.devices.last[source]]
        most = place.neighbourhoods.district[np.bincount(here).argmax()]
        assert districts.names[districts.of_device[source]] == most


def test_a_district_in_which_nobody_lives_is_none():
    _, districts = divided(of_tracts(district=["South", "North", "Campus"]))
    assert districts.names.tolist() == ["North", "South"]


@pytest.mark.parametrize("blank", ["", None, float("nan")])
def test_a_tract_table_with_a_district_left_blank_is_refused(blank):
    with pytest.raises(ScenarioError, match=r"\[tables.tracts\]: column 'district', row 2 is empty, must be text"):
        divided(of_tracts(district=["South", blank, "North"]))


def test_crews_of_ones_own_are_posted_by_customers_and_aid_nowhere():
    _, equal = divided(town(FOUR))
    assert equal.customers.tolist() == [200, 200]
    own = {**FOUR, "crews.shared_share": 0.0, "crews.line.own": 3, "crews.trouble.own": 2, "crews.line.mutual_aid": 2}
    assert posted(town(own)).district.tolist() == [0, 0, 1, NOWHERE, NOWHERE, 0, 1]
    three = {**own, "crews.districts": 3}  # of 200, 100 and 100 customers: 1.5, 0.75 and 0.75 crews
    assert posted(town(three)).district.tolist() == [0, 1, 2, NOWHERE, NOWHERE, 0, 1]


@pytest.mark.parametrize(("part", "number"), [(0.0, 0), (0.2, 2), (1 / 3, 3), (0.34, 3), (0.5, 5), (1.0, 10)])
def test_shared_crews_are_a_share_of_each_group_evenly_spread(part, number):
    crews = posted(town({**FOUR, "crews.shared_share": part, "crews.line.own": 10, "crews.line.mutual_aid": 10}))
    own, aid = crews[:10], crews[10:20]
    assert own.shared.sum() == aid.shared.sum() == number
    assert (own.district[own.shared] == 2).all()
    assert (own.district[~own.shared] < 2).all()
    assert (np.diff(np.flatnonzero(own.shared)) >= np.floor(1.0 / max(part, 0.1))).all()


def test_aid_goes_where_most_customers_are_believed_out_or_where_most_orders_are_open():
    homes = ["W1", "W2", "E1", "E2", "E3"]
    scenario = TWO.with_tables(
        households={
            "household_id": homes,
            "device": ["DW1", "DW2", "DE1", "DE2", "DE2"],
            "neighbourhood": ["West", "West", "East", "East", "East"],
            "district": ["West", "West", "East", "East", "East"],
        },
        damage={"device": ["DW1", "DW2", "LE"], "onset_h": [0.0] * 3, "repair_h": [20.0] * 3},
        reports={"household": ["W1"], "time_h": [1.0], "channel": ["web"]},
    ).but({"sensing.knowledge": "perfect", "crews.line.own": 2, "crews.shared_share": 0.0})
    where = {by: run(scenario.but({"crews.aid_by": by})).state.crews.district[2] for by in ("customers", "orders")}
    assert where == {"customers": 0, "orders": 1}  # East, West


def test_aid_that_comes_before_anything_is_known_is_spread_over_the_districts():
    quiet = TWO.but({"crews.line.own": 0, "crews.line.mutual_aid": 4, "crews.line.aid_from_h": 2.0, "crews.safe_h": 0.5,
                     "crews.line.aid_full_h": 2.0, "crews.shared_share": 0.0})  # fmt: skip
    late = quiet.with_tables(reports={"household": ["W1"], "time_h": [30.0], "channel": ["web"]})
    assert run(late).state.crews.district.tolist() == [0, 1, 0, 1]


def test_a_split_crew_is_gone_and_its_trucks_keep_its_place_shift_and_district():
    state = run(load("worked/splitting-crews").but({"crews.night_share": 1.0})).state
    gone, trucks = state.crews[1], state.crews[4:6]
    assert state.crews.arrives_h.tolist() == [2.0, 2.0, np.inf, np.inf, 5.5, 5.5]
    assert (trucks.shift_offset_h == gone.shift_offset_h).all()
    assert gone.shift_offset_h == 12.0
    assert (trucks.district == gone.district).all()
    assert state.districts.n_crews.tolist() == [3, 0]
    assert state.districts.n_able.tolist() == [1, 0]


def test_a_crew_that_is_alone_never_splits():
    outcomes = run(load("worked/splitting-crews").but({"crews.line.own": 1}))
    assert set(outcomes.jobs.crew_class) == {"line"}
    assert np.isfinite(outcomes.faults.repaired_h).all()
