"""What says the same in other words must not change a byte of the outcome: rows, columns, changes without strength."""

import numpy as np
import pytest

from sim import load, run
from sim.core.columns import FLAGS
from sim.world.household_table import NUMBERS
from tests.laws.towns import ALL_RULES, PLAIN, SMALL, assert_same, rows_of, state_of, town

SHUFFLES = [1, 2, 3]


def household_table(scenario, seed=1):
    """The households of a town as a user's table."""
    people = run(scenario.but({"run.horizon_h": 1.0}), seed).place.households
    columns = {name: getattr(people, name).tolist() for name in (*FLAGS, *NUMBERS)}
    neighbourhood = [f"N{n}" for n in people.neighbourhood]
    return {"household_id": [f"h{label}" for label in people.label], "neighbourhood": neighbourhood, **columns}


def shuffled(table, seed):
    order = np.random.default_rng(seed).permutation(len(next(iter(table.values()))))
    return {name: [values[row] for row in order] for name, values in table.items()}


@pytest.fixture(scope="module")
def from_table():
    scenario = town(base=ALL_RULES)
    return scenario.with_tables(households=household_table(scenario))


@pytest.mark.parametrize("shuffle", SHUFFLES)
def test_the_order_of_household_rows_changes_no_byte(from_table, shuffle):
    rows = shuffled(from_table.tables["households"], shuffle)
    assert rows["household_id"] != from_table.tables["households"]["household_id"]
    assert_same(state_of(from_table, 3), state_of(from_table.with_tables(households=rows), 3))


@pytest.mark.parametrize("shuffle", SHUFFLES)
@pytest.mark.parametrize("name", ["worked/under-reporting", "worked/roll-up-too-high", "worked/two-callers-one-agent",
                                  "worked/districts"])  # fmt: skip
def test_the_order_of_rows_in_any_table_changes_no_byte(name, shuffle):
    plain = load(name)
    mixed = plain.with_tables(**{table: shuffled(rows, shuffle) for table, rows in plain.tables.items()})
    assert_same(state_of(plain), state_of(mixed))


def branches(above, level, number):
    """Devices of one level below each of the level above, as (device, parent, level)."""
    return [(f"{parent[0]}.{k}", parent[0], level) for parent in above for k in range(number)]


