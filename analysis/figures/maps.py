"""Maps: hours out beside who lives where, and the damaged grid.

Neighbourhoods are drawn as Voronoi cells of their centres, clipped to the hull of their extents (a disc of
the neighbourhood's area around its centre). Cells show who is next to whom; they are not the true boundaries,
and the figure says so.
"""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure

from analysis.figures.drawing import (
    BLACK,
    BLUE,
    ORANGE,
    PURPLE,
    VERMILLION,
    canvas,
    compared,
    percent_axis,
    put_legend,
    put_title,
    tidy_axes,
)  # fmt: skip
from analysis.measures.grouping import Groups, groups
from analysis.measures.survival import observed

# level: (colour, width) of a line and of a damaged line; finer lines cannot be told apart on a page
LINES = {"lateral": ("#C8C8C8", 0.5, VERMILLION, 1.6), "feeder": ("#555555", 1.1, PURPLE, 3.2)}
LEGEND = (
    "substation",
    "feeder",
    "lateral",
    *(f"damaged {it}" for it in ("substation", "feeder", "lateral", "transformer")),
)
NO_DATA = "#DDDDDD"


def neighbourhood_map(
    households: pd.DataFrame,
    neighbourhoods: pd.DataFrame,
    attribute: str,
    horizon_h: float,
    title: str | None = None,
) -> Figure:
    """Mean hours out by neighbourhood, beside the share of a group in each.

    Parameters
    ----------
    households : DataFrame, one row per household of one run
    neighbourhoods : DataFrame with the columns name, x_km, y_km, area_km2
    attribute : one attribute of `grouping.ATTRIBUTES`; the right panel shows the share of households in its
        first group (``minority``, the lowest income fifth), of ethnicity the share outside of the reference
    horizon_h : float, hours since the storm's peak at which hours out are cut
    """
    grouping = groups(households, attribute)
    hours, share = _by_neighbourhood(households, neighbourhoods["name"], grouping, attribute, horizon_h)
    cells = _cells(*(neighbourhoods[c].to_numpy(float) for c in ("x_km", "y_km", "area_km2")))
    member = f"not {grouping.reference}" if attribute == "ethnicity" else grouping.names[0]
    figure = canvas(8.0, 4.9, pad_in=0.08)
    left, right = figure.subplots(1, 2, sharex=True, sharey=True)
    _choropleth(left, cells, hours, "mean hours out of affected households (hours)", "YlOrRd", None)
    _choropleth(right, cells, share, f"share of households: {member} (%)", "Purples", percent_axis())
    right.set_ylabel("")
    below = f"{compared(attribute, grouping.reference)}; one seed; cells: nearest centre, not true boundaries"
    put_title(figure, title or "Hours without power, and who lives where", below)
    return figure


def _by_neighbourhood(
    households: pd.DataFrame, names: pd.Series, grouping: Groups, attribute: str, horizon_h: float
) -> tuple[np.ndarray, np.ndarray]:
    """Mean hours out of the affected, share in the first group [neighbourhood]; NaN where there is nobody."""
    where = households["neighbourhood"].astype("category").cat
    found = pd.Index(names.astype(object)).get_indexer(where.categories.astype(object))
    place = np.append(found, -1)[where.codes]  # the last for those without a neighbourhood, whose code is -1
    known = place >= 0
    affected, hours, _ = observed(households, horizon_h)
    first = grouping.code == 0
    if attribute == "ethnicity":
        first = np.array([name != grouping.reference for name in grouping.names])[grouping.code]
    with np.errstate(invalid="ignore"):  # 0 / 0: nobody there, NaN on purpose
        share = _mean_at(place[known], first[known], len(names))
        return _mean_at(place[affected & known], hours[known[affected]], len(names)), share


def _mean_at(place: np.ndarray, values: np.ndarray, n: int) -> np.ndarray:
    return np.bincount(place, weights=values, minlength=n) / np.bincount(place, minlength=n)


def _choropleth(axes: Axes, cells: list[np.ndarray], values: np.ndarray, label: str, colours: str, ticks: Any) -> None:
    """Cells coloured from 0 to the largest value, with a scale; hatched where there is no value."""
    missing = np.isnan(values)
    top = float(np.max(values[~missing], initial=0.0)) or 1.0
    drawn = PolyCollection(
        [c for c, gone in zip(cells, missing, strict=True) if not gone],
        edgecolor="#777777",
        linewidth=0.7,
        cmap=colours,
    )
    drawn.set_array(values[~missing])
    drawn.set_clim(0.0, top)
    axes.add_collection(drawn)
    if missing.any():
        gone = [c for c, no_value in zip(cells, missing, strict=True) if no_value]
        axes.add_collection(PolyCollection(gone, facecolor=NO_DATA, edgecolor="#777777", hatch="xx"))
    axes.autoscale_view()
    axes.set_aspect("equal")
    tidy_axes(axes, "east of the centre (km)", "north of the centre (km)")
    axes.grid(False)
    text = label + ("; hatched: nobody affected" if missing.any() else "")
    axes.figure.colorbar(drawn, ax=axes, location="bottom", label=text, format=ticks, shrink=0.9, aspect=30)


