"""Each of Streamlit's and Plotly's parts that our style sheets and scripts name is still called so on a page."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import TimeoutError, expect

from components.streamlit_internals.selectors import selectors
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

#: Notes each part that has ever been on the page: some are there only until others come.
WATCH = """(selectors) => {
  window.seen = {}
  const look = () => {
    for (const [name, selector] of Object.entries(selectors)) window.seen[name] ||= !!document.querySelector(selector)
  }
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true })
}"""
#: The parts to look for on each page. The others are on every one.
PAGES = {
    "/train": "slider-track slider-fill slider-value chart plot plot-drawing plot-drag "
    "chart-toolbar chart-text chart-data metric-label "
    "button-group chosen-button checkbox-mark ticked-checkbox-mark component horizontal-block column",
    "/train?same_start=false": "empty-checkbox-mark",
    "/claims": "progress-track primary-button",
    "/speed": "chosen-pill",
    "/lab": "radio radio-option radio-mark chosen-radio-mark empty-radio-mark",
    "/runs": "caption",
}


@pytest.mark.takes("seven pages load")
def test_each_part_that_a_style_sheet_or_script_names_is_on_a_page(visitor: Callable[..., Visit]) -> None:
    visit = visitor()
    visit.page.add_init_script(f"({WATCH})({json.dumps(selectors())})")
    page, missing = visit.page, set(selectors())

    def look_for(names: str) -> None:
        try:
            page.wait_for_function("(names) => names.every((name) => window.seen[name])", arg=names.split())
        except TimeoutError:
            pass  # named below
        missing.difference_update(name for name, seen in page.evaluate("window.seen").items() if seen)

    for path, names in PAGES.items():
        visit.open(path)
        look_for(names)
    visit.open("/room")
    page.get_by_role("combobox", name="Or a workshop").click()
    page.get_by_role("option").first.click()
    look_for("chosen-tag")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Share", exact=True).filter(visible=True).click()
    look_for("popover-panel")
    page.keyboard.press("Escape")
    page.get_by_test_id("stSidebar").hover()
    page.get_by_role("button", name="Collapse sidebar").click()
    expect(page.get_by_role("button", name="Expand sidebar")).to_be_visible()
    look_for("closed-sidebar")
    assert missing == set(), "the page has another name for them, or none"
