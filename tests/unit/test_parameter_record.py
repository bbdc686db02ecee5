"""Parameters reach the compiled rules under their own names, with their own values."""

import numpy as np

from sim import load
from sim.core.rows import rows
from sim.core.seeds import Seeds
from sim.engine.settings import parameters_row
from sim.inputs.parameters.declare import catalogue
from sim.inputs.parameters.record import code_of, dtype_of, values_of
from sim.inputs.parameters.root import Parameters
from sim.inputs.parameters.utility import Crews
from sim.rules.scores import weights


def row_of(scenario, customers=1_000):
    return parameters_row(scenario, Seeds(1, 2, 3), customers, metered=False)[0]


def stands_at(row, path):
    for step in path.split("."):
        row = row[step]
    return row


def test_every_number_flag_and_choice_stands_under_its_path_and_nothing_else():
    scenario = load("tallahassee-michael")
    row, listed = row_of(scenario), [p for p in scenario.listing() if p.kind not in ("text", "table")]
    for parameter in listed:
        given = parameter.choices.index(parameter.value) if parameter.choices else parameter.value
        assert stands_at(row, parameter.path) == given, parameter.path
    assert n_fields(dtype_of(Parameters)) == len(listed) < len(scenario.listing())


def n_fields(kind):
    return sum(n_fields(kind[name]) for name in kind.names) if kind.names else 1


def test_a_row_keeps_kinds_apart():
    row = rows(dtype_of(Parameters), 1)
    row[0] = values_of(Parameters())
    kinds = {"real": "f", "whole": "i", "yes/no": "b", "choice": "i"}
    listed = [p for p in catalogue(Parameters()) if p.kind in kinds]
    assert len(listed) > 400
    assert all(stands_at(row[0], p.path).dtype.kind == kinds[p.kind] for p in listed)


def test_a_choice_stands_as_its_place_among_those_declared():
    assert [code_of(Crews, "aid_by", choice) for choice in ("customers", "orders")] == [0, 1]
    assert row_of(load("classroom").but({"crews.aid_by": "orders"})).crews.aid_by == code_of(Crews, "aid_by", "orders")


def test_weights_in_force_are_the_policys_and_bear_the_declared_names():
    own = {"dispatch.weights.waiting": 3.0, "dispatch.weights.reports": 2.0}
    for policy in ("custom", "most-reports", "pressure"):
        scenario = load("classroom").but({**own, "dispatch.policy": policy})
        row = row_of(scenario)
        in_force = {name: float(row.derived.weights[name]) for name in row.derived.weights.dtype.names}
        assert in_force == weights(scenario)
        assert row.dispatch.weights.waiting == 3.0


def test_what_depends_on_the_city_is_derived():
    scenario = load("classroom").but({"liaison.per_10000_customers": 4.0, "liaison.visits_per_h": 2.5})
    assert row_of(scenario, 5_000).derived.visit_every_h == 1 / (2.0 * 2.5)
    assert np.isinf(row_of(load("classroom")).derived.visit_every_h)
