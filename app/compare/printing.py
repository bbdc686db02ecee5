"""The printed tables of a comparison, no wider than 100 columns: differences first, the plain means beside them."""

import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.compare.words import gap_of, group_name, price_text, prices_in_words
from app.folding import NAME_WIDTH, folded, print_folded
from app.numbers import digits_for, dollars, dollars_with_interval, signed, with_interval
from app.together import print_together
from experiments.studies.compare_table import line_of
from experiments.studies.net_costs import (
    HELD,
    NET,
    SHOWN,
    TOTAL,
    is_held,
)

NUMBER_WIDTH = 25
GAP_WIDTH, MEASURE_WIDTH = NUMBER_WIDTH + 1, NUMBER_WIDTH + 13  # of a gap's column, and of a measure's three


class Measure(NamedTuple):
    """A measure as it is shown."""

    name: str
    head: str
    factor: float = 1.0


MEASURES = (
    Measure("mean_h", "mean hours out"),
    Measure("median_h", "median hours out"),
    Measure("p90_h", "90th perc. of hours out"),
    Measure("beyond_72", "out > 72 h (%)", 100.0),
    Measure("detection_delay_h", "hours until detection"),
    Measure("report_rate", "reported (%)", 100.0),
)


def print_in_short(out: Console, sentences: Sequence[str]) -> None:
    """The findings in words, an arm a paragraph."""
    out.print(Text("In short", style="bold"))
    for line in sentences:
        out.print(Text(f"- {line}"))
    out.print()


