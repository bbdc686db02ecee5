"""Agents for Mesa users: households, crews and the utility, each a view on the rows of a run.

Households are agents stored by column. An agent holds the number of its row and nothing else; what one reads from
it stands in the columns that the compiled rules read and write, so it is always up to date and costs no copy. An
agent cannot be written to: who a household is belongs to the scenario, where the certificate of a run can tell of it.

An agent's own ``step`` does nothing: events happen in the order of time and not agent by agent.
"""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import mesa
import numpy as np

from sim.core.columns import ATTRIBUTES, LEVELS, Place
from sim.core.household_rows import HOUSEHOLD
from sim.core.outcome_codes import CREW_CLASSES, SOURCES
from sim.core.state import State
from sim.engine.story import story
from sim.inputs.parameters.channels import CHANNELS

REPORTED = ("kind", "has_power", "reported", "known", "hours_out", "busy", "customers_believed_out")


class Column:
    """An attribute of an agent: one column of the run, read at the agent's row."""

    def __init__(self, table: str, name: str = ""):
        self.table, self.name = table, name

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = self.name or name

    def __get__(self, agent: Any, owner: type | None = None) -> Any:
        return self if agent is None else agent.model.columns[self.table][self.name].item(agent.row)

    def __set__(self, agent: Any, value: Any) -> None:
        what = f"{type(agent).__name__}.{self.name}"
        raise AttributeError(f"{what} can be read, not set: change the scenario (changes=..., tables, outreach)")


class Count:
    """A number that the clock of the run keeps, read from a model or from one of its agents."""

    def __init__(self, name: str):
        self.name = name

    def __get__(self, owner: Any, kind: type | None = None) -> Any:
        return self if owner is None else int(getattr(owner, "model", owner).state.clock[self.name][0])


class View(mesa.Agent):
    """What the agents of this model share: a model and the number of a row in it."""

    def __init__(self, model: Any, row: int, unique_id: int):
        # Mesa's own __init__ is passed over: in Mesa 3.3 it keeps every model that ever had an agent alive for good.
        self.model, self.row, self.unique_id = model, row, unique_id


class Household(View):
    """One customer, with all ATTRIBUTES of the table of households; times count from the peak, infinity: not yet."""

    kind = "household"
    household_id = Column("people", "label")
    x_km = Column("people")
    y_km = Column("people")
    out_h = Column("households")
    restored_h = Column("households")
    known_h = Column("households")
    first_report_h = Column("households")

    @property
    def pos(self) -> tuple[float, float]:
        """Where it is: km east and north of the city's centre."""
        return self.x_km, self.y_km

    @property
    def neighbourhood(self) -> str:
        """Name of its neighbourhood."""
        return str(self.model.place.neighbourhoods.name[self.model.place.households.neighbourhood[self.row]])

    @property
    def has_power(self) -> bool:
        """No failed device on its path to the source."""
        return self.model.columns["households"]["n_faults_above"].item(self.row) == 0

    @property
    def hours_out(self) -> float:
        """Hours without power so far."""
        return max(0.0, min(self.restored_h, self.model.time_h) - self.out_h)

    @property
    def n_reports(self) -> int:
        """Contacts made, by all channels."""
        return sum(self.model.columns["households"][name].item(self.row) for name in ("n_reports", "asked"))

    @property
    def reported(self) -> bool:
        """Has tried to report at least once."""
        return self.first_report_h < np.inf

    @property
    def known(self) -> bool:
        """The utility has come to believe this customer out."""
        return self.known_h < np.inf

    @property
    def channel(self) -> str | None:
        """Channel of the first report; None before it."""
        first = self.model.columns["households"]["first_channel"].item(self.row)
        return CHANNELS[first] if first >= 0 else None

    @property
    def channels(self) -> tuple[str, ...]:
        """Channels that it knows of, has the means for, and is offered."""
        bits = self.model.columns["households"]["can"].item(self.row)
        return tuple(name for c, name in enumerate(CHANNELS) if bits >> c & 1)

    def story(self) -> list[tuple[float, str]]:
        """What has happened to this household so far: (hour, what), in order; see :mod:`sim.engine.story`."""
        told = story(self.model.place, self.model.state, self.row, self.model.time_h)
        return [(event.at_h, event.words) for event in told]


