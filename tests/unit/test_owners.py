"""What households own of a service drop: what tears off, who mends it and when, what a programme does and costs."""

import numpy as np
import pandas as pd
import pytest

from analysis.measures import table
from app.pages.run_tables import parts_of
from app.say import names
from sim import ScenarioError, load, run
from sim.core.columns import DROP, MAST, METER_BASE
from sim.core.outcome_codes import PARTS
from sim.engine.costs import costs
from tests.laws.towns import ALL_RULES, SMALL, bytes_of, state_of, town, world

TORN = {**SMALL, "storm.failures.drop": 1.0, "storm.owner_share": 0.5, "run.horizon_h": 3_000.0}
PROGRAMME = "outreach.weatherhead_repair."


def offered(**more):
    return {f"{PROGRAMME}{key}": value for key, value in {"reach": 1.0, "from_h": 0.0, **more}.items()}


def mended(outcomes):
    """From what is known at once to the release, by house of the worked town."""
    return outcomes.households.set_index("household_id").released_h


def test_only_overhead_drops_tear_off_what_households_own_and_the_share_is_that_asked_for():
    place, damage = world(town({"place.customers": 4_000, "storm.failures.drop": 20.0}, TORN))
    at = damage.device[damage.owner > 0]
    assert (place.devices.level[at] == DROP).all()
    assert place.devices.overhead[at].all()
    drops = (place.devices.level[damage.device] == DROP) & place.devices.overhead[damage.device]
    torn = damage.owner[drops]
    assert (torn > 0).mean() == pytest.approx(0.5, abs=0.04)
    assert (torn == METER_BASE).sum() / (torn > 0).sum() == pytest.approx(0.4, abs=0.04)


def test_a_larger_share_only_adds_houses_and_changes_no_other_damage():
    few, many = (world(town({"storm.owner_share": share}, TORN))[1] for share in (0.2, 0.7))
    assert ((few.owner == 0) | (few.owner == many.owner)).all()
    assert (many.owner > 0).sum() > (few.owner > 0).sum() > 0
    assert few._replace(owner=many.owner).repair_h.tobytes() == many.repair_h.tobytes()


def test_without_damage_of_their_own_nothing_that_owners_do_changes_a_byte():
    base = town({"storm.owner_share": 0.0}, base=ALL_RULES)
    other = {"storm.meter_base_share": 1.0, "owner.electrician_days": 9.0, "owner.poor_factor": 5.0, **offered()}
    assert bytes_of(state_of(base)) == bytes_of(state_of(base.but(other)))


def test_a_programme_of_no_reach_changes_no_byte_and_costs_nothing():
    base = town(base={**ALL_RULES, "storm.owner_share": 0.8})
    nobody = offered(reach=0.0, form="loan", wait_h=1.0, fixed_usd=9e6, job_usd=9.0)
    assert bytes_of(state_of(base)) == bytes_of(state_of(base.but(nobody)))
    assert costs(run(base))["outreach"] == costs(run(base.but(nobody)))["outreach"] == 0.0


def test_what_is_free_comes_after_the_programmes_wait_for_all_and_an_inspection_stays():
    town_ = load("worked/owner-first")
    # Ana is told at 2.25; Bo and Cy know from the beginning, and Bo's meter base takes 6 hours to be inspected
    free = run(town_.but(offered(wait_h=4.0)))
    assert mended(free).to_dict() == {"Ana": 6.25, "Bo": 10.0, "Cy": 4.0}
    assert free.faults.aided.all()
    late = run(town_.but(offered(wait_h=4.0, from_h=10.0)))
    assert mended(late).to_dict() == {"Ana": 14.0, "Bo": 20.0, "Cy": 12.0}  # Cy's own electrician is sooner
    assert late.faults.aided.tolist() == [True, True, False]


def test_a_grant_is_for_the_poor_and_an_advance_lightens_what_poverty_adds():
    town_ = load("worked/owner-first")
    assert mended(run(town_.but(offered(wait_h=4.0, form="grant")))).to_dict() == {"Ana": 6.25, "Bo": 24.0, "Cy": 12.0}
    loan = run(town_.but(offered(form="loan") | {f"{PROGRAMME}loan_relief": 0.75}))
    assert mended(loan).to_dict() == {"Ana": 2.25 + 15.0, "Bo": 24.0, "Cy": 12.0}
    assert loan.faults.aided.tolist() == [True, False, False]


def test_a_programme_costs_its_jobs_its_visits_in_vain_and_an_advance_what_is_not_paid_back():
    town_ = load("worked/owner-first")
    price = {"job_usd": 500.0, "visit_usd": 60.0, "wasted_share": 0.6, "fixed_usd": 1_000.0, "wait_h": 4.0}
    assert costs(run(town_.but(offered(**price))))["outreach"] == pytest.approx(1_000.0 + 3 * (500.0 + 1.5 * 60.0))
    loan = offered(**price, form="loan", unpaid_share=0.2)
    assert costs(run(town_.but(loan)))["outreach"] == pytest.approx(1_000.0 + 100.0)
    assert costs(run(town_.but(offered(**price) | {"run.horizon_h": 3.0})))["outreach"] == pytest.approx(1_000.0)


def test_the_utility_that_waits_knows_its_customer_to_be_out_and_the_hours_are_the_owners():
    before = run(load("worked/owner-first").but({"run.horizon_h": 20.0})).households.set_index("household_id")
    ana = before.loc["Ana"]
    assert (ana.undetected_h, ana.waiting_h, ana.search_h, ana.owner_h, ana.repair_h) == (1.0, 0.25, 1.0, 17.75, 0.0)
    assert ana.false_closures == 0
    assert np.isinf(ana.released_h)


