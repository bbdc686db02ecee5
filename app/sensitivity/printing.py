"""Tables of a study of sensitivity, the parameters that matter most on top, no wider than 100 columns."""

import pandas as pd
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from analysis.sensitivity.given import NOTHING
from analysis.sensitivity.indices import ranking
from analysis.sensitivity.sample import MAIN, Sample
from app.folding import print_folded
from app.sensitivity.findings import Finding
from app.sensitivity.words import reading, with_reach

MOST_ROWS = 20
HEADS = {
    "sobol": ("by itself (S1)", "with others (ST)", "reading"),
    "hdmr": ("by itself (S1)", "with pairs (ST)", "reading"),
    "rbd-fast": ("by itself (S1)", "reading"),
    "morris": ("size (mu*)", "direction (mu)", "spread (sigma)"),
    "pawn": ("distance", "reading"),
    "delta": ("area", "reading"),
}
SAID = {
    "sobol": "Share of the variance that a parameter explains, with the reach of its 95 % interval",
    "hdmr": "Share of the variance that a parameter explains, with the reach of its 95 % interval",
    "rbd-fast": "Share of the variance that a parameter explains, with the reach of its 95 % interval",
    "morris": "Effect of moving a parameter over its whole range, with the reach of its 95 % interval",
    "pawn": "How far the outcome's distribution moves with a parameter (0 to 1), with its 95 % interval",
    "delta": "How far the outcome's density moves with a parameter (0 to 1), with its 95 % interval",
}


def print_finding(out: Console, finding: Finding, sample: Sample) -> None:
    """One outcome: its table, then what it says in sentences."""
    unit = f", in {finding.unit}" if sample.method == "morris" else ""
    out.print(Text(finding.heading, style="bold"))
    if finding.indices.why:
        out.print(Text(f"No indices: {finding.indices.why}.") if finding.is_there else Text(finding.indices.why))
    else:
        out.print(Text(f"{SAID[sample.method]}{unit}"))
        print_folded(out, _table(finding, sample))
    for line in finding.sentences:
        out.print(Text(line))
    out.print()


def _table(finding: Finding, sample: Sample) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("group" if sample.groups else "parameter")
    heads = HEADS[sample.method]
    for head in heads:
        table.add_column(head, justify="left" if head == "reading" else "right", no_wrap=True)
    order = ranking(finding.indices, sample.method)
    shown = order[:MOST_ROWS]
    for name in shown + ([NOTHING] if NOTHING in order and NOTHING not in shown else []):
        table.add_row(name, *_cells(finding, sample, name))
    if len(order) > MOST_ROWS:
        table.add_row(f"and {len(order) - MOST_ROWS} more, in indices.csv")
    return table


def _cells(finding: Finding, sample: Sample, name: str) -> list[str]:
    found = finding.indices
    main = found.of(MAIN[sample.method])
    if sample.method in ("sobol", "hdmr"):
        alone, total = found.of("S1").loc[name], main.loc[name]
        return [with_reach(alone), with_reach(total), reading(alone, total)]
    if sample.method == "morris":
        return [_cell(found.of(index), name) for index in ("mu_star", "mu", "sigma")]
    return [with_reach(main.loc[name]), _above(main, name)]


def _cell(table: pd.DataFrame, name: str) -> str:
    return with_reach(table.loc[name]) if name in table.index else "-"


def _above(main: pd.DataFrame, name: str) -> str:
    """Whether a parameter stands out from one that does nothing."""
    if name == NOTHING:
        return "what chance alone scores"
    floor = float(main.loc[NOTHING, "high_together"]) if NOTHING in main.index else 0.0
    if main.loc[name, "low_together"] > floor:
        return "matters"
    return "not to be told from doing nothing" if NOTHING in main.index else "not to be told from zero"
