"""What a comparison prints: words first, then tables, then what a reader must know."""

import math

from rich.console import Console
from rich.text import Text

from analysis.measures.grouping import FIFTHS, attributes
from app import together
from app.compare.findings import MEAN, Findings
from app.compare.printing import (
    print_city,
    print_detail,
    print_gaps,
    print_in_short,
    print_pairing,
    print_prices,
    print_side_by_side,
)
from app.compare.request import Request
from app.compare.words import gap_of, in_short, of_detectable, of_failures, of_growth
from app.printing import console
from experiments.studies.compare_table import line_of

MOST_DETAILS = 6  # arms; beyond, the details are left to compare.csv


def print_all(asked: Request, found: Findings) -> None:
    """Print a finished comparison."""
    out = console()
    arms, baseline = [arm.name for arm in asked.design.arms], asked.design.baseline.name
    out.print(Text(title(asked, found), style="bold"))
    for line in asked.notes:
        out.print(Text(f"Note: {line}"))
    out.print()
    print_in_short(out, paragraphs(asked, found))
    if found.gaps and found.told:
        print_gaps(out, found.table, arms, baseline, found.gaps)
    if found.told:
        print_city(out, found.table, arms, baseline)
        print_side_by_side(out, found.table, arms, found.gaps)
    if found.prices is not None:
        print_prices(out, found.prices, gap_of(found.gaps[0]) if found.gaps else "none")
    for arm in arms[:MOST_DETAILS]:
        print_detail(out, found.table, arm, baseline, found.groups)
    if len(arms) > MOST_DETAILS:
        out.print(Text(f"By group, {len(arms) - MOST_DETAILS} more arms: compare.csv (--out DIR)"))
    if len(found.pairing):
        print_pairing(out, found.pairing)
    _print_lines(out, closing_words(asked, found))
    if asked.options.out is not None:
        out.print(Text(f"Written to {asked.options.out}"), soft_wrap=True)


def title(asked: Request, found: Findings) -> str:
    """What is compared, by how many pairs."""
    first = asked.design.first_seed
    seeds = f"seed {first}" if found.pairs == 1 else f"seeds {first} to {first + found.pairs - 1}"
    count = "1 pair" if found.pairs == 1 else f"{found.pairs} pairs"
    arms = len(asked.design.arms)
    with_what = asked.design.arms[0].name if arms == 1 else f"{arms} arms"
    return f"{asked.design.baseline.name} against {with_what}: {count} of runs with equal seeds ({seeds})"


def sentences(asked: Request, found: Findings) -> list[str]:
    """One paragraph for each arm."""
    gap, baseline = found.gaps[0] if found.gaps else None, asked.design.baseline.name
    return [f"{arm}: {why}" if why else in_short(found.table, arm, baseline, gap) for arm, why in found.refused.items()]


def paragraphs(asked: Request, found: Findings) -> list[str]:
    """The same, where arms that claim nothing for the same reason share one."""
    silent: dict[str, list[str]] = {}
    for arm, why in found.refused.items():
        silent.setdefault(why, []).append(arm)
    told = [text for text, why in zip(sentences(asked, found), found.refused.values(), strict=True) if not why]
    return [*told, *(f"{', '.join(arms)}: {why}" for why, arms in silent.items() if why)]


def closing_words(asked: Request, found: Findings) -> list[str]:
    """How sure all this is: pairs taken, the smallest change seen, pairs that failed, several intervals at once."""
    gap = gap_of(found.gaps[0]) if found.gaps else ""
    lines = of_growth(found.growth, gap) if found.growth else []
    known = [value for value in found.smallest_h if math.isfinite(value) and value > 0.0]
    if known:
        lines.append(of_detectable(max(known), found.pairs, gap, len(found.told)))
    counts = found.table.groupby("arm", sort=False)["failed"].first()
    lines += of_failures([(str(arm), int(count), found.pairs) for arm, count in counts.items()])
    lines += _not_shown(asked, found)
    line = together.note(_most_together(found), "changes of one measure")
    return [*lines, line] if line else lines


def _most_together(found: Findings) -> int:
    """How many changes of the gap are looked at, or of the city's mean where there is no gap."""
    name = found.gaps[0] if found.gaps else MEAN
    rows = [line_of(found.table, arm, name) for arm in found.table["arm"].unique()]
    return max((int(row["looked_at"]) for row in rows if row is not None), default=0)


def _not_shown(asked: Request, found: Findings) -> list[str]:
    """Groups that are left to the file."""
    lines = []
    for by, shown in found.groups.items():
        there = found.table.loc[found.table["grouping"] == by, "group"].nunique()
        if there > len(shown) and (asked.all_groups or not set(attributes(by)) & set(FIFTHS)):
            lines.append(f"Of {there} groups by {by} {len(shown)} are shown; compare.csv (--out DIR) holds all.")
    return lines


def _print_lines(out: Console, lines: list[str]) -> None:
    for line in lines:
        out.print(Text(line))
