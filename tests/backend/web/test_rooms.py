"""The addresses of rooms on a real server: a token becomes a cookie, and a phone's stream tells each new version."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from starlette.applications import Starlette
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from backend.database import Database
from backend.rooms import Rooms
from backend.rooms.people import REMOVED
from backend.web.cookie import COOKIE, new_visitor
from backend.web.phones import phone_routes
from backend.web.rooms import cookie_name, room_routes
from backend.web.streams import MOST_OF_PARTICIPANT, Streams
from harness.local import until
from tests.builders.asgi import get, serve
from tests.builders.phones import Phone, pages
from tests.builders.rooms import Classroom, rooms_on

pytestmark = pytest.mark.slow

SEALED = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}


class Site:
    """A server with the routes of rooms, and its rooms."""

    def __init__(self, address: str, rooms: Rooms, database: Database, streams: Streams) -> None:
        self.address, self.rooms, self.database, self.streams = address, rooms, database, streams

    def open(self) -> Classroom:
        return Classroom.open(self.rooms, self.database, new_visitor())


@pytest.fixture
def start(tmp_path) -> Iterator[Callable[[str], Site]]:
    with ExitStack() as stack:

        def one(base: str = "", folder: str = "", framed: bool = False) -> Site:
            database = Database(tmp_path / folder)
            stack.callback(database.close)
            rooms, streams = rooms_on(database), Streams()
            stack.callback(rooms.close)
            phones = phone_routes(lambda: rooms, streams, "", pages(rooms), base)
            app = Starlette(
                routes=[*phones, *room_routes(lambda: rooms, base, framed, "the page: {}".format, "a board")]
            )
            address = stack.enter_context(serve(ProxyHeadersMiddleware(app)))
            stack.callback(lambda: until(lambda: streams.count == 0, "every stream ends with its page"))
            return Site(address, rooms, database, streams)

        yield one


@pytest.fixture
def site(start) -> Site:
    return start()


def participant(site: Site, room: Classroom, visitor: str = "") -> Phone:
    """The phone of a visitor who has joined the room: a new one, or this one."""
    phone = Phone(site.address)
    phone.room, phone.visitor = room.id, visitor or new_visitor()
    room.join(phone.visitor)
    return phone


@pytest.mark.parametrize(("base", "https"), [("", False), ("/deep/heads", True)])
def test_a_token_becomes_a_cookie_and_leaves_the_address(start, base, https):
    site = start(base)
    room, prefix = site.open(), base
    headers = {"X-Forwarded-Proto": "https"} if https else {}
    answer = get(site.address, f"{prefix}/rooms/host/{room.id}/{room.opened.host}", **headers)
    assert (answer.status, answer.headers["location"]) == (303, f"{prefix}/room?host={room.id}")
    assert {name: answer.headers[name] for name in SEALED} == SEALED
    cookie, *attributes = (part.strip() for part in answer.headers["set-cookie"].split(";"))
    assert cookie == f"{cookie_name(room.id)}={room.opened.host}"
    wanted = {"HttpOnly", "SameSite=Lax", f"Path={prefix}/", *(["Secure"] if https else [])}
    assert {each for each in attributes if not each.startswith("Max-Age=")} == wanted
    assert not answer.read()
    if base:
        assert get(site.address, f"/rooms/host/{room.id}/{room.opened.host}").status == 404


def test_the_code_of_a_room_leads_to_its_board(site):
    room = site.open()
    assert b"the page" in get(site.address, "/board").read()
    code = room.opened.room.code
    answer = get(site.address, f"/board?code={code.lower()}")
    assert (answer.status, answer.headers["location"]) == (303, f"/board/{room.id}")
    assert get(site.address, f"/board/{code}").headers["location"] == f"/board/{room.id}"
    assert get(site.address, f"/board/{room.id}").read() == b"a board"
    assert get(site.address, f"/rooms/{room.id}/board?once").read() == b'{"own": null, "page": {"waits":false}}'
    assert get(site.address, f"/rooms/{'x' * 16}/board").status == 409
    phone = participant(site, room)
    room.rooms.host.set_removed(room.id, [1])
    room.act("lock")
    room.rooms.host.new_code(room.id)
    again = get(site.address, f"/board?code={code}", Cookie=f"{COOKIE}={phone.visitor}")
    assert again.status == 409, "who was removed does not read the new code"
    assert b"There is no room with this code" in again.read()


def test_an_old_link_to_a_board_asks_for_the_code(site):
    answer = get(site.address, "/rooms/board/a-room/a-token")
    assert (answer.status, answer.headers["set-cookie"]) == (200, None)
    assert b"the page" in answer.read()


def test_every_other_link_gets_the_same_answer_and_no_cookie(site):
    room, other = site.open(), site.open()
    host = room.opened.host
    wrong = [
        f"host/{room.id}/{room.opened.room.code}", f"host/{room.id}/{other.opened.host}",
        f"host/{other.id}/{host}", f"host/{room.id}/{host}A", f"host/{room.id}/{host[:-1]}", f"host/{room.id}/x",
        f"host/{'x' * 16}/{host}", f"host/{'x' * 5000}/{host}", f"host/%00/{host}", f"host/{room.id}/%00",
        f"host/{room.id}/{'x' * 20_000}",
        f"host/{room.id}/{room.opened.room.host_hash}", f"host/{room.id}/%ff%fe",
    ]  # fmt: skip
    answers = []
    for path in wrong:
        answer = get(site.address, f"/rooms/{path}")
        assert "set-cookie" not in answer.headers
        answers.append((answer.status, answer.headers["cache-control"], answer.read()))
    said = b"This link opens no room. It is incomplete, or the room was deleted."
    assert set(answers) == {(404, "no-store", said)}


def test_only_participants_follow_a_room(site):
    room, other = site.open(), site.open()
    strangers = {
        "nobody": "",
        "a visitor": f"{COOKIE}={new_visitor()}",
        "another room's participant": f"{COOKIE}={participant(site, other).visitor}",
        "the host": f"{COOKIE}={new_visitor()}; {cookie_name(room.id)}={room.opened.host}",
    }
    for name, cookie in strangers.items():
        for path in (f"/rooms/{room.id}/page", f"/rooms/{room.id}/page?once"):
            answer = get(site.address, path, Cookie=cookie)
            assert answer.status == 409, name
            assert answer.read() == b'{"refused":"You are not in this room. Join it with its code."}'
    removed = participant(site, room)
    room.rooms.host.set_removed(room.id, [1])
    assert removed.ask(f"/rooms/{room.id}/page?once") == (409, {"refused": REMOVED})
    assert site.streams.count == 0


def test_one_visitor_has_so_many_streams_and_the_others_have_theirs(site):
    room, flooding = site.open(), new_visitor()
    with ExitStack() as stack:
        mine = [stack.enter_context(participant(site, room, flooding)) for _ in range(3 * MOST_OF_PARTICIPANT)]
        assert [each.open() for each in mine] == [200] * MOST_OF_PARTICIPANT + [503] * 2 * MOST_OF_PARTICIPANT
        assert site.streams.count == MOST_OF_PARTICIPANT
        another = stack.enter_context(participant(site, room))
        assert (another.open(), next(another.versions())) == (200, 1)
        assert mine[0].now()["version"] == 1, "it may ask"
    until(lambda: site.streams.count == 0, "the streams end with their pages")
    with participant(site, room, flooding) as again:
        assert again.open() == 200


def test_a_room_that_cannot_be_read_now_is_not_gone(start, tmp_path):
    (tmp_path / "file").write_text("no folder")
    site = start(folder="file")
    for path in ("host/room/token", "room/page", "room/page?once"):
        answer = get(site.address, f"/rooms/{path}", Cookie=f"{COOKIE}={new_visitor()}")
        assert (answer.status, answer.headers["retry-after"], answer.headers["cache-control"]) == (503, "3", "no-store")
        assert b"The room cannot be read now, because " in answer.read()
