"""Terminal and report of one study say the same sentences with the same digits."""

import re
from html import unescape

import pytest

from app.faces.terminal import MOST_ROWS, MOST_TABLES
from app.pages.composed import page_of
from experiments.reading import load_study
from tests.report.studies import KINDS

TAG = re.compile(r"<[^>]+>")
PARAGRAPH = re.compile(r"<(?:p|li|td|th)\b[^>]*>(.*?)</(?:p|li|td|th)>", re.DOTALL)
LEFT_OUT = r"\d+ more tables? (?:and|or) lists?: in --json, and on the page that --report writes\."
NO_PART_OF_IT = re.compile(rf"{LEFT_OUT}|─+|Written to .*")


def one_line(text):
    return " ".join(text.split())


def told_in(html, begins, ends):
    """The texts of the paragraphs, items and cells of a piece of a page."""
    piece = html.split(begins, 1)[1].split(ends, 1)[0]
    return [text_of(found) for found in PARAGRAPH.findall(piece)]


def text_of(html):
    return one_line(unescape(TAG.sub("", html)))


@pytest.fixture(params=KINDS)
def said(request, studies):
    """What a study has printed, as one line; and its report."""
    folder = studies[request.param]
    html = (folder / "report.html").read_text(encoding="utf-8")
    return one_line(studies.printed[request.param]), html, page_of(load_study(folder))


def test_every_sentence_of_the_answer_stands_on_both(said):
    printed, html, page = said
    answer = told_in(html, '<section id="answer"', "</section>")
    lines = [line for finding in page.answer for line in (finding.headline, *finding.lines)]
    assert answer == [one_line(line) for line in lines]
    assert answer
    title, subtitle, first = map(one_line, (page.title, page.subtitle, page.sections[0].heading))
    question = [one_line(page.question)] if page.question else []
    assert printed.split(f" {first} ", 1)[0] == " ".join([title, f"{subtitle}.", *question, *answer])
    assert text_of(html.split("<h1>")[1].split("</h1>")[0]) == title
    assert told_in(html, "<header>", "</header>")[1:] == [subtitle, *question]


def test_every_sentence_and_every_number_printed_stands_in_the_report_and_the_other_way_round(said):
    printed, html, page = said
    for section in page.sections:
        told = told_in(html, f'<section id="{section.name}">', "</section>")
        folded = [block for block in section.blocks if getattr(block, "fold", "")]
        short = [block for block in folded if block.kind == "table" and len(block.rows) <= MOST_ROWS]
        shown = [b for b in section.blocks if b not in folded or (b in short and len(short) <= MOST_TABLES)]
        for block in section.blocks:
            on_both = block in shown
            sentences = [block.text] if block.kind == "text" else block.items if block.kind == "items" else []
            for sentence in map(one_line, sentences):
                assert sentence in told
                assert not on_both or sentence in printed
            for row in block.rows if block.kind == "table" else ():
                for place, cell in enumerate(row[1:], 1):
                    assert one_line(cell) in told
                    assert not on_both or place in block.words or all(word in printed for word in cell.split())


def test_a_study_read_back_has_the_same_page(said, studies):
    for folder in studies.values():
        found = load_study(folder)
        assert page_of(found) == page_of(load_study(folder))


def test_the_terminal_says_nothing_that_is_not_in_the_report(said):
    printed, html, _ = said
    text = text_of(html.split("<header>")[1]).replace(" ", "")
    assert [word for word in NO_PART_OF_IT.sub(" ", printed).split() if word.rstrip(".") not in text] == []
