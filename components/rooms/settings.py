"""The options of the page's link: which room, and whether the visitor is its host or its board."""

from __future__ import annotations

from components.session import page_options
from components.session.page_options import Options

_HOST, _BOARD = "host", "board"
_ROOM = page_options.matching(r"[A-Za-z0-9_-]{12,40}", "the id of a room")
#: What the page's link contains.
CHOICES: Options = {_HOST: _ROOM, _BOARD: _ROOM}


def leave_room() -> None:
    """Show the page of all rooms in place of one room."""
    for option in CHOICES:
        page_options.choose(option, "")


def hosted_room() -> str:
    """The id of the room that the visitor leads; empty for none."""
    return page_options.chosen(_HOST)


def projected_room() -> str:
    """The id of the room whose board the visitor shows; empty for none."""
    return page_options.chosen(_BOARD)
