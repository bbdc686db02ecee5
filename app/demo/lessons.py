"""Lessons for a class of fifty minutes: two cities that differ in one thing, a teacher's note, and a claim.

A lesson is a file in ``lessons/``: a scenario, the ``setting`` that both cities share, what the page's controls show in
city ``a`` and in city ``b``, the seed that the class sees first, and ``[[claim]]``: a measure and whether it falls,
rises, or cannot be told from chance. `app.demo.claims` runs the claims; a note says no more than they do.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from sim import Scenario, ScenarioError, load
from sim.core.files import read_toml
from sim.inputs.scenario import flat

FALLS, RISES, UNTOLD = "falls", "rises", "cannot be told from chance"


class City(NamedTuple):
    """What one city of the page differs in from its scenario."""

    changes: tuple[str, ...]  # shipped changes, in the order in which they are laid
    moved: Mapping[str, Any]  # controls, by the parameter they set


class Claim(NamedTuple):
    """What happens to a measure from city A to city B."""

    measure: str  # a name of experiments.runs.measures_of_run
    words: str
    direction: str


class Lesson(NamedTuple):
    """One lesson."""

    name: str
    title: str
    question: str
    note: str  # paragraphs, parted by an empty line
    scenario: Scenario  # with the setting
    seed: int
    by: str
    a: City
    b: City
    claims: tuple[Claim, ...]


@cache
def lessons() -> dict[str, Lesson]:
    """All lessons by name, in the order of their files."""
    folder = Path(str(files("app.demo"))) / "lessons"
    read = [_lesson(path) for path in sorted(folder.glob("*.toml"))]
    return {lesson.name: lesson for lesson in read}


def _lesson(path: Path) -> Lesson:
    name = path.stem.partition("-")[2]  # files are numbered
    data = read_toml(path, path.name)
    scenario = load(data["scenario"])
    if "setting" in data:
        scenario = scenario.but(flat(data["setting"]), name)
    claims = tuple(Claim(c["measure"], c["words"], c["direction"]) for c in data["claim"])
    for claim in claims:
        if claim.direction not in (FALLS, RISES, UNTOLD):
            raise ScenarioError(f"{path.name}: direction {claim.direction!r} (allowed: {FALLS}, {RISES}, {UNTOLD})")
    return Lesson(
        name, data["title"], data["question"], data["note"].strip(), scenario, data["seed"], data["by"],
        _city(data.get("a", {})), _city(data.get("b", {})), claims,
    )  # fmt: skip


def _city(data: Mapping[str, Any]) -> City:
    return City(tuple(data.get("changes", ())), flat(data.get("set", {})))
