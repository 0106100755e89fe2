"""Rooms in the database. Each function is the work of one transaction."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Select, delete, func, select, update

from backend.database.tables import (
    room_answers,
    room_devices,
    room_events,
    room_participants,
    rooms,
    saved_runs,
)
from backend.database.visitors import hashed
from backend.rooms import tokens
from backend.rooms.alias import alias
from backend.rooms.machine import State
from backend.rooms.model import (
    MOST_NUMBERS,
    MOST_PARTICIPANTS,
    Answer,
    Participant,
    Room,
    RoomRefused,
    RoomView,
    run_owner,
)
from backend.training.store import delete_unused

#: Seconds after its last change for which a room is kept.
KEPT = 30 * 24 * 3600.0
#: The tables with the parts of a room.
_PARTS = room_answers, room_devices, room_participants, room_events
Stamp = tuple[Any, ...]
T = TypeVar("T")
Work = Callable[[Connection], T]


def insert(connection: Connection, room: Room) -> None:
    """Store a new room. If another one has its code, the database refuses it, and the writer repeats the work."""
    connection.execute(rooms.insert().values(**{**vars(room), "state": room.state.model_dump_json()}))


def with_code(connection: Connection, code: str, visitor: str, invitation: str = "") -> tuple[str, bool] | None:
    """The id of the room with that code, and whether the visitor was invited or in it before; None without a room."""
    row = connection.execute(select(rooms.c.id, rooms.c.secret).where(rooms.c.code == code)).one_or_none()
    if row is None:
        return None
    mine = select(room_devices.c.number).where(room_devices.c.room == row.id, room_devices.c.visitor == visitor)
    invited = tokens.equal(invitation, tokens.invitation(row.secret, code))
    return row.id, invited or connection.execute(mine).first() is not None


def renew_code(connection: Connection, id: str) -> str:
    """Give a locked room a new code and return it. Raises RoomRefused.

    The invitation follows from the code, so it is new, too.
    """
    state = lock_state(connection, id)
    if state is None:
        raise RoomRefused("This room does not exist any more.")
    if not state.locked:
        raise RoomRefused("Lock the room before you give it a new code. Else others join with the old one until then.")
    code = tokens.new_code()
    connection.execute(update(rooms).where(rooms.c.id == id).values(code=code, version=rooms.c.version + 1))
    return code


def of_owner(connection: Connection, owner: str) -> list[Room]:
    """The rooms that the visitor has opened, the latest first."""
    mine = select(rooms).where(rooms.c.owner == owner).order_by(rooms.c.created.desc())
    return [_room(row) for row in connection.execute(mine)]


def count(connection: Connection, owner: str | None = None) -> int:
    """How many rooms there are, of one visitor or of all."""
    query = select(func.count()).select_from(rooms)
    return int(connection.execute(query.where(rooms.c.owner == owner) if owner else query).scalar_one())


def ids(connection: Connection) -> set[str]:
    """The ids of all rooms."""
    return set(connection.execute(select(rooms.c.id)).scalars())


def read_changed(connection: Connection, id: str, known: Stamp) -> tuple[Stamp, RoomView | None]:
    """The room's stamp, and the room unless it still has the stamp `known`. An empty stamp: there is no such room.

    The stamp is read first. So a change between both is read the next time.
    """
    stamp = _stamp(connection, id)
    return stamp, read(connection, id) if stamp and stamp != known else None


def _stamp(connection: Connection, id: str) -> Stamp:
    """A value that changes with anything about the room; empty if there is no such room."""
    room = connection.execute(select(rooms.c.version, rooms.c.server).where(rooms.c.id == id)).one_or_none()
    if room is None:
        return ()
    parts: list[Any] = []
    # A sum, because the latest time may stay the same if an answer was stored late, or by another clock.
    for table, column in ((room_answers, "at"), (room_participants, "at"), (room_devices, "number")):
        query = select(func.count(), func.sum(table.c[column])).where(table.c.room == id)
        parts += connection.execute(query).one()
    return (*room, *parts)


def read(connection: Connection, id: str) -> RoomView | None:
    """The room with everything; None if there is no such room."""
    row = connection.execute(select(rooms).where(rooms.c.id == id)).one_or_none()
    if row is None:
        return None
    people = connection.execute(select(room_participants).where(room_participants.c.room == id))
    participants = {each.number: _participant(each) for each in people}
    devices = connection.execute(select(room_devices).where(room_devices.c.room == id))
    numbers = {each.visitor: each.number for each in devices}
    rounds: dict[tuple[int, int], dict[int, Answer]] = {}
    for each in connection.execute(select(room_answers).where(room_answers.c.room == id)):
        given = Answer(each.option, each.sure, each.at, each.value)
        rounds.setdefault((each.step, each.round), {})[each.number] = given
    return RoomView(_room(row), participants, numbers, {**rounds})


def change(connection: Connection, before: Room, after: Room, kind: str, at: float) -> bool:
    """Compare and swap: False, and nothing is changed, if the room's version is no longer that of `before`.

    A question that is asked again from its beginning loses its answers, and so does a round that was taken back.
    """
    mine = update(rooms).where(rooms.c.id == before.id, rooms.c.version == before.version)
    values = {name: getattr(after, name) for name in ("version", "since", "expires", "server")}
    if connection.execute(mine.values(**values, state=after.state.model_dump_json())).rowcount == 0:
        return False
    if (lost := _lost_rounds(before.state, after.state, kind)) is not None:
        its = room_answers.c
        of_question = its.room == before.id, its.step == after.state.step, its.round >= lost
        connection.execute(delete(room_answers).where(*of_question))
    last = connection.execute(_last_event(before.id)).first()
    if kind == "undo" and last is not None:
        connection.execute(delete(room_events).where(room_events.c.room == before.id, room_events.c.seq == last.seq))
        return True
    event = {"seq": last.seq + 1 if last else 1, "at": at, "kind": kind, "before": before.state.model_dump_json()}
    connection.execute(room_events.insert().values(room=before.id, **event))
    return True


def _lost_rounds(before: State, after: State, kind: str) -> int | None:
    """The first round of the question `after` whose answers this change deletes; None if it deletes none.

    Answers of a second round that the host took back must not count in a result of the first one.
    """
    if kind == "reset" or (kind == "skip" and after.phase == "ask"):
        return 1
    return 2 if kind == "reveal" and before.round == 1 else None


def last_change(connection: Connection, id: str) -> tuple[str, State] | None:
    """The kind of the host's last action that was not undone, and the state before it; None if there is none."""
    last = connection.execute(_last_event(id)).first()
    return (last.kind, State.model_validate_json(last.before)) if last else None


