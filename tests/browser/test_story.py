"""The story in a browser: it meets a newcomer once, and its training is a run on this server."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from components.story.beats import BEATS
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser


def go_on(page: Page, n: int) -> None:
    """Press the button that leads to screen `n`. That of the screen before may still be there: a press does nothing."""
    page.get_by_role("button", name=f"Next: {BEATS[n - 1].title}").click()
    on_screen(page, n)


def on_screen(page: Page, n: int) -> None:
    """Wait for screen `n` of the story."""
    expect(page.get_by_role("heading", level=1)).to_have_text(BEATS[n - 1].title)


def test_a_newcomer_is_led_to_the_choice_through_a_run_on_this_server(
    visitor: Callable[..., Visit],
) -> None:
    visit = visitor(newcomer=True)
    page = visit.open("/")
    on_screen(page, 1)
    expect(page).to_have_url(f"{visit.url}/story")
    expect(page.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "true")
    page.get_by_role("radio", name="No, two networks").click()
    go_on(page, 2)
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.get_by_text("you predicted “No, two networks”. The answer: “Yes, the same network”.")).to_be_visible()
    expect(visit.diagram).to_have_count(2)

    go_on(page, 3)
    page.get_by_role("radio", name="Functional's").click()
    expect(page.get_by_text("Both were trained on this server.")).to_be_visible()
    marked = page.get_by_role("paragraph").filter(has_text="you predicted “Functional's”. The answer: “Sequential's”.")
    expect(marked).to_be_visible()
    for n in (4, 5, 6):
        go_on(page, n)
    expect(page.get_by_text("Choose a layer for each head")).to_be_visible()
    page.get_by_role("button", name="Explore your own settings").click()
    expect(page).to_have_title("Compare · Two Heads")

    # It was seen: the first page is Compare from now on. The mark leads back to the story.
    visit.open("/")
    expect(page).to_have_title("Compare · Two Heads")
    mark = page.locator(".stLogo").filter(visible=True)
    mark.click()
    expect(page).to_have_url(f"{visit.url}/story")
    on_screen(page, 1)
