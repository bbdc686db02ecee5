"""The columns of the tables that come out of a run, with their units and meanings, declared once.

What stands in them is an array, or `Words`.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.core.columns import ATTRIBUTES, ETHNICITIES, OWNED
from sim.core.outcome_codes import CREW_CLASSES, ONLY_JOBS, ONLY_ORDERS, OUTCOMES, REPORT_OUTCOMES, SOURCES
from sim.inputs.parameters.channels import CHANNELS

if TYPE_CHECKING:
    import pandas as pd


class Column(NamedTuple):
    """Meaning of one column."""

    name: str
    unit: str
    meaning: str


class Words(NamedTuple):
    """A column of words: row by row a number in a list of names, spelled out where it is asked for."""

    codes: np.ndarray
    names: Any  # [name], text
    few: bool = True  # a category of pandas; else there are about as many names as rows

    def spelled(self, rows: slice = slice(None)) -> np.ndarray:
        """The words of some rows, object [row]."""
        names = np.array(self.names, dtype=object) if self.few else self.names
        return names[self.codes[rows]]


def frame_of(columns: Mapping[str, Any]) -> "pd.DataFrame":
    """Columns as a data frame: those of few words as categories."""
    import pandas as pd

    return pd.DataFrame({name: _of_pandas(values) for name, values in columns.items()})


def _of_pandas(values: Any) -> Any:
    import pandas as pd

    if not isinstance(values, Words):
        return values
    if not values.few:
        return values.spelled()
    return pd.Categorical.from_codes(values.codes.astype(np.int32), values.names)


def listed(words: Iterable[str], notes: Mapping[str, str] | None = None, but: Iterable[str] = ()) -> str:
    """What stands in a column of words: all of a list but some, each with its note."""
    notes = notes or {}
    return ", ".join(f"{word} {notes[word]}" if word in notes else word for word in words if word not in but)


HOUSEHOLD_COLUMNS = (
    Column("household_id", "", "the household, as in the user's table or numbered"),
    Column("neighbourhood", "", "name of its neighbourhood"),
    Column("svi", "percentile 0-1", "social vulnerability of the neighbourhood, 1 = most vulnerable"),
    Column("x_km", "km", "east of the city's centre"),
    Column("y_km", "km", "north of the city's centre"),
    Column("ethnicity", "", listed(ETHNICITIES, {"white": "(non-Hispanic)"})),
    *(Column(name, attribute.unit, attribute.meaning) for name, attribute in ATTRIBUTES.items()),
    Column("service_drop", "", "the last device before its meter"),
    Column("out_h", "h", "lost power; infinity: never"),
    Column("restored_h", "h", "has power again; infinity: not within the horizon, or never lost it"),
    Column("hours_out", "h", "restored_h - out_h; 0 if never out, infinity if never restored"),
    Column("first_report_h", "h", "first attempt to report; infinity: none"),
    Column("first_report_channel", "", "channel of that attempt, empty: none"),
    Column("report_logged", "yes/no", "at least one report of its own reached the utility"),
    Column("n_reports", "contacts", "contacts made, by all channels"),
    Column("reached", "yes/no", "an outreach programme reached it"),
    Column("taken_in", "yes/no", "it took one in"),
    Column("asked", "yes/no", "it asked an official for help"),
    Column(
        "away_h",
        "h",
        "nobody was at home from then on; minus infinity: left before the storm; infinity: stayed, or had power",
    ),
    Column("returns_h", "h", "and until then"),
    Column("known_h", "h", "the utility first believed this customer out; infinity: never"),
    Column(
        "undetected_h", "h", "not yet believed out for good, before the repair of the fault on its path mended next"
    ),
    Column("waiting_h", "h", "believed out, until a crew set off on that repair, what follows here left out"),
    Column(
        "search_h", "h", "travel and search of that crew, and visits that found the fault or that its owner comes first"
    ),
    Column(
        "owner_h", "h", "a crew had found that the household has to have what it owns mended first, until the release"
    ),
    Column("repair_h", "h", "repair itself; the five sum to the hours out, cut at the horizon"),
    Column("behind_two_faults_h", "h", "beside the five: with two or more faults on the path"),
    Column("falsely_closed_h", "h", "beside the five: taken by the utility to be back, and dark"),
    Column("false_closures", "times", "closed by the utility while dark"),
    Column("own_damage", "", f"what its service drop tore off that it owns: {listed(OWNED[1:])}; empty: nothing"),
    Column("released_h", "h", "what it owns of its service drop was mended; infinity: not, or not torn off"),
)
ORDER_COLUMNS = (
    Column("order_id", "", "number, in the order of opening"),
    Column("device", "", "device believed open"),
    Column("level", "", "its level in the grid"),
    Column(
        "source",
        "",
        f"what opened it: {listed(SOURCES, {'release': 'by the owner'})}",
    ),
    Column("confirmed", "yes/no", "seen, not only predicted"),
    Column("opened_h", "h", "first known, the earliest of the orders merged into it"),
    Column("ready_h", "h", "crews could be sent from then on"),
    Column("first_dispatched_h", "h", "a crew first set off; infinity: none"),
    Column("closed_h", "h", "closed; infinity: still open"),
    Column("outcome", "", listed(OUTCOMES, but=ONLY_JOBS)),
    Column("reports", "reports", "on this order"),
    Column("informal", "requests", "passed on by officials"),
    Column("believed_customers", "customers", "behind the device"),
    Column("precision", "0-1", "how exactly the place is known"),
)
FAULT_COLUMNS = (
    Column("fault_id", "", "number, in the order of the grid"),
    Column("device", "", "device that failed"),
    Column("n_faults", "faults", "faults of the device, a job of work each"),
    Column("n_temporary", "faults", "of these, gone by themselves: to be found, and switched on again"),
    Column("supply", "yes/no", "a substation that lost its supply"),
    Column("owner", "", f"what a service drop tore off that the household owns: {listed(OWNED[1:])}; empty: nothing"),
    Column("level", "", "its level in the grid"),
    Column("customers", "customers", "behind the device"),
    Column("onset_h", "h", "it failed"),
    Column(
        "source",
        "",
        f"what led to it: {listed(SOURCES, {'crew': '(sent elsewhere)'})}; empty: nothing",
    ),
    Column("confirmed_h", "h", "the utility knew for certain; infinity: never"),
    Column("held_h", "h", "the utility found that its owner comes first; infinity: it did not have to wait"),
    Column("released_h", "h", "what the household owns was mended; infinity: not within the horizon, or not torn off"),
    Column("aided", "yes/no", "a programme had that mended, or lent the money"),
    Column("assigned_h", "h", "the crew that repaired it set off; infinity: none"),
    Column("work_h", "h", "work once found, on all faults of the device"),
    Column("repaired_h", "h", "repaired; infinity: not within the horizon"),
)
JOB_COLUMNS = (
    Column("job_id", "", "number, in the order of dispatch"),
    Column("crew", "", "number of the crew"),
    Column("crew_class", "", listed(CREW_CLASSES)),
    Column("order_id", "", "the order"),
    Column("device", "", "the order's device"),
    Column("level", "", "its level in the grid"),
    Column("dispatched_h", "h", "the crew set off"),
    Column("arrived_h", "h", "on site"),
    Column("found_h", "h", "the search was over"),
    Column("done_h", "h", "the crew was free again; infinity: still at work"),
    Column(
        "outcome",
        "",
        listed(OUTCOMES, {"nothing": "(a wasted truck roll)", "owner": "(who comes first)"}, but=ONLY_ORDERS),
    ),
)
REPORT_COLUMNS = (
    Column("report_id", "", "number, in the order in which its fate was known"),
    Column("household_id", "", "the household without power"),
    Column("reporter_id", "", "who reported: the same, or a neighbour"),
    Column("channel", "", listed(CHANNELS)),
    Column("attempted_h", "h", "begun"),
    Column("logged_h", "h", "reached the utility; infinity: lost"),
    Column("outcome", "", listed(REPORT_OUTCOMES)),
)
TABLES = {
    "households": HOUSEHOLD_COLUMNS,
    "faults": FAULT_COLUMNS,
    "orders": ORDER_COLUMNS,
    "jobs": JOB_COLUMNS,
    "reports": REPORT_COLUMNS,
}
