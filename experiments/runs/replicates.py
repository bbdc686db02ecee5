"""Replicates: the same scenario under consecutive seeds, one finished before the next begins.

Three seeds make a run (world, storm, behaviour). Replicate N takes N for all three, unless a study holds the world
or the storm fixed; what is held fixed is built once and used again.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from sim import (
    Outcomes,
    Scenario,
    ScenarioError,
    Seeds,
    run,
)
from sim.core.columns import Damage, Place
from sim.core.limits import REPLICATES
from sim.world import place, storm

Result = TypeVar("Result")
Progress = Callable[[str, Seeds], None]


def seeds_of(first: int, number: int, world: int | None = None, storm: int | None = None) -> list[Seeds]:
    """Seeds of ``number`` replicates from ``first`` on; ``world`` and ``storm`` hold those two fixed."""
    if number > REPLICATES:
        raise ScenarioError(f"replicates: {number:,} are more than {REPLICATES:,}")
    return [
        Seeds(seed if world is None else world, seed if storm is None else storm, seed)
        for seed in range(first, first + number)
    ]


def replicates(
    scenario: Scenario,
    seeds: Sequence[Seeds],
    keep: Callable[[Outcomes], Result],
    recall: Callable[[Seeds], Result | None] = lambda _: None,
    progress: Progress = lambda _stage, _seeds: None,
) -> Iterator[Result]:
    """Run a scenario under each of some seeds.

    Parameters
    ----------
    scenario : Scenario
    seeds : Seeds [replicate]
    keep : called with the outcomes of a run as soon as it ends; writes and condenses them
    recall : called before a run; a result made before, or None where there is none
    progress : called with "running", then "finished" or "recalled", and the seeds

    Yields
    ------
    What ``keep`` or ``recall`` returned, in the order of the seeds. A replicate has been kept before the next one
    starts, so an interruption loses none that had finished.
    """
    build = _Builder(scenario)
    for row in seeds:
        progress("running", row)
        earlier = recall(row)
        if earlier is None:
            yield keep(run(scenario, row, place=build.place(row), damage=build.damage(row)))
        else:
            yield earlier
        progress("finished" if earlier is None else "recalled", row)


class _Builder:
    """The last world and storm, kept for replicates that share them."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.world: tuple[int, Place] | None = None
        self.storm: tuple[Seeds, Damage] | None = None

    def place(self, seeds: Seeds) -> Place:
        if self.world is None or self.world[0] != seeds.world:
            self.world = seeds.world, place.build(self.scenario, seeds.world)
        return self.world[1]

    def damage(self, seeds: Seeds) -> Damage:
        key = seeds._replace(behaviour=0)
        if self.storm is None or self.storm[0] != key:
            self.storm = key, storm.strike(self.scenario, self.place(seeds), seeds.storm)
        return self.storm[1]