def two_substations(with_first):
    """A town on two substations of 108 drops each; the first is undamaged, and its households may be left out."""
    levels = [[("S1", "", "substation"), ("S2", "", "substation")]]
    for level, number in (("feeder", 3), ("lateral", 3), ("transformer", 3), ("drop", 4)):
        levels.append(branches(levels[-1], level, number))
    rows = [row for level in levels for row in level]
    homes = [device for device, _, _ in levels[-1] if with_first or device.startswith("S2")]
    broken = [device for level in levels[1:] for device, _, _ in level if device.startswith("S2")][::5]
    apart = {
        **ALL_RULES, "dispatch.policy": "standard", "ties.word_of_mouth": 0.0, "reporting.proxy_chance": 0.0,
        "patrol.teams": 0,  # patrols walk sound lines too
    }  # fmt: skip
    return PLAIN.but(apart).with_tables(
        devices=dict(zip(("device", "parent", "level"), map(list, zip(*rows, strict=True)), strict=True)),
        households={
            "household_id": [f"at {home}" for home in homes],
            "device": homes,
            "neighbourhood": [home[:4] for home in homes],
            "x_km": [float(home[3]) + 0.1 * float(home[7]) for home in homes],
            "y_km": [float(home[5]) + 0.1 * float(home[9]) for home in homes],
        },
        damage={
            "device": broken,
            "onset_h": [-2.0 + 0.05 * k for k in range(len(broken))],
            "repair_h": [1.0 + 0.1 * k for k in range(len(broken))],
        },
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_households_that_keep_their_power_may_be_dropped_and_nothing_changes_for_the_others(seed):
    whole, part = run(two_substations(True), seed), run(two_substations(False), seed)
    assert len(whole.households) == 2 * len(part.households) > 150
    assert np.isfinite(part.households.restored_h).sum() > 50
    kept = whole.households[whole.households.household_id.isin(part.households.household_id)].reset_index(drop=True)
    unlike = {"svi", "neighbourhood"}  # the one is a rank among those present, the other a category of them
    for name in set(kept) - unlike:
        assert kept[name].tolist() == part.households[name].tolist(), name
    for table in ("faults", "orders", "jobs", "reports"):
        one, other = getattr(whole, table), getattr(part, table)
        assert len(one) == len(other) > 10
        for name in one:
            assert one[name].tolist() == other[name].tolist(), (table, name)


STANDARD_SCORE = {
    "dispatch.policy": "custom", "dispatch.weights.substation": 1e6, "dispatch.weights.critical": 1e4,
    "dispatch.weights.customers": 1.0, "dispatch.weights.single_home": -1e4, "dispatch.weights.hours_power": 1.0,
}  # fmt: skip
NO_STRENGTH = {
    "a channel that nobody is offered": (
        {"channels.app.availability": 0.0},
        {"channels.app.awareness": 1.0, "channels.app.asc": 3.0, "channels.app.precision": 1.0,
         "channels.app.hassle": 0.0, "channels.app.two_way": False},
    ),
    "a channel that nobody knows": (
        {"channels.sms.awareness": 0.0, "ties.word_of_mouth": 0.0},
        {"channels.sms.availability": 0.0, "channels.sms.asc": 3.0},
    ),
    "liaisons without a channel": ({"channels.liaison.availability": 0.0}, {"liaison.liaisons": 9}),
    "a channel of liaisons without liaisons": (
        {"liaison.liaisons": 0}, {"liaison.visits_per_h": 20.0, "liaison.listed_share": 1.0},
    ),
    "more lines than ever ring": ({"hotline.lines": 5_000, "hotline.call_takers": 500}, {"hotline.call_takers": 900}),
    "patience where nobody waits": ({"hotline.call_takers": 500, "hotline.lines": 600}, {"hotline.patience_min": 0.1}),
    "mutual aid of no crews": (
        {"crews.line.mutual_aid": 0}, {"crews.line.aid_from_h": 1.0, "crews.line.aid_full_h": 2.0},
    ),
    "crews shared by one district": (
        {"crews.districts": 1}, {"crews.shared_share": 0.9, "crews.aid_by": "orders"},
    ),
    "splits of crews that are small": ({"crews.line.largest": "transformer"}, {"crews.split_into": 3}),
    "shifts around the clock": (
        {"crews.shift_on_h": 24.0, "crews.night_share": 0.0}, {"crews.shift_starts_hour": 13.0},
    ),
    "roads that are not blocked": ({"crews.blocked_factor": 1.0}, {"crews.blocked_until_h": 300.0}),
    "roads that were cleared before": ({"crews.blocked_until_h": 0.0}, {"crews.blocked_factor": 9.0}),
    "call-backs to nobody": ({"oms.callback_share": 0.0}, {"oms.callback_delay_h": 30.0}),
    "no repeats": (
        {"reporting.repeat_one_way": 0.0, "reporting.repeat_two_way": 0.0}, {"reporting.repeat_wait_h": 1.0},
    ),
    "informal requests from nobody": ({"channels.informal.awareness": 0.0, "ties.word_of_mouth": 0.0},
                                      {"reporting.informal_delay_h": 0.0}),
    "ties without words": ({"reporting.proxy_chance": 0.0, "ties.word_of_mouth": 0.0},
                           {"ties.neighbours": 11, "ties.homophily": 1.0}),
    "homophily without far ties": ({"ties.far_share": 0.0}, {"ties.homophily": 1.0}),
    "cell service that was never lost": ({"telecom.cell_out_share": 0.0}, {"telecom.cell_half_time_h": 200.0}),
    "meters that do not exist": ({"sensing.meter_coverage": 0.0}, {"sensing.meter_half_time_h": 1.0}),
    "links that are never down": ({"telecom.cell_out_share": 0.0}, {"sensing.link_down_share": 1.0}),
    "travel to places while no road is blocked": ({"crews.blocked_until_h": 0.0}, {"place.access_by_svi": 2.0}),
    "critical facilities that do not exist": ({"grid.critical_share": 0.0}, {"place.critical_by_svi": 2.0}),
    "meters that do not exist, wherever": ({"sensing.meter_coverage": 0.0}, {"place.meters_by_svi": 2.0}),
    "lines that are all overhead, wherever": ({"grid.overhead_share": 1.0},
                                              {"place.overhead_by_svi": 2.0}),
    "one neighbourhood, whatever the slopes": (
        {"place.neighbourhoods": 1},
        {f"place.{what}_by_svi": 2.0 for what in ("exposure", "repair", "access", "meters", "overhead", "critical")},
    ),
    "patrols that do not exist": ({"patrol.teams": 0}, {"patrol.starts_hour": 3.0, "patrol.ends_hour": 23.0}),
    "absence of nobody": (
        {"away.left_before_share": 0.0, "away.leaves_share": 0.0},
        {"away.leaves_after_h": 1.0, "away.stays_h": 5.0},
    ),
    "inquiries that hold no line": ({"hotline.inquiry_min": 0.0}, {"hotline.inquiries_per_day": 5.0}),
    "propensities that no rule reads": ({"dispatch.policy": "standard"}, {"dispatch.propensity_customers": 900.0}),
    "a gust to any power at the reference": ({}, {"storm.gust_exponent": 7.0}),
    "underground lines that are all overhead": ({"grid.overhead_share": 1.0}, {"storm.underground_factor": 1.0}),
    "weights beside a preset": ({"dispatch.policy": "standard"}, {"dispatch.weights.luck": 1e5}),
    "a preset spelled out": ({**SMALL, "dispatch.policy": "standard"}, STANDARD_SCORE),
    "perfect knowledge by either name": ({"sensing.knowledge": "perfect", "dispatch.policy": "standard"},
                                         {"dispatch.policy": "omniscient"}),
    "the price of a contact": ({}, {"channels.hotline.cost_usd": 100.0}),
    "a storm's track shape without a track": ({}, {"storm.holland_b": 2.5, "storm.land_factor": 1.1}),
}  # fmt: skip
UNLIKE = ("overhead_share", "exposure", "repair_factor", "access_factor", "meter_coverage")


@pytest.mark.parametrize("column", UNLIKE)
def test_a_column_that_makes_no_neighbourhood_unlike_changes_no_byte(column):
    plain = town(base=ALL_RULES)
    alike = {"overhead_share": plain["grid.overhead_share"], "meter_coverage": plain["sensing.meter_coverage"]}
    names = [f"N{k + 1}" for k in range(plain["place.neighbourhoods"])]
    table = {"neighbourhood": names, column: [alike.get(column, 1.0)] * len(names)}
    assert_same(state_of(plain, 3), state_of(plain.with_tables(neighbourhoods=table), 3))


@pytest.mark.parametrize("case", NO_STRENGTH)
def test_a_change_without_strength_changes_no_byte(case):
    company, change = NO_STRENGTH[case]
    base = ALL_RULES if case != "a preset spelled out" else SMALL
    before = town(company, base)
    assert_same(state_of(before, 3), state_of(before.but(change), 3))


QUEUES_ONLY = {"district", "stamp", "queue", "next_listed", "next_blocked", "first_blocked", "blocked"}


def test_districts_whose_crews_are_all_shared_change_nothing_that_happens():
    one = town({"crews.shared_share": 1.0}, ALL_RULES)
    before, after = state_of(one, 3), state_of(one.but({"crews.districts": 2}), 3)
    assert_same(before, after, but={"crews", "orders"})
    one, other = rows_of(before)["orders"], rows_of(after)["orders"]
    for name in set(one.dtype.names) - QUEUES_ONLY:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)
