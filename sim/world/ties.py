"""Social ties: a sparse small world in space, in which far ties lean towards one's own kind.

A household's ties are its nearest ``neighbours`` along the grid's depth-first order, which follows the
streets. Each is rewired with probability ``far_share`` to a household anywhere (Watts & Strogatz 1998,
doi 10.1038/30918); a far tie to another group, a group being minority or not by poor or not, is with
probability ``homophily`` replaced by one within the group. Ties serve word of mouth and proxy reports; they
need not be mutual.

Luck is keyed by the household's id and the number of the tie, and partners are picked by place in the
depth-first order, which depends on who lives where and not on rows.
"""

import numpy as np

from sim.core import luck
from sim.core.columns import Households
from sim.inputs.scenario import Scenario

REWIRE, PARTNER, KEEP, ALIKE = range(4)  # the four draws of a tie


def build(scenario: Scenario, seed: int, households: Households) -> np.ndarray:
    """Who knows whom.

    Parameters
    ----------
    scenario : Scenario       section ``ties``: neighbours, far_share, homophily
    seed : int                of the world
    households : Households   in the depth-first order of the grid

    Returns
    -------
    int32 [household, tie]    household index, never one's own and never one twice; -1: no such tie
    """
    n, width = len(households), scenario["ties.neighbours"]
    group = 2 * households.minority.astype(np.int64) + households.poor
    alike = _Alike(group)
    ties = np.full((n, width), -1, dtype=np.int32)
    for tie in range(width if n > 1 else 0):
        u = [luck.column(seed, luck.Purpose.TIES, households.id, 4 * tie + draw) for draw in range(4)]
        partner = _anybody(n, u[PARTNER])
        other = (group[partner] != group) & (u[KEEP] < scenario["ties.homophily"])
        partner = np.where(other, alike.pick(u[ALIKE], partner), partner)
        ties[:, tie] = np.where(u[REWIRE] < scenario["ties.far_share"], partner, _beside(n, width, tie))
    return _without_repeats(ties)


def _beside(n: int, width: int, tie: int) -> np.ndarray:
    """The ``tie``-th of the ``width`` nearest along the line; -1: too few people."""
    own = np.arange(n)
    near = np.clip(own - width // 2, 0, max(n - 1 - width, 0)) + tie
    near += near >= own
    return np.where(near < n, near, -1)


def _anybody(n: int, u: np.ndarray) -> np.ndarray:
    """Anybody but oneself."""
    partner = np.floor(u * (n - 1)).astype(np.int64)
    return partner + (partner >= np.arange(n))


class _Alike:
    """The members of every group, to pick another one from."""

    def __init__(self, group: np.ndarray):
        self.members = np.argsort(group, kind="stable")
        size = np.bincount(group)
        self.first = (np.cumsum(size) - size)[group]
        self.size = size[group]
        self.rank = np.empty(len(group), dtype=np.int64)
        self.rank[self.members] = np.arange(len(group))
        self.rank -= self.first

    def pick(self, u: np.ndarray, otherwise: np.ndarray) -> np.ndarray:
        """Another member of one's own group; ``otherwise`` where one is alone in it."""
        rank = np.floor(u * (self.size - 1)).astype(np.int64)
        rank += rank >= self.rank
        at = np.minimum(self.first + rank, len(self.members) - 1)
        return np.where(self.size > 1, self.members[at], otherwise)


def _without_repeats(ties: np.ndarray) -> np.ndarray:
    """A second tie to the same household is none: it would double that neighbour's word."""
    for tie in range(1, ties.shape[1]):
        again = (ties[:, :tie] == ties[:, tie : tie + 1]).any(axis=1)
        ties[again, tie] = -1
    return ties
