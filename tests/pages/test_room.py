"""Entrance and host of rooms, by AppTest through the shell, on a server without workers."""

from __future__ import annotations

import pytest

from backend.rooms import RoomRefused
from backend.rooms.capacity import MOST_OF_VISITOR as MOST_ROOMS
from backend.rooms.tokens import invitation
from backend.services import Services
from backend.web.cookie import new_visitor
from backend.web.rooms import cookie_name
from tests.builders.pages import labels, messages
from tests.builders.room_pages import (
    HOST,
    again,
    coloured,
    distribution,
    led,
    open_room,
    press,
    said,
    visit,
    visit_host,
)

pytestmark = pytest.mark.usefixtures("cookies")

STRANGER = "This browser is not the host of this room."


# The entrance.


def test_a_visitor_opens_so_many_rooms_and_reads_why_not_more(server):
    at = visit(HOST)
    for _ in range(MOST_ROOMS):
        press(at, "Open a room")
        assert "**[Lead the room](" in said(at)
    press(at, "Open a room")
    assert f"You have {MOST_ROOMS} rooms already. Delete one first." in said(at)
    assert len(server.rooms.of_owner(HOST)) == MOST_ROOMS
    assert "Your rooms" in [each.value for each in at.header]
    assert "Your rooms" not in [each.value for each in visit().header]


@pytest.fixture
def guarded(serve) -> Services:
    """A server with a passphrase."""
    return serve(rooms_passphrase="correct horse")


def enter(at, passphrase):
    at.text_input(key="room.passphrase").set_value(passphrase)
    return press(at, "Continue")


def test_on_a_server_with_a_passphrase_a_host_enters_it_once(guarded):
    ada = new_visitor()
    at = visit(ada)
    assert "Open a room" not in labels(at)
    assert "Join" in labels(at)
    assert "This is not the passphrase of this server." in said(enter(at, "horse"))
    at = enter(at, "correct horse")
    assert "passphrase" not in said(at)
    assert "**[Lead the room](" in said(press(at, "Open a room"))
    assert "Open a room" in [each.label for each in visit(ada).button], "in another tab, too"
    assert "Open a room" not in [each.label for each in visit().button]


# Strangers, and whoever forges a link.


def test_a_stranger_sees_nothing_of_a_room(room):
    room.asked(*[0] * 6)
    room.act("freeze")
    secrets = [
        room.opened.room.code, room.opened.host, room.opened.room.host_hash, room.opened.room.secret,
        room.view.room.lesson.title, room.view.room.step.text[:30], *(who.alias for who in room.view.present),
    ]  # fmt: skip
    for visitor in (None, HOST):  # who opened it in another browser has no cookie of the host either
        at = visit(visitor, host=room.id)
        assert STRANGER in said(at)
        assert not [secret for secret in secrets if secret in messages(at)]
        assert [each.key for each in at.button if each.key and each.key.startswith("room.")] == ["room.exit"]


WILD = ["", "x", "x" * 5000, "\x00", "a\x00b", "\ud7ff\u202e", "../../etc/passwd", "<script>alert(1)</script>",
        "' OR 1=1 --", "1." + "A" * 24, "-1", "%00", "🙈" * 300, "A" * 16, "[x](https://evil.example)"]  # fmt: skip


@pytest.mark.slow
def test_a_wild_link_gets_sentences(room):
    for text in WILD:
        at = visit(host=text)
        assert "Join a room" in [each.value for each in at.header] or at.warning or at.info, text
        assert "https://evil" not in said(at)


# The host, and whoever has the host's page without the host's cookie.


def test_whoever_is_chosen_when_the_host_presses_is_removed(room, cookies):
    """Choice and press come in one request: the button was drawn for the first participant."""
    at = led(room, cookies)
    at.selectbox(key="room.person").select(room.view.present[3].number)
    press(at, "Remove")
    assert [who.number for who in room.view.participants.values() if who.removed] == [4]


def everything(room):
    """All that a host can change of a room."""
    return room.view.room, room.view.participants, room.view.answers


@pytest.mark.slow
def test_the_lobby_names_the_board_beside_the_code_and_a_question_does_not(room, cookies):
    cookies |= room.cookies
    board = f"/board/{room.opened.room.code})** · Code **{room.opened.room.code}**"
    assert board in said(visit_host(room))
    room.act("begin")
    assert board not in said(visit_host(room))


def test_frozen_answers_are_shown_to_the_host_without_a_press_and_hidden_when_the_room_goes_on(room, cookies):
    at = led(room, cookies)
    options = len(room.view.room.step.options)
    assert not distribution(at)
    press(at, "Show: Answers so far")
    assert len(distribution(again(at))) == options
    press(at, "Freeze the answers")
    assert len(distribution(again(at))) == options
    assert "Discuss: 50% chose the right answer." in said(at)
    press(at, "Hide: Answers so far")
    assert not distribution(again(at))
    press(at, "Show: Answers so far")
    press(at, "Let them discuss")
    assert not distribution(again(at)), "people look at the host's screen now"
    press(at, "Ask again")
    for who in room.view.present:
        room.answer(who, 1, round=2)
    assert not distribution(again(at)), "nor do they see how the others vote"
    press(at, "Freeze the answers")
    assert len(distribution(again(at))) == options
    press(at, "Reveal: the votes")
    assert not distribution(again(at))


