"""What measures look at of the households of a run, as columns that are read in one go.

A row is several cache lines, so a column that is read by itself fetches a line for every household. Here each line is
fetched once for all columns; they hold what the columns of the same names in the table of households hold.
"""

import numpy as np

from sim.core.compiled import entry
from sim.core.outcome_codes import BESIDE, PARTS
from sim.core.state import State
from sim.rules.split_hours import ALL_CHARGED, is_dark, split, split_unfinished

CUT = "hours_to_horizon"  # without power, up to the horizon; not in the table
HOURS = (*PARTS, *BESIDE, "out_h", "restored_h", "known_h", "hours_out", CUT)
COUNTS = ("report_logged", "reached", "false_closures")


def measured_columns(state: State, horizon_h: float) -> dict[str, np.ndarray]:
    """Columns of all households.

    Returns
    -------
    dict of HOURS to float64 [household], and of COUNTS to uint16 or, where they say yes or no, bool
    """
    number = len(state.households)
    hours, dark = np.empty((len(HOURS), number)), np.empty(number, dtype=np.int64)
    counts = np.empty((len(COUNTS), number), dtype=np.uint16)
    n_dark = _read(state.households, horizon_h, hours, counts, dark)
    split_unfinished(state, horizon_h, hours, dark[:n_dark])
    columns = dict(zip((*HOURS, *COUNTS), (*hours, *counts), strict=True))
    return columns | {name: columns[name] > 0 for name in ("report_logged", "reached")}


def sums(code: np.ndarray, rows: np.ndarray, n_groups: int) -> np.ndarray:
    """Sums of several rows by group, all in one pass; each adds up in the order of the row, as `numpy.bincount` does.

    Parameters
    ----------
    code : int64 [household]        group
    rows : float64 [row, household]

    Returns
    -------
    float64 [row, group]
    """
    found = np.zeros((n_groups, len(rows)))
    _add_up(code, rows, found)
    return found.T


@entry
def _add_up(code, rows, found):
    """Add to the sums [group, row]."""
    for number in range(len(code)):
        of_group = found[code[number]]
        for row in range(len(rows)):
            of_group[row] += rows[row, number]


@entry
def _read(households, horizon_h, hours, counts, dark):
    """Fill the columns; see HOURS and COUNTS. Returns how many are still dark, and notes who."""
    n_dark = 0
    for number in range(len(households)):
        person, told = households[number], hours[:, number]
        split(person, horizon_h, ALL_CHARGED, told)
        told[7], told[8], told[9] = person.out_h, person.restored_h, person.known_h
        told[10] = person.restored_h - person.out_h if person.out_h < np.inf else 0.0
        told[11] = min(person.restored_h, horizon_h) - min(person.out_h, horizon_h)
        counts[0, number], counts[1, number], counts[2, number] = person.logged, person.reached, person.n_closed
        if is_dark(person, horizon_h):
            dark[n_dark] = number
            n_dark += 1
    return n_dark
