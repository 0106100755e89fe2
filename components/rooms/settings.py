"""The options of the page's link: the room that the visitor leads.

Links of earlier versions have a board, or the code of a room and, mostly, its invitation: they lead to other pages.
"""

from __future__ import annotations

from urllib.parse import urlencode

from components.session.page_options import Options, chosen, matching

_ROOM = matching(r"[A-Za-z0-9_-]{12,40}", "the id of a room")
#: What the page's link contains.
CHOICES: Options = {
    "host": _ROOM,
    "board": _ROOM,
    "code": matching(r"[A-Za-z0-9]{6}", "the code of a room"),
    "invite": matching(r"[A-Za-z0-9_-]{1,40}", "the invitation to a room"),
}


def moved_to() -> str:
    """Where a link of an earlier version leads, below the app's base path: to a board or to a participant's page."""
    if board := chosen("board"):
        return f"/board/{board}"
    return f"/join?{urlencode({name: chosen(name) for name in ('code', 'invite')})}" if chosen("code") else ""
