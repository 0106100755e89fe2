"""A press counts once, whenever a timer draws the page again, and also if the page moves the button meanwhile."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from harness.local import until
from tests.browser.hosting import link_to_lead
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

#: Streamlit sends a press in a timeout of 0 ms after it. This makes it later than a timer of one second.
LATE = """() => {
  const later = window.setTimeout
  window.sent = 0
  window.setTimeout = (run, wait, ...rest) => later(() => { run(); if (!wait) window.sent++ }, wait || 1500, ...rest)
}"""

#: The most buttons at a time that show how to join. Streamlit shows a button that moves at both places for a moment.
COUNT = """() => {
  const count = () => document.querySelectorAll(".st-key-room-host-join-button button").length
  window.most = count()
  const look = () => { window.most = Math.max(window.most, count()) }
  new MutationObserver(look).observe(document, { childList: true, subtree: true })
}"""


def test_a_press_counts_once_where_a_timer_fires_before_it_is_sent(visitor: Callable[..., Visit]) -> None:
    visit = visitor()
    page = visit.open("/room")
    link_to_lead(page)
    expect(page.get_by_text("Waiting for people to join.")).to_be_visible()
    visit.stand()

    page.evaluate(COUNT)
    page.evaluate(LATE)
    page.get_by_role("button", name="Begin: ask the first question").filter(visible=True).click()
    page.wait_for_function("() => window.sent > 0")
    # Messages are read in their order. So when this one has an effect, all earlier ones have had theirs.
    page.get_by_role("button", name="Show: How to join").filter(visible=True).click()
    expect(page.locator(".st-key-room-join-link pre")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="answers are open")).to_be_visible()
    assert page.evaluate("window.most") == 1, "a question that opens moves no button"


def test_a_press_counts_although_the_entry_that_it_ends_moves_the_button(visit: Visit) -> None:
    """The entry shortens the answer above the button before the pointer is released."""
    visit.page.set_viewport_size({"width": 800, "height": 900})  # the answer has several lines
    page = visit.open("/train")
    expect(page.get_by_role("button", name="Play again")).to_be_visible()  # all of the page is drawn
    visit.unfold("Epochs")
    visit.number("Epochs").fill("3")
    button = visit.train.bounding_box()
    assert button
    page.mouse.move(button["x"] + button["width"] / 2, button["y"] + button["height"] / 2)
    page.mouse.down()
    until(lambda: visit.train.bounding_box() != button, "the button in another place")
    page.mouse.up()
    expect(page.get_by_text(re.compile(r"built in .* trained in"))).to_be_visible()
