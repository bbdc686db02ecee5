"""Critical facilities as points: which device feeds them, and points that are refused."""

import numpy as np
import pytest

from sim import load, run
from sim.core.columns import LATERAL, TRANSFORMER
from sim.core.errors import ScenarioError
from sim.core.notices import Notice
from sim.inputs.parameters.root import Parameters
from sim.inputs.scenario import Scenario
from sim.world import place as places

CITY = Scenario("city", Parameters()).but({"place.customers": 2_000, "place.neighbourhoods": 10, "place.area_km2": 20.0,
                                              "grid.critical_share": 0.3})  # fmt: skip
HOSPITAL = {"kind": ["hospital"], "name": ["St Mary"], "x_km": [1.0], "y_km": [-0.5]}


def built(scenario=CITY, **columns):
    return places.build(scenario.with_tables(facilities=columns), 1)


def nearest(devices, level, x_km, y_km):
    rows = np.flatnonzero(devices.level == level)
    return rows[np.argmin(np.hypot(devices.x_km[rows] - x_km, devices.y_km[rows] - y_km))]


def test_a_hospital_makes_the_nearest_lateral_critical_and_chance_no_other():
    assert places.build(CITY, 1).devices.critical.sum() > 0
    devices = built(**HOSPITAL).devices
    assert np.flatnonzero(devices.critical).tolist() == [nearest(devices, LATERAL, 1.0, -0.5)]


def test_a_fire_station_hangs_on_a_transformer():
    devices = built(kind=["Fire", "water"], x_km=[0.0, 1.0], y_km=[0.0, 1.0]).devices
    expected = {nearest(devices, TRANSFORMER, 0.0, 0.0), nearest(devices, LATERAL, 1.0, 1.0)}
    assert set(np.flatnonzero(devices.critical)) == expected


def test_a_point_on_the_map_is_the_point_in_km():
    on_map = built(kind=["shelter"], latitude=[30.44 + 1.0 / 111.195], longitude=[-84.28])
    in_km = built(kind=["shelter"], x_km=[0.0], y_km=[1.0])
    np.testing.assert_array_equal(on_map.devices.critical, in_km.devices.critical)


def test_where_the_facility_is_power_returns_first():
    devices = {"device": ["S", "F", "L", "M"], "parent": ["", "S", "F", "F"], "x_km": [0.0, 0.0, 1.0, -1.0],
               "level": ["substation", "feeder", "lateral", "lateral"], "y_km": [0.0] * 4}  # fmt: skip
    homes = {"household_id": list("abcde"), "device": list("LLMMM"), "x_km": [1.0, 1.0, -1.0, -1.0, -1.0],
             "y_km": [0.0] * 5}  # fmt: skip
    damage = {"device": ["L", "M"], "onset_h": [0.0, 0.0], "repair_h": [2.0, 2.0]}
    town = load("worked/one-fault").but({"dispatch.policy": "standard", "sensing.knowledge": "perfect"})
    town = town.with_tables(households=homes, devices=devices, damage=damage,
                            reports={"household": ["a"], "time_h": [1.0], "channel": ["web"]})  # fmt: skip
    for x_km, first in ((1.0, "a"), (-1.0, "c")):
        households = run(town.with_tables(facilities={"kind": ["clinic"], "x_km": [x_km], "y_km": [0.0]})).households
        assert (
            households.restored_h[households.household_id == first].item()
            == households.restored_h.min()
            < households.restored_h.max()
        )


@pytest.mark.parametrize(
    ("changed", "parts"),
    [
        ({"kind": ["hopsital"]}, ["'kind', row 1", "hopsital", "did you mean 'hospital'"]),
        ({"kind": None}, ["'kind' is missing"]),
        ({"y_km": None}, ["'y_km'"]),
        ({"x_km": None, "y_km": None}, ["give columns 'x_km' and 'y_km', or 'latitude' and 'longitude'"]),
        ({"latitude": [30.0], "longitude": [-84.0]}, ["'x_km' and 'y_km', or 'latitude' and 'longitude'"]),
        ({"x_km": [""]}, ["'x_km', row 1", "empty"]),
        ({"x_km": [60.0]}, ["hospital 'St Mary' lies outside the city", "km from the nearest lateral", "10 km"]),
        ({"x_km": [1000.0]}, ["hospital 'St Mary'", "1,000 km", "in metres?"]),
        ({"x_km": None, "y_km": None, "latitude": [30.44], "longitude": [84.28]}, ["'longitude'", "minus sign"]),
    ],
)
def test_a_bad_facility_is_refused_in_one_line(changed, parts):
    columns = {name: values for name, values in {**HOSPITAL, **changed}.items() if values is not None}
    with pytest.raises(ScenarioError) as caught:
        built(**columns)
    message = str(caught.value)
    assert "\n" not in message
    assert all(part in message for part in ["[tables.facilities]", *parts]), message


def test_a_column_that_nothing_reads_is_named():
    with pytest.warns(Notice, match="not used: beds"):
        built(**HOSPITAL, beds=[300])
