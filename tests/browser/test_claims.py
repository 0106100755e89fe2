"""Claims: predict, see it measured and marked, test all, take the report; and a link that restores the settings."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from backend.questions.claims import CLAIMS
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

COUNT = len(CLAIMS)


def card(page: Page, key: str) -> Locator:
    return page.locator(f".st-key-claim-{key}")


def chip(page: Page, number: int) -> Locator:
    return page.get_by_role("navigation", name="Claims").get_by_role("link", name=re.compile(f"^Claim {number},"))


def face(page: Page, number: int) -> Locator:
    return page.locator(".st-key-claims-board").get_by_role("link", name=re.compile(f"^{number} "))


def test_cards_open_in_place_by_press_link_and_keyboard_and_the_back_button_closes_them(visit: Visit) -> None:
    page = visit.open("/claims")
    expect(page.locator("a.claim-face svg")).to_have_count(COUNT)
    expect(page.locator("[class*=st-key-claim-] h2").filter(visible=True)).to_have_count(0)
    expect(page.get_by_role("button", name="Clear my predictions")).to_be_visible()  # what moves the faces is drawn

    places = {number: face(page, number).bounding_box() for number in (4, 6)}
    face(page, 5).click()
    mine = card(page, "averaged_summed")
    expect(mine.get_by_role("heading", level=2)).to_be_focused()
    expect(mine.get_by_role("radio").first).to_be_in_viewport()
    expect(face(page, 5)).to_have_attribute("aria-expanded", "true")
    page.wait_for_url("**/claims#averaged_summed")
    at, was = {number: face(page, number).bounding_box() for number in (4, 6)}, places
    assert all(at[number] and was[number] and at[number]["x"] == was[number]["x"] for number in (4, 6)), "they stay"

    # A chip opens another card in its place.
    chip(page, 11).focus()
    page.keyboard.press("Enter")
    expect(card(page, "history_trap").get_by_role("heading", level=2)).to_be_focused()
    expect(mine).to_be_hidden()
    page.go_back()
    expect(mine.get_by_role("heading", level=2)).to_be_visible()
    page.go_back()
    expect(mine).to_be_hidden()
    visit.stand()

    # A verdict takes the focus of its prediction and is read.
    face(page, 12).press("Enter")
    mine = card(page, "advisor")
    mine.get_by_role("radio").or_(mine.get_by_role("button")).filter(has_text="Sequential").first.focus()
    page.keyboard.press("Enter")
    expect(mine.get_by_role("heading", level=2)).to_be_focused()
    region = page.locator(".only-for-screen-readers")
    expect(region).to_contain_text(re.compile(r"Claim 12, no, it depends on the need: .*you predicted “Sequential”"))
    expect(region).not_to_contain_text("**")
