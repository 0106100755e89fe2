"""Rooms in Chromium: a question from the opening of the room to its deletion, with a host, a board and two phones.

Further people join and answer on another server of the same database, so that votes may be shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from backend.database import Database
from backend.lessons import load
from backend.lessons.library import SHIPPED
from backend.rooms import Answer, Participant, Rooms
from backend.rooms.model import FEWEST
from backend.rooms.people import SentAnswer
from harness.local import until
from harness.server import Server
from tests.browser.hosting import link_to_lead, stored
from tests.browser.keys import PHONE
from tests.browser.room_pages import BOARD, Learner, accessible, fits_a_hand, fits_a_wall
from tests.browser.visit import Visit
from tests.builders.lessons import ALL_KINDS as KINDS
from tests.builders.rooms import rooms_on

pytestmark = pytest.mark.browser

#: Its first question is about a script with a mistake, whose result is recorded.
LESSON = load(SHIPPED).lesson("ten-mistakes")


@pytest.fixture
def rooms(server: Server, state: Path) -> Iterator[Rooms]:
    """The rooms of another server on the server's database."""
    with closing(Database(state)) as database, closing(rooms_on(database)) as rooms:
        yield rooms


def says(host: Page, words: str) -> None:
    expect(host.get_by_role("status").filter(has_text=words)).to_be_visible()


def leads(host: Page, words: str, then: str) -> None:
    """Press the coloured button, which has these words, and wait for what the room does then."""
    host.locator(".st-key-room-next").get_by_role("button", name=words).filter(visible=True).click()
    says(host, then)


def everybody(rooms: Rooms, id: str, people: list[Participant], option: int) -> None:
    """The others answer, as soon as their server knows the question."""

    def asked() -> bool:
        view = stored(lambda: rooms.view(id))
        return view is not None and view.room.state.phase == "ask"

    until(asked, "the other server knows the question")
    sent = SentAnswer(step=0, round=1, option=option, sure="certain")
    for who in people:
        stored(partial(rooms.people.answer, id, who, sent))


@pytest.mark.takes("four browsers play a question, and axe reads their pages")
def test_a_question_is_played_with_a_host_a_board_and_two_phones(rooms: Rooms, visitor: Callable[..., Visit]) -> None:
    visit = visitor(**PHONE)
    host = visit.open("/room")
    assert LESSON is not None
    step = LESSON.steps[0]
    visit.choose("Lesson", f"{LESSON.title} ({LESSON.minutes} min)")
    host.goto(link_to_lead(host))
    says(host, "Waiting for people to join.")
    visit.stand()
    found = re.search(r"host=([\w-]+)", host.url)
    assert found
    id = found[1]
    people = [stored(partial(rooms.people.join, id, f"person {i}")) for i in range(FEWEST - 1)]

    # One participant types the code, the other follows a link of an earlier version.
    host.get_by_text("Everything else").click()
    link = host.locator(".st-key-room-board-link pre")
    expect(link).to_have_text(re.compile(r"/board/[A-Z0-9]{6}\s*$"))
    board = visitor(**BOARD).page
    board.goto(link.inner_text().strip())
    expect(board.get_by_text(f"{len(people)} people have joined")).to_be_visible()
    host.get_by_text("Everything else").click()
    code = re.search(r"Code ([A-Z0-9]{6})", host.inner_text(".stMain"))
    assert code
    ada, bob = Learner(visitor(**PHONE)), Learner(visitor(**PHONE))
    ada.visit.open("/room").get_by_label("Code", exact=True).fill(code[1].lower())
    ada.page.get_by_role("button", name="Join", exact=True).click()
    bob.page.goto(f"{visit.url}/room?code={code[1]}")
    for learner in (ada, bob):
        learner.says("You are in.")

    # Space leads on once, also where it is held, and does not scroll the page.
    host.locator("h1").click(position={"x": 3, "y": 3})  # no word of the glossary is there
    before = host.evaluate("document.querySelector('.stMain').scrollTop")
    for _ in range(3):
        host.keyboard.down("Space")
    host.keyboard.up("Space")
    says(host, "Question 1 of 4: answers are open.")
    assert host.evaluate("document.querySelector('.stMain').scrollTop") == before
    ada.says("Choose an answer.")
    ada.answers(step.right)
    bob.answers_by_keys(0)
    everybody(rooms, id, people, step.right)
    expect(board.get_by_text(f"{FEWEST + 1} of {FEWEST + 1} answered")).to_be_visible()
    name = ada.name
    ada.page.reload()
    ada.says("Sent.")
    assert ada.name == name
    expect(ada.option(step.right).get_by_role("radio")).to_be_checked()
    fits_a_wall(board)
    fits_a_hand(ada.page, 320, 390)
    fits_a_hand(host, 320, 390, 1024)

    leads(host, "Freeze", "answers are frozen")
    expect(bob.page.get_by_role("heading", level=2)).to_be_focused()  # the option that he chose is no field now
    is_revealed_and_ended(host, board, ada)


