"""What is well formed and cannot be meant is refused with what is likely meant; what is only odd is remarked upon."""

import warnings
from pathlib import Path

import numpy as np
import pytest

from app.process.notices import notices_said
from experiments.runs.rows import row
from experiments.runs.workers import begin_worker
from sim import ScenarioError, Seeds, load, run
from sim.core.notices import Notice, notice
from sim.inputs.parameters.root import Parameters
from sim.inputs.scenario import Scenario
from sim.inputs.tables import read_table
from sim.world import household_table, network_files
from sim.world.neighbourhoods import from_tracts
from sim.world.track import fixes
from tests.unit.test_cli_bad_input import SMALL, assert_one_line, cli

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
TOWN = Scenario("town", Parameters())  # in Tallahassee: 30.44, -84.28
TRACTS = {
    "geoid": ["1", "2"], "households": [10, 20], "area_km2": [1.0, 2.0], "share_minority": [0.2, 0.4],
    "centroid_lat": [30.44, 30.5], "centroid_lon": [-84.28, -84.2],
}  # fmt: skip
GRID = {"device": ["F", "T1", "T2"], "parent": ["", "F", "F"], "level": ["feeder", "transformer", "transformer"]}
LINE = {"id": ["e"], "from_node": ["s"], "to_node": ["a"], "kind": ["line"], "length_km": [1.0]}


def complaint(action, *args):
    with pytest.raises(ScenarioError) as bad:
        action(*args)
    assert "\n" not in str(bad.value)
    return str(bad.value)


def tracts(**changed):
    return TOWN.with_tables(tracts={**TRACTS, **changed})


@pytest.mark.parametrize(
    ("latitude", "longitude", "meant"),
    [
        ([30.44, 30.5], [84.28, 84.2], "the minus sign of the longitude seems to be missing"),
        ([30.44, 30.5], [-84.28, 84.2], "row 2: columns 'centroid_lat' and 'centroid_lon' are 30.5 and 84.2"),
        ([-84.28, -84.2], [30.44, 30.5], "latitude and longitude seem to be exchanged"),
        ([84.28, 84.2], [30.44, 30.5], "exchanged, and a minus sign to be missing"),
        ([-30.44, -30.5], [-84.28, -84.2], "the minus sign of the latitude seems to be missing"),
        ([30.44, 30.5], [275.72, 275.8], "longitudes count from -180 to 180"),
        ([29.76, 29.8], [-95.37, -95.4], "the middle of the table is 29.78, -95.39: is the centre there?"),
        ([30.44, 36.5], [-84.28, -84.2], "is the row of another place?"),
        ([130.44, 30.5], [-84.28, -84.2], "is the row of another place?"),
    ],
)
def test_a_tract_far_from_the_city_is_refused_with_what_is_likely_meant(latitude, longitude, meant):
    message = complaint(from_tracts, tracts(centroid_lat=latitude, centroid_lon=longitude), 1)
    assert "town [tables.tracts]: row" in message
    assert meant in message
    assert "place.latitude_deg 30.44, place.longitude_deg -84.28" in message
    assert "more than 200 km" in message


def test_latitude_and_longitude_of_a_western_city_may_be_exchanged_too():
    west = tracts(centroid_lat=[-95.37, -95.4], centroid_lon=[29.76, 29.8])
    west = west.but({"place.latitude_deg": 29.76, "place.longitude_deg": -95.37})
    assert "exchanged" in complaint(from_tracts, west, 1)


@pytest.mark.parametrize("area_km2", [1e300, 200_000.0])
def test_a_tract_larger_than_any_is_refused(area_km2):
    assert "'area_km2', row 2" in complaint(from_tracts, tracts(area_km2=[1.0, area_km2]), 1)


@pytest.mark.parametrize("households", [1e300, 2**63])
def test_a_tract_of_more_households_than_any_is_refused(households):
    assert "'households', row 1" in complaint(from_tracts, tracts(households=[households, 1]), 1)


@pytest.mark.parametrize(("away", "meant"), [(99_999.0, "in metres?"), (1e300, "in km")])
def test_a_household_far_from_the_city_is_refused(away, meant):
    homes = {"household_id": ["a", "b"], "x_km": [0.0, away], "y_km": [0.0, 0.0]}
    message = complaint(household_table.read, TOWN.with_tables(households=homes))
    assert "household 'b' lies" in message
    assert "from the city's centre, more than 200 km" in message
    assert meant in message


