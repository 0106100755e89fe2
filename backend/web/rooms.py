"""The routes that exchange the token of a room's host, or a room's code for its board, for a cookie."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from backend.rooms import Refused, Room, Rooms, RoomUnavailable, RoomView, Slowed
from backend.rooms.tokens import equal, invitation, matches, read_code
from backend.web.cookie import set_cookie, visitor_in

#: Seconds for which a browser keeps the cookie of a host or a board.
_COOKIE_SECONDS = 30 * 24 * 3600
_NO_STORE = {"Cache-Control": "no-store"}
_BOARD = "The board is for a projector. It shows what the host's page leads to."
#: Shown to somebody whose link has a token that opens nothing.
_NO_ENTRY = "This link opens no room. It is incomplete, or the room was deleted."


def cookie_name(room: str, role: str = "host") -> str:
    """The cookie of a room's host, which has the host's token, or of its board."""
    return f"two_heads_{role}_{room}"


def is_host(room: Room, cookies: Mapping[str, str]) -> bool:
    """Whether these cookies are those of the room's host."""
    return matches(cookies.get(cookie_name(room.id), ""), room.host_hash)


def is_board(room: Room, cookies: Mapping[str, str]) -> bool:
    """Whether a browser with these cookies may show the board: the room's present code was typed there, or it leads."""
    proof = invitation(room.secret, room.code)
    return equal(cookies.get(cookie_name(room.id, "board"), ""), proof) or is_host(room, cookies)


def room_routes(
    rooms: Callable[[], Rooms], prefix: str = "", framed: bool = False, page: Callable[[str], str] = str
) -> list[BaseRoute]:
    """The routes, under the app's base path if it has one. `rooms` returns the rooms of the running server.

    With `framed`, host and board may stand in a frame of another site, as `VisitorCookie` says. `page` gives the HTML
    that asks for the code of a room, with a sentence.
    """

    async def enter(request: Request) -> Response:
        """Exchange a token in a link for a cookie that no script can read, and redirect to an address without it."""
        id, token = request.path_params["room"], request.path_params["token"]
        try:
            view = await _view(rooms(), id)
        except RoomUnavailable as reason:  # it is not gone
            return PlainTextResponse(str(reason), 503, {"Retry-After": "3", **_NO_STORE})
        if view is None or not is_host(view.room, {cookie_name(id): token}):
            return PlainTextResponse(_NO_ENTRY, 404, _NO_STORE)
        return opened(request, "host", id, token)

    def opened(request: Request, role: str, id: str, token: str) -> Response:
        answer = RedirectResponse(f"{prefix}/room?{role}={id}", 303, {"Referrer-Policy": "no-referrer", **_NO_STORE})
        https = request.url.scheme == "https"
        answer.headers["set-cookie"] = set_cookie(
            cookie_name(id, role), token, _COOKIE_SECONDS, path=f"{prefix}/", framed=framed, https=https
        )
        return answer

    async def board(request: Request) -> Response:
        """Ask for the code of a room, and exchange it for the cookie of its board."""
        code = request.query_params.get("code")
        if code is None:
            return HTMLResponse(page(_BOARD), headers=_NO_STORE)
        visitor, address = visitor_in(request.cookies) or "", request.client.host if request.client else ""
        try:
            id = await asyncio.to_thread(rooms().find, code, visitor, address)
            room = (await asyncio.to_thread(rooms().existing, id)).room
        except Refused as reason:
            return HTMLResponse(page(str(reason)), 429 if isinstance(reason, Slowed) else 409, _NO_STORE)
        return opened(request, "board", id, invitation(room.secret, read_code(code) or ""))

    return [
        Route(f"{prefix}/rooms/host/{{room}}/{{token}}", enter),
        Route(f"{prefix}/board", board),
        Route(f"{prefix}/rooms/board/{{room}}/{{token}}", board),  # a link of an earlier version
    ]


async def _view(rooms: Rooms, id: str) -> RoomView | None:
    """The room; None if there is none. The event loop never waits for the database. Raises RoomUnavailable."""
    try:
        return rooms.peek(id) or await asyncio.to_thread(rooms.view, id)
    except RoomUnavailable:
        raise
    except Refused:
        return None
