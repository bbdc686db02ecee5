"""Costs by hand for a small run, and each unit cost moving its item and no hour."""

from dataclasses import replace

import numpy as np
import pytest

from sim import Seeds, load, run
from sim.core.columns import LEVELS
from sim.core.cost_items import BILL, ITEMS, RESIDENTS, SUMS
from sim.core.errors import ScenarioError
from sim.engine.costs import costs, darkness, emergency_h
from sim.inputs.parameters.channels import CHANNELS
from sim.rules.joining import AID
from sim.rules.outreach import PROGRAMMES
from tests.laws.towns import ALL_RULES, town

EVERYTHING = {
    **ALL_RULES,
    "outreach.mailer.reach": 0.5,
    "outreach.mailer.effect": 0.5,
    "outreach.device.reach": 0.3,
    "outreach.hotline_language.reach": 1.0,
    "people.limited_english_share": 0.4,
    "channels.hotline.awareness": 1.0,
    "credits.usd_per_household": 20.0,
    "credits.usd_per_h": 1.0,
    "credits.after_h": 12.0,
    "people.medical_device_share": 0.2,
    "storm.failures.transmission": 0.7,
    "storm.failures.lateral": 2.0,
    "storm.temporary_share": 0.4,
}


@pytest.fixture(scope="module")
def everything():
    return run(town(base=EVERYTHING), 2)


def priced(outcomes, patch):
    """The same run under other prices: what they change is money alone."""
    return costs(replace(outcomes, scenario=outcomes.scenario.but(patch)))


def test_the_total_is_the_sum_of_what_city_and_utility_pay(everything):
    found = costs(everything)
    assert set(found) == {*SUMS, *ITEMS, RESIDENTS}
    assert found["total"] == pytest.approx(sum(found[item] for item in ITEMS), rel=1e-12)
    assert all(found[item] > 0.0 for item in ITEMS)


def test_sums_of_items(everything):
    found = costs(everything)
    assert found["crew_bill"] == found["crews"] + found["tree_crews"] + found["mobilisation"]
    given = (np.array(everything.state.households.reached) >> PROGRAMMES.index("device") & 1).sum()
    programmes = found["outreach"] + found["channels"] + found["meters"]
    in_full = given * 460.0 + 200 * 0.3 * 200.0  # devices, and meters
    assert found["outlay"] == pytest.approx(programmes + in_full * 2.0 / 3.0)


def jobs_of(kind, jobs):
    """Crews of a class that had a job."""
    return sorted(set(jobs.loc[jobs["crew_class"] == kind, "crew"]))


