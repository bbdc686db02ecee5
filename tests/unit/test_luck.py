"""All chance: the published vectors of the generator, uniformity, independence, and shapes by inversion."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import chi2, kstest

from sim.core import luck
from sim.core.luck import Purpose

ROOT = Path(__file__).resolve().parents[2]
N = 100_000
IDS = np.arange(N, dtype=np.uint64)
ONE_IN_A_THOUSAND = 1.95  # critical value of sqrt(n) times the Kolmogorov-Smirnov distance

# Known answers for philox4x32-10 from the Random123 distribution (Salmon et al. 2011, doi 10.1145/2063384.2063405).
PUBLISHED = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]


def words(text):
    return [np.uint64(int(word, 16)) for word in text.split()]


@pytest.mark.parametrize(("counter", "key", "answer"), PUBLISHED)
def test_the_generator_gives_the_published_answers(counter, key, answer):
    assert list(luck.philox(*words(counter), *words(key))) == words(answer)


@pytest.mark.parametrize("seed", [0, 1, 2**32 - 1, 2**32, 2**64 - 1])
def test_one_by_one_and_as_a_column_the_numbers_are_the_same(seed):
    ids = np.array([0, 1, 2, 2**31, 2**32 - 1, 2**32, 2**63, 2**64 - 1], dtype=np.uint64)
    for purpose, draw in ((Purpose.MINORITY, 0), (Purpose.ATTENTION, 7), (Purpose.PROXY, 2**31)):
        whole = luck.column(seed, purpose, ids, draw)
        single = [luck.uniform(np.uint64(seed), np.uint64(purpose), i, np.uint64(draw)) for i in ids]
        first = [luck.pair(np.uint64(seed), np.uint64(purpose), i, np.uint64(draw))[0] for i in ids]
        assert whole.tolist() == single == first


def test_a_number_follows_from_the_counter_and_the_key_as_stated():
    """The id and the purpose and the draw are the counter, the seed is the key; 53 bits of the first two words."""
    seed, entity, draw = 0x299F31D0A4093822, 0x85A308D3243F6A88, 0x03707344
    first, second, _, _ = luck.philox(*words("243f6a88 85a308d3 00000015 03707344 a4093822 299f31d0"))
    expected = (((int(first) >> 5) * 2**26 + (int(second) >> 6)) + 0.5) / 2**53
    assert luck.column(seed, Purpose.AWARENESS, np.array([entity], dtype=np.uint64), draw)[0] == expected


def test_numbers_lie_strictly_between_0_and_1():
    plain = getattr(luck.to_unit, "py_func", luck.to_unit)
    least, most = plain(np.uint64(0), np.uint64(0)), plain(luck.MASK, luck.MASK)
    assert 0.0 < least < 1e-15
    assert 1.0 - 1e-15 < most < 1.0


def test_a_number_depends_on_nobody_else_in_the_column():
    ids = IDS[:1_000]
    mixed = np.random.default_rng(1).permutation(ids)
    by_id = dict(zip(ids.tolist(), luck.column(3, Purpose.TRUST, ids).tolist(), strict=True))
    assert luck.column(3, Purpose.TRUST, mixed).tolist() == [by_id[i] for i in mixed.tolist()]
    assert luck.column(3, Purpose.TRUST, ids[500:501])[0] == by_id[500]


def test_no_two_purposes_share_a_number():
    assert len(Purpose) == len(Purpose.__members__)


@pytest.mark.parametrize("purpose", [Purpose.NEIGHBOURHOOD, Purpose.DAMAGE, Purpose.ATTENTION, Purpose.NIGHT_SHIFT])
@pytest.mark.parametrize("seed", [0, 1, 2**40 + 17])
def test_numbers_of_many_households_are_uniform(purpose, seed):
    assert kstest(luck.column(seed, purpose, IDS), "uniform").statistic < ONE_IN_A_THOUSAND / np.sqrt(N)


def test_the_numbers_of_one_household_are_uniform_over_draws_and_over_seeds():
    one = np.array([12_345], dtype=np.uint64)
    over_draws = [luck.column(1, Purpose.ATTENTION, one, draw)[0] for draw in range(4_000)]
    over_seeds = [luck.column(seed, Purpose.ATTENTION, one)[0] for seed in range(4_000)]
    for numbers in (over_draws, over_seeds):
        assert kstest(numbers, "uniform").statistic < ONE_IN_A_THOUSAND / np.sqrt(len(numbers))


NEIGHBOURS = {
    "households with adjacent ids": (
        luck.column(1, Purpose.MINORITY, IDS), luck.column(1, Purpose.MINORITY, IDS + np.uint64(1)),
    ),
    "adjacent seeds": (luck.column(1, Purpose.MINORITY, IDS), luck.column(2, Purpose.MINORITY, IDS)),
    "adjacent purposes": (luck.column(1, Purpose.MINORITY, IDS), luck.column(1, Purpose.ETHNICITY, IDS)),
    "adjacent draws": (luck.column(1, Purpose.ATTENTION, IDS, 4), luck.column(1, Purpose.ATTENTION, IDS, 5)),
    "ids that differ in the high word": (
        luck.column(1, Purpose.DAMAGE, IDS), luck.column(1, Purpose.DAMAGE, IDS + np.uint64(2**32)),
    ),
    "seeds that differ in the high word": (
        luck.column(1, Purpose.DAMAGE, IDS), luck.column(1 + 2**32, Purpose.DAMAGE, IDS),
    ),
    "adjacent seeds, ids in reverse": (luck.column(5, Purpose.DAMAGE, IDS), luck.column(6, Purpose.DAMAGE, IDS[::-1])),
}  # fmt: skip


@pytest.mark.parametrize("kind", NEIGHBOURS)
def test_neighbouring_numbers_are_independent(kind):
    """Pairs fill a 16 by 16 board evenly (chi-square), and are not correlated."""
    one, other = NEIGHBOURS[kind]
    board = np.bincount((one * 16).astype(int) * 16 + (other * 16).astype(int), minlength=256)
    assert ((board - N / 256) ** 2 / (N / 256)).sum() < chi2.ppf(0.999, 255)
    assert abs(np.corrcoef(one, other)[0, 1]) < 4.0 / np.sqrt(N)


def test_both_numbers_of_a_pair_are_uniform_and_independent():
    ids = IDS[:20_000]
    pairs = np.array([luck.pair(np.uint64(4), np.uint64(Purpose.ATTENTION), i, np.uint64(3)) for i in ids])
    for numbers in pairs.T:
        assert kstest(numbers, "uniform").statistic < ONE_IN_A_THOUSAND / np.sqrt(len(ids))
    board = np.bincount((pairs[:, 0] * 16).astype(int) * 16 + (pairs[:, 1] * 16).astype(int), minlength=256)
    assert ((board - len(ids) / 256) ** 2 / (len(ids) / 256)).sum() < chi2.ppf(0.999, 255)


# Of a name, for ever: results recorded with them would change.
IDENTITY = {"Ana": 3_957_192_875_420_154_950, "T1": 12_336_398_490_207_203_843, "": 13_020_603_013_274_838_756}


def test_names_have_identities_of_their_own_that_never_change():
    assert luck.identity(["Ana", "T1", ""]).tolist() == [IDENTITY[name] for name in ("Ana", "T1", "")]
    assert len(set(luck.identity([f"h{k}" for k in range(10_000)]).tolist())) == 10_000


def test_numbers_and_identities_are_the_same_in_every_process():
    ask = (
        "from sim.core import luck; import numpy as np\n"
        "print(luck.identity(['Ana']).tolist(), luck.column(7, luck.Purpose.TIES, np.arange(3)).tolist())"
    )
    settings = {"PYTHONHASHSEED": "1", "NUMBA_DISABLE_JIT": "1"}
    answer = subprocess.run(
        [sys.executable, "-c", ask], cwd=ROOT, env={**os.environ, **settings}, capture_output=True, text=True
    )
    assert answer.returncode == 0, answer.stderr
    here = luck.identity(["Ana"]).tolist(), luck.column(7, Purpose.TIES, np.arange(3)).tolist()
    assert answer.stdout.strip() == f"{here[0]} {here[1]}"


U = luck.column(9, Purpose.REPAIR, IDS)
SHAPES = {
    "exponential": (lambda u: -np.log(u) * 3.0, "expon", (0.0, 3.0)),
    "lognormal": (lambda u: luck.lognormal(u, 4.0, 0.6), "lognorm", (0.6, 0.0, 4.0)),
    "triangular": (lambda u: luck.triangular(u, 1.0, 10.0), "triang", (0.5, -4.0, 10.0)),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_shapes_have_the_distributions_they_are_named_after(shape):
    make, name, parameters = SHAPES[shape]
    assert kstest(make(U), name, args=parameters).statistic < ONE_IN_A_THOUSAND / np.sqrt(N)


def test_the_exponential_of_compiled_rules_is_the_inverse_distribution_function():
    assert [luck.exponential(u, 3.0) for u in U[:100]] == pytest.approx((-3.0 * np.log(U[:100])).tolist(), rel=1e-15)


def test_shapes_are_monotone_in_luck_and_in_their_parameters():
    u = np.sort(U)
    centre = np.zeros(len(u))
    for values in (luck.lognormal(u, 4.0, 0.6), luck.triangular(u, 0.0, 10.0), luck.logit_normal(u, centre, 0.8)):
        assert (np.diff(values) >= 0.0).all()
    assert (luck.lognormal(u, 5.0, 0.6) > luck.lognormal(u, 4.0, 0.6)).all()
    assert (luck.logit_normal(u, centre + 0.1, 0.8) > luck.logit_normal(u, centre, 0.8)).all()


def test_a_share_drawn_around_a_centre_has_it_as_its_median_and_stays_a_share():
    shares = luck.logit_normal(U, np.full(N, 1.0), 0.8)
    assert 0.0 < shares.min() < shares.max() < 1.0
    assert abs((shares < 1.0 / (1.0 + np.exp(-1.0))).mean() - 0.5) < 4.0 * 0.5 / np.sqrt(N)
