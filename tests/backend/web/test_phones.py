"""A participant's phone on a real server: it joins, answers and follows. It gets no secret before its time."""

from __future__ import annotations

import json
import re

import pytest

from tests.builders.lessons import LESSON
from tests.builders.phones import MEASURED, Phone

pytestmark = pytest.mark.slow


def test_a_phone_joins_answers_and_sees_the_result(room, phones):
    ada = phones[0]
    assert (ada.page["phase"], ada.page["question"], ada.own["number"]) == ("lobby", None, 1)
    stream = ada.follow()
    assert next(stream)["phase"] == "lobby"
    room.act("begin")
    asked = next(stream)
    assert asked["phase"] == "ask"
    for phone in phones:
        status, told = phone.answer(1, sure="certain")
        assert (status, told["own"]["answers"], told["own"]["sure"]) == (200, {"0": [1, None]}, {"0": "certain"})
    assert {number: each.option for number, each in room.view.of_round(0, 1).items()} == dict.fromkeys(range(1, 6), 1)
    room.act("freeze", "reveal")
    (told,) = next(each for each in stream if each["phase"] == "result")["html"]
    assert re.findall(r"votes=\((\d),\)", told) == ["0", "5", "0"]
    assert ", right=None" in told
    room.act("more", "more")
    assert f", right={LESSON.steps[0].right}," in ada.drawn(room.view.room.version, stream)["html"][0]


def test_the_addresses_of_a_result_answer_once_the_host_has_shown_it(room, phones):
    """`tests/components/rooms/test_early.py` looks for a result in all bytes that come before."""
    ada = phones[0]
    room.act("begin", "freeze", "reveal")
    votes = json.dumps(ada.now())
    assert MEASURED not in votes
    assert "'right': True" not in votes
    for path in ("results/0", "runs/0", "runs/1", "runs/-1", "runs/x", f"results/{'9' * 5000}"):
        assert ada.ask(f"/rooms/{ada.room}/{path}")[0] == 409, path
    room.act("more")
    assert ada.ask(f"/rooms/{ada.room}/runs/0")[0] == 409
    room.act("more")
    status, address = ada.ask(f"/rooms/{ada.room}/runs/0")
    assert status == 303
    assert address.startswith("/train?")


#: An answer and a choice as pages send them, by path; then what no page of ours sends: with another origin or media
#: type, or another body.
SENT = {"answer": {"step": 0, "round": 1, "asked": 0, "option": 1}, "me": {"pace": "10"}}
FOREIGN = [("https://elsewhere.example", "application/json"), ("null", "application/json"), (None, "text/plain")]
BODIES = [
    *(("answer", SENT["answer"] | more) for more in ({"option": "1"}, {"option": True}, {"sure": "x"})),
    *(("answer", body) for body in ([1, 2], b"{", b"[" * 3000, b" " * 8000 + b"{}")),
    *(("me", body) for body in ({"pace": "5"}, {"name": "x" * 201}, b'{"name": "\\ud800 is no character"}')),
]  # fmt: skip


def test_what_no_page_of_ours_sends_is_refused_and_stores_nothing(room, phones):
    room.act("begin")
    ada, own = phones[0], phones[0].origin
    before = room.view
    sent = [(*foreign, *each) for foreign in FOREIGN for each in SENT.items()]
    for origin, kind, path, body in (*sent, *((None, "application/json", *each) for each in BODIES)):
        ada.origin = origin or own
        status, told = ada.ask(f"/rooms/{ada.room}/{path}", body, kind)
        assert status == 403, (origin, kind, path, body)
        assert told["refused"]
    assert room.view == before


@pytest.mark.usefixtures("never_again")
def test_a_visitor_who_sends_without_end_is_slowed_down_alone(room, phones):
    room.act("begin")
    ada, bob = phones[:2]
    answers = [ada.answer(n % 2) for n in range(32)]
    assert [status for status, _ in answers] == [200] * 30 + [429] * 2
    assert answers[-1][1]["again"] >= 1
    assert bob.answer(1)[0] == 200


def test_a_room_that_is_over_closed_or_deleted_says_so(room, phones):
    ada = phones[0]
    stream = ada.follow()
    next(stream)
    room.act("begin", *["skip"] * len(LESSON.steps))
    assert (ada.now()["phase"], ada.now()["html"]) == ("over", ["[]"]), "no result was shown"
    assert ada.ask(f"/rooms/{ada.room}/results/0")[0] == 409
    room.act("close")
    assert next(each for each in stream if each["phase"] == "over")
    assert ada.try_to_join(room.opened.room.code) == (200, 1), "and sees the results"
    room.rooms.host.delete(room.id)
    assert isinstance(list(stream)[-1], str), "a sentence in place of a page"
    assert ada.ask(f"/rooms/{ada.room}/me", {"pace": "10"})[0] == ada.answer(1)[0] == 409


def test_an_answer_is_kept_through_reloads(room, phones):
    ada = phones[0]
    room.act("begin")
    ada.answer(1, sure="certain")
    ada.join(room)
    assert (ada.own["answers"], ada.own["sure"]) == ({"0": [1, None]}, {"0": "certain"})


# Joining, also while somebody tries many codes.

WILD = ["", "x", "x" * 79, "\x00", "a\x00b", "\u202e", "../../etc/passwd", "<script>alert(1)</script>", "' OR 1=1 --",
        "1." + "A" * 24, "-1", "%00", "🙈" * 30, "A" * 16, "[x](https://evil.example)"]  # fmt: skip


@pytest.mark.parametrize("key", ["code", "invite"])
def test_a_wild_link_is_refused_and_makes_nobody_somebody_else(room, phones, key):
    code, devices = room.opened.room.code, len(room.view.devices)
    for text in WILD:
        told = Phone(room.address).try_to_join(**{"code": code, key: text})
        assert told[0] == (200 if key == "invite" else 409), text
    assert list(room.view.devices.values()).count(1) == 1
    assert len(room.view.devices) - devices == {"code": 0, "invite": len(WILD)}[key]
