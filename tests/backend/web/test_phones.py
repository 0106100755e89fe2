"""A participant's phone on a real server: it joins, answers and follows. It gets no secret before its time."""

from __future__ import annotations

import gzip
import http.client
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.applications import Starlette

from backend.database import Database
from backend.lessons import Step
from backend.rooms.lookups import OF_NETWORK, OF_VISITOR, SOONEST
from backend.rooms.machine import BEATS
from backend.rooms.phone import Panels
from backend.rooms.shown import Shown
from backend.rooms.tokens import ALPHABET, invitation
from backend.web import phone_requests
from backend.web.cookie import COOKIE, new_visitor
from backend.web.phones import phone_routes
from backend.web.streams import Streams
from harness.local import until
from tests.builders.asgi import get, serve
from tests.builders.lessons import LESSON
from tests.builders.rooms import Classroom, Clock, rooms_on

pytestmark = pytest.mark.slow

DOCUMENT = "<!doctype html><title>Room</title>"
MEASURED = "The workers measured 42."


#: Whether the panels of a question have a defect.
BROKEN = {"asked": False}


def asked(step: Step) -> list[Shown]:
    if BROKEN["asked"]:
        raise ZeroDivisionError("a defect")
    return []


#: Whether the workers still measure.
WAITING = {"measured": False}


def measured(position: int, explained: bool) -> tuple[list[Shown], bool]:
    return [Shown(("Keras measures …" if WAITING["measured"] else MEASURED,))], WAITING["measured"]


PANELS = Panels(asked, lambda view: measured, lambda step: {})


class Phone:
    """A browser that knows its cookie and nothing else. It sends what the page's script sends."""

    def __init__(self, address: str, origin: str | None = None) -> None:
        self.address, self.origin, self.visitor = address, origin or f"http://{address}", ""
        self.room, self.page, self.own = "", {}, {}
        self._stream: http.client.HTTPConnection | None = None

    def ask(self, path: str, body: Any = None, kind: str = "application/json") -> tuple[int, Any]:
        connection = http.client.HTTPConnection(self.address, timeout=60)
        headers = {"Cookie": f"{COOKIE}={self.visitor}"} if self.visitor else {}
        if body is None:
            connection.request("GET", path, headers=headers)
        else:
            text = body if isinstance(body, bytes) else json.dumps(body).encode()
            connection.request("POST", path, text, {**headers, "Content-Type": kind, "Origin": self.origin})
        response = connection.getresponse()
        text = response.read()
        for cookie in response.headers.get_all("set-cookie") or []:
            if cookie.startswith(f"{COOKIE}="):
                self.visitor = cookie.split(";")[0].partition("=")[2]
        connection.close()
        if response.status == 303:
            return 303, response.headers["location"]
        return response.status, json.loads(text) if text.startswith(b"{") else text.decode()

    def try_to_join(self, code: str, **more: str) -> tuple[int, Any]:
        """A 200 with the participant's number, or the status with why the room refuses."""
        status, told = self.ask("/rooms/join", {"code": code, **more})
        if status != 200:
            return status, told["refused"]
        self.room, self.page, self.own = told["room"], told["page"], told["own"]
        return status, self.own["number"]

    def join(self, room: Classroom) -> None:
        status, told = self.try_to_join(room.opened.room.code)
        assert status == 200, told

    def answer(self, option: int, step: int = 0, round: int = 1, sure: str = "", asked: int = 0) -> tuple[int, Any]:
        body = {"step": step, "round": round, "asked": asked, "option": option, "sure": sure}
        return self.ask(f"/rooms/{self.room}/answer", body)

    def now(self) -> Any:
        status, told = self.ask(f"/rooms/{self.room}/page?once")
        assert status == 200, told
        return told

    def follow(self) -> Iterator[Any]:
        """Each state that the stream tells; a sentence at its end. `own` has what it tells of the participant."""
        connection = self._stream = http.client.HTTPConnection(self.address, timeout=60)
        connection.request("GET", f"/rooms/{self.room}/page", headers={"Cookie": f"{COOKIE}={self.visitor}"})
        response = connection.getresponse()
        assert response.status == 200
        for line in response:
            if line.startswith(b"data: "):
                told = json.loads(line.removeprefix(b"data: "))
                if isinstance(told, str) or "version" in told:
                    yield told
                else:
                    self.own |= told
                if isinstance(told, str):
                    return

    def leave(self) -> None:
        if self._stream is not None:
            self._stream.close()


