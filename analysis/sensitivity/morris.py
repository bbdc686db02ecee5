"""Morris' elementary effects: what one large step of one parameter does, at many places of the space.

Along a trajectory each parameter in turn takes one step of the share ``levels / (2 (levels - 1))`` of its range (two
thirds, with four levels); the change of the outcome over that share is one elementary effect. Over trajectories::

    mu_star  mean size of the effects, sign left out: how much the parameter matters at all
    mu       mean effect, in the outcome's unit over the whole range: near mu_star if it always works one way
    sigma    spread of the effects: it matters more in some places than in others (interaction or curvature)

Estimated by SALib after Morris 1991 (doi 10.1080/00401706.1991.10484804) and Campolongo et al. 2007 (doi
10.1016/j.envsoft.2006.10.004). SALib gives an interval for mu_star; those of mu and sigma come from resampling whole
trajectories. A group moves all its parameters at once; its mu and sigma mean nothing and are left out.
"""

from typing import Any

import numpy as np

from analysis.sensitivity.sample import CONFIDENCE, Index, Sample, around

MOST_RESAMPLES = 400  # of trajectories, for mu and sigma


def morris(sample: Sample, y: np.ndarray, resamples: int, detail: bool = True) -> list[Index]:
    """mu_star, mu and sigma, in the outcome's own unit.

    Parameters
    ----------
    sample : a Morris design
    y : float [row]   finite, not constant, not standardised
    resamples : int   of the bootstrap
    detail : whether to estimate mu and sigma
    """
    found = _effects(sample, y, resamples)
    n, single = sample.blocks, _single(sample)
    halves = _halves(sample, y, min(resamples, MOST_RESAMPLES)) if detail else {}
    rows = []
    for i, label in enumerate(sample.labels):
        rows.append(around("mu_star", label, found["mu_star"][i], found["mu_star_conf"][i], n))
        if detail and single[i]:
            rows += [around(name, label, found[name][i], halves[name][i], n) for name in ("mu", "sigma")]
    return rows


def _effects(sample: Sample, y: np.ndarray, resamples: int) -> Any:
    from SALib.analyze import morris as salib

    seed = sample.salib_seed("morris")
    return salib.analyze(
        sample.problem(), sample.u, y, resamples, CONFIDENCE, num_levels=sample.levels, seed=seed
    )  # fmt: skip


def _single(sample: Sample) -> list[bool]:
    return [not sample.groups or sample.groups.count(label) == 1 for label in sample.labels]


def _halves(sample: Sample, y: np.ndarray, resamples: int) -> dict[str, np.ndarray]:
    """Half widths of the intervals of mu and sigma, from resampled trajectories."""
    from scipy.special import ndtri

    chance = np.random.default_rng(sample.salib_seed("morris trajectories"))
    drawn: dict[str, list[np.ndarray]] = {"mu": [], "sigma": []}
    for _ in range(resamples):
        some, rows = sample.of_blocks(chance.integers(sample.blocks, size=sample.blocks))
        found = _effects(some, y[rows], 2)
        for name, values in drawn.items():
            values.append(np.asarray(found[name], dtype=float))
    return {name: float(ndtri(0.5 + CONFIDENCE / 2)) * np.std(values, axis=0, ddof=1) for name, values in drawn.items()}
