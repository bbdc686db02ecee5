"""The page itself: whole, self-contained, harmless whatever the texts of a scenario, made from the folder alone."""

import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

from app.faces.html import render
from app.pages.composed import page_of
from app.pictures import pictures_in
from experiments.reading import load_study as read
from tests.report.studies import ARM, LINK, QUOTES, SCRIPT, cli

MOST_BYTES = 5_000_000
README = Path(__file__).resolve().parents[2] / "README.md"
LIMITS = Path(__file__).resolve().parents[2] / "app" / "faces" / "templates" / "limits.html"


class Reader(HTMLParser):
    """Tags with their attributes, headings in order, and all text."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.text, self.headings, self.sections = [], "", [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag in ("h1", "h2", "h3", "h4"):
            self.headings.append(int(tag[1]))
            self.sections.append(("", len(self.text)))

    def handle_data(self, data):
        self.text += data
        if self.lasttag == "h2" and data.strip() and not self.sections[-1][0]:
            self.sections[-1] = (data, len(self.text))

    def of(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


def html_of(folder):
    return (folder / "report.html").read_text(encoding="utf-8")


def test_it_is_one_file_that_needs_nothing_else(study):
    html = html_of(study)
    page = Reader(html)
    assert len(html.encode()) < MOST_BYTES
    assert not page.of("script")
    assert not page.of("link")
    assert not page.of("iframe")
    assert all(image["src"].startswith("data:image/png;base64,") for image in page.of("img"))
    assert all(anchor["href"].startswith("#") for anchor in page.of("a"))
    policy = next(meta["content"] for meta in page.of("meta") if "http-equiv" in meta)
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'sha256-")


def test_texts_of_a_scenario_never_become_markup(study):
    html = html_of(study)
    page = Reader(html)
    assert SCRIPT not in html
    assert QUOTES not in html
    assert "onerror" not in [name for _, attrs in page.tags for name in attrs]
    assert not [value for _, attrs in page.tags for name, value in attrs.items() if name in ("href", "src")
                and value.lower().startswith("javascript")]  # fmt: skip
    assert "49" not in page.text.split("description")[0][-40:]  # a text is no template
    assert "<script>" in page.text  # it is shown as what it is


def test_hostile_texts_are_shown_as_they_are(studies):
    run = Reader(html_of(studies["run"])).text
    assert f"{SCRIPT} & town" in run
    assert f"{QUOTES} summary & more" in run
    assert f"{QUOTES} {LINK} source" in run
    assert "{{ 7 * 7 }}" in run
    assert ARM in Reader(html_of(studies["compare"])).text
    assert f"{SCRIPT} question?" in Reader(html_of(studies["own"])).text
    for kind in ("sweep", "sensitivity"):
        assert f"{QUOTES} {LINK} summary" in Reader(html_of(studies[kind])).text


def test_landmarks_headings_tables_and_figures_are_accessible(study):
    page = Reader(html_of(study))
    assert page.of("html")[0]["lang"] == "en"
    assert [len(page.of(tag)) for tag in ("main", "header", "footer", "nav", "h1", "title")] == [1] * 6
    assert page.headings[0] == 1
    assert set(page.headings[1:]) == {2}
    assert len(page.of("caption")) == len(page.of("table"))
    assert all(cell["scope"] in ("row", "col") for cell in page.of("th"))
    assert page.of("img")
    assert all(len(image["alt"]) > 40 for image in page.of("img"))
    names = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(names) == len(set(names))
    assert {anchor["href"][1:] for anchor in page.of("a")} <= set(names)


def test_the_answer_comes_first_and_everything_asked_for_is_there(study):
    page = Reader(html_of(study))
    text, found = page.text, dict(page.sections)
    order = ("The answer", "What was asked", "What this rests on", "What the model cannot say", "Five terms",
             "How to make this again")  # fmt: skip
    places = [found[heading] for heading in order]
    assert places == sorted(places)
    assert page.sections[1][0] == "The answer"
    for term in ("Gap", "95 % interval", "Hours out", "Paired runs", "Censored"):
        assert term in text[places[-2] :]
    assert "coproduce " in text[places[-1] :]
    assert read(study).made["model"] in text


def test_the_command_that_it_names_is_the_one_that_was_given(studies):
    command = read(studies["run"]).made["command"]
    assert command.startswith("coproduce run ")
    assert command.endswith(f"--by minority --by neighbourhood --out {studies['run']} --workers 1")
    assert "--replicates 10" in command
    assert "--quiet" not in command
    assert "--report" not in command


def test_a_folder_that_was_moved_gives_the_same_page(study, tmp_path):
    there = tmp_path / "elsewhere"
    shutil.copytree(study, there)
    (there / "report.html").unlink()
    answer = cli("report", there)
    assert answer.exit_code == 0, answer.output
    assert html_of(there) == html_of(study)


def test_every_caveat_of_the_readme_is_in_the_report():
    section = README.read_text(encoding="utf-8").split("## What the model is not")[1].split("\n## ")[0]
    assert section.count("\n- ") == LIMITS.read_text(encoding="utf-8").count("<li>")


def test_without_figures_it_says_so(studies, tmp_path):
    there = tmp_path / "bare"
    shutil.copytree(studies["own"], there)
    page = Reader(render(page_of(read(there)), pictures_in(there), drawn=False))
    assert "made with --no-figures" in page.text
    assert not page.of("img")


def test_figures_that_are_missing_or_broken_are_named(studies, tmp_path):
    there = tmp_path / "broken"
    shutil.copytree(studies["run"], there)
    (there / "figures" / "grid.png").write_bytes(b"\x89PNG no picture")
    (there / "figures" / "outage-minority.png").unlink()
    text = Reader(render(page_of(read(there)), pictures_in(there))).text
    assert "figures/grid.png" in text
    assert "figures/outage-minority.png" in text


@pytest.mark.parametrize("kind", ["run", "compare", "sweep"])
def test_one_replicate_claims_nothing(studies, kind, tmp_path):
    town = studies[kind].parent
    words = {
        "run": ("run", town / "town.toml"),
        "compare": ("compare", town / "town.toml", "crews.line.own=4", "--replicates", 1, "--workers", 1),
        "sweep": ("sweep", town / "sweep.toml", "--replicates", 1, "--workers", 1),
    }[kind]
    answer = cli(*words, "--out", tmp_path / "one", "--report", "--quiet", "--no-figures")
    assert answer.exit_code == 0, answer.output
    text = Reader(html_of(tmp_path / "one")).text
    assert "too few to tell a pattern from chance" in text
    assert "Mostly because" not in text
