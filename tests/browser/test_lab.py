"""The Lab: a link, a dragged tip, the keyboard, a third head, and the same state after a reload. And a question."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.visit import Visit

pytestmark = pytest.mark.browser


def tip(page: Page, head: str) -> Locator:
    return page.get_by_role("slider", name=f"Tip of head {head}")


def take(page: Page, head: str) -> float:
    """Press the mouse on a tip that has come to rest. Returns its height in the window."""
    tip(page, head).locator(".ring").hover()
    box = tip(page, head).locator(".ring").bounding_box()
    assert box
    page.mouse.down()
    return box["y"] + box["height"] / 2


def effects(page: Page) -> Locator:
    return page.locator("section.compass:not(.moving) .words li")


@pytest.mark.takes("the server starts, and one visitor drags, presses keys and reloads: 27 s on two busy cores")
def test_arrows_are_dragged_and_moved_by_keys_and_the_link_restores_them(visit: Visit) -> None:
    page = visit.open("/lab?angle=60&ratio=1")
    expect(page.get_by_role("heading", name="The heads agree: their gradients are 60° apart")).to_be_visible()
    expect(effects(page)).to_have_count(4)
    slider = page.get_by_role("slider", name="Angle between A and B")
    for part in (effects(page).last, slider, page.locator("svg.plot")):
        expect(part).to_be_in_viewport(ratio=1)

    # Head B is dragged to the left of the origin: an obtuse angle. The arrows of the methods move with it.
    plot = page.locator("svg.plot").bounding_box()
    assert plot
    before = page.locator("svg.plot .shaft").nth(3).get_attribute("d")
    y = take(page, "B")
    page.mouse.move(plot["x"] + plot["width"] * 0.3, y, steps=6)
    expect(page.locator("svg.plot .shaft").nth(3)).not_to_have_attribute("d", str(before))
    page.mouse.up()
    visit.expect_query(lambda query: bool(re.search(r"angle=1[0-7]\d", query)))
    expect(page.get_by_role("heading", name=re.compile("^The heads conflict"))).to_be_visible()
    expect(effects(page)).to_have_count(4)

    # Head A is dragged outwards: it becomes longer, so the ratio of B to A falls below 1.
    y = take(page, "A")
    page.mouse.move(plot["x"] + plot["width"] - 10, y, steps=6)
    page.mouse.up()
    visit.expect_query(lambda query: bool(re.search(r"ratio=0\.\d+", query)))

    # Arrow keys turn a tip and change its length; those of a slider move it by a degree.
    slider.focus()
    for _ in range(3):
        page.keyboard.press("Home")
    visit.expect_query(lambda query: "angle=0" in query)
    expect(page.get_by_role("heading", name=re.compile("^The heads agree: their gradients are 0°"))).to_be_visible()
    tip(page, "B").focus()
    for _ in range(4):
        page.keyboard.press("Shift+ArrowLeft")
    visit.expect_query(lambda query: "angle=20" in query)
    page.keyboard.press("ArrowLeft")
    visit.expect_query(lambda query: "angle=21" in query)
    expect(tip(page, "B")).to_be_focused()
    expect(tip(page, "B")).to_have_attribute("aria-valuetext", re.compile("^21° between A and B"))

    # A third head, and the conflict that PCGrad leaves.
    page.get_by_text("A third head", exact=True).click()
    visit.expect_query(lambda query: "third=1" in query)
    expect(page.get_by_role("slider", name="Angle between B and C")).to_be_visible()
    expect(page.locator("svg.plot ellipse.floor")).to_be_visible()
    page.get_by_text("The conflict that PCGrad leaves", exact=True).click()
    pcgrad = effects(page).filter(has_text="PCGrad")
    expect(pcgrad).to_contain_text("head A’s loss rises by 0.315")
    depth = page.locator("svg.plot ellipse.floor").get_attribute("ry")
    page.locator("svg.plot").focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator("svg.plot ellipse.floor")).not_to_have_attribute("ry", str(depth))

    # The gallery, the same step length, and the same page again from its link.
    page.get_by_role("checkbox", name="DualProj").check()
    expect(effects(page)).to_have_count(5)
    page.get_by_text("Same step length", exact=True).click()
    visit.expect_query(lambda query: "same_length=1" in query)
    expect(page.get_by_text("Every step is as long as the mean’s")).to_be_visible()
    query = visit.query()
    words = page.locator("section.compass .words").inner_text()
    page.reload()
    visit.stand()
    expect(effects(page)).to_have_count(5)
    assert visit.query() == query
    expect(page.locator("section.compass .words")).to_have_text(words, use_inner_text=True)
    expect(page.get_by_role("radio", name="The conflict that PCGrad leaves")).to_be_checked()
