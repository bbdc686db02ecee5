"""The documentation site builds without a warning, and what is built loads nothing from the network."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = (
    "index", "your-city", "cluster", "statistics", "evidence", "outcomes", "parameters", "limits", "performance", "odd",
    "glossary", "changelog", "mesa",
    "api/sim", "api/experiments", "api/analysis",
)  # fmt: skip
LOADING = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src", "object": "data"}
JUST_NAMED = {"canonical", "author", "license", "index", "search", "next", "prev"}  # links that load nothing
REMOTE = re.compile(r"^(https?:)?//")
IN_STYLES = re.compile(r"(?:@import\s+|url\()\s*['\"]?((?:https?:)?//[^'\")\s]+)")

pytestmark = pytest.mark.slow


class Loads(HTMLParser):
    """Addresses that a page makes a browser fetch from elsewhere."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        address = given.get(LOADING.get(tag, ""), "") or ""
        if tag == "link" and given.get("rel") in JUST_NAMED:
            return
        if REMOTE.match(address):
            self.found.append(f"<{tag}> {address}")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site with the code of the tutorials, but not their outputs: these are tested by themselves."""
    for needed in ("sphinx", "myst_parser", "furo", "jupytext"):
        pytest.importorskip(needed, reason=f"{needed} is not installed: pip install '.[docs]'")
    target = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-d", str(target / "doctrees")]
    answer = subprocess.run(
        [*command, "-D", "run_tutorials=0", str(ROOT / "docs"), str(target / "html")],
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}, capture_output=True, encoding="utf-8", timeout=240,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr[-3000:]
    return target / "html"


def test_every_page_is_there(site):
    tutorials = [f"tutorials/{path.stem}" for path in (ROOT / "docs" / "tutorials").glob("*.py")]
    assert not [page for page in (*PAGES, *tutorials) if not (site / f"{page}.html").is_file()]


def test_every_page_can_be_reached_from_the_first(site):
    first = (site / "index.html").read_text(encoding="utf-8")
    assert not [page for page in PAGES if page != "index" and f'href="{page}.html"' not in first
                and f'href="{page.split("/")[0]}/index.html"' not in first]  # fmt: skip


def test_the_reference_holds_what_programs_may_rely_on(site):
    text = (site / "api" / "sim.html").read_text(encoding="utf-8")
    import sim

    assert not [name for name in sim.__all__ if f'id="sim.{name}"' not in text and f"sim.{name}" not in text]
    runner = (site / "api" / "experiments.html").read_text(encoding="utf-8")
    assert 'id="experiments.runs.runner.execute"' in runner


def test_pages_load_nothing_from_the_network(site):
    found = []
    for path in site.rglob("*.html"):
        page = Loads()
        page.feed(path.read_text(encoding="utf-8"))
        found += [f"{path.name}: {address}" for address in page.found]
    assert not found


def test_styles_load_nothing_from_the_network(site):
    sheets = list(site.rglob("*.css"))
    assert sheets
    assert not [(path.name, found) for path in sheets for found in IN_STYLES.findall(path.read_text(encoding="utf-8"))]


def test_a_page_that_would_load_something_is_found():
    page = Loads()
    page.feed('<link rel="stylesheet" href="https://fonts.example/a.css"><script src="//cdn.example/a.js"></script>')
    page.feed('<a href="https://doi.org/10.1111/puar.13222">a link loads nothing</a>')
    assert len(page.found) == 2
    assert IN_STYLES.findall("@font-face { src: url('https://fonts.example/a.woff') }") == [
        "https://fonts.example/a.woff"
    ]
