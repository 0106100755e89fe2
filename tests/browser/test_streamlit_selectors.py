"""Each of Streamlit's and Plotly's parts that our style sheets and scripts name is still called so on a page."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import TimeoutError, expect

from components.streamlit_internals.selectors import NAMES, selectors
from tests.browser.places import PLACES, PROGRESS, TAGS
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


def test_each_part_that_a_style_sheet_or_script_names_is_on_a_page(visit: Visit) -> None:
    """Those that only one page has are looked for there (`Place.parts`, by `test_look.py`)."""
    wanted = set(selectors()).difference(TAGS, [PROGRESS], *(place.parts for place in PLACES))
    visit.page.add_init_script(f"({WATCH})({json.dumps(selectors())})")
    page = visit.open("/train?same_start=false")
    visit.expect_traces("curves.total", 4)
    expect(page.locator(f"{selectors()['app']}[{NAMES['connection-state']}=CONNECTED]")).to_be_attached()
    page.get_by_test_id("stCheckbox").filter(has_text="Same initial weights").locator("label").click()
    page.get_by_role("button", name="Share", exact=True).filter(visible=True).click()
    expect(page.get_by_role("region", name="Link")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_test_id("stSidebar").hover()
    page.get_by_role("button", name="Collapse sidebar").click()
    expect(page.get_by_role("button", name="Expand sidebar")).to_be_visible()
    try:
        page.wait_for_function("(names) => names.every((name) => window.seen[name])", arg=sorted(wanted))
    except TimeoutError:
        pass  # named below
    missing = {name for name in wanted if not page.evaluate("window.seen")[name]}
    assert missing == set(), "the page has another name for them, or none"
