"""Runs for the page: asked for by content, remembered by content, made at the same time where they differ.

A request says which city, which seed and what is different; nothing of a browser is kept, so two of them cannot
disturb each other. What they share is only what equal questions share: a world, a storm, a run.
"""

import threading
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from app.demo.controls import patch_of
from app.demo.lessons import City, lessons
from experiments.runs.evaluate import Recent, Worlds
from experiments.runs.measures_of_run import measures
from experiments.runs.rows import Row, row
from sim import Outcomes, Scenario, Seeds, run
from sim.core.errors import unknown

HOUSEHOLDS_KEPT = 120_000  # in worlds remembered: about 200 MB
RUN_HOUSEHOLDS_KEPT = 400_000  # in runs remembered: about 600 MB; new memory takes longer than the memory of an old run
MEASURES_KEPT = 2_000


class Asked(NamedTuple):
    """One run, as a browser asks for it."""

    lesson: str  # "" for the scenario that the demo was started with
    seed: int
    city: City


class Once:
    """A value that is made by the first who asks; whoever asks meanwhile waits for it."""

    def __init__(self) -> None:
        self.lock, self.value = threading.Lock(), None

    def get(self, make: Callable[[], Any]) -> Any:
        """The value."""
        with self.lock:
            if self.value is None:
                self.value = make()
            return self.value


class Engine:
    """Makes runs and remembers the last few.

    Parameters
    ----------
    scenario : the city that is shown when no lesson is chosen
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenarios: Mapping[str, Scenario] = {
            "": scenario,
            **{name: lesson.scenario for name, lesson in lessons().items()},
        }
        largest = max(each["place.customers"] for each in self.scenarios.values())
        size = max(4, min(64, HOUSEHOLDS_KEPT // largest))
        self.worlds = Worlds(size, size)
        self.runs = Recent(max(3, min(6, RUN_HOUSEHOLDS_KEPT // largest)))
        self.measured = Recent(MEASURES_KEPT)

    def base(self, lesson: str) -> Scenario:
        """The scenario of a lesson, or the one that the demo was started with."""
        if lesson not in self.scenarios:
            raise unknown("lesson", "lesson", lesson, [name for name in self.scenarios if name])
        return self.scenarios[lesson]

    def outcomes(self, asked: Asked) -> Outcomes:
        """The run that was asked for."""
        planned, scenario = self._planned(asked)
        return self.runs.get(planned, Once).get(lambda: self._run(planned, asked.lesson, scenario))

    def measures(self, asked: Asked, by: str) -> dict[str, float]:
        """Measures of the run that was asked for; the run itself is not kept."""
        planned, scenario = self._planned(asked)
        known = self.measured.get((planned, by), Once)
        return known.get(lambda: measures(self._run(planned, asked.lesson, scenario), [by]))

    def scenario(self, asked: Asked) -> Scenario:
        """The scenario of a run, with everything in it."""
        return self._planned(asked)[1]

    def _planned(self, asked: Asked) -> tuple[Row, Scenario]:
        """The row, checked, and the scenario with everything in it."""
        base = self.base(asked.lesson)
        patch: dict[str, Any] = patch_of(list(asked.city.changes), asked.city.moved)
        return row(base, patch, Seeds.all(asked.seed)), base.but(patch) if patch else base

    def _run(self, planned: Row, lesson: str, scenario: Scenario) -> Outcomes:
        world, damage = self.worlds.built(self.base(lesson), scenario, planned)
        return run(scenario, planned.seeds, place=world, damage=damage)
