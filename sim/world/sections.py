"""Sections of a feeder: pieces in a row, each behind a switch, so that a fault leaves what is before it with power.

A feeder with ``m`` laterals is cut into ``s = min(sections, m)`` pieces; the ``k``-th lateral hangs on piece
``floor(k * s / m)``. The first piece is the feeder itself. Every further one is a device of the same level behind the
one before it, and all that follows is behind it: its row is put in before that of its first lateral, so that rows stay
in depth-first order.
"""

from collections.abc import Callable

import numpy as np

from sim.core.columns import FEEDER, LATERAL

Tree = dict[str, np.ndarray]  # columns [device] in depth-first order


def cut_feeders(
    tree: Tree, sections: int, identity_of: Callable[[np.ndarray, np.ndarray], np.ndarray]
) -> tuple[Tree, np.ndarray]:
    """A tree of which the feeders are cut into sections.

    Parameters
    ----------
    tree : columns        level, parent, end, first, last, number, id, overhead and others; parent and end are rows
    sections : int        as many for each feeder, or as many as it has laterals
    identity_of : function   of ids of feeders and numbers of sections to identities of sections

    Returns
    -------
    the tree, with a column ``rollup`` (suspicion of a lateral rolls up to the first section, of a section to the
    substation), and the new row of each device of the old one, int [old device]
    """
    lateral = np.flatnonzero((tree["level"] == LATERAL) & (tree["level"][tree["parent"]] == FEEDER))
    piece = _pieces(tree["parent"][lateral], sections)
    begins = (piece > 0) & (np.diff(piece, prepend=0) != 0)
    before = lateral[begins]  # old rows before which a section is put in
    rows_before = np.searchsorted(before, np.arange(len(tree["level"]) + 1), side="right")
    moved = np.arange(len(tree["level"])) + rows_before[:-1]
    at = before + np.arange(len(before))
    feeder = tree["parent"][before]
    new = {name: _with_room(column, moved, len(before)) for name, column in tree.items()}
    new["parent"][moved] = np.where(tree["parent"] >= 0, moved[tree["parent"]], -1)
    new["end"][moved] = tree["end"] + np.searchsorted(before, tree["end"], side="left")
    new["level"][at] = FEEDER
    new["first"][at], new["last"][at] = tree["first"][before], tree["last"][feeder]
    new["end"][at], new["number"][at] = new["end"][moved[feeder]], piece[begins]
    new["id"][at] = identity_of(tree["id"][feeder], piece[begins])
    new["parent"][at] = np.where(piece[begins] == 1, moved[feeder], np.roll(at, 1))
    section = np.where(piece > 0, at[np.cumsum(begins) - 1] if len(at) else 0, moved[tree["parent"][lateral]])
    new["parent"][moved[lateral]] = section
    new["rollup"] = _with_room(new["parent"][moved], moved, len(before))
    new["rollup"][moved[lateral]], new["rollup"][at] = moved[tree["parent"][lateral]], new["parent"][moved[feeder]]
    new["overhead"][at] = True
    return new, moved


def _pieces(feeder: np.ndarray, sections: int) -> np.ndarray:
    """The piece of its feeder that each lateral hangs on; ``feeder`` [lateral] ascends."""
    if not len(feeder):
        return np.zeros(0, dtype=np.int64)
    _, first, which, laterals = np.unique(feeder, return_index=True, return_inverse=True, return_counts=True)
    number = np.arange(len(feeder)) - first[which]
    return number * np.minimum(sections, laterals)[which] // laterals[which]


def _with_room(column: np.ndarray, moved: np.ndarray, more: int) -> np.ndarray:
    """A column with rows put in between."""
    new = np.zeros(len(column) + more, dtype=column.dtype)
    new[moved] = column
    return new
