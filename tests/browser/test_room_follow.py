"""A participant's phone in Chromium: it follows its room, keeps its answer, and says what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from harness.host import Host
from harness.server import Server
from tests.browser.hosting import delete, open_room, played, press
from tests.browser.network import lose

pytestmark = pytest.mark.browser

LESSON = "What does a total loss tell you?"


@pytest.fixture
def host(server: Server) -> Host:
    """The host of a new room."""
    host = Host(server.address)
    played(open_room(host, LESSON))
    return host


@pytest.fixture
def phone(server: Server, chromium: Browser) -> Iterator[Page]:
    """A page of a new visitor."""
    with chromium.new_context() as context:
        yield context.new_page()


@pytest.fixture
def leading(server: Server, host: Host, chromium: Browser) -> Iterator[Page]:
    """The host's page."""
    with chromium.new_context() as context:
        page = context.new_page()
        page.goto(f"{server.url}/rooms/host/{host.id}/{host.token}")
        yield page


def joined(page: Page, server: Server, host: Host) -> None:
    page.goto(f"{server.url}/join/{host.code}")
    expect(page.get_by_text("You are in.")).to_be_visible(timeout=60_000)


def option(page: Page, position: int) -> Locator:
    return page.locator(".option-field").nth(position)


#: Keeps what the page says right after its own script has heard that the connection is lost.
HEAR = """() => {
  window.said = ""
  addEventListener("offline", () => { window.said = document.body.innerText }, { once: true })
}"""


def goes_offline(phone: Page) -> str:
    """What the page says at once when the connection is lost, however slow the machine."""
    phone.evaluate(HEAR)
    phone.context.set_offline(True)
    return str(phone.wait_for_function("() => window.said").json_value())


def test_a_phone_without_a_connection_says_so_at_once_and_what_becomes_of_the_answer(
    server: Server, host: Host, phone: Page
) -> None:
    joined(phone, server, host)
    assert "This page goes on by itself" in goes_offline(phone)
    expect(phone.get_by_text("You are in.")).to_be_hidden()
    phone.context.set_offline(False)
    expect(phone.get_by_text("No connection.")).to_have_count(0)
    played(press(host, "Begin"))
    expect(phone.get_by_text("Choose an answer.")).to_be_visible()
    assert "This page goes on by itself" in goes_offline(phone)
    phone.context.set_offline(False)
    option(phone, 1).click()
    expect(phone.get_by_text("Sent.")).to_be_visible()
    assert "This page goes on by itself" in goes_offline(phone)
    expect(option(phone, 1).get_by_role("radio")).to_be_checked()
    expect(phone.get_by_text("Sent.")).to_be_hidden()
    option(phone, 2).click()
    expect(phone.get_by_text("Your answer is sent by itself when the connection is back.")).to_be_visible()
    phone.context.set_offline(False)
    expect(phone.get_by_text("Sent.")).to_be_visible()
    expect(option(phone, 2).get_by_role("radio")).to_be_checked()


def test_an_answer_that_is_lost_on_its_way_is_sent_again_or_said_not_to_count(
    server: Server, host: Host, phone: Page, leading: Page
) -> None:
    joined(phone, server, host)
    played(press(host, "Begin"))
    expect(phone.get_by_text("Choose an answer.")).to_be_visible()
    find = lose(phone, "**/rooms/*/answer")
    option(phone, 2).click()
    expect(phone.get_by_text("Your answer is sent by itself when the connection is back.")).to_be_visible()
    phone.reload()
    expect(option(phone, 2).get_by_role("radio")).to_be_checked()
    expect(phone.get_by_text("Sent.")).to_have_count(0)
    find()
    expect(phone.get_by_text("Sent.")).to_be_visible()
    expect(phone.get_by_text("No connection.")).to_have_count(0)

    # Too late for the first round.
    find = lose(phone, "**/rooms/*/answer")
    option(phone, 0).click()
    played(press(host, "Freeze"))
    find()
    expect(phone.get_by_text("Your last answer was not counted. Too late: the answers are frozen.")).to_be_visible()
    expect(phone.get_by_text("You answered: C.")).to_be_visible()

    # The room is gone.
    gone = "This room does not exist any more."
    played(press(host, "Let them discuss", "Ask again"))
    expect(phone.get_by_text("Second round. ")).to_be_visible()
    find = lose(phone, "**/rooms/*/answer")
    option(phone, 1).click()
    delete(leading)
    expect(phone.get_by_role("status").filter(has_text=gone)).to_be_visible()
    find()
    expect(phone.get_by_text(f"Your last answer was not counted. {gone}")).to_be_visible()
    assert phone.get_by_role("status").filter(has_text=gone).count() == 1
    assert "No connection." not in goes_offline(phone)


@pytest.mark.takes("a phone asks after four seconds without its stream")
def test_a_phone_whose_stream_is_held_back_or_refused_asks(
    server: Server, host: Host, phone: Page, leading: Page
) -> None:
    """A proxy that passes on only complete responses holds back a stream; a server may have too many of them."""
    streams = "**/rooms/*/page"
    phone.route(streams, lambda route: None)
    joined(phone, server, host)
    played(press(host, "Begin"))
    expect(phone.get_by_text("Choose an answer.")).to_be_visible()
    phone.unroute(streams)
    phone.route(streams, lambda route: route.fulfill(status=503))
    phone.reload()
    played(press(host, "Freeze"))
    expect(phone.get_by_text("Answers are frozen.")).to_be_visible()
    phone.unroute(streams)
    with phone.expect_response(lambda answer: answer.url.endswith("/page") and answer.status == 200):
        pass  # it opens the stream again by itself
    delete(leading)
    expect(phone.get_by_text("This room does not exist any more.")).to_be_visible()
