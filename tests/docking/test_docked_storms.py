"""The storms of the docking exercise the rules that are compared."""

from collections import Counter

import numpy as np

from benchmarks.plain_mesa.kinds import Source
from sim.core.columns import DROP, FEEDER, LATERAL, TRANSFORMER
from tests.docking.storms import SEEDS, docked, findings, scenario_of


def test_the_docked_storms_exercise_the_rules_that_they_compare():
    """Equality means something only where the rules were at work."""
    endings: Counter[str] = Counter()
    found: Counter[str] = Counter()
    rolled_up: Counter[int] = Counter()
    refused: Counter[str] = Counter()
    led_by: Counter[Source | None] = Counter()
    for _, plain in map(docked, SEEDS):
        endings.update(plain.utility.endings)
        found.update(findings(plain))
        rolled_up.update(order.device.level for order in plain.utility.orders if order.was_predicted)
        refused.update(plain.utility.control_room.refused)
        led_by.update(device.located_by for device in plain.faults)
    assert min(rolled_up[level] for level in (FEEDER, LATERAL, TRANSFORMER, DROP)) >= 20
    assert endings["merged"] >= 500
    assert min(endings["withdrawn"], endings["refused"]) >= 20
    assert min(found[finding] for finding in ("repaired", "upstream", "downstream", "nothing")) >= 25
    assert min(refused[level] for level in ("lateral", "transformer", "drop")) >= 50
    assert min(led_by[source] for source in (Source.REPORT, Source.METER, Source.CREW, Source.SENSING)) >= 100
    assert led_by[Source.PATROL] >= 500
    assert led_by[Source.CALL_BACK] >= 20


def test_the_docked_storms_make_households_go_through_what_they_compare():
    plains = [plain for _, plain in map(docked, SEEDS)]
    households = [household for plain in plains for household in plain.households]
    assert sum(household.behind_two_faults_h > 0.0 for household in households) >= 500
    assert sum(household.n_reports > 1 for household in households) >= 500
    assert sum(household.account.n_closed for household in households) >= 500
    assert sum(bool(household.faults) for household in households) >= 100  # at the horizon
    assert sum(household.is_wronged for household in households) >= 20  # and not heard again
    assert sum(plain.utility.checks.n_called_back for plain in plains) >= 50
    assert sum(plain.ears.is_used and plain.ears.city.heard for plain in (p.utility for p in plains)) >= 100
    assert sum(crew.n_partly_blind for plain in plains for crew in plain.crews) >= 200
    last_h = [
        (plain, max(order.opened_h for order in plain.utility.orders)) for plain in plains if plain.utility.orders
    ]
    assert sum(crew.left_h < hour for plain, hour in last_h for crew in plain.crews) >= 20  # while others work on


def test_the_docked_crews_work_in_districts_and_split():
    divided = [plain for _, plain in map(docked, SEEDS) if len(plain.division.districts) > 1]
    crews = [(plain, crew) for plain in divided for crew in plain.crews if crew.findings]
    assert len(divided) >= 20
    assert sum(crew.district is plain.division.whole_city for plain, crew in crews) >= 20
    aid = [crew.district for plain, crew in crews if crew.is_aid]
    assert min(sum(district.number == number for district in aid) for number in (0, 1)) >= 5
    assert sum(not crew.is_line_crew for _, crew in crews) >= 20
    left = [crew for plain in divided for crew in plain.crews if crew.is_leaving]
    assert min(len(left), sum(not crew.is_line_crew for crew in left)) >= 20  # and leave, as trucks too


def test_the_docked_storms_tear_off_what_households_own():
    mended = [device.mending for _, plain in map(docked, SEEDS) for device in plain.faults if device.mending]
    assert sum(mending.wait is not None for mending in mended) >= 200
    assert sum(mending.is_done and mending.wait is None for mending in mended) >= 50  # before a crew came
    assert sum(mending.is_by_programme for mending in mended) >= 100
    assert sum(mending.device.located_by is Source.RELEASE for mending in mended) >= 20
    assert sum(mending.inspection_h > 0.0 for mending in mended) >= 100


def test_the_docked_dispatchers_also_look_as_a_short_shift_begins():
    between = 0
    for seed in SEEDS:
        cycle_h = scenario_of(seed)["dispatch.every_min"] / 60
        if cycle_h:
            state = docked(seed).engine.state
            looks = state.jobs.dispatched_h[: state.clock.n_jobs[0]] / cycle_h
            between += np.count_nonzero(np.abs(looks - np.round(looks)) > 1e-6)
    assert between >= 5