def test_the_coloured_button_does_what_is_advised(room, cookies):
    cookies |= room.cookies
    room.asked(*[1] * 2, *[0] * 8)
    room.act("freeze")
    at = visit(HOST, host=room.id)
    assert coloured(at) == "Explain, then ask again"
    room.act("pause")
    assert coloured(again(at)) == "Resume"
    room.act("resume")
    press(again(at), "Let them discuss")
    assert room.view.room.state.phase == "discuss"


@pytest.mark.slow
def test_the_host_leads_with_each_button(room, cookies):
    at = led(room, cookies)
    for label, phase in (("Freeze the answers", "frozen"), ("Reveal: the votes", "reveal"), ("Undo", "frozen")):
        press(at, label)
        assert room.view.room.state.phase == phase
    press(at, "Remove")
    assert room.view.participants[1].removed
    press(at, "Remove all who joined in the last 2 minutes (5)")
    assert room.view.present == []
    press(at, "Let back in all who were removed (6)")
    assert len(room.view.present) == 6
    press(at, "Lock: let nobody else in")
    press(at, "New code")
    assert room.view.room.code != room.opened.room.code
    assert f"The room has a new code: **{room.view.room.code}**." in "".join(each.value for each in at.success)
    press(at, "Delete the room now")
    assert room.rooms.view(room.id) is None
    assert "Join a room" in [each.value for each in at.header]


HOSTS = ["Freeze the answers", "Undo", "Pause all", "Skip this question",
         "Ask this question again", "Lock: let nobody else in", "Allow names",
         "Close the room", "Remove", "Remove all who joined in the last 2 minutes (6)",
         "Delete the room now"]  # fmt: skip
FURTHER_COOKIES = ["forged", "of a participant", "its hash"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "cookie", ["none", "of another room", *(pytest.param(each, marks=pytest.mark.soak) for each in FURTHER_COOKIES)]
)
def test_without_the_cookie_no_button_of_the_host_does_anything(server, room, cookies, cookie):
    """The page was drawn for the host; the cookie has gone since, or is another one."""
    wrong = {
        "none": "", "forged": "A" * 32, "of another room": open_room(server).opened.host,
        "of a participant": invitation(room.opened.room.secret, room.opened.room.code),
        "its hash": room.opened.room.host_hash,
    }[cookie]  # fmt: skip
    for label in HOSTS:
        cookies |= room.cookies
        at = led(room, cookies) if not room.view.participants else visit_host(room)
        before = everything(room)
        assert label in labels(at), label
        cookies[cookie_name(room.id)] = wrong
        press(at, label)
        assert everything(room) == before, label
        assert "Only the host may do this." in said(at) or STRANGER in said(at), label
        assert room.opened.room.code not in messages(at)
    cookies |= room.cookies
    at = visit_host(room)
    cookies.clear()
    at.text_input(key="room.alias.1").set_value("Eve")
    again(at)
    assert everything(room) == before


def test_a_deleted_room_says_so(room, cookies):
    cookies |= room.cookies
    at = visit(HOST, host=room.id)
    room.rooms.host.delete(room.id)
    assert "This room does not exist any more." in said(again(at))
    at = visit(host=room.id)
    assert "This room does not exist any more." in said(at)
    at.button(key="room.exit").click()
    again(at)
    assert at.button(key="room.open").label == "Open a room"
    assert "host" not in at.query_params


def test_a_link_of_an_earlier_version_leads_to_the_board_or_to_a_phone(room):
    assert f"/board/{room.id}" in messages(visit(board=room.id))
    code = room.opened.room.code
    assert f"/join?code={code}&invite=x-1" in messages(visit(code=code, invite="x-1"))


# Lessons with a fault.


@pytest.mark.slow
def test_a_room_whose_lesson_this_version_does_not_accept_says_so_and_stops_no_other(serve, server, room):
    """A room may be older than the server: another version has named a panel that there is no more."""
    from sqlalchemy import update

    from backend.database.tables import rooms

    other = open_room(server)
    text = room.view.room.lesson_text.replace("show:", "shown:", 1)
    assert text != room.view.room.lesson_text
    change = update(rooms).where(rooms.c.id == room.id).values(lesson_text=text, version=rooms.c.version + 1)
    server.database.commit(lambda connection: connection.execute(change).rowcount)
    server = serve()
    assert "The lesson of this room cannot be read" in said(visit(host=room.id))
    at = visit(HOST)
    assert f"**{other.opened.room.code}**" in said(at)
    with pytest.raises(RoomRefused, match="The lesson of this room cannot be read"):
        server.rooms.people.join(room.id, HOST)
    assert server.rooms.people.join(other.id, HOST).number == 1


def test_a_host_may_shuffle_the_options_of_all_questions(server):
    at = visit(HOST)
    at.selectbox(key="room.lesson").set_value("factor-of-two")
    steps = server.lessons().lesson("factor-of-two").steps
    at.toggle(key="room.shuffle").set_value(True)
    press(at, "Open a room")
    (room,) = server.rooms.of_owner(HOST)
    assert [step.title for step in room.lesson.steps] == [step.title for step in steps]
    texts, shuffled = (
        [[option.text for option in step.options] for step in each] for each in (steps, room.lesson.steps)
    )
    assert shuffled != texts, "one of 3 ** 5 rooms has them as the lesson does"
    assert [*map(sorted, shuffled)] == [*map(sorted, texts)]


def test_the_host_finds_the_report_once_a_result_is_revealed(room, cookies):
    at = led(room, cookies)
    assert not any("/report/" in each.value for each in at.markdown)
    room.act("freeze", "reveal")
    assert f"/report/room/{room.id})**" in said(again(at))
