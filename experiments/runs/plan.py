"""A plan: everything that a study is going to run, in the order of its design.

The order of ``rows`` is the order of every table and export; runs are made in whatever order is fastest. ``rows`` may
be a sequence that makes its rows when asked for them: nothing keeps them all at once.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from experiments.keys import BY
from experiments.runs.evaluate import Measure, measure_run
from experiments.runs.own_rules import Rules, rules_of
from experiments.runs.rows import Row, digest_of, row
from sim import Scenario, Seeds


class Plan(NamedTuple):
    """What to run and how to measure it."""

    scenarios: dict[str, Scenario]  # by digest
    rows: Sequence[Row]  # in the order of the design
    by: tuple[str, ...] = BY  # groupings, as in `analysis.measures.grouping`
    identity: dict[str, Any] = {}  # noqa: RUF012  what the study is; a ledger of another identity refuses to mix
    rules: dict[str, Rules] = {}  # noqa: RUF012  rules of one's own, by `Row.rules`
    measure: Measure = measure_run  # what to do with a row; the run itself
    keeps: bool = False  # whether ``measure`` takes a ``folder`` and leaves there what a run produced
    folder: str = ""  # that folder; "": nothing is left


def plan_of(
    runs: Iterable[tuple[Scenario, Mapping[str, Any], Seeds]],
    by: Sequence[str] = BY,
    identity: Mapping[str, Any] | None = None,
    choose: Any = None,
    score: Any = None,
) -> Plan:
    """A plan of runs given one by one as scenario, patch and seeds.

    Parameters
    ----------
    choose, score : rules of one's own for all runs, as of `sim.run`
    """
    scenarios: dict[str, Scenario] = {}
    rows, rules = [], rules_of(choose, score)
    for scenario, patch, seeds in runs:
        rows.append(row(scenario, patch, seeds, rules))
        scenarios.setdefault(digest_of(scenario), scenario)
    return Plan(scenarios, rows, tuple(by), dict(identity or {}), {rules.told: rules})
