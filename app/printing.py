"""The printed table of a study, no wider than 100 columns in a pipe and than the terminal elsewhere."""

import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from analysis.contrasts.intervals import Interval
from app.folding import Page, print_folded
from app.together import print_together
from app.words import EVERYONE, REPORTERS, sentences
from experiments.studies.observed import Fit
from experiments.studies.run_measures import POPULATIONS, Comparison

WIDTH = 100
MANY_GROUPS = 2  # more groups than this, besides the reference, share one table of gaps
MOST_ROWS = 12  # groups beyond which levels are left to the files


class Measure(NamedTuple):
    """How a measure is shown."""

    name: str
    short: str  # head of a column of levels
    long: str  # row of gaps
    is_share: bool = False
    indent: bool = False


MEAN = Measure("mean_h", "mean", "mean hours")
OWNER = Measure("owner_h", "", "owner", indent=True)
PARTS = (
    Measure("undetected_h", "", "undetected", indent=True),
    Measure("waiting_h", "", "waiting", indent=True),
    Measure("search_h", "", "search", indent=True),
    OWNER,
    Measure("repair_h", "", "repair", indent=True),
)
LEVELS = (
    MEAN,
    Measure("median_h", "median", "median hours"),
    Measure("p90_h", "90th", "90th perc."),
    Measure("beyond_24", ">24 h", "> 24 h (%)", True),
    Measure("beyond_48", ">48 h", "> 48 h (%)", True),
    Measure("beyond_72", ">72 h", "> 72 h (%)", True),
    Measure("beyond_168", ">168 h", "> 168 h (%)", True),
    Measure("report_rate", "report", "report rate (%)", True),
    Measure("detection_delay_h", "detect", "detect. delay"),
    Measure("false_closure_rate", "closed", "closed dark (%)", True),
)
CENSORED = Measure("censored_share", "still out", "still out (%)", True)


def console(to_stderr: bool = False, width: int = WIDTH) -> Console:
    """A console as wide as the terminal; of a fixed width in a pipe or a file."""
    stream = sys.stderr if to_stderr else sys.stdout
    return Page(file=stream, width=None if stream.isatty() else width, highlight=False, soft_wrap=False)


def print_comparison(out: Console, comparison: Comparison, refused: str) -> None:
    """One grouping: levels, gaps with intervals over all affected beside reporters only, and the words for it.

    Parameters
    ----------
    refused : why nothing may be claimed: then levels stand alone
    """
    reference = comparison.reference
    out.print(Text(f"By {comparison.by}; reference group: {reference}", style="bold"))
    groups = list(comparison.levels[EVERYONE]["group"].drop_duplicates())
    if len(groups) <= MOST_ROWS:
        title = "Hours since the own loss of power; shares in % of the affected (> 24 h: out for longer than that)"
        _print_titled(out, title, _levels(comparison))
    others = [] if refused else [name for name in groups if name != reference]
    if len(others) > MANY_GROUPS:
        title = f"Gap in mean hours out, group minus {reference}; the other measures are in gaps.csv and --json"
        _print_titled(out, title, _gaps_of_many(comparison, others))
    for name in others if len(others) <= MANY_GROUPS else []:
        title = f"Gap: {name} minus {reference}. Ratio: {name} over {reference} (95 % interval)"
        _print_titled(out, title, _gaps(comparison, name), together=2)
    if others:
        parts = " + ".join(part.long for part in _parts(comparison))
        out.print(f"{parts} sum to the gap in mean hours.", style="dim")
    for line in sentences(comparison, refused) if 0 < len(others) <= MANY_GROUPS else []:
        out.print(Text(line))
    out.print()


def print_gaps_together(out: Console, comparisons: Sequence[Comparison]) -> None:
    """The gaps in mean hours out of all groupings beside each other."""
    found = []
    for comparison in comparisons:
        means = comparison.gaps[EVERYONE]
        for row in means[(means["measure"] == MEAN.name) & means["p_holm"].notna()].to_dict(orient="records"):
            label = f"{row['group']} minus {comparison.reference}"
            joint = f"{_signed(row['low_together'])} to {_signed(row['high_together'])}"
            found.append((label, gap_text(row), joint, row))
    if len(found) > 1:
        print_together(out, f"All {len(found)} gaps in mean hours out together, over all affected", found)
        out.print()


