"""Outlay, and net cost with the crews' bill held and as simulated."""

import numpy as np
import pytest

from experiments.designs.arm_differences import crews_bill_apart, notes
from experiments.designs.arms import arms_of
from experiments.findings.compare_costs import prices
from experiments.findings.net_costs import BILL, HELD, NET, OUTLAY, SIMULATED, TOTAL, with_net
from experiments.findings.pairs import Values

NAMES = (TOTAL, BILL, OUTLAY, "all:all:customer_hours")
BASE = np.array([[1_000.0, 900.0, 0.0, 50.0], [1_300.0, 1_200.0, 0.0, 60.0]])
ARM = np.array([[1_250.0, 1_100.0, 40.0, 48.0], [1_240.0, 1_100.0, 40.0, 57.0]])


def test_the_net_cost_holds_the_crews_bill_pair_by_pair():
    names, baseline, arms = with_net(NAMES, BASE, ARM[None], [False])
    assert names == (*NAMES, NET)
    assert baseline[:, -1].tolist() == [1_000.0, 1_300.0]
    assert arms[0, :, -1].tolist() == [1_050.0, 1_340.0]  # 150 and 140 without crews, where 100 were


def test_nothing_is_held_where_the_bill_is_the_arms_own():
    _, _, arms = with_net(NAMES, BASE, np.stack([ARM, ARM]), [True, False])
    assert arms[0, :, -1].tolist() == ARM[:, 0].tolist()
    assert arms[1, :, -1].tolist() == [1_050.0, 1_340.0]


def test_a_failed_run_has_no_net_cost_and_runs_without_costs_stay_as_they_are():
    failed = np.full_like(ARM, np.nan)
    assert np.isnan(with_net(NAMES, BASE, failed[None], [False])[2][0, :, -1]).all()
    names, baseline, arms = with_net(NAMES[3:], BASE[:, 3:], ARM[None, :, 3:], [False])
    assert names == NAMES[3:]
    assert baseline.shape == (2, 1)
    assert arms.shape == (1, 2, 1)


def test_an_hour_is_priced_by_the_net_cost_at_the_baselines_bill():
    values = Values(*with_net(NAMES, BASE, ARM[None], [False]))
    row = prices(values, "base", ["arm"], None).iloc[0]
    assert row["added_cost_usd"] == pytest.approx((50.0 + 40.0) / 2)
    assert row["gained"] == pytest.approx((2.0 + 3.0) / 2)
    assert row["priced_by"] == HELD


def test_an_hour_of_an_arm_with_a_bill_of_its_own_is_priced_as_simulated():
    values = Values(*with_net(NAMES, BASE, np.stack([ARM, ARM]), [True, False]))
    found = prices(values, "base", ["own", "held"], None).set_index("arm")
    assert found["priced_by"].to_dict() == {"own": SIMULATED, "held": HELD}
    assert found.loc["own", "added_cost_usd"] == pytest.approx((250.0 - 60.0) / 2)


@pytest.mark.parametrize(
    ("arm", "apart"),
    [
        ("channels.app.awareness=0.5", []),
        ("dispatch.policy=random", []),
        ("crews.line.own=9", ["crews.line.own"]),
        ("costs.tree_crew_share=0.5", ["costs.tree_crew_share"]),
        ("storm.gust_m_per_s=40.0", ["storm.gust_m_per_s"]),
    ],
)
def test_an_arm_with_other_crews_or_another_storm_has_a_bill_of_its_own_and_a_note_says_so(arm, apart):
    compared = arms_of("classroom", [arm])
    assert crews_bill_apart(compared.baseline, compared.arms[0]) == apart
    told = [line for line in notes(compared) if "its net cost is as simulated" in line]
    assert len(told) == bool(apart)
    assert all(path in line for path in apart for line in told)
