"""Whether runs may carry a claim at all: a gap between groups, a change from one arm to another, a driver.

Two things make an interval worthless before it is taken:

- *the dark*: where more than 5 % of the affected still have no power when a run ends, their hours are cut at the
  horizon, and a difference tells where the cut was rather than who waits longer;
- *few runs*: with fewer than 10, Student's t rests on a spread that is itself luck, and is far off where hours out are
  skewed.

Every face asks here, with the ground that its claim would stand on: the terminal, JSON and CSV files, figures, the
report and the live city. A number that may not be claimed is blank (`withheld`), so that nothing made from it, now or
later, can claim it; levels stay. `refusal` says in sentences what stands in the way and what to change.

What counts as a run is what the interval is taken over: replicates, pairs, the seeds of a sweep, storms, and for a
sensitivity analysis the blocks of its design (base samples, trajectories, points), which its bootstrap resamples.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim import Scenario

MOST_DARK = 0.05  # share of the affected still without power at the horizon
FEWEST = 10  # replicates, pairs, seeds, storms or blocks
DARK, CUSTOMERS = "all:all:censored_share", "all:all:households"  # of measures_of_run
NOTE = "note"


class Ground(NamedTuple):
    """What a claim would stand on."""

    runs: int  # with a value
    dark: float  # share of the affected without power at the horizon, where it is largest; NaN: nobody lost power
    scenario: Scenario  # where it is largest
    customers: float  # of that scenario, on average
    unit: str = "replicates"
    more: str = f"--replicates {FEWEST}"  # how to get enough of them


def is_dark(share: float) -> bool:
    """Whether too many were still without power; of nobody affected there were not."""
    return bool(share > MOST_DARK)


def refusal(ground: Ground) -> str:
    """Why nothing may be claimed, and what to change, in sentences; "" where a claim may be made."""
    reasons = []
    if is_dark(ground.dark):
        reasons.append(
            f"the runs ended before power returned. {percent(ground.dark)} of the affected were still dark at the "
            f"horizon of {ground.scenario['run.horizon_h']:g} h; at most {percent(MOST_DARK)} may be. Hours count up "
            f"to it, so that means are lower bounds. {_cure(ground)}"
        )
    if ground.runs < FEWEST:
        reasons.append(
            f"{_counted(ground.runs, ground.unit)} too few to tell a pattern from chance; at least {FEWEST} are "
            f"needed ({ground.more})."
        )
    return "Nothing is claimed: " + " Besides, ".join(reasons) if reasons else ""


def brief(count: int, dark: float, unit: str) -> str:
    """The same as a note beside a number that is left out."""
    reasons = [f"with {percent(dark)} of the affected still dark at the horizon"] if is_dark(dark) else []
    reasons += (
        [f"from {count:,} {unit if count != 1 else unit.removesuffix('s')}, fewer than {FEWEST}"]
        if count < FEWEST
        else []
    )
    return f"no claim {' and '.join(reasons)}" if reasons else ""


def withheld(table: pd.DataFrame, notes: Sequence[str], kept: Sequence[str]) -> pd.DataFrame:
    """A table without the numbers that may not be claimed.

    Parameters
    ----------
    table : DataFrame
    notes : for each row why it claims nothing (`brief`); "" where it may
    kept : columns that claim nothing, such as levels and counts; the others become NaN where there is a note

    Returns
    -------
    DataFrame with the same columns; the column ``note``, if there is one, ends with them
    """
    silent = np.array([bool(note) for note in notes], dtype=bool)
    found = table.copy()
    for name in found.columns.difference([*kept, NOTE]) if silent.any() else ():
        found[name] = found[name].where(~silent)
    if NOTE in found and silent.any():
        found[NOTE] = ["; ".join(filter(None, pair)) for pair in zip(found[NOTE], notes, strict=True)]
    return found


def crews_of(scenario: Scenario) -> int:
    """Crews of both classes, aid from elsewhere among them."""
    crews = scenario.parameters.crews
    return sum(kind.own + kind.staged + kind.mutual_aid for kind in (crews.line, crews.trouble))


def percent(share: float) -> str:
    """A share that is not rounded onto the limit that it exceeds."""
    digits = 0 if abs(share - MOST_DARK) >= 0.005 or share == MOST_DARK else 1
    return f"{100 * share:.{digits}f} %"


def _counted(count: int, unit: str) -> str:
    return f"{count:,} {unit.removesuffix('s')} is" if count == 1 else f"{count:,} {unit} are"


def _cure(ground: Ground) -> str:
    crews, customers = crews_of(ground.scenario), ground.customers
    each = f" (one for {customers / crews:,.0f})" if crews else ""
    return (
        f"Crews for {customers:,.0f} customers: {crews:,}{each}; give more (crews.line.own, crews.trouble.own), fewer "
        "customers (place.customers) or a longer run (run.horizon_h)."
    )