@pytest.fixture
def room(tmp_path) -> Iterator[Classroom]:
    database = Database(tmp_path)
    rooms, streams = rooms_on(database), Streams()
    app = Starlette(routes=phone_routes(lambda: rooms, streams, DOCUMENT, PANELS))
    with serve(app) as address:
        opened = Classroom.open(rooms, database, new_visitor())
        object.__setattr__(opened, "address", address)
        yield opened
        until(lambda: streams.count == 0, "every stream ends with its page")
    rooms.close()
    database.close()


@pytest.fixture
def phones(room) -> Iterator[list[Phone]]:
    joined = [Phone(room.address) for _ in range(5)]
    for each in joined:
        each.join(room)
    yield joined
    for each in joined:
        each.leave()


def test_a_phone_joins_answers_and_sees_the_result(room, phones):
    ada = phones[0]
    assert (ada.page["phase"], ada.page["question"], ada.own["number"]) == ("lobby", None, 1)
    (beside,) = room.join("somebody at this address", address="127.0.0.1")
    assert room.view.participants[1].network == beside.network != ""
    stream = ada.follow()
    assert next(stream)["phase"] == "lobby"
    room.act("begin")
    asked = next(stream)
    assert asked["phase"] == "ask"
    assert len(asked["question"]["options"]) == len(LESSON.steps[0].options)
    for phone in phones:
        assert phone.answer(1, sure="certain") == (200, {"stored": True})
        assert phone.answer(1, sure="certain") == (200, {"stored": True}), "the same one again"
    assert {number: each.option for number, each in room.view.of_round(0, 1).items()} == dict.fromkeys(range(1, 6), 1)
    assert ada.ask(f"/rooms/{ada.room}/own")[1]["answers"] == {"0": [1, None]}
    room.act("freeze", "reveal")
    told = next(each for each in stream if each["phase"] == "result")["result"]
    assert [option["rounds"] for option in told["parts"][0]["picture"]["data"]["options"]] == [[0], [5], [0]]
    assert told["right"] is None
    for _ in range(BEATS - 1):
        room.act("more")
    told = next(each["result"] for each in stream if each["result"] and len(each["result"]["parts"]) == BEATS)
    assert told["right"] == LESSON.steps[0].right


def test_nothing_of_a_result_reaches_a_phone_before_its_beat(room, phones):
    step, secrets = LESSON.steps[0], [LESSON.steps[0].why, MEASURED]
    right = step.options[step.right].text
    ada = phones[0]
    states = [ada.now()]
    room.act("begin")
    for phone in phones:
        phone.answer(step.right)
    states.append(ada.now())
    room.act("freeze")
    states.append(ada.now())
    for state in states:
        assert state["result"] is None
        text = json.dumps(state)
        assert all(secret not in text for secret in secrets if secret)
        assert "right" not in text.replace(json.dumps(right), "")
        assert "rounds" not in text
    room.act("reveal")
    votes = json.dumps(ada.now())
    assert MEASURED not in votes
    assert '"right": true' not in votes
    for path in ("results/0", "runs/0", "runs/1", "runs/-1", "runs/x", f"results/{'9' * 5000}"):
        assert ada.ask(f"/rooms/{ada.room}/{path}")[0] == 409, path
    room.act("more")
    assert ada.ask(f"/rooms/{ada.room}/runs/0")[0] == 409
    room.act("more")
    status, address = ada.ask(f"/rooms/{ada.room}/runs/0")
    assert status == 303
    assert address.startswith("/train?")


