"""``coproduce demo``: the live city, in the browser."""

from typing import Annotated

import typer

from app.options import up_to
from app.process.exits import plain_exits


def demo_command(
    scenario: Annotated[
        str, typer.Argument(metavar="[SCENARIO]", help="City to show: a name (see `coproduce list`) or a TOML file.")
    ] = "classroom",
    seed: Annotated[int, typer.Option(min=0, max=2**53 - 101, metavar="N", help="Seed of the first storm.")] = 1,
    customers: Annotated[
        int | None,
        typer.Option(min=1, callback=up_to("HOUSEHOLDS"), metavar="N", help="Show it with so many households."),
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65_535, metavar="N", help="Port; without it the first free one from 8765.")
    ] = None,
    host: Annotated[
        str, typer.Option(metavar="HOST", help="Address to listen on; another than this lets other machines in.")
    ] = "127.0.0.1",
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in a browser.")] = True,
    check: Annotated[
        bool, typer.Option("--lessons", help="Run what the lessons claim, print it beside the claims, and end.")
    ] = False,
) -> None:
    """Watch a city go dark and come back, change one thing, and see who waits longer: a page for a class.

    Examples:

    `coproduce demo`

    `coproduce demo my-town.toml --seed 7 --no-browser`

    `coproduce demo --lessons` (what the lessons claim, for the storm shown and over 60 storms)

    The page needs no internet. Only this machine can open it unless `--host` says otherwise. See docs/teaching.md.
    """
    with plain_exits():
        from app.demo.claims import report
        from app.demo.engine import Engine
        from app.demo.lessons import lessons
        from app.demo.serving import serve
        from sim import load

        city = load(scenario)
        if customers is not None:
            city = city.but({"place.customers": customers})
        if check:
            engine = Engine(city)
            for lesson in lessons().values():
                print("\n".join(report(engine, lesson)), flush=True)
            return
        serve(city, seed, host, port, browser)
