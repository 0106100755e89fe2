"""An ad-hoc question in Chromium: typed while the host's page is drawn each second, and shown as it was typed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from harness.host import Host
from harness.server import Server
from tests.browser.hosting import open_room, played, press
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

LESSON = "Where did the factor of two come from?"
TITLE = "Is <b>it</b> *yours*? See https://a.org, www.a.org or me@a.org"
TEXT = "## a -> b -- c :smile: :red[r] $x^2$ `d` &amp; [e](https://a.org)"
OPTIONS = ["**yes** <i>i</i>", "- [x] no :material/home: www.a.org"]
#: What is read on the page, without invisible signs; and whether it has a link to what was typed.
READ = "() => document.body.innerText.replaceAll('\\u2060', '').replace(/\\s+/g, ' ')"
LINKS = "() => [...document.querySelectorAll('a')].filter((each) => each.href.includes('a.org')).length"


@pytest.fixture
def host(server: Server) -> Host:
    host = Host(server.address)
    played(open_room(host, LESSON))
    return host


@pytest.fixture
def pages(server: Server, visitor: Callable[..., Visit], host: Host) -> tuple[Page, Page, Page]:
    """The pages of the host, of the board and of a participant."""
    leading = visitor()
    leading.context.add_cookies([{"name": k, "value": v, "url": server.url} for k, v in host.cookies.items()])
    lead, board = leading.page, leading.new_tab()
    lead.goto(f"{server.url}/room?host={host.id}")
    board.goto(f"{server.url}/room?board={host.id}")
    return lead, board, visitor().page


@pytest.mark.takes("three pages are opened for the first time")
def test_a_question_is_asked_as_it_was_typed(server: Server, host: Host, pages: tuple[Page, Page, Page]) -> None:
    lead, board, phone = pages
    lead.get_by_text("Everything else").click()
    question, options = (lead.get_by_role("textbox", name=name) for name in ("Question", "Options, one in each line"))
    question.fill(f"{TITLE}\n{TEXT}")
    options.fill(OPTIONS[0])
    phone.goto(f"{server.url}/join/{host.code}")
    expect(lead.get_by_text("1 here")).to_be_visible(timeout=60_000)
    lead.get_by_role("button", name="Ask it next").click()
    expect(lead.get_by_text("The question has 1 option")).to_be_visible()
    expect(question).to_have_value(f"{TITLE}\n{TEXT}")
    options.fill("\n".join(OPTIONS))
    lead.get_by_role("button", name="Ask it next").click()
    expect(lead.get_by_text("Your question comes next.")).to_be_visible()
    expect(question).to_have_value("")
    played(press(host, "Begin"))
    expect(phone.get_by_text("Choose an answer.")).to_be_visible()
    expect(board.get_by_text("Answer on your phone")).to_be_visible()
    for page in (lead, board, phone):
        for typed in (TITLE, TEXT, *OPTIONS):
            page.wait_for_function(f"([typed]) => ({READ})().includes(typed)", arg=[typed])
        assert page.evaluate(LINKS) == 0
    phone.locator(".option-field").nth(1).click()
    expect(phone.get_by_text("Sent.")).to_be_visible()
    played(press(host, "Freeze", "Reveal"))
    expect(phone.get_by_text("You answered: B.")).to_be_visible()
    expect(phone.get_by_text("This question has no right answer.")).to_be_visible()
    expect(phone.get_by_text("Right.", exact=True)).to_have_count(0)
    expect(board.get_by_text("Your votes")).to_be_visible()
