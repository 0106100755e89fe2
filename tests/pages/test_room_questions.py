"""The questions from the room on the host's page, by AppTest."""

from __future__ import annotations

import pytest

from tests.builders.pages import button, messages
from tests.builders.room_pages import HOST, again, press, said, visit
from tests.builders.rooms import Classroom

HOSTILE = "[a link](http://x) **bold** :smile: <b>"
WHY = "Why twice"
SHOW = "Show: Questions from the room"


@pytest.fixture
def at(room: Classroom, cookies):
    cookies |= room.cookies
    return visit(HOST, host=room.id)


def ask(room: Classroom, visitor: str, text: str):
    who = room.rooms.people.join(room.id, visitor)
    return who, room.rooms.questions.ask(room.id, who, text).question


def test_the_host_sees_the_questions_by_votes_and_marks_and_removes_them(room, at):
    ada, _ = ask(room, "ada", HOSTILE)
    bob, why = ask(room, "bob", WHY)
    room.rooms.questions.vote(room.id, ada, why, True)
    assert WHY not in messages(again(at)), "the panel is folded"
    press(at, f"{SHOW} (2)")
    drawn = said(at)
    assert drawn.index("**2 votes** · Why twice") < drawn.index("**1 vote** · ")
    assert HOSTILE not in drawn, "it is escaped"
    assert not any(who.alias in drawn for who in (ada, bob))
    press(at, "Answered")
    assert button(at, "Hide: Questions from the room (1)")
    press(at, "Remove")
    assert "No question is open." in said(at)
    assert [each.answered for each in room.view.listed_questions] == [True]
    at.session_state["room.host.questions.done"] = True
    again(at)
    press(at, "Not answered")
    press(at, "Put back")
    assert [(each.text, each.votes) for each in room.view.listed_questions] == [(WHY, 2), (HOSTILE, 1)]


def test_whoever_is_not_the_host_sees_no_question(room, cookies):
    ask(room, "ada", WHY)
    assert WHY not in messages(visit(host=room.id))
