"""One study from the command line: replicates, files, table, figures."""

import sys
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from rich.text import Text

from analysis.contrasts.intervals import Interval
from analysis.measures.grouping import attributes
from app import document, words
from app.endings import CutShort
from app.printing import city_line, console, print_comparison, print_fits, print_gaps_together
from app.progress import Reporter
from app.saving import Folder, put_study
from experiments.claims import Ground, brief, refusal
from experiments.results.schema import marked
from experiments.runs.replicates import replicates, seeds_of
from experiments.studies.observed import (
    Fit,
    Observed,
    fits,
    observed_of,
)
from experiments.studies.run_measures import (
    Comparison,
    Measured,
    claimed,
    compare,
    looked_at_together,
    measure,
    whole,
)
from sim import Outcomes, Scenario, Seeds
from sim.engine.costs import costs


class Request(NamedTuple):
    """What was asked for."""

    scenario: Scenario
    changes: dict[str, object]
    seeds: list[Seeds]
    by: list[str]
    out: Path | None
    as_json: bool
    figures: bool
    quiet: bool
    command: str = ""  # as it was given


class Findings(NamedTuple):
    """What a study has found, over its replicates."""

    city: dict[str, Interval]
    comparisons: list[Comparison]
    fits: list[Fit]
    notes: list[str]
    outreach: list[str]  # whom programmes reached, in words
    refused: str  # why nothing may be claimed; "": it may


class Finished(NamedTuple):
    """What is kept in memory of a replicate."""

    measured: Measured
    drawn: pd.DataFrame | None  # the columns that figures need
    outcomes: Outcomes | None  # of the first replicate, for the map of its grid


def request(
    scenario: Scenario, changes: dict[str, object], seed: int, number: int, by: list[str], **more: object
) -> Request:
    """Check what was asked for, before anything runs."""
    fixed = {name: more.pop(f"{name}_seed") for name in ("world", "storm")}
    groupings = list(dict.fromkeys(",".join(attributes(name)) for name in by))
    seeds = seeds_of(seed, number, **fixed)  # type: ignore[arg-type]
    changed = scenario.but(changes) if changes else scenario
    return Request(changed.as_planned(), changes, seeds, groupings, **more)  # type: ignore[arg-type]


def run_study(asked: Request) -> None:
    """Run, write and print a study."""
    seen = observed_of(asked.scenario)
    folder = Folder(asked.out, asked.scenario) if asked.out else None
    if folder:
        folder.prepare(asked.seeds)
    with Reporter(console(to_stderr=True), len(asked.seeds), asked.quiet) as reporter:
        if folder and folder.outdated:
            reporter.say(f"Made by another version of the model, to be run again: {len(folder.outdated)} replicates")
        try:
            done = _replicates(asked, folder, reporter)
            found = _findings(asked, [row.measured for row in done], seen)
            if folder:
                _write(asked, folder, found)
            if folder and asked.figures:
                reporter.stage("drawing the figures")
                _draw(asked, folder, done, seen.counts, found)
        except KeyboardInterrupt as cut:
            raise CutShort(cut, kept(asked, reporter.finished)) from None
    if asked.as_json:
        sys.stdout.write(document.as_text(_document(asked, found)))
    else:
        _print(asked, found)


def _findings(asked: Request, runs: list[Measured], seen: Observed) -> Findings:
    city = whole(runs)
    dark = city["censored share"].mean
    customers = float(np.mean([run.outreach[asked.by[0]]["households"].sum() for run in runs]))
    refused = refusal(Ground(len(runs), dark, asked.scenario, customers))
    comparisons = looked_at_together([claimed(compare(runs, by), dark) for by in asked.by])
    notes = [*words.notes(asked.scenario, runs, city), *words.together(comparisons)]
    return Findings(city, comparisons, fits(seen, city), notes, words.reached(runs), refused)


def _document(asked: Request, found: Findings) -> dict[str, Any]:
    from app.report.record import MADE, made

    how = made("run", asked.command, asked.figures, asked.scenario, set_here=asked.changes)
    return marked({**document.of_study(asked.scenario, asked.changes, asked.seeds, *found), MADE: how})


def _write(asked: Request, folder: Folder, found: Findings) -> None:
    tables = {"gaps": document.gaps_table(found.comparisons)}
    put_study(folder.path, "run", tables, _document(asked, found))


def _print(asked: Request, found: Findings) -> None:
    out = console()
    title = f"{words.about(asked.scenario, asked.changes)}: {words.of_seeds(asked.seeds)}"
    out.print(Text(title, style="bold"))
    out.print(city_line(found.city))
    out.print(Text(words.spent(found.city)))
    for line in found.outreach:
        out.print(Text(line))
    if found.refused:
        out.print(Text(found.refused, style="bold"))
    out.print()
    for comparison in found.comparisons:
        print_comparison(out, comparison, found.refused)
    print_gaps_together(out, found.comparisons)
    print_fits(out, found.fits)
    for line in found.notes:
        out.print(Text(f"Note: {line}"))
    if asked.out:
        out.print(Text(f"Written to {asked.out}"), soft_wrap=True)


def _replicates(asked: Request, folder: Folder | None, reporter: Reporter) -> list[Finished]:
    horizon_h = asked.scenario["run.horizon_h"]
    drawing = asked.figures and folder is not None

    def finished(
        households: pd.DataFrame, seeds: Seeds, outcomes: Outcomes | None, costs_usd: dict[str, float]
    ) -> Finished:
        measured = measure(households, asked.by, horizon_h, seeds, costs_usd)
        if folder and outcomes:
            folder.keep(outcomes, document.of_run(measured, asked.scenario))
        is_first = drawing and seeds == asked.seeds[0]
        return Finished(measured, _drawn(households, asked.by) if drawing else None, outcomes if is_first else None)

    def keep(outcomes: Outcomes) -> Finished:
        return finished(outcomes.households, outcomes.seeds, outcomes, costs(outcomes))

    def recall(seeds: Seeds) -> Finished | None:
        households = folder.recall(seeds) if folder else None
        if households is None or folder is None:
            return None
        return finished(households, seeds, None, folder.recall_costs(seeds))

    return list(replicates(asked.scenario, asked.seeds, keep, recall, reporter))


def _drawn(households: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    from app.pictures import columns_for

    return households[columns_for(by)].copy()


def _draw(asked: Request, folder: Folder, done: list[Finished], counts: pd.DataFrame | None, found: Findings) -> None:
    from app.pictures import draw_all

    frames = [row.drawn for row in done if row.drawn is not None]
    no_claim = brief(len(done), found.city["censored share"].mean, "replicates")
    first = done[0].outcomes
    draw_all(folder.path / "figures", asked.scenario, asked.seeds, asked.by, frames, first, counts, no_claim)


def kept(asked: Request, finished: int) -> str:
    """What is finished, and how to go on."""
    count = f"{finished} of {len(asked.seeds)} replicates are finished"
    if asked.out is None:
        return f"{count}; nothing was kept (with --out DIR, what is finished stays)"
    return f"{count} and kept in {asked.out}; the same command goes on from there"