def test_perfect_knowledge_knows_what_owners_own_and_sends_no_crew_in_vain():
    outcomes = run(load("worked/owner-first").but({"sensing.knowledge": "perfect"}))
    ana = outcomes.households.set_index("household_id").loc["Ana"]
    assert outcomes.jobs.outcome.tolist() == ["repaired"] * 3
    assert (ana.released_h, ana.owner_h, ana.undetected_h) == (24.0, 24.0, 0.0)


def test_who_has_left_sees_nothing_and_is_told_by_the_crew():
    left = load("worked/owner-first").but({"away.left_before_share": 1.0, "away.stays_h": 1_000.0})
    outcomes = run(left)
    assert mended(outcomes)["Bo"] == np.inf  # nobody has told the utility of him
    assert mended(outcomes)["Cy"] == 12.25 + 12.0


def test_who_has_been_told_does_not_report_again():
    loud = {
        "storm.owner_share": 1.0,
        "reporting.voice": "high",
        "reporting.repeat_one_way": 0.9,
        "reporting.repeat_wait_h": 1.0,
    }
    outcomes = run(town(loud, {**TORN, "storm.failures.lateral": 0.0, "storm.failures.feeder": 0.0,
                               "storm.failures.substation": 0.0, "storm.failures.transformer": 0.0}))  # fmt: skip
    held = outcomes.faults.set_index("device").held_h
    own = outcomes.reports[outcomes.reports.reporter_id == outcomes.reports.household_id].set_index("household_id")
    drops = outcomes.households.set_index("household_id").service_drop
    told_h = held.reindex(drops[own.index]).to_numpy()
    to_the_utility = own.channel.to_numpy() != "informal"  # who needs power may still ask officials for help
    assert np.isfinite(held).sum() > 10
    assert (own.attempted_h.to_numpy() <= told_h)[np.isfinite(told_h) & to_the_utility].all()


def poor_hours(factor, seed):
    crews = {"crews.line.own": 20, "owner.poor_factor": factor, "people.poverty_share": 0.5}
    households = run(town(crews, TORN), seed).households
    torn = households[np.isfinite(households.released_h)]
    return torn.groupby("poor").hours_out.mean()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_who_waits_longer_for_an_electrician_waits_longer_for_power(seed):
    short, long = poor_hours(1.0, seed), poor_hours(4.0, seed)
    assert long[True] > 1.5 * short[True]
    assert long[False] == pytest.approx(short[False], rel=0.1)


@pytest.mark.parametrize("form", ["free", "grant", "loan"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_programme_delays_anybody_who_knows(form, seed):
    faults = {n: state_of(town(patch, {**TORN, "people.poverty_share": 0.5}), seed).faults
              for n, patch in {"without": {}, "with": offered(form=form, from_h=60.0, reach=0.6)}.items()}  # fmt: skip

    def wait_h(rows, known_h):
        return np.minimum(known_h + rows.electrician_h, np.maximum(known_h, rows.aid_from_h) + rows.aid_h)

    for known_h in (8.0, 100.0):
        assert (wait_h(faults["with"], known_h) <= wait_h(faults["without"], known_h)).all()
    assert (wait_h(faults["with"], 100.0) < wait_h(faults["without"], 100.0)).any()


def test_a_grid_without_drops_runs_where_nobody_asks_for_such_damage():
    dropless = load("worked/one-fault").with_tables(
        households={"household_id": ["Ana"], "device": ["T1"]},
        devices={"device": ["S1", "F1", "L1", "T1"], "parent": ["", "S1", "F1", "L1"],
                 "level": ["substation", "feeder", "lateral", "transformer"]},
        damage={"device": ["T1"], "onset_h": [0.0], "repair_h": [1.0]},
    )  # fmt: skip
    assert run(dropless).households.released_h.tolist() == [np.inf]
    del dropless.tables["damage"]
    with pytest.raises(ScenarioError, match="no service drops"):
        run(dropless.but({"storm.owner_share": 0.1}))


def test_a_table_may_leave_cells_empty():
    one = load("worked/one-fault")
    for given, torn in (("", 0), ("mast", MAST), ("meter base", METER_BASE), (" mast ", MAST)):
        damage = world(one.with_tables(damage={**one.tables["damage"], "owner": [given]}))[1]
        assert damage.owner.tolist() == [torn]


def test_the_parts_of_the_hours_are_the_same_everywhere():
    assert table.PARTS == PARTS == tuple(names.PARTS)
    waits = {"all_affected": {"levels": [{"measure": "owner_h", "mean": 0.5}]}}
    assert tuple(parts_of([waits])) == PARTS


def test_the_table_of_faults_says_what_was_torn_off_and_the_households_when_it_was_mended():
    outcomes = run(town({}, TORN))
    assert set(outcomes.faults.owner.unique()) == {"", "mast", "meter base"}
    of_drop = outcomes.faults.set_index("device").released_h.reindex(outcomes.households.service_drop)
    np.testing.assert_array_equal(outcomes.households.released_h, of_drop.fillna(np.inf).to_numpy())
    torn = outcomes.faults.set_index("device").owner.astype(str).reindex(outcomes.households.service_drop)
    assert outcomes.households.own_damage.astype(str).tolist() == torn.fillna("").tolist()
    assert set(torn.dropna()) == {"", "mast", "meter base"}
    assert isinstance(outcomes.faults, pd.DataFrame)
