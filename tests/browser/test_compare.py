"""Compare: what a visitor sets is there in both columns, in the diagrams and in the URL."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

TITLE = "The same network?"


def source(page: Page, side: str) -> Locator:
    return page.locator(f".st-key-code-{side} pre")


def expect_counts(page: Page, count: str) -> None:
    """Keras's count of both sides, which confirms ours."""
    expect(page.get_by_text(f"✓ Keras counts {count} parameters", exact=True)).to_have_count(2)


def test_both_columns_and_the_url_follow_the_settings(visit: Visit) -> None:
    page = visit.open("/")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect_counts(page, "4,762")
    expect(page.locator("pre")).to_have_count(0)
    switch = page.get_by_role("radiogroup", name="Both sides show")
    switch.get_by_role("radio", name="Code").click()
    visit.expect_query("view=code")
    expect(source(page, "left")).to_contain_text("keras.Sequential(")
    expect(source(page, "right")).to_contain_text("keras.Model(")

    visit.set_number("LSTM 1 units", 5)
    # 4 × 5 × (2 + 5 + 1) + 8 × (5 + 1) + 2 × (8 + 1)
    expect_counts(page, "226")
    for side in ("left", "right"):
        expect(source(page, side)).to_contain_text("layers.LSTM(5")
    visit.expect_query("lstm=5&view=code")

    visit.choose("Start from", "The thread's network")
    expect_counts(page, "4,762")
    visit.expect_query("view=code")

    # One switch moves both sides.
    switch.get_by_role("radio", name="Graph").click()
    left, right = visit.layer_graph("Sequential model"), visit.layer_graph("Functional model")
    expect(left.locator("rect")).to_have_count(3)
    expect(right.locator("rect")).to_have_count(5)
