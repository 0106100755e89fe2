"""Compare: what a visitor sets is there in both columns, in the diagrams and in the URL."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from components.layer_graph.layout import WIDTH
from harness.local import until
from tests.browser.visit import Visit, is_poll

pytestmark = pytest.mark.browser

TITLE = "Is it the same network?"


def source(page: Page, side: str) -> Locator:
    return page.locator(f".st-key-code-{side} pre")


def expect_counts(page: Page, count: str) -> None:
    """Keras's count of both sides, which confirms ours."""
    expect(page.get_by_text(f"✓ Keras counts {count} parameters", exact=True)).to_have_count(2)


def _top(part: Locator) -> float:
    box = part.bounding_box()
    assert box
    return box["y"]


def _bottom(part: Locator) -> float:
    box = part.bounding_box()
    assert box
    return box["y"] + box["height"]


def test_both_columns_and_the_url_follow_the_settings(visit: Visit) -> None:
    page = visit.open("/")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect_counts(page, "4,762")
    expect(source(page, "left")).to_contain_text("keras.Sequential(")
    expect(source(page, "right")).to_contain_text("keras.Model(")

    # A link of the answer scrolls to the diagram.
    page.set_viewport_size({"width": 1440, "height": 300})
    expect(visit.diagram.first).not_to_be_in_viewport()
    page.get_by_role("link", name="connections into the heads").click()
    expect(visit.diagram.first).to_be_in_viewport()
    title = page.get_by_role("heading", name=re.compile("have the same 16 edges"))
    until(lambda: _top(title) > _bottom(visit.navigation), "its title is below the strip")
    page.set_viewport_size({"width": 1440, "height": 900})

    visit.set_number("LSTM 1 units", 5)
    # 4 × 5 × (2 + 5 + 1) + 8 × (5 + 1) + 2 × (8 + 1)
    expect_counts(page, "226")
    for side in ("left", "right"):
        expect(source(page, side)).to_contain_text("layers.LSTM(5")
    visit.expect_query("lstm=5")

    visit.set_number("Number of heads", 3)
    expect_counts(page, "235")
    expect(source(page, "left")).to_contain_text("layers.Dense(3)")
    expect(source(page, "right").locator(".differs")).to_have_count(4)
    visit.expect_query(lambda query: query.count("head=") == 3)

    page.get_by_role("button", name="Reset to the thread's network").press("Enter")
    expect(page.get_by_role("combobox", name="Start from")).to_be_focused()
    expect_counts(page, "4,762")
    visit.expect_query("")

    # One switch moves both sides.
    switch = page.get_by_role("radiogroup", name="Both sides show")

    switch.get_by_role("radio", name="Graph").click()
    left, right = visit.layer_graph("Sequential model"), visit.layer_graph("Functional model")
    expect(left.get_by_role("listitem")).to_have_count(3)
    expect(right.get_by_role("listitem")).to_have_count(5)
    zoom_and_pan(page, left, right)

    switch.get_by_role("radio", name="Summary").click()
    expect(page.get_by_text(re.compile(r"Total params: 4,762"))).to_have_count(2)

    switch.get_by_role("radio", name="Parameters").click()
    expect(page.get_by_text("4 × 32 × (2 + 32 + 1) = 4,480")).to_have_count(2)
    expect(page.locator("[data-testid=stTable]").get_by_text("✓ 4,762")).to_have_count(2)

    switch.get_by_role("radio", name="Code").click()
    expect(source(page, "left")).to_be_visible()
    expect(source(page, "right")).to_be_visible()


def zoom_and_pan(page: Page, left: Locator, right: Locator) -> None:
    """Both graphs have one height and one scale, which buttons, wheel and keys change; the mouse pans."""

    def widths() -> list[float]:
        return [box["width"] for each in (left, right) if (box := each.get_by_role("listitem").first.bounding_box())]

    def expect_scale(percent: int) -> None:
        expect(page.get_by_role("button", name=re.compile("^Scale 100 %"))).to_have_text([f"{percent} %"] * 2)
        one, other = widths()
        assert one == pytest.approx(other) == pytest.approx(WIDTH * percent / 100, abs=1)

    assert left.bounding_box()["height"] == right.bounding_box()["height"]  # type: ignore[index]
    expect_scale(100)
    small = left.get_by_text("(None, 32)").evaluate("(text) => parseFloat(getComputedStyle(text).fontSize)")
    assert small >= 12
    page.get_by_role("button", name=re.compile("^Zoom in.*Sequential")).click()
    expect_scale(125)
    right.focus()
    page.keyboard.press("+")
    expect_scale(156)
    right.hover()  # may scroll
    before = page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollTop")
    page.keyboard.down("Control")
    page.mouse.wheel(0, -300)
    page.keyboard.up("Control")
    expect_scale(300)
    assert page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollTop") == before
    place = right.evaluate("(view) => view.scrollLeft")
    page.mouse.down()
    page.mouse.move(*[at - 60 for at in middle(right)])
    page.mouse.up()
    assert right.evaluate("(view) => view.scrollLeft") == pytest.approx(place + 60, abs=2)
    page.keyboard.press("0")
    expect(page.get_by_role("button", name=re.compile("^Scale 100 %")).first).not_to_have_text("300 %")
    view, graph = right.bounding_box(), right.get_by_role("list").bounding_box()
    assert view
    assert graph
    assert graph["width"] <= view["width"] + 1
    assert graph["height"] <= view["height"] + 1
    page.get_by_role("button", name=re.compile("^Scale 100 %")).first.click()
    expect_scale(100)


