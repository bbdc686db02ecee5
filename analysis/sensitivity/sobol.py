"""Sobol' indices: the share of an outcome's variance that a parameter explains by itself and together with others.

With V the variance over the whole space of parameters::

    S1[i]   = V(E(Y | x[i])) / V                       by itself
    ST[i]   = E(V(Y | all but x[i])) / V               with all its interactions, never below S1[i]
    S2[i,j] = V(E(Y | x[i], x[j])) / V - S1[i] - S1[j] of a pair, beyond what each does by itself

Estimated by SALib after Saltelli et al. 2010 (doi 10.1016/j.cpc.2009.09.018) and Saltelli 2002 (doi
10.1016/S0010-4655(02)00280-1), with intervals from its seeded bootstrap over base samples. First and total order never
look at the rows "B with one column of A", so they are estimated without them. The sums of first-order indices get
intervals from the same resamples, which know how their errors go together.
"""

import numpy as np

from analysis.sensitivity.sample import CONFIDENCE, Index, Sample, around

SECOND_ORDER_RESAMPLES = 200  # each costs as much as the first- and total-order ones of all parameters together
TOP = 3  # the parameters that are named first and get a sum of their own


def sobol(sample: Sample, y: np.ndarray, resamples: int, pairs: bool = True) -> list[Index]:
    """First-, total- and second-order indices of a standardised outcome.

    Parameters
    ----------
    sample : a Sobol' design
    y : float [row]   finite, standardised, not constant
    resamples : int   of the bootstrap for first and total order
    pairs : whether to estimate second-order indices, where the design allows
    """
    from SALib.analyze import sobol as salib

    n, problem = sample.blocks, sample.problem()
    first = without_second_order(sample, y)
    if _flat(first, len(sample.labels)):
        raise ArithmeticError("the outcome is the same in all rows that its variance is taken from")
    found = salib.analyze(
        problem, first, False, resamples, CONFIDENCE, keep_resamples=True, seed=sample.salib_seed("sobol")
    )
    rows = []
    for i, label in enumerate(sample.labels):
        rows.append(around("S1", label, found["S1"][i], found["S1_conf"][i], n))
        rows.append(around("ST", label, found["ST"][i], found["ST_conf"][i], n))
    rows += _sums(sample, found, n)
    return rows + (_pairs(sample, y, min(resamples, SECOND_ORDER_RESAMPLES)) if pairs and sample.second_order else [])


def without_second_order(sample: Sample, y: np.ndarray) -> np.ndarray:
    """The outcome of the rows that first- and total-order indices use."""
    if not sample.second_order:
        return y
    d = len(sample.labels)
    return y.reshape(-1, 2 * d + 2)[:, [*range(d + 1), 2 * d + 1]].ravel()


def independent_rows(sample: Sample) -> np.ndarray:
    """Rows of A and B: the only ones of a Sobol' design that share no parameter's value with another row."""
    rows = np.arange(len(sample.u)).reshape(-1, sample.block)
    return rows[:, [0, -1]].ravel()


def _flat(first: np.ndarray, d: int) -> bool:
    both = first.reshape(-1, d + 2)[:, [0, -1]]
    return float(np.ptp(both)) <= float(np.finfo(float).eps) * 100.0


def _sums(sample: Sample, found: dict, n: int) -> list[Index]:
    """Sum of all first-order indices, and of those of the parameters with the largest total order."""
    from scipy.special import ndtri  # the normal quantile, without importing scipy.stats

    width, drawn = float(ndtri(0.5 + CONFIDENCE / 2)), found["S1_conf_all"]

    def total(which: np.ndarray, name: str) -> Index:
        half = width * drawn[:, which].sum(axis=1).std(ddof=1)
        return around("S1 sum", name, found["S1"][which].sum(), half, n)

    order = np.argsort(-found["ST"], kind="stable")
    sums = [total(order, "all")]
    if len(order) > TOP:
        sums.append(total(order[:TOP], " + ".join(sample.labels[i] for i in order[:TOP])))
    return sums


def _pairs(sample: Sample, y: np.ndarray, resamples: int) -> list[Index]:
    from SALib.analyze import sobol as salib

    found = salib.analyze(sample.problem(), y, True, resamples, CONFIDENCE, seed=sample.salib_seed("sobol pairs"))
    labels, n = sample.labels, sample.blocks
    return [
        around("S2", labels[i], found["S2"][i, j], found["S2_conf"][i, j], n, labels[j])
        for i in range(len(labels))
        for j in range(i + 1, len(labels))
    ]
