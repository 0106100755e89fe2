"""The codes of rooms in the database: which room a code opens, and how a room gets a new one.

Each function is the work of one transaction.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, update

from backend.database.tables import room_board_codes, room_devices, room_former_codes, rooms
from backend.rooms import store, tokens
from backend.rooms.model import Refused

#: The most former codes of a room that are kept. Somebody whose link has an older one has to type the new code.
_MOST_FORMER = 20
#: Seconds for which the code of a board opens it.
BOARD_CODE_SECONDS = 900.0
#: Shown to somebody with a wrong code of a board.
NO_BOARD_CODE = "No board has this code. A code opens one board, within 15 minutes. The host's page makes another one."


@dataclass(frozen=True)
class CodedRoom:
    """The room that a code opens: its id, the invitation in its link, and whether the visitor was in it before."""

    id: str
    invitation: str
    was_inside: bool


def find(connection: Connection, code: str, visitor: str, token: str = "") -> CodedRoom | None:
    """The room with that code. A former code finds it only for a visitor who is in the room.

    A visitor with the `token` of a participant counts as in the room: they continue on another device.
    """
    row = connection.execute(select(rooms.c.id, rooms.c.secret).where(rooms.c.code == code)).one_or_none()
    former = row is None
    if former:
        those = select(rooms.c.id, rooms.c.secret).join(room_former_codes, room_former_codes.c.room == rooms.c.id)
        row = connection.execute(those.where(room_former_codes.c.code == code)).one_or_none()
    if row is None:
        return None
    inside = tokens.number_of(row.secret, token) is not None or _is_in(connection, row.id, visitor)
    if former:
        return CodedRoom(row.id, "", True) if inside else None
    return CodedRoom(row.id, tokens.invitation(row.secret, code), inside)


def renew(connection: Connection, id: str) -> str:
    """Give a locked room a new code and return it. Raises Refused.

    The invitation follows from the code, so it is new, too.
    """
    state = store.lock_state(connection, id)
    if state is None:
        raise Refused("This room does not exist any more.")
    if not state.locked:
        raise Refused("Lock the room before you give it a new code. Else others join with the old one until then.")
    old_code = connection.execute(select(rooms.c.code).where(rooms.c.id == id)).scalar_one()
    code = tokens.new_code()
    while store.is_taken(connection, code):
        code = tokens.new_code()
    connection.execute(update(rooms).where(rooms.c.id == id).values(code=code, version=rooms.c.version + 1))
    connection.execute(room_former_codes.insert().values(code=old_code, room=id, at=time.time()))
    former = room_former_codes.c
    newest = select(former.code).where(former.room == id).order_by(former.at.desc()).limit(_MOST_FORMER)
    connection.execute(delete(room_former_codes).where(former.room == id, former.code.not_in(newest)))
    return code


def new_board_code(connection: Connection, id: str, now: float) -> str:
    """A code that opens the board of the room once, within `BOARD_CODE_SECONDS`. It replaces an earlier one."""
    codes = room_board_codes.c
    connection.execute(delete(room_board_codes).where((codes.room == id) | (codes.at < now - BOARD_CODE_SECONDS)))
    code = tokens.new_board_code()
    while connection.execute(select(codes.room).where(codes.code == code)).first() is not None:
        code = tokens.new_board_code()
    connection.execute(room_board_codes.insert().values(code=code, room=id, at=now))
    return code


def room_of_board_code(connection: Connection, code: str, now: float) -> str | None:
    """The room whose board the code opens; None if there is none, or if it is too old."""
    codes = room_board_codes.c
    query = select(codes.room).where(codes.code == code, codes.at >= now - BOARD_CODE_SECONDS)
    return connection.execute(query).scalar_one_or_none()


def use_board_code(connection: Connection, id: str, code: str) -> None:
    """Delete the code of the room's board, if it has one. Raises Refused if `code` is not empty and not this code."""
    codes = room_board_codes.c
    used = delete(room_board_codes).where(codes.room == id)
    if not connection.execute(used.where(codes.code == code) if code else used).rowcount and code:
        raise Refused(NO_BOARD_CODE)


def _is_in(connection: Connection, id: str, visitor: str) -> bool:
    mine = room_devices.c.room == id, room_devices.c.visitor == visitor
    return connection.execute(select(room_devices.c.number).where(*mine)).first() is not None
