"""Time in the event-driven model: day and night, and what happens when, by Mesa's discrete-event simulator.

Agents reach each other through their model; which of them there are is told by `events.Storm`, that stands above all.
"""

from collections.abc import Callable
from typing import Any

import mesa
import numpy as np
from mesa.experimental.devs import DEVSimulator
from mesa.experimental.devs.eventlist import SimulationEvent

from benchmarks.plain_mesa.kinds import Kind, Turn
from benchmarks.plain_mesa.things import Device
from sim.core.seeds import Seeds
from sim.engine.settings import peak_hour
from sim.inputs.scenario import Scenario


class Rhythm:
    """Day and night: the hour of the day, and how fast attention comes."""

    def __init__(self, scenario: Scenario):
        p = scenario.parameters.reporting
        self.peak_hour = peak_hour(scenario)
        self.day_starts, self.day_ends = p.day_starts_hour, p.day_ends_hour
        self.by_day, self.by_night = p.attention_per_h, p.attention_per_h * p.night_factor

    def hour(self, time_h: float) -> float:
        """Hour of the day."""
        return (time_h + self.peak_hour) % 24.0

    def after(self, time_h: float, urge: float) -> float:
        """When the attention gathered since ``time_h`` has grown to ``urge``."""
        hour = self.hour(time_h)
        while True:
            if hour < self.day_starts:
                rate, left_h = self.by_night, self.day_starts - hour
            elif hour < self.day_ends:
                rate, left_h = self.by_day, self.day_ends - hour
            else:
                rate, left_h = self.by_night, 24.0 - hour + self.day_starts
            if urge < rate * left_h:
                return time_h + urge / rate
            urge -= rate * left_h
            time_h += left_h
            hour = (hour + left_h) % 24.0


class EventModel(mesa.Model):
    """A model with exact times, and what its agents find in it.

    Parameters
    ----------
    scenario : Scenario
    seeds : Seeds
    starts_h : float    when the first thing may happen
    """

    devices: list[Device]
    faults: list[Device]
    unrepaired: set[Device]
    households: list[Any]
    crews: list[Any]
    utility: Any
    division: Any  # of the city into districts
    rounds: Any  # of the patrols

    def __init__(self, scenario: Scenario, seeds: Seeds, starts_h: float):
        super().__init__(rng=1)  # not used: chance comes from luck
        self.scenario, self.parameters = scenario, scenario.parameters
        self.behaviour, self.storm = np.uint64(seeds.behaviour), np.uint64(seeds.storm)
        self.rhythm = Rhythm(scenario)
        self.simulator = DEVSimulator()
        self.simulator.start_time = self.simulator.time = starts_h
        self.simulator.setup(self)

    @property
    def now(self) -> float:
        """Hours since the storm's peak."""
        return self.simulator.time

    def schedule(self, time_h: float, kind: Kind, number: int, action: Callable, *given) -> SimulationEvent:
        """Let something happen at its time, in its turn."""
        turn = Turn((kind, number))
        return self.simulator.schedule_event_absolute(action, time_h, priority=turn, function_args=list(given))
