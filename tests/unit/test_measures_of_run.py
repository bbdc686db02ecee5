"""The measures of one run, against the tables that they stand for."""

import subprocess
import sys

import numpy as np
import pytest
from scipy import stats

from analysis.measures.grouping import GroupingError, groups
from analysis.measures.reliability import by_group
from analysis.measures.survival import kaplan_meier, observed
from analysis.measures.table import MEASURES
from experiments.outcome_names import OutcomeName
from experiments.runs.measures_of_run import OF_GROUPS, measures, members
from sim import load, run

BY = ("minority", "income", "medical_device")
SMALL = {"place.customers": 600}


@pytest.fixture(scope="module", params=[336.0, 24.0], ids=["all back", "cut short"])
def outcomes(request):
    found = run(load("classroom").but({"run.horizon_h": request.param}), seed=3)
    still_dark = measures(found, ())["all:all:censored_share"]
    assert (still_dark > 0.1) == (request.param == 24.0)  # the second is there for its censoring
    return found


@pytest.mark.parametrize("by", [*BY, "ethnicity", "neighbourhood", "poor,renter", "svi", "trust", "all"])
def test_every_number_equals_that_of_the_table_by_group(outcomes, by):
    table = by_group(outcomes.households, by, outcomes.horizon_h)
    found, shared = measures(outcomes, [by]), [measure.name for measure in OF_GROUPS if measure.in_tables]
    assert shared
    for group in table.index:
        names = [f"{by}:{'all' if by == 'all' else group}:{measure}" for measure in shared]
        np.testing.assert_array_equal([found[name] for name in names], table.loc[group, shared], err_msg=group)


def test_the_curve_of_those_still_dark_is_that_of_scipy(outcomes):
    _, hours, restored = observed(outcomes.households, outcomes.horizon_h)
    times, surviving = kaplan_meier(hours, restored)
    expected = stats.ecdf(stats.CensoredData.right_censored(hours, ~restored)).sf
    np.testing.assert_array_equal(times[1:], expected.quantiles)
    np.testing.assert_array_equal(surviving[1:], expected.probabilities)


@pytest.mark.parametrize("by", BY)
def test_gap_is_group_minus_reference_and_the_reference_has_none(outcomes, by):
    reference = groups(outcomes.households, by).reference
    means = by_group(outcomes.households, by, outcomes.horizon_h)["mean_h"]
    expected = means.drop(index=reference) - means[reference]
    found = measures(outcomes, [by])
    assert {name.split(":")[1]: value for name, value in found.items() if name.endswith("gap_h")} == dict(expected)


@pytest.mark.parametrize("by", [*BY, "ethnicity", "neighbourhood", "svi", "knowledge", "poor,broadband", "all"])
def test_members_are_those_of_the_table_of_households(outcomes, by):
    found, expected = members(outcomes.place, by), groups(outcomes.households, by)
    np.testing.assert_array_equal(found.code, expected.code)
    assert found[1:] == expected[1:]


def test_what_is_kept_is_what_is_declared_as_kept(outcomes):
    found = [OutcomeName.parse(name) for name in measures(outcomes, BY)]
    kept = {per: {m.name for m in MEASURES if m.kept and m.per == per} for per in ("group", "city")}
    assert {name.measure for name in found if name.part == "income"} == kept["group"]
    assert {name.measure for name in found if name.part == "all"} == kept["group"] - {"gap_h"} | kept["city"]


def test_members_are_found_once_for_a_world_and_anew_for_another():
    scenario = load("classroom").but(SMALL)
    first = run(scenario, seed=1)
    again = run(scenario, seed=1, place=first.place)
    assert members(first.place, "income") is members(again.place, "income")
    assert members(run(scenario, seed=2).place, "income") is not members(first.place, "income")


def test_customer_hours_are_the_sum_of_hours_out(outcomes):
    hours = observed(outcomes.households, outcomes.horizon_h).hours
    assert measures(outcomes, BY)["all:all:customer_hours"] == hours.sum() > 0.0


def test_the_whole_city_comes_whether_or_not_it_is_asked_for(outcomes):
    unasked = measures(outcomes, ())
    for by in (("all",), BY):
        found = measures(outcomes, by)
        np.testing.assert_array_equal([found[name] for name in unasked], list(unasked.values()))


def test_a_storm_that_breaks_nothing_has_no_hours_and_is_no_crash():
    calm = load("classroom").but({**SMALL, "storm.gust_m_per_s": 0.0})
    found = measures(run(calm, seed=1), BY)
    sums = [found[f"all:all:{measure}"] for measure in ("households", "affected", "customer_hours")]
    assert sums == [600.0, 0.0, 0.0]
    assert np.isnan([found["all:all:mean_h"], found["all:all:median_h"], found["minority:minority:gap_h"]]).all()


def test_an_unknown_grouping_is_answered_with_the_nearest(outcomes):
    with pytest.raises(GroupingError, match="did you mean 'minority'"):
        measures(outcomes, ["minorty"])


def test_workers_need_neither_pandas_nor_statistics():
    ask = (
        "import sys; from sim import load, run; from experiments.runs.measures_of_run import measures; "
        "measures(run(load('classroom').but({'place.customers': 300}), seed=1), ['minority', 'income', 'ethnicity']); "
        "print(*[name for name in ('pandas', 'scipy.stats', 'matplotlib', 'mesa') if name in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.split() == []
