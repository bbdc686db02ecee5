"""Length of line: where customers live far apart, there is more line for each, and more of it to fall.

Line of a feeder or lateral runs from one thing that hangs on it to the next, in the order of the grid::

    length = sum of the distances from each to the next * n / (n - 1)          n things; the last step is the first one

Substations and transformers are points, and a service drop is short wherever its house stands. A feeder or lateral then
stands for so many typical ones of the city, in how often it fails::

    exposure = 1 - share + share * length / (mean length at its level)
"""

import numpy as np

from sim.core.columns import FEEDER, LATERAL


def exposure(share: float, level: np.ndarray, parent: np.ndarray, x_km: np.ndarray, y_km: np.ndarray) -> np.ndarray:
    """How many typical devices each stands for, float64 [device]: on average 1 a lateral, 1 a feeder with its sections.

    Parameters
    ----------
    share : float                 of what goes with the length of line; 0: every device is typical
    level, parent, x_km, y_km : [device]   as in :class:`sim.core.columns.Devices`
    """
    found = np.ones(len(level))
    along_km = _way_km(level, parent, x_km, y_km)
    n_feeders = int(np.count_nonzero(level[parent[level == FEEDER]] != FEEDER))
    found[level == FEEDER] = n_feeders / max(1, int(np.count_nonzero(level == FEEDER)))  # a section is part of one
    for here in (FEEDER, LATERAL):
        rows = np.flatnonzero((level == here) & np.isfinite(along_km))
        mean_km = along_km[rows].mean() if len(rows) else 0.0
        if mean_km > 0.0:
            found[rows] *= 1.0 - share + share * along_km[rows] / mean_km
    return found


def _way_km(level: np.ndarray, parent: np.ndarray, x_km: np.ndarray, y_km: np.ndarray) -> np.ndarray:
    """Way along what hangs on each feeder and lateral, NaN where less than two things do; float64 [device]."""
    above = level[parent]
    # the next section of a feeder is another line
    hangs = (parent >= 0) & ((above == FEEDER) | (above == LATERAL)) & (above < level)
    rows = np.flatnonzero(hangs)
    rows = rows[np.argsort(parent[rows], kind="stable")]
    here, follows = rows[:-1], rows[1:]
    together = parent[here] == parent[follows]
    step_km = np.hypot(x_km[follows] - x_km[here], y_km[follows] - y_km[here])[together]
    n_steps = np.bincount(parent[here][together], minlength=len(parent))
    km = np.bincount(parent[here][together], weights=step_km, minlength=len(parent))
    found, lines = np.full(len(parent), np.nan), np.flatnonzero(n_steps)
    found[lines] = km[lines] * (n_steps[lines] + 1) / n_steps[lines]
    return found
