"""Size of a study, by hand and against statsmodels."""

import numpy as np
import pytest
from statsmodels.stats.power import TTestPower

from analysis.contrasts.planning import POWER, half_width, pairs_needed, smallest_change


def test_half_width_by_hand():
    # t(0.975, 3) = 3.18245: 3.18245 x 2 / sqrt 4
    assert half_width(2.0, 4) == pytest.approx(3.18245, abs=1e-5)
    assert half_width(2.0, 1) == np.inf


def test_pairs_needed_by_hand():
    # sd 1, wanted 1: n = 6 gives 2.5706 / 2.4495 = 1.049, n = 7 gives 2.4469 / 2.6458 = 0.925
    assert pairs_needed(1.0, 1.0) == 7


@pytest.mark.parametrize("sd", [0.3, 1.0, 7.0])
@pytest.mark.parametrize("wanted", [0.1, 0.5, 3.0])
def test_pairs_needed_are_the_fewest_that_do(sd, wanted):
    n = pairs_needed(sd, wanted)
    assert half_width(sd, n) <= wanted
    assert n == 2 or half_width(sd, n - 1) > wanted


def test_no_spread_needs_two_pairs():
    assert pairs_needed(0.0, 0.1) == 2
    assert smallest_change(0.0, 5) == 0.0


@pytest.mark.parametrize("pairs", [2, 3, 8, 20, 100, 1000])
def test_smallest_change_is_seen_four_times_in_five_by_statsmodels(pairs):
    effect = smallest_change(3.0, pairs) / 3.0
    expected = TTestPower().power(effect, pairs, 0.05, alternative="two-sided")
    assert expected == pytest.approx(POWER, abs=3e-5)  # SciPy 1.13 is no more exact


def test_large_studies_see_the_normal_approximation():
    # (1.95996 + 0.84162) / sqrt n
    assert smallest_change(1.0, 10_000) == pytest.approx(2.80158 / 100, rel=1e-3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: half_width(-1.0, 4), "sd must be a number at least 0, not -1"),
        (lambda: half_width(np.nan, 4), "sd must be a number at least 0, not nan"),
        (lambda: pairs_needed(1.0, 0.0), "half_width_wanted must be a number above 0, not 0"),
        (lambda: pairs_needed(1e9, 1e-9), "more than 1,000,000,000 pairs"),
        (lambda: smallest_change(1.0, 1), "pairs must be a number at least 2, not 1"),
    ],
)
def test_what_cannot_be_planned_is_refused_in_one_line(call, message):
    with pytest.raises(ValueError, match=message):
        call()
