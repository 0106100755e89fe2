"""What the routes of phones share: reading a request, finding its participant, and answering with a sentence."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Container, Mapping
from typing import Any, TypeVar

from cachetools import LRUCache
from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from backend.rooms import Participant, Paused, RoomRefused, Rooms, RoomUnavailable, RoomView, Slowed
from backend.rooms.people import REMOVED
from backend.token_bucket import TokenBucket
from backend.web.cookie import visitor_in
from backend.web.request_filter import host_allowed, is_own_origin

NO_STORE = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
GONE = "This room does not exist any more."
_STRANGER = "You are not in this room. Join it with its code."
#: The requests of a visitor: a second, and at once.
PER_SECOND, BURST = 5.0, 30.0
#: Visitors whose requests are counted.
_MOST_VISITORS = 20_000

Sent = TypeVar("Sent", bound=BaseModel)


class _Foreign(Exception):
    """A request that another site has sent, or that is no JSON of ours."""


class Bodies:
    """Reads the JSON of requests from our own pages, and limits how often a visitor may send one."""

    def __init__(self, origins: Container[str], hosts: Collection[str]) -> None:
        self._origins, self._hosts = origins, hosts
        self._buckets: LRUCache[str, TokenBucket] = LRUCache(maxsize=_MOST_VISITORS)

    async def read(self, request: Request, kind: type[Sent]) -> Sent:
        """The JSON of the request. Raises _Foreign, or Slowed if the visitor sends requests too often."""
        ours = is_own_origin(request.headers, self._origins)
        if not ours or not host_allowed(request.headers.get("host", ""), self._hosts):
            raise _Foreign
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            raise _Foreign
        self._slow_down(visitor_in(request.cookies))
        try:
            return kind.model_validate_json(await request.body())
        except (ValidationError, ClientDisconnect):
            raise _Foreign from None

    def _slow_down(self, visitor: str | None) -> None:
        """Raise Slowed if the visitor sends more than a person does. A visitor without a cookie gets one by joining."""
        if visitor is None:
            return
        now = time.monotonic()
        bucket = self._buckets.setdefault(visitor, TokenBucket(PER_SECOND, BURST, now))
        if seconds := bucket.wait(now):
            raise Slowed("You send too much at once. Wait a moment.", max(seconds, 1.0))
        bucket.take(now)


def answered(endpoint: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint, which answers a refusal with its sentence and, if trying again may help, the seconds until then."""

    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except _Foreign:
            return json_answer({"refused": "This request does not come from a page of this server."}, 403)
        except Slowed as reason:
            return json_answer({"refused": str(reason), "again": reason.seconds}, 429)
        except (RoomUnavailable, Paused) as reason:
            return json_answer({"refused": str(reason), "again": 3.0}, 503, {"Retry-After": "3"})
        except RoomRefused as reason:
            return json_answer({"refused": str(reason)}, 409)

    return answer


async def participant_of(rooms: Rooms, request: Request) -> tuple[RoomView, Participant]:
    """The room of the request and its participant. Raises RoomRefused. The event loop never waits for the database."""
    id, visitor = request.path_params["room"], visitor_in(request.cookies)
    view = rooms.peek(id) or await asyncio.to_thread(rooms.view, id)
    if view is None:
        raise RoomRefused(GONE)
    if visitor is None:
        raise RoomRefused(_STRANGER)
    who = rooms.people.find(view, visitor)
    if who is None or who.removed:
        raise RoomRefused(REMOVED if who is not None else _STRANGER)
    return view, who


def json_answer(value: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] = {}) -> JSONResponse:
    """An answer as JSON, which no cache keeps."""
    return JSONResponse(value, status, {**NO_STORE, **headers})
