"""Nothing jumps: a chart stays until the next is drawn, a finger scrolls the page and highlights."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.visit import Visit, chart_selector

pytestmark = pytest.mark.browser

CHART = chart_selector("curves.total")

#: Counts frames, and those in which no picture of the chart is to be seen.
FRAMES = """(chart) => {
  window.frames_ = 0; window.blank = 0
  const look = () => {
    window.frames_++
    const pictures = [...document.querySelectorAll(`${chart} .main-svg`)]
    if (!pictures.some((picture) => picture.getBoundingClientRect().height > 100)) window.blank++
    requestAnimationFrame(look)
  }
  look()
}"""

#: Resolves when the page has stood still for a quarter of a second. While a flick moves it, the browser refuses a tap
#: with an error in the console.
AT_REST = """() => new Promise((done) => {
  const main = document.querySelector("[data-testid=stMain]")
  let last = NaN, still = 0
  const look = () => {
    still = main.scrollTop === last ? still + 1 : 0
    last = main.scrollTop
    if (still === 15) done()
    else requestAnimationFrame(look)
  }
  look()
})"""


#: A point of the word that the page underlines, in the window.
UNDERLINED = """async (word) => {
  const range = [...CSS.highlights.get("glossary")].find((each) => `${each}` === word)
  range.startContainer.parentElement.scrollIntoView({ block: "center", behavior: "instant" })
  const { left, width, top, height } = range.getBoundingClientRect()
  return [left + width / 2, top + height / 2]
}"""


def test_a_chart_stays_visible_until_the_new_one_is_drawn(visit: Visit) -> None:
    page = visit.open("/train")
    expect(visit.chart("curves.total").locator(".main-svg").first).to_be_attached()
    page.evaluate(FRAMES, CHART)
    for scale in ("linear", "log", "linear"):
        page.get_by_role("radio", name=scale).click()
        expect(page.get_by_role("radio", name=scale)).to_be_checked()
        page.wait_for_function(
            "([chart, scale]) => document.querySelector(chart)?._fullLayout?.yaxis.type === scale",
            arg=[f"{CHART} .js-plotly-plot", scale],
        )
    assert page.evaluate("window.frames_") > 3
    assert page.evaluate("window.blank") == 0
    # The kept pictures have gone.
    expect(page.locator("[aria-hidden=true] > .main-svg")).to_have_count(0)


def test_a_finger_scrolls_the_page_and_a_tap_highlights_or_explains(
    visitor: Callable[..., Visit],
) -> None:
    visit = visitor(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = visit.open("/")
    # The page is complete: nothing is drawn again that could be replaced between two steps of this test.
    expect(page.get_by_text("✓ Keras counts 4,762 parameters", exact=True)).to_have_count(2)
    side = visit.diagram.last
    expect(side).to_be_visible()
    page.evaluate("document.fonts.ready.then(() => null)")
    side.scroll_into_view_if_needed()
    x, y = _middle(side)
    before = _top(visit)
    touch = visit.context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for moved in range(20, 201, 20):
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y - moved}]})
        page.wait_for_timeout(16)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_function(
        "(before) => document.querySelector('[data-testid=stMain]').scrollTop > before + 50", arg=before
    )
    page.evaluate(AT_REST)

    trend = side.locator("[data-neuron=trend]")
    trend.tap()
    expect(page.get_by_role("heading", level=2).filter(has_text="trend reads the whole last")).to_be_visible()

    # A tap on a word of the glossary opens a card within the window, and a tap elsewhere closes it.
    card = page.locator(".glossary-card")
    for word, meaning in (("total loss", "The loss that Keras reports"), ("kernel", "table of a layer's weights")):
        page.touchscreen.tap(*page.evaluate(UNDERLINED, word))
        expect(card).to_contain_text(meaning)
        expect(card).to_be_in_viewport(ratio=1)
    page.get_by_role("heading", level=1).tap()
    expect(card).to_have_count(0)


def _middle(side: Locator) -> tuple[float, float]:
    box = side.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, min(box["y"] + box["height"] / 2, 700)


def _top(visit: Visit) -> float:
    top: float = visit.page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop")
    return top
