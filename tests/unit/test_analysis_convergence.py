"""Have indices of sensitivity settled, and how much of what they see is luck?"""

import numpy as np
import pytest

from analysis.sensitivity.convergence import over_n, verdict
from analysis.sensitivity.indices import analyse
from analysis.sensitivity.noise import noise
from tests.unit.known_functions import design, ishigami


def test_indices_over_growing_n_end_with_those_of_all_and_use_the_shorter_sequence():
    sample = design("sobol", 256, second_order=True)
    y = ishigami(sample)
    whole = analyse(sample, y, resamples=50)
    table = over_n(sample, y, whole, resamples=50)
    assert sorted(set(table["n"])) == [32, 64, 128, 256]
    shorter = design("sobol", 64, second_order=True)
    alone = analyse(shorter, ishigami(shorter), resamples=50).of("ST")["value"]
    np.testing.assert_allclose(table[table["n"] == 64].set_index("parameter")["value"], alone)
    last = table[table["n"] == 256].set_index("parameter")["value"]
    np.testing.assert_allclose(last, whole.of("ST")["value"])


def test_many_runs_converge_and_few_do_not_but_learn_how_many_they_need():
    verdicts = {}
    for n in (64, 4096):
        sample = design("sobol", n)
        y = ishigami(sample)
        verdicts[n] = verdict(over_n(sample, y, analyse(sample, y, resamples=200), resamples=200), "sobol")
    assert verdicts[4096].converged
    few = verdicts[64]
    assert few.converged is False
    assert few.half_width > few.allowed
    # half widths shrink as 1 / sqrt(n): what the few ask for is, within a factor of two, where the many arrive
    assert few.n_needed & (few.n_needed - 1) == 0
    arrived = few.half_width / np.sqrt(few.n_needed / 64)
    assert few.allowed / 2 <= arrived <= few.allowed


def test_luck_common_to_all_rows_is_no_noise_and_changes_no_index():
    sample = design("sobol", 64)
    y = ishigami(sample)
    shared = np.array([0.0, 5.0, -3.0, 40.0])
    values = y[:, None] + shared
    found = noise(values)
    assert found.luck == pytest.approx(0.0, abs=1e-20)
    assert found.variance == pytest.approx(y.var(ddof=1))
    alone, disturbed = (analyse(sample, v, resamples=50).table for v in (y, values.mean(axis=1)))
    np.testing.assert_allclose(alone[["value", "low", "high"]], disturbed[["value", "low", "high"]], atol=1e-9)


def test_luck_of_each_row_is_told_apart_from_the_parameters():
    chance = np.random.default_rng(5)
    rows, seeds = 4000, 4
    a, b, e = chance.normal(0, 3.0, (rows, 1)), chance.normal(0, 10.0, seeds), chance.normal(0, 2.0, (rows, seeds))
    found = noise(a + b + e)
    # V(e) / R = 4 / 4 = 1 and V(mean) = 9 + 1; relative standard errors of variances: sqrt(2 / df) = 1 to 2 %
    assert found.luck == pytest.approx(1.0, rel=0.06)
    assert found.share == pytest.approx(0.1, rel=0.09)


def test_one_seed_cannot_tell_and_says_so_by_having_no_number():
    found = noise(np.arange(10.0)[:, None])
    assert np.isnan([found.share, found.luck]).all()
    assert found.variance > 0.0


def test_rows_with_a_gap_are_left_out_of_the_split():
    values = np.array([[1.0, 2.0], [3.0, np.nan], [5.0, 6.0], [2.0, 4.0]])
    assert noise(values).rows == 3
