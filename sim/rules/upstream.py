"""Walks up the grid: what is open or failed at a device or upstream of it.

They read the parents and orders of devices alone (`sim.core.grid_rows.NODE`), which stand apart from the rest so that a
walk from a household's meter finds most of its way in one cache line.
"""

import numpy as np

from sim.core.compiled import rule


@rule
def parent_of(city, device):
    """The device next upstream, or -1."""
    return np.int64(city.nodes[device].parent)


@rule
def order_at(city, device):
    """The open order at a device, or -1."""
    return np.int64(city.nodes[device].order)


@rule
def order_above(city, device):
    """The nearest open order at ``device`` or upstream of it, or -1."""
    while device >= 0:
        if city.nodes[device].order >= 0:
            return order_at(city, device)
        device = parent_of(city, device)
    return np.int64(-1)


@rule
def failed_above(city, device):
    """The nearest failed device upstream, or -1."""
    device = parent_of(city, device)
    while device >= 0 and not city.devices[device].failed:
        device = parent_of(city, device)
    return device


@rule
def is_energised(city, device):
    """Whether there is power at a device: no fault at it or upstream of it."""
    while device >= 0:
        if city.devices[device].failed:
            return False
        device = parent_of(city, device)
    return True
