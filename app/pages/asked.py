"""What was asked, where studies of every kind say it alike."""

from collections.abc import Mapping
from typing import Any

from app.pages.page import Block, Items, Row, Text
from app.say.names import quoted
from app.say.numbers import exactly


def about(scenario: Row, subject: str = "", described: bool = False) -> list[Block]:
    """The city in its own words; with its description, for whoever studies one city."""
    who = f"{subject}{quoted(scenario['name'])}"
    told: list[Block] = [Text(f"{who}: {scenario['summary']}.")] if scenario["summary"] else []
    return [*told, *(Text(paragraph) for paragraph in (scenario["description"] if described else ()))]


def changed(words: str, changes: Mapping[str, Any]) -> list[Block]:
    """What was set, a line each; nothing where nothing was."""
    lines = [f"{path} = {exactly(value)}" for path, value in changes.items()]
    return [Text(words), Items(lines)] if lines else []
