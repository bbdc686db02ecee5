"""How neighbourhoods differ: columns by hand in a small town, slopes that keep the mean, tables that are refused."""

import numpy as np
import pytest

from sim import load, run
from sim.core.columns import DROP, LATERAL, TRANSFORMER
from sim.core.errors import ScenarioError
from sim.core.notices import Notice
from sim.inputs.parameters.root import Parameters
from sim.inputs.scenario import Scenario
from sim.world import contrast, storm
from sim.world import place as places
from sim.world.neighbourhoods import from_tracts
from tests.unit.test_neighbourhoods import TRACTS

PLAIN = Scenario("test", Parameters())
HOMES = {"household_id": ["a", "b", "c", "d"], "neighbourhood": ["East", "East", "West", "West"],
         "device": ["Da", "Db", "Dc", "Dd"], "x_km": [1.0, 1.1, -1.0, -1.1], "y_km": [0.0] * 4}  # fmt: skip
DEVICES = {"device": ["S", "F", "L", "M", "Da", "Db", "Dc", "Dd"], "parent": ["", "S", "F", "F", "L", "L", "M", "M"],
           "level": ["substation", "feeder", "lateral", "lateral", *["drop"] * 4]}  # fmt: skip
NAMES = ["East", "West"]


def village(changes=None, **columns):
    """Two streets of two homes on a lateral each, East behind L, West behind M."""
    table = {"neighbourhood": NAMES, **columns}
    return PLAIN.but(changes or {}).with_tables(households=HOMES, devices=DEVICES, neighbourhoods=table)


def built(scenario, seed=1):
    return places.build(scenario, seed)


def at(place, name):
    return place.devices.label.tolist().index(name)


def test_a_factor_of_a_device_is_the_mean_over_the_customers_behind_it():
    place = built(village(exposure=[1.5, 0.5]))
    factor = contrast.behind(place, "exposure")
    for device, expected in {"S": 1.0, "F": 1.0, "L": 1.5, "M": 0.5, "Da": 1.5, "Dd": 0.5}.items():
        assert factor[at(place, device)] == expected
    assert (contrast.behind(place, "repair_factor") == 1.0).all()


def test_exposure_multiplies_the_failure_rate_there():
    n = 4_000
    homes = {"household_id": [str(k) for k in range(n)], "neighbourhood": [NAMES[k % 2] for k in range(n)],
             "x_km": [float(k % 2) for k in range(n)], "y_km": [k / n for k in range(n)]}  # fmt: skip
    rates = {f"storm.failures.{level}": 0.0 for level in ("substation", "feeder", "lateral", "transformer")}
    city = PLAIN.but({**rates, "storm.failures.drop": 0.4, "grid.overhead_share": 1.0})
    city = city.with_tables(households=homes, neighbourhoods={"neighbourhood": NAMES, "exposure": [1.6, 0.4]})
    place = built(city)
    damage = storm.strike(city, place, 1)
    east = place.households.neighbourhood == NAMES.index("East")
    failed = np.zeros(n, dtype=bool)
    failed[place.devices.first[damage.device]] = True
    for where, exposure in ((east, 1.6), (~east, 0.4)):
        chance = 1.0 - np.exp(-0.4 * exposure)
        assert failed[where].mean() == pytest.approx(chance, abs=4.0 * np.sqrt(chance / where.sum()))


def test_repair_factor_multiplies_the_repair_hours_there_and_nothing_else():
    always = {f"storm.failures.{level}": 20.0 for level in ("substation", "feeder", "lateral", "drop")}
    always["storm.temporary_share"] = 0.0
    plain, unlike = (storm.strike(city, built(city), 1) for city in (village(always), village(
        always, repair_factor=[1.25, 0.75])))  # fmt: skip
    labels = built(village()).devices.label[plain.device]
    expected = {"S": 1.0, "F": 1.0, "L": 1.25, "M": 0.75, "Da": 1.25, "Db": 1.25, "Dc": 0.75, "Dd": 0.75}
    assert set(labels) == set(expected)
    np.testing.assert_allclose(unlike.repair_h / plain.repair_h, [expected[label] for label in labels])
    np.testing.assert_array_equal(unlike.onset_h, plain.onset_h)


@pytest.mark.parametrize(("factor", "blocked_until_h", "travel_h"), [
    (1.4, 100.0, 0.5 * 2.0 * 1.4), (0.6, 100.0, 0.5 * 2.0 * 0.6), (0.2, 100.0, 0.5), (1.4, 0.0, 0.5),
])  # fmt: skip
def test_access_factor_multiplies_travel_while_roads_are_blocked_and_makes_none_quicker(
    factor, blocked_until_h, travel_h
):
    town = load("worked/one-fault").but({"crews.blocked_factor": 2.0, "crews.blocked_until_h": blocked_until_h})
    tables = {name: dict(table) for name, table in town.tables.items()}
    homes = {"household_id": ["Ana", "Ben"], "device": ["D1", "D2"], "neighbourhood": NAMES, "minority": [False] * 2,
             "x_km": [0.0] * 2, "y_km": [0.0] * 2}  # fmt: skip
    added = {"device": "D2", "parent": "T1", "level": "drop", "x_km": 0.0, "y_km": 0.0}
    devices = {name: [*column, added[name]] for name, column in tables["devices"].items()}
    unlike = {"neighbourhood": NAMES, "access_factor": [factor, 2.0 - factor]}
    jobs = run(town.with_tables(households=homes, devices=devices, neighbourhoods=unlike)).jobs
    assert jobs.arrived_h[0] - jobs.dispatched_h[0] == pytest.approx(travel_h)