def _table(*heads: str, gutter: int = 1) -> Table:
    """An empty table: the first column to the left, numbers to the right."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, gutter, 0, 0), pad_edge=False)
    for place, head in enumerate(heads):
        table.add_column(head, justify="right" if place else "left")
    return table


def _print_titled(out: Console, title: str, table: Table, together: int = 1) -> None:
    """A title of its own, which a table narrower than it would break into lines."""
    out.print(Text(title))
    print_folded(out, table, together)


def _levels(comparison: Comparison) -> Table:
    shown = [*LEVELS, CENSORED] if _has_censored(comparison) else list(LEVELS)
    table = _table("group", "affected", *(m.short for m in shown), gutter=0)
    for population in POPULATIONS:
        table.add_row(Text(population, style="italic"))
        for group, rows in _by_group(comparison.levels[population]):
            cells = [level(rows.loc[m.name, "mean"], m.is_share) for m in shown]
            affected = rows.loc["affected", "mean"]
            table.add_row(f" {group}", "-" if math.isnan(affected) else f"{affected:,.0f}", *cells)
    return table


def _parts(comparison: Comparison) -> tuple[Measure, ...]:
    """The parts of the hours; without the wait for owners where nobody waits for one."""
    table = comparison.levels[EVERYONE]
    waits = (table.loc[table["measure"] == OWNER.name, "mean"] > 0.0).any()
    return tuple(part for part in PARTS if waits or part is not OWNER)


def _has_censored(comparison: Comparison) -> bool:
    table = comparison.levels[EVERYONE]
    return bool((table.loc[table["measure"] == CENSORED.name, "mean"] > 0.0).any())


def _gaps(comparison: Comparison, group: str) -> Table:
    """Gaps and ratios of one group, measure by measure."""
    table = _table("", "all affected: gap", "ratio", "reporters only: gap", "ratio", gutter=0)
    rows = {p: dict(_by_group(comparison.gaps[p]))[group] for p in POPULATIONS}
    for measure in (MEAN, *_parts(comparison), *LEVELS[1:]):
        cells = []
        for population in POPULATIONS:
            row = rows[population].loc[measure.name]
            by_definition = population == REPORTERS and measure.name == "report_rate"
            cells.append("-" if by_definition else gap_text(row, measure.is_share))
            cells.append("" if measure.indent else "-" if by_definition else ratio_text(row))
        table.add_row(f"  {measure.long}" if measure.indent else measure.long, *cells)
    return table


def _gaps_of_many(comparison: Comparison, others: Sequence[str]) -> Table:
    """The gap in mean hours out of many groups, a line each."""
    parts = _parts(comparison)
    table = _table("group", "all affected: gap", "ratio", *(m.long[:7] for m in parts), "reporters only: gap", gutter=0)
    everyone, reporters = (dict(_by_group(comparison.gaps[p])) for p in (EVERYONE, REPORTERS))
    for name in others:
        mean = everyone[name].loc["mean_h"]
        split = [_signed(everyone[name].loc[m.name, "gap"]) for m in parts]
        only = gap_text(reporters[name].loc["mean_h"]) if name in reporters else "-"
        table.add_row(
            name,
            gap_text(mean),
            level(mean["ratio"], digits=2) if mean["ratio_runs"] == mean["runs"] else "-",
            *split,
            only,
        )
    return table


def print_fits(out: Console, fits: Sequence[Fit]) -> None:
    """Simulated against observed figures of the whole city."""
    if not fits:
        return
    out.print(Text("Simulated against observed", style="bold"))
    table = _table("", "simulated", "95 % interval", "observed", "difference")
    for name, simulated, seen in fits:
        unit, digits = ("", 0) if name == "customer-hours" else (" h", 1)
        bounds = f"{simulated.low:,.{digits}f} to {simulated.high:,.{digits}f}"
        difference = f"{100 * (simulated.mean / seen - 1):+.0f} %" if seen and math.isfinite(simulated.mean) else "-"
        value = f"{simulated.mean:,.{digits}f}{unit}" if math.isfinite(simulated.mean) else "not reached"
        bounds = bounds if math.isfinite(simulated.low) else "-"
        table.add_row(name, value, bounds, f"{seen:,.{digits}f}{unit}", difference)
    _print_titled(out, "T50 is the time since the loss of power by which 50 % of the affected are back", table)


def city_line(city: Mapping[str, Interval]) -> str:
    """The whole city in one line."""
    times = ", ".join(f"T{q} {level(city[f'T{q}'].mean)} h" for q in (50, 75, 90, 95))
    return f"Whole city, since the own loss of power: {times}; {city['customer-hours'].mean:,.0f} customer-hours."


def _by_group(table: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    for name, rows in table.groupby("group", sort=False):
        yield str(name), rows.set_index("measure")


def level(value: float, is_share: bool = False, digits: int = 1) -> str:
    """A number, a share in per cent, or a word where there is none."""
    if math.isnan(value):
        return "-"
    return "never" if math.isinf(value) else f"{100 * value if is_share else value:.{digits}f}"


def gap_text(row: pd.Series | Mapping[str, Any], is_share: bool = False) -> str:
    """Gap with its interval, in hours or percentage points."""
    factor = 100.0 if is_share else 1.0
    gap, low, high = (factor * row[name] for name in ("gap", "gap_low", "gap_high"))
    return _signed(gap) if not math.isfinite(low) else f"{_signed(gap)} ({_signed(low)} to {_signed(high)})"


def ratio_text(row: pd.Series) -> str:
    """Ratio with its interval; none where the reference was 0 in some run, for the other runs would mislead."""
    ratio, low, high = (row[name] for name in ("ratio", "ratio_low", "ratio_high"))
    if row["ratio_runs"] < row["runs"]:
        return "-"
    return level(ratio, digits=2) if not math.isfinite(low) else f"{ratio:.2f} ({low:.2f} to {high:.2f})"


def _signed(value: float) -> str:
    return "-" if math.isnan(value) else "never" if math.isinf(value) else f"{value + 0.0:+z.1f}"
