"""A page as one file of HTML, without scripts or network."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from app.pages.page import Block, Figure, Page, Section, Text
from app.pictures import Picture, Shown, fitted


def render(page: Page, pictures: Mapping[str, Picture], drawn: bool = True) -> str:
    """The page as HTML.

    Parameters
    ----------
    pictures : figures by the names of their files
    drawn : whether figures were asked for
    """
    wanted = [block.stem for section in page.sections for block in section.blocks if isinstance(block, Figure)]
    shown = fitted(pictures, wanted) if drawn else {}  # some may be left of an earlier command
    missing = [stem for stem in wanted if stem not in shown]
    sections = [_with(section, shown) for section in page.sections]
    if not drawn:
        sections = _noted(sections, "There are no figures: the study was made with --no-figures.")
    elif missing:
        names = ", ".join(f"figures/{stem}.png" for stem in missing)
        sections = _noted(sections, f"Not shown, as missing, unreadable or too large: {names}.")
    return _environment().get_template("page.html").render(page=page._replace(sections=sections), pictures=shown)


def _with(section: Section, shown: Mapping[str, Shown]) -> Section:
    """A section without the figures that are not shown."""
    blocks = [block for block in section.blocks if not isinstance(block, Figure) or block.stem in shown]
    return section._replace(blocks=blocks)


def _noted(sections: Sequence[Section], note: str) -> list[Section]:
    first, *others = sections
    blocks: list[Block] = [*first.blocks, Text(note)]
    return [first._replace(blocks=blocks), *others]


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("app.faces"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = (Path(__file__).parent / "templates" / "style.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    environment.globals |= {"style": Markup(style), "style_digest": digest}  # ours, no text of a scenario in it
    return environment
