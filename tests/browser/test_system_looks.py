"""Everything on a page stays visible with forced colours and on paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from harness.local import until
from tests.browser.places import PLACES
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

#: Pixels of a sheet of A4 between its margins, at 96 to the inch.
SHEET = 718


PAPER = """() => [...document.querySelectorAll("[data-testid=stMain] :is(pre, table, .stPlotlyChart, h1, h2, h3, p)")]
  .filter((part) => part.offsetWidth && part.scrollWidth > part.clientWidth + 1
    && getComputedStyle(part).overflowX !== "visible")
  .map((part) => part.outerHTML.slice(0, 120))"""


#: What can only be pressed or filled in, and is seen: on the page and within our components. What was chosen may stay.
CONTROLS = """() => {
  const pressed = "button, summary, select, textarea, input[type=range], input[type=file], [role=switch], .stTextInput"
  const found = [], roots = [document]
  for (const root of roots)
    for (const part of root.querySelectorAll("*")) {
      if (part.shadowRoot) roots.push(part.shadowRoot)
      if (part.matches(pressed) && part.checkVisibility({ visibilityProperty: true, opacityProperty: true })
        && !part.matches("[aria-checked=true], [aria-pressed=true], [data-selected]")
        && !part.closest("details[open]")) found.push(part.outerHTML.slice(0, 120))
    }
  return found
}"""


@pytest.mark.parametrize("path", ["/train", pytest.param("/claims", marks=pytest.mark.soak)])
def test_on_paper_nothing_is_cut_and_nothing_is_left_that_can_only_be_pressed(visit: Visit, path: str) -> None:
    page = visit.open(path)
    next(place for place in PLACES if place.path.startswith(path)).stand(visit)
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    page.set_viewport_size({"width": SHEET, "height": 1000})
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    expect(page.locator(".st-key-frame-actions")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_function(f"() => !({PAPER})().length")  # Plotly draws its charts once more
    assert page.evaluate(CONTROLS) == []
    foot = page.get_by_text("Based on the Stack Overflow question")
    expect(foot).to_be_visible()
    is_on_paper = "(n) => n.getBoundingClientRect().bottom + scrollY <= document.documentElement.scrollHeight"
    until(lambda: foot.evaluate(is_on_paper), "the foot is on the paper")
