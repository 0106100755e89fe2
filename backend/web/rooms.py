"""Addresses of rooms: what exchanges a token for a cookie, and what tells a page that its room has changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from backend.rooms import Refused, Room, Rooms
from backend.rooms.tokens import matches

#: Seconds for which a browser keeps the cookie of a host or a board.
_COOKIE_SECONDS = 7 * 24 * 3600
#: The most pages that wait for changes at the same time.
_MOST_STREAMS = 2000
#: Seconds after which a comment is sent on a stream without news, so that no proxy closes it.
_ALIVE = 15.0
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
    """A page that waits for changes: what wakes it, and whether it has to end."""

    wake: asyncio.Event
    ended: bool = False


class Streams:
    """The open streams of this server. They end when the server stops, which would otherwise wait for them."""

    def __init__(self) -> None:
        self._open: set[_Stream] = set()

    @property
    def count(self) -> int:
        """How many pages wait."""
        return len(self._open)

    def open(self, wake: asyncio.Event) -> _Stream:
        """A new stream, which `wake` wakes."""
        stream = _Stream(wake)
        self._open.add(stream)
        return stream

    def close(self, stream: _Stream) -> None:
        """The stream has ended."""
        self._open.discard(stream)

    def end_all(self) -> None:
        """End all streams, on the server's event loop."""
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
        if streams.count >= _MOST_STREAMS:
            return PlainTextResponse("Too many pages wait.", 503, {"Retry-After": "5", **_STREAM})
        return StreamingResponse(_events(rooms(), id, streams), media_type="text/event-stream", headers=_STREAM)

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


async def _events(rooms: Rooms, id: str, streams: Streams) -> AsyncIterator[str]:
    """The versions as events. Several changes that come together are one event."""
    loop, changed = asyncio.get_running_loop(), asyncio.Event()
    stream = streams.open(changed)

    def tell(version: int) -> None:
        loop.call_soon_threadsafe(changed.set)

    stop = rooms.listen(id, tell)
    try:
        yield "retry: 1000\n\n"
        while not stream.ended:
            changed.clear()
            yield f"data: {rooms.version(id)}\n\n"
            while not changed.is_set():
                try:
                    async with asyncio.timeout(_ALIVE):
                        await changed.wait()
                except TimeoutError:
                    yield ": still here\n\n"
    finally:
        stop()
        streams.close(stream)
