"""Sensitivity: which unknowns drive an outcome, by itself and with others, and whether that is settled."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from experiments.found import Found
from experiments.keys import Key, anything, of_a_file, one_of, table, whole, yes_no
from experiments.study import Kind

if TYPE_CHECKING:  # what is loaded when it is asked for: --help answers at once
    from experiments.designs.sensitivity import Sensitivity
    from experiments.record import Made
    from experiments.runs.ledger import Ledger
    from experiments.runs.plan import Plan

KEYS = (
    *of_a_file(replicates=4, outcomes=["gap", "mean", "beyond_72", "cost"], doubts=False),
    Key("method", one_of("analysis.sensitivity.sample", "METHODS"), is_own=True),
    Key("n", anything, is_own=True),
    Key("second_order", yes_no, is_own=True),
    Key("resamples", whole(50, 100_000), is_own=True),
    Key("groups", table, is_own=True),
)
HELP = """Find what drives the gap, the hours out and the cost: indices of sensitivity with intervals.

Example: `coproduce sensitivity sensitivity-classroom --out results/drivers`

**Which method, and what it costs** (D parameters or groups, R seeds; set by `method` and `n` in the study):

- `morris`: a first look at many parameters; n (D+1) R runs, n = 20 to 50 trajectories

- `sobol`: shares of variance, alone and with interactions; n (D+2) R runs, n = 512 to 4096, a power of two; pairs as
  well with `second_order = true`: n (2D+2) R runs

- `pawn`, `delta`: skewed outcomes, where variance misleads; n R runs, n = 500 to 2000

- `rbd-fast`: shares of variance alone, cheaply; n R runs, n = 500 to 2000

- `hdmr`: alone and in pairs from a fitted surface; n R runs, n from 8 (3D + 9 D(D-1)/2) on

**Seeds**: all rows share the same R seeds, and each row counts by its mean. The share of variance that is luck left in
these means is printed apart from the parameters'; halve it with twice the seeds. R = 1 cannot tell.

**Enough runs?** A verdict says whether indices and ranking have settled, and how many runs are missing if not. Raise
`n` (sobol, morris) or `--replicates` and give the same command again: finished runs are not repeated.

**A study file** has `kind = "sensitivity"`, `scenario`, `method`, `n`, `[vary]` with ranges or lists of values, and may
have `replicates`, `outcomes`, `[set]`, `[groups]`. Copy studies/sensitivity-classroom.toml to begin.
"""


def ask(study: Any, scenario: str | None = None, **over: Any) -> "Sensitivity":
    """Read and check a study with what is said otherwise, before anything runs."""
    from experiments.designs.sensitivity import sensitivity_of
    from experiments.designs.study_files import read_study

    return sensitivity_of(read_study(study, "sensitivity", scenario, **over))


def plan(asked: "Sensitivity", size: int) -> "Plan":
    """Every row of the design under every seed."""
    return asked.plan


def find(asked: "Sensitivity", runs: "Ledger", sizes: Sequence[int]) -> Found:
    """Indices, their convergence, and how much is luck."""
    from experiments.findings.sensitivity import as_data, convergence_table, findings, indices_table, measured

    found = findings(asked, runs, measured(asked.study, runs))
    tables = {"indices": indices_table(asked, found), "convergence": convergence_table(asked, found)}
    return Found("sensitivity", as_data(asked, found), tables, drawn=(asked, found))


def made(asked: "Sensitivity") -> "Made":
    """The scenario, and what varies."""
    from experiments.record import Made

    varied = tuple(path for factor in asked.study.factors for path in factor.paths)
    return Made(asked.study.scenario, varied, tuple(asked.study.set))


KIND = Kind("sensitivity", KEYS, HELP, ask, plan, find, made)
