"""The Lab: a link, a dragged tip, the keyboard, a third head, and the same state after a reload."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.visit import Visit

pytestmark = pytest.mark.browser


def take(page: Page) -> float:
    """Press the mouse on the tip of B, which has come to rest. Returns its height in the window."""
    ring = page.locator("section.compass .tip .ring")
    ring.hover()
    box = ring.bounding_box()
    assert box
    page.mouse.down()
    return box["y"] + box["height"] / 2


def effects(page: Page) -> Locator:
    return page.locator("section.compass:not(.moving) .words li")


@pytest.mark.takes("the server starts, and one visitor drags, types and reloads: 27 s on two busy cores")
def test_an_arrow_is_dragged_or_its_angle_typed_and_the_link_restores_it(visit: Visit) -> None:
    page = visit.open("/lab?angle=60&ratio=1")
    expect(page.get_by_role("heading", name="The heads agree: their gradients are 60° apart")).to_be_visible()
    expect(effects(page)).to_have_count(4)
    angle = page.get_by_role("spinbutton", name="Angle between A and B")
    for part in (effects(page).last, page.locator("svg.plot")):
        expect(part).to_be_in_viewport(ratio=1)

    # Head B is dragged to the left of the origin: an obtuse angle. The arrows of the methods move with it.
    plot = page.locator("svg.plot").bounding_box()
    assert plot
    step = page.locator("svg.plot g:has(> .shaft)").nth(3)
    before = step.get_attribute("transform")
    y = take(page)
    page.mouse.move(plot["x"] + plot["width"] * 0.3, y, steps=6)
    expect(step).not_to_have_attribute("transform", str(before))
    page.mouse.up()
    visit.expect_query(lambda query: bool(re.search(r"angle=1[0-7]\d", query)))
    expect(page.get_by_role("heading", name=re.compile("^The heads conflict"))).to_be_visible()
    expect(effects(page)).to_have_count(4)

    # A number can be typed.
    angle.fill("21")
    angle.press("Enter")
    visit.expect_query(lambda query: "angle=21" in query)
    expect(page.get_by_role("heading", name=re.compile("^The heads agree: their gradients are 21°"))).to_be_visible()
    query = visit.query()
    words = page.locator("section.compass .words").inner_text()
    page.reload()
    visit.stand()
    expect(effects(page)).to_have_count(4)
    assert visit.query() == query
    expect(page.locator("section.compass .words")).to_have_text(words, use_inner_text=True)
