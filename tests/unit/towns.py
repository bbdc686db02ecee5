"""Towns of people as declared, and how the tests compare them."""

from dataclasses import fields

import numpy as np

from sim.core.columns import Households
from sim.inputs.parameters.root import Parameters
from sim.inputs.scenario import Scenario
from sim.world import people

DEFAULT = Scenario("test", Parameters())
ATTRIBUTES = [field.name for field in fields(Households)]
STANDARD_ERRORS = 4.5  # about one false alarm in 150,000 comparisons


def town(customers=20_000, seed=1, **patch):
    scenario = DEFAULT.but({"place.customers": customers, **patch})
    return people.population(scenario, seed)


def own_table(rows=None, **columns):
    if rows is not None:
        columns = {name: [values[row] for row in rows] for name, values in columns.items()}
    return DEFAULT.with_tables(households=columns)


def assert_same(first, second):
    for name in ATTRIBUTES:
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name), err_msg=name)


def by_label(neighbourhoods, households):
    """Everything about each household except its neighbourhood's index, which depends on which others exist."""
    columns = [getattr(households, name) for name in ATTRIBUTES if name != "neighbourhood"]
    names = neighbourhoods.name[households.neighbourhood]
    return {str(row[0]): row[1:] for row in zip(*columns, names, strict=True)}
