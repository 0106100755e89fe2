"""Whoever moves by keyboard knows where they are: in panels, after a press, and while something runs."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.visit import Visit

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [("Export", "Script (Python)", "Notebook (Jupyter)"), ("Share", "Link", "Start playing")],
)
def test_the_focus_goes_into_a_panel_stays_there_and_returns(visit: Visit, name: str, first: str, second: str) -> None:
    page = visit.open("/train")
    button = page.get_by_role("button", name=name, exact=True)
    button.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_test_id("stPopoverBody")
    here = panel.locator("button:focus, input:focus")
    expect(here).to_have_accessible_name(first)
    page.keyboard.press("ArrowDown")
    expect(here).to_have_accessible_name(second)
    page.keyboard.press("ArrowUp")
    expect(here).to_have_accessible_name(first)

    page.keyboard.press("Shift+Tab")
    expect(panel.locator(":focus")).not_to_have_count(0)
    expect(here.get_by_text(first)).to_have_count(0)
    page.keyboard.press("Tab")
    expect(here).to_have_accessible_name(first)

    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(button).to_be_focused()
