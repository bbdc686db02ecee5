"""What a browser may ask, checked: JSON in, answers out. Whatever does not fit is a `ScenarioError` in one line."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from app.demo.controls import CONTROLS, described
from app.demo.engine import Asked, Engine
from app.demo.film import GROUPINGS, film
from app.demo.lessons import City, lessons
from app.demo.storms import MOST_STORMS, STORMS, compared
from app.demo.story import story
from experiments.runs.measures_of_run import members
from sim import Scenario, ScenarioError, load_change, shipped_changes
from sim.core.errors import unknown
from sim.core.files import plain
from sim.inputs.parameters.channels import WAYS

LARGEST_SEED = 2**53 - 1 - MOST_STORMS  # what a browser's numbers hold exactly
Question = Mapping[str, Any]


def read(body: bytes) -> Question:
    """The JSON object of a request."""
    try:
        question = json.loads(body)
    except (ValueError, RecursionError):
        raise ScenarioError("the request is not JSON") from None
    if not isinstance(question, dict):
        raise ScenarioError("the request must be a JSON object")
    return plain(question, "the request")


def film_of(engine: Engine, question: Question) -> bytes:
    """One storm in one city, to be played back; ``held`` is the mark of the world that the page has."""
    return film(engine.outcomes(_asked(question, "city")), question.get("held"))


def story_of(engine: Engine, question: Question) -> bytes:
    """The story of one household, in city A and, where there is one, in city B."""
    household, told = _whole(question, "household", 0, 2**31), {}
    for name in ("a", "b"):
        if question.get(name) is not None:
            outcomes = engine.outcomes(_asked(question, name))
            if household >= len(outcomes.place.households):
                raise ScenarioError(f"household: {household} (allowed: 0 to {len(outcomes.place.households) - 1})")
            told[name] = story(outcomes, household)
    return _json(told)


def storms_of(engine: Engine, question: Question) -> bytes:
    """City B minus city A over many storms."""
    a, b = _asked(question, "a"), _asked(question, "b")
    by = _word(question, "by", GROUPINGS)
    names = members(engine.outcomes(a).place, by).names[:-1]  # the last is the reference
    group, n = _word(question, "group", names), _whole({"storms": STORMS, **question}, "storms", 2, MOST_STORMS)
    return _json(compared(engine, a.lesson, a.seed, a.city, b.city, by, group, n))


ANSWERS: dict[str, tuple[str, Callable[[Engine, Question], bytes]]] = {
    "/film": ("application/octet-stream", film_of),
    "/story": ("application/json", story_of),
    "/storms": ("application/json", storms_of),
}


def start(engine: Engine, seed: int) -> bytes:
    """What the page needs before it can ask: controls, changes, lessons, and what each city starts from."""
    bases = {name: _base(scenario) for name, scenario in engine.scenarios.items()}
    taught = [
        {
            "name": lesson.name, "title": lesson.title, "question": lesson.question, "note": lesson.note,
            "seed": lesson.seed, "by": lesson.by, "a": _city(lesson.a), "b": _city(lesson.b),
        }
        for lesson in lessons().values()
    ]  # fmt: skip
    changes = [
        {"name": name, "title": change.name, "summary": change.summary, "patch": dict(change.patch)}
        for name, change in ((name, load_change(name)) for name in shipped_changes())
    ]
    return _json(
        {
            "bases": bases, "lessons": taught, "changes": changes, "seed": seed, "groupings": GROUPINGS,
            "channels": {name: way._asdict() for name, way in WAYS.items()}, "largest_seed": LARGEST_SEED,
        }
    )  # fmt: skip


def _base(scenario: Scenario) -> dict[str, Any]:
    """A scenario as the page shows it before anything is moved."""
    values = {path: scenario[path] for control in CONTROLS for path in control.paths}
    return {
        "name": scenario.name,
        "summary": scenario.summary,
        "customers": scenario["place.customers"],
        "controls": [described(control, scenario) for control in CONTROLS],
        "values": values,
    }


def _city(city: City) -> dict[str, Any]:
    return {"changes": list(city.changes), "set": dict(city.moved)}


def _asked(question: Question, name: str) -> Asked:
    """The lesson and the seed of a question, and one of its cities."""
    city = question.get(name)
    if not isinstance(city, dict):
        raise ScenarioError(f"{name}: must be an object with changes and set, not {city!r}"[:200])
    changes, moved = city.get("changes", []), city.get("set", {})
    if not isinstance(changes, list) or len(changes) > 50 or not isinstance(moved, dict):
        raise ScenarioError(f"{name}: changes must be a short list of names, set an object of parameters")
    lesson = question.get("lesson", "")
    if not isinstance(lesson, str):
        raise ScenarioError(f"lesson: must be a name, not {lesson!r}"[:200])
    return Asked(lesson, _whole(question, "seed", 0, LARGEST_SEED), City(tuple(map(str, changes)), moved))


def _whole(question: Question, name: str, low: int, high: int) -> int:
    value = question.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ScenarioError(f"{name}: {value!r:.80} (allowed: a whole number from {low} to {high})")
    return value


def _word(question: Question, name: str, allowed: tuple[str, ...]) -> str:
    value = question.get(name)
    if value not in allowed:
        raise unknown("request", name, str(value)[:80], allowed)
    return str(value)


def _json(content: Any) -> bytes:
    return json.dumps(content, allow_nan=False).encode()
