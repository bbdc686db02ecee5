"""A page as plain data: what ``--json`` prints of it and ``summary.json`` holds."""

from typing import Any

from app.pages.page import Page


def as_data(page: Page) -> dict[str, Any]:
    """The page, part by part; of figures the name of the file and the caption."""
    return {
        "title": page.title,
        "subtitle": page.subtitle,
        "question": page.question,
        "answer": [finding._asdict() for finding in page.answer],
        "asked": [block._asdict() for block in page.asked],
        "sections": [
            {"name": section.name, "heading": section.heading, "blocks": [block._asdict() for block in section.blocks]}
            for section in page.sections
        ],
    }
