"""Sphinx extension: a tutorial (``tutorials/*.py``) is a page, with what its code prints and draws.

Any other Python file, such as an example, is a page that shows its text.

The tutorials are run when the site is built, and again only when they or the program have changed; what they gave is
kept in ``_build/tutorials``. ``-D run_tutorials=0`` shows the code alone.
"""

from pathlib import Path
from typing import Any

from docutils import nodes
from myst_parser.parsers.sphinx_ import MystParser
from tutorial_cells import Cell, cells, outputs

FENCE = "````"
HOW = """
*This page is a notebook kept as text:* `docs/{name}.py`. *Run it as it is with Python, or make a notebook of it with*
`jupytext --to ipynb docs/{name}.py`.
"""


class TutorialParser(MystParser):
    """Reads a tutorial as the Markdown that it amounts to."""

    supported = ("tutorial",)

    def parse(self, inputstring: str, document: nodes.document) -> None:
        """Parse the text of a tutorial into a document."""
        env = document.settings.env
        name = env.docname
        if not name.startswith("tutorials/"):
            super().parse(f"# {Path(name).name}.py\n\n{fenced('python', inputstring)}", document)
            return
        found = cells(inputstring)
        shown: list[dict[str, Any]] = [{"text": "", "pictures": []} for _ in found]
        folder = Path(env.srcdir) / "_build" / name
        if env.config.run_tutorials != "0":
            shown = outputs(Path(env.srcdir) / f"{name}.py", folder)
        super().parse(page(name, found, shown), document)


def page(name: str, found: list[Cell], shown: list[dict[str, Any]]) -> str:
    """A tutorial as Markdown.

    Parameters
    ----------
    name : of the page, such as ``tutorials/01_first_run``
    found : its cells
    shown : what each of them printed and drew
    """
    parts = []
    for cell, gave in zip(found, shown, strict=True):
        parts.append(fenced("python", cell.source) if cell.is_code else cell.source)
        if gave["text"].strip():
            parts.append(fenced("text", gave["text"].rstrip()))
        parts += [f"![{description(name, file)}](../_build/{name}/{file})" for file in gave["pictures"]]
    return "\n\n".join([*parts, HOW.format(name=name)])


def fenced(language: str, text: str) -> str:
    """A block of code or of output."""
    return f"{FENCE}{language}\n{text}\n{FENCE}"


def description(name: str, file: str) -> str:
    """The words that a picture carries for those who cannot see it."""
    from PIL import Image

    with Image.open(Path(__file__).parent / "_build" / name / file) as picture:
        return str(picture.info.get("Description", file)).replace("[", "(").replace("]", ")")


def setup(app: Any) -> dict[str, bool]:
    """Register with Sphinx."""
    app.setup_extension("myst_parser")
    app.add_config_value("run_tutorials", "1", "env", (str,))
    app.add_source_suffix(".py", "tutorial")
    app.add_source_parser(TutorialParser)
    return {"parallel_read_safe": False}
