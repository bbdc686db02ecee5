"""A city from its own tract table meets the table: every county whose public figures lie beside this checkout."""

import csv
from pathlib import Path

import numpy as np
import pytest

from sim import run
from sim.core.notices import Notice
from sim.inputs.parameters.root import Parameters
from sim.inputs.scenario import Scenario
from sim.world.census import COUNTED_BY_PERSON, TRACT_SHARES
from sim.world.people import counted, population
from sim.world.place import build

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
TABLES = sorted([*DATA.glob("tracts/*.csv"), *DATA.glob("leon_tracts.csv")])
CUSTOMERS = 6_000
COLUMNS = {"share_minority": "minority", "poverty_rate": "poor", "no_vehicle_share": "no_vehicle"}
STANDARD_ERRORS = 4.5  # about one false alarm in 150,000 comparisons

pytestmark = [
    pytest.mark.skipif(not TABLES, reason="no folder of tract tables lies beside this checkout"),
    pytest.mark.filterwarnings("ignore::sim.core.notices.Notice"),
]
every_table = pytest.mark.parametrize("path", TABLES or [DATA / "none.csv"], ids=lambda path: path.stem)


def rows_of(path):
    with path.open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if int(row["households"]) > 0]


def scenario_of(path, **patch):
    centre = {f"place.{name}_deg": round(np.mean([float(row[column]) for row in rows_of(path)]), 4)
              for name, column in (("latitude", "centroid_lat"), ("longitude", "centroid_lon"))}  # fmt: skip
    own = {"place.tracts": path.name, "place.customers": CUSTOMERS, **centre}
    return Scenario(path.stem, Parameters(), folder=str(path.parent)).but({**own, **patch})


@every_table
def test_shares_come_out_as_the_table_has_them_tract_by_tract(path):
    table = build(scenario_of(path), 1).fidelity
    share = table["attribute"] != "minority dissimilarity index"
    target, found, n = (table[name][share] for name in ("target_share", "realised_share", "households"))
    error = np.sqrt(target * (1.0 - target) / n)
    assert np.all(np.abs(found - target) <= STANDARD_ERRORS * error + 2.0 / n)
    assert set(table["neighbourhood"][share]) <= {"all", *(row["geoid"] for row in rows_of(path))}
    whole = table["neighbourhood"] == "all"
    assert np.all(np.abs(table["realised_share"] - table["target_share"])[whole & share] < 0.04)


@every_table
def test_what_is_told_of_the_city_is_what_its_table_sums_to(path):
    rows, told = rows_of(path), counted(scenario_of(path))
    assert told.neighbourhoods == len(rows)
    assert told.households == CUSTOMERS
    assert told.households_given == sum(int(row["households"]) for row in rows)
    assert told.area_km2 == pytest.approx(sum(float(row["area_km2"]) for row in rows), abs=0.01)


@every_table
def test_what_a_cell_says_is_the_target(path):
    table = build(scenario_of(path), 1).fidelity
    meant = dict(zip(zip(table["neighbourhood"], table["attribute"], strict=True), table["target_share"], strict=True))
    for row in rows_of(path):
        for column, attribute in COLUMNS.items():
            if row[column] and (row["geoid"], attribute) in meant:  # tracts of few households may have none here
                assert meant[row["geoid"], attribute] == pytest.approx(float(row[column]), abs=1e-12)


def test_leon_countys_persons_make_households_within_the_bounds_of_a_count_by_hand():
    path = DATA / "leon_tracts.csv"
    if not path.exists():
        pytest.skip("the tract table of Leon County is not beside this checkout")
    with pytest.warns(Notice, match="columns that are not used: tract, housing_units"):
        _, households, targets = population(scenario_of(path, **{"place.customers": 60_000}), 1)
    bounds = {
        "over65": (0.18, 0.25), "children": (0.22, 0.28), "disability": (0.20, 0.26), "limited_english": (0.01, 0.02),
    }  # fmt: skip
    for attribute, (low, high) in bounds.items():
        assert low < getattr(households, attribute).mean() < high, attribute
        assert np.all(targets[attribute] < 1.0)
    told, rows = counted(scenario_of(path)).of_persons, rows_of(path)
    persons = [int(row["population"]) for row in rows]  # without the dormitory tract, which has no households
    for attribute in COUNTED_BY_PERSON:
        share = np.average([float(row[TRACT_SHARES[attribute]]) for row in rows], weights=persons)
        assert told[attribute][0] == pytest.approx(share, abs=1e-12)


@every_table
def test_a_storm_can_be_played_in_it(path):
    city = scenario_of(path, **{"place.customers": 1_500, "run.horizon_h": 48.0})
    table = run(city, 1).households
    assert len(table) == 1_500
    assert np.isfinite(table.out_h).any()
