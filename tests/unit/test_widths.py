"""Terminals from 60 to 200 columns: every number of every page is whole, and no line is wider than the terminal."""

import io
import re
from collections import Counter
from functools import cache, partial

import pytest
from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.calls import compare, run, sensitivity, sweep
from app.catalogue import show as catalogue
from app.faces.folding import Folding, folded, print_folded
from app.faces.terminal import show
from app.process.progress import Progressing
from experiments.runs.runner import State, Tally
from tests import small_town

WIDTHS = [60, 61, 64, 68, 73, 80, 88, 97, 100, 111, 120, 140, 165, 200]
WIDE = 5_000
NUMBER = re.compile(r"[-+±$]*\d[\d,]*(?:\.\d+)?")
TOWN = f"""
{small_town.TOWN.replace('"town"', '"a town of the year 2018"').replace("neighbourhoods = 6", "neighbourhoods = 12")}
[storm]
track = [["2018-10-10T12:00Z", 29.0, -86.3, 125, 20], ["2018-10-11T06:00Z", 32.8, -83.2, 50, 60]]
[observed]
quantiles_h = {{ 50 = 25.0, 90 = 60.0 }}
customer_hours = 8000
"""
SWEEP = """
kind = "sweep"
scenario = "town.toml"
replicates = 10
outcomes = ["gap", "mean", "cost", "report_rate"]
[vary]
"channels" = { subsets_of = ["hotline", "sms", "app"] }
"hotline.handle_min" = [1.25, 12.75]
[across]
"dispatch.policy" = ["standard", "pressure"]
"""
SENSITIVITY = """
kind = "sensitivity"
scenario = "town.toml"
method = "METHOD"
n = 16
replicates = 2
resamples = 50
outcomes = ["mean", "cost"]
[vary]
"reporting.attention_per_h" = { from = 0.05, to = 1.0, log = true }
"patrol.teams" = { from = 1, to = 4 }
"crews.line.own" = { from = 2, to = 4 }
"""
LONG = "channels.web.awareness=0.123456,channels.app.availability=0.987654,hotline.handle_min=12.25"


def written(folder):
    """A town and studies of it."""
    methods = {name: SENSITIVITY.replace("METHOD", name) for name in ("sobol", "morris", "pawn")}
    methods["pawn"] = methods["pawn"].replace("n = 16", "n = 100")
    for name, text in {"town": TOWN, "sweep": SWEEP, **methods}.items():
        (folder / f"{name}.toml").write_text(text)
    return {path.stem: str(path) for path in folder.iterdir()}


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """What prints a page on a console, by name; a study is made once."""
    paths = written(tmp_path_factory.mktemp("widths"))
    arms = ("crews.line.own=6", LONG, "same_as_the_storm_of_2018: crews.line.own=3", "none: crews.line.own=0")
    studies = {
        "run": partial(run, paths["town"], 10, by=("minority", "income")),
        "few": partial(run, paths["town"], by=("neighbourhood",)),
        "compare": partial(compare, paths["town"], arms, 10),
        "sweep": partial(sweep, paths["sweep"]),
        **{name: partial(sensitivity, paths[name]) for name in ("sobol", "morris", "pawn")},
    }
    made = cache(lambda name: studies[name]().page())
    town, change = paths["town"], "outreach/knowledge-and-materials"
    return {name: lambda out, name=name: show(made(name), out, "Written to somewhere") for name in studies} | {
        "show": lambda out: on(out, catalogue.show_scenario, town, None, False),
        "change": lambda out: on(out, catalogue.show_scenario, change, None, False),
        "list": lambda out: on(out, catalogue.list_scenarios, False),
    }


def on(out, function, *given):
    """Call what makes a console of its own with this one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "console", lambda: out)
        function(*given)


@pytest.fixture(scope="module")
def rendered(pages):
    """What a page looks like at a width."""

    def render(name, width):
        file = io.StringIO()
        more = {"highlight": False, "soft_wrap": False, "force_terminal": True, "color_system": None}
        pages[name](Folding(file=file, width=width, **more))
        return file.getvalue()

    return cache(render)


NAMES = ("run", "few", "compare", "sweep", "sobol", "morris", "pawn", "show", "change", "list")


@pytest.mark.parametrize("name", NAMES)
def test_every_number_is_whole_at_every_width(rendered, name):
    whole = Counter(NUMBER.findall(rendered(name, WIDE)))
    assert sum(whole.values()) > (5 if name in ("change", "list") else 40)
    for width in WIDTHS:
        text = rendered(name, width)
        there = Counter(NUMBER.findall(text))
        assert not whole - there, f"{width} columns: cut or lost"
        assert not set(there) - set(whole), f"{width} columns: pieces of numbers"
        assert "…" not in text


@pytest.mark.parametrize("name", NAMES)
def test_no_line_is_wider_than_the_terminal(rendered, name):
    for width in WIDTHS:
        assert max(map(len, rendered(name, width).splitlines())) <= width, width


def test_the_pages_hold_what_is_hard_to_fit(rendered):
    assert "0 in every pair" in rendered("compare", 60)
    assert "Nothing is claimed" in rendered("few", 60)
    assert re.search(r"\$\d", rendered("compare", 60))


def test_a_table_that_is_too_wide_becomes_several_with_the_names_in_each():
    table = Table()
    for head in ("name", "first", "second", "third"):
        table.add_column(head)
    table.add_row(Text("a town", style="italic"), "-12,345.6 (-1.5 to +2)", "8.25", "x" * 30)
    file = io.StringIO()
    print_folded(Console(file=file, width=50), table)
    text = file.getvalue()
    assert text.count("a town") == 2
    for cell in ("-12,345.6 (-1.5 to +2)", "8.25", "x" * 30):
        assert text.count(cell) == 1


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("crews.line.own=12.25", ["crews.", "line.own=", "12.25"]),
        ("need=-1,234.5", ["need=", "-1,234.5"]),
        ("storms_2018", ["storms_", "2018"]),
        ("abcdefgh12345", ["abcdefgh", "12345"]),
        ("123456789012345", ["123456789012345"]),
        ("a1234567890", ["a", "1234567890"]),
    ],
)
def test_names_are_folded_where_their_parts_end_and_never_within_a_number(name, lines):
    assert folded(name, 10).split("\n") == lines


@pytest.mark.parametrize("width", [60, 80, 200])
def test_the_bar_of_many_runs_leaves_room_for_its_numbers(width):
    file = io.StringIO()
    watch = Progressing(Console(file=file, width=width, force_terminal=True, color_system=None))
    with watch:
        watch.moved(State(123_456, Tally(53_000, 100, 148), 60_000.0))
        watch.bar.refresh()
    text = file.getvalue()
    for part in ("53248/123456", "16.7 h left", "148 failed"):
        assert part in text
