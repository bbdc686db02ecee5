"""Curves over time: customers out by group, and time without power by group, with the reference in the title.

Each run is drawn on a common grid of times; lines are means over runs, bands hold 95 % of runs (they show how
much runs differ, and are not intervals of the mean). Maps are in `analysis.figures.maps`.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures.drawing import (
    BLACK,
    REST,
    STYLES,
    Style,
    canvas,
    compared,
    count_axis,
    named_groups,
    percent_axis,
    put_legend,
    put_title,
    save,
    seeds,
    tidy_axes,
)  # fmt: skip
from analysis.figures.maps import grid_map, neighbourhood_map
from analysis.measures.curves import customers_out
from analysis.measures.survival import area_h, kaplan_meier, observed, share_beyond

__all__ = ["grid_map", "neighbourhood_map", "outage_curve", "save", "survival_curves"]

POINTS = 400  # times at which curves are evaluated
BAND = (2.5, 97.5)  # percentiles over runs


def outage_curve(
    runs: Sequence[pd.DataFrame],
    by: str | Sequence[str],
    horizon_h: float,
    observed: pd.DataFrame | None = None,
    title: str | None = None,
) -> Figure:
    """Customers without power over time: one line per group and their total.

    Parameters
    ----------
    runs : household tables, one per run
    by : see `grouping.groups`; ``"all"`` draws the total only
    horizon_h : float, end of the time axis in hours since the storm's peak
    observed : DataFrame with the columns time_h, customers_out, and label (text for the legend; optional)
    title : text; the reference group and the number of seeds are added below it
    """
    codes, names, reference = named_groups(runs, by)
    times = np.linspace(_first_loss_h(runs), horizon_h, POINTS)
    figure = canvas()
    axes = figure.add_subplot()
    if len(names) > 1:
        for group, name in enumerate(names):
            chosen = [run.loc[code == group] for run, code in zip(runs, codes, strict=True)]
            _line_with_band(axes, times, _counts(chosen, times), name, STYLES[group], 1.8)
    _line_with_band(axes, times, _counts(runs, times), "all customers", (BLACK, "-"), 2.6)
    if observed is not None:
        _points(axes, observed[observed["time_h"] <= horizon_h])  # beyond the axis they would lie on the page
    axes.set_ylim(bottom=0)
    axes.set_xlim(min(0.0, times[0]), horizon_h)
    axes.yaxis.set_major_formatter(count_axis())
    tidy_axes(axes, "time since the storm's peak (hours)", "customers without power")
    put_title(figure, title or "Customers without power over time", _below_title(by, reference, runs))
    put_legend(figure, axes)
    return figure


def survival_curves(
    runs: Sequence[pd.DataFrame],
    by: str | Sequence[str],
    horizon_h: float,
    title: str | None = None,
    no_claim: str = "",
) -> Figure:
    """Share of each group still without power against the time since its own loss (Kaplan-Meier).

    The area between the two largest groups is shaded; in hours it is their gap in restricted mean time
    without power up to ``horizon_h``, averaged over runs. Parameters as in `outage_curve`; ``no_claim`` says why that
    gap may not be told, and then stands below the title in its place.
    """
    codes, names, reference = named_groups(runs, by)
    times = np.linspace(0.0, horizon_h, POINTS)
    figure = canvas()
    axes = figure.add_subplot()
    shares, means_h, affected = _shares_left(runs, codes, len(names), times, horizon_h)
    drawn = [group for group in range(len(names)) if affected[group] > 0]
    for group in drawn:
        _line_with_band(axes, times, shares[:, group], names[group], STYLES[group], 2.0)
    last = _last_shown_h(times, shares[:, drawn])
    if len(drawn) > 1 and not no_claim:
        _shade(axes, times, shares, means_h, _compared_pair(drawn, affected, names, reference), names, last)
    axes.set(xlim=(0.0, last), ylim=(0.0, 1.0))
    axes.yaxis.set_major_formatter(percent_axis())
    tidy_axes(axes, "time since losing power (hours)", "share of affected households\nstill without power (%)")
    below = "; ".join(filter(None, (_below_title(by, reference, runs), no_claim)))
    put_title(figure, title or "Time without power by group", below)
    put_legend(figure, axes)
    return figure


def _below_title(by: str | Sequence[str], reference: str, runs: Sequence[pd.DataFrame]) -> str:
    bands = "" if len(runs) == 1 else ", bands hold 95 % of seeds"
    return f"{compared(by, reference)}; {seeds(len(runs))}{bands}"


def _first_loss_h(runs: Sequence[pd.DataFrame]) -> float:
    return min(0.0, *(float(run["out_h"].min()) if len(run) else 0.0 for run in runs))


def _counts(runs: Sequence[pd.DataFrame], times: np.ndarray) -> np.ndarray:
    """Customers out [run, time]."""
    return np.stack([customers_out(run["out_h"].to_numpy(), run["restored_h"].to_numpy(), times) for run in runs])


def _line_with_band(axes: Axes, times: np.ndarray, values: np.ndarray, name: str, style: Style, width: float) -> None:
    """Mean over runs, and the band that holds 95 % of them; ``values`` has shape [run, time]."""
    colour, dashes = style
    there = values[~np.isnan(values).any(axis=1)]
    axes.plot(times, there.mean(axis=0), color=colour, linestyle=dashes, linewidth=width, label=name)
    if len(there) > 1:
        low, high = np.percentile(there, BAND, axis=0)
        axes.fill_between(times, low, high, color=colour, alpha=0.15, linewidth=0)


def _points(axes: Axes, seen: pd.DataFrame) -> None:
    """Observed customers out, by label."""
    labels = seen["label"] if "label" in seen else pd.Series("observed", index=seen.index)
    for marker, (label, points) in zip("oDs^v", seen.groupby(labels, sort=False), strict=False):
        style: dict[str, Any] = {
            "markerfacecolor": "white",
            "markeredgecolor": BLACK,
            "markersize": 6,
            "markeredgewidth": 1.3,
        }
        axes.plot(
            points["time_h"],
            points["customers_out"],
            marker,
            label=str(label),
            zorder=5,
            clip_on=False,
            **style,
        )


def _shares_left(
    runs: Sequence[pd.DataFrame], codes: Sequence[np.ndarray], n_groups: int, times: np.ndarray, tau_h: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Kaplan-Meier shares [run, group, time], restricted means [run, group], affected households [group]."""
    shares = np.full((len(runs), n_groups, times.size), np.nan)
    means_h, affected = np.full((len(runs), n_groups), np.nan), np.zeros(n_groups)
    for i, (run, code) in enumerate(zip(runs, codes, strict=True)):
        out, hours, restored = observed(run, tau_h)
        for group in range(n_groups):
            who = code[out] == group
            curve = kaplan_meier(hours[who], restored[who])
            shares[i, group] = share_beyond(*curve, times)
            means_h[i, group] = area_h(*curve, tau_h)
            affected[group] += who.sum()
    return shares, means_h, affected


