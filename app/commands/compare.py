"""``coproduce compare``: arms against a baseline, pair by pair."""

from typing import Annotated

import typer

from app.endings import plain_endings
from app.options import REPLICATES, AsJson, By, Out, Quiet, Repair, Report, Scheduler, Seed, Shard, Workers, shard_of


def compare_command(
    context: typer.Context,
    baseline: Annotated[
        str,
        typer.Argument(metavar="BASELINE", help="Scenario to compare with: a name (see `coproduce list`) or a file."),
    ],
    arms: Annotated[
        list[str],
        typer.Argument(
            metavar="[ARM]...",
            help="What to compare with it: a change that fits any city (outreach/app-launch), PATH=VALUE[,PATH=VALUE], "
            'or another scenario. "LABEL: ARM" names it. None: the baseline that the scenario itself gives.',
        ),
    ] = [],  # noqa: B006
    replicates: Annotated[
        int | None,
        typer.Option(
            min=1,
            callback=REPLICATES,
            metavar="R",
            help="Pairs, one per seed: 20; with --until-halfwidth the first batch, at least 10.",
        ),
    ] = None,
    until_halfwidth: Annotated[
        float | None,
        typer.Option(
            metavar="HOURS",
            help="Add pairs until the 95 % interval of the change of the gap (first --by, every arm) is this narrow: "
            "0.25 means plus or minus a quarter of an hour.",
        ),
    ] = None,
    max_replicates: Annotated[
        int, typer.Option(min=1, callback=REPLICATES, metavar="R", help="Most pairs with --until-halfwidth.")
    ] = 400,
    change: Annotated[
        list[str],
        typer.Option(
            "--set", metavar="PATH=VALUE", help="Change a parameter in the baseline and in every arm. Repeatable."
        ),
    ] = [],  # noqa: B006
    seed: Seed = 1,
    by: By = [],  # noqa: B006
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
    """Compare arms with a baseline: what a change does to the gap, to everybody, and to the bill.

    Each seed is run in the baseline and in every arm: the same city, storm and inclinations, so that runs differ only
    by what was changed. Printed are the differences with 95 % intervals over pairs, in words and in tables.

    Examples:

    `coproduce compare classroom crews.line.own=20 --until-halfwidth 0.25`

    `coproduce compare tallahassee-michael outreach/no-311 outreach/app-launch --replicates 20 --workers 2 --out
    results/311`

    `coproduce compare tallahassee-michael "more crews: crews.line.mutual_aid=250"
    dispatch.policy=pressure`

    `coproduce compare arms/closing` (against the baseline that the file gives)

    `coproduce compare classroom outreach/sms-opt-in-default --set reporting.voice=low` (how loud the city is, nobody
    has measured: look at low, middle and high)

    Groups by default: minority, income (lowest and highest fifth) and medical_device; others with `--by poor`.
    """
    with plain_endings():
        from app.compare.request import request
        from app.compare.study import run_compare
        from app.report.command import as_given
        from app.report.write import checked, write_report
        from app.running import RunOptions

        options = RunOptions(out, workers, scheduler, shard_of(shard), quiet, repair)
        target = checked(report, out, shard)
        run_compare(
            request(
                baseline, arms, replicates, until_halfwidth, max_replicates, seed, by, options, change,
                as_json=as_json, figures=figures, command=as_given(context),
            )
        )  # fmt: skip
        if target:
            write_report(target, to_stderr=as_json)
