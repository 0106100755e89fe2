"""Compare: what a visitor sets is there in both columns, in the diagrams and in the URL."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from components.layer_graph.layout import WIDTH
from tests.browser.visit import WORKER, Visit, chart_selector

pytestmark = pytest.mark.browser

TITLE = "Is it the same network?"


def source(page: Page, side: str) -> Locator:
    return page.locator(f".st-key-code-{side} pre")


def expect_counts(page: Page, count: str) -> None:
    """Our count in both columns, and Keras's as its check."""
    expect(page.get_by_text(re.compile(rf"^{count} parameters · ✓ Keras counts {count}$"))).to_have_count(
        2, timeout=WORKER
    )


def test_both_columns_and_the_url_follow_the_settings(visit: Visit) -> None:
    page = visit.open("/")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect_counts(page, "4,762")
    expect(source(page, "left")).to_contain_text("keras.Sequential(")
    expect(source(page, "right")).to_contain_text("keras.Model(")

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

    page.get_by_role("button", name="Reset to the thread's network").click()
    expect_counts(page, "4,762")
    visit.expect_query("")

    # One switch moves both sides.
    switch = page.get_by_role("radiogroup", name="Both sides show")

    switch.get_by_role("radio", name="Graph").click()
    left, right = visit.layer_graph("Sequential model"), visit.layer_graph("Functional model")
    expect(left.get_by_role("listitem")).to_have_count(3, timeout=WORKER)
    expect(right.get_by_role("listitem")).to_have_count(5)
    zoom_and_pan(page, left, right)

    switch.get_by_role("radio", name="Summary").click()
    expect(page.get_by_text(re.compile(r"Total params: 4,762"))).to_have_count(2, timeout=WORKER)

    switch.get_by_role("radio", name="Parameters").click()
    expect(page.get_by_text("4 × 32 × (2 + 32 + 1) = 4,480")).to_have_count(2)
    expect(page.locator("[data-testid=stTable]").get_by_text("✓ 4,762")).to_have_count(2, timeout=WORKER)

    switch.get_by_role("radio", name="Code").click()
    expect(source(page, "left")).to_be_visible()
    expect(source(page, "right")).to_be_visible()

    # Any style on either side, and one that cannot be written says why and what is nearest.
    visit.choose("Style on the left", "Subclassing")
    expect(source(page, "left")).to_contain_text("keras.Model)")
    expect_counts(page, "4,762")
    visit.expect_query("left=subclassing")
    visit.choose("Style on the left", "Sequential")
    visit.expect_query("")
    visit.choose("Start from", "Three kinds of tasks")
    expect(page.get_by_text(re.compile("Sequential is not available for these heads: .* in its place"))).to_be_visible()
    expect(page.get_by_text(re.compile(r"^Functional \(in place of Sequential\):.*✓ Keras counts"))).to_be_visible(
        timeout=WORKER
    )


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
    before = page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollTop")
    right.hover()
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


def test_a_neuron_chosen_by_click_or_keyboard_highlights_its_edges_in_both_diagrams(visit: Visit) -> None:
    page = visit.open("/")
    charts = [f"compare.connectivity-{side}" for side in ("left", "right")]
    for chart in charts:
        expect(visit.chart(chart).locator(".scatterlayer .trace .js-line").first).to_be_attached()
        assert lit_edges(visit, chart) == 0
    click_neuron(visit, charts[0], "mean")
    expect(page.get_by_role("heading", level=2).filter(has_text="mean")).to_be_visible()
    for chart in charts:
        expect_lit(visit, chart, 8)
    expect(page.get_by_label("Highlight a neuron")).to_have_value("mean")

    # In the other diagram a second click lets go.
    click_neuron(visit, charts[1], "mean")
    for chart in charts:
        expect_lit(visit, chart, 0)
    expect(page.get_by_label("Highlight a neuron")).to_have_value("none")

    # The keyboard follows a neuron too.
    menu = page.get_by_label("Highlight a neuron")
    menu.focus()
    page.keyboard.type("Dense neuron 3")
    page.keyboard.press("Enter")
    # Every Dense neuron reaches every head, in both styles.
    for side in ("left", "right"):
        expect_lit(visit, f"compare.connectivity-{side}", 2)


def test_a_label_is_plain_text(visit: Visit) -> None:
    asked: list[str] = []
    visit.page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    evil = "%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E%20%24%5Cpi%24%20%5Ba%5D(javascript:b)"
    page = visit.open(f"/?head=mean......{evil}&head=trend")
    expect(page.locator("[data-testid=stSidebar]").get_by_text("<img src=x onerror=alert(1)>")).to_be_visible()
    expect(visit.chart("compare.connectivity-right")).to_be_visible()
    assert page.locator("img[src=x], .katex, a[href^=javascript]").count() == 0
    visit.go_to("Train")
    visit.expect_chart_title("<img src=x")
    assert page.locator("img[src=x], .katex, a[href^=javascript]").count() == 0
    assert not asked


def expect_lit(visit: Visit, chart: str, count: int) -> None:
    visit.page.wait_for_function(f"([chart, count]) => ({LIT})(chart) === count", arg=[selector(chart), count])


def lit_edges(visit: Visit, chart: str) -> int:
    count: int = visit.page.evaluate(LIT, selector(chart))
    return count


def click_neuron(visit: Visit, chart: str, group: str) -> None:
    """Click the first neuron of a group where Plotly has drawn it."""
    visit.chart(chart).scroll_into_view_if_needed()
    x, y = visit.page.evaluate(NEURON, [selector(chart), group])
    visit.page.mouse.move(x, y)
    visit.page.mouse.click(x, y)


def selector(chart: str) -> str:
    return f"{chart_selector(chart)} .js-plotly-plot"


#: How many thick lines Plotly has drawn, but for the stubs in which an output's edges end together inside its box.
LIT = """(chart) => {
  const lines = document.querySelectorAll(`${chart} .scatterlayer .trace path.js-line`)
  return [...lines].filter((line) => parseFloat(line.style.strokeWidth) > 2 && line.getBBox().width > 30).length
}"""

NEURON = """([chart, group]) => {
  const plot = document.querySelector(chart)
  const neurons = plot.calcdata.find((points) => points[0].trace.name === "neurons")
  const at = neurons[0].trace.customdata.findIndex(([name]) => name === group)
  const box = neurons[0].node3.node().querySelectorAll("path.point")[at].getBoundingClientRect()
  return [box.x + box.width / 2, box.y + box.height / 2]
}"""
