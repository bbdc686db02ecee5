"""The figures of a run: customers out, time without power, the city's map, and the grid with its damage.

Each PNG carries its alternative text in its ``Description`` field.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.figures.curves import outage_curve, survival_curves
from analysis.figures.drawing import png
from analysis.figures.maps import grid_map, neighbourhood_map
from analysis.measures.curves import customers_out, quantiles_since_loss
from analysis.measures.grouping import FIFTHS, attributes, groups
from analysis.measures.survival import observed
from app.pages.run_words import mapped, stem
from experiments.claims import brief
from experiments.record import short_name
from experiments.results.replicates import folder_of
from experiments.results.tables import read_table
from experiments.runs.evaluate import WORLDS
from experiments.runs.rows import row
from experiments.studies.run import Asked
from sim.core.columns import LEVELS, Damage, Place
from sim.engine.outcome_columns import TABLES

ALWAYS = ("neighbourhood", "svi", "out_h", "restored_h", "hours_out")


def columns_for(by: Sequence[str]) -> list[str]:
    """Columns of the household table that the figures read."""
    asked = [a for name in by for a in attributes(name) if a != "all"]
    columns = [FIFTHS[a][0] if a in FIFTHS else a for a in [*asked, *mapped(by)]]
    return list(dict.fromkeys([*ALWAYS, *columns]))


def drawn(asked: Asked, folder: Path, summary: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
    """All figures of a study: names and PNG; none where the replicates have left no tables.

    Parameters
    ----------
    folder : of the study, with a folder for each replicate
    summary : what was found
    """
    scenario, horizon_h, name = asked.scenario, asked.scenario["run.horizon_h"], short_name(asked.scenario)
    kept = {seeds: path for seeds in asked.seeds if (path := folder_of(folder, seeds)).exists()}
    if not kept:
        return
    first, columns = next(iter(kept)), columns_for(asked.by)
    runs = [read_table(path / "households.parquet", TABLES["households"], columns) for path in kept.values()]
    dark = summary["whole_city"]["censored share"]["mean"]
    no_claim = brief(len(runs), float("nan") if dark is None else dark, "replicates")
    for by in asked.by:
        yield from _curves(name, by, runs, horizon_h, asked.seen.counts, no_claim)
    where, damage = WORLDS.built(scenario, scenario, row(scenario, {}, first))
    for attribute in mapped(asked.by):
        title = f"{name}: hours without power, and who lives where"
        figure = neighbourhood_map(runs[0], neighbourhoods(where), attribute, horizon_h, title)
        yield f"map-{attribute}", png(figure, _map_in_words(runs[0], attribute, horizon_h))
    devices = devices_of(where, damage)
    yield "grid", png(grid_map(devices, title=f"{name}: the grid and its damage"), _grid_in_words(devices))


def _curves(
    name: str,
    by: str,
    runs: Sequence[pd.DataFrame],
    horizon_h: float,
    counts: pd.DataFrame | None,
    no_claim: str,
) -> Iterator[tuple[str, bytes]]:
    figure = outage_curve(
        runs, by, _end_h(runs, horizon_h, counts), counts, f"{name}: customers without power over time"
    )
    yield f"outage-{stem(by)}", png(figure, _outage_in_words(runs, by, horizon_h, counts))
    figure = survival_curves(runs, by, horizon_h, f"{name}: time without power by group", no_claim)
    yield f"survival-{stem(by)}", png(figure, _survival_in_words(runs, by, horizon_h, no_claim))


def _end_h(runs: Sequence[pd.DataFrame], horizon_h: float, counts: pd.DataFrame | None) -> float:
    """Where the axis of time may end: 99.5 % of customers are back in every run, and every observed count is shown."""
    last = [np.quantile(run["restored_h"].to_numpy(), 0.995, method="higher") for run in _affected(runs)]
    seen = [] if counts is None else [counts["time_h"].max()]
    end_h = 1.05 * max([*last, *seen, 1.0])
    return float(min(horizon_h, np.ceil(end_h / 12.0) * 12.0)) if np.isfinite(end_h) else horizon_h


def _affected(runs: Sequence[pd.DataFrame]) -> list[pd.DataFrame]:
    tables = [run[np.isfinite(run["out_h"])] for run in runs]
    return [table for table in tables if len(table)]


def neighbourhoods(where: Place) -> pd.DataFrame:
    """Neighbourhoods as `analysis.figures.maps.neighbourhood_map` reads them."""
    near = where.neighbourhoods
    return pd.DataFrame({name: getattr(near, name) for name in ("name", "x_km", "y_km", "area_km2")})


def devices_of(where: Place, damage: Damage) -> pd.DataFrame:
    """Devices as `analysis.figures.maps.grid_map` reads them."""
    devices = where.devices
    broken = np.zeros(len(devices), dtype=bool)
    broken[damage.device] = True
    columns = {name: getattr(devices, name) for name in ("parent", "x_km", "y_km")}
    return pd.DataFrame({"level": pd.Categorical.from_codes(devices.level, LEVELS), **columns, "damaged": broken})


def _outage_in_words(runs: Sequence[pd.DataFrame], by: str, horizon_h: float, counts: pd.DataFrame | None) -> str:
    times = np.linspace(0.0, horizon_h, 400)
    out = np.mean([customers_out(run["out_h"].to_numpy(), run["restored_h"].to_numpy(), times) for run in runs], axis=0)
    peak = int(np.argmax(out))
    left = np.flatnonzero(out[peak:] <= 0.1 * out[peak])
    end = (
        f"a tenth of that after {times[peak + left[0]]:.0f} hours"
        if left.size
        else "more than a tenth of that to the end"
    )
    seen = "" if counts is None else f"; {len(counts)} observed counts are shown as points"
    return (
        f"Line chart of customers without power by hours since the storm's peak, by {by}. Mean of {len(runs)} run(s): "
        f"{out[peak]:,.0f} customers at most, at {times[peak]:.0f} hours; {end}{seen}."
    )


def _survival_in_words(runs: Sequence[pd.DataFrame], by: str, horizon_h: float, no_claim: str) -> str:
    grouping = groups(runs[0], by)
    parts = []
    for code, group in enumerate(grouping.names[:7]):
        half = quantiles_since_loss(runs[0][grouping.code == code], (0.5,), horizon_h=horizon_h).iloc[0]
        parts.append(f"{group} {half:.0f} hours" if np.isfinite(half) else f"{group} not reached")
    gap = no_claim or "the area between the two largest groups is shaded"
    return (
        f"Kaplan-Meier curves of the share still without power against hours since losing it, by {by}; {gap}. "
        f"Half have power again, in the first run, after: {', '.join(parts)}."
    )


def _map_in_words(run: pd.DataFrame, attribute: str, horizon_h: float) -> str:
    affected, hours, _ = observed(run, horizon_h)
    means = pd.Series(hours).groupby(run["neighbourhood"].cat.codes.to_numpy()[affected]).mean()
    span = f"from {means.min():.0f} to {means.max():.0f}" if len(means) else "nowhere above 0"
    return (
        f"Two maps of the neighbourhoods, first run: mean hours out of affected households ({span} hours), and beside "
        f"it the share of households by {attribute.replace('_', ' ')}."
    )


def _grid_in_words(devices: pd.DataFrame) -> str:
    counts = [f"{int((devices['damaged'] & (devices['level'] == name)).sum()):,} {name}s" for name in LEVELS]
    return f"Map of the radial grid down to its laterals, first run. Damaged: {', '.join(counts)}."
