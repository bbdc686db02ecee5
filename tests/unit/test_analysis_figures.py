"""Figures: what must be readable on them."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from analysis.figures.curves import outage_curve, survival_curves
from analysis.figures.drawing import save
from analysis.figures.maps import _cells, grid_map, neighbourhood_map

INF = np.inf
HORIZON_H = 120.0


def storm(seed, n=400):
    """A small city in four neighbourhoods of which the last has no affected household."""
    luck = np.random.default_rng(seed)
    place = np.arange(n) % 4
    out_h = np.where((luck.random(n) < 0.8) & (place < 3), luck.random(n) * 6, INF)
    minority = luck.random(n) < 0.4
    hours = luck.gamma(1.5, 20.0 + 10.0 * minority)
    restored_h = np.where(out_h + hours < HORIZON_H, out_h + hours, INF)
    return pd.DataFrame(
        {
            "neighbourhood": np.array(["north", "east", "south", "west"])[place],
            "minority": minority,
            "ethnicity": np.where(minority, "black", "white"),
            "income_usd": luck.lognormal(10.8, 0.6, n),
            "svi": place / 4,
            "out_h": out_h,
            "restored_h": restored_h,
            "hours_out": np.where(np.isfinite(out_h), restored_h - np.where(np.isfinite(out_h), out_h, 0), 0.0),
        }
    )


NEIGHBOURHOODS = pd.DataFrame(
    {
        "name": ["north", "east", "south", "west"],
        "x_km": [0.0, 2.0, 0.0, -2.0],
        "y_km": [2.0, 0.0, -2.0, 0.0],
        "area_km2": [3.0, 3.0, 3.0, 3.0],
        "minority_share": [0.4, 0.4, 0.4, 0.4],
    }
)
DEVICES = pd.DataFrame(
    {
        "label": ["S", "S.F", "S.F.L", "S.F.L.T", "S.F.L.T.D"],
        "level": ["substation", "feeder", "lateral", "transformer", "drop"],
        "parent": [-1, 0, 1, 2, 3],
        "x_km": [0.0, 1.0, 2.0, 2.1, 2.2],
        "y_km": [0.0, 1.0, 1.0, 1.1, 1.1],
        "damaged": [True, True, True, True, True],
        "repaired_h": [10.0, 20.0, 30.0, 40.0, INF],
    }
)


def texts(figure):
    return " | ".join([figure.get_suptitle(), *(t.get_text() for axes in figure.axes for t in axes.texts)])


def legend(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


@pytest.mark.parametrize("by", ["minority", "income", "neighbourhood", "all"])
def test_outage_curve_names_units_reference_and_seeds(by):
    figure = outage_curve([storm(1), storm(2)], by, HORIZON_H)
    (axes,) = figure.axes
    assert "hours" in axes.get_xlabel()
    assert "customers" in axes.get_ylabel()
    assert axes.get_ylim()[0] == 0.0
    assert "mean of 2 seeds" in texts(figure)
    assert "all customers" in legend(figure)
    assert ("reference group" in texts(figure)) == (by != "all")


def test_outage_curve_shows_observed_points_with_their_label():
    seen = pd.DataFrame({"time_h": [10.0, 20.0], "customers_out": [200, 90], "label": "utility"})
    figure = outage_curve([storm(1)], "minority", HORIZON_H, observed=seen, title="A storm")
    assert legend(figure) == ["minority", "other", "all customers", "utility"]
    assert texts(figure).startswith("A storm\n")
    assert "one seed" in texts(figure)


def test_lines_differ_in_more_than_colour():
    figure = outage_curve([storm(1)], "income", HORIZON_H)
    styles = [str(line._unscaled_dash_pattern) for line in figure.axes[0].lines[:5]]
    assert len(set(styles)) == 5


def test_survival_curves_label_the_gap_in_hours_with_its_sign():
    figure = survival_curves([storm(1), storm(2)], "minority", HORIZON_H)
    (axes,) = figure.axes
    assert "(hours)" in axes.get_xlabel()
    assert "(%)" in axes.get_ylabel()
    assert axes.get_ylim() == (0.0, 1.0)
    assert "mean gap +" in texts(figure)
    assert "(minority minus other)" in texts(figure)
    assert "reference group: other; mean of 2 seeds" in texts(figure)


def test_extreme_fifths_are_compared_rather_than_two_that_happen_to_be_largest():
    assert "(lowest fifth minus highest fifth)" in texts(survival_curves([storm(1, 4000)], "income", HORIZON_H))


def test_more_groups_than_can_be_told_apart_become_one():
    households = storm(1).assign(neighbourhood=[f"tract {i % 40}" for i in range(400)])
    names = legend(survival_curves([households], "neighbourhood", HORIZON_H))
    assert len(names) == 7
    assert names[-1] == "all other groups"


def test_curves_of_an_empty_group_or_of_no_outage_are_drawn_without_a_crash(tmp_path):
    one_group = survival_curves([storm(1).assign(minority=False)], "minority", HORIZON_H)
    assert legend(one_group) == ["other"]
    calm = storm(1).assign(out_h=INF, restored_h=INF, hours_out=0.0)
    for figure in (
        survival_curves([calm], "minority", HORIZON_H),
        outage_curve([calm], "minority", HORIZON_H),
    ):
        save(figure, tmp_path / "calm.png", "Nobody lost power.")


@pytest.mark.parametrize("attribute", ["minority", "income", "ethnicity"])
def test_neighbourhood_map_shows_hours_beside_shares(attribute):
    figure = neighbourhood_map(storm(1), NEIGHBOURHOODS, attribute, HORIZON_H)
    hours, shares, *scales = figure.axes
    assert "(km)" in hours.get_xlabel()
    assert hours.get_xlim() == shares.get_xlim()
    labels = " | ".join(scale.get_xlabel() for scale in scales)
    assert "(hours); hatched: nobody affected" in labels
    assert "share of households" in labels
    assert all(scale.get_xlim()[0] == 0.0 for scale in scales)


def test_cells_of_neighbourhoods_tile_the_hull():
    # corners of a square, side 2, with discs of radius 1 around them: hull = 4 x 4 less the four corners,
    # 12 + pi; the discs are 24-gons of area 12 sin 15 degrees
    x, y = np.array([0.0, 2.0, 2.0, 0.0]), np.array([0.0, 0.0, 2.0, 2.0])
    cells = _cells(x, y, np.full(4, np.pi))
    areas = [0.5 * abs(np.sum(c[:, 0] * np.roll(c[:, 1], -1) - c[:, 1] * np.roll(c[:, 0], -1))) for c in cells]
    np.testing.assert_allclose(areas, (12 + 12 * np.sin(np.pi / 12)) / 4)


def test_one_neighbourhood_is_one_cell():
    assert len(_cells(np.array([1.0]), np.array([1.0]), np.array([2.0]))) == 1


def test_grid_map_counts_damage_by_level_and_leaves_out_what_is_repaired():
    assert "damaged lateral (1)" in legend(grid_map(DEVICES))
    assert "1 damaged service drops are not drawn" in texts(grid_map(DEVICES))
    later = grid_map(DEVICES, at_h=25.0)
    assert "damaged feeder (1)" not in legend(later)
    assert "damaged transformer (1)" in legend(later)
    assert "25 hours" in texts(later)
    assert "(km)" in later.axes[0].get_ylabel()


def test_saved_figure_is_wide_enough_and_carries_its_description(tmp_path):
    figures = {
        "outage": outage_curve([storm(1)], "minority", HORIZON_H),
        "survival": survival_curves([storm(1)], "minority", HORIZON_H),
        "map": neighbourhood_map(storm(1), NEIGHBOURHOODS, "minority", HORIZON_H),
        "grid": grid_map(DEVICES),
    }
    for name, figure in figures.items():
        path = save(figure, tmp_path / f"{name}.png", f"What {name} shows.")
        with Image.open(path) as picture:
            assert picture.width == 1200
            assert picture.text["Description"] == f"What {name} shows."


def test_figure_without_a_description_is_refused(tmp_path):
    with pytest.raises(ValueError, match="description"):
        save(grid_map(DEVICES), tmp_path / "grid.png", " ")


def test_texts_on_figures_are_at_least_nine_points():
    figure = survival_curves([storm(1)], "minority", HORIZON_H)
    (axes,) = figure.axes
    drawn = [*axes.texts, axes.xaxis.label, *axes.get_xticklabels(), *figure.legends[0].get_texts()]
    assert min(text.get_fontsize() for text in drawn) >= 9


def test_drawing_never_imports_pyplot():
    code = "import sys, analysis.figures.curves; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
