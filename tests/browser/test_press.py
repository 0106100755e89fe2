"""A press counts once on a page that draws itself again by a timer, whenever the timer fires."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

#: Streamlit sends a press in a timeout of 0 ms after it. This makes it later than a timer of one second.
LATE = """() => {
  const later = window.setTimeout
  window.sent = 0
  window.setTimeout = (run, wait, ...rest) => later(() => { run(); if (!wait) window.sent++ }, wait || 1500, ...rest)
}"""


def test_a_press_counts_once_where_a_timer_fires_before_it_is_sent(visitor: Callable[..., Visit]) -> None:
    visit = visitor()
    page = visit.open("/room")
    page.get_by_role("button", name="Open a room").click()
    link = page.get_by_role("link", name="Lead the room").get_attribute("href")
    assert link
    page.goto(link)
    expect(page.get_by_text("Waiting for people to join.")).to_be_visible()
    visit.stand()

    page.evaluate(LATE)
    page.get_by_role("button", name="Begin: ask the first question").filter(visible=True).click()
    page.wait_for_function("() => window.sent > 0")
    # While a page is drawn anew, Streamlit may show a button twice: at its old and at its new place.
    expect(page.get_by_role("button", name="Freeze the answers").filter(visible=True)).to_have_count(1)
    visit.stand()
    join = page.get_by_role("button", name="Show: How to join").filter(visible=True)
    expect(join).to_have_count(1)
    # Messages are read in their order. So when this one has an effect, all earlier ones have had theirs.
    join.click()
    expect(page.locator(".st-key-room-join-link input")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="answers are open")).to_be_visible()
