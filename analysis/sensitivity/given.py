"""Indices from any sample, parameter by parameter: PAWN, RBD-FAST, delta and HDMR.

==========  ==========================================================================================================
pawn        how far the distribution of the outcome moves when the parameter is held within a tenth of its range:
            median over ten slices of the Kolmogorov-Smirnov distance (Pianosi & Wagener 2018, doi
            10.1016/j.envsoft.2018.07.019)
delta       the same by the area between densities (Borgonovo 2007, doi 10.1016/j.ress.2006.04.015)
rbd-fast    S1, the share of variance explained by the parameter alone (Plischke 2010, doi 10.1016/j.ress.2009.11.005)
hdmr        S1, S2 and ST from a fitted sum of cubic polynomials of one and two parameters (Li et al. 2010, doi
            10.1021/jp9096919)
==========  ==========================================================================================================

PAWN and delta are above zero even for a parameter that does nothing. Such a parameter, drawn at random and given to no
run, is therefore analysed along with the others, under the name `NOTHING`: only what stands clearly above it matters.
SALib gives PAWN no interval; here it comes from resampled rows. The extended FAST is not offered: SALib itself calls
its intervals unreliable.
"""

import numpy as np

from analysis.sensitivity.sample import CONFIDENCE, Index, Sample, around

NOTHING = "(a parameter that does nothing)"
SLICES = 10
ORDER = 3  # of the polynomials of HDMR
MOST_RESAMPLES = {"rbd-fast": 200, "delta": 50, "hdmr": 20, "pawn": 500}  # beyond these, minutes without gain
LEAST_ROWS = {"pawn": 100, "rbd-fast": 80, "delta": 100}
TOO_SIMPLE = 0.8  # share of variance below which the polynomials of HDMR do not describe the outcome


def least_rows(method: str, parameters: int) -> int:
    """The fewest rows a method can work with; HDMR needs four in each half for every coefficient it fits."""
    if method == "hdmr":
        pairs = parameters * (parameters - 1) // 2
        return max(300, 8 * (parameters * ORDER + pairs * ORDER**2))
    return LEAST_ROWS[method]


def given_data(sample: Sample, y: np.ndarray, resamples: int, detail: bool = True) -> tuple[list[Index], list[str]]:
    """Indices of a standardised outcome, and what there is to say about them.

    Parameters
    ----------
    sample : a design of independent rows
    y : float [row]   finite, standardised, not constant
    resamples : int   upper limit; each method has its own below it
    detail : whether to estimate second-order indices
    """
    number = min(resamples, MOST_RESAMPLES[sample.method])
    return {"pawn": _pawn, "rbd-fast": _rbd_fast, "delta": _delta, "hdmr": _hdmr}[sample.method](
        sample, y, number, detail
    )


def with_nothing(sample: Sample) -> Sample:
    """The sample with one more parameter, which no run has seen."""
    chance = np.random.default_rng(sample.salib_seed("nothing"))
    column = (chance.permutation(len(sample.u)) + 0.5) / len(sample.u)
    return sample._replace(names=(*sample.names, NOTHING), u=np.column_stack([sample.u, column]))


def pawn_distances(u: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Kolmogorov-Smirnov distance between the outcome within each slice and over all rows [slice, parameter]."""
    order = np.argsort(y, kind="stable")
    last = np.append(np.diff(y[order]) > 0.0, True)  # equal outcomes make one step
    overall = (np.arange(len(y)) + 1.0)[last] / len(y)
    distances = np.full((SLICES, u.shape[1]), np.nan)
    for parameter in range(u.shape[1]):
        x = u[:, parameter]
        edges = np.nanquantile(x, np.linspace(0.0, 1.0, SLICES + 1))
        for part in range(SLICES):
            inside = (x >= edges[part]) & (x < edges[part + 1])
            if inside.any():
                steps = np.cumsum(inside[order])[last] / inside.sum()
                distances[part, parameter] = np.abs(steps - overall).max()
    return distances


def _pawn(sample: Sample, y: np.ndarray, resamples: int, _: bool) -> tuple[list[Index], list[str]]:
    from SALib.analyze import pawn
    from scipy.special import ndtri

    full, n = with_nothing(sample), len(y)
    found = pawn.analyze(full.problem(), full.u, y, SLICES, seed=sample.salib_seed("pawn"))
    chance = np.random.default_rng(sample.salib_seed("pawn rows"))
    drawn = []
    for _number in range(resamples):
        rows = chance.integers(n, size=n)
        drawn.append(np.nanmedian(pawn_distances(full.u[rows], y[rows]), axis=0))
    half = float(ndtri(0.5 + CONFIDENCE / 2)) * np.std(drawn, axis=0, ddof=1)
    return [around("pawn", name, found["median"][i], half[i], n) for i, name in enumerate(full.names)], []


def _rbd_fast(sample: Sample, y: np.ndarray, resamples: int, _: bool) -> tuple[list[Index], list[str]]:
    from SALib.analyze import rbd_fast

    seed = sample.salib_seed("rbd-fast")
    found = rbd_fast.analyze(
        sample.problem(), sample.u, y, num_resamples=resamples, conf_level=CONFIDENCE, seed=seed
    )  # fmt: skip
    rows = [around("S1", name, found["S1"][i], found["S1_conf"][i], len(y)) for i, name in enumerate(sample.names)]
    return rows, ["Intervals are wide by design: each resample takes half of the rows."]


def _delta(sample: Sample, y: np.ndarray, resamples: int, _: bool) -> tuple[list[Index], list[str]]:
    from SALib.analyze import delta

    full = with_nothing(sample)
    problem = full.problem() | {"names": [f"x{i}" for i in range(len(full.names))]}  # it forbids some endings
    found = delta.analyze(
        problem, full.u, y, num_resamples=resamples, conf_level=CONFIDENCE, seed=sample.salib_seed("delta"),
        method="delta",
    )  # fmt: skip
    if not np.isfinite(found["delta_raw"]).all():  # SALib turns its errors into notes
        raise ArithmeticError("densities cannot be estimated: the outcome takes too few different values")
    values = zip(full.names, found["delta_raw"], found["delta_raw_conf"], strict=True)
    return [around("delta", name, value, half, len(y)) for name, value, half in values], []


def _hdmr(sample: Sample, y: np.ndarray, resamples: int, detail: bool) -> tuple[list[Index], list[str]]:
    from SALib.analyze import enhanced_hdmr

    found = enhanced_hdmr.analyze(
        sample.problem(), sample.u, y, max_order=2, poly_order=ORDER, bootstrap=resamples, extended_base=False,
        alpha=CONFIDENCE, seed=sample.salib_seed("hdmr"),
    )  # fmt: skip
    names, n = sample.names, len(y)
    rows = []
    for i, name in enumerate(names):
        rows.append(around("S1", name, found["S"][i], found["S_conf"][i], n))
        rows.append(around("ST", name, found["ST"][i], found["ST_conf"][i], n))
    pairs = [(i, j) for i in range(len(names)) for j in range(i + 1, len(names))]
    for term, (i, j) in enumerate(pairs if detail else [], start=len(names)):
        rows.append(around("S2", names[i], found["S"][term], found["S_conf"][term], n, names[j]))
    explained = float(found["S_sum"])
    poor = f"; below {TOO_SIMPLE:.0%}, the indices describe the fit rather than the outcome"
    note = f"The fitted polynomials explain {explained:.0%} of the variance{poor if explained < TOO_SIMPLE else '.'}"
    return rows, [note.replace("%", " %")]
