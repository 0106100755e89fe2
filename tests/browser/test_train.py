"""Train: a run as its visitor sees it, from the click to the trained weights, and everything that may cut it short."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from harness.local import until
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

TITLE = "Which one trains better?"


def looks(edges: Locator) -> list[str]:
    found: list[str] = edges.evaluate_all("(edges) => edges.map((edge) => edge.getAttribute('stroke-width'))")
    return found


def test_a_run_has_the_focus_and_its_diagram_stays_when_it_ends(
    visit: Visit, replay: Callable[[int | None], None]
) -> None:
    page = visit.open("/train")
    expect(page.get_by_role("button", name="Play again")).to_be_visible()  # of the recorded run
    visit.expect_traces("curves.total", 4)
    visit.set_number("Learning rate", 0.02)
    visit.expect_query("learning_rate=0.02")
    replay(6)
    visit.train.click()
    # For a moment, there may be the bar of the draw before, too.
    bars = page.get_by_test_id("stMain").get_by_role("progressbar")
    expect(bars.and_(page.locator(":focus"))).to_have_count(1)
    visit.wait_for_epochs()
    visit.cancel.click()
    expect(page.get_by_text("Cancelled.")).to_be_visible()
    expect(visit.train).to_be_focused()  # in its place

    # The weights move, and the same diagram stays when the run ends.
    visit.train.click()
    visit.wait_for_epochs()
    expect(page.get_by_role("heading", name="Weights so far")).to_be_attached()
    diagram = page.locator("section.diagram")
    expect(diagram).to_have_count(1)
    diagram.evaluate("(node) => { node.marked = true }")
    before = looks(diagram.locator(".edge"))
    replay(15)
    until(lambda: looks(diagram.locator(".edge")) != before, "other weights")
    replay(None)
    visit.wait_for_finish()
    expect(page.get_by_role("heading", name=re.compile("^After epoch 20: "))).to_be_attached()
    assert diagram.evaluate("(node) => node.marked"), "the diagram of the run that trained"
    page.get_by_role("slider", name="Epoch").press("Home")  # the player moves the same diagram
    expect(page.get_by_role("heading", name=re.compile("^Before training: "))).to_be_attached()


def test_a_run_survives_a_refresh_and_is_cancelled_in_another_tab(
    visit: Visit, replay: Callable[[int | None], None]
) -> None:
    """That nobody else sees or cancels it is tested without a browser."""
    page = visit.open("/train?learning_rate=0.05")
    replay(8)
    visit.train.click()
    visit.wait_for_epochs()
    page.reload()
    visit.stand()
    visit.wait_for_epochs()
    other = visit.new_tab()
    other.goto(f"{visit.url}/train")
    other.get_by_role("button", name="Cancel", exact=True).click()
    for tab in (page, other):
        expect(tab.get_by_text("Cancelled.")).to_be_visible()
    visit.expect_query("learning_rate=0.05")  # the tabs share no settings
    expect(visit.train).to_be_enabled()
    expect(visit.cancel).to_have_count(0)


def test_a_run_shows_its_results_and_epochs_and_stays_visible_beside_the_next_run(visit: Visit) -> None:
    page = visit.open("/train")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)

    # A recorded run is there before any other, with the answer, so nothing is asked.
    visit.expect_traces("curves.total", 4)
    expect(page.get_by_text("In this run, there was no difference: in every epoch,")).to_be_in_viewport()
    expect(page.get_by_text("Recorded on ")).to_be_in_viewport()
    question = page.get_by_role("radiogroup", name="Which total loss is lower?")
    expect(question).to_have_count(0)

    visit.train.click()
    visit.wait_for_finish()
    expect(page.get_by_text("Recorded on ")).to_have_count(0)
    visit.expect_chart_title(re.compile("^Total validation loss after epoch 20: "))
    for task, name in enumerate(("level", "trend")):
        visit.expect_traces(f"curves.task.{task}", 2)
        visit.expect_chart_title(re.compile(rf"{name}, R² after epoch 20: Sequential 0\.\d"))

    finding = page.get_by_role("heading", name=re.compile("have the same 16 edges into the heads"))
    expect(finding).to_have_text(re.compile("^After epoch 20: "))
    page.get_by_role("slider", name="Epoch").press("Home")
    expect(finding).to_have_text(re.compile("^Before training: "))
    visit.expect_query("epoch=0")
    expect(visit.diagram).to_have_count(2)

    # The next run is drawn beside it.
    visit.expect_traces("curves.total", 4)
    visit.set_number("Learning rate", 0.01)
    visit.stand()
    expect(lines(visit)).to_have_css("opacity", "0.35")
    question.get_by_text("Functional").click()  # there is no result of these settings
    visit.train.click()
    visit.expect_traces("curves.total", 4)
    visit.wait_for_finish()
    expect(page.get_by_text("✗ Not right.")).to_be_visible()
    expect(lines(visit)).to_have_css("opacity", "1")


def lines(visit: Visit) -> Locator:
    """The lines of the chart of the totals."""
    return visit.chart("curves.total").locator(".scatterlayer").first