@pytest.mark.parametrize(("x_km", "y_km"), [([0.0, 3_500.0], [0.0, 0.0]), ([0.0, 0.0], [0.0, 1e300])])
def test_a_node_or_a_device_far_from_the_city_is_refused(x_km, y_km):
    nodes = {"id": ["s", "a"], "customers": [0, 1], "x_km": x_km, "y_km": y_km}
    assert "node 'a' lies" in complaint(network_files.from_tables, nodes, LINE)
    devices = {**GRID, "x_km": [*x_km, 0.0], "y_km": [*y_km, 0.0]}
    assert "device 'T1' lies" in complaint(network_files.from_devices, devices)


@pytest.mark.parametrize("customers", [2**63, 2**63 - 1, 10**40, 1e300, 5_000_001])
def test_more_customers_than_any_city_has_are_refused(customers):
    nodes = {"id": ["s", "a"], "customers": [0, customers]}
    assert "node 'a' has customers" in complaint(network_files.from_tables, nodes, LINE)


@pytest.mark.parametrize("column", ["length_km", "exposure"])
def test_a_line_longer_than_the_universe_is_refused(column):
    nodes = {"id": ["s", "a"], "customers": [0, 1]}
    message = complaint(network_files.from_tables, nodes, LINE | {column: [1e23]})
    assert f"edge 'e' has {column} 1e+23; must be" in message


@pytest.mark.parametrize("name", ["N1", "elsewhere"])
def test_a_neighbourhood_twice_in_a_gust_table_is_refused(name):
    town = load("classroom").but({"place.customers": 50, "place.neighbourhoods": 1})
    table = {"neighbourhood": ["N1", name, name], "gust_m_per_s": [30.0, 40.0, 50.0]}
    message = complaint(run, town.with_tables(gusts=table))
    assert f"'{name}' stands already in row" in message


@pytest.mark.parametrize(
    ("shift", "meant"),
    [
        (lambda north, east: (north, -east), "minus sign of the longitude"),
        (lambda north, east: (east, north), "exchanged"),
        (lambda north, east: (-north, east), "minus sign of the latitude"),
    ],
)
def test_a_track_that_would_pass_the_city_if_it_were_read_otherwise_is_refused(shift, meant):
    points = [shift(28.0, -86.5), shift(31.0, -84.9)]
    track = [[f"2018-10-10T{6 * i:02}:00", *point, 100.0, 30.0] for i, point in enumerate(points)]
    message = complaint(fixes, TOWN.but({"storm.track": track}))
    assert "track: never comes within 1,000 km of the city's centre" in message
    assert meant in message


def test_a_track_that_passes_elsewhere_is_a_storm_that_spares_the_city():
    track = [["2018-10-10T00:00", 15.0, 120.0, 100.0, 30.0], ["2018-10-10T06:00", 16.0, 119.0, 100.0, 30.0]]
    assert len(fixes(TOWN.but({"storm.track": track}))[0]) == 2


@pytest.mark.parametrize("label", ["1.20730e+10", "1.2073E+10", "1,2073E+10", "1E+09"])
def test_labels_that_a_spreadsheet_has_cut_short_are_refused(tmp_path, label):
    quoted = f'"{label}"'
    (tmp_path / "t.csv").write_text(f"geoid,households\n12073000200,1\n{quoted},2\n")
    town = Scenario("town", Parameters(), folder=str(tmp_path)).but({"place.tracts": "t.csv"})
    message = complaint(read_table, town, "tracts", "place.tracts", ("geoid",))
    assert f"column 'geoid', row 2: '{label}' is a number that a spreadsheet has cut short" in message


@pytest.mark.parametrize("label", ["1e5", "E+12", "T1e+3", "12073000200", "a+b"])
def test_other_labels_stay(label):
    homes = TOWN.with_tables(households={"household_id": [label]})
    assert list(read_table(homes, "households", "place.households", ("household_id",))["household_id"]) == [label]


@pytest.mark.parametrize("seed", [1.5, -1, 2**64, "1", None, True, float("nan"), Seeds(1, 2, 3.5), Seeds(1, -2, 3)])
def test_a_seed_that_is_none_is_refused(seed):
    town = load("worked/one-fault")
    assert "the seed must be whole and from 0 to 2**64 - 1" in complaint(run, town, seed)


