"""All chance in the model: a pure function of (seed, purpose, entity id, draw number).

Numbers are looked up, not consumed, so that a household's luck depends neither on its row nor on who else is in the
file, and two scenarios differ only by what was changed in them (common random numbers by construction). The
generator is Philox4x32-10 (Salmon et al. 2011, doi 10.1145/2063384.2063405): the 64-bit id, the purpose and the draw
number are the counter, the seed is the key. Uniforms have 53 bits and lie strictly inside (0, 1).

Shapes are made by inverse distribution functions only, each monotone in its uniform: when a parameter moves, draws
stay paired.
"""

import hashlib
import math
from collections.abc import Iterable
from enum import IntEnum

import numpy as np
from scipy.special import ndtri, pdtrc

from sim.core.compiled import COMPILED, entry, inlined

MULTIPLIER_0 = np.uint64(0xD2511F53)
MULTIPLIER_1 = np.uint64(0xCD9E8D57)
WEYL_0 = np.uint64(0x9E3779B9)
WEYL_1 = np.uint64(0xBB67AE85)
MASK = np.uint64(0xFFFFFFFF)
WORD = np.uint64(32)
FIVE = np.uint64(5)
SIX = np.uint64(6)
TO_UNIT = 2.0**-53
ROUNDED_UP = 1.0 + 1e-6  # more than rounding can matter
BELOW_ONE = 1.0 - 2.0**-53  # the largest of all would round up to 1


class Purpose(IntEnum):
    """What a draw decides. The numbers are part of the results: never reuse one, only append."""

    NEIGHBOURHOOD = 1
    LOCATION = 2
    MINORITY = 3
    ETHNICITY = 4
    POVERTY = 5
    INCOME = 6
    OVER65 = 7
    CHILDREN = 8
    DISABILITY = 9
    MEDICAL = 10
    ENGLISH = 11
    RENTER = 12
    VEHICLE = 13
    BROADBAND = 14
    SMARTPHONE = 15
    PHONE = 16
    LANDLINE = 17
    SUBSTITUTE = 18
    REGISTERED = 19
    POLITICAL = 20
    AWARENESS = 21  # draw number = channel
    OFFERED = 22  # draw number = channel
    KNOWLEDGE = 23
    TRUST = 24
    TOLERANCE = 25
    METER = 26  # who has one that reports
    LISTED = 27
    TIES = 28
    WORD_OF_MOUTH = 29
    VOIP = 30
    LEFT_BEFORE = 31
    LEAVES = 32  # first draw who, second draw when
    RETURNS = 33
    GRID_SIZE = 40
    OVERHEAD = 41
    CRITICAL = 42
    DAMAGE = 50
    ONSET = 51
    REPAIR = 52  # draw number = fault of the device
    CELL_OUT = 53
    CELL_BACK = 54
    BATTERY = 55
    RECHARGE = 56  # draw number = day
    SENSING = 57
    METER_BACK = 59
    LINK_DOWN = 60  # a telemetered device is silent until telecom is back
    TEMPORARY = 61  # draw number = fault of the device
    SUPPLY = 62  # whether a substation has lost its supply
    SUPPLY_REPAIR = 63  # draw number = fault of the supply
    ATTENTION = 70  # draw number = moment; first uniform the gap, second the choice
    AWAY = 71  # draw number = moment
    HANDLE = 72  # draw number = call
    PATIENCE = 73  # draw number = call
    REPEAT = 74  # draw number = report
    PROXY = 75  # draw number = report * 64 + tie
    CALLBACK = 76  # draw number = call-back
    WITHDRAWAL = 77  # draw number = times the device was predicted
    DISPATCH = 78
    VISIT = 79
    NIGHT_SHIFT = 80
    SEEN_BY_CREW = 81  # draw number = visits that looked for the fault and did not see it
    SEEN_BY_PATROL = 82  # draw number = walks along its line
    ASKING = 83  # draw number = moment; first uniform the gap, second the decision
    TARGETED = 90  # draw number = programme
    REACHED = 91  # draw number = programme
    TAKEN_IN = 92  # draw number = programme
    ROUND = 93  # draw number = programme
    TOLD_ON = 94  # draw number = programme
    STUDENT = 98
    OWNER = 110  # of a service drop: first draw whether it tears off what the household owns, second what
    OWNER_KNOWS = 111  # whether a household knows at once that the damage is its own
    ELECTRICIAN = 112  # how long one takes to come
    HEARS_OF_REPAIR = 113  # whether a household hears of the city's programme


