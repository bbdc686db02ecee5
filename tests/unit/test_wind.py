"""The storm's wind: Holland's profile, the eye, and what blows to either side of the path."""

import numpy as np
import pytest

from sim.world.track import KNOT_M_PER_S, holland, peak_winds
from tests.unit.storms import DEFAULT, NORTHWARD


def test_the_wind_is_strongest_at_the_radius_of_maximum_wind_and_falls_off_on_both_sides():
    distance = np.linspace(1.0, 400.0, 4_000)
    for peakedness in (1.0, 1.3, 2.5):
        wind = holland(30.0 / distance, 60.0, peakedness)
        assert holland(np.ones(1), 60.0, peakedness)[0] == pytest.approx(60.0)
        assert wind.max() <= 60.0 + 1e-9
        assert abs(distance[np.argmax(wind)] - 30.0) < 0.2
        assert (np.diff(wind[(distance < 29.9) & (wind > 0.0)]) > 0.0).all()
        assert (np.diff(wind[distance > 30.1]) < 0.0).all()


def test_the_profile_is_hollands_formula():
    ratio = np.array([0.1, 0.5, 0.9, 2.0, 4.0])
    expected = [50.0 * np.sqrt(x**1.3 * np.exp(1.0 - x**1.3)) for x in ratio]
    assert holland(ratio, 50.0, 1.3) == pytest.approx(expected)


def test_there_is_calm_in_the_eye():
    assert holland(np.array([1e6]), 60.0, 1.3)[0] == 0.0


def test_a_passing_storm_blows_hardest_at_its_radius_to_either_side_of_the_path():
    east = np.linspace(-150.0, 150.0, 601)
    wind = peak_winds(DEFAULT.but({"storm.track": NORTHWARD}), east, np.zeros_like(east))
    most = 100.0 * KNOT_M_PER_S
    assert wind.max() == pytest.approx(most, rel=1e-3)
    beyond = np.abs(east) >= 30.0
    expected = most * np.sqrt((30.0 / np.abs(east[beyond])) ** 1.3 * np.exp(1.0 - (30.0 / np.abs(east[beyond])) ** 1.3))
    assert wind[beyond] == pytest.approx(expected, rel=0.02)
    assert wind == pytest.approx(wind[::-1], rel=1e-6)