def is_revealed_and_ended(host: Page, board: Page, ada: Learner) -> None:
    """The result comes in three parts; a double click leads on once."""
    lead = host.locator(".st-key-room-next").get_by_role("button")
    lead.filter(has_text="Reveal: the votes", visible=True).dblclick(delay=120)
    says(host, "the votes are shown")
    for page in (ada.page, board):
        expect(page.locator(".bars .bar").first).to_be_visible()
        expect(page.locator(".option.right")).to_have_count(0)
    fits_a_wall(board)
    leads(host, "Reveal: what was measured", "the measurement is shown")
    ada.says("What was measured.")
    leads(host, "Reveal: the verdict", "the verdict is shown")
    for page in (ada.page, board):
        expect(page.locator(".option.right")).to_have_count(1)
    fits_a_wall(board)
    fits_a_hand(ada.page, 320, 390)
    accessible(host, ada.page, board)
    leads(host, "Show why", "the reason is shown")
    host.get_by_text("Everything else").click()
    host.get_by_role("button", name="Close the room").click()
    ada.says("The room is closed.")
    host.get_by_role("button", name="Delete the room now").click()
    for page in (ada.page, board):
        expect(page.get_by_text("This room does not exist any more.")).to_be_visible()


def test_a_phone_answers_a_number_and_several_options(rooms: Rooms, visitor: Callable[..., Visit]) -> None:
    ada = Learner(visitor(**PHONE))
    page = ada.page
    opened = stored(lambda: rooms.open(KINDS, "host"))
    stored(lambda: rooms.host.act(opened.room.id, "begin", opened.room.version))
    page.goto(f"{ada.visit.url}/join/{opened.room.code}")
    ada.says("Type a number and send it.")
    field = page.get_by_label("Your answer, a number")
    field.fill("1,95")
    stored(lambda: rooms.host.act(opened.room.id, "names", rooms.existing(opened.room.id).room.version))
    expect(page.get_by_label("Your name", exact=True)).to_be_attached()  # the question is drawn again
    expect(field).to_have_value("1,95")
    expect(field).to_be_focused()
    page.get_by_role("button", name="Send").click()
    ada.says("Sent.")
    until(lambda: [each.value for each in answers_of(rooms, opened.room.id, 0)] == [1.95], "the number is stored")
    stored(lambda: rooms.host.act(opened.room.id, "skip", rooms.existing(opened.room.id).room.version))
    ada.says("Choose your answers.")
    for position in (0, 1, 2, 1):
        ada.option(position).click()
    until(lambda: [each.option for each in answers_of(rooms, opened.room.id, 1)] == [0b101], "A and C are stored")
    page.reload()
    expect(ada.option(2).get_by_role("checkbox")).to_be_checked()
    expect(ada.option(1).get_by_role("checkbox")).not_to_be_checked()


def answers_of(rooms: Rooms, id: str, step: int) -> list[Answer]:
    """The answers to a question that are stored."""
    view = stored(lambda: rooms.view(id))
    return list(view.of_round(step, 1).values()) if view else []
