"""Pairs are added until every interval is narrow: how many, when it stops, and what is said of it."""

import numpy as np

from analysis.contrasts.growth import Growth, half_widths, next_pairs, pairs_needed
from app.pages.compare_sure import sureness
from experiments.findings.pairs import FIRST_PAIRS

GAP = "minority:minority:gap_h"


def grow(changes_of, half_width, most, first=FIRST_PAIRS):
    """As a study does: look, and add pairs until there is nothing to add."""
    steps = [first]
    while True:
        changes = changes_of(steps[-1])
        pairs = next_pairs(changes, half_width, most, steps[-1])
        if pairs <= steps[-1]:
            needed = pairs_needed(changes, half_width)
            return Growth(half_width, most, steps, half_widths(changes).tolist(), needed)
        steps.append(pairs)


def changes_of(sd, arms=1, seed=0):
    luck = np.random.default_rng(seed).normal(0.0, 1.0, (1_000, arms)) * sd
    return lambda pairs: luck[:pairs]


def said(growth):
    """What a page says of it."""
    told = {**growth._asdict(), "reached": growth.reached}
    found = {"until_halfwidth": told, "main_gap": GAP, "smallest_change_seen_h": {}, "failed_pairs": {"arm": 1},
             "groups_shown": {}, "changes": [], "pairs": 3, "made": {"doubt": None}}  # fmt: skip
    return sureness(found)


def test_pairs_are_added_until_every_interval_is_narrow():
    found = grow(changes_of(np.array([1.0, 0.5]), arms=2), 0.25, 400)
    assert found.reached
    assert found.steps[0] == FIRST_PAIRS
    assert half_widths(changes_of(np.array([1.0, 0.5]), arms=2)(found.steps[-2])).max() > 0.25
    assert max(found.half_widths_h) <= 0.25
    assert all(b <= 2 * a for a, b in zip(found.steps, found.steps[1:], strict=False))


def test_the_first_batch_is_never_cut_short():
    assert grow(changes_of(1e-6), 0.25, 400).steps == [FIRST_PAIRS]


def test_at_the_cap_it_says_how_many_pairs_would_do():
    found = grow(changes_of(1.0), 0.1, 50)
    assert not found.reached
    assert found.steps[-1] == 50
    assert found.needed == pairs_needed(changes_of(1.0)(50), 0.1) > 300
    first, *_ = said(found)
    assert "Cap reached: after 50 pairs" in first
    assert f"about {found.needed:,} pairs" in first


def test_intervals_of_a_grown_study_cover_the_truth():
    luck = np.random.default_rng(1).normal(0.0, 1.0, (2_000, 400, 1))
    inside = 0
    for changes in luck:
        found = grow(lambda pairs, c=changes: c[:pairs], 0.4, 400)
        inside += abs(changes[: found.steps[-1]].mean()) <= found.half_widths_h[0]
    assert 0.92 <= inside / len(luck) <= 0.97


def test_growth_says_how_many_pairs_it_took_and_which_failed():
    first, second, third, *_ = said(Growth(0.25, 400, [10, 16, 30], [0.24], 29))
    assert "0.24 h, at most 0.25 h as asked for, after 30 pairs (looked at after 10, 16, 30)" in first
    assert "Chow & Robbins 1965" in second
    assert third == "arm: 1 of 3 pairs failed and are left out; runs.csv says why."


def test_a_half_width_that_is_not_known_is_not_printed_as_a_number():
    assert "is not known, not 0.25 h" in said(Growth(0.25, 10, [10], [float("inf")], 29))[0]
