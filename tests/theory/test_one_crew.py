"""One crew that always knows where to go next is never idle: done after the sum of its travel, search and repair."""

import numpy as np
import pytest

from sim.core.columns import LEVELS
from sim.inputs.parameters.channels import CHANNELS
from tests.laws.towns import rows_of, state_of, town, world

ALONE = {
    "crews.line.own": 1,
    "crews.trouble.own": 0,
    "crews.shift_on_h": 24.0,
    "crews.night_share": 0.0,
    "crews.safe_h": 9.0,
    "patrol.teams": 0,
    **{f"patrol.sees_{distance}_below": 0.0 for distance in ("one", "two", "further")},
    "sensing.link_down_share": 0.0,
    "crews.blocked_until_h": 30.0,
    "crews.blocked_factor": 3.0,
    "run.horizon_h": 3_000.0,
    "storm.owner_share": 0.0,
    **{f"channels.{name}.availability": 0.0 for name in CHANNELS},
}
SENSED = {f"sensing.{level}": 1.0 for level in LEVELS}
KNOWING = {"sensed": (SENSED, 0.7), "known exactly": ({"sensing.knowledge": "perfect"}, 0.0)}


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("knowing", KNOWING)
def test_the_makespan_is_the_sum_of_travel_search_and_repair(knowing, seed):
    patch, search_share = KNOWING[knowing]
    scenario = town({**ALONE, **patch})
    place, damage = world(scenario, seed)
    rows = rows_of(state_of(scenario, seed, (place, damage)))
    jobs = rows["jobs"]
    assert len(jobs) == len(damage.device) > 15
    assert place.devices.line_km[jobs["at"]].sum() > 1.0
    route = np.concatenate([[[0.0, 0.0]], np.column_stack([place.devices.x_km, place.devices.y_km])[jobs["at"]]])
    km = np.hypot(*np.diff(route, axis=0).T)
    levels = place.devices.level[jobs["at"]]
    on_site_h = np.array([scenario[f"patrol.{name}_h"] for name in LEVELS])[levels]
    walk_h = place.devices.line_km[jobs["at"]] / scenario["patrol.speed_km_per_h"]
    repair_h = damage.repair_h[np.searchsorted(damage.device, jobs["at"])]
    clock = 9.0
    for leg in range(len(jobs)):
        travel_h = scenario["crews.travel_min"] / 60 + km[leg] / scenario["crews.speed_km_per_h"]
        search_h = search_share * (on_site_h[leg] + walk_h[leg])
        clock += travel_h * (3.0 if clock < 30.0 else 1.0) + search_h + repair_h[leg]
    assert rows["faults"]["repaired_h"].max() == pytest.approx(clock, abs=1e-8)


def test_two_crews_share_the_work_and_neither_can_be_done_before_half_of_it():
    scenario = town({**ALONE, **SENSED, "crews.line.own": 2})
    place, damage = world(scenario, 4)
    jobs = rows_of(state_of(scenario, 4, (place, damage)))["jobs"]
    work = np.bincount(jobs["crew"], weights=jobs["done_h"] - jobs["dispatched_h"])
    assert len(work) == 2
    assert jobs["done_h"].max() - 9.0 >= work.sum() / 2 - 1e-9
    assert jobs["done_h"].max() - 9.0 <= work.sum()