def middle(thing: Locator) -> tuple[float, float]:
    box = thing.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_the_morph_and_a_highlight_happen_in_the_browser(visitor: Callable[..., Visit]) -> None:
    visit = visitor(reduced_motion="no-preference")
    sent: list[bytes | str] = []
    visit.page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page = visit.open("/")
    expect_counts(page, "4,762")
    visit.stand()
    boxes, heading = visit.diagram.first.locator("path.box"), page.get_by_role("heading", level=2)
    expect(boxes).to_have_count(1)
    page.evaluate("() => document.fonts.ready.then(() => true)")  # a font that comes later moves the diagram
    lines = page.evaluate(LINES)
    assert len(lines) == 2 * (1 + 1 + 16)
    requests: list[str] = []
    # Streamlit mounts a component from a blob, which is in the browser.
    page.on("request", lambda request: requests.append(request.url) if not request.url.startswith("blob:") else None)
    page.evaluate(WATCH_LINES)
    sent.clear()
    page.get_by_role("button", name="Pull the box apart").click()
    expect(boxes).to_have_count(2)
    expect(page.get_by_text("The 16 lines did not move: only the boxes changed.")).to_be_visible()
    page.get_by_role("button", name="Put it together").click()
    expect(boxes).to_have_count(1)
    page.wait_for_function("() => window.seen > 10")
    assert page.evaluate("(window.watching = false, window.moved)") is None  # a later diagram is another one
    assert all(map(is_poll, sent)), "the morph sends nothing; only what polls the workers may"
    assert not requests

    # A neuron: the other side follows, a second press removes the highlight, and the session keeps it on another page.
    level = [side.get_by_role("button", name="level", exact=True) for side in visit.diagram.all()]
    level[0].click()
    expect(heading).to_have_text("level reads all 8 neurons of the last shared layer: the same 8 edges in both styles")
    for side in level:
        expect(side).to_have_attribute("aria-pressed", "true")
    level[1].click()
    expect(heading).to_have_text("Sequential and Functional have the same 16 edges into the heads")
    level[1].press("ArrowDown")
    page.keyboard.press("Enter")
    expect(heading).to_contain_text("trend reads all 8 neurons")
    visit.expect_query("neuron=trend%3A0")
    visit.set_number("LSTM 1 units", 5)
    expect(source(page, "left")).to_contain_text("layers.LSTM(5")
    expect(page.get_by_label("Highlight a neuron")).to_have_value("trend:0")
    visit.go_to("Speed")
    visit.go_to("Compare")
    expect(heading).to_contain_text("trend reads all 8 neurons")


def test_a_label_is_plain_text(visit: Visit) -> None:
    asked: list[str] = []
    visit.page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    evil = "%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E%20%24%5Cpi%24%20%5Ba%5D(javascript:b)"
    page = visit.open(f"/?head=level......{evil}&head=trend")
    expect(page.locator("[data-testid=stSidebar]").get_by_text("<img src=x onerror=alert(1)>")).to_be_visible()
    expect(visit.diagram.last).to_be_visible()
    assert page.locator("img[src=x], .katex, a[href^=javascript]").count() == 0
    visit.go_to("Train")
    visit.expect_chart_title("<img src=x")
    assert page.locator("img[src=x], .katex, a[href^=javascript]").count() == 0
    assert not asked


#: The edges of both diagrams: where they run, how they look, and where that is on the page, however far it is scrolled:
#: Playwright scrolls where it tries a click again.
LINES = """() => {
  const scrolled = document.querySelector("[data-testid=stMain]").scrollTop
  const place = ({ left, top, width, height }) => [left, top + scrolled, width, height]
  return [...document.querySelectorAll("[data-testid=stBidiComponentIsolated]")]
    .flatMap(({ shadowRoot }) => [...shadowRoot.querySelectorAll("svg.side path.edge")])
    .map((path) => [path.getAttribute("d"), path.getAttribute("stroke"), place(path.getBoundingClientRect())])
}"""

#: Looks at them in every frame while `watching`, and counts frames. `moved` has the first line that is elsewhere, by
#: half a pixel or more: what is above the diagram grows by 0.2 px when the last of the page has loaded.
WATCH_LINES = f"""() => {{
  const lines = {LINES}
  const start = lines()
  const elsewhere = ([d, stroke, place], line) =>
    !line || d !== line[0] || stroke !== line[1] || place.some((each, i) => Math.abs(each - line[2][i]) >= 0.5)
  Object.assign(window, {{ seen: 0, moved: null, watching: true }})
  const look = () => {{
    if (!window.watching) return
    window.seen++
    const now = lines(), at = start.findIndex((line, i) => elsewhere(line, now[i]))
    if (at >= 0) window.moved ??= {{ frame: window.seen, from: start[at], to: now[at] }}
    requestAnimationFrame(look)
  }}
  look()
}}"""
