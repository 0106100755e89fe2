"""The links of a room, and whether this browser may lead it."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st

from backend.rooms import Room
from backend.rooms.tokens import invitation
from backend.web import rooms
from backend.web.rooms import cookie_name
from components.layout.address import base_path
from components.text import for_markdown


def is_host(room: Room) -> bool:
    """Whether this browser has the token of the room's host."""
    return rooms.is_host(room, st.context.cookies)


def join_address(room: Room) -> str:
    """The address that participants open. It lets them in at once, even while others type many wrong codes."""
    return f"{_server()}/join/{room.code}?invite={invitation(room.secret, room.code)}"


def entry_address(id: str, token: str) -> str:
    """The address that exchanges the token of a host for a cookie."""
    return f"{_server()}/rooms/host/{id}/{token}"


def report_address(room: Room) -> str:
    """The address of the room's report as it is now, for its host."""
    return f"{_server()}/report/room/{room.id}"


def board_address(code: str = "") -> str:
    """The address at which somebody types a room's code on a projector; with the `code`, that of the board itself."""
    return f"{_server()}/board{code and f'/{code}'}"


def shown_board_address() -> str:
    """The address at which somebody types a room's code, as people write it and as text in Markdown."""
    return for_markdown(board_address().rpartition("://")[2], 80)


def _server() -> str:
    """The app's address without its pages: server and base path."""
    parts = urlsplit(st.context.url or "")
    return (f"{parts.scheme}://{parts.netloc}" if parts.netloc else "") + base_path()


def host_token(room: Room) -> str:
    """The host's token in this browser's cookie."""
    return str(st.context.cookies.get(cookie_name(room.id), ""))
