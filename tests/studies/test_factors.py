"""What may vary, over which values, and what each value changes."""

import pytest

from experiments.designs.factors import NO_CHANNEL, channels_on
from experiments.designs.vary import factors_of
from sim import ScenarioError, load

CLASSROOM = load("classroom")


def one(path, spec):
    (factor,) = factors_of({path: spec}, CLASSROOM)
    return factor


def test_a_real_range_is_mapped_linearly_from_end_to_end():
    factor = one("channels.app.availability", {"from": 0.2, "to": 0.6})
    assert factor.kind == "real"
    assert [factor.at(u) for u in (0.0, 0.5, 1.0)] == pytest.approx([0.2, 0.4, 0.6])
    assert factor.at(1.0) <= 0.6
    assert factor.patch(0.4) == {"channels.app.availability": 0.4}


def test_a_geometric_range_is_mapped_by_ratios():
    factor = one("reporting.b_need", {"from": 0.5, "to": 8.0, "log": True, "steps": 5})
    assert factor.at(0.5) == pytest.approx(2.0)
    assert factor.levels() == pytest.approx((0.5, 1.0, 2.0, 4.0, 8.0))


def test_a_whole_range_has_bins_of_equal_width():
    factor = one("crews.line.own", {"from": 2, "to": 5})
    draws = [factor.at((i + 0.5) / 4000) for i in range(4000)]
    assert {value: draws.count(value) for value in (2, 3, 4, 5)} == dict.fromkeys((2, 3, 4, 5), 1000)
    assert (factor.at(0.0), factor.at(1.0)) == (2, 5)
    assert all(isinstance(value, int) for value in draws)


def test_steps_of_a_real_range_are_even_and_free_of_rounding_dust():
    assert one("channels.app.availability", {"from": 0.0, "to": 1.0, "steps": 11}).levels()[3] == 0.3


def test_steps_of_a_whole_range_are_whole():
    assert one("crews.line.own", {"from": 1, "to": 8, "steps": 4}).levels() == (1, 3, 6, 8)


def test_a_list_fixes_the_values_in_the_order_written():
    factor = one("channels.app.availability", [1, 0, 0.5])
    assert factor.levels() == (1.0, 0.0, 0.5)
    assert (factor.kind, factor.low, factor.high) == ("real", 0.0, 1.0)
    assert [factor.at(u) for u in (0.0, 0.34, 1.0)] == [1.0, 0.0, 0.5]


def test_categories_and_yes_or_no_have_bins_of_equal_width():
    policy = one("dispatch.policy", ["standard", "most-reports", "pressure"])
    assert policy.kind == "categorical"
    assert [policy.at(u) for u in (0.0, 0.33, 0.34, 0.99)] == ["standard", "standard", "most-reports", "pressure"]
    two_way = one("channels.app.two_way", [False, True])
    assert two_way.kind == "yes/no"
    assert [two_way.at(u) for u in (0.49, 0.5)] == [False, True]


def test_at_refuses_what_is_outside_the_unit_interval():
    with pytest.raises(ValueError, match="between 0 and 1"):
        one("crews.line.own", [1, 2]).at(1.2)


def test_every_subset_of_channels_once_and_named_by_what_is_on():
    factor = one("channels", {"subsets_of": ["hotline", "web", "app", "sms", "liaison"]})
    assert len(set(factor.levels())) == 32
    assert factor.levels()[0] == NO_CHANNEL
    assert factor.is_subset
    assert factor.patch("hotline+web") == {
        "channels.hotline.availability": 1.0,
        "channels.web.availability": 1.0,
        "channels.app.availability": 0.0,
        "channels.sms.availability": 0.0,
        "channels.liaison.availability": 0.0,
    }
    assert set(factor.patch(NO_CHANNEL).values()) == {0.0}
    assert channels_on(NO_CHANNEL) == ()


