"""Seconds for one storm by a stepped Mesa model, by an event-driven one, and by the engine with all its rules.

All three get the same city and the same storm, already built. What is timed begins with that and ends with every
household's hours out. They take turns, so that a busy moment of the machine hits all alike; times are processor
seconds of one thread.

``python -m benchmarks.contest SIZES`` holds it and prints JSON.
"""

import gc
import json
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import mesa
import numpy as np

from benchmarks.city import City, build
from benchmarks.plain_mesa import events, stepped
from sim.core.compiled import is_cached
from sim.core.pool import Pool
from sim.core.seeds import Seeds
from sim.engine.simulate import run
from sim.inputs.scenario import Scenario

SEEDS, POOL = Seeds.all(1), Pool()


def hours_out(out_h: Any, back_h: Any, horizon_h: float) -> dict[str, float]:
    """Share of customers who lost power, and the mean hours out of those, to the horizon."""
    out_h, back_h = np.asarray(out_h), np.asarray(back_h)
    dark = np.isfinite(out_h)
    hours = np.minimum(back_h[dark], horizon_h) - out_h[dark]
    return {"share_out": float(dark.mean()), "mean_hours_out": float(hours.mean()) if dark.any() else 0.0}


def by_engine(city: City) -> dict[str, float]:
    """The engine with all its rules."""
    return _by_engine(city.everything, city)


def by_engine_core(city: City) -> dict[str, float]:
    """The engine with the rules that the plain models have."""
    return _by_engine(city.core, city)


def _by_engine(scenario: Scenario, city: City) -> dict[str, float]:
    """As studies run it: in memory of the run before."""
    state = run(scenario, SEEDS, place=city.place, damage=city.damage, pool=POOL).state
    found = hours_out(state.households.out_h, state.households.restored_h, scenario["run.horizon_h"])
    POOL.take_back(state)
    return found


def by_events(city: City) -> dict[str, float]:
    """The event-driven Mesa model."""
    model = events.simulate(city.core, city.place, city.damage, SEEDS)
    found = _of_agents(model.households, city)
    _forget(model)
    return found


def by_steps(city: City) -> dict[str, float]:
    """The stepped Mesa model."""
    model = stepped.simulate(city.core, city.place, city.damage, SEEDS)
    found = _of_agents(model.agents_by_type[stepped.Household], city)
    _forget(model)
    return found


CONTESTANTS: dict[str, Callable[[City], dict[str, float]]] = {
    "stepped Mesa": by_steps,
    "event-driven Mesa": by_events,
    "engine, same rules as those": by_engine_core,
    "engine, all rules": by_engine,
}


def hold(households: int, days: float, rounds: int, engine_repeats: int) -> dict[str, Any]:
    """Time all contestants.

    Parameters
    ----------
    households, days : size and length of the storm
    rounds : int           turns of each contestant
    engine_repeats : int   runs of the engine at each of its turns

    Returns
    -------
    dict: households, days, devices_failed, first_call_s, was_compiled, and by contestant seconds (median), fastest,
    runs, share_out, mean_hours_out
    """
    city = build(households, days)
    was_compiled = is_cached()
    _, first_call_s = timed(by_engine, city)
    seconds: dict[str, list[float]] = {name: [] for name in CONTESTANTS}
    found: dict[str, dict[str, float]] = {}
    for _ in range(rounds):
        for name, contestant in CONTESTANTS.items():
            for _ in range(engine_repeats if name.startswith("engine") else 1):
                found[name], taken = timed(contestant, city)
                seconds[name].append(taken)
    results = {
        name: {"seconds": median(s), "fastest": min(s), "runs": len(s), **found[name]} for name, s in seconds.items()
    }
    failed = len(city.damage.device)
    return {"households": households, "days": days, "devices_failed": failed, "first_call_s": first_call_s,
            "was_compiled": was_compiled, "contestants": results}  # fmt: skip


def timed(contestant: Callable[[City], dict[str, float]], city: City) -> tuple[dict[str, float], float]:
    """What a contestant finds, and its processor seconds."""
    gc.collect()
    started = time.process_time()
    found = contestant(city)
    return found, time.process_time() - started


def _of_agents(households: Any, city: City) -> dict[str, float]:
    out_h, restored_h = ([getattr(h, name) for h in households] for name in ("out_h", "restored_h"))
    return hours_out(out_h, restored_h, city.core["run.horizon_h"])


def _forget(model: mesa.Model) -> None:
    """Mesa 3.3 keeps every model that ever had an agent; later runs must not pay for that."""
    getattr(mesa.Agent, "_ids", {}).pop(model, None)


if __name__ == "__main__":
    print(json.dumps(hold(**json.loads(sys.argv[1]))))
