"""The command line: ``coproduce run | compare | sweep | ...``. Libraries are imported when a command needs them."""

import sys
from typing import Annotated

import typer

from app.commands.demo import demo_command
from app.commands.merge import merge_command
from app.commands.report import report_command
from app.commands.studies import command_of
from app.options import AsJson
from app.process.exits import plain_exits
from experiments.runs.threads import one_thread
from experiments.study import kinds

app = typer.Typer(
    help="Who reports an outage, whom the utility believes, and whose lights come back first.\n\n"
    "Example: `coproduce run classroom --replicates 10 --out results/classroom`",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.command("list")
def list_command(as_json: AsJson = False) -> None:
    """List the scenarios that come with the program, a line each.

    Example: `coproduce list`
    """
    with plain_exits():
        from app.catalogue.show import list_scenarios

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
    with plain_exits():
        from app.catalogue.show import show_scenario, show_schema

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
    with plain_exits():
        from app.catalogue.new import write_copy

        write_copy(name, source)


for kind in kinds().values():
    app.command(kind.name)(command_of(kind))
app.command("demo")(demo_command)
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
