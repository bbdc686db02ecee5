"""Make the tables of docs/evidence.md: ``python -m evidence [TABLE ...] [--seeds N] [--workers N]``.

Runs are kept in ``--out`` as they finish; the same command again goes on where it stopped. ``--page`` writes the page.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from evidence.measured import measure
from evidence.reading import (
    CITY,
    Get,
    Patch,
    Table,
)
from evidence.storm_and_place import OWN_TRACTS
from evidence.tables import OF_OWN_TRACTS, TABLES
from experiments.claims import FEWEST
from experiments.runs.ledger import Ledger
from experiments.runs.plan import Plan, plan_of
from experiments.runs.rows import Row
from experiments.runs.runner import State, execute
from experiments.runs.workers import crew
from sim import Scenario, ScenarioError, Seeds, load

BY = ("minority", "poor")
HEAD = """# What a report is worth

`{city}` where nothing else is said, seeds 1 to {seeds}. Hours are means over the affected; the gap is minority minus
other households. Changes are paired, with 95 % intervals of each by itself (not adjusted for their number), in bold
where they exclude zero. At low, middle and high voice about 10, 30 and 45 % of the affected report. Made by

```sh
python -m evidence --seeds {seeds} --workers 2 --page docs/evidence.md
```"""


def main(words: Sequence[str] | None = None) -> int:
    """The command."""
    given = parser().parse_args(words)
    if find_spec("statsmodels") is None:
        sys.exit("the odds ratios are fitted by statsmodels; install it: pip install 'coproduce[test]'")
    tables = {name: TABLES[name] for name in given.tables or ([] if given.tracts else TABLES)}
    if given.tracts:
        tables |= OF_OWN_TRACTS
    try:
        numbers = made(tables, given.seeds, given.workers, given.out, given.tracts)
    except ScenarioError as bad:
        print(f"evidence: {bad}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"\ninterrupted: what is finished is kept in {given.out}; the same command goes on", file=sys.stderr)
        return 130
    text = "\n".join(page(tables, numbers, given.seeds))
    print(text)
    if given.page:
        given.page.write_text(text + "\n", encoding="utf-8")
    return 0


def at_least(least: int) -> Callable[[str], int]:
    """A whole number that is not smaller; fewer storms than `experiments.claims` asks for claim nothing."""

    def whole(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f"must be a whole number of at least {least}, not {text!r}")
        return int(text)

    return whole


def parser() -> argparse.ArgumentParser:
    """Options."""
    options = argparse.ArgumentParser(prog="python -m evidence", description=__doc__.partition("\n")[0])
    options.add_argument("tables", nargs="*", metavar="TABLE", choices=[*TABLES, []], help=", ".join(TABLES))
    options.add_argument("--seeds", type=at_least(FEWEST), default=FEWEST, help=f"storms for every cell ({FEWEST})")
    options.add_argument("--workers", type=at_least(1), default=1, help="processes (1)")
    options.add_argument("--out", type=Path, default=Path("results/evidence"), help="folder of the ledger")
    options.add_argument("--tracts", help="a tract table of your own: its table, instead of all")
    options.add_argument("--page", type=Path, help="file to write the page to")
    return options


Case = tuple[str, tuple]  # a city and a patch


def case(patch: Patch, city: str) -> Case:
    """What runs are known by, besides their seeds."""
    return city, tuple(sorted(patch.items()))


def city_of(name: str, tracts: str | None) -> Scenario:
    """A shipped scenario, or the default one with a tract table of one's own."""
    return load(CITY).but({"place.tracts": os.path.abspath(tracts)}) if name == OWN_TRACTS and tracts else load(name)


def made(tables: dict[str, Table], seeds: int, workers: int, out: Path, tracts: str | None = None) -> Get:
    """Run what the tables need; returns what gives their numbers."""
    needed: dict[Case, Patch] = {}

    def ask(patch: Patch, name: str, city: str = CITY) -> np.ndarray:
        needed.setdefault(case(patch, city), patch)
        return np.zeros(seeds)

    for table in tables.values():
        table.render(ask)
    cities = {city: city_of(city, tracts) for city in dict.fromkeys(city for city, _ in needed)}
    asked = [(seed, known, patch) for seed in range(1, seeds + 1) for known, patch in needed.items()]
    plan = plan_of(
        [(cities[known[0]], patch, Seeds.all(seed)) for seed, known, patch in asked], BY, {"kind": "evidence"}
    )
    rows = {(seed, known): row for (seed, known, _), row in zip(asked, plan.rows, strict=True)}
    out.mkdir(parents=True, exist_ok=True)
    with Ledger.open(out / "runs.sqlite", plan.identity) as ledger:
        run_all(plan, ledger, workers)
        return _getter(ledger, rows, seeds)


def run_all(plan: Plan, ledger: Ledger, workers: int) -> None:
    """All runs, with a line of progress."""

    def progress(state: State) -> None:
        done = state.tally.done + state.tally.recalled
        print(f"\r{done} of {state.total} runs", end="", file=sys.stderr, flush=True)

    hands = crew(workers)
    try:
        tally = execute(plan, ledger, hands, progress, measure=measure)
    finally:
        hands.close()
    print(file=sys.stderr)
    if tally.failed:
        sys.exit(f"{tally.failed} runs failed: {ledger.failures()[0].error}")


def _getter(ledger: Ledger, rows: dict[tuple[int, Case], Row], seeds: int) -> Get:
    """Numbers by patch and name, read while the ledger is open."""
    names = tuple(ledger.names())
    values = dict(zip(rows, ledger.values(list(rows.values()), BY, names), strict=True))
    place = {name: n for n, name in enumerate(names)}

    def get(patch: Patch, name: str, city: str = CITY) -> np.ndarray:
        return np.array([values[seed, case(patch, city)][place[name]] for seed in range(1, seeds + 1)])

    return get


def page(tables: dict[str, Table], get: Get, seeds: int) -> list[str]:
    """The tables as lines of Markdown."""
    lines = [HEAD.format(city=CITY, seeds=seeds)]
    for name, table in tables.items():
        lines += ["", f"## {table.title}", "", f"{table.about} (`{name}`)", "", *table.render(get)]
    return lines


if __name__ == "__main__":
    sys.exit(main())
