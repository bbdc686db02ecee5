"""What a study found, with its page and its figures: what commands print and what calls from Python return."""

from dataclasses import fields
from pathlib import Path

from app.pages.composed import of_kind, page_of
from app.pages.page import Page
from app.pictures import Picture, picture, pictures_in
from experiments import found as findings
from experiments import reading


class Found(findings.Found):
    """What a study found; see `experiments.found.Found`, whose page and figures it makes."""

    def page(self) -> Page:
        """What is said of it: headline, sentences, tables, figures, notes, and how to make it again."""
        return page_of(self)

    def figures(self) -> dict[str, Picture]:
        """Its figures by name, each a PNG that carries its alternative text; notebooks show them."""
        if self.drawn is None:
            return pictures_in(self.folder) if self.folder else {}
        drawn = {stem: picture(data) for stem, data in of_kind(self.kind).pictures(self)}
        return {stem: one for stem, one in drawn.items() if one}


def with_page(found: findings.Found) -> Found:
    """The same, with its page and its figures."""
    return Found(**{each.name: getattr(found, each.name) for each in fields(found)})


def load_study(folder: str | Path) -> Found:
    """Read back what a study found.

    Parameters
    ----------
    folder : as it was given to ``--out`` of its command

    Raises
    ------
    ResultsError    no finished study, one that is damaged, or one that a newer version wrote
    """
    return with_page(reading.load_study(folder))