def test_an_ad_hoc_question_is_plain_text_and_only_its_reveal_has_the_votes(room, phones):
    text, options = "Who is <b>*this*</b>?\n## [me](https://a.org)\n<b>", ["<script>x</script>", "**b**"]
    room.rooms.host.add_question(room.id, text, options, room.view.room.version)
    ada = phones[0]
    states = [ada.now()]
    assert "script" not in json.dumps(states), "it is not asked yet"
    room.act("begin")
    for phone in phones:
        assert phone.answer(1) == (200, {"stored": True})
    states.append(ada.now())
    question = states[-1]["question"]
    assert (question["place"], question["sure"], question["parts"]) == ("Question 1 of 3", [], [])
    assert question["title"] == "Who is <b>*this*</b>?"
    assert question["text"].replace("\u2060", "") == "<p>## [me](https://a.org)<br />\n&lt;b&gt;</p>\n"
    assert [each.replace("\u2060", "") for each in question["options"]] == [
        "&lt;script&gt;x&lt;/script&gt;", "**b**",
    ]  # fmt: skip
    for action in ("freeze", "discuss", "ask_again", "freeze"):
        room.act(action)
        states.append(ada.now())
    assert all("rounds" not in json.dumps(state) and state["result"] is None for state in states)
    assert ada.ask(f"/rooms/{ada.room}/results/0")[0] == 409
    room.act("reveal")
    result = ada.now()["result"]
    assert [each["rounds"] for each in result["parts"][0]["picture"]["data"]["options"]] == [[0], [5]]
    assert (result["right"], result["door"], len(result["parts"])) == (None, None, 1)
    assert "no right answer" in result["parts"][0]["words"][0]
    room.act("next")
    assert ada.now()["question"]["title"] == LESSON.steps[0].title
    room.act("close")
    assert ada.ask(f"/rooms/{ada.room}/results/0")[1] == result
    assert ada.ask(f"/rooms/{ada.room}/runs/0")[0] == 409


#: Requests that no page of ours sends: origin, media type and body.
FOREIGN = [
    ("https://elsewhere.example", "application/json", {"step": 0, "round": 1, "asked": 0, "option": 1}),
    ("null", "application/json", {"step": 0, "round": 1, "asked": 0, "option": 1}),
    (None, "text/plain", {"step": 0, "round": 1, "asked": 0, "option": 1}),
    (None, "application/json", {"step": 0, "round": 1, "asked": 0, "option": "1"}),
    (None, "application/json", {"step": 0, "round": 1, "asked": 0, "option": True}),
    (None, "application/json", {"step": 0, "round": 1, "asked": 0, "option": 1, "sure": "x"}),
    (None, "application/json", [1, 2]),
    (None, "application/json", b"{"),
    (None, "application/json", b"[" * 3000),
    (None, "application/json", b" " * 8000 + b"{}"),
]


def test_what_no_page_of_ours_sends_is_refused_and_stores_nothing(room, phones):
    room.act("begin")
    ada = phones[0]
    own = ada.origin
    for origin, kind, body in FOREIGN:
        ada.origin = origin or own
        status, told = ada.ask(f"/rooms/{ada.room}/answer", body, kind)
        assert status == 403, (origin, kind, body)
        assert told["refused"]
    assert room.view.of_round(0, 1) == {}


def test_a_refusal_is_a_sentence(room, phones):
    ada = phones[0]
    assert ada.answer(1) == (409, {"refused": "Too late: the answers are frozen."})
    room.act("begin")
    assert ada.answer(9) == (409, {"refused": "The question has no such option."})
    stranger = Phone(room.address)
    stranger.room, stranger.visitor = ada.room, new_visitor()
    assert stranger.answer(1) == (409, {"refused": "You are not in this room. Join it with its code."})
    assert stranger.ask(f"/rooms/{ada.room}/page")[0] == 409
    status, told = stranger.ask("/rooms/join", {"code": "AAAAAA"})
    assert (status, told["refused"].partition(".")[0]) == (409, "There is no room with this code")


