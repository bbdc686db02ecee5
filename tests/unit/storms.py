"""A storm that passes a city, for the tests of wind and damage."""

from sim.inputs.parameters.root import Parameters
from sim.inputs.scenario import Scenario

DEFAULT = Scenario("town", Parameters()).but({"grid.by_length": 0.0, "storm.temporary_share": 0.0})
# A storm of constant strength that passes the city's centre going due north.
NORTHWARD = [
    ["2018-10-10T00:00Z", 26.44, -84.28, 100.0, 30.0],
    ["2018-10-11T00:00Z", 34.44, -84.28, 100.0, 30.0],
]