def _cells(x_km: np.ndarray, y_km: np.ndarray, area_km2: np.ndarray) -> list[np.ndarray]:
    """Voronoi cell of every centre, clipped to the hull of all extents; each float [corner, 2]."""
    from scipy.spatial import ConvexHull, Voronoi

    centres = np.column_stack([x_km, y_km])
    radius = np.sqrt(np.maximum(area_km2, 1e-6) / np.pi)
    turn = np.linspace(0.0, 2.0 * np.pi, 24, endpoint=False)
    rim = centres[:, None] + radius[:, None, None] * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    rim = rim.reshape(-1, 2)
    hull = rim[ConvexHull(rim).vertices]
    far = 20.0 * (np.ptp(rim, axis=0).max() + 1.0)  # so far away that no cell of a centre is endless
    guards = centres.mean(axis=0) + far * np.array([[1, 0], [0, 1], [-1, 0], [0, -1]])
    diagram = Voronoi(np.vstack([centres, guards]))
    corners = (diagram.vertices[diagram.regions[diagram.point_region[i]]] for i in range(len(centres)))
    return [_clip(_anticlockwise(cell), hull) for cell in corners]


def _anticlockwise(cell: np.ndarray) -> np.ndarray:
    from_middle = cell - cell.mean(axis=0)
    return cell[np.argsort(np.arctan2(from_middle[:, 1], from_middle[:, 0]))]


def _clip(cell: np.ndarray, hull: np.ndarray) -> np.ndarray:
    """What of a convex cell lies in a convex hull, both anticlockwise (Sutherland & Hodgman 1974)."""
    edges = np.roll(hull, -1, axis=0) - hull
    if (_sides(cell, hull[:, None], edges[:, None]) >= 0).all():
        return cell
    for start, edge in zip(hull, edges, strict=True):
        if len(cell) == 0:
            break
        side, kept = _sides(cell, start, edge), []
        for i in range(len(cell)):
            j = (i + 1) % len(cell)
            if side[i] >= 0:
                kept.append(cell[i])
            if side[i] * side[j] < 0:
                kept.append(cell[i] + (cell[j] - cell[i]) * side[i] / (side[i] - side[j]))
        cell = np.array(kept).reshape(-1, 2)
    return cell


def _sides(cell: np.ndarray, start: np.ndarray, edge: np.ndarray) -> np.ndarray:
    """On which side of an edge, or of each of some, corners lie; > 0: inside."""
    return edge[..., 0] * (cell[:, 1] - start[..., 1]) - edge[..., 1] * (cell[:, 0] - start[..., 0])


def grid_map(devices: pd.DataFrame, at_h: float | None = None, title: str | None = None) -> Figure:
    """The radial grid down to its laterals, with what the storm broke.

    Parameters
    ----------
    devices : DataFrame with the columns level (substation, feeder, lateral, transformer or drop), parent (row of the
        device upstream, -1 at a source), x_km, y_km, damaged (bool), repaired_h (hours since the peak; inf = never)
    at_h : float, show only what is not yet repaired at that time; without it, all damage

    Notes
    -----
    Lines end at laterals and damaged transformers are points, so that a city stays legible; damaged service
    drops are counted in the title.
    """
    level = pd.Categorical(devices["level"])
    broken = devices["damaged"].to_numpy(dtype=bool)
    if at_h is not None:
        broken = broken & (devices["repaired_h"].to_numpy(dtype=float) > at_h)
    xy = devices[["x_km", "y_km"]].to_numpy(dtype=float)
    figure = canvas(8.0, 7.6)
    axes = figure.add_subplot()
    _draw_lines(axes, xy, devices["parent"].to_numpy(dtype=int), level, broken)
    _draw_points(axes, xy, level, broken)
    axes.autoscale_view()
    axes.set_aspect("equal", adjustable="datalim")
    tidy_axes(axes, "east of the centre (km)", "north of the centre (km)")
    put_title(figure, title or "The grid and its damage", _damage_in_words(level, broken, at_h))
    put_legend(figure, axes, 3, LEGEND)
    return figure


def _draw_lines(axes: Axes, xy: np.ndarray, parent: np.ndarray, level: pd.Categorical, broken: np.ndarray) -> None:
    """Feeders and laterals as lines from the device upstream; damage in colour and thicker."""
    for name, (grey, width, colour, thick) in LINES.items():
        here = np.flatnonzero((level == name) & (parent >= 0))
        ends = np.stack([xy[parent[here]], xy[here]], axis=1)
        axes.add_collection(LineCollection(list(ends), colors=grey, linewidths=width, zorder=1, label=name))
        hit = ends[broken[here]]
        if len(hit):
            label = f"damaged {name} ({len(hit):,})"
            axes.add_collection(LineCollection(list(hit), colors=colour, linewidths=thick, zorder=3, label=label))


def _draw_points(axes: Axes, xy: np.ndarray, level: pd.Categorical, broken: np.ndarray) -> None:
    """Damaged transformers as small points, substations as squares; a damaged substation is crossed."""
    hit = xy[(level == "transformer") & broken]
    if len(hit):
        label = f"damaged transformer ({len(hit):,})"
        size = 9 if len(hit) < 3000 else 4
        axes.scatter(hit[:, 0], hit[:, 1], s=size, color=BLUE, linewidths=0, zorder=2, label=label)
    here = xy[level == "substation"]
    squares: dict[str, Any] = {"s": 70, "marker": "s", "color": "white", "edgecolors": BLACK}
    axes.scatter(here[:, 0], here[:, 1], zorder=4, label="substation", **squares)
    hit = xy[(level == "substation") & broken]
    if len(hit):
        label = f"damaged substation ({len(hit):,})"
        crosses: dict[str, Any] = {"s": 90, "marker": "X", "color": ORANGE, "edgecolors": BLACK}
        axes.scatter(hit[:, 0], hit[:, 1], zorder=5, label=label, **crosses)


def _damage_in_words(level: pd.Categorical, broken: np.ndarray, at_h: float | None) -> str:
    when = "all damage" if at_h is None else f"damage not yet repaired {at_h:g} hours after the storm's peak"
    drops = int(np.sum((level == "drop") & broken))
    return f"one seed; {when}; {drops:,} damaged service drops are not drawn"
