"""Channels: what a way to report is like, and when it is staffed."""

from dataclasses import dataclass

from sim.inputs.parameters.channels import VOICES, WAYS, Need
from sim.inputs.scenario import Scenario


@dataclass(eq=False, slots=True)
class Channel:
    """One way to report."""

    number: int
    name: str
    needs: Need
    asc: float
    hassle: float
    precision: float
    two_way: bool
    other_languages: bool
    opens: float
    closes: float

    def is_open(self, hour: float) -> bool:
        """Whether the channel is staffed at an hour of the day; equal hours mean always."""
        if self.opens == self.closes:
            return True
        if self.opens < self.closes:
            return self.opens <= hour < self.closes
        return hour >= self.opens or hour < self.closes


def channels_of(scenario: Scenario) -> list[Channel]:
    """The scenario's channels."""
    found, reporting = [], scenario.parameters.reporting
    louder = VOICES[reporting.voice] + reporting.willingness
    for number, (name, way) in enumerate(WAYS.items()):
        given = getattr(scenario.parameters.channels, name)
        closes = given.closes_hour if given.closes_hour - given.opens_hour != 24.0 else given.opens_hour
        found.append(Channel(number, name, way.needs, given.asc + louder, given.hassle, given.precision, given.two_way,
                             given.other_languages, given.opens_hour, closes))  # fmt: skip
    return found
