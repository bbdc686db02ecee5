"""What measures look at, read in one pass, is what the tables hold and what NumPy adds up, to the last bit."""

import numpy as np
import pytest

from benchmarks.city import everything
from experiments.runs.measures_of_run import measures
from sim import load, run
from sim.engine.costs import costs, dark_of
from sim.engine.measured import COUNTS, CUT, HOURS, measured_columns, sums
from sim.rules.split_hours import split_hours

HORIZONS_H = (12.0, 40.0, 336.0)


@pytest.fixture(scope="module", params=HORIZONS_H)
def outcomes(request):
    return run(everything(1_000).but({"run.horizon_h": request.param}), seed=2)


def test_columns_are_those_of_the_table(outcomes):
    columns = measured_columns(outcomes.state, outcomes.horizon_h)
    for name in [name for name in (*HOURS, *COUNTS) if name != CUT]:
        assert np.array_equal(columns[name], outcomes.households[name]), name


def test_the_hours_out_are_split_alike_for_tables_and_for_measures(outcomes):
    columns = measured_columns(outcomes.state, outcomes.horizon_h)
    for name, hours in split_hours(outcomes.state, outcomes.horizon_h).items():
        assert hours.tobytes() == columns[name].tobytes(), name


def test_costs_are_the_same_whoever_tells_them_when_it_was_dark(outcomes):
    columns = measured_columns(outcomes.state, outcomes.horizon_h)
    dark = dark_of(columns["out_h"], columns["restored_h"], columns[CUT], outcomes.horizon_h)
    assert costs(outcomes, dark) == costs(outcomes)


def test_sums_of_groups_add_up_in_the_order_of_the_rows():
    random = np.random.default_rng(1)
    code, rows = random.integers(0, 3, 5_000), random.lognormal(size=(4, 5_000))
    expected = [np.bincount(code, weights=row, minlength=4) for row in rows]
    assert sums(code, rows, 4).tolist() == np.array(expected).tolist()


def test_where_all_are_in_one_group_its_measures_are_those_of_the_city():
    town = load("classroom").but({"place.customers": 300, "place.neighbourhoods": 1})
    found = measures(run(town, seed=1), ["neighbourhood"])
    of_city = {name.rpartition(":")[2]: value for name, value in found.items() if name.startswith("all:")}
    of_group = {name.rpartition(":")[2]: value for name, value in found.items() if name.startswith("neighbourhood:")}
    assert of_group
    assert of_group == {name: of_city[name] for name in of_group}
