"""Routes of rooms: one exchanges a token for a cookie, the other tells a page that its room has changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from backend.rooms import Refused, Room, Rooms, RoomUnavailable, RoomView
from backend.rooms.tokens import matches
from backend.web.cookie import set_cookie, visitor_in
from backend.web.streams import Stream, Streams

#: Seconds for which a browser keeps the cookie of a host or a board.
_COOKIE_SECONDS = 7 * 24 * 3600
#: Seconds after which a comment is sent on a stream without news, so that no proxy closes it.
_ALIVE = 15.0
#: Milliseconds until a browser reopens an ended stream. The page of a deleted room, or of a participant who was
#: removed, closes its stream before that.
_REOPEN, _REOPEN_GONE = 1000, 30_000
_STREAM = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
ROLES = ("host", "board")


def cookie_name(role: str, room: str) -> str:
    """The cookie that has the token of a room's host or board."""
    return f"two_heads_{role}_{room}"


def has_role(role: str, room: Room, cookies: Mapping[str, str]) -> bool:
    """Whether these cookies are those of the room's host, or of its board."""
    token = cookies.get(cookie_name(role, room.id), "")
    return matches(token, room.host_hash if role == "host" else room.board_hash)


def follower(rooms: Rooms, view: RoomView, cookies: Mapping[str, str]) -> int | str | None:
    """Who may follow the room with these cookies: "host", "board" or a participant's number; None for anybody else."""
    for role in ROLES:
        if has_role(role, view.room, cookies):
            return role
    visitor = visitor_in(cookies)
    who = rooms.people.find(view, visitor) if visitor else None
    return who.number if who else None


def room_routes(rooms: Callable[[], Rooms], streams: Streams, base: str = "", framed: bool = False) -> list[BaseRoute]:
    """The routes, under the app's base path if it has one. `rooms` returns the rooms of the running server.

    With `framed`, host and board may stand in a frame of another site, as `VisitorCookie` says.
    """
    prefix = f"/{base.strip('/')}" if base.strip("/") else ""

    async def enter(request: Request) -> Response:
        """Exchange a token in a link for a cookie that no script can read, and leave the link."""
        role, id, token = (request.path_params[name] for name in ("role", "room", "token"))
        view = await _view(rooms(), id) if role in ROLES else None
        if view is None or not has_role(role, view.room, {cookie_name(role, id): token}):
            return PlainTextResponse("There is no such room, or the link is incomplete.", 404, _STREAM)
        answer = RedirectResponse(f"{prefix}/room?{role}={id}", 303, {"Referrer-Policy": "no-referrer", **_STREAM})
        https = request.url.scheme == "https"
        answer.headers["set-cookie"] = set_cookie(
            cookie_name(role, id), token, _COOKIE_SECONDS, path=f"{prefix}/", framed=framed, https=https
        )
        return answer

    async def versions(request: Request) -> Response:
        """The room's version, and each new one as a server-sent event. With `?once` only the current one.

        Only the room's participants, host and board get a stream, because a stranger could hold many.
        """
        id = request.path_params["room"]
        view = await _view(rooms(), id)
        if view is None:
            return PlainTextResponse("There is no such room.", 404, _STREAM)
        if "once" in request.query_params:
            return PlainTextResponse(str(rooms().version(id)), headers=_STREAM)
        who = follower(rooms(), view, request.cookies)
        if who is None:
            return PlainTextResponse("Only the room's participants, host and board can follow it.", 403, _STREAM)
        stream = streams.open(visitor_in(request.cookies) or f"{who} of {id}", id, who)
        if stream is None:
            return PlainTextResponse("Too many pages wait.", 503, {"Retry-After": "5", **_STREAM})
        return _Versions(rooms(), stream, streams)

    return [
        Route(f"{prefix}/rooms/{{role}}/{{room}}/{{token}}", _or_unavailable(enter)),
        Route(f"{prefix}/rooms/{{room}}/versions", _or_unavailable(versions)),
    ]


async def _view(rooms: Rooms, id: str) -> RoomView | None:
    """The room; None if there is none. The event loop never waits for the database. Raises RoomUnavailable."""
    view = rooms.peek(id)
    if view is not None or rooms.lacks(id):
        return view
    try:
        return await asyncio.to_thread(rooms.view, id)
    except RoomUnavailable:
        raise
    except Refused:
        return None


def _or_unavailable(endpoint: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint, which answers 503 if the room cannot be read now, so that its pages do not take it for deleted."""

    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except RoomUnavailable as reason:
            return PlainTextResponse(str(reason), 503, {"Retry-After": "3", **_STREAM})

    return answer


class _Versions(StreamingResponse):
    """The versions as events; the last one is 0 if the room is gone. Changes that come together are one event."""

    def __init__(self, rooms: Rooms, stream: Stream, streams: Streams) -> None:
        super().__init__(self._events(), media_type="text/event-stream", headers=_STREAM)
        self._rooms, self._id, self._streams, self._stream = rooms, stream.room, streams, stream

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        loop, wake = asyncio.get_running_loop(), self._stream.wake.set
        stop = self._rooms.listen(self._id, lambda version: _call_on_loop(loop, wake))
        try:
            await super().__call__(scope, receive, send)
        finally:  # here and not in the generator, which has not begun if the browser left before
            stop()
            self._streams.close(self._stream)

    async def _events(self) -> AsyncIterator[str]:
        stream, version = self._stream, -1
        yield f"retry: {_REOPEN}\n\n"
        while version != 0 and not stream.ended:
            stream.wake.clear()
            before, version = version, self._rooms.version(self._id)
            if isinstance(stream.who, int) and version and not self._rooms.people.is_present(self._id, stream.who):
                stream.ended = True  # removed: the place is for somebody else
                yield f"retry: {_REOPEN_GONE}\ndata: {version}\n\n"
            elif version != before:  # else the page has it: it was read before its listener was called
                yield f"data: {version}\n\n" if version else f"retry: {_REOPEN_GONE}\ndata: 0\n\n"
            while version != 0 and not stream.ended and not stream.wake.is_set():
                try:
                    async with asyncio.timeout(_ALIVE):
                        await stream.wake.wait()
                except TimeoutError:
                    yield ": still here\n\n"


def _call_on_loop(loop: asyncio.AbstractEventLoop, do: Callable[[], None]) -> None:
    """Call `do` on the event loop, from any thread. If the loop has ended, no page waits."""
    try:
        loop.call_soon_threadsafe(do)
    except RuntimeError:
        pass
