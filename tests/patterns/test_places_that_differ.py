"""Who waits longer by vulnerability: nobody where neighbourhoods are alike, the vulnerable where they are not."""

from functools import cache

import numpy as np
import pytest

from evidence import of_storm
from sim import load, run
from sim.world.contrast import FACTORS

SEEDS = range(1, 21)
CONTRAST = load("contrast")
SLOPES = (*FACTORS.values(), "place.overhead_by_svi")
ALIKE = dict.fromkeys(SLOPES, 0.0)
T_95 = 2.093  # of 19 degrees of freedom


@cache
def by_seed(alike):
    """Slope of hours out, % of the mean by decile of vulnerability, and damage, most over least vulnerable fifth."""
    city = CONTRAST.but(ALIKE if alike else {})
    return np.array([(slope(outcomes), damage(outcomes)) for outcomes in (run(city, seed) for seed in SEEDS)]).T


def slope(outcomes):
    households = outcomes.state.households
    dark = np.isfinite(households.out_h)
    hours = np.minimum(households.restored_h[dark], outcomes.horizon_h) - households.out_h[dark]
    return of_storm.slope(outcomes, dark, hours)


def damage(outcomes):
    place, people = outcomes.place, outcomes.place.households
    svi = place.neighbourhoods.svi[people.neighbourhood]
    least, most = np.quantile(svi, [0.2, 0.8])
    at = svi[place.devices.first[outcomes.damage.device]]
    return (at >= most).sum() / (svi >= most).sum() / ((at <= least).sum() / (svi <= least).sum())


def mean_and_half(values):
    return values.mean(), T_95 * values.std(ddof=1) / np.sqrt(len(values))


def test_where_neighbourhoods_are_alike_no_slope_can_be_told_from_none():
    middle, half = mean_and_half(by_seed(True)[0])
    assert abs(middle) < half < 1.0


def test_where_they_are_not_the_vulnerable_wait_longer_under_the_same_luck():
    middle, half = mean_and_half(by_seed(False)[0] - by_seed(True)[0])
    assert middle - half > 1.0


def test_damage_differs_two_to_threefold_as_the_scenario_says():
    assert 1.8 < by_seed(False)[1].mean() < 3.0
    assert by_seed(True)[1].mean() == pytest.approx(1.0, abs=0.15)


def test_slopes_turned_round_turn_the_gap_round():
    turned = CONTRAST.but({path: -CONTRAST[path] for path in SLOPES})
    assert np.mean([slope(run(turned, seed)) for seed in SEEDS]) < -1.0
