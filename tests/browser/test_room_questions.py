"""Questions from the room in Chromium: one phone asks, another votes, the host answers, and all see it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from harness.host import Host
from harness.server import Server
from tests.browser.hosting import open_room, played
from tests.browser.network import PATIENT
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

LESSON = "Where did the factor of two come from?"
HOSTILE = "<img src=x onerror=alert(1)> **not bold** [link](http://x)"
WHY = "Why is it twice as large?"
PHONE = {"viewport": {"width": 320, "height": 700}, "is_mobile": True, "has_touch": True}


@pytest.fixture
def host(server: Server) -> Host:
    host = Host(server.address)
    played(open_room(host, LESSON))
    return host


@pytest.fixture
def phones(server: Server, visitor: Callable[..., Visit], host: Host) -> Callable[[], Page]:
    """Opens further phones in the room."""

    def join() -> Page:
        page = visitor(**PHONE).page
        page.add_init_script(PATIENT)
        page.goto(f"{server.url}/join/{host.code}")
        expect(page.get_by_text("You are in.")).to_be_visible(timeout=60_000)
        return page

    return join


@pytest.fixture
def desk(server: Server, visitor: Callable[..., Visit], host: Host) -> Page:
    """The host's page."""
    visit = visitor()
    visit.context.add_cookies([{"name": k, "value": v, "url": server.url} for k, v in host.cookies.items()])
    visit.page.goto(f"{server.url}/room?host={host.id}")
    return visit.page


def fold(phone: Page) -> Locator:
    return phone.locator("summary", has_text="Questions from the room")


def ask(phone: Page, text: str) -> None:
    phone.get_by_label("Your question").fill(text)
    phone.get_by_role("button", name="Ask").click()
    expect(phone.get_by_text("Your question is in the list.")).to_be_visible()
    expect(phone.get_by_label("Your question")).to_have_value("")


@pytest.mark.takes("a room is opened, and phones hear of a list only every few seconds")
def test_one_asks_another_votes_the_host_answers_and_all_see_it(
    host: Host, phones: Callable[[], Page], desk: Page
) -> None:
    ada, bob = phones(), phones()
    for phone in (ada, bob):
        fold(phone).click()
    ask(ada, HOSTILE)
    ask(ada, WHY)
    expect(fold(bob)).to_have_text("Questions from the room (2)")
    vote = bob.get_by_role("button", name=f"Vote for: {WHY}")
    expect(vote).to_have_attribute("aria-pressed", "false")
    vote.focus()
    bob.keyboard.press("Enter")
    expect(vote).to_have_attribute("aria-pressed", "true")
    expect(bob.get_by_role("button", name=f"Vote for: {WHY} (2 votes)")).to_be_focused()
    desk.get_by_role("button", name="Show: Questions from the room").click()
    rows = desk.locator('[class*="st-key-room-host-asked-"]')
    expect(rows.first).to_contain_text(f"2 votes · {WHY}")
    # An invisible word joiner keeps Streamlit from making a link of an address.
    expect(rows.nth(1)).to_contain_text(re.compile(re.escape(HOSTILE).replace("://", "\u2060?://")))
    vote.focus()
    rows.first.get_by_role("button", name="Answered").click()
    for phone in (ada, bob):
        expect(phone.locator(".asked li", has_text=WHY)).to_contain_text("✓ Answered · 2")
        expect(phone.locator(".asked li", has_text=HOSTILE)).to_be_visible()
        expect(fold(phone)).to_have_text("Questions from the room (1)")
        assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]  # type: ignore[index]
        sizes = phone.locator(".room-questions button:visible").evaluate_all("all => all.map(n => n.offsetHeight)")
        assert min(sizes) >= 44
    expect(fold(bob)).to_be_focused()
    expect(desk.get_by_role("button", name="Hide: Questions from the room (1)")).to_be_visible()
