"""The options of the page's link: the room that the visitor leads.

Links of earlier versions have a board, or the code of a room and, mostly, its invitation: they lead to other pages.
"""

from __future__ import annotations

from components.session import page_options
from components.session.page_options import Options

_HOST, _BOARD, _CODE, _INVITATION = "host", "board", "code", "invite"
_ROOM = page_options.matching(r"[A-Za-z0-9_-]{12,40}", "the id of a room")
#: What the page's link contains.
CHOICES: Options = {
    _HOST: _ROOM,
    _BOARD: _ROOM,
    _CODE: page_options.matching(r"[A-Za-z0-9]{6}", "the code of a room"),
    _INVITATION: page_options.matching(r"[A-Za-z0-9_-]{1,40}", "the invitation to a room"),
}


def leave_room() -> None:
    """Show the page of all rooms in place of one room."""
    for option in CHOICES:
        page_options.choose(option, "")


def moved_to() -> str:
    """Where a link of an earlier version leads, below the app's base path: to a board or to a participant's page."""
    if board := page_options.chosen(_BOARD):
        return f"/board/{board}"
    code, invitation = page_options.chosen(_CODE), page_options.chosen(_INVITATION)
    return code and f"/join/{code}{invitation and f'?invite={invitation}'}"


def hosted_room() -> str:
    """The id of the room that the visitor leads; empty for none."""
    return page_options.chosen(_HOST)
