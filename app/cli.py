"""The command line: ``coproduce run | compare | sweep | ...``. Libraries are imported when a command needs them."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from app.commands.compare import compare_command
from app.commands.demo import demo_command
from app.commands.merge import merge_command
from app.commands.report import report_command
from app.commands.sensitivity import sensitivity_command
from app.commands.sweep import sweep_command
from app.endings import plain_endings
from app.options import SEED, AsJson, By, Quiet, Replicates, Report, Seed
from experiments.runs.threads import one_thread

app = typer.Typer(
    help="Who reports an outage, whom the utility believes, and whose lights come back first.\n\n"
    "Example: `coproduce run classroom --replicates 10 --out results/classroom`",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)

Name = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="Name of a shipped scenario (see `coproduce list`) or a TOML file.")
]


@app.command("run")
def run_command(
    context: typer.Context,
    scenario: Name,
    seed: Seed = 1,
    replicates: Replicates = 1,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for tables, summary and figures.")] = None,
    by: By = ["minority"],  # noqa: B006
    with_change: Annotated[
        list[str],
        typer.Option("--with", metavar="CHANGE", help="Lay a change that fits any city over the scenario. Repeatable."),
    ] = [],  # noqa: B006
    change: Annotated[
        list[str], typer.Option("--set", metavar="PATH=VALUE", help="Change a parameter. Repeatable.")
    ] = [],  # noqa: B006
    world_seed: Annotated[
        int | None, typer.Option(min=0, callback=SEED, metavar="N", help="Same city in all replicates.")
    ] = None,
    storm_seed: Annotated[
        int | None, typer.Option(min=0, callback=SEED, metavar="N", help="Same damage dice throughout.")
    ] = None,
    as_json: AsJson = False,
    figures: Annotated[bool, typer.Option("--figures/--no-figures", help="Draw figures into --out.")] = True,
    report: Report = False,
    quiet: Quiet = False,
) -> None:
    """Simulate a storm and print who waited longer, by how much, and why.

    Examples:

    `coproduce run classroom`

    `coproduce run tallahassee-michael --replicates 20 --out results/michael --by minority --by income`

    `coproduce run classroom --set crews.line.own=12 --set dispatch.policy=first-reported`

    `coproduce run classroom --with outreach/mailer-to-all` (to see what a change does, `coproduce compare`)

    With `--out`, each replicate is written as soon as it is finished. Interrupted, the same command goes on from there.
    """
    with plain_endings():
        from app.changes import changes_of, laid_over
        from app.report.command import as_given
        from app.report.write import checked, write_report
        from app.study import request, run_study
        from sim import load

        target = checked(report, out)
        changes = {**laid_over(with_change), **changes_of(change)}
        asked = request(
            load(scenario), changes, seed, replicates, by, world_seed=world_seed, storm_seed=storm_seed,
            out=out, as_json=as_json, figures=figures, quiet=quiet, command=as_given(context),
        )  # fmt: skip
        run_study(asked)
        if target:
            write_report(target, to_stderr=as_json)


@app.command("list")
def list_command(as_json: AsJson = False) -> None:
    """List the scenarios that come with the program, a line each.

    Example: `coproduce list`
    """
    with plain_endings():
        from app.show import list_scenarios

        list_scenarios(as_json)


@app.command("show")
def show_command(
    scenario: Annotated[str | None, typer.Argument(metavar="SCENARIO", help="Scenario, as in `coproduce run`.")] = None,
    section: Annotated[str | None, typer.Option(help="Only this section, such as crews or channels.app.")] = None,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of scenario files, for editors.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show all parameters in force, with unit, range, role and source; * marks what differs from the default.

    Examples:

    `coproduce show classroom --section crews`

    `coproduce show --schema > coproduce.schema.json`
    """
    with plain_endings():
        from app.show import show_scenario, show_schema

        if schema:
            show_schema()
        else:
            show_scenario(scenario, section, as_json)


@app.command("new")
def new_command(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the new file; .toml is added if missing.")],
    source: Annotated[str, typer.Option("--from", metavar="SCENARIO", help="Scenario to copy.")],
) -> None:
    """Write a commented copy of a scenario to edit: every parameter with its meaning, unit, range and source.

    Example: `coproduce new my-city --from classroom`, edit my-city.toml, then `coproduce run my-city.toml`
    """
    with plain_endings():
        from app.new import write_copy

        write_copy(name, source)


app.command("compare")(compare_command)
app.command("demo")(demo_command)
app.command("sweep")(sweep_command)
app.command("sensitivity")(sensitivity_command)
app.command("merge")(merge_command)
app.command("report")(report_command)


def main() -> None:
    """Console entry."""
    for stream in (sys.stdout, sys.stderr):  # a terminal that lacks a letter shows a question mark, not an error
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    one_thread()
    app(prog_name="coproduce")


if __name__ == "__main__":
    main()
