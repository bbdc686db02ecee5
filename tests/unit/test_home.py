"""What need and absence make of a household: urgency by odds, who is away and from when until when."""

import numpy as np
import pytest
from scipy.stats import kstest

from sim import load, run
from sim.core.luck import Purpose, column
from sim.core.seeds import Seeds
from sim.inputs.parameters.root import Parameters
from sim.inputs.scenario import Scenario
from sim.rules import home
from sim.world import people, place

DEFAULT = Scenario("town", Parameters()).but({"away.leaves_income_odds": 1.0, "away.leaves_no_vehicle_odds": 1.0})
ONE_IN_A_THOUSAND = 1.95  # critical value of sqrt(n) times the Kolmogorov-Smirnov distance
N = 20_000


@pytest.fixture(scope="module")
def households():
    return people.population(DEFAULT.but({"place.customers": N}), 1)[1]


def absence(households, seed=1, **patch):
    return home.absence_h(
        DEFAULT.but({f"away.{name}": value for name, value in patch.items()}), households, Seeds.all(seed)
    )


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


def test_without_odds_nobody_is_more_urgent_than_another(households):
    even = DEFAULT.but({f"need.{name}_odds": 1.0 for name in ("medical", "children", "over65", "no_substitute")})
    assert not home.urgency(even, households).any()


def test_where_nobody_leaves_everybody_is_at_home_always(households):
    away_h, _ = absence(households, left_before_share=0.0, leaves_share=0.0)
    assert np.isposinf(away_h).all()


def test_a_share_has_left_before_the_storm_and_stays_away_for_an_exponential_time(households):
    away_h, returns_h = absence(households, left_before_share=0.3, leaves_share=0.0, stays_h=50.0)
    gone = np.isneginf(away_h)
    assert close(gone.mean(), 0.3, N)
    assert np.isposinf(away_h[~gone]).all()
    assert kstest(returns_h[gone], "expon", args=(0.0, 50.0)).statistic < ONE_IN_A_THOUSAND / np.sqrt(gone.sum())


def test_a_share_leaves_while_power_is_out_not_before_so_many_hours_and_as_long_again_on_average(households):
    away_h, returns_h = absence(households, left_before_share=0.2, leaves_share=0.4, leaves_after_h=12.0, stays_h=50.0)
    leaves = np.isfinite(away_h)
    assert close(leaves.mean(), 0.8 * 0.4, N)
    bound = ONE_IN_A_THOUSAND / np.sqrt(leaves.sum())
    assert kstest(away_h[leaves], "expon", args=(12.0, 12.0)).statistic < bound
    assert kstest(returns_h[leaves] - away_h[leaves], "expon", args=(0.0, 50.0)).statistic < bound


def test_who_leaves_is_luck_of_the_household_alone_and_a_larger_share_adds_to_the_same_ones(households):
    few, many = (absence(households, left_before_share=share, leaves_share=share)[0] for share in (0.1, 0.4))
    assert np.isneginf(many[np.isneginf(few)]).all()
    rows = np.random.default_rng(1).permutation(N)
    assert (absence(households.take(rows), left_before_share=0.1, leaves_share=0.1)[0] == few[rows]).all()
    assert (absence(households, seed=2, left_before_share=0.1, leaves_share=0.1)[0] != few).any()


def test_hours_away_count_from_the_own_loss_of_power():
    town = load("worked/one-fault").but({"away.leaves_share": 1.0, "away.leaves_after_h": 0.5, "away.stays_h": 10.0})
    late = town.with_tables(damage={"device": ["D1"], "onset_h": [-3.0], "repair_h": [2.0]})
    at_peak, before = (run(scenario, seed=1).households.iloc[0] for scenario in (town, late))
    assert at_peak.out_h == 0.0
    assert before.out_h == -3.0
    assert at_peak.away_h >= 0.5
    assert before.away_h == pytest.approx(at_peak.away_h - 3.0)
    assert before.returns_h == pytest.approx(at_peak.returns_h - 3.0)


TRAITS = {"no_vehicle": "no_vehicle", "medical": "medical_device", "children": "children"}


def gone(households, when, **patch):
    """Who has left before the storm, or leaves while power is out; nobody does both here."""
    only = {"left_before": {"leaves_share": 0.0}, "leaves": {"left_before_share": 0.0}}[when]
    return np.isneginf(absence(households, **only, **patch)[0]) | np.isfinite(absence(households, **only, **patch)[0])


@pytest.mark.parametrize("when", ["left_before", "leaves"])
@pytest.mark.parametrize("name", TRAITS)
@pytest.mark.parametrize("ratio", [0.25, 4.0])
def test_odds_of_leaving_are_as_asked_and_open_a_gap_around_the_share(households, when, name, ratio):
    left = gone(households, when, **{f"{when}_share": 0.3, f"{when}_{name}_odds": ratio})
    has = getattr(households, TRAITS[name])
    share = [left[who].mean() for who in (has, ~has)]
    found = share[0] / (1.0 - share[0]) / (share[1] / (1.0 - share[1]))
    error = np.sqrt(sum(1.0 / (w.sum() * p * (1.0 - p)) for w, p in zip((has, ~has), share, strict=True)))
    assert abs(np.log(found / ratio)) < 4.0 * error
    assert abs(left.mean() - 0.3) < 0.03


@pytest.mark.parametrize("when", ["left_before", "leaves"])
def test_each_doubling_of_income_multiplies_the_odds(households, when):
    left = gone(households, when, **{f"{when}_share": 0.3, f"{when}_income_odds": 2.0})
    doublings = np.round(np.log2(households.income_usd / DEFAULT["people.median_income_usd"]))
    below, above = (left[doublings == d].mean() for d in (-1.0, 1.0))
    assert above / (1.0 - above) / (below / (1.0 - below)) == pytest.approx(4.0, rel=0.25)
    assert abs(left.mean() - 0.3) < 0.05


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_where_nobody_or_everybody_leaves_odds_change_nothing(households, share):
    assert (
        gone(households, "leaves", leaves_share=share, leaves_medical_odds=20.0, leaves_income_odds=0.05) == share
    ).all()


def test_odds_of_one_change_no_bit_and_rows_do_not_interact(households):
    odds = {f"{when}_{name}_odds": 3.0 for when in ("left_before", "leaves") for name in (*TRAITS, "income")}
    whole = absence(households, **odds)
    part = absence(households.take(np.arange(0, N, 3)), **odds)
    for one, other in zip(part, whole, strict=True):
        assert one.tobytes() == other[::3].tobytes()
    luck = {purpose: column(1, purpose, households.id) for purpose in (Purpose.LEFT_BEFORE, Purpose.LEAVES)}
    even = absence(households)[0]
    np.testing.assert_array_equal(np.isneginf(even), luck[Purpose.LEFT_BEFORE] < DEFAULT["away.left_before_share"])
    stays = luck[Purpose.LEAVES] >= DEFAULT["away.leaves_share"]
    np.testing.assert_array_equal(np.isposinf(even), stays & ~np.isneginf(even))


def test_students_leave_by_a_share_of_their_own_and_nobody_else_is_moved(households):
    students = people.population(DEFAULT.but({"place.customers": N, "people.student_share": 0.1}), 1)[1]
    before, after = absence(households, leaves_share=0.0)[0], absence(students, leaves_share=0.0)[0]
    who = students.student
    assert close(np.isneginf(after[who]).mean(), DEFAULT["away.student_left_before_share"], who.sum())
    np.testing.assert_array_equal(before[~who], after[~who])
