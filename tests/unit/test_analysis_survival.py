"""Time without power with households still out at the horizon, by hand."""

import numpy as np
import pandas as pd
import pytest

from analysis.measures.curves import customers_out, quantiles_since_loss
from analysis.measures.survival import area_h, kaplan_meier, observed, reached_h, share_beyond

INF = np.inf
# Five households; those with 3 and 8 hours were last seen dark. At risk 5, 4, 2: the curve falls
# at 2 h to 4/5, at 5 h (two of three at risk) to 4/5 x 1/3 = 4/15; 3 h and 8 h are no steps.
HOURS = np.array([2.0, 3.0, 5.0, 5.0, 8.0])
RESTORED = np.array([True, False, True, True, False])


def storm(out_h, restored_h):
    """Households that lose power and get it back."""
    out_h, restored_h = np.array(out_h, float), np.array(restored_h, float)
    hours = np.where(np.isfinite(out_h), restored_h - np.where(np.isfinite(out_h), out_h, 0.0), 0.0)
    return pd.DataFrame({"out_h": out_h, "restored_h": restored_h, "hours_out": hours})


def test_kaplan_meier_equals_the_curve_worked_by_hand():
    times, surviving = kaplan_meier(HOURS, RESTORED)
    assert times[0] == 0.0
    assert surviving[0] == 1.0
    np.testing.assert_allclose(share_beyond(times, surviving, [0, 1.9, 2, 4, 5, 9]), [1, 1, 0.8, 0.8, 4 / 15, 4 / 15])


def test_quantile_is_endless_when_the_curve_never_comes_down_so_far():
    curve = kaplan_meier(HOURS, RESTORED)
    assert [reached_h(*curve, share) for share in (0.2, 0.5, 0.9)] == [2.0, 5.0, INF]


def test_restricted_mean_is_the_area_under_the_curve():
    # 2 h x 1 + 3 h x 0.8 + 1 h x 4/15 = 4.6667 up to 6 h; up to 3 h 2 + 0.8
    curve = kaplan_meier(HOURS, RESTORED)
    assert area_h(*curve, 6.0) == pytest.approx(2 + 2.4 + 4 / 15)
    assert area_h(*curve, 3.0) == pytest.approx(2.8)


def test_restricted_mean_without_censoring_is_the_plain_mean_cut_at_tau():
    hours = np.random.default_rng(1).gamma(2.0, 10.0, 500)
    expected = np.minimum(hours, 24.0).mean()
    assert area_h(*kaplan_meier(hours, np.ones(500, bool)), 24.0) == pytest.approx(expected)


def test_no_households_is_nan_and_no_crash():
    curve = kaplan_meier(np.zeros(0), np.zeros(0, bool))
    assert np.isnan([reached_h(*curve, 0.5), area_h(*curve, 10.0)]).all()


def test_hours_are_cut_at_the_horizon_and_the_unaffected_left_out():
    seen = observed(storm([0, 2, INF, 1], [4, INF, INF, 10]), horizon_h=10.0)
    assert seen.affected.tolist() == [True, True, False, True]
    assert seen.hours.tolist() == [4.0, 8.0, 9.0]
    assert seen.restored.tolist() == [True, False, True]


def test_an_earlier_horizon_hides_what_came_later():
    seen = observed(storm([0, 6], [4, 8]), horizon_h=3.0)
    assert seen.affected.tolist() == [True, False]
    assert seen.hours.tolist() == [3.0]
    assert seen.restored.tolist() == [False]


def test_customers_out_counts_from_loss_up_to_but_not_at_restoration():
    counts = customers_out(np.array([0, 2, INF, 1]), np.array([4, INF, INF, 3]), np.array([-1, 0, 2, 3, 4, 99]))
    assert counts.tolist() == [0, 1, 3, 2, 1, 1]


def test_customer_hours_are_the_area_under_customers_out():
    households = storm([0, 2, INF, 1], [4, INF, INF, 3])
    assert observed(households, 10.0).hours.sum() == 4 + 8 + 2
    times = np.arange(0.0, 10.0, 0.5)
    counts = customers_out(households["out_h"].to_numpy(), households["restored_h"].to_numpy(), times)
    assert counts.sum() * 0.5 == 14


def test_quantiles_run_from_the_own_loss_and_know_censoring():
    # hours since loss 4, 8 (still out) and 2: a third back by 2 h, two thirds by 4 h, never all
    quantiles = quantiles_since_loss(storm([0, 2, 1], [4, INF, 3]), (1 / 3, 0.5, 0.95), horizon_h=10.0)
    assert quantiles.tolist() == [2.0, 4.0, INF]
    assert quantiles_since_loss(storm([INF], [INF]), horizon_h=10.0).isna().all()
