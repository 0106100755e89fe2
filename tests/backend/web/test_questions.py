"""Questions from the room on a real server: what phones send and get, and that a vote costs them little."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.builders.phones import Phone

pytestmark = pytest.mark.slow

WHY = "Why do two heads share a trunk?"


def ask(phone: Phone, text: str) -> tuple[int, Any]:
    return phone.ask(f"/rooms/{phone.room}/questions", {"text": text})


def vote(phone: Phone, question: int, up: bool = True) -> tuple[int, Any]:
    return phone.ask(f"/rooms/{phone.room}/votes", {"question": question, "up": up})


def listed(phone: Phone) -> Any:
    status, told = phone.ask(f"/rooms/{phone.room}/questions")
    assert status == 200, told
    return told


def events(phone: Phone) -> Iterator[tuple[str, Any]]:
    """The stream's events with their names, without the participant's own."""
    assert phone.open() == 200
    return ((name, told) for name, told in phone.events() if name != "own")


def test_one_asks_another_votes_and_all_see_it(room, phones):
    ada, bob, cy = phones[:3]
    assert ada.page["room_questions"]["count"] == 0
    assert ask(ada, WHY) == (200, {"question": 1, "new": True})
    assert ask(bob, "What is a trunk?") == (200, {"question": 2, "new": True})
    for _ in range(2):
        assert vote(cy, 2) == (200, {"stored": True})
    assert ask(cy, WHY.lower()) == (200, {"question": 1, "new": False})
    assert vote(ada, 2) == (200, {"stored": True})
    vote(bob, 2, up=False)
    room.rooms.questions.mark(room.id, 1, "answered")
    told = listed(cy)
    assert told["questions"] == [
        {"number": 2, "text": "What is a trunk?", "votes": 2, "answered": False},
        {"number": 1, "text": WHY, "votes": 2, "answered": True},
    ], "nothing says who asked or voted"
    assert (told["own"], told["count"]) == ([1, 2], 1)
    assert listed(bob)["own"] == []


def test_what_is_switched_off_or_closed_is_off_at_once(room, phones):
    ada, bob = phones[:2]
    ask(ada, WHY)
    pages = (page for name, page in events(ada) if name == "message")
    assert next(pages)["room_questions"]
    room.act("no_questions")
    assert next(pages)["room_questions"] is None
    refused = (ask(bob, "May I?"), vote(bob, 1), bob.ask(f"/rooms/{bob.room}/questions"))
    assert [status for status, _ in refused] == [409] * 3
    room.act("questions")
    assert next(pages)["room_questions"]["count"] == 1, "nothing was deleted"
    room.act("close")
    assert next(pages)["room_questions"] is None
    assert vote(bob, 1)[0] == 409
