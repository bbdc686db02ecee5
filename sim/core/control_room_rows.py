"""Rows of a run: what the control room works with, which is orders, crews and jobs, districts, patrols, and hearsay.

An order is what the utility believes of a device, a job is one truck roll. An order or a job is *at* a device. "Not
yet" is infinity; "none" is -1.
"""

import numpy as np

ORDER = np.dtype(
    [
        ("opened_h", "f8"),
        ("ready_h", "f8"),
        ("first_dispatched_h", "f8"),
        ("closed_h", "f8"),
        ("stamp", "i8"),  # of its valid entry in a dispatch queue; 0: it has none
        ("queue", "i8"),  # where that stands
        ("score", "f8"),  # and at which score; or where it is to stand when dispatchers look next
        ("next_listed", "i8"),  # of those to be queued then
        ("listed", "?"),
        ("precision", "f8"),
        ("at", "i8"),  # device
        ("reports", "i8"),
        ("voices", "f8"),  # reports, each by the inverse of what its neighbourhood is thought to report
        ("informal", "i8"),
        ("believed", "i8"),  # customers believed out
        ("next_open", "i8"),  # open orders before and after, the last opened first
        ("previous_open", "i8"),
        ("next_blocked", "i8"),
        ("first_blocked", "i8"),
        ("district", "i2"),  # of the device
        ("status", "i1"),
        ("outcome", "i1"),
        ("source", "i1"),
        ("confirmed", "?"),
        ("blocked", "?"),
    ],
    align=True,
)
CREW = np.dtype(
    [
        ("arrives_h", "f8"),
        ("released_h", "f8"),  # aid has gone home
        ("shift_offset_h", "f8"),
        ("x_km", "f8"),
        ("y_km", "f8"),
        ("job", "i8"),
        ("first_truck", "i8"),  # of those that it may split into
        ("district", "i2"),  # whose list it works on; one more than there are: that of the whole city; -1: not yet come
        ("kind", "i1"),
        ("origin", "i1"),  # OWN, STAGED, AID, TRUCK (:mod:`sim.rules.joining`)
        ("largest", "i1"),
        ("leaves", "?"),  # released: goes home at the end of the job that it is on
        ("shared", "?"),  # may go to any district
    ],
    align=True,
)
JOB = np.dtype(
    [
        ("dispatched_h", "f8"),
        ("arrived_h", "f8"),
        ("found_h", "f8"),
        ("done_h", "f8"),
        ("crew", "i8"),
        ("order", "i8"),
        ("at", "i8"),
        ("fault", "i8"),
        ("outcome", "i1"),
    ],
    align=True,
)
DISTRICT = np.dtype(  # and a row more for what concerns the whole city
    [
        ("n_crews", "i8"),  # that have come and stay; in the last row those that are shared
        ("n_able", "i8"),  # among these, crews that can repair laterals
        ("n_coming", "i8"),  # orders and faults at laterals and above that are open, and decisions that are due
        ("reach", "i8"),  # level of the largest device that one of its free crews can repair
        ("need", "f8"),  # customers believed out, or open orders, when a crew comes
    ],
    align=True,
)
TEAM = np.dtype([("line", "i8")], align=True)  # the line that a patrol walks, -1: none
HEARD = np.dtype([("dark", "f8"), ("voiced", "f8")], align=True)  # of a neighbourhood: confirmed dark; had reported
