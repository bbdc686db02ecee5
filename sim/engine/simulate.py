"""A run is a pure function: scenario and seeds in, outcomes out.

place   = place.build(scenario, seeds.world)
damage  = storm.strike(scenario, place, seeds.storm)
state   = start.begin(scenario, place, damage, seeds)
advance(state, horizon)
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sim.core.columns import Damage, Place
from sim.core.compiled import with_replaced
from sim.core.own_rules import checked, file_mark
from sim.core.pool import Pool
from sim.core.rows import enlarged
from sim.core.seeds import Seeds
from sim.core.state import GROWING, State
from sim.engine.outcomes import Outcomes
from sim.engine.restoration import NEEDS_ROOM, advance
from sim.engine.start import begin
from sim.inputs.scenario import Scenario
from sim.rules.bounds import is_sure_of_nothing, never_sure
from sim.rules.reporting import choose_channel
from sim.rules.scores import order_score
from sim.world import place as places
from sim.world import storm


def run(
    scenario: Scenario,
    seed: int | Seeds = 1,
    *,
    place: Place | None = None,
    damage: Damage | None = None,
    choose: Callable | None = None,
    score: Callable | None = None,
    pool: Pool | None = None,
) -> Outcomes:
    """Simulate one storm in one city.

    Parameters
    ----------
    scenario : Scenario
    seed : int or Seeds    one number for world, storm and behaviour, or three
    place, damage          a world built before (for the same scenario and seeds), to save building it again
    choose, score          compiled rules in place of ``reporting.choose_channel`` and ``scores.order_score``, or where
                           they stand, as ``module:name``
    pool                   memory of earlier runs; give it the state back when nobody will look at the outcomes again

    Raises
    ------
    ScenarioError          a seed that is none, or tables and files of the scenario that cannot be used

    Examples
    --------
    >>> from sim import load, run
    >>> outcomes = run(load("classroom"), seed=1)
    >>> len(outcomes.households)
    2000
    """
    seeds = Seeds.checked(seed, "run")
    rules = own_rules(choose, score)
    started, clock = datetime.now(UTC), time.perf_counter()
    scenario = scenario.as_planned()  # so that the certificate tells of what was read
    place = place or places.build(scenario, seeds.world)
    damage = damage or storm.strike(scenario, place, seeds.storm)
    built = time.perf_counter()
    state = begin(scenario, place, damage, seeds, pool)
    state = advance_to(state, scenario["run.horizon_h"], *rules)
    seconds = {"world": built - clock, "run": time.perf_counter() - built}
    return Outcomes(scenario, seeds, place, damage, state, started, seconds)


class OwnRules(NamedTuple):
    """Rules of one's own, checked; None: the model's."""

    choose: Callable | None = None
    score: Callable | None = None


def own_rules(choose: Any = None, score: Any = None, where: str = "") -> OwnRules:
    """Rules of one's own, as functions or as ``module:name``.

    Raises
    ------
    ScenarioError    not a compiled rule, or of another signature
    """
    return OwnRules(checked(choose, f"{where}choose", choose_channel), checked(score, f"{where}score", order_score))


def event_loop(choose: Callable | None = None, score: Callable | None = None) -> Callable:
    """The event loop, with rules of one's own where given: compiled once and kept on disk, as the model's is."""
    return advance if choose is None and score is None else _loop(choose, score, file_mark(choose, score))


@lru_cache(maxsize=8)
def _loop(choose: Callable | None, score: Callable | None, kept_as: str | None) -> Callable:
    own = {} if choose is None else {choose_channel: choose, is_sure_of_nothing: never_sure}
    own |= {} if score is None else {order_score: score}
    return with_replaced(advance, own, kept_as)


def advance_to(state: State, until_h: float, choose: Callable | None = None, score: Callable | None = None) -> State:
    """Let time pass up to ``until_h``; returns the state, with a longer array where one ran out."""
    step, names = event_loop(choose, score), list(GROWING)
    while (ended := step(state, until_h)) >= NEEDS_ROOM:
        name = names[ended - NEEDS_ROOM]
        old, used = getattr(state, name), int(state.clock[GROWING[name]][0])
        state = state._replace(**{name: enlarged(old, 2 * max(old.shape[-1], used) + 64, min(used, old.shape[-1]))})
    return state