def _last_shown_h(times: np.ndarray, shares: np.ndarray) -> float:
    """Where the time axis may end: every curve is below half a per cent, or the horizon."""
    visible = np.flatnonzero(np.max(np.nan_to_num(shares), axis=(0, 1), initial=0.0) > 0.005)
    return float(times[min(visible[-1] + 2, times.size - 1)]) if visible.size else float(times[-1])


def _compared_pair(drawn: Sequence[int], affected: np.ndarray, names: Sequence[str], reference: str) -> tuple[int, int]:
    """The two groups with the most affected households; the reference, if among them, second.

    Groups within a tenth of the largest count as equally large, and of those the reference and the first are
    taken: so the lowest fifth is compared with the highest, not with whichever fifth was hit most.
    """
    largest = max(affected[group] for group in drawn if names[group] != REST)

    def preference(group: int) -> tuple[bool, float, bool, int]:
        size = affected[group] if affected[group] < 0.9 * largest else largest
        return names[group] == REST, -size, names[group] != reference, group

    a, b = sorted(sorted(drawn, key=preference)[:2])
    return (b, a) if names[a] == reference else (a, b)


def _shade(
    axes: Axes,
    times: np.ndarray,
    shares: np.ndarray,
    means_h: np.ndarray,
    pair: tuple[int, int],
    names: Sequence[str],
    last_h: float,
) -> None:
    """Shade between two mean curves and say what the area is, where no curve passes."""
    both = ~np.isnan(means_h[:, pair]).any(axis=1)  # runs in which both groups lost power
    if not both.any():
        return
    upper, lower = (shares[both, group].mean(axis=0) for group in pair)
    axes.fill_between(times, upper, lower, facecolor="#BBBBBB", alpha=0.6, hatch="////", edgecolor="white", lw=0)
    gap_h = float(np.mean(means_h[both, pair[0]] - means_h[both, pair[1]]))
    # a fast restoration leaves the upper right corner empty, a slow one the lower left
    fast = np.nanmax(shares[:, :, times > 0.45 * last_h]) < 0.75
    x, y, across, up = (0.98, 0.95, "right", "top") if fast else (0.02, 0.05, "left", "bottom")
    gap_of = f"({names[pair[0]]} minus", f"{names[pair[1]]})"
    text = f"shaded: mean gap {gap_h:+z.1f} hours\n" + (" " if len("".join(gap_of)) < 40 else "\n").join(gap_of)
    axes.text(x, y, text, transform=axes.transAxes, ha=across, va=up, fontsize=10.5)
