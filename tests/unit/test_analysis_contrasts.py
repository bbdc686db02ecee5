"""Over replicates, by hand."""

import numpy as np
import pandas as pd
import pytest

from analysis.contrasts.intervals import gap_over_runs, over_runs, paired


def run(minority_h, other_h, minority_households=10):
    """A by-group table of one measure."""
    columns = {"households": [minority_households, 20], "mean_h": [minority_h, other_h]}
    return pd.DataFrame(columns, index=pd.Index(["minority", "other"], name="group"))


def row(table, group="minority", measure="mean_h"):
    return table.set_index(["group", "measure"]).loc[(group, measure)]


def test_interval_is_students_t_over_runs():
    # 10, 12, 14: sd 2, standard error 2 / sqrt 3 = 1.1547, t(0.975, 2) = 4.30265: half width 4.96828
    found = row(over_runs([run(10.0, 8.0), run(12.0, 8.0), run(14.0, 8.0)]))
    assert found["mean"] == 12.0
    assert found["high"] - 12.0 == pytest.approx(4.96828, abs=1e-5)
    assert 12.0 - found["low"] == pytest.approx(4.96828, abs=1e-5)
    assert found[["runs", "left_out", "note"]].tolist() == [3, 0, ""]


def test_gap_is_taken_within_each_run_so_that_shared_luck_cancels():
    # waits swing by 40 h from run to run, the gap is 2 h in each
    found = row(gap_over_runs([run(10.0, 8.0), run(50.0, 48.0)], "other"))
    assert found[["gap", "gap_low", "gap_high"]].tolist() == [2.0, 2.0, 2.0]
    assert found["ratio"] == pytest.approx((10 / 8 + 50 / 48) / 2)  # mean of ratios, not ratio of means


def test_reference_group_has_no_gap_to_itself():
    assert set(gap_over_runs([run(1.0, 1.0), run(2.0, 1.0)], "other")["group"]) == {"minority"}


def test_one_run_has_no_interval_and_says_so():
    found = row(over_runs([run(10.0, 8.0)]))
    assert found["mean"] == 10.0
    assert np.isnan([found["low"], found["high"]]).all()
    assert "one run" in found["note"]
    assert "one run" in row(gap_over_runs([run(10.0, 8.0)], "other"))["note"]
    assert np.isnan(paired([3.0]).low)
    assert "one run" in paired([3.0]).note


def test_runs_without_the_group_are_left_out_and_counted():
    tables = [run(10.0, 8.0), run(np.nan, 9.0, minority_households=0), run(12.0, 8.0)]
    found = row(over_runs(tables))
    assert found["mean"] == 11.0
    assert found[["runs", "left_out"]].tolist() == [2, 1]
    assert "1 of 3 runs left out" in found["note"]
    assert row(gap_over_runs(tables, "other"))[["gap", "runs", "left_out"]].tolist() == [3.0, 2, 1]
    assert row(over_runs(tables), measure="households")["runs"] == 2  # not counted as ten, zero, ten


def test_a_group_missing_from_a_table_counts_as_left_out():
    found = row(over_runs([run(10.0, 8.0), run(1.0, 8.0).drop(index="minority")]))
    assert found[["mean", "runs", "left_out"]].tolist() == [10.0, 1, 1]


def test_a_median_not_reached_in_some_run_is_endless_without_interval():
    found = row(over_runs([run(np.inf, 8.0), run(12.0, 8.0)]))
    assert found["mean"] == np.inf
    assert np.isnan(found["high"])
    assert "not reached" in found["note"]


def test_a_reference_of_zero_has_a_gap_but_no_ratio():
    found = row(gap_over_runs([run(3.0, 0.0), run(4.0, 2.0)], "other"))
    assert found[["gap", "runs"]].tolist() == [2.5, 2]
    assert found[["ratio", "ratio_runs"]].tolist() == [2.0, 1]


def test_paired_change_has_the_t_interval_of_its_seeds():
    # 1, 3: mean 2, sd sqrt 2, standard error 1, t(0.975, 1) = 12.7062
    change = paired([1.0, np.nan, 3.0])
    assert change.mean == 2.0
    assert change.high == pytest.approx(14.7062, abs=1e-4)
    assert (change.n, change.left_out) == (2, 1)


def test_no_runs_at_all_is_an_error_and_no_values_is_nan():
    with pytest.raises(ValueError, match="no runs"):
        over_runs([])
    assert paired([]).n == 0
    assert np.isnan(paired([]).mean)
