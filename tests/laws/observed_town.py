"""A scenario under one seed, built, struck and run only as far as a law looks at it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

import numpy as np

from experiments.runs.evaluate import READ_BY_WORLD
from sim.core.columns import (
    ETHNICITIES,
)  # fmt: skip
from sim.core.seeds import Seeds
from sim.engine.costs import costs
from sim.engine.outcomes import Outcomes
from sim.inputs.scenario import Scenario
from sim.rules.channels import DIGITAL, aware
from sim.world import place as places
from sim.world import storm
from tests.laws.towns import rows_of, state_of

DIGITAL_BITS = sum(1 << channel for channel in DIGITAL)
PLACES = {}


@dataclass(frozen=True)
class Town:
    """A scenario under one seed."""

    scenario: Scenario
    seed: int

    @cached_property
    def built(self):
        return world_of(self.scenario, self.seed)

    @cached_property
    def state(self):
        return state_of(self.scenario, self.seed, self.built)

    @cached_property
    def rows(self):
        return rows_of(self.state)

    @cached_property
    def costs(self):
        return costs(Outcomes(self.scenario, Seeds.all(self.seed), *self.built, self.state, datetime.now(UTC), {}))

    @property
    def people(self):
        return self.built[0].households

    @property
    def places(self):
        return self.built[0].neighbourhoods

    @property
    def devices(self):
        return self.built[0].devices

    @property
    def damage(self):
        return self.built[1]

    @property
    def horizon_h(self):
        return self.scenario["run.horizon_h"]

    @cached_property
    def knew(self):
        """Channels that each household knew before any outreach, one bit each."""
        return aware(self.scenario, self.seed, self.built[0])

    @property
    def hit(self):
        return self.rows["households"][np.isfinite(self.rows["households"]["out_h"])]

    def holds(self, name):
        return self.people.ethnicity == ETHNICITIES.index(name) if name in ETHNICITIES else getattr(self.people, name)

    def reports(self, *fates):
        return self.rows["reports"][np.isin(self.rows["reports"]["outcome"], fates)]

    def until_horizon(self, hours):
        return np.minimum(hours, self.horizon_h)


def world_of(scenario, seed):
    """Place and damage; a place is built once for all scenarios that say the same about it."""
    said = tuple(getattr(scenario.parameters, section) for section in READ_BY_WORLD)
    if (said, seed) not in PLACES:
        PLACES[said, seed] = places.build(scenario, seed)
    return PLACES[said, seed], storm.strike(scenario, PLACES[said, seed], seed)


def less_others(values, flag):
    """Mean of those flagged less that of the others."""
    return values[flag].mean() - values[~flag].mean()
