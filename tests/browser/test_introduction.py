"""The introduction in a browser: it asks a newcomer once, and its trainings are runs on this server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from components.introduction.first_visit import ADAM, ANSWER, QUESTION
from harness.local import until
from tests.browser.contrast import GROUNDS, faults_in
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

TITLE = "The same network?"
YES = "Yes, the same network"


def bottom(page: Page, selector: str) -> float:
    """How far the lowest of these elements reaches down, in pixels."""
    boxes = [each.bounding_box() for each in page.locator(selector).all()]
    assert boxes
    return max(box["y"] + box["height"] for box in boxes if box)


@pytest.mark.parametrize("window", [(1440, 900), (1024, 768), (390, 844)])
def test_question_drawing_and_vote_are_in_the_first_window(visitor: Callable[..., Visit], window: Any) -> None:
    width, height = window
    visit = visitor(newcomer=True, viewport={"width": width, "height": height})
    page = visit.open("/")
    expect(visit.diagram).to_have_count(2)
    assert bottom(page, ".st-key-introduction-vote button") <= height
    shift, moved = visit.shifted()
    assert shift <= 0.05, moved
    if width < height:
        return
    page.get_by_role("button", name="Yes", exact=True).click()
    expect(page.get_by_role("button", name="Train both")).to_be_visible()
    expect(page.get_by_text("no line moves")).to_be_visible()
    visit.stand()
    assert bottom(page, ".st-key-introduction-ways") <= max(height, 900)


def test_a_newcomer_votes_and_trains_twice_on_this_server(visitor: Callable[..., Visit]) -> None:
    visit = visitor(newcomer=True)
    page = visit.open("/")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "true")
    drawing = visit.diagram.first.bounding_box()
    page.get_by_role("button", name="No", exact=True).click()
    expect(page.get_by_role("paragraph").filter(has_text="you predicted “No”.")).to_be_visible()
    expect(page.get_by_text("4,762 parameters, 16 edges: no line moves.")).to_be_visible()
    assert visit.diagram.first.bounding_box() == drawing, "the split moves nothing"

    page.get_by_role("button", name="Train both").click()
    expect(page.get_by_role("heading", level=2)).to_be_focused()
    following = page.get_by_role("button", name="Next: the same with plain SGD")
    expect(following).to_be_disabled()
    page.get_by_role("radio", name="Functional's").click()
    expect(page.get_by_text("Both were trained on this server.")).to_be_visible()
    marked = page.get_by_role("paragraph").filter(has_text="you predicted “Functional's”. The answer: “Sequential's”.")
    expect(marked).to_be_visible()
    following.click()
    expect(page.get_by_role("heading", level=2)).to_have_text("And with plain SGD?")
    page.get_by_role("radio", name="Functional's").click()
    expect(page.get_by_text("Choose Sequential")).to_be_visible()
    page.get_by_role("button", name="Set your own network").click()
    expect(page.get_by_role("heading", name=YES)).to_be_visible()
    expect(visit.number("Timesteps")).to_be_visible()

    # It was seen: from now on the first page has the answer.
    visit.open("/")
    expect(page.get_by_role("heading", name=YES)).to_be_visible()


def test_on_a_phone_the_way_to_ones_own_network_opens_the_settings(visitor: Callable[..., Visit]) -> None:
    visit = visitor(newcomer=True, viewport={"width": 390, "height": 844})
    page = visit.open("/?beat=answer")
    page.get_by_role("button", name="Set your own network").click()
    expect(page.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "false")
    expect(visit.number("Timesteps")).to_be_in_viewport()
    visit.expect_query("")


@pytest.mark.parametrize("place", [QUESTION, ANSWER, ADAM])
def test_each_place_passes_axe(visitor: Callable[..., Visit], place: str) -> None:
    visit = visitor(newcomer=True)
    page = visit.open(f"/?beat={place}")
    if place == ADAM:
        page.get_by_role("radio", name="Functional's").click()
        expect(page.get_by_role("button", name="Next: the same with plain SGD")).to_be_enabled()
        visit.stand()
    assert not [fault for scheme in GROUNDS for fault in faults_in(page, scheme)]


def test_old_links_to_the_introduction_lead_to_their_places(visit: Visit) -> None:
    page = visit.open("/story")
    expect(page.get_by_role("button", name="Yes", exact=True)).to_be_visible()
    until(lambda: page.url == f"{visit.url}/?beat=question", "the address is that of the question")
    visit.open("/story?beat=5")
    expect(page.get_by_role("heading", level=2)).to_have_text("And with plain SGD?")
