"""A comparison from the command line: pairs of runs, then words, tables, files and figures."""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis import planning
from analysis.grouping import FIFTHS, attributes
from analysis.pairs import complete, variance_ratio
from app.endings import INTERRUPTED, Stop
from app.report.parts import gap_parts
from app.report.record import sources_of
from app.running import RunOptions, carry_out
from experiments.arms import Arms, arms_of, notes
from experiments.compare import (
    FIRST_PAIRS,
    Design,
    Growth,
    Values,
    grow,
    pairs_needed,
    plan_of,
    smallest_changes,
    values_of,
)
from experiments.compare_costs import prices
from experiments.compare_table import gap_groups, tidy
from experiments.ledger import Ledger
from experiments.plan import BY

PAIRS = 20
FEWEST_FOR_PILOT = 4  # pairs before anything is said of the spread
MOST_GROUPS = 8  # of one grouping, in a table
MEAN = "all:all:mean_h"


class Request(NamedTuple):
    """What was asked for, checked."""

    arms: Arms
    design: Design
    pairs: int  # to begin with
    until_h: float | None  # half-width asked for
    most: int  # pairs at most, if until_h
    options: RunOptions
    all_groups: bool  # show every group of a grouping, not only the first and the reference
    as_json: bool
    figures: bool
    notes: list[str]
    command: str = ""  # as it was given
    sources: tuple[dict[str, str], ...] = ()  # by arm: sources of what changes that were named set


class Findings(NamedTuple):
    """What a comparison has found."""

    pairs: int
    table: pd.DataFrame  # `experiments.compare_table.tidy`
    gaps: list[str]  # full names, the first grouping's first
    groups: dict[str, list[str]]  # groups shown, by grouping
    prices: pd.DataFrame | None  # `analysis.costs.price_list`; None where runs have no costs
    pairing: pd.DataFrame  # arm, of, times, low, high, note
    smallest_h: np.ndarray  # float [arm], change of the first gap seen with power 80 %; NaN for one pair
    growth: Growth | None
    parts: pd.DataFrame  # `app.report.parts.gap_parts`


def request(
    baseline: str, arms: Sequence[str], replicates: int | None, until_h: float | None, most: int, seed: int,
    by: Sequence[str], options: RunOptions, **more: Any,
) -> Request:  # fmt: skip
    """Check what was asked for, before anything runs."""
    compared = arms_of(baseline, arms)
    pairs = _first_pairs(replicates, until_h, most, options)
    chosen = tuple(by) or _groupings_of(compared, of_study=not arms)
    groupings = tuple(dict.fromkeys(",".join(attributes(name)) for name in chosen))
    if groupings == ("all",):
        raise Stop("--by all: there is no gap in a single group; name an attribute, such as --by minority")
    groupings = tuple(name for name in groupings if name != "all")
    design = Design(compared.baseline, tuple(compared.arms), groupings, seed)
    if options.out is not None:
        _check_folder(options.out)
    known = [*notes(compared), *_question(compared, asked=bool(arms))]
    sources = tuple(sources_of(text) for text in arms) or ({},)
    return Request(compared, design, pairs, until_h, most, options, bool(by), notes=known, sources=sources, **more)


def _first_pairs(replicates: int | None, until_h: float | None, most: int, options: RunOptions) -> int:
    """Pairs to begin with."""
    if until_h is None:
        return PAIRS if replicates is None else replicates
    if not (np.isfinite(until_h) and until_h > 0.0):
        raise Stop(f"--until-halfwidth {until_h:g}: must be a number of hours above 0, such as 0.25")
    if options.shard is not None:
        raise Stop("--shard with --until-halfwidth: no part knows when the whole is enough; give --replicates instead")
    first = max(FIRST_PAIRS, replicates or 0)
    if most < first:
        why = "the spread of fewer may look small by luck" if first == FIRST_PAIRS else "the first batch (--replicates)"
        raise Stop(f"--max-replicates {most}: must be at least {first}: {why}")
    return first


def _groupings_of(compared: Arms, of_study: bool) -> tuple[str, ...]:
    """The groupings to use where none was asked for; that of the scenario's own question first."""
    own = compared.arms[0].scenario.study.get("by") if of_study else None
    return tuple(dict.fromkeys([str(own), *BY])) if own else BY


def _question(compared: Arms, asked: bool) -> list[str]:
    """The question that a scenario file puts itself."""
    study = compared.arms[0].scenario.study
    if asked or "question" not in study:
        return []
    expected = f" It expects: {study['expect']}." if "expect" in study else ""
    return [f"The question of {compared.arms[0].name}: {study['question']}{expected}"]


def _check_folder(out: Path) -> None:
    """Refuse a folder that holds the study of another command; the ledger refuses other comparisons."""
    if (out / "summary.json").exists() and not any(out.glob("runs*.sqlite")):
        raise Stop(f"--out {out} holds another study (summary.json without runs.sqlite); choose another folder")


def run_compare(asked: Request) -> None:
    """Run, write and print a comparison."""
    from app.compare_document import as_document, write_files
    from app.compare_report import print_all
    from app.document import as_text

    found = carry_out_all(asked)
    if found is None:  # one shard of several
        return
    document = as_document(asked, found)
    if asked.options.out is not None:
        write_files(asked, found, document)
    if asked.as_json:
        sys.stdout.write(as_text(document))
    else:
        print_all(asked, found)


