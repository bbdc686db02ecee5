"""The figures of a comparison. Each PNG carries its alternative text in its ``Description`` field."""

import math
from pathlib import Path

import pandas as pd

from analysis.figures.compare import by_group, cost_plane, forest
from analysis.figures.drawing import placard, save
from app.compare.findings import Findings
from app.compare.request import Request
from app.compare.words import gap_name, gap_of, group_name
from experiments.studies.compare_costs import GAP_HOURS
from experiments.studies.compare_table import line_of, three_parts
from experiments.studies.net_costs import HELD

STEMS = ("gap-by-arm", "hours-by-group", "cost-and-gap")
INTERVAL = ["change", "low", "high"]


def draw_all(folder: Path, asked: Request, found: Findings) -> None:
    """Draw what there is to draw into a folder."""
    arms, baseline = [arm.name for arm in asked.design.arms], asked.design.baseline.name
    if not found.told:
        return _draw_refused(folder, found, baseline)
    gaps = gap_changes(found, arms)
    if len(gaps):
        title = f"Change of the gap in mean hours out, against {baseline}"
        save(forest(gaps, baseline, found.pairs), folder / "gap-by-arm.png", _in_words(title, gaps, "gap"))
    hours = group_changes(found, arms)
    title = f"Change of mean hours out by group, against {baseline}"
    save(by_group(hours, baseline, found.pairs), folder / "hours-by-group.png", _in_words(title, hours, "group"))
    if found.prices is not None and found.gaps:
        _draw_costs(folder, found.prices, found, baseline)


def _draw_refused(folder: Path, found: Findings, baseline: str) -> None:
    """In place of every figure of changes, why there is none; what an earlier command drew would claim one."""
    title, text = f"No changes against {baseline}", "\n".join(dict.fromkeys(found.refused.values()))
    for stem in STEMS:
        save(placard(title, text), folder / f"{stem}.png", f"{title}. {text}")


def shown_name(found: Findings, arm: str) -> str:
    """An arm as its row or colour is called; one without a claim says so, for it has no bar."""
    return f"{arm} (no claim)" if found.refused[arm] else arm


def _draw_costs(folder: Path, prices: pd.DataFrame, found: Findings, baseline: str) -> None:
    """The cost-effectiveness plane."""
    points = cost_points(prices)
    axis = f"gap-hours closed, {gap_of(found.gaps[0])} (household-hours)"
    words = [f"{row.arm} adds ${row.cost:,.0f} and closes {row.effect:,.0f} gap-hours" for row in points.itertuples()]
    description = f"Net cost to city and utility, {HELD}, against {axis}, compared with {baseline}: {'; '.join(words)}."
    save(cost_plane(points, baseline, found.pairs, axis), folder / "cost-and-gap.png", description)


def cost_points(prices: pd.DataFrame) -> pd.DataFrame:
    """Gap-hours closed and dollars added, as `analysis.figures.compare.cost_plane` reads them."""
    rows = prices[prices["effect"] == GAP_HOURS]
    new = {"gained": "effect", "gained_low": "effect_low", "gained_high": "effect_high"}
    new |= {f"added_cost_{old}": name for old, name in (("usd", "cost"), ("low", "cost_low"), ("high", "cost_high"))}
    return rows.drop(columns="effect").rename(columns=new)


def gap_changes(found: Findings, arms: list[str]) -> pd.DataFrame:
    """Change of each gap in each arm: columns arm, gap, change, low, high."""
    lines = [
        (arm, gap_name(*three_parts(gap)[:2]), line_of(found.table, arm, gap)) for gap in found.gaps for arm in arms
    ]
    return pd.DataFrame(
        [(shown_name(found, arm), name, *row[INTERVAL]) for arm, name, row in lines if row is not None],
        columns=["arm", "gap", *INTERVAL],
    )


def group_changes(found: Findings, arms: list[str]) -> pd.DataFrame:
    """Change of mean hours out of each group shown in each arm: columns arm, group, change, low, high."""
    names = [("all", "all", "all households")]
    names += [(by, group, group_name(by, group)) for by, some in found.groups.items() for group in some]
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