def test_meter_coverage_of_a_neighbourhood_takes_the_place_of_the_citys():
    city = village({"sensing.meter_coverage": 0.0}, meter_coverage=[1.0, ""])
    damage = storm.strike(city, built(city), 1)
    assert np.isfinite(damage.meter_h).tolist() == [True, True, False, False]
    city = village({"sensing.meter_coverage": 1.0}, meter_coverage=[0.0, ""])
    assert np.isfinite(storm.strike(city, built(city), 1).meter_h).tolist() == [False, False, True, True]


@pytest.mark.parametrize("synthetic", [True, False])
def test_overhead_share_of_a_neighbourhood_takes_the_place_of_the_citys(synthetic):
    city = village({"grid.overhead_share": 0.5, "grid.customers_per_lateral": 2}, overhead_share=[1.0, 0.0])
    if synthetic:
        city = PLAIN.but({"grid.customers_per_lateral": 2}).with_tables(
            households={name: column for name, column in HOMES.items() if name != "device"},
            neighbourhoods=city.tables["neighbourhoods"],
        )
    place = built(city)
    below = place.devices.level >= LATERAL
    east = contrast.by_household(place.contrast.overhead_share, np.nan, place.households.neighbourhood)
    assert place.devices.overhead[below].tolist() == (east[place.devices.first[below]] == 1.0).tolist()
    assert place.devices.overhead[~below].all()


def test_an_empty_cell_is_like_the_city():
    place = built(village(exposure=["", 1.0], overhead_share=["", 0.2]))
    assert place.contrast.exposure.tolist() == [1.0, 1.0]
    share = contrast.by_household(place.contrast.overhead_share, 0.65, place.households.neighbourhood)
    assert share.tolist() == [0.65, 0.65, 0.2, 0.2]


def test_a_factor_near_one_is_made_one_on_average():
    place = built(village(repair_factor=[1.5, 0.7]))
    np.testing.assert_allclose(place.contrast.repair_factor, [1.5 / 1.1, 0.7 / 1.1])


SLOPES = {"exposure": "exposure", "repair": "repair_factor", "access": "access_factor"}


@pytest.mark.parametrize("slope", [-3.0, -0.5, 0.5, 3.0])
@pytest.mark.parametrize("what", SLOPES)
def test_a_slope_makes_factors_that_are_positive_rise_or_fall_and_have_the_mean_one(what, slope):
    place = built(PLAIN.but({f"place.{what}_by_svi": slope, "place.customers": 1_999}))
    factor, svi = getattr(place.contrast, SLOPES[what]), place.neighbourhoods.svi
    size = np.bincount(place.households.neighbourhood, minlength=len(svi))
    assert factor.min() > 0.0
    assert np.average(factor, weights=size) == pytest.approx(1.0)
    np.testing.assert_allclose(np.log(factor / factor[0]), slope * (svi - svi[0]))


@pytest.mark.parametrize("slope", [-3.0, 0.5, 3.0])
@pytest.mark.parametrize("city", [0.0, 0.02, 0.65, 1.0])
def test_a_slope_makes_shares_that_keep_the_citys(city, slope):
    svi, size = np.array([0.1, 0.4, 0.9]), np.array([3, 1, 2])
    share = contrast.tilted(city, slope * svi, size)
    assert np.average(share, weights=size) == pytest.approx(city)
    assert np.all((share >= 0.0) & (share <= 1.0))
    if 0.0 < city < 1.0:
        odds = np.log(share / (1.0 - share))
        np.testing.assert_allclose(np.diff(odds), slope * np.diff(svi))


def test_slopes_of_shares_reach_the_grid_and_the_meters():
    slopes = {"place.overhead_by_svi": 3.0, "place.critical_by_svi": 3.0, "place.meters_by_svi": -3.0}
    city = PLAIN.but({**slopes, "sensing.meter_coverage": 0.5, "grid.critical_share": 0.3})
    place = built(city)
    vulnerable = place.neighbourhoods.svi[place.households.neighbourhood] > 0.5
    overhead = place.devices.overhead[place.served_by]
    critical = np.repeat(place.devices.critical, np.where(place.devices.level == LATERAL,
                                                          place.devices.last - place.devices.first, 0))  # fmt: skip
    metered = np.isfinite(storm.strike(city, place, 1).meter_h)
    for holds, share, sign in ((overhead, 0.65, 1.0), (critical, 0.3, 1.0), (metered, 0.5, -1.0)):
        assert holds.mean() == pytest.approx(share, abs=0.1)
        assert (holds[vulnerable].mean() - holds[~vulnerable].mean()) * sign > 0.2