for _name in ATTRIBUTES:
    setattr(Household, _name, Column("households" if _name in (HOUSEHOLD.names or ()) else "people", _name))


class Crew(View):
    """A repair crew."""

    x_km = Column("crews")
    y_km = Column("crews")
    arrives_h = Column("crews")
    released_h = Column("crews")

    @property
    def kind(self) -> str:
        """Line crew or trouble crew."""
        return f"{CREW_CLASSES[self.model.columns['crews']['kind'].item(self.row)]} crew"

    @property
    def pos(self) -> tuple[float, float]:
        """The site where it is, or to which it is on its way: km east and north of the city's centre."""
        return self.x_km, self.y_km

    @property
    def busy(self) -> bool:
        """On a job: travelling, searching or repairing."""
        return self.model.columns["crews"]["job"].item(self.row) >= 0

    @property
    def job(self) -> dict[str, Any] | None:
        """The job that it is on, with its hours; None without one."""
        number = self.model.columns["crews"]["job"].item(self.row)
        if number < 0:
            return None
        job = self.model.state.jobs[number]
        hours = {name: float(job[name]) for name in ("dispatched_h", "arrived_h", "found_h")}
        return {"order": int(job.order), "device": str(self.model.place.devices.label[job.at]), **hours}


class Utility(View):
    """The utility: what it believes, which is not what is."""

    kind, pos = "utility", None

    orders_open = Count("n_open")  # devices that it believes to be open

    @property
    def customers_believed_out(self) -> int:
        """Customers behind a device with an open order."""
        devices, edges = self.model.state.devices, np.zeros(len(self.model.state.households) + 1, dtype=np.int64)
        suspected = devices[self.model.state.nodes.order >= 0]
        np.add.at(edges, suspected["first"], 1)
        np.add.at(edges, suspected["last"], -1)
        return int(np.count_nonzero(np.cumsum(edges)[:-1]))

    @property
    def orders(self) -> list[dict[str, Any]]:
        """The open orders in the order of opening."""
        state, devices = self.model.state, self.model.place.devices
        numbers = np.sort(state.nodes.order[state.nodes.order >= 0])
        return [
            {
                "order": int(number),
                "device": str(devices.label[order.at]),
                "level": LEVELS[devices.level[order.at]],
                "source": SOURCES[order.source],
                "confirmed": bool(order.confirmed),
                "opened_h": float(order.opened_h),
                "reports": int(order.reports),
                "believed_customers": int(order.believed),
            }
            for number, order in zip(numbers, state.orders[numbers], strict=True)
        ]


def columns(place: Place, state: State) -> dict[str, Mapping[str, np.ndarray]]:
    """What agents read. These rows are never replaced by longer ones, so their columns are looked up once."""
    households, crews = state.households.view(np.ndarray), state.crews.view(np.ndarray)
    of_households, of_crews = ({name: rows[name] for name in rows.dtype.names or ()} for rows in (households, crews))
    return {"people": vars(place.households), "households": of_households, "crews": of_crews}


def make_all(model: Any) -> dict[type, list[View]]:
    """The agents of a model by class; household ``row`` is agent ``row + 1``, then come crews, then the utility."""
    n, n_crews = len(model.state.households), len(model.state.crews)
    households = [Household(model, row, row + 1) for row in range(n)]
    crews = [Crew(model, row, n + row + 1) for row in range(n_crews)]
    return {Household: households, Crew: crews, Utility: [Utility(model, 0, n + n_crews + 1)]}


@contextmanager
def many_made() -> Iterator[None]:
    """Let the garbage collector rest while many objects are made that all stay: four times as fast."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
