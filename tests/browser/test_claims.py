"""Claims: a link leads to a card, and a prediction to its verdict, also by the keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from backend.questions.claims import CLAIMS
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser


def test_a_link_leads_to_a_card_and_its_verdict_takes_the_focus_of_the_prediction(visit: Visit) -> None:
    page = visit.open("/claims#history_trap")
    expect(page.locator("svg.claim-drawing")).to_have_count(len(CLAIMS))
    expect(page.locator(".st-key-claim-history_trap h2")).to_be_in_viewport()

    mine = page.locator(".st-key-claim-advisor")
    mine.locator("summary").press("Enter")
    mine.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    expect(mine.get_by_text("you predicted")).to_be_visible()
    expect(mine.get_by_role("heading", level=2)).to_be_focused()
