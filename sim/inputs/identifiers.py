"""Identifiers: what tables call households, devices and neighbourhoods, as luck and the order of rows see it.

An identifier is text. That of a whole number stands for the number, so that a household that a table calls 7 has the
luck of household 7, and rows come in the order of numbers, not of their digits.
"""

import numpy as np

from sim.core import luck


def identities(labels: np.ndarray) -> np.ndarray:
    """Luck identities [label] of text labels: a whole number stands for itself, other text for its digest."""
    whole = np.array([is_whole(label) for label in labels], dtype=bool)
    ids = np.empty(len(labels), dtype=np.uint64)
    ids[whole] = labels[whole].astype(np.uint64)
    ids[~whole] = luck.identity(labels[~whole])
    return ids


def is_whole(label: str) -> bool:
    """Whether text is the decimal text of a whole number; "007" is not: it is another label than 7."""
    return label.isascii() and label.isdigit() and len(label) < 19 and (label[0] != "0" or label == "0")


def in_order(labels: np.ndarray) -> np.ndarray:
    """Row numbers that sort text labels: whole numbers by size, then the rest by alphabet."""
    keys = [(0, int(label), "") if is_whole(label) else (1, 0, label) for label in labels]
    return np.array(sorted(range(len(labels)), key=keys.__getitem__), dtype=int)
