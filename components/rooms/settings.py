"""The options of the page's link: which room, and whether the visitor is its host, its board or a participant."""

from __future__ import annotations

import re

from backend.rooms.tokens import read_code
from components.session import page_options
from components.session.page_options import Options, PageOption

_CODE, _INVITE, _HOST, _BOARD, _ME = "code", "invite", "host", "board", "me"
_ID = re.compile(r"[A-Za-z0-9_-]{12,40}")
_INVITATION = re.compile(r"[A-Za-z0-9_-]{16}")
_TOKEN = re.compile(r"[0-9]{1,4}\.[A-Za-z0-9_-]{10,60}")


def _pattern_option(pattern: re.Pattern[str], sentence: str) -> PageOption:
    return PageOption("", lambda text: None if not text or pattern.fullmatch(text) else sentence)


def _code() -> PageOption:
    sentence = "it takes the six letters and digits of a room"
    return PageOption("", lambda text: None if not text or read_code(text) else sentence)


#: What the page's link contains.
CHOICES: Options = {
    _CODE: _code(),
    _INVITE: _pattern_option(_INVITATION, "it takes what the room's QR code has"),
    _HOST: _pattern_option(_ID, "it takes the id of a room"),
    _BOARD: _pattern_option(_ID, "it takes the id of a room"),
    _ME: _pattern_option(_TOKEN, "it takes what the link for another device has"),
}


def code() -> str:
    """The code of the room that the visitor joins; empty for none."""
    return read_code(page_options.chosen(_CODE)) or ""


def invitation() -> str:
    """The invitation in the link, with which nobody has to wait; empty for none."""
    return page_options.chosen(_INVITE)


def hosted_room() -> str:
    """The id of the room that the visitor leads; empty for none."""
    return page_options.chosen(_HOST)


def projected_room() -> str:
    """The id of the room whose board the visitor shows; empty for none."""
    return page_options.chosen(_BOARD)


def is_guest() -> bool:
    """Whether the page shows a room to a participant, or its board: neither needs other pages."""
    return not hosted_room() and bool(projected_room() or code())


def token() -> str:
    """The token of a participant who continues on this device; empty for none."""
    return page_options.chosen(_ME)


def forget_token() -> None:
    """Remove the token from the link. Call this after the token was used or refused."""
    if token():
        page_options.publish(_ME, "")


def enter(code: str) -> None:
    """Show the room with this code; an empty one shows none."""
    for key, text in ((_CODE, code), (_INVITE, ""), (_HOST, ""), (_BOARD, "")):
        page_options.choose(key, text)