def carry_out_all(asked: Request) -> Findings | None:
    """Make the runs, as many as it takes; None after one shard of several."""
    with _kept(asked.options) as options:
        if asked.until_h is None:
            values = _values(asked, asked.pairs, options)
            return None if values is None else findings(asked, values, asked.pairs, None)
        latest: list[Values] = []

        def step(pairs: int) -> np.ndarray:
            values = _values(asked, pairs, options)
            latest[:] = [values] if values else []
            return _gap_changes(values, asked.design.by)

        growth = grow(step, asked.until_h, asked.most, asked.pairs)
        return findings(asked, latest[0], growth.steps[-1], growth)


@contextmanager
def _kept(options: RunOptions) -> Iterator[RunOptions]:
    """Options with a folder in which runs stay from one step to the next, if only for as long as the command lasts."""
    if options.out is not None or options.shard is not None:
        yield options
        return
    with tempfile.TemporaryDirectory(prefix="coproduce-") as folder:
        try:
            yield options._replace(out=Path(folder))
        except Stop as stop:
            if stop.code == INTERRUPTED:
                raise Stop("interrupted; nothing is kept without --out DIR", INTERRUPTED) from None
            raise


def _values(asked: Request, pairs: int, options: RunOptions) -> Values | None:
    """Run what is missing of so many pairs, and take their measures."""

    def after_pilot(ledger: Ledger) -> str:
        return pilot_line(values_of(ledger, asked.design, pairs), asked, pairs)

    ledger = carry_out(plan_of(asked.design, pairs), options, after_pilot if pairs == asked.pairs else None)
    if ledger is None:
        return None
    try:
        values = values_of(ledger, asked.design, pairs)
        if not values.names:
            errors = [run.error for run in ledger.failures()]
            raise Stop(f"every run failed: {errors[0] if errors else 'no run has any result'}")
        return values
    finally:
        ledger.close()


def _gap_changes(values: Values | None, by: Sequence[str]) -> np.ndarray:
    """Change of the first grouping's gap; float [pair, arm]."""
    names = gap_names(values, by[:1]) if values else []
    changes = values.changes(names[0]) if values and names else np.full((1, 1), np.nan)
    if np.isnan(changes).all(axis=0).any():
        raise Stop(f"--until-halfwidth: the gap by {by[0]} has no value in any pair; is there anybody in both groups?")
    return changes


def gap_names(values: Values, by: Sequence[str]) -> list[str]:
    """The gap of the first-listed group of each grouping, by full names."""
    found = [(grouping, gap_groups(values.names, grouping)[0]) for grouping in by]
    return [f"{grouping}:{groups[0]}:gap_h" for grouping, groups in found if groups]


def pilot_line(values: Values, asked: Request, pairs: int) -> str:
    """How wide the interval of the main difference will be, by the pairs so far; nothing for fewer than four."""
    names = gap_names(values, asked.design.by[:1])
    changes = values.changes(names[0]) if names else np.full((0, 1), np.nan)
    columns = [complete(column)[0][0] for column in changes.T]
    there = min(column.size for column in columns)
    if there < FEWEST_FOR_PILOT or there >= pairs:
        return ""
    half = max(planning.half_width(float(np.std(column, ddof=1)), pairs) for column in columns)
    widest = "" if len(columns) == 1 else " in the arm that varies most"
    line = (
        f"By the first {there} pairs, the 95 % interval of the change of the gap by {asked.design.by[0]} will be about "
        f"+/- {half:.2g} h with {pairs} pairs{widest}"
    )
    if asked.until_h is None:
        return line
    return f"{line}; for +/- {asked.until_h:g} h about {pairs_needed(changes, asked.until_h):,} pairs are needed"


def findings(asked: Request, values: Values, pairs: int, growth: Growth | None) -> Findings:
    """Condense all pairs."""
    names = [arm.name for arm in asked.design.arms]
    gaps = gap_names(values, asked.design.by)
    smallest = smallest_changes(values.changes(gaps[0])) if gaps else np.full(len(names), np.nan)
    groups = {by: shown_groups(values.names, by, asked.all_groups) for by in asked.design.by}
    gap = gaps[0] if gaps else None
    costs = prices(values, asked.design.baseline.name, names, gap)
    pairing = pairing_of(values, names, gap)
    parts = gap_parts(values, names, gaps)
    return Findings(pairs, tidy(values, names), gaps, groups, costs, pairing, smallest, growth, parts)


def shown_groups(names: Sequence[str], by: str, every: bool) -> list[str]:
    """Groups of a grouping in the order of tables, the reference last; of fifths the lowest and the highest only."""
    others, reference = gap_groups(names, by)
    few = others if every or not set(attributes(by)) & set(FIFTHS) else others[:1]
    there = any(name.startswith(f"{by}:{reference}:") for name in names)  # another one in every world, perhaps
    return [*few[: MOST_GROUPS - 1], *([reference] if there else [])]


def pairing_of(values: Values, arms: Sequence[str], gap: str | None) -> pd.DataFrame:
    """How many times as many runs independent seeds would have taken, for the gap and for the city's mean."""
    wanted = {"change of the gap": gap, "change of the mean": MEAN}
    lines = []
    for i, arm in enumerate(arms):
        for what, name in wanted.items():
            if name is not None and name in values.names:
                j = values.names.index(name)
                found = variance_ratio(values.arms[i, :, j], values.baseline[:, j])
                lines.append((arm, what, found.value, found.low, found.high, found.note))
    return pd.DataFrame(lines, columns=["arm", "of", "times", "low", "high", "note"])
