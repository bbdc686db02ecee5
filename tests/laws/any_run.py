"""A run of any parameters, drawn by Hypothesis, with its rows by kind: what the laws of conservation are tried on."""

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from sim.core.columns import LEVELS
from sim.core.seeds import Seeds
from sim.engine.simulate import advance_to
from sim.engine.start import begin
from tests.laws.towns import ALL_RULES, rows_of, town, world


def served(patch):
    """Every district has a crew that may go there, whatever the numbers drawn."""
    return {**patch, "crews.line.staged": 2} if patch.get("crews.shared_share", 0.2) < 0.5 else patch


PATCHES = st.fixed_dictionaries(
    {},
    optional={
        "crews.line.own": st.integers(0, 4),
        "crews.line.mutual_aid": st.integers(0, 3),
        "crews.trouble.own": st.integers(0, 3),
        "crews.trouble.mutual_aid": st.integers(0, 2),
        "crews.release_orders_per_crew": st.sampled_from([0.0, 0.3, 1.0, 10.0]),
        "crews.line.largest": st.sampled_from(LEVELS),
        "crews.trouble.largest": st.sampled_from(LEVELS),
        "crews.districts": st.integers(1, 2),
        "crews.shared_share": st.sampled_from([0.0, 0.5, 1.0]),
        "crews.aid_by": st.sampled_from(["customers", "orders"]),
        "crews.split_into": st.integers(1, 3),
        "crews.safe_h": st.sampled_from([0.0, 3.3, 8.0, 20.0]),
        "crews.shift_on_h": st.sampled_from([1.0, 9.5, 16.0, 24.0]),
        "crews.shift_starts_hour": st.sampled_from([0.0, 6.0, 22.5]),
        "crews.night_share": st.sampled_from([0.0, 0.5, 1.0]),
        "crews.travel_min": st.sampled_from([0.0, 10.0, 200.0]),
        "dispatch.policy": st.sampled_from(
            ["standard", "first-reported", "most-reports", "voice-corrected", "medical-first",
             "vulnerability-weighted", "pressure", "random", "omniscient", "custom"]
        ),
        "dispatch.every_min": st.sampled_from([0.0, 7.0, 240.0]),
        "oms.calls_per_transformer": st.integers(1, 3),
        "oms.transformers_per_lateral": st.integers(1, 3),
        "oms.laterals_per_feeder": st.integers(1, 3),
        "oms.feeders_per_substation": st.integers(1, 2),
        "oms.escalation_min": st.sampled_from([0.0, 15.0, 240.0]),
        "oms.missed_withdrawal_share": st.sampled_from([0.0, 0.3, 1.0]),
        "oms.callback_share": st.sampled_from([0.0, 1.0]),
        "oms.callback_delay_h": st.sampled_from([0.0, 5.0]),
        "hotline.call_takers": st.integers(0, 3),
        "hotline.lines": st.integers(0, 6),
        "hotline.exact_times": st.booleans(),
        "patrol.teams": st.integers(0, 3),
        "patrol.speed_km_per_h": st.sampled_from([0.1, 4.0, 100.0]),
        "patrol.sees_one_below": st.sampled_from([0.0, 1.0]),
        "patrol.sees_two_below": st.sampled_from([0.0, 0.3, 1.0]),
        "away.left_before_share": st.sampled_from([0.0, 0.5]),
        "away.leaves_share": st.sampled_from([0.0, 0.5]),
        "patrol.report_gain": st.sampled_from([0.0, 5.0]),
        "reporting.attention_per_h": st.sampled_from([0.01, 0.5, 4.0]),
        "reporting.informal_delay_h": st.sampled_from([0.0, 4.0, 72.0]),
        "reporting.repeat_one_way": st.sampled_from([0.0, 0.95]),
        "reporting.repeat_wait_h": st.sampled_from([0.0, 6.0]),
        "sensing.feeder": st.sampled_from([0.0, 1.0]),
        "sensing.lateral": st.sampled_from([0.0, 1.0]),
        "sensing.drop": st.sampled_from([0.0, 1.0]),
        "sensing.link_down_share": st.sampled_from([0.0, 1.0]),
        "sensing.meter_coverage": st.sampled_from([0.0, 0.4, 1.0]),
        "storm.failures.substation": st.sampled_from([0.0, 5.0]),
        "storm.failures.drop": st.sampled_from([0.0, 0.3]),
        "storm.owner_share": st.sampled_from([0.0, 0.5, 1.0]),
        "owner.electrician_days": st.sampled_from([0.05, 1.0, 10.0]),
        "owner.sigma": st.sampled_from([0.0, 0.8]),
        "outreach.weatherhead_repair.reach": st.sampled_from([0.0, 0.6]),
        "outreach.weatherhead_repair.form": st.sampled_from(["free", "grant", "loan"]),
        "storm.repair_h.sigma": st.sampled_from([0.0, 1.5]),
        "telecom.cell_out_share": st.sampled_from([0.0, 1.0]),
        "run.horizon_h": st.sampled_from([12.0, 60.0, 336.0]),
    },
).map(served)  # fmt: skip
SEEDS = st.integers(0, 2**64 - 1)
MANY = settings(deadline=None, max_examples=80, derandomize=True)
SOME = settings(deadline=None, max_examples=25, derandomize=True)


class Ran:
    """A run with its world and its rows by kind."""

    def __init__(self, patch, seed):
        self.scenario = town(patch, base=ALL_RULES)
        self.place, self.damage = world(self.scenario, seed)
        self.state = begin(self.scenario, self.place, self.damage, Seeds.all(seed))
        self.horizon_h = self.scenario["run.horizon_h"]

    def to(self, time_h):
        self.state = advance_to(self.state, time_h)
        for name, rows in rows_of(self.state).items():
            setattr(self, name, rows)
        return self

    def to_the_end(self):
        return self.to(self.horizon_h)

    def behind(self, fault):
        device = self.faults["at"][fault]
        return slice(self.state.devices.first[device], self.state.devices.last[device])

    def over_faults_above(self, values, start, fold):
        """``fold`` of a value of every fault on each household's path."""
        result = np.full(len(self.households), start)
        for fault, value in enumerate(values):
            result[self.behind(fault)] = fold(result[self.behind(fault)], value)
        return result


def gaps_to_next(jobs, crew):
    mine = jobs[jobs["crew"] == crew]
    mine = mine[np.argsort(mine["dispatched_h"], kind="stable")]
    return mine["dispatched_h"][1:] - mine["done_h"][:-1]


def up_to(times_h, horizon_h):
    return np.minimum(times_h, horizon_h)


def has_split(ran):
    trucks = ran.crews["first_truck"]
    return (trucks > 0) & np.isfinite(ran.crews["arrives_h"][trucks])
