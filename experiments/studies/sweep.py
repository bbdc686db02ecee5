"""Sweeps: every point of a design under the same seeds, and what each factor does to each outcome."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from experiments.found import Found
from experiments.keys import Key, anything, of_a_file, one_of, table
from experiments.study import Kind

if TYPE_CHECKING:  # what is loaded when it is asked for: --help answers at once
    from experiments.designs.sweep import Sweep
    from experiments.record import Made
    from experiments.runs.ledger import Ledger
    from experiments.runs.plan import Plan

KEYS = (
    *of_a_file(),
    Key("design", one_of("experiments.designs.points", "DESIGNS"), is_own=True),
    Key("n", anything, is_own=True),
    Key("across", table, is_own=True),
)
HELP = """Vary channels or any parameters, and print how the gap answers, with intervals over seeds.

Every point of the design runs under the same seeds, so differences between points are paired; the scenario as it stands
is always run as well and is the reference.

Examples:

`coproduce sweep channel-availability --out results/channels`

`coproduce sweep channel-subsets --scenario arms/widening --replicates 10 --out results/subsets`

A study of your own, my-sweep.toml, is as short as this (designs: factorial, one-at-a-time, latin-hypercube, sobol):

```
kind = "sweep"
scenario = "classroom"
replicates = 20
outcomes = ["gap", "mean"]

[vary]
"channels.app.availability" = { from = 0.0, to = 1.0, steps = 5 }
"crews.line.own" = [1, 2, 4]
"dispatch.policy" = ["standard", "most-reports"]
```
"""


def ask(study: Any, scenario: str | None = None, **over: Any) -> "Sweep":
    """Read and check a study with what is said otherwise, before anything runs."""
    from experiments.designs.study_files import read_study
    from experiments.designs.sweep import sweep_of

    return sweep_of(read_study(study, "sweep", scenario, **over))


def plan(asked: "Sweep", size: int) -> "Plan":
    """Every point under every seed."""
    return asked.plan


def find(asked: "Sweep", runs: "Ledger", sizes: Sequence[int]) -> Found:
    """Every level of every factor, and every point."""
    from experiments.findings.sweep import as_data, gather, table_of_points

    swept = gather(asked, runs)
    tables = {"points": table_of_points(swept), "responses": swept.answers}
    return Found("sweep", as_data(swept), tables, drawn=swept)


def made(asked: "Sweep") -> "Made":
    """The scenario, and what varies."""
    from experiments.designs.doubt import told
    from experiments.record import Made, short_name

    factors = (*asked.design.factors, *asked.design.across)
    moved = tuple(path for factor in factors for path in factor.paths)
    study, scenario = asked.study, asked.study.scenario
    contents = {short_name(scenario): scenario.digest, f"the study {study.name}": study.digest}
    return Made(scenario, moved, tuple(study.set), contents, told(study.doubt, scenario))


KIND = Kind("sweep", KEYS, HELP, ask, plan, find, made)
