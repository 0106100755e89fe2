"""Whoever moves by keyboard knows where they are: in panels, after a press, and while something runs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.contrast import GROUNDS, faults_in
from tests.browser.keys import PHONE
from tests.browser.visit import IN_MENU, Visit

pytestmark = pytest.mark.browser


#: Two panels, and the first two places in each.
PANELS = (("Export", "Download PNG", "Script (Python)"), ("Share", "Link", "Start playing"))
PANEL = "[data-testid=stPopoverBody], [role=dialog]"


def test_the_focus_goes_into_a_panel_and_returns_and_is_soon_in_the_player(
    visitor: Callable[..., Visit],
) -> None:
    """Axe finds no fault in the panels, either. What holds the page is no stop."""
    visit = visitor(color_scheme="dark")
    page = visit.open("/train")
    expect(page.get_by_role("main")).to_have_attribute("tabindex", "-1")
    found = []
    panel = page.get_by_test_id("stPopoverBody")
    here = panel.locator("button:focus, input:focus, label:focus")
    for name, first, second in PANELS:
        button = page.get_by_role("button", name=name, exact=True)
        button.focus()
        page.keyboard.press("Enter")
        expect(panel).to_be_focused()
        expect(panel.get_by_text(second, exact=True)).to_be_visible()
        visit.stand()
        page.keyboard.press("Tab")
        expect(here).to_have_accessible_name(first)
        page.keyboard.press("Tab")
        expect(here).to_have_accessible_name(second)

        found += [f"{name}: {fault}" for scheme in GROUNDS for fault in faults_in(page, scheme, PANEL)]
        page.keyboard.press("Escape")
        expect(panel).to_have_count(0)
        expect(button).to_be_focused()

    page.get_by_role("button", name="Glossary", exact=True).filter(visible=True).click()
    expect(page.locator(PANEL).get_by_role("textbox", name="Search the glossary")).to_be_visible()
    found += [f"Glossary: {fault}" for scheme in GROUNDS for fault in faults_in(page, scheme, PANEL)]
    page.keyboard.press("Escape")
    expect(page.locator(PANEL)).to_have_count(0)
    assert not found, "\n".join(found)


def test_the_menu_leads_to_its_pages_by_key_and_by_touch_and_is_marked_there(
    visitor: Callable[..., Visit],
) -> None:
    visit = visitor(**PHONE)
    page = visit.open("/?timesteps=12")
    menu = visit.navigation.get_by_role("button", name="More")
    current = visit.navigation.locator("[aria-current]").filter(visible=True)
    expect(current).to_have_text("Compare")
    menu.focus()
    page.keyboard.press("Enter")
    links = page.locator(".st-key-frame-more-pages").get_by_role("link")
    expect(links).to_have_text([*IN_MENU])
    page.keyboard.press("Tab")
    expect(links.nth(0)).to_be_focused()
    expect(links.nth(0)).to_have_css("outline-style", "solid")  # not a tint alone
    found = [fault for scheme in GROUNDS for fault in faults_in(page, scheme, ".st-key-frame-pages")]
    assert not found, "\n".join(found)
    page.keyboard.press("Escape")
    expect(links).to_have_count(0)
    expect(menu).to_be_focused()

    page.keyboard.press("Enter")
    expect(links).to_have_text([*IN_MENU])
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Is one layer for all heads faster?")
    visit.expect_query("timesteps=12")
    expect(links).to_have_count(0)
    expect(menu).to_have_attribute("aria-current", "true")
    expect(current).to_have_count(1)

    menu.tap()
    expect(page.locator(".st-key-frame-more-pages [aria-current=page]").filter(visible=True)).to_have_text("Speed")
