"""The routes that exchange the token of a room's host or board, or the code of a board, for a cookie."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Container, Mapping
from urllib.parse import parse_qs

from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from backend.rooms import Refused, Room, Rooms, RoomUnavailable, RoomView, Slowed
from backend.rooms.tokens import matches
from backend.web.cookie import set_cookie, visitor_in
from backend.web.request_filter import is_own_origin

#: Seconds for which a browser keeps the cookie of a host or a board.
_COOKIE_SECONDS = 30 * 24 * 3600
_NO_STORE = {"Cache-Control": "no-store"}
ROLES = ("host", "board")
_BOARD = "The board is for a projector. The host of the room has its code."
#: Shown to somebody whose link has a token that opens nothing.
_NO_ENTRY = "This link opens no room. It is incomplete, the host has made another link, or the room was deleted."


def cookie_name(role: str, room: str) -> str:
    """The cookie that has the token of a room's host or board."""
    return f"two_heads_{role}_{room}"


def has_role(role: str, room: Room, cookies: Mapping[str, str]) -> bool:
    """Whether these cookies are those of the room's host, or of its board."""
    token = cookies.get(cookie_name(role, room.id), "")
    return matches(token, room.host_hash if role == "host" else room.board_hash)


def room_routes(
    rooms: Callable[[], Rooms],
    prefix: str = "",
    framed: bool = False,
    page: Callable[[str], str] = str,
    origins: Container[str] = (),
) -> list[BaseRoute]:
    """The routes, under the app's base path if it has one. `rooms` returns the rooms of the running server.

    With `framed`, host and board may stand in a frame of another site, as `VisitorCookie` says. `page` gives the HTML
    that asks for the code of a board, with a sentence. `origins` are further origins of our own pages.
    """

    async def enter(request: Request) -> Response:
        """Exchange a token in a link for a cookie that no script can read, and redirect to an address without it."""
        role, id, token = (request.path_params[name] for name in ("role", "room", "token"))
        try:
            view = await _view(rooms(), id) if role in ROLES else None
        except RoomUnavailable as reason:  # it is not gone
            return PlainTextResponse(str(reason), 503, {"Retry-After": "3", **_NO_STORE})
        if view is None or not has_role(role, view.room, {cookie_name(role, id): token}):
            return PlainTextResponse(_NO_ENTRY, 404, _NO_STORE)
        return opened(request, role, id, token)

    def opened(request: Request, role: str, id: str, token: str) -> Response:
        answer = RedirectResponse(f"{prefix}/room?{role}={id}", 303, {"Referrer-Policy": "no-referrer", **_NO_STORE})
        https = request.url.scheme == "https"
        answer.headers["set-cookie"] = set_cookie(
            cookie_name(role, id), token, _COOKIE_SECONDS, path=f"{prefix}/", framed=framed, https=https
        )
        return answer

    async def board(request: Request) -> Response:
        """Ask for the code of a board, and exchange it for the board's cookie."""
        if request.method != "POST":
            return HTMLResponse(page(_BOARD), headers=_NO_STORE)
        ours = is_own_origin(request.headers, origins)
        try:
            text = await request.body() if ours else b""
        except ClientDisconnect:
            return Response(status_code=400)  # which nobody gets
        code = parse_qs(text.decode("utf-8", "replace")).get("code", [""])[0]
        visitor, address = visitor_in(request.cookies) or "", request.client.host if request.client else ""
        try:
            if not ours:
                raise Refused("This request did not come from this page. Type the code here.")
            id, token = await asyncio.to_thread(rooms().open_board, code, visitor, address)
        except Refused as reason:
            return HTMLResponse(page(str(reason)), 429 if isinstance(reason, Slowed) else 409, _NO_STORE)
        return opened(request, "board", id, token)

    return [
        Route(f"{prefix}/rooms/{{role}}/{{room}}/{{token}}", enter),
        Route(f"{prefix}/board", board, methods=["GET", "POST"]),
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
