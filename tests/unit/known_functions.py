"""Functions whose indices of sensitivity are known."""

import numpy as np
from SALib.sample import latin
from SALib.sample import morris as morris_sample
from SALib.sample import sobol as sobol_sample
from SALib.test_functions import Ishigami

from analysis.sensitivity.sample import Sample

SEED = 20
# Analytic indices of Ishigami with a = 7, b = 0.1 (Saltelli et al. 2008, Global Sensitivity Analysis: The Primer)
V1, V2, V13 = 0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2, 7**2 / 8, 0.1**2 * np.pi**8 * (1 / 18 - 1 / 50)
V = V1 + V2 + V13
ISHIGAMI = {"S1": (V1 / V, V2 / V, 0.0), "ST": ((V1 + V13) / V, V2 / V, V13 / V), ("x1", "x3"): V13 / V}
G = np.array([0.0, 1.0, 4.5, 9.0])


def design(method, n, names=("x1", "x2", "x3"), groups=(), second_order=False, seed=SEED):
    empty = Sample(method, tuple(names), tuple(groups), second_order, 4, seed, np.empty((0, len(names))))
    if method == "sobol":
        u = sobol_sample.sample(empty.problem(), n, calc_second_order=second_order, seed=seed)
    elif method == "morris":
        u = morris_sample.sample(empty.problem(), n, seed=seed)
    else:
        u = latin.sample(empty.problem(), n, seed=seed)
    return empty._replace(u=u)


def ishigami(sample):
    return Ishigami.evaluate((2.0 * sample.u - 1.0) * np.pi)


def additive(sample):
    return sample.u @ np.arange(sample.u.shape[1], 0, -1.0)


def inside(found, index, truth, second=""):
    rows = found.table[(found.table["index"] == index) & (found.table["second_parameter"] == second)]
    return [bool(r.low - 1e-9 <= t <= r.high + 1e-9) for r, t in zip(rows.itertuples(), truth, strict=True)]
