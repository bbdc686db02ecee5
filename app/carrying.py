"""From a command or a call to what was found, in files and on the terminal; the same for every kind of study."""

from collections.abc import Mapping
from typing import Any

from app.faces.data import as_data
from app.pages.composed import of_kind, page_of
from app.pictures import pictures_in
from app.result import Found, with_page
from experiments.results.files import check_writable, put_file, put_study
from experiments.runs.carry_out import Remembering, RunOptions, after_the_runs
from experiments.study import Kind, carried_out


def study(kind: Kind, given: Mapping[str, Any], options: RunOptions, command: str = "") -> Found | None:
    """Carry out a study, and write its files where there is a folder for them; None after one shard of several."""
    asked = kind.ask(**given)
    if options.out is not None:
        check_writable(options.out)
    with Remembering():  # the figures show a world that has just been built
        bare = carried_out(kind, asked, options, command)
        if bare is None:
            return None
        found = with_page(bare)
        with after_the_runs(options.out):
            found.summary["page"] = as_data(page_of(found))
            if options.out is not None:
                _write(found, options)
        return found


def _write(found: Found, options: RunOptions) -> None:
    """Tables and summary, then the figures; those of an earlier command, which might claim otherwise, go."""
    folder = options.out
    assert folder is not None
    put_study(folder, found.kind, found.tables, found.summary)
    if not options.figures:
        return
    options.watch.say("drawing the figures ...")
    earlier, figures = set(pictures_in(folder)), folder / "figures"
    figures.mkdir(exist_ok=True)
    for stem, data in of_kind(found.kind).pictures(found):
        put_file(figures / f"{stem}.png", data)
        earlier.discard(stem)
    for stem in earlier:  # what else somebody keeps there stays
        (figures / f"{stem}.png").unlink()
