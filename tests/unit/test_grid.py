"""The synthetic grid: a tree whose slices nest, whose sizes keep bounds, whatever the order of rows."""

import pickle
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.core.columns import (
    DROP,
    FEEDER,
    LATERAL,
    SUBSTATION,
    TRANSFORMER,
)
from sim.core.errors import ScenarioError
from sim.inputs.parameters import Parameters
from sim.inputs.scenario import Scenario
from sim.world import grid

DEFAULT = Scenario("test", Parameters())
SMALL = DEFAULT.but(
    {
        "grid.customers_per_substation": 60,
        "grid.customers_per_feeder": 30,
        "grid.customers_per_lateral": 10,
        "grid.customers_per_transformer": 3,
    }
)


def town(n, salt=0):
    """Scattered households: golden-ratio points, no chance needed."""
    k = np.arange(n) + salt
    return (k * 0.618034) % 1.0 * 5.0, (k * 0.754878) % 1.0 * 5.0, np.arange(n, dtype=np.uint64) * 7 + 3


def built(scenario=SMALL, n=200, seed=1, **more):
    x_km, y_km, ids = town(n)
    return grid.synthesise(scenario, seed, x_km, y_km, ids, **more)


def sizes(devices, level):
    return (devices.last - devices.first)[devices.level == level]


@st.composite
def scenarios(draw):
    low = draw(st.lists(st.integers(1, 80), min_size=4, max_size=4))
    names = ("transformer", "lateral", "feeder", "substation")
    patch = {f"grid.customers_per_{name}": size for name, size in zip(names, sorted(low))}
    return DEFAULT.but(patch | {"grid.size_spread": draw(st.sampled_from([0.0, 0.3, 0.9]))})


@settings(deadline=None, max_examples=60)
@given(scenario=scenarios(), n=st.integers(1, 300), seed=st.integers(0, 2**32))
def test_every_grid_is_a_tree_in_depth_first_order_with_contiguous_slices(scenario, n, seed):
    order, devices, served_by = built(scenario, n, seed)
    rows = np.arange(len(devices))
    assert sorted(order) == list(range(n))
    below = devices.parent >= 0
    above = devices.parent[below]
    assert (above < rows[below]).all()
    assert (devices.level[below] == devices.level[above] + 1).all()
    assert (devices.level[~below] == SUBSTATION).all()
    assert (devices.end[below] <= devices.end[above]).all()
    assert (devices.first[below] >= devices.first[above]).all()
    assert (devices.last[below] <= devices.last[above]).all()
    assert (devices.last > devices.first).all()
    assert np.array_equal(devices.rollup, devices.parent)
    assert np.array_equal(devices.end - rows, 1 + descendants(devices.parent))
    assert (devices.level[served_by] == DROP).all()
    assert np.array_equal(devices.first[served_by], np.arange(n))


@settings(deadline=None, max_examples=60)
@given(scenario=scenarios(), n=st.integers(1, 300))
def test_the_devices_of_a_level_share_out_all_households_without_overlap(scenario, n):
    _, devices, _ = built(scenario, n)
    for level in range(SUBSTATION, DROP + 1):
        here = devices.level == level
        assert devices.first[here][0] == 0
        assert np.array_equal(devices.first[here][1:], devices.last[here][:-1])
        assert devices.last[here][-1] == n
    assert (sizes(devices, DROP) == 1).all()


@settings(deadline=None, max_examples=60)
@given(scenario=scenarios(), n=st.integers(1, 300), seed=st.integers(0, 2**32))
def test_sizes_stay_within_the_spread_around_the_even_share(scenario, n, seed):
    _, devices, _ = built(scenario, n, seed)
    size = devices.last - devices.first
    for level in (FEEDER, LATERAL, TRANSFORMER):
        rows = np.flatnonzero(devices.level == level)
        pieces = np.bincount(devices.parent[rows], minlength=len(devices))
        even = (size / np.maximum(pieces, 1))[devices.parent[rows]]
        assert (size[rows] >= 1).all()
        assert (np.abs(size[rows] - even) <= scenario["grid.size_spread"] * even + 1.0).all()


def test_mean_sizes_come_close_to_those_asked_for():
    _, devices, _ = built(DEFAULT, 20_000)
    for level, name in enumerate(("substation", "feeder", "lateral", "transformer")):
        assert sizes(devices, level).mean() == pytest.approx(DEFAULT[f"grid.customers_per_{name}"], rel=0.15)


