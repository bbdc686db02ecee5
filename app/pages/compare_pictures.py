"""The figures of a comparison. Each PNG carries its alternative text in its ``Description`` field."""

import math
from collections.abc import Iterator

import pandas as pd

from analysis.figures.compare import by_group, cost_plane, forest
from analysis.figures.drawing import placard, png
from app.say.names import short_gap, short_group
from experiments.findings.compare import Findings
from experiments.findings.compare_costs import GAP_HOURS
from experiments.findings.compare_table import line_of
from experiments.findings.net_costs import HELD
from experiments.findings.pairs import Design

STEMS = ("gap-by-arm", "hours-by-group", "cost-and-gap")
INTERVAL = ["change", "low", "high"]


def drawn(design: Design, found: Findings) -> Iterator[tuple[str, bytes]]:
    """What there is to draw: names and PNG."""
    arms, baseline = [arm.name for arm in design.arms], design.baseline.name
    if not found.told:
        yield from _refused(found, baseline)
        return
    gaps = gap_changes(found, arms)
    if len(gaps):
        title = f"Change of the gap in mean hours out, against {baseline}"
        yield "gap-by-arm", png(forest(gaps, baseline, found.pairs), _in_words(title, gaps, "gap"))
    hours = group_changes(found, arms)
    title = f"Change of mean hours out by group, against {baseline}"
    yield "hours-by-group", png(by_group(hours, baseline, found.pairs), _in_words(title, hours, "group"))
    if found.prices is not None and found.gaps:
        yield "cost-and-gap", _costs(found.prices, found, baseline)


def _refused(found: Findings, baseline: str) -> Iterator[tuple[str, bytes]]:
    """In place of every figure of changes, why there is none; what an earlier command drew would claim one."""
    title, text = f"No changes against {baseline}", "\n".join(dict.fromkeys(found.refused.values()))
    for stem in STEMS:
        yield stem, png(placard(title, text), f"{title}. {text}")


def shown_name(found: Findings, arm: str) -> str:
    """An arm as its row or colour is called; one without a claim says so, for it has no bar."""
    return f"{arm} (no claim)" if found.refused[arm] else arm


def _costs(prices: pd.DataFrame, found: Findings, baseline: str) -> bytes:
    """The cost-effectiveness plane."""
    points = cost_points(prices)
    axis = f"gap-hours closed, {short_gap(found.gaps[0])} (household-hours)"
    words = [f"{row.arm} adds ${row.cost:,.0f} and closes {row.effect:,.0f} gap-hours" for row in points.itertuples()]
    description = f"Net cost to city and utility, {HELD}, against {axis}, compared with {baseline}: {'; '.join(words)}."
    return png(cost_plane(points, baseline, found.pairs, axis), description)


def cost_points(prices: pd.DataFrame) -> pd.DataFrame:
    """Gap-hours closed and dollars added, as `analysis.figures.compare.cost_plane` reads them."""
    rows = prices[prices["effect"] == GAP_HOURS]
    new = {"gained": "effect", "gained_low": "effect_low", "gained_high": "effect_high"}
    new |= {f"added_cost_{old}": name for old, name in (("usd", "cost"), ("low", "cost_low"), ("high", "cost_high"))}
    return rows.drop(columns="effect").rename(columns=new)


def gap_changes(found: Findings, arms: list[str]) -> pd.DataFrame:
    """Change of each gap in each arm: columns arm, gap, change, low, high."""
    lines = [(arm, short_gap(gap), line_of(found.table, arm, gap)) for gap in found.gaps for arm in arms]
    return pd.DataFrame(
        [(shown_name(found, arm), name, *row[INTERVAL]) for arm, name, row in lines if row is not None],
        columns=["arm", "gap", *INTERVAL],
    )


def group_changes(found: Findings, arms: list[str]) -> pd.DataFrame:
    """Change of mean hours out of each group shown in each arm: columns arm, group, change, low, high."""
    names = [("all", "all", "all households")]
    names += [(by, group, short_group(by, group)) for by, some in found.groups.items() for group in some]
    lines = [
        (arm, words, line_of(found.table, arm, f"{by}:{group}:mean_h")) for by, group, words in names for arm in arms
    ]
    return pd.DataFrame(
        [(shown_name(found, arm), words, *row[INTERVAL]) for arm, words, row in lines if row is not None],
        columns=["arm", "group", *INTERVAL],
    )


def _in_words(title: str, changes: pd.DataFrame, column: str) -> str:
    parts = [f"{row.arm}, {getattr(row, column)}: {_amount(row)}" for row in changes.itertuples()]
    return f"{title}; points with 95 % intervals beside a line of no change. {'; '.join(parts)}."


def _amount(row: tuple) -> str:
    change, low, high = (getattr(row, name) for name in INTERVAL)
    if math.isnan(low):
        return "no claim"
    return f"{change:+.2f} h ({low:+.2f} to {high:+.2f})"
