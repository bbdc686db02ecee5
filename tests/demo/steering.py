"""The page of the live city, steered by a test."""

PROJECTOR, PHONE = {"width": 1280, "height": 720}, {"width": 390, "height": 844}
GENEROUS_MS = 2_000  # the aim is 200 ms; a shared machine may be slow


def visit(page, address):
    page.goto(address)
    page.wait_for_selector("html[data-answers]")


def answers(page):
    return page.get_attribute("html", "data-answers")


def after_an_answer(page, act):
    """Do something, and wait until its storm is drawn. Returns the ms that it took."""
    before = answers(page)
    act()
    page.wait_for_selector(f'html:not([data-answers="{before}"])')
    return int(page.get_attribute("html", "data-latency"))


def go_to(page, hour):
    page.locator("#time").evaluate("(e, hour) => { e.value = hour; e.dispatchEvent(new Event('input')); }", hour)
    frames(page)


def frames(page):
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def end(page):
    go_to(page, float(page.get_attribute("#time", "max")))


def numbers(page, city):
    """What stands below a map."""
    return [text.replace("\u2212", "-") for text in page.locator(f"#city-{city} dd").all_inner_texts()]


def picture(page, name):
    return page.locator(name).evaluate("c => c.toDataURL()")
