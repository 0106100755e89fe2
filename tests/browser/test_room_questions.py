"""Questions from the room in Chromium: one phone asks, another votes, the host answers, and all see it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from harness.host import Host
from harness.server import Server
from tests.browser.hosting import open_room, played, press
from tests.browser.network import PATIENT
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

LESSON = "Where did the factor of two come from?"
HOSTILE = "<img src=x onerror=alert(1)> **not bold** [link](http://x)"
WHY = "Why is it twice as large?"
PHONE = {"viewport": {"width": 320, "height": 700}, "is_mobile": True, "has_touch": True}

#: The next vote reaches the server after the list that is requested once `sorts` is true; the list, made without that
#: vote, comes after the answer to the vote.
CROSSED = """() => {
  const real = window.fetch
  let listed, voted, made
  const list = new Promise((done) => { listed = done })
  const vote = new Promise((done) => { voted = done })
  const read = async (path, how) => {
    const answer = await real(path, { ...how, signal: undefined })
    const told = await answer.json()
    return { status: answer.status, json: async () => told }
  }
  window.fetch = async (path, how) => {
    if (path.endsWith("/votes")) {
      await list
      const answer = await read(path, how)
      setTimeout(voted)
      return answer
    }
    if (!path.endsWith("/questions") || !window.sorts || made) return real(path, how)
    made = true
    const answer = await read(path, how)
    listed()
    await vote
    return answer
  }
}"""


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
    desk.get_by_text("Everything else").click()
    desk.get_by_role("button", name="Take no questions from the room").click()
    for phone in (ada, bob):
        expect(fold(phone)).to_be_hidden()
    desk.get_by_role("button", name="Take questions from the room").click()
    expect(fold(bob)).to_have_text("Questions from the room (1)")


@pytest.mark.takes("a room is opened, and phones hear of a list only every few seconds")
def test_a_list_that_changes_disturbs_neither_an_answer_nor_what_is_read(
    host: Host, phones: Callable[[], Page]
) -> None:
    ada, bob = phones(), phones()
    for phone in (ada, bob):
        fold(phone).click()
    ask(ada, "Is it the first one?")
    played(press(host, "Begin"))
    options = bob.locator(".option-field input")
    expect(options.first).to_be_visible()
    options.nth(1).check()
    expect(bob.get_by_text("Sent. You may change it")).to_be_visible()
    expect(bob.locator(".asked li")).to_have_count(1)
    bob.get_by_label("Your question").fill("Half of a")
    options.nth(1).focus()
    bob.add_style_tag(content=".bar-of-status > div { display: none }")  # its clock may need another line
    bob.evaluate("window.marked = document.querySelector('.option-field')")
    place = "window.marked.getBoundingClientRect().top"
    at = bob.evaluate(place)
    ask(ada, WHY)
    expect(bob.locator(".asked li")).to_have_count(2)
    expect(options.nth(1)).to_be_focused()
    expect(options.nth(1)).to_be_checked()
    assert bob.evaluate("window.marked.isConnected")
    assert bob.evaluate(place) == at
    expect(bob.get_by_label("Your question")).to_have_value("Half of a")
    bob.evaluate(CROSSED)
    bob.get_by_role("button", name=f"Vote for: {WHY}").click()  # it has more votes now, and stays where it is read
    expect(bob.get_by_role("button", name=f"Vote for: {WHY} (2 votes)")).to_be_visible()
    expect(bob.locator(".asked li").first).to_contain_text("Is it the first one?")
    bob.evaluate("window.sorts = true")
    bob.get_by_role("button", name="Sort by votes").click()
    expect(bob.locator(".asked li").first).to_contain_text(WHY)
