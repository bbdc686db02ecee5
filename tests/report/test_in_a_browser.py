"""The page in a real browser: no dialog, no script, no request, no fault that axe-core calls serious.

axe-core is not part of the project: ``COPRODUCE_AXE`` names its ``axe.min.js`` (npm install axe-core). Without it, or
without Chromium and playwright, these tests are skipped.
"""

import os
from pathlib import Path

import pytest

AXE = Path(os.environ.get("COPRODUCE_AXE", "axe.min.js"))
WIDE, NARROW = {"width": 1200, "height": 900}, {"width": 380, "height": 800}

pytestmark = pytest.mark.slow


@pytest.fixture
def page(browser, study):
    """The report of a study, opened, with what it did along the way."""
    sheet = browser.new_page(viewport=WIDE)
    sheet.dialogs, sheet.requests = [], []
    sheet.on("dialog", lambda dialog: (sheet.dialogs.append(dialog.message), dialog.dismiss()))
    sheet.on("request", lambda request: sheet.requests.append(request.url))
    sheet.goto((study / "report.html").resolve().as_uri())
    yield sheet
    sheet.close()


def test_nothing_runs_and_nothing_is_fetched(page):
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    page.wait_for_timeout(200)
    assert page.dialogs == []
    assert page.locator("script").count() == 0
    assert [url for url in page.requests if not url.startswith(("file:", "data:"))] == []
    assert page.evaluate("[...document.images].every(i => i.complete && i.naturalWidth > 0)")


def test_its_policy_forbids_a_script_that_would_get_in(page):
    page.evaluate("""() => {
        const script = document.createElement('script');
        script.textContent = 'window.ran = true';
        document.body.append(script);
        document.body.insertAdjacentHTML('beforeend', '<img src="none.png" onerror="window.ran = true">');
    }""")
    page.wait_for_timeout(200)
    assert page.evaluate("window.ran") is None


def test_the_style_is_allowed_and_nothing_sticks_out_on_a_telephone(page):
    assert page.evaluate("getComputedStyle(document.querySelector('.answer')).borderLeftStyle") == "solid"
    page.set_viewport_size(NARROW)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_first_key_leads_to_the_answer(page):
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "answer"


@pytest.mark.skipif(not AXE.is_file(), reason="COPRODUCE_AXE does not name axe.min.js of axe-core")
def test_axe_finds_no_serious_fault(page):
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")
    assert len(found["passes"]) > 20
    serious = [fault for fault in found["violations"] if fault["impact"] in ("serious", "critical")]
    assert [(fault["id"], fault["nodes"][0]["html"][:200]) for fault in serious] == []