def test_a_row_of_a_study_takes_no_seed_that_is_none():
    assert "seed must be whole" in complaint(row, load("worked/one-fault"), {}, Seeds(1, 1, 1.5))


@pytest.mark.parametrize("seed", [0, 2**64 - 1, np.uint64(7), np.int8(7)])
def test_every_whole_number_of_64_bits_is_a_seed(seed):
    assert run(load("worked/one-fault"), seed).seeds == Seeds.all(int(seed))


def test_columns_that_nothing_reads_are_named():
    with pytest.warns(Notice, match=r"columns that are not used: mobile_home_share, rurality$"):
        from_tracts(tracts(mobile_home_share=[0.1, 0.2], rurality=["a", "b"]), 1)
    homes = {"household_id": ["a", "b"], "shoe_size": [38, 44], "device": ["T1", "T2"]}
    with pytest.warns(Notice, match="columns that are not used: shoe_size$"):
        household_table.read(TOWN.with_tables(households=homes))


def test_a_table_of_which_everything_is_used_is_not_remarked_upon():
    with warnings.catch_warnings():
        warnings.simplefilter("error", Notice)
        from_tracts(tracts(poverty_rate=[0.1, 0.2], svi_overall_us=[0.5, 0.6]), 1)


def test_a_centre_that_lies_outside_the_city_is_remarked_upon():
    with pytest.warns(Notice, match="the nearest tract lies 111 km from the city's centre"):
        from_tracts(tracts(centroid_lat=[31.44, 31.5], centroid_lon=[-84.28, -83.9]), 1)


def test_a_remark_is_said_once_on_stderr_by_a_command(tmp_path):
    rows = "1,120,1.0,30.44,-84.28,0.4,a\n2,80,2.0,30.5,-84.2,0.2,b\n"
    (tmp_path / "t.csv").write_text("geoid,households,area_km2,centroid_lat,centroid_lon,share_minority,mayor\n" + rows)
    (tmp_path / "town.toml").write_text(SMALL.replace("[place]", '[place]\ntracts = "t.csv"'))
    answer = cli("run", tmp_path / "town.toml", "--replicates", 2, "--quiet")
    assert answer.exit_code == 0, answer.output
    assert answer.stderr == "coproduce: note: place.tracts (t.csv): columns that are not used: mayor\n"


def test_other_warnings_go_their_usual_way(capsys):
    def remarks():
        with notices_said():
            notice("a remark")
            notice("a remark")
            warnings.warn("old", DeprecationWarning, stacklevel=1)

    with pytest.warns(DeprecationWarning, match="old"):
        remarks()
    assert capsys.readouterr().err == "coproduce: note: a remark\n"


def test_workers_leave_remarks_to_the_process_that_leads(monkeypatch):
    monkeypatch.setattr("signal.signal", lambda *_: None)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        begin_worker()
        from_tracts(tracts(rurality=["a", "b"]), 1)


def test_implausible_input_ends_a_command_with_two(tmp_path):
    path = tmp_path / "town.toml"
    path.write_text(SMALL + "[tables.households]\nhousehold_id = [1]\nx_km = [99999.0]\ny_km = [0.0]\n")
    assert_one_line(cli("run", path, "--quiet"), "household '1' lies 99,999 km from the city's centre")


@pytest.mark.parametrize("name", ["leon_tracts.csv", *(f"tracts/{n}.csv" for n in ("bay_fl_12005", "harris_tx_48201"))])
def test_real_tract_tables_are_taken_where_they_lie_and_nowhere_else(name):
    if not (SHARED / name).exists():
        pytest.skip(f"the tract table {name} is not beside the checkout")
    rows = np.genfromtxt(SHARED / name, delimiter=",", names=True)
    centre = {"place.latitude_deg": float(np.median(rows["centroid_lat"]))}
    centre |= {"place.longitude_deg": float(np.median(rows["centroid_lon"]))}
    city = Scenario("city", Parameters(), folder=str(SHARED)).but({"place.tracts": name, **centre})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Notice)
        assert len(from_tracts(city, 1)[0]) > 20
    east = city.but({"place.longitude_deg": -centre["place.longitude_deg"]})
    assert "minus sign of the longitude" in complaint(from_tracts, east, 1)
