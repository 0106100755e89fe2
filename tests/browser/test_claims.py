"""Claims: predict, see it measured and marked, test all, take the report; and a link that restores the settings."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from backend.claims import CLAIMS
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

COUNT = len(CLAIMS)
#: Little to build and to trace.
SMALL = "timesteps=4&lstm=4&samples=64&batch=16"
#: What a visitor can read before the first press.
MOST_WORDS = 260
#: Most pixels of the whole page on a phone, with all verdicts shown.
LONGEST = 5000
SHORT = (
    f"() => document.querySelector('[data-testid=stMain]').scrollHeight < {LONGEST}"
    " && [...document.querySelectorAll('.js-plotly-plot')].every((chart) => chart.clientWidth < 390)"
)


def card(page: Page, key: str) -> Locator:
    return page.locator(f".st-key-claim-{key}")


def chip(page: Page, number: int) -> Locator:
    return page.get_by_role("navigation", name="Claims").get_by_role("link", name=re.compile(f"^Claim {number},"))


def face(page: Page, number: int) -> Locator:
    return page.locator(".st-key-claims-board").get_by_role("link", name=re.compile(f"^{number} "))


def words(page: Page) -> int:
    """How many words a visitor sees before the first press. The line about the workers is not counted: it goes."""
    return page.evaluate(
        """() => {
            const count = (part) => part ? part.innerText.split(/\\s+/).filter(Boolean).length : 0;
            const main = document.querySelector('[data-testid=stMain]');
            return count(main) - count(main.querySelector('.st-key-workers'));
        }"""
    )


def test_cards_open_in_place_by_press_link_and_keyboard_and_the_back_button_closes_them(visit: Visit) -> None:
    page = visit.open("/claims")
    expect(page.locator("a.claim-face svg")).to_have_count(COUNT)
    expect(page.locator("[class*=st-key-claim-] h2").filter(visible=True)).to_have_count(0)
    assert words(page) < MOST_WORDS
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

    # Escape closes a card, and its face has the focus.
    face(page, 7).press("Enter")
    expect(card(page, "exactly_equal").get_by_role("heading", level=2)).to_be_focused()
    page.keyboard.press("Escape")
    expect(card(page, "exactly_equal")).to_be_hidden()
    expect(face(page, 7)).to_be_focused()

    # A verdict takes the focus of its prediction and is read.
    face(page, 12).press("Enter")
    mine = card(page, "advisor")
    mine.get_by_role("radio").or_(mine.get_by_role("button")).filter(has_text="Sequential").first.focus()
    page.keyboard.press("Enter")
    expect(mine.get_by_role("heading", level=2)).to_be_focused()
    region = page.locator(".only-for-screen-readers")
    expect(region).to_contain_text(re.compile(r"Claim 12, no, it depends on the need: .*you predicted “Sequential”"))
    expect(region).not_to_contain_text("**")


def test_a_prediction_comes_first_and_is_marked(visit: Visit) -> None:
    """What is kept of it, and until when, is tested without a browser."""
    page = visit.open(f"/claims?{SMALL}#averaged_summed")
    expect(page.get_by_text(f"0 of {COUNT} tested")).to_be_visible()
    mine = card(page, "averaged_summed")
    expect(mine.get_by_text("times Sequential's")).to_have_count(0)
    mine.get_by_role("radio", name="k times as large, for k heads").click()
    expect(mine.get_by_text("Functional's loss is 2.000 times Sequential's")).to_be_visible()
    expect(mine.get_by_text("Right: you predicted “k times as large, for k heads”.")).to_be_visible()
    expect(visit.chart("claim.averaged_summed.chart").locator(".main-svg").first).to_be_attached()
    expect(page.get_by_text("1 of 1 prediction right")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text=f"1 of {COUNT} tested")).to_be_visible()
    expect(chip(page, 5)).to_have_accessible_name(re.compile("no, 2 times as large"))
    expect(face(page, 5)).to_have_accessible_name(re.compile("no, 2 times as large ✓ right$"))

    # The explanation is on request.
    expect(mine.get_by_role("table")).to_have_count(0)
    mine.get_by_text("From the second answer · explanation and code").click()
    expect(mine.get_by_role("table")).to_contain_text("✓ yes")
    expect(mine.locator("pre")).to_contain_text("compile(")

    with page.expect_download() as saved:
        page.get_by_role("button", name="Report").click()
    assert "timesteps=4" in saved.value.path().read_text()

    # A phone's page is short enough to read, and nothing is cut off.
    page.set_viewport_size({"width": 390, "height": 844})
    expect(chip(page, 12)).to_be_in_viewport()
    page.wait_for_function(SHORT)
    page.set_viewport_size({"width": 1440, "height": 900})

    # The button forgets it.
    page.get_by_role("button", name="Clear my predictions").click()
    expect(page.get_by_text(f"0 of {COUNT} tested")).to_be_visible()
    expect(mine.get_by_role("radio", name="equal", exact=True)).to_be_visible()
