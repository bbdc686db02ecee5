"""Results in plain words that never claim more than the interval allows."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.contrasts.intervals import Interval
from analysis.contrasts.multiplicity import told_apart
from app import together as side_by_side
from app.numbers import dollars
from experiments.claims import crews_of, is_dark
from experiments.studies.run_measures import POPULATIONS, Comparison, Measured
from sim import Scenario, Seeds

EVERYONE, REPORTERS = POPULATIONS


def sentences(comparison: Comparison, refused: str) -> list[str]:
    """A line for each group: who waited longer, by how much, and how sure that is; then among reporters.

    Parameters
    ----------
    refused : why nothing may be claimed (`experiments.claims.refusal`), which then stands alone
    """
    if refused:
        return [refused]
    lines = []
    for group in comparison.gaps[EVERYONE]["group"].drop_duplicates():
        lines.append(_sentence(mean_gap(comparison, EVERYONE, group), group, comparison.reference))
        only = mean_gap(comparison, REPORTERS, group)
        if not math.isnan(only["gap"]):
            amount = f"{only['gap']:+z.1f} h{_interval(only)}"
            lines.append(f"Seen through logged reports alone, the same gap would read {amount}.")
    return lines


def mean_gap(comparison: Comparison, population: str, group: str) -> pd.Series:
    """The row of the gap in mean hours out."""
    table = comparison.gaps[population]
    return table[(table["group"] == group) & (table["measure"] == "mean_h")].iloc[0]


def _sentence(row: pd.Series, group: str, reference: str) -> str:
    us, them = people(group), people(reference)
    if math.isnan(row["gap"]):
        return f"{us[0].upper()}{us[1:]} cannot be compared with {them}: {row['note'] or 'no value'}."
    left_out = f" ({row['note']})" if row["left_out"] else ""
    longer = f"{us} waited {abs(row['gap']):.1f} h {'longer' if row['gap'] > 0 else 'less'} than {them}"
    if told_apart(row["p_holm"]):
        bounds = sorted((abs(row["gap_low"]), abs(row["gap_high"])))
        interval = f"95 % interval {bounds[0]:.1f} to {bounds[1]:.1f} h{side_by_side.among(row)}"
        return f"{longer[0].upper()}{longer[1:]} ({interval}){left_out}."
    joint = f"{side_by_side.which(row)} {row['low_together']:+z.1f} to {row['high_together']:+z.1f} h"
    return (
        f"No difference in mean hours out between {us} and {them} can be told apart from zero "
        f"(gap {row['gap']:+z.1f} h, {joint}){left_out}."
    )


def together(comparisons: Sequence[Comparison]) -> list[str]:
    """That several gaps are looked at, where there are several."""
    tables = pd.concat([comparison.gaps[EVERYONE] for comparison in comparisons])
    means = tables[tables["measure"] == "mean_h"]
    line = side_by_side.note(int(means["looked_at"].max()) if len(means) else 0, "gaps in mean hours out")
    return [line] if line else []


def people(group: str) -> str:
    """A group as the subject of a sentence."""
    return group if "households" in group else f"households ({group})" if " " in group else f"{group} households"


def _interval(row: pd.Series) -> str:
    return f", 95 % interval {row['gap_low']:+z.1f} to {row['gap_high']:+z.1f} h"


def notes(scenario: Scenario, runs: Sequence[Measured], city: dict[str, Interval]) -> list[str]:
    """What a reader must know before believing the numbers."""
    lines = []
    if not crews_of(scenario):
        lines.append("The scenario has no crews at all: nothing is repaired.")
    if not any(run.affected for run in runs):
        lines.append("Nobody lost power: there is nothing to compare.")
    censored = city["censored share"].mean
    if censored > 0.0 and not is_dark(censored):
        lines.append(
            f"Censored share {100 * censored:.2g} %: so many of the affected still had no power at the horizon of "
            f"{scenario['run.horizon_h']:g} h, too short to see it return (run.horizon_h). Their hours count up to it, "
            "so means are lower bounds and gaps may be off."
        )
    return lines


def spent(city: Mapping[str, Interval]) -> str:
    """What the storm cost, in one line."""
    shown = ("total", "residents", "outreach", "outlay")
    total, residents, outreach, outlay = dollars(*(city[f"cost: {item}"].mean for item in shown))
    part = f", of it {outreach} for outreach (outlay: {outlay})" if city["cost: outreach"].mean > 0.0 else ""
    return f"Cost: {total} to city and utility{part}; {residents} to residents."


def reached(runs: Sequence[Measured]) -> list[str]:
    """Whom outreach reached and who took it in, a line for each grouping; none without outreach."""
    lines = []
    for by in runs[0].outreach:
        tables = [run.outreach[by] for run in runs]
        mean = pd.concat(tables).groupby(level="group", sort=False).mean()
        if not mean["reached"].sum():
            continue
        parts = [
            f"{100 * row.reached / row.households:.0f} % of {people(str(name))} "
            f"({100 * row.taken_in / row.households:.1f} % took it in)"
            for name, row in mean.iterrows()
            if row.households
        ]
        lines.append(f"Outreach reached {', '.join(parts)}.")
    return lines


def short_name(scenario: Scenario) -> str:
    """Name of a scenario; of a nameless file its stem, without the folders before it."""
    return Path(scenario.name).stem if scenario.name.endswith(".toml") else scenario.name


def about(scenario: Scenario, changes: dict[str, Any]) -> str:
    """Name of the scenario with the parameters changed on the command line."""
    changed = ", ".join(f"{path} = {value}" for path, value in changes.items())
    name = short_name(scenario)
    return f"{name} with {changed}" if changed else name


def of_seeds(seeds: Sequence[Seeds]) -> str:
    """How many replicates, and their seeds."""
    first, last = seeds[0].behaviour, seeds[-1].behaviour
    text = f"1 replicate (seed {first})" if len(seeds) == 1 else f"{len(seeds)} replicates (seeds {first} to {last})"
    if len(seeds) > 1:
        for name in ("world", "storm"):
            fixed = {getattr(row, name) for row in seeds}
            text += f", {name} held at seed {fixed.pop()}" if len(fixed) == 1 else ""
    return text
