"""``coproduce sweep``: an outcome against channel availability, or any other parameter."""

from typing import Annotated

import typer

from app.endings import plain_endings
from app.options import REPLICATES, SEED, AsJson, Out, Quiet, Repair, Report, Scheduler, Shard, Workers


def sweep_command(
    context: typer.Context,
    study: Annotated[
        str | None,
        typer.Argument(metavar="STUDY", help="Name of a shipped study (none: they are listed) or a TOML file."),
    ] = None,
    scenario: Annotated[
        str | None, typer.Option(metavar="SCENARIO", help="Another scenario than the study's own.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, callback=SEED, metavar="N", help="Seed of the first replicate.")
    ] = None,
    replicates: Annotated[
        int | None,
        typer.Option(
            min=1, callback=REPLICATES, metavar="R", help="Seeds at every point, counting up; the same at each."
        ),
    ] = None,
    outcome: Annotated[
        list[str],
        typer.Option(metavar="NAME", help="What to look at: gap:income, mean, cost, ... Repeatable."),
    ] = [],  # noqa: B006
    out: Out = None,
    workers: Workers = 0,
    scheduler: Scheduler = None,
    shard: Shard = None,
    repair: Repair = False,
    as_json: AsJson = False,
    figures: Annotated[bool, typer.Option("--figures/--no-figures", help="Draw figures into --out.")] = True,
    report: Report = False,
    quiet: Quiet = False,
) -> None:
    """Vary channels or any parameters, and print how the gap answers, with intervals over seeds.

    Every point of the design runs under the same seeds, so differences between points are paired; the scenario as it
    stands is always run as well and is the reference.

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
    with plain_endings():
        from app.options import shard_of
        from app.report.command import as_given
        from app.report.write import checked, write_report
        from app.running import RunOptions
        from app.sweep.study import asked_for, name_studies, run_sweep

        if study is None:
            name_studies()
            return
        options = RunOptions(out, workers, scheduler, shard_of(shard), quiet, repair)
        target = checked(report, out, shard)
        asked = asked_for(study, scenario, seed, replicates, outcome)
        run_sweep(asked, options, as_json, figures, as_given(context))
        if target:
            write_report(target, to_stderr=as_json)