def _last_event(id: str) -> Select[Any]:
    return select(room_events).where(room_events.c.room == id).order_by(room_events.c.seq.desc()).limit(1)


def claim(connection: Connection, room: Room, server: str) -> None:
    """Let this server train the room's seeds, unless another server was faster."""
    mine = update(rooms).where(rooms.c.id == room.id, rooms.c.server == room.server)
    connection.execute(mine.values(server=server))


def join(connection: Connection, room: Room, visitor: str, joined: float) -> Participant:
    """The visitor as a participant of the room, new or known. Raises RoomRefused."""
    state = lock_state(connection, room.id)  # first: another server may let the same visitor in at this moment
    known = select(room_devices.c.number).where(room_devices.c.room == room.id, room_devices.c.visitor == visitor)
    number: int | None = connection.execute(known).scalar()
    if number is not None and (who := participant(connection, room.id, number)) is not None:
        return who
    if state is None or state.closed:
        raise RoomRefused("The room is closed.")
    if state.locked:
        raise RoomRefused("The room is locked: its host lets nobody else in.")
    mine = room_participants.c.room == room.id
    last = connection.execute(select(func.max(room_participants.c.number)).where(mine)).scalar() or 0
    here = select(func.count()).select_from(room_participants).where(mine, room_participants.c.removed.is_(False))
    if connection.execute(here).scalar_one() >= MOST_PARTICIPANTS or last >= MOST_NUMBERS:
        raise RoomRefused("The room is full, so nobody else can join.")
    new = Participant(last + 1, alias(room.seed, last + 1), joined=joined)
    connection.execute(room_participants.insert().values(room=room.id, at=joined, **vars(new)))
    connection.execute(room_devices.insert().values(room=room.id, visitor=visitor, number=new.number))
    return new


def participant(connection: Connection, room: str, number: int) -> Participant | None:
    """The participant with that number; None if there is none."""
    mine = room_participants.c
    row = connection.execute(select(room_participants).where(mine.room == room, mine.number == number)).one_or_none()
    return None if row is None else _participant(row)


def restore_aliases(connection: Connection, room: Room) -> None:
    """Replace all names with the first aliases."""
    who = room_participants.c
    for number in connection.execute(select(who.number).where(who.room == room.id)).scalars().all():
        set_participants(connection, room.id, [number], alias=alias(room.seed, number))


def set_participants(connection: Connection, room: str, numbers: Sequence[int], **values: Any) -> None:
    """Change the alias, the pace or the presence of participants."""
    who = room_participants.c
    mine = update(room_participants).where(who.room == room, who.number.in_(numbers))
    connection.execute(mine.values(**values, at=time.time()))


def record_look(connection: Connection, id: str, at: float) -> None:
    """Record that a host has looked at the room."""
    connection.execute(update(rooms).where(rooms.c.id == id).values(looked=at))


def renew(connection: Connection, id: str) -> None:
    """Give the room a new version, without another change."""
    connection.execute(update(rooms).where(rooms.c.id == id).values(version=rooms.c.version + 1))


def delete_expired(connection: Connection) -> None:
    """Delete the rooms whose time is over, with all that belongs to them."""
    over = select(rooms.c.id).where(rooms.c.expires < time.time()).order_by(rooms.c.id).with_for_update()
    for id in connection.execute(over).scalars().all():
        remove(connection, id)


def remove(connection: Connection, id: str) -> None:
    """Delete a room with all that belongs to it, also the runs of its seeds that nobody else has."""
    lock_state(connection, id)  # so that nobody joins or answers meanwhile
    last = connection.execute(select(func.max(room_participants.c.number)).where(room_participants.c.room == id))
    owners = [hashed(run_owner(id, number)) for number in range((last.scalar() or 0) + 1)]
    if connection.execute(delete(saved_runs).where(saved_runs.c.visitor.in_(owners))).rowcount:
        delete_unused(connection)
    for table in _PARTS:
        connection.execute(delete(table).where(table.c.room == id))
    connection.execute(delete(rooms).where(rooms.c.id == id))


def lock_state(connection: Connection, id: str) -> State | None:
    """Lock the room until the transaction ends, and return its state; None if there is no such room."""
    query = select(rooms.c.state).where(rooms.c.id == id).with_for_update()
    text = connection.execute(query).scalar()
    return None if text is None else State.model_validate_json(text)


def _participant(row: Row[Any]) -> Participant:
    return Participant(row.number, row.alias, row.pace, row.removed, row.joined)


def _room(row: Row[Any]) -> Room:
    values = dict(zip(rooms.c.keys(), row, strict=True))
    return Room(**{**values, "state": State.model_validate_json(row.state)})
