"""Compare: what a visitor sets is there in both columns, in the diagrams and in the URL."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from components.layer_graph.layout import WIDTH
from harness.local import until
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

TITLE = "Is it the same network?"


def source(page: Page, side: str) -> Locator:
    return page.locator(f".st-key-code-{side} pre")


def expect_counts(page: Page, count: str) -> None:
    """Keras's count of both sides, which confirms ours."""
    expect(page.get_by_text(f"✓ Keras counts {count} parameters", exact=True)).to_have_count(2)


def _top(part: Locator) -> float:
    box = part.bounding_box()
    assert box
    return box["y"]


def _bottom(part: Locator) -> float:
    box = part.bounding_box()
    assert box
    return box["y"] + box["height"]


def test_both_columns_and_the_url_follow_the_settings(visit: Visit) -> None:
    page = visit.open("/")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect_counts(page, "4,762")
    expect(source(page, "left")).to_contain_text("keras.Sequential(")
    expect(source(page, "right")).to_contain_text("keras.Model(")

    # A link of the answer scrolls to the diagram.
    page.set_viewport_size({"width": 1440, "height": 300})
    expect(visit.diagram.first).not_to_be_in_viewport()
    page.get_by_role("link", name="connections into the heads").click()
    expect(visit.diagram.first).to_be_in_viewport()
    title = page.get_by_role("heading", name=re.compile("have the same 16 edges"))
    until(lambda: _top(title) > _bottom(visit.navigation), "its title is below the strip")
    page.set_viewport_size({"width": 1440, "height": 900})

    visit.set_number("LSTM 1 units", 5)
    # 4 × 5 × (2 + 5 + 1) + 8 × (5 + 1) + 2 × (8 + 1)
    expect_counts(page, "226")
    for side in ("left", "right"):
        expect(source(page, side)).to_contain_text("layers.LSTM(5")
    visit.expect_query("lstm=5")

    visit.set_number("Number of heads", 3)
    expect_counts(page, "235")
    expect(source(page, "left")).to_contain_text("layers.Dense(3)")
    expect(source(page, "right").locator(".differs")).to_have_count(4)
    visit.expect_query(lambda query: query.count("head=") == 3)

    page.get_by_role("button", name="Reset to the thread's network").press("Enter")
    expect(page.get_by_role("combobox", name="Start from")).to_be_focused()
    expect_counts(page, "4,762")
    visit.expect_query("")

    # One switch moves both sides.
    switch = page.get_by_role("radiogroup", name="Both sides show")

    switch.get_by_role("radio", name="Graph").click()
    left, right = visit.layer_graph("Sequential model"), visit.layer_graph("Functional model")
    expect(left.get_by_role("listitem")).to_have_count(3)
    expect(right.get_by_role("listitem")).to_have_count(5)
    zoom_and_pan(page, left, right)

    switch.get_by_role("radio", name="Summary").click()
    expect(page.get_by_text(re.compile(r"Total params: 4,762"))).to_have_count(2)

    switch.get_by_role("radio", name="Parameters").click()
    expect(page.get_by_text("4 × 32 × (2 + 32 + 1) = 4,480")).to_have_count(2)
    expect(page.locator("[data-testid=stTable]").get_by_text("✓ 4,762")).to_have_count(2)

    switch.get_by_role("radio", name="Code").click()
    expect(source(page, "left")).to_be_visible()
    expect(source(page, "right")).to_be_visible()


def zoom_and_pan(page: Page, left: Locator, right: Locator) -> None:
    """Both graphs have one height and one scale, which buttons, wheel and keys change; the mouse pans."""

    def widths() -> list[float]:
        return [box["width"] for each in (left, right) if (box := each.get_by_role("listitem").first.bounding_box())]

    def expect_scale(percent: int) -> None:
        expect(page.get_by_role("button", name=re.compile("^Scale 100 %"))).to_have_text([f"{percent} %"] * 2)
        one, other = widths()
        assert one == pytest.approx(other) == pytest.approx(WIDTH * percent / 100, abs=1)

    assert left.bounding_box()["height"] == right.bounding_box()["height"]  # type: ignore[index]
    expect_scale(100)
    small = left.get_by_text("(None, 32)").evaluate("(text) => parseFloat(getComputedStyle(text).fontSize)")
    assert small >= 12
    page.get_by_role("button", name=re.compile("^Zoom in.*Sequential")).click()
    expect_scale(125)
    right.focus()
    page.keyboard.press("+")
    expect_scale(156)
    right.hover()  # may scroll
    before = page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollTop")
    page.keyboard.down("Control")
    page.mouse.wheel(0, -300)
    page.keyboard.up("Control")
    expect_scale(300)
    assert page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollTop") == before
    place = right.evaluate("(view) => view.scrollLeft")
    page.mouse.down()
    page.mouse.move(*[at - 60 for at in middle(right)])
    page.mouse.up()
    assert right.evaluate("(view) => view.scrollLeft") == pytest.approx(place + 60, abs=2)
    page.keyboard.press("0")
    expect(page.get_by_role("button", name=re.compile("^Scale 100 %")).first).not_to_have_text("300 %")
    view, graph = right.bounding_box(), right.get_by_role("list").bounding_box()
    assert view
    assert graph
    assert graph["width"] <= view["width"] + 1
    assert graph["height"] <= view["height"] + 1
    page.get_by_role("button", name=re.compile("^Scale 100 %")).first.click()
    expect_scale(100)


def middle(thing: Locator) -> tuple[float, float]:
    box = thing.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_label_is_plain_text(visit: Visit) -> None:
    asked: list[str] = []
    visit.page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    evil = "%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E%20%24%5Cpi%24%20%5Ba%5D(javascript:b)"
    page = visit.open(f"/?head=level......{evil}&head=trend")
    expect(page.locator("[data-testid=stSidebar]").get_by_text("<img src=x onerror=alert(1)>")).to_be_visible()
    expect(visit.diagram.last).to_be_visible()
    assert page.locator("img[src=x], .katex, a[href^=javascript]").count() == 0
    visit.go_to("Train")
    visit.expect_chart_title("<img src=x")
    assert page.locator("img[src=x], .katex, a[href^=javascript]").count() == 0
    assert not asked
