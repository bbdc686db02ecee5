"""The page in a real browser that has no network: it loads, plays and answers."""

import re

from app.demo.controls import BY_PATH, described
from app.demo.engine import Asked
from app.demo.lessons import City
from experiments.runs.measures_of_run import measures
from tests.demo.steering import GENEROUS_MS, after_an_answer, end, frames, go_to, numbers, picture


def test_it_starts_with_all_lights_on(page):
    assert page.get_by_role("heading", name="The live city").is_visible()
    assert numbers(page, "a")[0].split() == ["0", "0", "%"]
    assert page.get_by_role("button", name="Play").is_visible()


def test_it_plays_and_pauses(page):
    page.select_option("#speed", "16")
    before = picture(page, "#city-a canvas")
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_selector("text=Pause")
    page.wait_for_timeout(700)
    page.get_by_role("button", name="Pause").click()
    assert picture(page, "#city-a canvas") != before
    assert int(numbers(page, "a")[0].split()[0].replace(",", "")) > 0
    stopped = page.locator("#clock").inner_text()
    page.wait_for_timeout(200)
    assert page.locator("#clock").inner_text() == stopped


def test_steps_are_hours(page):
    go_to(page, 5)
    page.get_by_role("button", name="one hour forth").click()
    frames(page)
    assert page.locator("#clock").inner_text().endswith(" 6.0 h")
    page.get_by_role("button", name="one hour back").click()
    frames(page)
    assert page.locator("#clock").inner_text().endswith(" 5.0 h")


def test_the_numbers_at_the_end_are_those_of_the_analysis(page, engine):
    end(page)
    expected = measures(engine.outcomes(Asked("", 1, City((), {}))), ["minority", "income"])
    _, _, mean, gap = numbers(page, "a")
    assert mean == f"{expected['all:all:mean_h']:.1f} h"
    assert gap == f"{expected['minority:minority:gap_h']:+.1f} h"
    page.select_option("#grouping", "income")
    assert numbers(page, "a")[3] == f"{expected['income:lowest fifth:gap_h']:+.1f} h"


def test_a_control_changes_what_happens_and_is_answered_fast(page, record_property):
    end(page)
    before = numbers(page, "a")[2]
    page.locator("summary", has_text="Utility").click()
    slider = page.get_by_role("slider", name="Line crews of its own")
    slider.focus()
    taken = [after_an_answer(page, lambda: page.keyboard.press("ArrowRight")) for _ in range(6)]
    record_property("latency_ms", taken)
    print(f"answered within {taken} ms")
    assert max(taken) < GENEROUS_MS
    assert page.locator("output[for=c-line-crews]").inner_text() == "8 crews"
    end(page)
    assert float(numbers(page, "a")[2].split()[0]) < float(before.split()[0])
    after_an_answer(page, lambda: page.get_by_role("button", name="Reset").click())
    end(page)
    assert numbers(page, "a")[2] == before


def test_a_control_that_changes_who_lives_there_changes_the_groups(page, engine):
    page.select_option("#grouping", "broadband")
    end(page)
    before = numbers(page, "a")[3]
    page.locator("summary", has_text="Gaps and choices").click()
    after_an_answer(page, lambda: page.get_by_role("slider", name="Access gap").press("Home"))
    end(page)
    control = BY_PATH["people.broadband_minority_odds"]
    city = City((), dict.fromkeys(control.paths, described(control, engine.base(""))["low"]))
    expected = measures(engine.outcomes(Asked("", 1, city)), ["broadband"])
    assert numbers(page, "a")[3] == f"{expected['broadband:no broadband:gap_h']:+.1f} h" != before
    after_an_answer(page, lambda: page.get_by_role("button", name="Reset").click())
    page.select_option("#grouping", "broadband")
    end(page)
    assert numbers(page, "a")[3] == before


def test_homes_are_squares_of_their_colour_and_hollow_ones_show_what_is_below(page):
    draw = """async () => {
      const { Homes } = await import("./homes.js"), canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [60, 20];
      const ctx = canvas.getContext("2d", { willReadFrequently: true }), ground = document.createElement("canvas");
      [ground.width, ground.height] = [60, 20];
      new Homes(ground, [10, 30, 50], [10, 10, 10], 10).draw(ctx, [0, 1, 4], [1, 1, 0, 0, 1, 0]);
      return [[10, 10], [30, 10], [50, 10], [50, 4], [20, 10]].map(([x, y]) => [...ctx.getImageData(x, y, 1, 1).data]);
    }"""
    grey, black, hollow, edge, nothing = page.evaluate(draw)
    assert (grey, black, edge) == ([0xC3, 0xCC, 0xD4, 255], [0, 0, 0, 255], [0xB5, 0x54, 0x8A, 255])
    assert hollow == nothing == [0, 0, 0, 0]