def test_items_by_hand(everything):
    found, scenario = costs(everything), everything.scenario
    homes, jobs, reports = everything.households, everything.jobs, everything.reports
    mailed = np.array(everything.state.households.reached) >> PROGRAMMES.index("mailer") & 1
    given = np.array(everything.state.households.reached) >> PROGRAMMES.index("device") & 1
    assert found["outreach"] == pytest.approx(0.75 * mailed.sum() + 460.0 / 3.0 * given.sum())
    last_h = jobs.groupby("crew")["done_h"].max()
    there_h = last_h - np.array(everything.state.crews.arrives_h)[last_h.index]
    assert found["crews"] == pytest.approx(there_h.sum() * 16 / 24 * 700.0)
    affected = homes[np.isfinite(homes["out_h"])]
    length_h = affected["restored_h"].max() - affected["out_h"].min()
    assert emergency_h(darkness(everything)) == pytest.approx(length_h)
    assert found["tree_crews"] == pytest.approx(there_h[jobs_of("line", jobs)].sum() * 16 / 24 * 0.23 * 350.0)
    aid_h = everything.state.crews.arrives_h[everything.state.crews.origin == AID]
    in_time = np.count_nonzero(aid_h < affected["restored_h"].max())
    assert found["mobilisation"] == (1 + in_time) * 5_000.0  # one is staged
    per_fault = {"substation": 10_000.0, "feeder": 1_000.0, "lateral": 300.0, "transformer": 350.0, "drop": 50.0}
    mended = everything.faults[np.isfinite(everything.faults["repaired_h"])]
    assert mended["n_temporary"].sum() > 0 < mended["supply"].sum()
    assert mended["n_faults"].max() > 1
    built_in = mended["level"].map(per_fault).astype(float) * (mended["n_faults"] - mended["n_temporary"])
    assert found["materials"] == built_in.sum()
    assert found["call_takers"] == pytest.approx(length_h * 32.0 * scenario["hotline.call_takers"])
    assert found["meters"] == pytest.approx(200 * 0.3 * 200.0 / 3.0)
    assert found["patrols"] == pytest.approx(1 * length_h / 24 * 12 * 80.0)
    beyond_h = homes["hours_out"][homes["hours_out"] > 12.0] - 12.0
    assert found["credits"] == pytest.approx(20.0 * len(beyond_h) + beyond_h.sum())
    taken = reports[reports["outcome"].isin(["logged", "by a neighbour", "call-back"])]
    per_contact = sum(scenario[f"channels.{name}.cost_usd"] * (taken["channel"] == name).sum() for name in CHANNELS)
    calls = taken.loc[taken["channel"] == "hotline", "household_id"]
    foreign = homes.set_index("household_id").loc[calls, "limited_english"].sum()
    interpreting = foreign * scenario["hotline.handle_min"] * 1.1
    assert interpreting > 0.0
    assert found["contacts"] == pytest.approx(per_contact + interpreting)
    assert found["channels"] == pytest.approx(0.17 * 200)
    days = (affected["restored_h"].max() - scenario["crews.safe_h"]) / 24
    assert found["liaisons"] == pytest.approx(days * 10 * 30.0)


def test_what_residents_lose_grows_faster_than_the_hours_and_with_medical_need(everything):
    homes = everything.households
    weight = np.where(homes["medical_device"], 10.0, 1.0)
    growing = (weight * homes["hours_out"] * (homes["hours_out"] / 24.0) ** 0.2).sum() * 4.0
    assert costs(everything)["residents"] == pytest.approx(growing)
    flat = priced(everything, {"costs.residents_growth": 0.0, "costs.medical_multiplier": 1.0})["residents"]
    assert flat == pytest.approx(4.0 * homes["hours_out"].sum())


@pytest.mark.parametrize(
    ("path", "value", "item"),
    [
        ("costs.crew_usd_per_h", 900.0, "crews"),
        ("costs.mobilisation_usd", 9_000.0, "mobilisation"),
        ("costs.tree_crew_share", 0.5, "tree_crews"),
        ("costs.tree_crew_usd_per_h", 100.0, "tree_crews"),
        ("costs.device_storms", 1.0, "outreach"),
        *((f"costs.materials_usd.{level}", 7.0, "materials") for level in LEVELS),
        ("costs.call_taker_usd_per_h", 40.0, "call_takers"),
        ("costs.liaison_usd_per_h", 40.0, "liaisons"),
        ("costs.interpreter_usd_per_min", 2.0, "contacts"),
        ("costs.meter_usd", 300.0, "meters"),
        ("costs.patrol_usd_per_h", 90.0, "patrols"),
        ("costs.residents_usd_per_h", 8.0, "residents"),
        ("costs.residents_growth", 0.5, "residents"),
        ("costs.medical_multiplier", 20.0, "residents"),
        ("credits.usd_per_household", 50.0, "credits"),
        ("credits.usd_per_h", 2.0, "credits"),
        ("credits.after_h", 24.0, "credits"),
        ("outreach.mailer.cost_usd", 2.0, "outreach"),
        ("outreach.mailer.fixed_usd", 5_000.0, "outreach"),
        *((f"channels.{name}.cost_usd", 99.0, "contacts") for name in CHANNELS),
        ("channels.app.offer_usd", 9.0, "channels"),
    ],
)
def test_each_unit_cost_moves_its_item_and_no_other(everything, path, value, item):
    before, after = costs(everything), priced(everything, {path: value})
    changed = {name for name in before if before[name] != after[name]}
    also = {"meters"} if path == "costs.device_storms" else set()
    assert changed - {"outlay", "crew_bill"} == ({item} if item == "residents" else {item, "total"} | also)
    assert ("outlay" in changed) == (item in BILL and BILL[item].is_outlay and path != "costs.device_storms")
    assert ("crew_bill" in changed) == (item in BILL and BILL[item].is_crew_bill)