def test_every_value_of_every_kind_is_accepted_by_the_scenario():
    vary = {
        "channels.app.availability": {"from": 0.0, "to": 1.0},
        "reporting.b_need": {"from": 0.5, "to": 4.0, "log": True},
        "crews.line.own": {"from": 0, "to": 6},
        "channels.sms.two_way": [True, False],
        "dispatch.policy": ["random", "pressure"],
        "channels": {"subsets_of": ["web", "sms"]},
    }
    for factor in factors_of(vary, CLASSROOM):
        for u in (0.0, 0.2, 0.5, 0.999, 1.0):
            value = factor.at(u)
            changed = CLASSROOM.but(factor.patch(value))
            assert all(changed[path] == wanted for path, wanted in factor.patch(value).items())


def test_paths_may_be_written_as_nested_tables():
    nested = {"channels": {"app": {"availability": {"from": 0.0, "to": 1.0}}}, "crews": {"line": {"own": [1, 2]}}}
    assert [factor.name for factor in factors_of(nested, CLASSROOM)] == ["channels.app.availability", "crews.line.own"]


@pytest.mark.parametrize(
    ("path", "spec", "words"),
    [
        ("channels.ap.availability", [0.0, 1.0], "did you mean 'channels.app.availability'"),
        ("channels.app", [0.0, 1.0], "is a section"),
        ("channels.app.availability", {"from": 0.0, "to": 1.2}, "a number (share) from 0 to 1, not 1.2"),
        ("channels.app.availability", {"from": -0.1, "to": 1.0}, "from 0 to 1, not -0.1"),
        ("channels.app.availability", {"from": 0.5, "to": 0.5}, "from must be below to"),
        ("channels.app.availability", {"from": 0.5}, "'to' is missing"),
        ("channels.app.availability", {"from": 0.0, "to": 1.0, "step": 3}, "did you mean 'steps'"),
        ("channels.app.availability", {"from": 0.0, "to": 1.0, "steps": 1}, "from 2 to"),
        ("channels.app.availability", {"from": 0.0, "to": 1.0, "steps": 2.5}, "steps must be a whole number"),
        ("channels.app.availability", {"from": 0.0, "to": 1.0, "log": True}, "log needs a range above 0"),
        ("channels.app.availability", {"from": 0.1, "to": 1.0, "log": 1}, "log must be true or false"),
        ("channels.app.availability", {"from": 0.0, "to": float("nan")}, "not nan"),
        ("channels.app.availability", [], "the list is empty"),
        ("channels.app.availability", [0.5, 0.5], "stands twice"),
        ("channels.app.availability", [True], "not True"),
        ("channels.app.availability", 0.5, "must be a list of values or a range"),
        ("crews.line.own", [1.5], "a whole number"),
        ("crews.line.own", {"from": 1, "to": 3, "steps": 5}, "only 3 whole numbers"),
        ("dispatch.policy", ["standrd"], "did you mean 'standard'"),
        ("dispatch.policy", {"from": 0, "to": 1}, "has no range"),
        ("channels.app.two_way", ["yes"], "true or false"),
        ("place.tracts", ["a.csv"], "cannot be varied"),
        ("channels", {"subsets_of": []}, "must be a list of channels"),
        ("channels", {"subsets_of": ["web", "fax"]}, "unknown channel 'fax'"),
        ("channels", {"subsets_of": ["web", "web"]}, "twice"),
        ("channels", {"subsets_of": ["web"], "steps": 2}, "stands alone"),
        ("crews", {"subsets_of": ["web"]}, 'goes with "channels"'),
    ],
)
def test_what_cannot_be_varied_is_refused_with_what_is_allowed(path, spec, words):
    with pytest.raises(ScenarioError) as bad:
        factors_of({path: spec}, CLASSROOM)
    assert words in str(bad.value)
    assert "\n" not in str(bad.value)


def test_a_parameter_varied_twice_is_refused():
    vary = {"channels": {"subsets_of": ["web", "app"]}, "channels.app.availability": [0.0, 1.0]}
    with pytest.raises(ScenarioError, match=r"varied twice, by 'channels' and by 'channels\.app\.availability'"):
        factors_of(vary, CLASSROOM)


def test_a_range_without_steps_has_no_levels():
    with pytest.raises(ScenarioError, match="add steps"):
        one("channels.app.availability", {"from": 0.0, "to": 1.0}).levels()