def test_two_equal_cities_do_not_differ_at_any_hour(page):
    page.get_by_role("button", name="Two cities").click()
    page.wait_for_selector("#city-b dd")
    for hour in (3, 20, 60):
        go_to(page, hour)
        assert numbers(page, "a") == numbers(page, "b")
        assert picture(page, "#city-a canvas") == picture(page, "#city-b canvas")
        label = page.get_attribute("#difference", "aria-label")
        assert re.findall(r"(-?\d+\.\d) h", label.replace("\u2212", "-").replace("+", "")) == ["0.0", "0.0"]


def test_b_changes_alone_and_a_can_be_copied_to_it(page):
    page.get_by_role("button", name="Two cities").click()
    page.wait_for_selector("#city-b dd")
    page.locator("summary", has_text="Outreach").click()
    after_an_answer(page, lambda: page.get_by_label("No 311").check())
    end(page)
    in_a = numbers(page, "a")
    assert in_a != numbers(page, "b")
    assert page.locator("output[for=c-web-availability]").inner_text().startswith("0")
    after_an_answer(page, lambda: page.get_by_role("button", name="Copy A to B").click())
    end(page)
    assert numbers(page, "b") == in_a == numbers(page, "a")


def test_a_story_is_told_by_click_and_by_keyboard(page):
    page.get_by_role("button", name="Two cities").click()
    page.wait_for_selector("#city-b dd")
    page.locator("#city-a canvas").click(position={"x": 200, "y": 120})
    page.wait_for_selector("ol.story li")
    assert "The lights go out." in page.locator("#drawer-body").inner_text()
    first = page.locator("#home").input_value()
    page.locator("#city-a canvas").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_selector(f'#home:not([data-home="{first}"])')
    assert page.locator("#home").input_value() != first
    page.get_by_role("button", name="Most tries").click()
    page.wait_for_selector("ol.story li.tried")
    assert page.locator("h3", has_text="City B").count() == 1
    page.locator("#drawer").press("Escape")
    assert page.locator("#drawer").is_hidden()


def test_a_lesson_brings_its_note_its_cities_and_twenty_storms(page):
    page.select_option("#lesson", "volunteers-dilemma")
    page.wait_for_selector("#city-b dd")
    assert "One report would do" in page.locator("#drawer-body").inner_text()
    assert "Leaving it to others 6" in page.locator("#city-b .changed").inner_text()
    page.get_by_role("button", name="60 storms").click()
    page.wait_for_selector(".storms p", timeout=30_000)
    texts = page.locator(".storms p").all_inner_texts()
    assert texts[0].endswith("higher in B")
    assert texts[2].endswith("lower in B")


def test_storms_that_may_claim_nothing_show_why_and_no_difference(page):
    why = "Nothing is claimed: the runs ended before power returned."
    answer = {"first_seed": 1, "storms": 20, "refused": why, "measures": []}
    page.route("**/storms", lambda route: route.fulfill(json=answer))
    page.get_by_role("button", name="Two cities").click()
    page.wait_for_selector("#city-b dd")
    page.get_by_role("button", name="60 storms").click()
    page.wait_for_selector("#drawer-body .question")
    assert page.locator("#drawer-body").inner_text() == why


def test_every_lesson_opens_and_goes_away_again(page):
    for lesson in page.locator("#lesson option").evaluate_all("all => all.map(o => o.value)")[1:]:
        after_an_answer(page, lambda lesson=lesson: page.select_option("#lesson", lesson))
    after_an_answer(page, lambda: page.select_option("#lesson", ""))
    assert page.locator("#drawer").is_hidden()
    assert page.locator("#seed").input_value() == "1"


def test_a_wrong_seed_is_put_back(page):
    page.locator("#seed").fill("-3")
    page.locator("#seed").press("Enter")
    assert page.locator("#seed").input_value() == "1"
