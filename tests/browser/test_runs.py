"""Finished runs on their page: drawn, opened by their link on another device, and kept there."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.visit import Visit

pytestmark = pytest.mark.browser


def trained(visit: Visit) -> None:
    """Train a small run and go to the list of runs."""
    visit.open("/train?timesteps=4&lstm=4&epochs=2&samples=64&batch=16")
    visit.train.click()
    visit.wait_for_finish()
    visit.go_to("Runs")


def test_a_run_is_drawn_named_and_opened(visit: Visit) -> None:
    """That several are overlaid is tested without a browser."""
    trained(visit)
    page = visit.page
    box = page.get_by_role("checkbox", name="batch 16")
    box.focus()
    box.press("Space")
    expect(box).to_be_checked()
    for side in ("left", "right"):
        visit.expect_traces(f"runs.{side}", 1)

    page.get_by_role("button", name="Rename or delete").first.click()
    visit.number("Name").fill("The small batch")
    visit.number("Name").press("Enter")
    expect(page.get_by_role("checkbox", name="The small batch")).to_be_checked()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Open", exact=True).first.click()
    visit.expect_query(lambda query: "run=" in query)
    expect(page.get_by_role("heading", name="The small batch")).to_be_visible()


@pytest.mark.soak
def test_a_run_is_opened_by_its_link_on_a_phone_and_kept_there(visitor: Callable[..., Visit]) -> None:
    visit = visitor()
    trained(visit)
    visit.page.get_by_role("button", name="Open", exact=True).first.click()
    visit.expect_query(lambda query: "run=" in query)

    phone = visitor(viewport={"width": 390, "height": 844}, has_touch=True)
    link = phone.open(f"/runs?{visit.query()}")
    expect(link.get_by_role("heading", name=re.compile("batch 16", re.IGNORECASE))).to_be_visible()
    phone.expect_traces("curves.total", 4)
    link.get_by_role("button", name="Keep in my runs").click()
    expect(link.get_by_role("checkbox")).to_have_count(1)
