"""Rows of a run: devices of the grid, the faults at them, and the lines that patrols walk.

Devices stand in the order of the grid: what lies behind a device is a stretch of rows, of devices as of households and
of faults. A fault is *at* a device. "Not yet" is infinity; "none" is -1. What walks look at stands apart
(:mod:`sim.rules.upstream`) or first in a device's row, in one cache line of 64 bytes.
"""

import numpy as np

DEVICE = np.dtype(
    [
        ("first", "i8"),
        ("last", "i8"),
        ("end", "i8"),
        ("rollup", "i8"),
        ("votes", "i4"),  # devices below that make this one suspect
        ("district", "i2"),
        ("level", "i1"),
        ("failed", "?"),  # and not yet repaired
        ("implicated", "?"),  # counted as a vote in rollup
        ("escalating", "?"),  # a decision to look here is due
        ("refused", "?"),  # a prediction here was refused
        ("supply", "?"),  # a substation that has lost its supply in this storm
        ("sound", "?"),  # somebody has seen that the fault is not here, or not any more
        ("n_predicted", "i4"),
        ("line", "i4"),  # the line that a patrol walks to see it
        ("fault", "i8"),  # fault here
        ("first_fault", "i8"),  # faults here and below are [first_fault, last_fault)
        ("last_fault", "i8"),
        ("telemetry_h", "f8"),  # it shows whether it is energised from then on
        ("static_score", "f8"),  # dispatch score before reports and waiting
        ("line_km", "f8"),
        ("access_factor", "f8"),  # travel time to here while roads are blocked, against elsewhere
        ("x_km", "f8"),
        ("y_km", "f8"),
        ("id", "u8"),
    ],
    align=True,
)
NODE = np.dtype([("parent", "i4"), ("order", "i4")], align=True)  # of a device: next upstream; open order here
FAULT = np.dtype(
    [
        ("onset_h", "f8"),
        ("repair_h", "f8"),
        ("sensed_h", "f8"),
        ("confirmed_h", "f8"),
        ("visit_start_h", "f8"),  # of the visit that found it on the way to another device
        ("visit_end_h", "f8"),
        ("assigned_h", "f8"),  # dispatch of the job that repaired it
        ("repaired_h", "f8"),
        ("electrician_h", "f8"),  # of the household's own, from when it knows that it needs one
        ("aid_h", "f8"),  # of a programme, from then on or from when there is one; infinity: none
        ("aid_from_h", "f8"),
        ("inspection_h", "f8"),  # and then
        ("released_h", "f8"),  # what the household owns is mended, or will be
        ("roll_h", "f8"),  # dispatch of the crew that found that it has to wait for this
        ("held_h", "f8"),  # and when it found so
        ("at", "i8"),
        ("n_passed", "i8"),  # visits that looked for it and did not see it
        ("source", "i1"),  # what led to it
        ("owner", "i1"),  # what the drop tore off that the household owns
        ("aided", "?"),  # a programme mends that, or lends the money
    ],
    align=True,
)
LINE = np.dtype(
    [
        ("at", "i8"),
        ("n_walked", "i8"),
        ("km", "f8"),
        ("n_behind", "i8"),  # customers believed out by orders further down, as the list of the day was made
    ],
    align=True,
)
