"""The command ``coproduce sensitivity``."""

from typing import Annotated

import typer

from app.endings import plain_endings
from app.options import REPLICATES, SEED, AsJson, Out, Quiet, Repair, Report, Scheduler, Shard, Workers, shard_of


def sensitivity_command(
    context: typer.Context,
    study: Annotated[
        str, typer.Argument(metavar="STUDY", help="Name of a shipped study (sensitivity-classroom), or a TOML file.")
    ],
    scenario: Annotated[
        str | None, typer.Option(metavar="SCENARIO", help="Use this scenario instead of the study's.")
    ] = None,
    replicates: Annotated[
        int | None,
        typer.Option(min=1, callback=REPLICATES, metavar="R", help="Seeds of every row, instead of the study's."),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, callback=SEED, metavar="N", help="First seed, instead of the study's.")
    ] = None,
    out: Out = None,
    workers: Workers = 0,
    scheduler: Scheduler = None,
    shard: Shard = None,
    repair: Repair = False,
    figures: Annotated[bool, typer.Option("--figures/--no-figures", help="Draw figures into --out.")] = True,
    as_json: AsJson = False,
    report: Report = False,
    quiet: Quiet = False,
) -> None:
    """Find what drives the gap, the hours out and the cost: indices of sensitivity with intervals.

    Example: `coproduce sensitivity sensitivity-classroom --out results/drivers`

    **Which method, and what it costs** (D parameters or groups, R seeds; set by `method` and `n` in the study):

    - `morris`: a first look at many parameters; n (D+1) R runs, n = 20 to 50 trajectories

    - `sobol`: shares of variance, alone and with interactions; n (D+2) R runs, n = 512 to 4096, a power of two;
      pairs as well with `second_order = true`: n (2D+2) R runs

    - `pawn`, `delta`: skewed outcomes, where variance misleads; n R runs, n = 500 to 2000

    - `rbd-fast`: shares of variance alone, cheaply; n R runs, n = 500 to 2000

    - `hdmr`: alone and in pairs from a fitted surface; n R runs, n from 8 (3D + 9 D(D-1)/2) on

    **Seeds**: all rows share the same R seeds, and each row counts by its mean. The share of variance that is luck left
    in these means is printed apart from the parameters'; halve it with twice the seeds. R = 1 cannot tell.

    **Enough runs?** A verdict says whether indices and ranking have settled, and how many runs are missing if not.
    Raise `n` (sobol, morris) or `--replicates` and give the same command again: finished runs are not repeated.

    **A study file** has `kind = "sensitivity"`, `scenario`, `method`, `n`, `[vary]` with ranges or lists of values, and
    may have `replicates`, `outcomes`, `[set]`, `[groups]`. Copy studies/sensitivity-classroom.toml to begin.
    """
    with plain_endings():
        from app.report.command import as_given
        from app.report.write import checked, write_report
        from app.running import RunOptions
        from app.sensitivity.study import read, run_sensitivity

        options = RunOptions(
            out=out, workers=workers, scheduler=scheduler, shard=shard_of(shard), quiet=quiet, repair=repair
        )
        target = checked(report, out, shard)
        asked = read(study, scenario, replicates, seed)
        run_sensitivity(asked, options, as_json, figures, as_given(context))
        if target:
            write_report(target, to_stderr=as_json)
