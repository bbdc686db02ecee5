"""How an outcome answers to factors: worked by hand, and with the coverage that an interval claims."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy.special import stdtrit

from analysis.contrasts.response import Axis, grid_means, point_table, responses, text_of

APP = Axis("app", "the app", "app", True, None)
POLICY = Axis("policy", "policy", "policy", False, "standard", pooled=True)


def points(rows, columns=("panel", "varied", "app", "policy")):
    return pd.DataFrame(rows, columns=list(columns))


def test_points_are_compared_with_the_first_within_each_seed():
    values = np.array([[10.0, 20.0, 30.0], [12.0, 21.0, 33.0]])
    table = point_table(values)
    assert table.loc[0, ["mean", "change", "change_low", "change_high"]].tolist() == [20.0, 0.0, 0.0, 0.0]
    half = stdtrit(2, 0.975) / math.sqrt(3)  # changes 2, 1, 3: standard deviation 1
    assert table.loc[1, ["mean", "change"]].tolist() == [22.0, 2.0]
    assert table.loc[1, ["change_low", "change_high"]].tolist() == pytest.approx([2.0 - half, 2.0 + half])
    assert table["runs"].tolist() == [3, 3]


def test_a_seed_without_a_value_is_left_out_and_counted():
    table = point_table(np.array([[1.0, 2.0, 3.0], [2.0, np.nan, 4.0]]))
    assert table.loc[1, ["mean", "runs", "left_out", "change"]].tolist() == [3.0, 2, 1, 1.0]


def test_a_median_never_reached_gives_no_interval_and_no_warning():
    table = point_table(np.array([[1.0, math.inf], [math.inf, math.inf]]))
    assert math.isnan(table.loc[1, "change_low"])


def one_at_a_time():
    """Two panels; in seed s the app adds 2 h per unit under standard, nothing under pressure."""
    rows = [("", "scenario", 1.0, "standard")]
    values = [[5.0, 6.0]]
    for policy, slope in (("standard", 2.0), ("pressure", 0.0)):
        panel = f"policy: {policy}"
        rows.append((panel, "reference", 1.0, policy))
        values.append([5.0 + slope, 6.0 + slope])
        for app in (1.0, 0.0, 0.5):
            rows.append((panel, "app", app, policy))
            values.append([5.0 + slope * app, 6.0 + slope * app])
    return points(rows), np.array(values)


def test_levels_rise_and_changes_are_from_the_first_level_and_from_the_reference_of_the_panel():
    table = responses(*one_at_a_time(), [APP])
    standard = table[table["panel"] == "policy: standard"]
    assert standard["level"].tolist() == ["0", "0.5", "1"]
    assert standard["change"].tolist() == pytest.approx([0.0, 1.0, 2.0])
    assert standard["shift"].tolist() == pytest.approx([-2.0, -1.0, 0.0])
    assert standard["mean"].tolist() == pytest.approx([5.5, 6.5, 7.5])
    assert (standard["change_low"] == standard["change_high"]).all()  # the same in both seeds, so certain
    assert standard["is_end"].tolist() == [False, False, True]
    assert table[table["panel"] == "policy: pressure"]["change"].tolist() == [0.0, 0.0, 0.0]


def test_what_makes_panels_is_looked_at_over_their_references():
    table = responses(*one_at_a_time(), [POLICY])
    assert table["level"].tolist() == ["standard", "pressure"]
    assert table["change"].tolist() == [0.0, -2.0]
    assert table["is_base"].tolist() == [True, False]


def test_a_factorial_is_averaged_over_the_other_factors():
    rows = [("", "scenario", 0.0, 1)] + [("", "all", a, c) for a in (0.0, 1.0) for c in (1, 2, 4)]
    frame = points(rows, ("panel", "varied", "app", "crews"))
    values = np.array([[a + 10.0 * c + s for s in (0.0, 1.0)] for _, _, a, c in rows])
    table = responses(frame, values, [APP, Axis("crews", "crews", "crews", True, None)])
    assert table[table["axis"] == "the app"]["change"].tolist() == pytest.approx([0.0, 1.0])
    assert table[table["axis"] == "crews"]["change"].tolist() == pytest.approx([0.0, 10.0, 30.0])
    across, along, grid = grid_means(frame, values, APP, Axis("crews", "crews", "crews", True, None))[""]
    assert (across, along) == ([0.0, 1.0], [1, 2, 4])
    assert grid.tolist() == pytest.approx(np.array([[10.5, 11.5], [20.5, 21.5], [40.5, 41.5]]))


def test_many_levels_of_a_number_are_cut_into_fifths():
    x = np.linspace(0.0, 1.0, 50)
    frame = points([("", "scenario", 0.0, "")] + [("", "all", v, "") for v in x])
    values = np.repeat(np.concatenate([[0.0], x])[:, None], 3, axis=1)
    table = responses(frame, values, [APP])
    assert len(table) == 5
    assert table["change"].iloc[-1] == pytest.approx(0.8163, abs=1e-3)
    assert ".." in table["level"].iloc[0]


def test_intervals_of_a_sampled_design_cover_the_choice_of_points():
    """A factor without effect beside one with a large one: 95 % intervals hold 0 about 95 times in 100."""
    luck = np.random.default_rng(3)
    covered = {True: 0, False: 0}
    for _ in range(100):
        app, other = luck.uniform(size=(2, 40))
        values = 10.0 * other[:, None] + luck.normal(size=6) + 0.1 * luck.normal(size=(40, 6))
        frame = points([("", "scenario", 0.0, "")] + [("", "all", v, "") for v in app])
        for sampled in covered:
            last = responses(frame, np.vstack([values[:1], values]), [APP._replace(sampled=sampled)]).iloc[-1]
            covered[sampled] += last["change_low"] <= 0.0 <= last["change_high"]
    assert covered[True] >= 92
    assert covered[False] < 50  # what an interval over seeds alone would have claimed


def test_levels_as_text():
    assert [text_of(v) for v in (0.0, 1.0, 1 / 3, 12_000, 0.0005, True, "standard", 4)] == [
        "0", "1", "0.333", "12,000", "0.0005", "on", "standard", "4",
    ]  # fmt: skip
