"""Terminals from 60 to 200 columns: every number of every page is whole, and no line is wider than the terminal."""

import io
import re
from collections import Counter
from functools import cache

import pytest
from rich.console import Console
from rich.table import Table
from rich.text import Text
from typer.testing import CliRunner

import app.compare.printout
import app.compare.study
import app.sensitivity.study
import app.show
import app.study
import app.sweep.study
from app.cli import app as commands
from app.folding import Page, folded, print_folded
from app.watching import Watch
from experiments.runs.runner import State, Tally

WIDTHS = [60, 61, 64, 68, 73, 80, 88, 97, 100, 111, 120, 140, 165, 200]
WIDE = 5_000
NUMBER = re.compile(r"[-+±$]*\d[\d,]*(?:\.\d+)?")
TOWN = """
name = "a town of the year 2018"
[place]
customers = 300
neighbourhoods = 12
[grid]
customers_per_substation = 300
customers_per_feeder = 100
customers_per_lateral = 20
[crews.line]
own = 3
[crews.trouble]
own = 1
[storm]
track = [["2018-10-10T12:00Z", 29.0, -86.3, 125, 20], ["2018-10-11T06:00Z", 32.8, -83.2, 50, 60]]
[observed]
quantiles_h = { 50 = 25.0, 90 = 60.0 }
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


def cli(*words):
    answer = CliRunner().invoke(commands, [str(word) for word in words])
    assert answer.exit_code == 0, answer.output


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """By name, the module that makes a page's console and what prints the page."""
    folder = tmp_path_factory.mktemp("widths")
    (folder / "town.toml").write_text(TOWN)
    (folder / "sweep.toml").write_text(SWEEP)
    found, printers = {}, {}
    with pytest.MonkeyPatch.context() as patch:

        def keep(name, module, function):
            real = printers.setdefault(module, getattr(module, function))
            patch.setattr(module, function, lambda *given: found.setdefault(name, (module, real, given)))

        keep("run", app.study, "_print")
        cli("run", folder / "town.toml", "--replicates", 10, "--by", "minority", "--by", "income", "-q")
        keep("few", app.study, "_print")
        cli("run", folder / "town.toml", "--by", "neighbourhood", "-q")
        keep("compare", app.compare.study, "print_all")
        arms = ("crews.line.own=6", LONG, "same_as_the_storm_of_2018: crews.line.own=3", "none: crews.line.own=0")
        cli("compare", folder / "town.toml", *arms, "--replicates", 10, "--workers", 1, "-q")
        keep("sweep", app.sweep.study, "print_sweep")
        cli("sweep", folder / "sweep.toml", "--workers", 1, "-q")
        for method in ("sobol", "morris"):
            (folder / "study.toml").write_text(SENSITIVITY.replace("METHOD", method))
            keep(method, app.sensitivity.study, "_print")
            cli("sensitivity", folder / "study.toml", "--workers", 1, "-q")
    town = str(folder / "town.toml")
    found["show"] = (app.show, app.show.show_scenario, (town, None, False))
    found["change"] = (app.show, app.show.show_scenario, ("outreach/knowledge-and-materials", None, False))
    found["list"] = (app.show, app.show.list_scenarios, (False,))
    found["compare"] = (app.compare.printout, *found["compare"][1:])
    return found


@pytest.fixture(scope="module")
def rendered(pages):
    """What a page looks like at a width."""
    return cache(lambda name, width: render(pages, name, width))


def render(pages, name, width):
    module, show, given = pages[name]
    file = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        out = Page(file=file, width=width, highlight=False, soft_wrap=False, force_terminal=True, color_system=None)
        patch.setattr(module, "console", lambda: out)
        show(*((out, *given[1:]) if name == "sweep" else given))
    return file.getvalue()


NAMES = ("run", "few", "compare", "sweep", "sobol", "morris", "show", "change", "list")


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
    watch = Watch(Console(file=file, width=width, force_terminal=True, color_system=None), quiet=False)
    with watch:
        watch.moved(State(123_456, Tally(53_000, 100, 148), 60_000.0))
        watch.bar.refresh()
    text = file.getvalue()
    for part in ("53248/123456", "16.7 h left", "148 failed"):
        assert part in text
