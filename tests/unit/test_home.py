"""What need and absence make of a household: urgency by odds, who is away and from when until when."""

import numpy as np
import pytest
from scipy.stats import kstest

from sim import home, load, people, place, run
from sim.parameters import Parameters
from sim.scenario import Scenario
from sim.seeds import Seeds

DEFAULT = Scenario("town", Parameters())
ONE_IN_A_THOUSAND = 1.95  # critical value of sqrt(n) times the Kolmogorov-Smirnov distance
N = 20_000


@pytest.fixture(scope="module")
def folk():
    return people.population(DEFAULT.but({"place.customers": N}), 1)[1]


def absence(folk, seed=1, **patch):
    return home.absence_h(DEFAULT.but({f"away.{name}": value for name, value in patch.items()}), folk, Seeds.all(seed))


def close(share, expected, n):
    return abs(share - expected) < 4.0 * np.sqrt(expected * (1.0 - expected) / n)


def test_urgency_is_the_sum_of_the_logs_of_the_odds_of_what_a_household_has():
    table = {
        "household_id": ["none", "medical", "children", "old", "nowhere to go", "all"],
        "medical_device": [False, True, False, False, False, True],
        "children": [False, False, True, False, False, True],
        "over65": [False, False, False, True, False, True],
        "substitute": [True, True, True, True, False, False],
    }
    odds = {
        "need.medical_odds": 1.6,
        "need.children_odds": 1.25,
        "need.over65_odds": 0.8,
        "need.no_substitute_odds": 1.5,
    }
    town = DEFAULT.with_tables(households=table).but(odds)
    households = place.build(town, 1).households
    found = dict(zip(households.label, np.exp(home.urgency(town, households)), strict=True))
    expected = [1.0, 1.6, 1.25, 0.8, 1.5, 1.6 * 1.25 * 0.8 * 1.5]
    assert found == pytest.approx(dict(zip(table["household_id"], expected, strict=True)))


def test_without_odds_nobody_is_more_urgent_than_another(folk):
    even = DEFAULT.but({f"need.{name}_odds": 1.0 for name in ("medical", "children", "over65", "no_substitute")})
    assert not home.urgency(even, folk).any()


def test_where_nobody_leaves_everybody_is_at_home_always(folk):
    away_h, _ = absence(folk, left_before_share=0.0, leaves_share=0.0)
    assert np.isposinf(away_h).all()


def test_a_share_has_left_before_the_storm_and_stays_away_for_an_exponential_time(folk):
    away_h, returns_h = absence(folk, left_before_share=0.3, leaves_share=0.0, stays_h=50.0)
    gone = np.isneginf(away_h)
    assert close(gone.mean(), 0.3, N)
    assert np.isposinf(away_h[~gone]).all()
    assert kstest(returns_h[gone], "expon", args=(0.0, 50.0)).statistic < ONE_IN_A_THOUSAND / np.sqrt(gone.sum())


def test_a_share_leaves_while_power_is_out_not_before_so_many_hours_and_as_long_again_on_average(folk):
    away_h, returns_h = absence(folk, left_before_share=0.2, leaves_share=0.4, leaves_after_h=12.0, stays_h=50.0)
    leaves = np.isfinite(away_h)
    assert close(leaves.mean(), 0.8 * 0.4, N)
    bound = ONE_IN_A_THOUSAND / np.sqrt(leaves.sum())
    assert kstest(away_h[leaves], "expon", args=(12.0, 12.0)).statistic < bound
    assert kstest(returns_h[leaves] - away_h[leaves], "expon", args=(0.0, 50.0)).statistic < bound


def test_who_leaves_is_luck_of_the_household_alone_and_a_larger_share_adds_to_the_same_ones(folk):
    few, many = (absence(folk, left_before_share=share, leaves_share=share)[0] for share in (0.1, 0.4))
    assert np.isneginf(many[np.isneginf(few)]).all()
    rows = np.random.default_rng(1).permutation(N)
    assert (absence(folk.take(rows), left_before_share=0.1, leaves_share=0.1)[0] == few[rows]).all()
    assert (absence(folk, seed=2, left_before_share=0.1, leaves_share=0.1)[0] != few).any()


def test_hours_away_count_from_the_own_loss_of_power():
    town = load("worked/one-fault").but({"away.leaves_share": 1.0, "away.leaves_after_h": 0.5, "away.stays_h": 10.0})
    late = town.with_tables(damage={"device": ["D1"], "onset_h": [-3.0], "repair_h": [2.0]})
    at_peak, before = (run(scenario, seed=1).households.iloc[0] for scenario in (town, late))
    assert at_peak.out_h == 0.0
    assert before.out_h == -3.0
    assert at_peak.away_h >= 0.5
    assert before.away_h == pytest.approx(at_peak.away_h - 3.0)
    assert before.returns_h == pytest.approx(at_peak.returns_h - 3.0)
