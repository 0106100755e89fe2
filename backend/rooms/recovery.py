"""Stores a room again that is only in memory, because the database was deleted, damaged or emptied."""

from __future__ import annotations

import logging
import time
from dataclasses import replace

from sqlalchemy import Connection, select, update

from backend.database.tables import room_answers, room_devices, room_former_codes, room_participants, rooms
from backend.database.upsert import insert_missing, upsert
from backend.rooms import store, tokens
from backend.rooms.model import RoomView

log = logging.getLogger(__name__)


def put_back(connection: Connection, view: RoomView) -> None:
    """Store the room with its participants, devices, answers and former codes.

    The host's earlier actions can no longer be undone.

    Another server may have put it back already. Then the later state of the room stays, and so do the stored
    participants and the later one of two answers.
    """
    room, now = view.room, time.time()
    stored = connection.execute(select(rooms.c.version).where(rooms.c.id == room.id)).scalar()
    if stored is None:
        log.warning("a room was put back into a database that had lost it: %d participants", len(view.participants))
        while not store.insert(connection, room):  # another room has taken the code
            room = replace(room, code=tokens.new_code())
    elif stored < room.version:
        values = {
            "lesson": room.lesson_text, "state": room.state.model_dump_json(), "version": room.version,
            "since": room.since, "server": room.server, "board_hash": room.board_hash, "expires": room.expires,
        }  # fmt: skip
        if not store.is_taken(connection, room.code):
            values["code"] = room.code
        connection.execute(update(rooms).where(rooms.c.id == room.id).values(**values))
    people = [
        {
            "room": room.id, "number": who.number, "alias": who.alias, "pace": who.pace, "removed": who.removed,
            "at": now, "joined": who.joined, "network": who.network,
        }
        for who in view.participants.values()
    ]  # fmt: skip
    devices = [{"room": room.id, "visitor": visitor, "number": number} for visitor, number in view.devices.items()]
    former = [{"code": code, "room": room.id, "at": at} for code, at in view.former.items()]
    insert_missing(connection, room_former_codes, former)
    insert_missing(connection, room_participants, people)
    insert_missing(connection, room_devices, devices)
    store.lock_state(connection, room.id)
    known = store.answers(connection, room.id)
    answers = [
        store.answer_row(room.id, (step, round, number), answer)
        for (step, round), of_round in view.answers.items()
        for number, answer in of_round.items()
        if (other := known.get((step, round), {}).get(number)) is None or other.at <= answer.at
    ]
    upsert(connection, room_answers, answers)
