"""Social ties: near, sometimes far, more often between alike; never to oneself and never by row."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.core.columns import Households
from sim.inputs.parameters.root import Parameters
from sim.inputs.scenario import Scenario
from sim.world import ties

DEFAULT = Scenario("test", Parameters())


def people(n, minority_every=3, poor_every=5):
    """Households in some depth-first order; every third belongs to a minority, every fifth is poor."""
    k = np.arange(n)
    columns = {field.name: np.zeros(n, dtype=bool) for field in fields(Households)}
    columns |= {"id": (k * 11 + 5).astype(np.uint64), "label": k}
    columns |= {"minority": k % minority_every == 0, "poor": k % poor_every == 0}
    return Households(**columns)


def built(n=2000, seed=1, households=None, **parameters):
    patch = {f"ties.{name}": value for name, value in parameters.items()}
    return ties.build(DEFAULT.but(patch), seed, people(n) if households is None else households)


def far(found):
    own = np.arange(len(found))[:, None]
    return (np.abs(found - own) > 10) & (found >= 0)


@settings(deadline=None, max_examples=60)
@given(n=st.integers(1, 60), neighbours=st.integers(0, 20), far_share=st.sampled_from([0.0, 0.3, 1.0]))
def test_no_tie_leads_to_oneself_twice_to_one_household_or_nowhere(n, neighbours, far_share):
    found = built(n, neighbours=neighbours, far_share=far_share)
    assert found.shape == (n, neighbours)
    assert found.dtype == np.int32
    assert ((found >= -1) & (found < n)).all()
    for own, partners in enumerate(found.tolist()):
        known = [partner for partner in partners if partner >= 0]
        assert own not in known
        assert len(set(known)) == len(known)


def test_without_far_ties_everybody_knows_the_nearest_along_the_street():
    found = built(100, neighbours=4, far_share=0.0)
    assert found[50].tolist() == [48, 49, 51, 52]
    assert sorted(found[0].tolist()) == [1, 2, 3, 4]
    assert sorted(found[99].tolist()) == [95, 96, 97, 98]


def test_in_a_hamlet_everybody_knows_everybody_else():
    assert built(3, neighbours=5, far_share=0.0).tolist() == [
        [1, 2, -1, -1, -1],
        [0, 2, -1, -1, -1],
        [0, 1, -1, -1, -1],
    ]


def test_nobody_to_know_or_no_wish_to_know_anybody_gives_no_ties():
    assert built(1).tolist() == [[-1] * 4]
    assert built(50, neighbours=0).shape == (50, 0)


def test_the_share_of_far_ties_is_the_one_asked_for():
    share = far(built(20_000, far_share=0.25)).mean()
    assert share == pytest.approx(0.25, abs=4 * np.sqrt(0.25 * 0.75 / 80_000) + 0.001)


def test_with_full_homophily_far_ties_stay_within_the_group():
    households = people(3000)
    found = built(households=households, far_share=1.0, homophily=1.0)
    group = 2 * households.minority + households.poor
    assert (group[found] == group[:, None])[found >= 0].all()


def test_without_homophily_far_ties_mix_like_the_city():
    households = people(9000)
    found = built(households=households, far_share=1.0, homophily=0.0)
    assert households.minority[found].mean() == pytest.approx(1 / 3, abs=0.02)


def test_whoever_is_alone_in_a_group_still_has_far_ties():
    households = people(50, minority_every=1000, poor_every=1)
    assert (built(households=households, far_share=1.0, homophily=1.0)[0] >= 0).any()


def test_far_partners_are_spread_over_the_whole_city():
    found = built(4000, far_share=1.0, homophily=0.5)
    counts = np.bincount(found[found >= 0] // 1000, minlength=4)
    assert counts.min() > 0.9 * counts.mean()


@pytest.mark.parametrize("change", [{"neighbours": 6}, {"far_share": 0.5}, {"homophily": 0.0}])
def test_every_parameter_of_the_social_graph_moves_something(change):
    assert not np.array_equal(built(), built(**change))


def test_a_tie_is_rewired_by_the_luck_of_its_household_and_not_by_its_row():
    small, large = people(500), people(501)  # one more household at the end of the line
    before, after = far(built(households=small, far_share=0.3)), far(built(households=large, far_share=0.3))
    assert (before == after[:500]).mean() > 0.97


def test_more_far_ties_leave_the_old_far_ties_in_place():
    few, many = built(far_share=0.1), built(far_share=0.4)
    kept = far(few) & (many >= 0)
    assert np.array_equal(few[kept], many[kept])
    assert far(many).sum() > far(few).sum()


def test_the_same_seed_gives_the_same_ties_and_another_seed_others():
    assert np.array_equal(built(seed=4), built(seed=4))
    assert not np.array_equal(built(seed=4), built(seed=5))
