"""A run by keyboard, whose result is named on other pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.visit import Visit

pytestmark = pytest.mark.browser


def test_a_keyboard_is_enough_and_every_page_says_where_the_result_is(
    visit: Visit, replay: Callable[[int | None], None]
) -> None:
    # By keyboard: past what every page has, to the button, and back on it when it can be pressed again.
    page = visit.open("/train")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    visit.train.focus()
    page.keyboard.press("Enter")
    visit.wait_for_finish()
    expect(visit.train).to_be_focused()
    page.keyboard.press("Tab")
    expect(visit.train).not_to_be_focused()

    # A result that came on another page is named there until it was looked at.
    visit.set_number("Learning rate", 0.04)
    visit.expect_query("learning_rate=0.04")
    replay(6)
    visit.train.click()
    expect(visit.cancel).to_be_enabled()  # the training has begun
    visit.go_to("Compare")
    replay(None)
    result = page.get_by_role("link", name="Training finished: look")
    expect(result).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Training finished.")).to_be_attached()
    result.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Which one trains better?")
    visit.wait_for_finish()
    expect(result).to_have_count(0)
    visit.expect_query("learning_rate=0.04")