def print_gaps(out: Console, table: pd.DataFrame, arms: Sequence[str], baseline: str, gaps: Sequence[str]) -> None:
    """Change of each gap, an arm a row; above them the gap in the baseline."""
    abreast = max(1, (out.width - NAME_WIDTH - 2) // GAP_WIDTH)
    for start in range(0, len(gaps), abreast):
        shown = gaps[start : start + abreast]
        rows = {gap: _lines(table, arms, gap) for gap in shown}
        digits = {gap: digits_for(list(rows[gap].values())) for gap in shown}
        grid = _grid("", *(gap_of(gap) for gap in shown))
        grid.add_row(
            folded(f"level: {baseline}"), *(_baseline(rows[gap], digits[gap]) for gap in shown), style="italic"
        )
        for arm in arms:
            cells = (with_interval(rows[gap][arm], digits[gap]) if arm in rows[gap] else "-" for gap in shown)
            grid.add_row(folded(arm), *cells)
        _titled(out, f"Change of the gap in mean hours out, against {baseline} (95 % interval)", grid)


def print_city(out: Console, table: pd.DataFrame, arms: Sequence[str], baseline: str) -> None:
    """Change of the city's mean and of the cost, an arm a row."""
    mean = _lines(table, arms, "all:all:mean_h")
    costs = {name: rows for name in SHOWN if (rows := _lines(table, arms, name))}
    digits = digits_for(list(mean.values()))
    grid = _grid("", "mean hours out", *(SHOWN[name] for name in costs))
    levels = (dollars(next(iter(rows.values()))["baseline_mean"])[0] for rows in costs.values())
    grid.add_row(folded(f"level: {baseline}"), _baseline(mean, digits), *levels, style="italic")
    for arm in arms:
        cells = (_money(costs, name, arm) for name in costs)
        grid.add_row(folded(arm), with_interval(mean[arm], digits) if arm in mean else "-", *cells)
    _titled(out, f"Change over the whole city, against {baseline} (95 % interval)", grid)


def _money(costs: Mapping[str, Mapping[str, pd.Series]], name: str, arm: str) -> str:
    """A change of money; where the crews' bill is not held, the simulated one says it all."""
    row = costs[name].get(arm)
    if row is None:
        return "-"
    if name == NET and not is_held(row, costs[TOTAL].get(arm)):
        return "as simulated"
    return dollars_with_interval(row)


def print_side_by_side(out: Console, table: pd.DataFrame, arms: Sequence[str], gaps: Sequence[str]) -> None:
    """Changes of the gap in all arms and groupings beside each other; without gaps those of the city's mean."""
    rows = [(arm, gap, line_of(table, arm, gap)) for gap in gaps or ["all:all:mean_h"] for arm in arms]
    there = [(arm, gap, row) for arm, gap, row in rows if row is not None and not math.isnan(row["p_holm"])]
    digits = digits_for([row for _, _, row in there])
    lines = []
    for arm, gap, row in there:
        joint = f"{signed(row['low_together'], digits)} to {signed(row['high_together'], digits)}"
        of = f"{arm}: {gap_of(gap)}" if len(gaps) > 1 else arm
        lines.append((of, with_interval(row, digits), joint, row))
    if lines:
        what = "gap in mean hours out" if gaps else "mean hours out"
        print_together(out, f"Change of the {what}: {there[0][2]['looked_at']} changes looked at together", lines)


def print_prices(out: Console, prices: pd.DataFrame, gap: str) -> None:
    """What an hour costs, an arm a row; where there is no price, why.

    Parameters
    ----------
    prices : `analysis.contrasts.costs.price_list`
    gap : the gap in words
    """
    heads = {"household-hours": "per household-hour saved", "gap-hours": "per gap-hour closed"}
    effects = list(prices["effect"].drop_duplicates())
    grid = _grid("", *(heads[effect] for effect in effects))
    for arm, rows in prices.groupby("arm", sort=False):
        grid.add_row(folded(str(arm)), *(price_text(row) for _, row in rows.iterrows()))
    _titled(out, f"Net cost of an hour to city and utility, {HELD}, in US$ (95 % interval)", grid)
    for line in prices_in_words(prices):
        out.print(Text(line))
    out.print(Text(f"Gap-hours: the gap ({gap}) times the affected households of the group.\n"))


def print_detail(
    out: Console, table: pd.DataFrame, arm: str, baseline: str, groups: Mapping[str, Sequence[str]]
) -> None:
    """One arm by group: means in the baseline and in the arm, and the change, two measures abreast.

    Parameters
    ----------
    groups : names of the groups shown, by grouping
    """
    out.print(Text(f"{arm} against {baseline}, by group: baseline, arm, and change (95 % interval)", style="bold"))
    abreast = max(1, (out.width - NAME_WIDTH - 2) // MEASURE_WIDTH)
    for start in range(0, len(MEASURES), abreast):
        shown = MEASURES[start : start + abreast]
        grid = _grid("group", *(head for m in shown for head in ("base", "arm", f"change: {m.head}")))
        names = [("all", "all", "all households")]
        names += [(by, group, group_name(by, group)) for by, some in groups.items() for group in some]
        rows = {(m, by, g): line_of(table, arm, f"{by}:{g}:{m.name}") for m in shown for by, g, _ in names}
        digits = {m: digits_for([r for k, r in rows.items() if k[0] is m and r is not None], m.factor) for m in shown}
        for by, group, words in names:
            cells = [cell for m in shown for cell in _cells(rows[m, by, group], m, digits[m])]
            grid.add_row(folded(words), *cells)
        print_folded(out, grid, together=3)


def print_pairing(out: Console, pairing: pd.DataFrame) -> None:
    """How many times the runs independent seeds would have taken; columns arm, of, times, low, high."""
    grid = _grid("", *dict.fromkeys(pairing["of"]))
    for arm, rows in pairing.groupby("arm", sort=False):
        grid.add_row(folded(str(arm)), *(_times(row) for _, row in rows.iterrows()))
    _titled(out, "Pairing: independent seeds would have taken so many times as many runs (95 % interval)", grid)


def _times(row: pd.Series) -> str:
    if not row["times"] < float("inf"):
        return "nothing varies" if row["times"] != row["times"] else "no limit: equal in every pair"
    bounds = f" ({_short(row['low'])} to {_short(row['high'])})" if row["low"] < float("inf") else ""
    return f"{_short(row['times'])}{bounds}"


def _short(times: float) -> str:
    return f"{times:,.0f}" if times >= 10.0 else f"{times:.1f}"


def _lines(table: pd.DataFrame, arms: Sequence[str], name: str) -> dict[str, pd.Series]:
    found = {arm: line_of(table, arm, name) for arm in arms}
    return {arm: row for arm, row in found.items() if row is not None}


def _baseline(rows: Mapping[str, pd.Series], digits: int) -> str:
    """The baseline's own level; pairs of which the arm's run failed are left out, so arms may differ a little."""
    there = [row for row in rows.values() if not math.isnan(row["baseline_mean"])]
    if not there:
        return "-"
    row = max(there, key=lambda r: r["pairs"])
    sign = signed if row["measure"] == "gap_h" else lambda value, n: signed(value, n).removeprefix("+")
    bounds = f"{sign(row['baseline_low'], digits)} to {sign(row['baseline_high'], digits)}"
    return f"{sign(row['baseline_mean'], digits)} ({bounds})"


def _cells(row: pd.Series | None, measure: Measure, digits: int) -> tuple[str, str, str]:
    """Baseline, arm and change of one measure."""
    if row is None:
        return "-", "-", "-"
    before, after = (
        signed(measure.factor * row[n], 1 if digits == 1 else 2).lstrip("+") for n in ("baseline_mean", "arm_mean")
    )
    return before, after, with_interval(row, digits, measure.factor)


def _grid(*heads: str) -> Table:
    """An empty table: names to the left, folded where they are long; numbers to the right."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 0, 0, 0), pad_edge=False)
    for place, head in enumerate(heads):
        text = textwrap.fill(head, NUMBER_WIDTH) if place else head
        table.add_column(text, justify="right" if place else "left", no_wrap=True)
    return table


def _titled(out: Console, title: str, table: Table) -> None:
    out.print(Text(title, style="bold"))
    print_folded(out, table)
