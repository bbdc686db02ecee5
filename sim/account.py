"""Where the hours without power went: undetected, waiting, working, nested; and they sum to the hours out.

The account follows the fault nearest to the source on a household's path, for nothing below it can bring power back
before it is repaired:

undetected
    from the loss of power until the utility believes this customer out (an open order at or above the household)
waiting
    from then until a crew sets off on the job that repairs that fault, less a visit on which the fault was found
working
    that visit, and travel, search and repair of the job
nested
    from that repair until power is really back: the household sat behind another fault below

Each boundary is clipped into the outage and to the one before it, so that the four parts are never negative. A part
that had not ended at the horizon is infinite, and those after it are zero.
"""

import numpy as np

from sim.memory import FAULT, Memory

PARTS = ("undetected_h", "waiting_h", "working_h", "nested_h")


def uppermost_fault(memory: Memory) -> np.ndarray:
    """Fault nearest to the source on each household's path, -1 without one. Returns int64 [household]."""
    uppermost = np.full(len(memory.folk), -1, dtype=np.int64)
    at = np.array(memory.faults.at)
    first, last = memory.devices.first[at].tolist(), memory.devices.last[at].tolist()
    for fault in range(len(at) - 1, -1, -1):  # parents stand before children: they overwrite them
        uppermost[first[fault] : last[fault]] = fault
    return uppermost


def split_hours(memory: Memory) -> dict[str, np.ndarray]:
    """The four parts of the hours out.

    Returns
    -------
    dict of PARTS to float64 [household], h; all zero for households that never lost power
    """
    folk = memory.folk
    out_h, back_h = np.array(folk.out_h), np.array(folk.restored_h)
    dark = np.isfinite(out_h)
    fault = uppermost_fault(memory)
    column = {name: _of(memory.faults[name], fault) for name in FAULT.names or () if name != "at"}
    known = np.minimum(np.maximum(folk.known_h, out_h), back_h)
    assigned = np.minimum(np.maximum(column["assigned_h"], known), back_h)
    repaired = np.minimum(np.maximum(column["repaired_h"], assigned), back_h)
    with np.errstate(invalid="ignore"):
        visit_h = np.minimum(column["visit_end_h"], assigned) - np.maximum(column["visit_start_h"], known)
        parts = {
            "undetected_h": known - out_h,
            "waiting_h": assigned - known,
            "working_h": repaired - assigned,
            "nested_h": back_h - repaired,
        }
    visit_h = np.where(np.isfinite(visit_h) & np.isfinite(assigned), np.maximum(visit_h, 0.0), 0.0)
    parts["waiting_h"] = parts["waiting_h"] - visit_h
    parts["working_h"] = parts["working_h"] + visit_h
    return {name: np.where(dark, np.nan_to_num(parts[name], nan=0.0, posinf=np.inf), 0.0) for name in PARTS}


def _of(values: np.ndarray, fault: np.ndarray) -> np.ndarray:
    """Values of each household's fault; infinity without one."""
    return np.append(values, np.inf)[fault]
