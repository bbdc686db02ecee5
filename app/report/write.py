"""From a study's folder to ``report.html``: composed, rendered, and put in place in one step."""

import base64
import hashlib
import os
import sys
import tempfile
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, TemplateRuntimeError
from markupsafe import Markup

from app.endings import Stop
from app.report import assumptions, of_compare, of_run, of_sensitivity, of_sweep, reproduce
from app.report.figures import Wanted, figures_of
from app.report.folder import Study, damaged, read
from app.report.page import Block, Page, Section, Text
from app.saving import put_file

NAME = "report.html"
DAMAGE = (KeyError, TypeError, ValueError, AttributeError, IndexError, TemplateRuntimeError)  # of a summary
COMPOSERS: dict[str, Callable[[Study], Page]] = {
    "run": of_run.page, "compare": of_compare.page, "sweep": of_sweep.page, "sensitivity": of_sensitivity.page,
}  # fmt: skip
FIGURES: dict[str, Callable[[Study], dict[str, list[Wanted]]]] = {
    "run": of_run.wanted, "compare": of_compare.wanted, "sweep": of_sweep.wanted, "sensitivity": of_sensitivity.wanted,
}  # fmt: skip


def checked(report: bool, out: Path | None, shard: str | None = None) -> Path | None:
    """The folder that a report will be written to, before anything runs; None if none was asked for."""
    if not report:
        return None
    if out is None:
        raise Stop("--report needs --out DIR: the page is written into the study's folder")
    if shard is not None:
        raise Stop("--report with --shard: one part is no study; merge the parts, give the command again, then report")
    return out


def write_report(folder: Path, to_stderr: bool = False) -> Path:
    """Write the page of a finished study into its folder.

    Parameters
    ----------
    folder : the ``--out`` of the study's command
    to_stderr : whether to say there where the page is, as stdout belongs to a document

    Raises
    ------
    Stop    no finished study there, a damaged one, or a folder that cannot be written to
    """
    study = read(folder)
    text = render(study)
    target = folder / NAME
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
        put_file(target, text)
    except OSError as bad:
        raise Stop(f"{target}: cannot be written: {bad.strerror}") from None
    print(f"Report: {target}", file=sys.stderr if to_stderr else sys.stdout)
    return target


def render(study: Study) -> str:
    """The page as HTML.

    Raises
    ------
    Stop    the summary lacks something
    """
    try:
        page = COMPOSERS[study.kind](study)
        whole = page._replace(sections=_with_figures(study, page.sections))
        parts = {
            "page": whole,
            "assumptions": assumptions.blocks(study.made),
            "reproduce": reproduce.blocks(study),
        }
        return _environment().get_template("page.html").render(parts)
    except DAMAGE as bad:
        if os.environ.get("COPRODUCE_TRACEBACK"):
            raise
        raise damaged(study.path, f"{type(bad).__name__}: {bad}") from None


def open_in_browser(path: Path) -> None:
    """Open the page in the reader's browser, or say that there is none."""
    if not webbrowser.open(path.resolve().as_uri()):
        print(f"No browser could be opened; open {path.resolve()} yourself", file=sys.stderr)


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("app.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = (Path(__file__).parent / "templates" / "style.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    environment.globals |= {"style": Markup(style), "style_digest": digest}  # ours, no text of a scenario in it
    return environment


def _with_figures(study: Study, sections: Sequence[Section]) -> list[Section]:
    """Sections with their figures: behind the first table or text that opens each."""
    plan = FIGURES[study.kind](study)
    if not study.made["figures"]:
        note = Text("There are no figures: the study was made with --no-figures.")
        return _put_first(sections, note)
    shown, missing = figures_of(study.path, [one for some in plan.values() for one in some])
    filled = [
        section._replace(
            blocks=_between(section.blocks, [shown[w.stem] for w in plan.get(section.name, ()) if w.stem in shown])
        )
        for section in sections
    ]
    if missing:
        names = ", ".join(f"figures/{stem}.png" for stem in missing)
        filled = _put_first(filled, Text(f"Not shown, as missing, unreadable or too large: {names}."))
    return filled


def _between(blocks: Sequence[Block], figures: Sequence[Block]) -> list[Block]:
    """Figures after the leading texts and lists, before the tables."""
    place = next((i for i, block in enumerate(blocks) if block.kind == "table"), len(blocks))
    return [*blocks[:place], *figures, *blocks[place:]]


def _put_first(sections: Sequence[Section], note: Block) -> list[Section]:
    first, *others = sections
    return [first._replace(blocks=[*first.blocks, note]), *others]