@inlined
def philox(word0, word1, word2, word3, key0, key1):
    """Ten rounds of Philox4x32; six uint64 words below 2**32 (or arrays of them) in, four out."""
    for _ in range(10):
        product0 = MULTIPLIER_0 * word0
        product1 = MULTIPLIER_1 * word2
        word0 = (product1 >> WORD) ^ word1 ^ key0
        word2 = (product0 >> WORD) ^ word3 ^ key1
        word1 = product1 & MASK
        word3 = product0 & MASK
        key0 = (key0 + WEYL_0) & MASK
        key1 = (key1 + WEYL_1) & MASK
    return word0, word1, word2, word3


@inlined
def words_of(seed, purpose, entity, draw):
    """Four words for one decision, all given as uint64 (or arrays of them)."""
    return philox(entity & MASK, entity >> WORD, purpose, draw, seed & MASK, seed >> WORD)


@inlined
def to_unit(high, low):
    """Two 32-bit words to a uniform strictly inside (0, 1)."""
    return min((np.float64(((high >> FIVE) << np.uint64(26)) | (low >> SIX)) + 0.5) * TO_UNIT, BELOW_ONE)


@entry
def pair(seed, purpose, entity, draw):
    """Two independent uniforms for one decision. ``seed`` and ``entity`` are uint64 of the identity's bits."""
    first, second, third, fourth = words_of(np.uint64(seed), np.uint64(purpose), np.uint64(entity), np.uint64(draw))
    return to_unit(first, second), to_unit(third, fourth)


@entry
def uniform(seed, purpose, entity, draw):
    """One uniform for one decision."""
    return pair(seed, purpose, entity, draw)[0]


@entry
def exponential(u, mean):
    """Exponential with the given mean, by inversion."""
    return -mean * math.log(u)


@entry
def _fill(out, seed, purpose, entities, draw):
    for row in range(len(out)):
        first, second, _, _ = words_of(seed, purpose, entities[row], draw)
        out[row] = to_unit(first, second)


def column(seed: int, purpose: Purpose, ids: np.ndarray, draw: int = 0) -> np.ndarray:
    """Uniforms for many entities at once.

    Parameters
    ----------
    seed : int              non-negative, below 2**64
    purpose : Purpose       the decision
    ids : uint64 [entity]   stable identities (see :func:`identity` for names)
    draw : int              which draw of that decision

    Returns
    -------
    float64 [entity], the same numbers as :func:`uniform` gives one by one
    """
    entities = np.ascontiguousarray(ids, dtype=np.uint64)
    key = np.uint64(seed)
    if COMPILED:
        out = np.empty(len(entities))
        _fill(out, key, np.uint64(purpose), entities, np.uint64(draw))
        return out
    shape = np.full(len(entities), 1, dtype=np.uint64)
    first, second, _, _ = words_of(key, shape * np.uint64(purpose), entities, shape * np.uint64(draw))
    return np.minimum((((first >> FIVE) << np.uint64(26) | (second >> SIX)).astype(float) + 0.5) * TO_UNIT, BELOW_ONE)


def identity(names: Iterable[object]) -> np.ndarray:
    """Stable 64-bit identities of text names: BLAKE2b, the same on every machine and in every process."""
    digests = [hashlib.blake2b(str(name).encode(), digest_size=8).digest() for name in names]
    return np.frombuffer(b"".join(digests), dtype="<u8").astype(np.uint64)


def lognormal(u: np.ndarray, median: np.ndarray | float, sigma: float) -> np.ndarray:
    """Lognormal by inversion; ``sigma`` is the spread of the logarithm."""
    return median * np.exp(sigma * ndtri(u))


def logit_normal(u: np.ndarray, centre: np.ndarray, spread: float) -> np.ndarray:
    """A share whose logit is normal around ``centre`` (in logits)."""
    return 1.0 / (1.0 + np.exp(-(centre + spread * ndtri(u))))


def triangular(u: np.ndarray, middle: float, width: float) -> np.ndarray:
    """Symmetric triangular over ``middle`` plus and minus half of ``width``, by inversion."""
    rising = np.sqrt(u / 2.0)
    falling = 1.0 - np.sqrt((1.0 - u) / 2.0)
    return middle + width * (np.where(u < 0.5, rising, falling) - 0.5)


def poisson(u: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Poisson counts by inversion, from the top: ``u`` below ``1 - exp(-mean)`` means at least one. int64, as ``u``."""
    count = np.zeros(len(u), dtype=np.int64)
    more = np.flatnonzero(u < ROUNDED_UP * mean)  # for 1 - exp(-mean) is below the mean, and takes long
    more = more[u[more] < pdtrc(0, mean[more])]
    while len(more):
        count[more] += 1
        more = more[u[more] < pdtrc(count[more], mean[more])]
    return count
