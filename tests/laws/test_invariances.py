"""How a run is carried out must not change a byte of its outcome."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import sim.engine.settings as engine_settings
from sim.core.seeds import Seeds
from sim.core.state import GROWING
from sim.engine.simulate import advance_to
from sim.engine.start import begin
from tests.laws.towns import ALL_RULES, SMALL, assert_same, report, rows_of, state_of, town, world

ROOT = Path(__file__).resolve().parents[2]
# Speed only: how far ahead a household's moments of attention have been looked at.
BOOKKEEPING = {"moment_h", "check_h", "moment", "check", "version", "chosen", "phase", "most"}


def run_elsewhere(**surroundings):
    """The report of :mod:`tests.laws.towns` from a fresh interpreter; returns the process."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.laws.towns"],
        cwd=ROOT,
        env={**os.environ, **surroundings},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module")
def elsewhere():
    """Reports of other interpreters, started together."""
    settings = {
        "compiled, hash seed 0": {"PYTHONHASHSEED": "0"},
        "plain, hash seed 1": {"PYTHONHASHSEED": "1", "NUMBA_DISABLE_JIT": "1"},
    }
    processes = {name: run_elsewhere(**surroundings) for name, surroundings in settings.items()}
    reports = {}
    for name, process in processes.items():
        out, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors
        reports[name] = json.loads(out)
    return reports


@pytest.mark.parametrize("surroundings", ["compiled, hash seed 0", "plain, hash seed 1"])
def test_rules_give_the_same_bytes_compiled_or_not_and_whatever_the_hash_seed(elsewhere, surroundings):
    here, there = report(), elsewhere[surroundings]
    differing = {town: [name for name in here[town] if here[town][name] != there[town][name]] for town in here}
    assert differing == {"all rules": [], "standard": []}


@pytest.mark.parametrize("look_ahead_h", [0.25, 2.0, 500.0])
@pytest.mark.parametrize("base", [SMALL, ALL_RULES], ids=["standard", "all rules"])
def test_how_far_ahead_moments_are_looked_at_is_a_matter_of_speed_only(monkeypatch, base, look_ahead_h):
    scenario = town(base=base)
    as_it_is = rows_of(state_of(scenario, 3))
    monkeypatch.setattr(engine_settings, "LOOK_AHEAD_H", look_ahead_h)
    otherwise = rows_of(state_of(scenario, 3))
    for kind, rows in as_it_is.items():
        for name in rows.dtype.names:
            if kind != "households" or name not in BOOKKEEPING:
                np.testing.assert_array_equal(rows[name], otherwise[kind][name], err_msg=f"{kind}.{name}")


@pytest.mark.parametrize("step_h", [0.1, 1.0, 7.3])
def test_stopping_and_going_on_gives_the_same_bytes_as_going_through(step_h):
    scenario = town(base=ALL_RULES)
    place, damage = built = world(scenario, 3)
    state = begin(scenario, place, damage, Seeds.all(3))
    for hour in np.arange(-10.0, scenario["run.horizon_h"], step_h):
        state = advance_to(state, hour)
    assert_same(advance_to(state, scenario["run.horizon_h"]), state_of(scenario, 3, built))


def test_arrays_that_start_tiny_grow_and_give_the_same_bytes():
    scenario = town(base=ALL_RULES)
    place, damage = built = world(scenario, 3)
    roomy = begin(scenario, place, damage, Seeds.all(3))
    used = {"events": roomy.clock.n_events[0], "household_events": roomy.clock.n_household_events[0]}
    tiny = roomy._replace(**{name: getattr(roomy, name)[..., : max(1, used.get(name, 0))].copy() for name in GROWING})
    grown = advance_to(tiny, scenario["run.horizon_h"])
    assert all(getattr(grown, name).shape[-1] > getattr(tiny, name).shape[-1] for name in GROWING)
    assert_same(grown, state_of(scenario, 3, built))


def test_running_twice_gives_the_same_bytes_and_leaves_the_world_as_it_was():
    scenario = town(base=ALL_RULES)
    built = world(scenario, 3)
    before = columns_of_world(*built)
    assert_same(state_of(scenario, 3, built), state_of(scenario, 3, built))
    assert columns_of_world(*built) == before


def columns_of_world(place, damage):
    columns = {**vars(place.households), **vars(place.devices), "ties": place.ties, **damage._asdict()}
    return {name: values.tobytes() for name, values in columns.items() if isinstance(values, np.ndarray)}


def test_a_whole_city_of_meters_that_answer_at_once_fits_and_gives_the_same_bytes():
    """One repair may leave every metered home dark behind it, each with an order of its own."""
    shut = {"patrol.sees_one_below": 0.0, "patrol.sees_two_below": 0.0, "patrol.teams": 0}
    city = {"place.customers": 1_000, "grid.customers_per_substation": 1_000, "grid.customers_per_transformer": 20}
    seen = {"sensing.meter_coverage": 1.0, "sensing.meter_half_time_h": 0.5, "sensing.substation": 1.0}
    levels = {"substation": 20.0, "feeder": 0.0, "lateral": 0.0, "transformer": 20.0, "drop": 0.0}
    broken = {f"storm.failures.{level}": rate for level, rate in levels.items()}
    scenario = town({**shut, **city, **seen, **broken, "sensing.link_down_share": 0.0}, SMALL)
    place, damage = built = world(scenario, 3)
    roomy = begin(scenario, place, damage, Seeds.all(3))
    used = {"events": roomy.clock.n_events[0], "household_events": roomy.clock.n_household_events[0]}
    tiny = roomy._replace(**{name: getattr(roomy, name)[..., : max(1, used.get(name, 0))].copy() for name in GROWING})
    grown = advance_to(tiny, scenario["run.horizon_h"])
    opened = np.unique(grown.orders.opened_h[: grown.clock.n_orders[0]], return_counts=True)[1]
    assert opened.max() > 500
    assert_same(grown, state_of(scenario, 3, built))
