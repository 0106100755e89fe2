"""Rooms: a workshop from its opening to its deletion, with a host, a board and two participants.

Further people join and answer on another server of the same database, so that votes may be shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial

import pytest
from playwright.sync_api import expect

from backend.database import Database
from backend.rooms import Answer, Participant, Rooms
from backend.rooms.model import FEWEST
from harness.local import until
from harness.server import Server
from tests.browser.contexts import Contexts
from tests.browser.contrast import GROUNDS
from tests.browser.hosting import link_to_lead, stored
from tests.browser.keys import PHONE
from tests.browser.network import PATIENT, hold
from tests.browser.room_pages import (
    BOARD,
    Learner,
    accessible,
    choose_workshop,
    fits_a_hand,
    fits_a_wall,
    shipped,
)
from tests.browser.visit import DRAWN, TRAINED, Visit
from tests.builders.lessons import ALL_KINDS as KINDS
from tests.builders.rooms import rooms_on

pytestmark = pytest.mark.browser

#: A training with a seed for everybody and two rounds, and a script with a mistake.
WORKSHOP = (shipped("factor-of-two", "sum"), shipped("ten-mistakes", "one-loss"))


@dataclass(frozen=True)
class School:
    """A server, and another server of its database, which runs in the test."""

    server: Server
    rooms: Rooms


@pytest.fixture
def school(training_server: Server) -> Iterator[School]:
    """A server, and the rooms of another server on its database."""
    with closing(Database(training_server.log.parent)) as database, closing(rooms_on(database)) as rooms:
        yield School(training_server, rooms)


@pytest.fixture
def arrive(school: School, contexts: Contexts) -> Iterator[Callable[..., Visit]]:
    """Creates visitors of the school."""
    with ExitStack() as visits:
        yield lambda **options: visits.enter_context(Visit(contexts, school.server.address, **options))


class Host:
    """Leads the room."""

    def __init__(self, visit: Visit) -> None:
        self.page = visit.open("/room")
        choose_workshop(self.page, *WORKSHOP)
        self.link = link_to_lead(self.page)
        self.page.goto(self.link)
        expect(self.page).to_have_url(re.compile("/room.host="))
        expect(self.page.get_by_text("Waiting for people to join.")).to_be_visible()
        visit.stand()

    @property
    def id(self) -> str:
        found = re.search(r"host=([\w-]+)", self.page.url)
        assert found
        return found[1]

    @property
    def code(self) -> str:
        found = re.search(r"Code ([A-Z0-9]{6})", self.page.inner_text(".stMain"))
        assert found
        return found[1]

    def says(self, words: str) -> None:
        expect(self.page.get_by_role("status").filter(has_text=words)).to_be_visible()

    def leads(self, words: str, then: str) -> None:
        """Press the coloured button, which has these words, and wait for what the room does then."""
        self.page.locator(".st-key-room-host-next").get_by_role("button", name=words).click()
        self.says(then)

    def chooses(self, words: str) -> None:
        """Press a button of the menu."""
        self.page.locator(".st-key-room-more").get_by_role("button", name=words, exact=True).click()


def everybody(rooms: Rooms, id: str, people: list[Participant], step: int, round: int, option: int) -> None:
    """The others answer, as soon as their server knows the question."""

    def asked() -> bool:
        view = stored(lambda: rooms.view(id))
        assert view
        state = view.room.state
        return state.open and (state.step, state.round) == (step, round)

    until(asked, "the other server knows the question")
    for who in people:
        stored(partial(rooms.people.answer, id, who, step, round, option, "certain"))


@pytest.mark.takes("four browsers play a workshop of two questions, and axe reads its pages")
def test_a_lesson_is_played_with_a_host_a_board_and_two_participants(
    school: School, arrive: Callable[..., Visit]
) -> None:
    host = Host(arrive(**PHONE))
    join = partial(school.rooms.people.join, host.id)
    people = [stored(partial(join, f"person {i}")) for i in range(FEWEST - 1)]

    # The host makes the link of the board, and shows how to join.
    menu = host.page.get_by_text("Everything else")
    menu.click()
    host.chooses("Make a link for the board")
    board_link = host.page.locator(".st-key-room-board-link input")
    expect(board_link).to_have_value(re.compile("/rooms/board/"))
    board = arrive(**BOARD)
    board.page.goto(board_link.input_value())
    expect(board.page.get_by_text("4 people have joined")).to_be_visible()
    assert "/rooms/board/" not in board.page.url
    menu.click()
    host.page.keyboard.press("q")
    address = host.page.locator(".st-key-room-join-link input")
    expect(address).to_have_value(re.compile("/join/"))

    # One participant types the code, after two wrong ones; the other follows the QR code.
    ada, bob = Learner(arrive(**PHONE)), Learner(arrive(**PHONE))
    ada.visit.open("/room")
    for label, typed, said in (
        ("Code", "xy", "is not a room code"), ("Code", "AAAAAA", "There is no room with this code."),
        ("Code of the room", host.code.lower(), "You are in."),
    ):  # fmt: skip
        ada.page.get_by_label(label, exact=True).fill(typed)
        ada.page.get_by_role("button", name="Join", exact=True).click()
        ada.sees(said)
    ada.says("You are in.")
    bob.page.add_init_script(PATIENT)
    bob.page.goto(address.input_value())
    bob.says("You are in.")
    expect(board.page.get_by_text("6 people have joined")).to_be_visible()
    ada.page.get_by_text("Continue on another device").click()
    link = ada.page.get_by_label("Link for another device")
    expect(link).to_have_value(re.compile("me="))
    own_link, name = link.input_value(), ada.name
    fits_a_wall(board.page)
    fits_a_hand(ada.page, 320, 390)
    fits_a_hand(host.page, 320, 390, 1024)
    accessible(host.page, ada.page, board.page)

    # Space presses the button that has the focus, and no other.
    copy = host.page.locator(".st-key-room-join-link").get_by_role("button", name="Cop")
    copy.focus()
    host.page.keyboard.press("Space")
    expect(host.page.get_by_text("The link is copied.")).to_be_attached()
    expect(copy).to_be_focused()
    host.page.get_by_role("button", name="Hide: How to join").filter(visible=True).focus()
    host.page.keyboard.press("Space")
    expect(address).to_have_count(0)
    host.says("Waiting for people to join.")

    # A question: Space leads on once, also where it is held, and does not scroll the page.
    host.page.locator("h1").click()
    expect(host.page.locator(".st-key-room-more")).to_have_count(1)  # no part of the step before is left
    host.page.evaluate(DRAWN)
    before = host.page.evaluate("document.querySelector('.stMain').scrollTop")
    for _ in range(3):
        host.page.keyboard.down("Space")
    host.says("Question 1 of 2: answers are open.")
    host.page.keyboard.down("Space")
    host.page.keyboard.up("Space")
    assert host.page.evaluate("document.querySelector('.stMain').scrollTop") == before
    bob.page.get_by_text("More time, or another device").click()
    bob.page.get_by_role("radio", name="ten times as long").click()
    expect(bob.page.get_by_text(re.compile(r"[1-9]:\d\d to think"))).to_be_visible()
    bob.page.get_by_role("radio", name="same as the room").click()
    expect(bob.page.get_by_text(re.compile(r"[1-9]:\d\d to think"))).to_have_count(0)
    bob.page.route("**/me", lambda route: route.abort())
    bob.page.get_by_role("radio", name="ten times as long").click()
    expect(bob.page.get_by_text("Your choice was not kept: choose again.")).to_be_visible()
    expect(bob.page.get_by_role("radio", name="same as the room")).to_be_checked()
    bob.page.unroute("**/me")
    bob.visit.faults = [fault for fault in bob.visit.faults if "ERR_FAILED" not in fault]
    host.says("Question 1 of 2: answers are open.")
    assert host.page.evaluate("document.querySelector('.stMain').scrollTop") == before
    for learner in (ada, bob):
        learner.says("Choose an answer.")
    expect(ada.page.get_by_role("heading", level=2)).to_be_focused()  # not on what she had opened in the lobby
    expect(board.page.get_by_role("status").filter(has_text="Answer on your phone")).to_be_visible()
    ada.answers(0)
    ada.page.get_by_role("radio", name="certain").click()
    ada.answers(1)
    ada.answers(0)
    bob.answers_by_keys(1)
    everybody(school.rooms, host.id, people[:2], 0, 1, 1)
    everybody(school.rooms, host.id, people[2:], 0, 1, 2)
    expect(host.page.get_by_text("6 of 6 answered")).to_be_visible()
    expect(board.page.get_by_text("6 of 6 answered")).to_be_visible()
    ada.page.reload()
    ada.says("Sent.")
    assert ada.name == name
    expect(ada.option(0).get_by_role("radio")).to_be_checked()
    expect(ada.page.get_by_role("radio", name="certain")).to_be_checked()
    tablet = Learner(arrive(**PHONE | {"viewport": {"width": 1024, "height": 768}}))
    tablet.page.goto(own_link)
    tablet.says("Sent.")
    assert tablet.name == name
    expect(tablet.option(0).get_by_role("radio")).to_be_checked()
    tablet.visit.expect_query(lambda query: "me=" not in query)
    fits_a_hand(ada.page, 320, 390)

    # Frozen.
    host.page.locator(".st-key-room-host-next").get_by_role("button").filter(visible=True).focus()
    host.page.keyboard.press("Space")
    host.says("Question 1 of 2: answers are frozen.")
    for learner in (ada, bob, tablet):
        learner.says("Answers are frozen.")
    expect(bob.page.get_by_role("heading", level=2)).to_be_focused()  # the option that he chose is no field now
    private = host.page.locator(".st-key-room-host-private")
    expect(private.get_by_text("Discuss: 50% chose the right answer.")).to_be_visible()
    expect(private.get_by_text("3 are certain of a wrong answer.")).to_be_visible()
    host.page.keyboard.press("h")
    expect(private).to_have_count(0)
    host.page.keyboard.press("h")
    expect(private).to_have_count(1)
    expect(host.page.get_by_text("The room has changed since you saw it.")).to_have_count(0)

    # Discussion and second round.
    host.leads("Let them discuss", "people discuss")
    expect(private).to_have_count(0)
    ada.says("Discuss: tell a neighbour")
    host.leads("Ask again", "answers are open, second round")
    for learner in (ada, bob):
        learner.says("Second round. Choose an answer.")
        learner.answers(1)
    everybody(school.rooms, host.id, people, 0, 2, 1)
    expect(host.page.get_by_text("6 of 6 answered")).to_be_visible()
    host.leads("Freeze", "answers are frozen, second round")
    expect(host.page.get_by_text("6 of 6 runs ready")).to_be_visible(timeout=TRAINED)

    # The result in three parts, and one step back.
    # A double click leads on once, and so does a held Enter.
    lead = host.page.locator(".st-key-room-host-next").get_by_role("button")
    lead.filter(has_text="Reveal: the votes").dblclick(delay=120)
    host.says("the votes are shown")
    expect(ada.page.locator(".bars .bar")).to_have_count(8)
    expect(board.page.locator("rect.vote").first).to_be_visible()
    for page in (ada.page, board.page):
        expect(page.locator(".option.right, g.right")).to_have_count(0)
    fits_a_wall(board.page)
    expect(lead.filter(has_text="Reveal: what was measured", visible=True)).to_have_count(1)
    host.page.keyboard.press("u")
    host.says("answers are frozen, second round")
    ada.says("Answers are frozen.")
    lead.filter(has_text="Reveal: the votes", visible=True).focus()
    for _ in range(3):
        host.page.keyboard.down("Enter")
    host.page.keyboard.up("Enter")
    ada.says("The votes.")
    expect(lead.filter(has_text="Reveal: what was measured", visible=True)).to_have_count(1)
    host.leads("Reveal: what was measured", "the measurement is shown")
    ada.says("What was measured.")
    for page in (ada.page, board.page):
        expect(page.locator("path.run")).to_have_count(6)
        assert page.locator(".picture .hidden").count() == 0  # this visitor wants no motion
        expect(page.locator(".expected, .option.right, g.right")).to_have_count(0)
    fits_a_wall(board.page)
    expect(ada.page.locator("path.own")).to_have_count(1)
    host.leads("Reveal: the verdict", "the verdict is shown")
    ada.says("The result is here.")
    ada.sees("✓ Right.")
    ada.sees("A → B")
    for page in (ada.page, board.page):
        expect(page.locator(".option.right, g.right").first).to_have_text(re.compile("^B"))
        expect(page.get_by_text(re.compile("6 runs: the median of the ratio is"))).to_be_visible()
    fits_a_wall(board.page)
    fits_a_hand(ada.page, 320, 390)
    fits_a_hand(host.page, 320, 390, 1024)
    accessible(host.page, ada.page, board.page)
    host.leads("Show why", "the reason is shown")
    expect(board.page.get_by_text("That is the factor of two.")).to_be_visible()
    ada.sees("That is the factor of two.")

    # A script with a mistake. The host pauses, resumes, shows the last result, and brings everybody back.
    _, mistake = WORKSHOP[1]
    host.leads("Next question", "Question 2 of 2: answers are open.")
    ada.says("Choose an answer.")
    expect(board.page.locator(".stCode code").first).to_be_visible()
    fits_a_wall(board.page)
    accessible(board.page)
    menu.click()
    host.chooses("Pause all")
    host.says("the room is paused")
    ada.says("The host has paused the room.")
    expect(board.page.get_by_text("The room is paused.")).to_be_visible()
    keys = host.page.get_by_text("Keys press the buttons")
    keys.click()
    lead.filter(has_text="Resume", visible=True).focus()
    host.page.keyboard.press("Enter")  # a button that has the focus is pressed by keys all the same
    host.says("answers are open")
    keys.click()
    ada.answers(mistake.right)
    host.chooses("Show the last result")
    ada.says("The host shows an earlier result.")
    expect(board.page.get_by_text("An earlier result")).to_be_visible()
    host.chooses("Bring everyone here")
    ada.says("Sent.")

    # The host removes a participant.
    person = host.page.get_by_label("Participant", exact=True)
    person.scroll_into_view_if_needed()
    host.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    person.click()  # a menu that opens before the page has scrolled is closed by the scrolling
    number = re.search(r"\d+", bob.name)
    assert number
    host.page.get_by_role("option", name=re.compile(rf"^{number[0]}\. ")).click()
    host.chooses("Remove")
    bob.says("The host has removed you from this room.")
    expect(board.page.get_by_text("1 of 5 answered")).to_be_visible()
    menu_of = host.page.locator(".st-key-room-more")  # the same participant is chosen
    expect(menu_of.get_by_role("button", name="Let back in", exact=True)).to_be_visible()
    expect(person).to_have_value(re.compile(rf"^{number[0]}\. .* \(removed\)$"))

    everybody(school.rooms, host.id, people, 1, 1, mistake.right)
    expect(board.page.get_by_text("5 of 5 answered")).to_be_visible()

    # The end. Space leads on, also where keys were switched off and on again, and in another theme.
    host.page.emulate_media(color_scheme="dark")
    expect(host.page.get_by_test_id("stApp")).to_have_css("background-color", GROUNDS["dark"])
    host.page.locator("h1").click()
    host.page.keyboard.press("Space")
    host.says("answers are frozen")
    host.leads("Reveal: the votes", "the votes are shown")
    for page in (ada.page, board.page):
        expect(page.locator(".bars .bar").first).to_be_visible()
        expect(page.locator(".option.right")).to_have_count(0)
    fits_a_wall(board.page)
    host.leads("Reveal: what was measured", "the measurement is shown")
    ada.says("What was measured.")
    host.leads("Reveal: the verdict", "the verdict is shown")
    ada.sees("✓ Right.")
    for page in (ada.page, board.page):
        expect(page.locator(".option.right")).to_contain_text("Keras raises an error")
    host.leads("Show why", "the reason is shown")
    host.leads("End the lesson", "The lesson is over")
    ada.says("The lesson is over.")
    expect(board.page.get_by_text("The lesson is over. Thank you.")).to_be_visible()
    host.chooses("Close the room")
    host.says("The room is closed")
    ada.says("The room is closed.")
    expect(board.page.get_by_text("The room is closed.")).to_be_visible()
    host.chooses("Delete the room now")
    expect(host.page.get_by_role("heading", name="Open a room")).to_be_visible()
    for page in (ada.page, board.page):
        expect(page.get_by_text("This room does not exist any more.")).to_be_visible()


def test_a_phone_answers_a_number_and_several_options(school: School, arrive: Callable[..., Visit]) -> None:
    ada = Learner(arrive(**PHONE))
    page, rooms = ada.page, school.rooms
    opened = stored(lambda: rooms.open(KINDS, "host"))
    version = stored(lambda: rooms.host.act(opened.room.id, "begin", opened.room.version)).version
    page.goto(f"{school.server.url}/join/{opened.room.code}")
    ada.says("Type a number and send it.")
    field = page.get_by_label("Your answer, a number")
    field.fill("about 2")
    version = stored(lambda: rooms.host.act(opened.room.id, "names", version)).version
    expect(page.get_by_label("Your name", exact=True)).to_be_attached()  # the question is drawn again
    expect(field).to_have_value("about 2")
    expect(field).to_be_focused()
    # Asked anew, the question is empty. What is typed then stays, although the participant's own data come after it.
    own = hold(page, "**/own")
    before = field.element_handle()
    version = stored(lambda: rooms.host.act(opened.room.id, "reset", version)).version
    page.wait_for_function("(field) => !field.isConnected", arg=before)
    expect(field).to_have_value("")
    field.fill("about 2")
    with page.expect_event("requestfinished", lambda request: request.url.endswith("/own")):
        own()()
    expect(field).to_have_value("about 2")
    expect(field).to_be_focused()
    field.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="Type a number, such as")).to_be_visible()
    field.fill("1,95")
    page.get_by_role("button", name="Send").click()
    ada.says("Sent.")
    until(lambda: [each.number for each in answers_of(rooms, opened.room.id, 0)] == [1.95], "the number is stored")
    version = stored(lambda: rooms.host.act(opened.room.id, "skip", version)).version
    ada.says("Choose your answers.")
    for position in (0, 1, 2):
        ada.option(position).click()
    ada.option(1).click()
    until(lambda: [each.option for each in answers_of(rooms, opened.room.id, 1)] == [0b101], "A and C are stored")
    page.reload()
    expect(ada.option(2).get_by_role("checkbox")).to_be_checked()
    expect(ada.option(1).get_by_role("checkbox")).not_to_be_checked()
    fits_a_hand(page, 320, 390)
    stored(lambda: rooms.host.act(opened.room.id, "freeze", version))
    ada.sees("You answered: A and C.")


def answers_of(rooms: Rooms, id: str, step: int) -> list[Answer]:
    """The answers to a question that are stored."""
    view = stored(lambda: rooms.view(id))
    return list(view.of_round(step, 1).values()) if view else []
