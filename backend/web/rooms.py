"""Addresses of rooms: what exchanges a token for a cookie, and what tells a page that its room has changed."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from backend.rooms import Refused, Room, Rooms
from backend.rooms.tokens import matches
from backend.web.cookie import visitor_in

#: Seconds for which a browser keeps the cookie of a host or a board.
_COOKIE_SECONDS = 7 * 24 * 3600
#: The most pages that wait for changes at the same time: of one visitor, of a room (200 participants with two devices,
#: and some more), and of all. A page without a stream asks every two seconds (`room_follow.js`).
MOST_OF_VISITOR, MOST_OF_ROOM, MOST_OF_ALL = 20, 500, 2000
#: Seconds after which a comment is sent on a stream without news, so that no proxy closes it.
_ALIVE = 15.0
#: Milliseconds until a browser reopens an ended stream. The page of a deleted room closes its stream before that.
_REOPEN, _REOPEN_GONE = 1000, 30_000
_STREAM = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
ROLES = ("host", "board")


def cookie_name(role: str, room: str) -> str:
    """The cookie that has the token of a room's host or board."""
    return f"two_heads_{role}_{room}"


def may(role: str, room: Room, cookies: Mapping[str, str]) -> bool:
    """Whether these cookies are those of the room's host, or of its board."""
    token = cookies.get(cookie_name(role, room.id), "")
    return matches(token, room.host_hash if role == "host" else room.board_hash)


@dataclass(eq=False)
class _Stream:
    """A page that waits for changes: whose it is, what wakes it, and whether it has to end."""

    visitor: str
    room: str
    wake: asyncio.Event
    ended: bool = False


class Streams:
    """The open streams of this server. They end when the server stops, which would otherwise wait for them."""

    def __init__(self) -> None:
        self._open: set[_Stream] = set()
        self._counts: Counter[tuple[str, str]] = Counter()
        self._ending = False

    @property
    def count(self) -> int:
        """How many pages wait."""
        return len(self._open)

    def full(self, visitor: str, room: str) -> bool:
        """Whether the visitor, the room or the server has as many streams as it may have."""
        mine, there = self._counts["visitor", visitor], self._counts["room", room]
        return mine >= MOST_OF_VISITOR or there >= MOST_OF_ROOM or self.count >= MOST_OF_ALL

    def open(self, visitor: str, room: str, wake: asyncio.Event) -> _Stream:
        """A new stream, which `wake` wakes. It ends at once where the server stops already."""
        stream = _Stream(visitor, room, wake, self._ending)
        self._open.add(stream)
        self._counts.update((("visitor", visitor), ("room", room)))
        return stream

    def close(self, stream: _Stream) -> None:
        """The stream has ended."""
        self._open.discard(stream)
        for key in (("visitor", stream.visitor), ("room", stream.room)):
            self._counts[key] -= 1
            if not self._counts[key]:
                del self._counts[key]

    def end_all(self) -> None:
        """End all streams, and those that are opened later, on the server's event loop."""
        self._ending = True
        for stream in self._open:
            stream.ended = True
            stream.wake.set()


def room_routes(rooms: Callable[[], Rooms], streams: Streams, base: str = "") -> list[BaseRoute]:
    """The routes, under the app's base path if it has one. `rooms` returns the rooms of the running server."""
    prefix = f"/{base.strip('/')}" if base.strip("/") else ""

    async def enter(request: Request) -> Response:
        """Exchange a token in a link for a cookie that no script can read, and leave the link."""
        role, id, token = (request.path_params[name] for name in ("role", "room", "token"))
        room = await _room(rooms(), id) if role in ROLES else None
        if room is None or not may(role, room, {cookie_name(role, id): token}):
            return PlainTextResponse("There is no such room, or the link is incomplete.", 404, _STREAM)
        answer = RedirectResponse(f"{prefix}/room?{role}={id}", 303, {"Referrer-Policy": "no-referrer", **_STREAM})
        answer.set_cookie(
            cookie_name(role, id), token, max_age=_COOKIE_SECONDS, path=f"{prefix}/", httponly=True, samesite="lax",
            secure=request.url.scheme == "https",
        )  # fmt: skip
        return answer

    async def versions(request: Request) -> Response:
        """The room's version, and each new one as a server-sent event. With `?once` the present one alone."""
        id = request.path_params["room"]
        if await _room(rooms(), id) is None:
            return PlainTextResponse("There is no such room.", 404, _STREAM)
        if "once" in request.query_params:
            return PlainTextResponse(str(rooms().version(id)), headers=_STREAM)
        visitor = visitor_in(request.cookies) or (request.client.host if request.client else "")
        if streams.full(visitor, id):
            return PlainTextResponse("Too many pages wait.", 503, {"Retry-After": "5", **_STREAM})
        return _Versions(rooms(), id, streams, visitor)

    return [
        Route(f"{prefix}/rooms/{{role}}/{{room}}/{{token}}", enter),
        Route(f"{prefix}/rooms/{{room}}/versions", versions),
    ]


async def _room(rooms: Rooms, id: str) -> Room | None:
    try:
        view = await asyncio.to_thread(rooms.view, id)
    except Refused:
        return None
    return view.room if view else None


class _Versions(StreamingResponse):
    """The versions as events; the last one is 0 where the room is gone. Changes that come together are one event."""

    def __init__(self, rooms: Rooms, id: str, streams: Streams, visitor: str) -> None:
        super().__init__(self._events(), media_type="text/event-stream", headers=_STREAM)
        self._rooms, self._id, self._streams = rooms, id, streams
        self._stream = streams.open(visitor, id, asyncio.Event())  # now: the next request counts it

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        loop, wake = asyncio.get_running_loop(), self._stream.wake.set
        stop = self._rooms.listen(self._id, lambda version: _soon(loop, wake))
        try:
            await super().__call__(scope, receive, send)
        finally:  # here and not in the generator, which has not begun where the browser left before
            stop()
            self._streams.close(self._stream)

    async def _events(self) -> AsyncIterator[str]:
        stream, version = self._stream, -1
        yield f"retry: {_REOPEN}\n\n"
        while version != 0 and not stream.ended:
            stream.wake.clear()
            before, version = version, self._rooms.version(self._id)
            if version != before:  # else the page has it: it was read before its listener was called
                yield f"data: {version}\n\n" if version else f"retry: {_REOPEN_GONE}\ndata: 0\n\n"
            while version != 0 and not stream.ended and not stream.wake.is_set():
                try:
                    async with asyncio.timeout(_ALIVE):
                        await stream.wake.wait()
                except TimeoutError:
                    yield ": still here\n\n"


def _soon(loop: asyncio.AbstractEventLoop, do: Callable[[], None]) -> None:
    """Do it on the event loop, from any thread. A loop that has ended has no page that waits."""
    try:
        loop.call_soon_threadsafe(do)
    except RuntimeError:
        pass
