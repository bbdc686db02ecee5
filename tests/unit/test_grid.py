"""The synthetic grid: a tree whose slices nest, whose sizes keep bounds, whatever the order of rows."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.core.columns import DROP, FEEDER, LATERAL, SUBSTATION, TRANSFORMER
from sim.world import grid
from tests.unit.grids import DEFAULT, SMALL, built, scenarios, town
from tests.unit.test_grid_labels import descendants


def sizes(devices, level):
    return (devices.last - devices.first)[devices.level == level]


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


def test_who_lives_at_one_point_of_the_curve_stands_by_id():
    x_km, y_km = np.random.default_rng(1).integers(0, 4, size=(2, 300)).astype(float)
    ids = np.random.default_rng(2).permutation(300).astype(np.uint64) * np.uint64(2**50)
    order = grid.along_curve(x_km, y_km, ids)
    assert order.tolist() == np.lexsort((ids, grid.hilbert(x_km, y_km))).tolist()


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


def test_one_household_alone_has_a_device_of_every_level():
    _, devices, served_by = built(DEFAULT, 1)
    assert devices.level.tolist() == [SUBSTATION, FEEDER, LATERAL, TRANSFORMER, DROP]
    assert served_by.tolist() == [4]
