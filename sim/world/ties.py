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
    alike = _Alike(2 * households.minority.astype(np.uint8) + households.poor)
    ties = [_beside(n, width, tie) for tie in range(width if n > 1 else 0)]
    for tie, partner in enumerate(ties):
        rewired = luck.column(seed, luck.Purpose.TIES, households.id, 4 * tie + REWIRE) < scenario["ties.far_share"]
        far = np.flatnonzero(rewired)
        u = [luck.column(seed, luck.Purpose.TIES, households.id[far], 4 * tie + draw) for draw in range(4)]
        anybody = _anybody(far, n, u[PARTNER])
        other = alike.differ(far, anybody) & (u[KEEP] < scenario["ties.homophily"])
        partner[far] = np.where(other, alike.pick(far, u[ALIKE], anybody), anybody)
    found = np.full((n, width), -1, dtype=np.int32)
    for tie, partner in enumerate(_without_repeats(ties)):
        found[:, tie] = partner
    return found


def _beside(n: int, width: int, tie: int) -> np.ndarray:
    """The ``tie``-th of the ``width`` nearest along the line; -1: too few people."""
    own = np.arange(n, dtype=np.int32)
    near = np.clip(own - width // 2, 0, max(n - 1 - width, 0)) + tie
    near += near >= own
    return np.where(near < n, near, -1)


def _anybody(own: np.ndarray, n: int, u: np.ndarray) -> np.ndarray:
    """Anybody of ``n`` but oneself."""
    partner = np.floor(u * (n - 1)).astype(np.int64)
    return partner + (partner >= own)


class _Alike:
    """The members of every group, to pick another one from."""

    def __init__(self, group: np.ndarray):
        self.group = group
        self.members = np.argsort(group, kind="stable")
        self.size = np.bincount(group)
        self.first = np.cumsum(self.size) - self.size
        self.place = np.empty(len(group), dtype=np.int64)  # among the members of all groups
        self.place[self.members] = np.arange(len(group))

    def differ(self, who: np.ndarray, partner: np.ndarray) -> np.ndarray:
        """Whether partners are of another group."""
        return self.group[partner] != self.group[who]

    def pick(self, who: np.ndarray, u: np.ndarray, otherwise: np.ndarray) -> np.ndarray:
        """Another member of one's own group; ``otherwise`` where one is alone in it."""
        first, size = self.first[self.group[who]], self.size[self.group[who]]
        rank = np.floor(u * (size - 1)).astype(np.int64)
        rank += rank >= self.place[who] - first
        at = np.minimum(first + rank, len(self.members) - 1)
        return np.where(size > 1, self.members[at], otherwise)


def _without_repeats(ties: list[np.ndarray]) -> list[np.ndarray]:
    """A second tie to the same household is none: it would double that neighbour's word."""
    for tie, partner in enumerate(ties):
        for before in ties[:tie]:
            partner[partner == before] = -1
    return ties
