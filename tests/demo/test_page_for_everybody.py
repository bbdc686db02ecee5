"""The page by keyboard alone, on a small screen, for a screen reader, and when others use it or the server has gone."""

import os
from pathlib import Path

import pytest

from tests.demo.steering import PHONE, PROJECTOR, after_an_answer, end, frames, numbers, visit


def test_the_keyboard_alone_reaches_a_control_moves_it_and_plays(page):
    def tab_to(selector):
        for _ in range(80):
            page.keyboard.press("Tab")
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"Tab does not reach {selector}")

    tab_to("#c-hotline-awareness")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    after_an_answer(page, lambda: page.keyboard.press("Home"))
    assert page.locator("output[for=c-hotline-awareness]").inner_text().startswith("0")
    assert "channels.hotline.awareness" in page.locator("#meaning").inner_text()
    tab_to("#play")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Pause")


@pytest.mark.parametrize("size", [PROJECTOR, PHONE], ids=["projector", "phone"])
@pytest.mark.parametrize("lesson", ["", "closing"])
def test_nothing_overlaps_and_nothing_scrolls_sideways(page, size, lesson):
    page.set_viewport_size(size)
    if lesson:
        after_an_answer(page, lambda: page.select_option("#lesson", lesson))
    frames(page)
    wide, tall = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert wide <= size["width"]
    assert size is PHONE or tall <= size["height"]
    parts = ("header", "#panel", "#drawer", "#maps", "#legend", "#transport", "#charts")
    boxes = {part: page.locator(part).bounding_box() for part in parts if page.locator(part).is_visible()}
    inside = {f"{part}>{i}": box.bounding_box() for part in ("#maps", "#charts", "#transport", "header")
              for i, box in enumerate(page.locator(f"{part} > *:visible").all())}  # fmt: skip
    for name, box in {**boxes, **inside}.items():
        assert box["x"] >= -0.5, name
        assert box["x"] + box["width"] <= size["width"] + 0.5, name
    for group in (boxes, *({k: v for k, v in inside.items() if k.startswith(part)} for part in parts)):
        named = list(group.items())
        assert not [(a, b) for i, (a, x) in enumerate(named) for b, y in named[i + 1 :] if overlap(x, y)]


def overlap(a, b):
    across = min(a["x"] + a["width"], b["x"] + b["width"]) - max(a["x"], b["x"])
    down = min(a["y"] + a["height"], b["y"] + b["height"]) - max(a["y"], b["y"])
    return across > 1 and down > 1


def test_two_browsers_do_not_disturb_each_other(page, browser, address):
    other = browser.new_page(viewport=PROJECTOR)
    visit(other, address)
    end(page)
    before = numbers(page, "a")
    after_an_answer(other, lambda: other.get_by_role("slider", name="Hotline: offered to").press("Home"))
    after_an_answer(page, lambda: page.get_by_role("slider", name="App: known to").press("ArrowRight"))
    after_an_answer(page, lambda: page.get_by_role("button", name="Reset").click())
    end(page)
    assert numbers(page, "a") == before
    other.close()


def test_a_server_that_has_gone_is_said_in_a_line(browser, address):
    page = browser.new_page(viewport=PROJECTOR)
    visit(page, address)
    page.route("**/film", lambda route: route.abort())
    page.get_by_role("slider", name="App: known to").press("ArrowRight")
    page.wait_for_selector("#message:not(:empty)")
    assert "does not answer" in page.locator("#message").inner_text()
    page.close()


def axe_source():
    """axe-core, where somebody has unpacked it (npm pack axe-core) and says so; it is no part of this project."""
    path = Path(os.environ.get("COPRODUCE_AXE", "node_modules/axe-core/axe.min.js"))
    return path.read_text(encoding="utf-8") if path.is_file() else None


@pytest.mark.parametrize("lesson", ["", "closing"])
def test_axe_finds_nothing_serious(browser, address, lesson):
    source = axe_source()
    if source is None:
        pytest.skip("no axe-core: npm pack axe-core, unpack it, and set COPRODUCE_AXE to its axe.min.js")
    context = browser.new_context(viewport=PROJECTOR, bypass_csp=True)
    page = context.new_page()
    visit(page, address)
    if lesson:
        after_an_answer(page, lambda: page.select_option("#lesson", lesson))
        page.get_by_role("button", name="Story").click()
        page.wait_for_selector("ol.story li")
    page.locator("details:not([open]) summary").evaluate_all("all => all.forEach(s => s.click())")
    page.evaluate(source)
    found = page.evaluate("axe.run()")["violations"]
    context.close()
    assert [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")] == []