def test_every_money_parameter_is_moved_above():
    (mark,) = test_each_unit_cost_moves_its_item_and_no_other.pytestmark
    moved = {path for path, _, _ in mark.args[1]}
    assert {p.path for p in town().listing() if p.path.startswith(("costs.", "credits."))} <= moved


def test_credits_change_no_hour_only_money():
    plain = load("classroom")
    generous = plain.but({"credits.usd_per_household": 100.0, "credits.after_h": 24.0})
    without, paid = run(plain, Seeds.all(1)), run(generous, Seeds.all(1))
    assert (without.households["hours_out"] == paid.households["hours_out"]).all()
    assert costs(without)["credits"] == 0.0
    assert costs(paid)["credits"] == 100.0 * (paid.households["hours_out"] > 24.0).sum()


def test_what_has_not_ended_at_the_horizon_is_counted_up_to_it():
    cut = run(town({"run.horizon_h": 20.0}), 1)
    found = costs(cut)
    assert all(np.isfinite(value) for value in found.values())
    hours = np.minimum(cut.households["restored_h"], 20.0) - np.minimum(cut.households["out_h"], 20.0)
    assert priced(cut, {"costs.residents_growth": 0.0, "costs.medical_multiplier": 1.0})["residents"] == pytest.approx(
        4.0 * hours.sum()
    )


def test_nobody_out_nothing_spent_but_what_stands_ready():
    calm = run(town({"storm.gust_m_per_s": 0.0}), 1)
    found = costs(calm)
    assert found["residents"] == 0.0
    assert found["crews"] == found["call_takers"] == found["patrols"] == 0.0
    assert found["contacts"] == found["materials"] == found["mobilisation"] == 0.0
    assert found["channels"] == pytest.approx(0.17 * 200)


@pytest.mark.parametrize(
    ("path", "value", "allowed"),
    [
        ("costs.device_storms", 0.0, "from 1 to 100"),
        ("costs.mobilisation_usd", -1.0, "from 0 to"),
        ("costs.tree_crew_share", -0.1, "from 0 to 5"),
        ("costs.materials_usd.drop", -50.0, "from 0 to"),
    ],
)
def test_costs_that_cannot_be_are_refused_in_one_line(path, value, allowed):
    name = path.rpartition(".")[2]
    with pytest.raises(ScenarioError, match=rf"{name} must be a number .* {allowed}.*, not {value}") as caught:
        town().but({path: value})
    assert "\n" not in str(caught.value)


def test_liaisons_by_the_size_of_the_city_count_the_households_that_are_there():
    """A town of one's own has as many households as its table, whatever ``place.customers`` says."""
    four_houses = load("worked/nested-outage").but({"liaison.per_10000_customers": 1_000.0, "place.customers": 10_000})
    outcomes = run(four_houses, 1)
    every_h = outcomes.state.parameters[0].derived.visit_every_h
    assert every_h == pytest.approx(1 / (len(outcomes.households) / 10.0 * four_houses["liaison.visits_per_h"]))


def test_meters_are_paid_where_a_table_says_that_they_are():
    share = {"N1": 1.0, "N2": 0.5, "N3": 0.2, "N4": 0.0, "N5": 0.3}
    table = {"neighbourhood": list(share), "meter_coverage": list(share.values())}
    outcomes = run(town({"sensing.meter_coverage": 0.9}).with_tables(neighbourhoods=table), 1)
    expected = sum(share[name] for name in outcomes.households.neighbourhood.astype(str))
    assert costs(outcomes)["meters"] == pytest.approx(expected * 200.0 / 3.0)
