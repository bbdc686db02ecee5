"""Devices of the synthetic grid by their labels, and feeders in sections: the same grid with devices put in."""

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.core.columns import FEEDER, LATERAL, SUBSTATION
from sim.core.errors import ScenarioError
from sim.world import grid
from tests.unit.grids import SMALL, built, scenarios


def test_labels_spell_the_path_and_end_in_the_household():
    names = np.array([f"home-{i}" for i in range(200)], dtype=object)
    order, devices, served_by = built(SMALL, 200, labels=names)
    assert devices.label[0] == "S1"
    assert devices.label[1] == "S1.F1"
    last = served_by[-1]
    assert devices.label[last].endswith("." + names[order[-1]])
    assert devices[last]["label"] == devices.label[-1] == devices.label[len(devices) - 1]
    assert all(
        devices.label[i].startswith(devices.label[devices.parent[i]] + ".")
        for i in range(len(devices))
        if devices.parent[i] >= 0
    )


def test_labels_answer_like_an_array():
    _, devices, served_by = built()
    all_at_once = np.asarray(devices.label)
    assert all_at_once.dtype == object
    assert len(set(all_at_once)) == len(devices.label) == len(devices)
    assert list(devices.label) == all_at_once.tolist()
    assert np.array_equal(devices.label[served_by], all_at_once[served_by])
    assert np.array_equal(devices.label[2:5], all_at_once[2:5])
    assert np.array_equal(devices.take(served_by[:3]).label, all_at_once[served_by[:3]])
    assert len(devices.label[np.array([], dtype=int)]) == 0
    assert list(pickle.loads(pickle.dumps(devices.label))) == all_at_once.tolist()
    with pytest.raises(IndexError):
        devices.label[len(devices)]


def test_devices_are_found_by_label_and_a_wrong_one_is_named_with_the_nearest():
    _, devices, _ = built()
    assert grid.find(devices, ["S1.F1", "S1"], "table").tolist() == [1, 0]
    with pytest.raises(ScenarioError, match=r"^table: unknown device 'S1.F9'; did you mean 'S1\.F\d'\?$"):
        grid.find(devices, ["S1", "S1.F9"], "table")


def descendants(parent):
    count = np.zeros(len(parent), dtype=int)
    for i in range(len(parent) - 1, -1, -1):
        if parent[i] >= 0:
            count[parent[i]] += 1 + count[i]
    return count


@settings(deadline=None, max_examples=60)
@given(scenario=scenarios(), n=st.integers(1, 300), sections=st.integers(2, 5))
def test_feeders_in_sections_are_the_same_grid_with_devices_put_in(scenario, n, sections):
    order, whole, _ = built(scenario, n)
    again, cut, served_by = built(scenario.but({"grid.feeder_sections": sections}), n)
    rows = np.arange(len(cut))
    assert order.tolist() == again.tolist()
    below = cut.parent >= 0
    step = cut.level[below] - cut.level[cut.parent[below]]
    assert set(step.tolist()) <= {0, 1}
    assert (cut.level[below][step == 0] == FEEDER).all()
    assert np.array_equal(cut.end - rows, 1 + descendants(cut.parent))
    assert np.array_equal(cut.first[served_by], np.arange(n))
    assert len(set(cut.id.tolist())) == len(cut) == len(set(np.asarray(cut.label).tolist()))
    put_in = np.flatnonzero(below & (cut.level == FEEDER) & (cut.level[cut.parent] == FEEDER))
    kept = np.setdiff1d(rows, put_in)
    for name in ("id", "level", "first", "last", "x_km", "y_km", "overhead", "critical"):
        assert np.array_equal(getattr(cut, name)[kept], getattr(whole, name)), name
    assert np.array_equal(cut.last[put_in], cut.last[cut.parent[put_in]])
    heads = cut.rollup[(cut.level == LATERAL) & below]
    assert (cut.level[cut.parent[heads]] == SUBSTATION).all()
    assert (cut.level[cut.rollup[put_in]] == SUBSTATION).all()


def test_a_feeder_has_as_many_sections_as_asked_for_or_as_it_has_laterals():
    _, cut, _ = built(SMALL.but({"grid.feeder_sections": 2, "grid.size_spread": 0.0}), 120)
    feeders = cut.level == FEEDER
    sections = feeders & (cut.level[cut.parent] == FEEDER)
    assert 2 * sections.sum() == feeders.sum()
    assert cut.exposure[feeders].sum() == pytest.approx(sections.sum())
    _, one, _ = built(SMALL.but({"grid.feeder_sections": 9, "grid.customers_per_lateral": 30}), 120)
    assert (one.level[one.parent[one.level == FEEDER]] == SUBSTATION).all()