@settings(deadline=None, max_examples=30)
@given(n=st.integers(2, 120), shuffle=st.randoms(use_true_random=False), crowded=st.booleans())
def test_the_order_of_rows_never_matters(n, shuffle, crowded):
    x_km, y_km, ids = town(n)
    if crowded:  # many at one address
        x_km, y_km = np.round(x_km), np.round(y_km)
    rows = list(range(n))
    shuffle.shuffle(rows)
    order, devices, _ = grid.synthesise(SMALL, 5, x_km, y_km, ids)
    other_order, other, _ = grid.synthesise(SMALL, 5, x_km[rows], y_km[rows], ids[rows])
    assert np.array_equal(ids[order], ids[rows][other_order])
    for field in fields(devices):
        assert np.array_equal(np.asarray(getattr(devices, field.name)), np.asarray(getattr(other, field.name)))


def test_the_hilbert_curve_visits_every_cell_once_in_steps_of_one():
    side = 16
    x, y = (c.ravel().astype(float) for c in np.meshgrid(np.arange(side), np.arange(side)))
    walk = np.argsort(grid.hilbert(x, y))
    assert len(set(grid.hilbert(x, y).tolist())) == side**2
    assert (np.abs(np.diff(x[walk])) + np.abs(np.diff(y[walk])) == 1).all()


def test_customers_of_a_transformer_live_close_together():
    order, devices, _ = built(DEFAULT, 2000)
    x_km, y_km, _ = town(2000)
    x_km, y_km = x_km[order], y_km[order]
    here = np.flatnonzero(devices.level == TRANSFORMER)
    spans = [np.ptp(x_km[devices.first[i] : devices.last[i]]) for i in here]
    assert np.mean(spans) < 0.1 * np.ptp(x_km)
    i = here[5]
    assert devices.x_km[i] == pytest.approx(x_km[devices.first[i] : devices.last[i]].mean())
    assert devices.y_km[i] == pytest.approx(y_km[devices.first[i] : devices.last[i]].mean())


def test_a_drop_keeps_its_identity_wherever_the_tree_puts_its_household():
    x_km, y_km, ids = town(100)
    order, devices, served_by = grid.synthesise(SMALL, 1, x_km, y_km, ids)
    moved, other, served = grid.synthesise(SMALL, 2, -y_km, x_km, ids)
    one = dict(zip(ids[order].tolist(), devices.id[served_by].tolist()))
    two = dict(zip(ids[moved].tolist(), other.id[served].tolist()))
    assert one == two


def test_no_two_devices_share_an_identity():
    _, devices, _ = built(DEFAULT, 20_000)
    assert len(set(devices.id.tolist())) == len(devices)


def test_everything_below_a_lateral_shares_its_fate_and_everything_above_is_overhead():
    _, devices, _ = built(SMALL, 2000)
    below = devices.level > LATERAL
    assert np.array_equal(devices.overhead[below], devices.overhead[devices.parent[below]])
    assert devices.overhead[devices.level < LATERAL].all()
    assert not devices.critical[devices.level != LATERAL].any()


def test_an_overhead_share_by_household_decides_lateral_by_lateral():
    west = town(2000)[0] < 2.5
    order, devices, served_by = built(DEFAULT, 2000, overhead_share_of_household=west.astype(float))
    underground = ~devices.overhead[served_by]
    assert underground[~west[order]].mean() > 0.9
    assert underground[west[order]].mean() < 0.1


@pytest.mark.parametrize(
    ("patch", "what"),
    [
        ({"grid.customers_per_substation": 40}, lambda d: (d.level == SUBSTATION).sum()),
        ({"grid.customers_per_feeder": 15}, lambda d: (d.level == FEEDER).sum()),
        ({"grid.customers_per_lateral": 5}, lambda d: (d.level == LATERAL).sum()),
        ({"grid.customers_per_transformer": 5}, lambda d: (d.level == TRANSFORMER).sum()),
        ({"grid.size_spread": 0.0}, lambda d: sizes(d, LATERAL).std()),
        ({"grid.overhead_share": 0.2}, lambda d: d.overhead.mean()),
        ({"grid.critical_share": 0.5}, lambda d: d.critical.sum()),
    ],
)
def test_every_parameter_of_the_synthetic_grid_moves_something(patch, what):
    assert what(built(SMALL, 600)[1]) != what(built(SMALL.but(patch), 600)[1])


def test_without_spread_sizes_differ_by_rounding_only():
    _, devices, _ = built(DEFAULT.but({"grid.size_spread": 0.0}), 10_000)
    laterals = sizes(devices, LATERAL)
    assert laterals.max() - laterals.min() <= 3


def test_more_overhead_never_puts_a_lateral_underground():
    few = built(SMALL.but({"grid.overhead_share": 0.3}), 600)[1].overhead
    many = built(SMALL.but({"grid.overhead_share": 0.6}), 600)[1].overhead
    assert (many | ~few).all()
    assert many.sum() > few.sum()


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


def test_one_household_alone_has_a_device_of_every_level():
    _, devices, served_by = built(DEFAULT, 1)
    assert devices.level.tolist() == [SUBSTATION, FEEDER, LATERAL, TRANSFORMER, DROP]
    assert served_by.tolist() == [4]


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