@pytest.fixture
def never_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has sent as many requests as one may at once has to wait for hours, however slow the machine is."""
    monkeypatch.setattr(phone_requests, "PER_SECOND", 1e-4)


@pytest.mark.usefixtures("never_again")
def test_a_visitor_who_sends_without_end_is_slowed_down_alone(room, phones):
    room.act("begin")
    ada, bob = phones[:2]
    answers = [ada.answer(n % 2) for n in range(32)]
    assert answers[:30] == [(200, {"stored": True})] * 30
    assert [status for status, _ in answers[30:]] == [429] * 2
    assert answers[-1][1]["again"] >= 1
    assert bob.answer(1) == (200, {"stored": True})


def test_a_page_that_cannot_be_made_says_so_and_comes_back(room, phones, monkeypatch):
    ada = phones[0]
    assert ada.now()["phase"] == "lobby"
    monkeypatch.setitem(BROKEN, "asked", True)
    room.act("begin")
    assert ada.now()["phase"] == "lobby", "what it showed last"
    monkeypatch.undo()
    until(lambda: ada.now()["phase"] == "ask", "the page")


def test_results_after_the_lesson_are_compressed_once(room, phones):
    ada = phones[0]
    room.act("begin", "freeze", "reveal", "more", "more", "close")
    assert ada.now()["results"] == [[0, LESSON.steps[0].title]]
    status, told = ada.ask(f"/rooms/{ada.room}/results/0")
    assert (status, told["title"], len(told["parts"])) == (200, LESSON.steps[0].title, BEATS)
    packed = get(room.address, f"/rooms/{ada.room}/results/0", **{
        "Cookie": f"{COOKIE}={ada.visitor}", "Accept-Encoding": "gzip"})  # fmt: skip
    assert packed.headers["content-encoding"] == "gzip"
    assert json.loads(gzip.decompress(packed.read())) == told


def test_a_result_that_is_still_measured_after_the_lesson_is_made_again(room, phones, monkeypatch):
    ada = phones[0]
    room.act("begin", "skip", "freeze", "reveal", "more", "more", "close")
    monkeypatch.setitem(WAITING, "measured", True)
    assert "Keras measures" in str(ada.ask(f"/rooms/{ada.room}/results/1")[1])
    monkeypatch.undo()
    assert MEASURED in str(ada.ask(f"/rooms/{ada.room}/results/1")[1])


def test_another_device_continues_and_a_reload_stays_the_same_participant(room, phones):
    ada, tablet = phones[0], Phone(room.address)
    code = room.opened.room.code
    status, told = tablet.ask("/rooms/join", {"code": code, "me": ada.own["token"]})
    assert (status, told["own"]["number"]) == (200, 1)
    status, told = ada.ask("/rooms/join", {"code": code, "invite": invitation(room.opened.room.secret, code)})
    assert (status, told["own"]["number"]) == (200, 1)
    assert len(room.view.present) == len(phones)


def test_who_is_removed_follows_no_more(room, phones):
    ada = phones[0]
    stream = ada.follow()
    next(stream)
    room.act("begin")
    room.rooms.host.remove(room.id, 1)
    removed = "The host has removed you from this room."
    assert list(stream)[-1] == removed
    assert ada.answer(1) == (409, {"refused": removed})
    assert ada.try_to_join(room.opened.room.code) == (409, removed)
    assert room.view.of_round(0, 1) == {}


def test_names_and_pace_are_the_participants_own(room, phones):
    ada = phones[0]
    status, told = ada.ask(f"/rooms/{ada.room}/me", {"name": "Ada"})
    assert (status, told) == (409, {"refused": "The host allows no names in this room."})
    room.act("names")
    status, told = ada.ask(f"/rooms/{ada.room}/me", {"name": "Ada", "pace": "10"})
    assert (status, told["alias"], told["pace"]) == (200, "Ada", "10")
    assert ada.ask(f"/rooms/{ada.room}/me", {"pace": "never"})[0] == 403
    stream = ada.follow()
    next(stream)
    room.rooms.host.rename(room.id, 1, "Lovelace")
    room.act("begin")
    next(each for each in stream if each["phase"] == "ask")
    assert (ada.own["alias"], ada.own["pace"]) == ("Lovelace", "10")


def test_a_stream_first_tells_what_changed_while_there_was_none(room, phones):
    ada = phones[0]
    room.rooms.host.rename(room.id, 1, "Lovelace")
    next(ada.follow())
    assert ada.own["alias"] == "Lovelace"


@pytest.mark.parametrize("then", ["deleted", "closed"])
def test_a_room_that_ends_says_so_whatever_its_participant_does(room, phones, then):
    ada = phones[0]
    stream = ada.follow()
    next(stream)
    room.act("begin")
    if then == "closed":
        room.act("close")
        told = next(each for each in stream if each["phase"] == "over")
        assert told["status"] == "The room is closed. Thank you for taking part."
        words = "The room is closed."
        assert ada.try_to_join(room.opened.room.code) == (200, 1), "and sees the results"
        assert Phone(room.address).try_to_join(room.opened.room.code) == (409, words)
    else:
        room.rooms.host.delete(room.id)
        words = "This room does not exist any more."
        assert list(stream)[-1] == words
        assert ada.try_to_join(room.opened.room.code)[1] == NO_ROOM
        assert ada.ask(f"/rooms/{ada.room}/me", {"pace": "10"}) == (409, {"refused": words})
    assert ada.answer(1) == (409, {"refused": words})


def test_a_skipped_last_question_ends_the_lesson_on_phones(room, phones):
    room.act("begin", *["skip"] * len(LESSON.steps))
    told = phones[0].now()
    assert (told["phase"], told["status"]) == ("over", "The lesson is over. Thank you for taking part.")
    assert told["results"] == [], "no result was shown"


def test_an_answer_is_kept_through_reloads_and_by_any_device(room, phones):
    ada, tablet = phones[0], Phone(room.address)
    room.act("begin")
    ada.answer(1, sure="certain")
    ada.join(room)
    assert (ada.own["answers"], ada.own["sure"]) == ({"0": [1, None]}, {"0": "certain"})
    assert tablet.try_to_join(room.opened.room.code, me=ada.own["token"]) == (200, 1)
    tablet.answer(2, sure="guessing")
    assert ada.ask(f"/rooms/{ada.room}/own")[1]["answers"] == {"0": [2, None]}
    room.act("freeze")
    assert ada.answer(0) == (409, {"refused": "Too late: the answers are frozen."})
    assert ada.answer(2, sure="guessing") == (200, {"stored": True}), "what is stored, once more"
    assert {each.option for each in room.view.of_round(0, 1).values()} == {2}
    room.act("reset")
    assert ada.answer(2) == (409, {"refused": "Too late: the question is asked again."})


def test_a_pause_keeps_an_answer_waiting(room, phones):
    room.act("begin", "pause")
    status, told = phones[0].answer(1)
    assert (status, told) == (503, {"refused": "The room is paused.", "again": 3.0})
    room.act("resume")
    assert phones[0].answer(1) == (200, {"stored": True})


def test_a_name_is_text_and_no_markup(room, phones):
    ada, name = phones[0], "[x](//evil) <b>**"
    room.act("names")
    assert ada.ask(f"/rooms/{ada.room}/me", {"name": name})[1]["alias"] == name
    assert name not in json.dumps(ada.now()), "others do not see it, and its own page shows it as text"


# Joining, also while somebody tries many codes.

NO_ROOM = "There is no room with this code. A code has six characters: letters and digits."
NOBODY = "This link belongs to no participant of the room."
WILD = ["", "x", "x" * 79, "\x00", "a\x00b", "\u202e", "../../etc/passwd", "<script>alert(1)</script>", "' OR 1=1 --",
        "1." + "A" * 24, "-1", "%00", "🙈" * 30, "A" * 16, "[x](https://evil.example)"]  # fmt: skip


def slow_down(room, wrong: int, visitor: str = "") -> None:
    """Wrong codes from the address of the tests, by as many visitors or by one."""
    for n in range(wrong):
        code = f"AAA{ALPHABET[n // 900]}{ALPHABET[n // 30 % 30]}{ALPHABET[n % 30]}"
        with pytest.raises(ValueError, match=r"no room|tried more slowly"):
            room.rooms.find(code, visitor or f"eve {n}", "127.0.0.1")


@pytest.mark.parametrize("key", ["code", "me", "invite"])
def test_a_wild_link_is_refused_and_makes_nobody_somebody_else(room, phones, key):
    code, devices = room.opened.room.code, len(room.view.devices)
    for text in WILD:
        told = Phone(room.address).try_to_join(**{"code": code, key: text})
        if key == "invite" or (key == "me" and not text):
            assert told[0] == 200, text
        else:
            assert told == (409, NO_ROOM if key == "code" else NOBODY), text
    assert list(room.view.devices.values()).count(1) == 1
    assert len(room.view.devices) - devices == {"code": 0, "me": 1, "invite": len(WILD)}[key]


def test_the_link_of_another_room_opens_nothing_here(room, phones):
    other = Classroom.open(room.rooms, room.database, new_visitor())
    me = phones[0].own["token"]
    told = Phone(room.address).try_to_join(other.opened.room.code, me=me)
    assert told == (409, NOBODY)
    assert other.view.participants == {}


def test_whoever_tries_codes_waits_and_a_class_that_joins_does_not(room, monkeypatch):
    monkeypatch.setattr(room.rooms.lookups, "clock", Clock())
    eve, code = Phone(room.address), room.opened.room.code
    eve.visitor = new_visitor()
    assert eve.try_to_join("AAAAAA") == (409, NO_ROOM)
    slow_down(room, OF_VISITOR.free, eve.visitor)
    for tried in ("BBBBBB", code):  # else a right code could be found all the same
        status, told = eve.try_to_join(tried)
        assert status == 429
        assert told.startswith("Many wrong codes were typed, so codes are tried more slowly now.")
    assert len(room.view.participants) == 0
    for n in range(12):
        assert Phone(room.address).try_to_join(code) == (200, n + 1)


def test_a_scanned_code_a_link_and_a_participant_never_wait_and_others_join_later(room, monkeypatch):
    clock = Clock()
    monkeypatch.setattr(room.rooms.lookups, "clock", clock)
    ada, code = Phone(room.address), room.opened.room.code
    ada.join(room)
    slow_down(room, 2 * OF_NETWORK.free)
    invite = invitation(room.opened.room.secret, code)
    assert Phone(room.address).try_to_join(code, invite=invite) == (200, 2)
    assert Phone(room.address).try_to_join(code, invite=invite, me=ada.own["token"]) == (200, 1)
    assert ada.try_to_join(code) == (200, 1)
    late = Phone(room.address)
    status, told = late.try_to_join(code)
    assert status == 429
    assert re.search(r"Keep this page open: it asks again in \d+ s\.", told)
    assert "The room's QR code works at once." in told
    assert Phone(room.address).try_to_join(code, invite="A" * 16)[0] == 429
    clock.now += SOONEST
    assert late.try_to_join(code) == (200, 3)


def test_links_of_earlier_versions_lead_to_the_page(room):
    phone = Phone(room.address)
    assert phone.ask("/room?code=ABC234&invite=x-y&me=1.z&lstm=4") == (303, "/join/ABC234?invite=x-y&me=1.z")
    assert phone.ask("/room?code=%2F%2Felsewhere.example") == (303, "/join/%2F%2Felsewhere.example")
    for path in ("/join", "/join/", "/join/ABC234", "/join/ABC234/"):
        assert phone.ask(path) == (200, DOCUMENT)
    for query in ("", "?host=1", "?board=1&code=ABC234"):
        assert phone.ask(f"/room{query}")[0] == 404, "Streamlit's own page"
