"""A participant's phone in Chromium: it follows its room, keeps its answer, and says what becomes of it."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from backend.web.cookie import COOKIE
from backend.web.streams import MOST_OF_VISITOR
from harness.host import Host
from harness.local import until
from harness.server import Server
from tests.browser.hosting import board_code, open_room, played, press
from tests.browser.network import PATIENT, hold, lose

pytestmark = pytest.mark.browser

LESSON = "Where did the factor of two come from?"
SOON = 60_000
#: Chooses a pace for this participant, as their page on another device does.
FROM_ANOTHER_DEVICE = """(path) => fetch(path, {
  method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ pace: "none" }),
}).then((response) => response.status)"""
NO_CONNECTION = "No connection. The room has"


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
    return str(phone.wait_for_function("() => window.said", timeout=SOON).json_value())


def test_a_phone_shows_each_change_and_the_end_of_its_room(server: Server, host: Host, phone: Page) -> None:
    joined(phone, server, host)
    played(press(host, "Begin"))
    expect(phone.get_by_text("Choose an answer.")).to_be_visible(timeout=SOON)
    played(press(host, "Freeze"))
    expect(phone.get_by_text("Answers are frozen.")).to_be_visible(timeout=SOON)
    played(press(host, "Delete the room"))
    expect(phone.get_by_text("This room does not exist any more.")).to_be_visible(timeout=SOON)


def test_a_phone_whose_room_is_gone_says_so_to_the_end(server: Server, host: Host, phone: Page) -> None:
    gone = "This room does not exist any more."
    joined(phone, server, host)
    played(press(host, "Begin"))
    find = lose(phone, "**/rooms/*/answer")
    option(phone, 1).click()
    played(press(host, "Delete the room"))
    expect(phone.get_by_role("status").filter(has_text=gone)).to_be_visible(timeout=SOON)
    find()
    expect(phone.get_by_text(f"Your answer B was not counted. {gone}")).to_be_visible(timeout=SOON)
    assert phone.get_by_role("status").filter(has_text=gone).count() == 1
    assert "No connection." not in goes_offline(phone)


def test_a_phone_without_a_connection_says_so_at_once_and_what_becomes_of_the_answer(
    server: Server, host: Host, phone: Page
) -> None:
    joined(phone, server, host)
    assert "This page goes on by itself" in goes_offline(phone)
    expect(phone.get_by_text("You are in.")).to_be_hidden()
    phone.context.set_offline(False)
    expect(phone.get_by_text("No connection.")).to_have_count(0)
    played(press(host, "Begin"))
    expect(phone.get_by_text("Choose an answer.")).to_be_visible(timeout=SOON)
    assert f"{NO_CONNECTION} no answer from you yet." in goes_offline(phone)
    phone.context.set_offline(False)
    option(phone, 1).click()
    expect(phone.get_by_text("Sent.")).to_be_visible(timeout=SOON)
    assert f"{NO_CONNECTION} your answer B." in goes_offline(phone)
    expect(phone.get_by_text("Sent.")).to_be_hidden()
    option(phone, 2).click()
    expect(phone.get_by_text("Your answer is sent when the connection is back.")).to_be_visible()
    phone.context.set_offline(False)
    expect(phone.get_by_text("Sent.")).to_be_visible(timeout=SOON)
    expect(option(phone, 2).get_by_role("radio")).to_be_checked()


@pytest.mark.parametrize("how", [pytest.param("again", marks=pytest.mark.soak), "after a reload"])
def test_an_answer_that_is_lost_on_its_way_is_sent_again(server: Server, host: Host, phone: Page, how: str) -> None:
    joined(phone, server, host)
    played(press(host, "Begin"))
    expect(phone.get_by_text("Choose an answer.")).to_be_visible(timeout=SOON)
    find = lose(phone, "**/rooms/*/answer")
    option(phone, 2).click()
    expect(phone.get_by_text("Your answer is sent when the connection is back.")).to_be_visible(timeout=SOON)
    if how == "after a reload":
        phone.reload()
        expect(option(phone, 2).get_by_role("radio")).to_be_checked(timeout=SOON)
        expect(phone.get_by_text("Sent.")).to_have_count(0)
    find()
    expect(phone.get_by_text("Sent.")).to_be_visible(timeout=SOON)
    expect(phone.get_by_text("No connection.")).to_have_count(0)


def test_an_answer_that_comes_too_late_is_said_not_to_count(server: Server, host: Host, phone: Page) -> None:
    joined(phone, server, host)
    played(press(host, "Begin"))
    option(phone, 0).click()
    expect(phone.get_by_text("Sent.")).to_be_visible(timeout=SOON)
    find = lose(phone, "**/rooms/*/answer")
    option(phone, 2).click()
    played(press(host, "Freeze"))
    find()
    expect(phone.get_by_text("Your answer C was not counted. Too late: the answers are frozen.")).to_be_visible(
        timeout=SOON
    )
    expect(phone.get_by_text("You answered: A.")).to_be_visible()


def test_an_answer_of_a_round_that_was_taken_back_does_not_count(server: Server, host: Host, phone: Page) -> None:
    joined(phone, server, host)
    played(press(host, "Begin"))
    option(phone, 0).click()
    expect(phone.get_by_text("Sent.")).to_be_visible(timeout=SOON)
    played(press(host, "Freeze", "Let them discuss", "Ask again"))
    expect(phone.get_by_text("Second round. ")).to_be_visible(timeout=SOON)
    option(phone, 2).click()
    expect(phone.get_by_text("Sent.")).to_be_visible(timeout=SOON)
    played(press(host, "Undo", "Undo", "Reveal"))
    expect(phone.get_by_text("You answered: A.")).to_be_visible(timeout=SOON)


def test_an_older_response_hides_no_newer_answer(server: Server, host: Host, phone: Page) -> None:
    phone.add_init_script(PATIENT)
    joined(phone, server, host)
    played(press(host, "Begin"))
    phone.get_by_text("More time, or another device").click()
    answered = hold(phone, "**/rooms/*/me")
    phone.get_by_role("radio", name="ten times as long").click()
    release = answered()
    option(phone, 1).click()
    expect(phone.get_by_text("Sent.")).to_be_visible(timeout=SOON)
    release()
    expect(phone.get_by_text(re.compile(r"[1-9]:\d\d to think"))).to_be_visible(timeout=SOON)
    assert phone.get_by_text("Sent.").count() == 1
    expect(phone.get_by_role("radio", name="ten times as long")).to_be_checked()
    phone.evaluate(FROM_ANOTHER_DEVICE, f"/rooms/{host.id}/me")
    expect(phone.get_by_role("radio", name="no clock")).to_be_checked(timeout=SOON)

    answered = hold(phone, "**/rooms/*/own")
    played(press(host, "Ask this question again"))
    release = answered()
    option(phone, 2).click()
    expect(phone.get_by_text("Sent.")).to_be_visible(timeout=SOON)
    with phone.expect_request("**/rooms/*/own"):
        release()
    expect(phone.get_by_text("Sent.")).to_be_visible(timeout=SOON)
    expect(option(phone, 2).get_by_role("radio")).to_be_checked()


@pytest.mark.takes("a phone asks after four seconds without its stream")
def test_a_phone_whose_stream_is_held_back_asks(server: Server, host: Host, phone: Page) -> None:
    """A proxy that passes on only complete responses holds back a stream in this way."""
    phone.route("**/rooms/*/page", lambda route: None)
    joined(phone, server, host)
    for label, words in (("Begin", "Choose an answer."), ("Freeze", "Answers are frozen.")):
        played(press(host, label))
        expect(phone.get_by_text(words)).to_be_visible(timeout=SOON)


def test_a_phone_whose_stream_is_refused_asks(server: Server, host: Host, phone: Page) -> None:
    """The visitor has as many streams as the server allows."""
    address, _, port = server.address.partition(":")
    with ExitStack() as streams:
        joined(phone, server, host)
        phone.goto("about:blank")  # its stream ends
        (cookie,) = (each["value"] for each in phone.context.cookies() if each["name"] == COOKIE)
        request = f"GET /rooms/{host.id}/page HTTP/1.1\r\nHost: x\r\nCookie: {COOKIE}={cookie}\r\n\r\n".encode()

        def open_another() -> bool:
            stream = streams.enter_context(socket.create_connection((address, int(port))))
            stream.sendall(request)
            return stream.recv(15) == b"HTTP/1.1 200 OK"

        for _ in range(MOST_OF_VISITOR):
            until(open_another, "a stream")
        refused: list[int] = []
        phone.on("response", lambda answer: refused.append(answer.status) if answer.url.endswith("/page") else None)
        joined(phone, server, host)
        played(press(host, "Begin"))
        expect(phone.get_by_text("Choose an answer.")).to_be_visible(timeout=SOON)
        played(press(host, "Freeze"))
        expect(phone.get_by_text("Answers are frozen.")).to_be_visible(timeout=SOON)
        assert set(refused) == {503}
        with phone.expect_response(lambda answer: answer.url.endswith("/page") and answer.status == 200):
            streams.close()
        played(press(host, "Delete the room"))
        expect(phone.get_by_text("This room does not exist any more.")).to_be_visible(timeout=SOON)


def test_a_projector_opens_the_board_with_four_letters(server: Server, host: Host, phone: Page) -> None:
    found: list[str] = []

    async def make() -> None:
        found.append(await board_code(host))

    played(make())
    phone.goto(f"{server.url}/board")
    letters = phone.get_by_label("Four letters from the host's page")
    expect(letters).to_be_focused()
    letters.fill("zzzz")
    phone.get_by_role("button", name="Show the board").click()
    expect(phone.get_by_text("No board has this code.")).to_be_visible()
    letters.fill(found[0].lower())
    phone.get_by_role("button", name="Show the board").click()
    expect(phone.get_by_text("Nobody has joined yet")).to_be_visible(timeout=SOON)
    expect(phone.locator(".room-code")).to_have_text(host.code)
