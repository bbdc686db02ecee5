"""The state of a run: rows that the event loop reads and writes.

The world is kept as columns (:mod:`sim.core.columns`); a run works on rows, because an event touches many attributes of
one household, device or order at once, and a row is a few cache lines side by side. Every field of every row is
declared once:

==========================  ==============================================================
households                  :mod:`sim.core.household_rows`
the grid                    :mod:`sim.core.grid_rows`
the control room            :mod:`sim.core.control_room_rows`
parameters                  :mod:`sim.inputs.parameters.record`, :mod:`sim.engine.settings`
events and the clock        here
==========================  ==============================================================

Rules get the whole state as ``city``. Its *parameters* are numbers; *rules* are the functions that read them. "Not yet"
is infinity; "none" is -1.
"""

from typing import NamedTuple

import numpy as np

from sim.core.columns import LEVELS

EVENT = np.dtype([("time_h", "f8"), ("code", "i8")], align=True)  # or an order: score; device and stamp
CLOCK = np.dtype(
    [
        ("now_h", "f8"),
        ("watched_to_h", "f8"),  # moments of attention have been looked at up to here
        ("stamp", "i8"),
        ("n_events", "i8"),
        ("n_household_events", "i8"),
        ("n_orders", "i8"),
        ("n_open", "i8"),
        ("first_open", "i8"),
        ("n_on_hold", "i8"),  # of these, waiting for what a household has to have mended
        ("n_implicated", "i8"),  # devices counted as a vote somewhere: so many orders can be opened again at once
        ("n_jobs", "i8"),
        ("n_reports", "i8"),
        ("n_idle", "i8"),
        ("n_busy", "i8"),  # crews on a job
        ("n_unrepaired", "i8"),
        ("n_dark", "i8"),  # households
        ("n_queued", "i8"),  # entries that the longest queue has ever had, and was to have
        ("first_listed", "i8"),  # orders to be queued when dispatchers look next
        ("measured", "?"),  # lines of patrols, which they are when the first one sets out
        ("n_round", "i8"),  # lines on the list of the patrols
        ("refused", "i8", (len(LEVELS),)),  # devices at which a prediction was refused, by level
        ("n_talking", "i8"),
        ("n_in_system", "i8"),  # callers talking or waiting
        ("first_waiting", "i8"),
        ("last_waiting", "i8"),
        ("next_visit", "i8"),
        ("n_listed", "i8"),  # households on the liaisons' list
        ("next_change", "i8"),
        ("look", "?"),  # orders or crews have changed since the list was looked at
        ("look_at_once", "?"),  # whatever the cycle
        ("look_planned", "?"),
        ("look_goes_on", "?"),  # it was broken off for want of room
        ("supply_crew_free", "?"),  # a crew for lost supply is
    ],
    align=True,
)


class State(NamedTuple):
    """All rows of a run. Arrays that grow are replaced by larger ones between events (`sim.engine.restoration`)."""

    households: np.recarray
    devices: np.recarray
    nodes: np.recarray  # [device]
    faults: np.recarray
    crews: np.recarray
    districts: np.recarray
    channels: np.recarray
    parameters: np.recarray  # one row: as declared, and what they are made into (:mod:`sim.engine.settings`)
    clock: np.recarray  # one row
    next_look_h: np.ndarray  # [household]  no moment of attention is due for a look before then
    ties: np.ndarray  # int32 [household, tie]  of the place, not to be written to
    visits: np.ndarray  # the liaisons' list
    changes: np.recarray  # what outreach does to households, by time
    lines: np.recarray  # that patrols walk
    teams: np.recarray
    round: np.recarray  # lines of the day, those with most customers believed out first
    heard: np.recarray  # [neighbourhood]
    idle: np.ndarray
    aid: np.ndarray  # mutual aid in the order of arrival
    queue_size: np.ndarray
    queue_listed: np.ndarray  # orders that are to be queued there
    queues: np.recarray  # [queue, entry]  orders by score; the queues of a district stand side by side
    events: np.recarray  # of the utility's world, the next one first
    household_events: np.recarray  # alike
    orders: np.recarray
    jobs: np.recarray
    reports: np.recarray


GROWING = {  # arrays that may run out of room, and what counts their rows in use
    "queues": "n_queued",
    "events": "n_events",
    "household_events": "n_household_events",
    "orders": "n_orders",
    "jobs": "n_jobs",
    "reports": "n_reports",
}
