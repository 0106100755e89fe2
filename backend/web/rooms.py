"""The routes that exchange the token of a room's host for a cookie, and a room's code for the address of its board."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from backend.rooms import Room, RoomRefused, Rooms, RoomUnavailable, Slowed
from backend.rooms.tokens import matches, read_code
from backend.web.cookie import set_cookie, visitor_in

#: Seconds for which a browser keeps the cookie of a host.
_COOKIE_SECONDS = 30 * 24 * 3600
_NO_STORE = {"Cache-Control": "no-store"}
_BOARD = "The board is for a projector. It shows what the host's page leads to."
#: Shown to somebody whose link has a token that opens nothing.
_NO_ENTRY = "This link opens no room. It is incomplete, or the room was deleted."


def cookie_name(room: str) -> str:
    """The cookie of a room's host, which has the host's token."""
    return f"two_heads_host_{room}"


def is_host(room: Room, cookies: Mapping[str, str]) -> bool:
    """Whether these cookies are those of the room's host."""
    return matches(cookies.get(cookie_name(room.id), ""), room.host_hash)


def room_routes(
    rooms: Callable[[], Rooms],
    prefix: str = "",
    framed: bool = False,
    page: Callable[[str], str] = str,
    board: str = "",
) -> list[BaseRoute]:
    """The routes, under the app's base path if it has one. `rooms` returns the rooms of the running server.

    With `framed`, the host may stand in a frame of another site, as `VisitorCookie` says. `page` gives the HTML
    that asks for the code of a room, with a sentence; `board` is the document of a board.
    """

    async def enter(request: Request) -> Response:
        """Exchange a token in a link for a cookie that no script can read, and redirect to an address without it."""
        id, token = request.path_params["room"], request.path_params["token"]
        try:
            view = await asyncio.to_thread(rooms().view, id)
        except RoomUnavailable as reason:  # it is not gone
            return PlainTextResponse(str(reason), 503, {"Retry-After": "3", **_NO_STORE})
        except RoomRefused:
            view = None
        if view is None or not is_host(view.room, {cookie_name(id): token}):
            return PlainTextResponse(_NO_ENTRY, 404, _NO_STORE)
        answer = opened(f"room?host={id}")
        https = request.url.scheme == "https"
        answer.headers["set-cookie"] = set_cookie(
            cookie_name(id), token, _COOKIE_SECONDS, path=f"{prefix}/", framed=framed, https=https
        )
        return answer

    def opened(path: str) -> Response:
        return RedirectResponse(f"{prefix}/{path}", 303, {"Referrer-Policy": "no-referrer", **_NO_STORE})

    async def show_board(request: Request) -> Response:
        """Ask for the code of a room, and lead to its board. Its address has the room's id, which nobody can guess."""
        named = request.path_params.get("board")
        code = request.query_params.get("code", named)
        if code is None:
            return HTMLResponse(page(_BOARD), headers=_NO_STORE)
        if code == named and read_code(code) is None:
            return HTMLResponse(board, headers=_NO_STORE)
        visitor, address = visitor_in(request.cookies) or "", request.client.host if request.client else ""
        try:
            return opened(f"board/{await asyncio.to_thread(rooms().find, code, visitor, address)}")
        except RoomRefused as reason:
            return HTMLResponse(page(str(reason)), 429 if isinstance(reason, Slowed) else 409, _NO_STORE)

    return [
        Route(f"{prefix}/rooms/host/{{room}}/{{token}}", enter),
        Route(f"{prefix}/board", show_board),
        Route(f"{prefix}/board/{{board}}", show_board),
        Route(f"{prefix}/rooms/board/{{room}}/{{token}}", show_board),  # a link of an earlier version
    ]