def test_a_column_of_a_tract_table_stands_before_a_slope_and_counts_as_used(recwarn):
    table = {**TRACTS, "exposure": [1.3, 0.9, 77.0]}  # nobody lives in the last
    city = PLAIN.but({"place.customers": 400, "place.exposure_by_svi": 2.0}).with_tables(tracts=table)
    place = built(city)
    assert place.neighbourhoods.name.tolist() == ["12073000200", "12073000900"]
    np.testing.assert_allclose(place.contrast.exposure, [0.9, 1.3])  # 3 : 1 households, mean 1
    assert not [str(w.message) for w in recwarn if "exposure" in str(w.message)]


def test_old_neighbourhoods_hang_overhead_where_the_age_of_buildings_counts():
    table = {**TRACTS, "median_year_built": [1960, 2000, ""]}
    city = PLAIN.but({"place.customers": 400}).with_tables(tracts=table)
    with pytest.warns(Notice, match="not used: median_year_built"):
        assert np.isnan(built(city).contrast.overhead_share).all()
    place = built(city.but({"place.overhead_by_decade": 1.0}))
    young, old = place.contrast.overhead_share
    assert np.average([young, old], weights=[300, 100]) == pytest.approx(0.55)
    assert np.log(old / (1.0 - old)) - np.log(young / (1.0 - young)) == pytest.approx(4.0)


def test_a_slope_on_age_without_ages_is_remarked_upon():
    with pytest.warns(Notice, match="overhead_by_decade does nothing"):
        built(PLAIN.but({"place.overhead_by_decade": 1.0, "place.customers": 100}))


@pytest.mark.parametrize(
    ("columns", "parts"),
    [
        ({"exposure": [3.0, 2.0]}, ["'exposure'", "mean 2.5", "near 1 (0.9 to 1.1)", "divide it by its mean"]),
        ({"repair_factor": [0.5, 0.9]}, ["'repair_factor'", "mean 0.7"]),
        ({"exposure": [-1.0, 3.0]}, ["'exposure'", "row 1", "-1", "from 0.05 to 20"]),
        ({"access_factor": [0.0, 2.0]}, ["'access_factor'", "row 1", "from 0.05 to 20"]),
        ({"exposure": ["high", 1.0]}, ["'exposure'", "row 1", "'high'"]),
        ({"overhead_share": [0.5, 65.0]}, ["'overhead_share'", "row 2", "65", "divide per cents by 100"]),
        ({"meter_coverage": [1.2, 0.5]}, ["'meter_coverage'", "row 1", "1.2"]),
        ({"exposur": [1.0, 1.0]}, ["'exposur'; did you mean 'exposure'?"]),
        ({"neighbourhood": ["East", "Wets"], "exposure": [1.0, 1.0]}, ["'West'", "did you mean 'Wets'?"]),
        ({"neighbourhood": ["East", "East"], "exposure": [1.0, 1.0]}, ["row 2", "'East'", "row 1"]),
    ],
)
def test_a_bad_table_of_neighbourhoods_is_refused_in_one_line(columns, parts):
    with pytest.raises(ScenarioError) as caught:
        built(village(**columns))
    message = str(caught.value)
    assert "\n" not in message
    assert all(part in message for part in ["[tables.neighbourhoods]", *parts]), message


def test_one_column_in_two_tables_is_refused():
    city = PLAIN.but({"place.customers": 40}).with_tables(
        tracts={**TRACTS, "exposure": [1.0, 1.0, 1.0]},
        neighbourhoods={"neighbourhood": TRACTS["geoid"], "exposure": [1.0, 1.0, 1.0]},
    )
    with pytest.raises(ScenarioError, match=r"neighbourhoods\]: column 'exposure' stands in the tract table too"):
        built(city)


def test_a_misspelt_column_of_a_tract_table_is_refused():
    city = PLAIN.but({"place.customers": 40}).with_tables(tracts={**TRACTS, "repair_facter": [1.0, 1.0, 1.0]})
    with pytest.raises(ScenarioError, match="did you mean 'repair_factor'"):
        from_tracts(city, 1)


def test_a_device_behind_which_nobody_lives_is_like_the_city():
    devices = {name: [*column, more] for (name, column), more in zip(
        DEVICES.items(), ("Spare", "F", "lateral"), strict=True)}  # fmt: skip
    place = built(village(exposure=[1.5, 0.5]).with_tables(devices=devices))
    assert contrast.behind(place, "exposure")[at(place, "Spare")] == 1.0
    assert place.devices.level.max() == DROP > TRANSFORMER
