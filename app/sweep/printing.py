"""The printed tables of a sweep, no wider than 100 columns."""

import pandas as pd
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.folding import print_folded
from app.sweep.words import amount, base_of, design_line, notes, reference, sentences
from app.together import p_text
from app.words import short_name
from experiments.outcome_names import is_gap, label
from experiments.studies.sweep import Swept

SHOWN = 3  # subsets of channels at either end


def print_sweep(out: Console, swept: Swept) -> None:
    """Everything that a sweep has found."""
    study = swept.sweep.study
    out.print(Text(f"{study.name}: {study.summary}" if study.summary else study.name, style="bold"))
    out.print(Text(f"Reference: {reference(swept.sweep)}."))
    out.print(Text(f"Design: {design_line(swept.sweep)}, the same seeds at every point."))
    out.print()
    for outcome in swept.values:
        _print_outcome(out, swept, outcome)
    for line in notes(swept):
        out.print(Text(f"Note: {line}"))


def _print_outcome(out: Console, swept: Swept, outcome: str) -> None:
    standing = swept.reference(outcome)
    level = f"{amount(standing.mean, outcome)}{_bounds(standing.low, standing.high, outcome, False)}"
    title = f"{label(outcome)}; {short_name(swept.sweep.study.scenario)} as it stands: {level}"
    out.print(Text(title[0].upper() + title[1:], style="bold"))
    found = swept.has_values(outcome) and not (is_gap(outcome) and swept.claims_nothing(outcome))
    if found:
        print_folded(out, _responses(swept, outcome))
    if found and any(factor.is_subset for factor in swept.sweep.design.factors):
        out.print(Text("The lowest and the highest of all subsets, and their change from the scenario as it stands"))
        print_folded(out, _subsets(swept, outcome))
    for line in sentences(swept, outcome):
        out.print(Text(line))
    out.print()


def _responses(swept: Swept, outcome: str) -> Table:
    """Each axis in each panel from its first level to its last."""
    rows = swept.ends(outcome)
    table = _table("what varies", "mean: first", "last", "change (95 % interval)", "adjusted p")
    for panel, some in rows.groupby("panel", sort=False):
        if panel:
            table.add_row(Text(str(panel), style="italic"))
        for _, row in some.iterrows():
            base = base_of(swept.answers, row)
            change = amount(row["change"], outcome, True, False)
            cells = (amount(base["mean"], outcome, False, False), amount(row["mean"], outcome, False, False))
            bounds = _bounds(row["change_low"], row["change_high"], outcome, True)
            name = f"{row['axis']}, {base['level']} to {row['level']}"
            table.add_row(f" {name}" if panel else name, *cells, change + bounds, p_text(row["p_holm"]))
    return table


def _subsets(swept: Swept, outcome: str) -> Table:
    """The lowest and the highest subsets of channels in each panel."""
    table = _table("channels offered", "mean", "change (95 % interval)")
    for panel, some in swept.subsets(outcome).groupby("panel", sort=False):
        if panel:
            table.add_row(Text(str(panel), style="italic"))
        ranked = some.sort_values("mean", kind="stable")
        few = ranked if len(ranked) <= 2 * SHOWN else pd.concat([ranked[:SHOWN], ranked[-SHOWN:]])
        for place, (_, row) in enumerate(few.iterrows()):
            if place == SHOWN and len(few) < len(ranked):
                table.add_row(f" ... {len(ranked) - 2 * SHOWN} more, in points.csv")
            bounds = _bounds(row["change_low"], row["change_high"], outcome, True)
            change = amount(row["change"], outcome, True, False)
            table.add_row(f" {row['subset']}", amount(row["mean"], outcome, False, False), change + bounds)
    return table


def _bounds(low: float, high: float, outcome: str, signed: bool) -> str:
    if pd.isna(low):
        return ""
    return f" ({amount(low, outcome, signed, False)} to {amount(high, outcome, signed, False)})"


def _table(*heads: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for place, head in enumerate(heads):
        table.add_column(head, justify="right" if place else "left", overflow="fold")
    return table
