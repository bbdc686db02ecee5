"""The benchmark's city: Tallahassee after Hurricane Michael at any size, with everything in proportion.

``everything`` has all rules of the engine at work, liaisons and meters too. ``core`` is the same city and the same
storm, restricted to the rules that the plain Mesa models have; the trouble trucks become line crews there.
"""

from typing import NamedTuple

from benchmarks.plain_mesa import CORE_RULES
from sim.core.columns import Damage, Place
from sim.inputs.scenario import Scenario, load
from sim.world import place as places
from sim.world import storm

LIAISONS = 20  # in a city of the full size
METERED = 0.3
HEADCOUNTS = (
    "place.neighbourhoods", "hotline.call_takers", "hotline.lines",
    "crews.line.own", "crews.line.staged", "crews.line.mutual_aid",
    "crews.trouble.own", "crews.trouble.staged", "crews.trouble.mutual_aid",
)  # fmt: skip


class City(NamedTuple):
    """A city and a storm, built once for all contestants."""

    everything: Scenario
    core: Scenario
    place: Place
    damage: Damage


def everything(households: int, days: float = 14.0) -> Scenario:
    """The scenario with all rules, at a size."""
    full = load("tallahassee-michael")
    scale = households / full["place.customers"]
    counts = {path: max(1, round(full[path] * scale)) for path in HEADCOUNTS if full[path] > 0}
    return full.but(
        {
            **counts,
            "place.customers": households,
            "place.area_km2": full["place.area_km2"] * scale,
            "liaison.liaisons": max(1, round(LIAISONS * scale)),
            "channels.liaison.availability": 1.0,
            "sensing.meter_coverage": METERED,
            "run.horizon_h": 24.0 * days,
        }
    )


def core(scenario: Scenario) -> Scenario:
    """The same scenario with the rules that the plain Mesa models have, and one class of crews."""
    when = ("own", "staged", "mutual_aid")
    crews = {f"crews.line.{w}": scenario[f"crews.line.{w}"] + scenario[f"crews.trouble.{w}"] for w in when}
    return scenario.but({**CORE_RULES, **crews})


def build(households: int, days: float = 14.0, seed: int = 1) -> City:
    """Build city and storm."""
    scenario = everything(households, days)
    place = places.build(scenario, seed)
    return City(scenario, core(scenario), place, storm.strike(scenario, place, seed))
