"""The page of any study: what its kind says was found, what that rests on, and how to make it again."""

from importlib import import_module
from typing import Any

from app.pages import assumptions, doubt, reproduce
from app.pages.page import Page
from experiments.found import Found


def page_of(found: Found) -> Page:
    """Compose the page of what was found; from its summary alone, so that a study read back has the same one."""
    page: Page = of_kind(found.kind).page(found)
    sections = [*page.sections, *doubt.sections(found.summary)]
    return page._replace(sections=sections, rests_on=assumptions.blocks(found.made), again=reproduce.blocks(found))


def of_kind(kind: str) -> Any:
    """The module that says what a kind of study has found: ``page(found)``, and ``pictures(found)`` that draws it."""
    return import_module(f"app.pages.{kind}")
