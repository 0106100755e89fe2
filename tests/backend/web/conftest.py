"""A server of rooms with phones."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette

from backend.database import Database
from backend.web import phone_requests
from backend.web.cookie import new_visitor
from backend.web.phones import phone_routes
from backend.web.streams import Streams
from harness.local import until
from tests.builders.asgi import serve
from tests.builders.phones import DOCUMENT, Phone, pages
from tests.builders.rooms import Classroom, rooms_on


@pytest.fixture
def room(tmp_path) -> Iterator[Classroom]:
    database = Database(tmp_path)
    rooms, streams = rooms_on(database), Streams()
    app = Starlette(routes=phone_routes(lambda: rooms, streams, DOCUMENT, pages(rooms)))
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


@pytest.fixture
def never_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has sent as many requests as one may at once has to wait for hours, however slow the machine is."""
    monkeypatch.setattr(phone_requests, "PER_SECOND", 1e-4)
