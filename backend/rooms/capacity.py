"""How many rooms there may be, and which room is evicted if there is no place for a new one.

Each function is the work of one transaction.
"""

from __future__ import annotations

import secrets

from sqlalchemy import Connection, Select, and_, func, or_, select

from backend.addresses import network
from backend.database.tables import database_id, room_events, rooms
from backend.database.upsert import insert_missing
from backend.database.visitors import hashed
from backend.rooms import store
from backend.rooms.model import RoomRefused

#: The most rooms at the same time: of one visitor, of one network, and of all.
MOST_OF_VISITOR, MOST_OF_NETWORK, MOST_OF_ALL = 20, 300, 1000
#: The rooms of a network with at least this many are evicted sooner (`_unused`).
MANY = 20
#: Seconds without a host's look after which a room that nobody led may be evicted: a hidden tab looks each minute.
UNUSED = 300.0
#: Seconds without a host's look after which any room of a network with `MANY` rooms may be evicted.
LEFT = 6 * 3600.0
#: Hexadecimal digits of a network's name.
_DIGITS = 5


def make_place(connection: Connection, owner: str, mine: str, now: float) -> None:
    """Make place for another room of this visitor in the network with the name `mine`. Raises RoomRefused.

    If there is no place, one room is evicted for the new one. First come rooms in which no host has acted: those of the
    network with the most rooms, and of these the one that was not looked at for longest. Then come rooms of a network
    that has many, if no host has looked at them for hours. So somebody who opens many rooms loses them.
    """
    if store.count(connection, owner) >= MOST_OF_VISITOR:
        raise RoomRefused(f"You have {MOST_OF_VISITOR} rooms already. Delete one first.")
    of_network = select(func.count()).select_from(rooms).where(rooms.c.network == mine)
    if mine and connection.execute(of_network).scalar_one() >= MOST_OF_NETWORK:
        _evict(connection, _unused(now).where(rooms.c.network == mine), "Too many rooms are in use in your network.")
    elif store.count(connection) >= MOST_OF_ALL:
        _evict(connection, _unused(now), "This server has no place for another room now.")


def network_name(connection: Connection, address: str) -> str:
    """The name of an address's network in the database; empty for no address.

    Thousands of IPv4 addresses have the same name, so that it identifies no household. Networks that share a name by
    chance share the places. Nobody can compute a name to share it on purpose, because it depends on the database.
    """
    return hashed(f"{_secret(connection)} {network(address)}")[:_DIGITS] if address else ""


def _secret(connection: Connection) -> str:
    """The secret of the database. The first room makes it."""
    query = select(database_id.c.id)
    if (known := connection.execute(query).scalar()) is None:
        insert_missing(connection, database_id, [{"row": 1, "id": secrets.token_hex(16)}])
        known = connection.execute(query).scalar_one()
    return str(known)


def _unused(now: float) -> Select[tuple[str]]:
    """The rooms that may be evicted, the first one first.

    These are rooms in which no host has acted, if none has looked at them for `UNUSED` seconds or, in a network that
    has many rooms, since they were opened. In such a network, they are also the rooms that `LEFT` describes.
    """
    sizes = select(rooms.c.network, func.count().label("size")).group_by(rooms.c.network).subquery()
    many, looked = sizes.c.size >= MANY, rooms.c.looked
    led = rooms.c.id.in_(select(room_events.c.room))
    unled = and_(~led, or_(looked < now - UNUSED, and_(many, looked <= rooms.c.created)))
    return (
        select(rooms.c.id)
        .join(sizes, sizes.c.network == rooms.c.network)
        .where(or_(unled, and_(many, looked < now - LEFT)))
        .order_by(led, sizes.c.size.desc(), looked)
    )


def _evict(connection: Connection, unused: Select[tuple[str]], sentence: str) -> None:
    """Delete the first of these rooms. Raises RoomRefused, with that sentence, if there is none."""
    row = connection.execute(unused.limit(1)).first()
    if row is None:
        raise RoomRefused(f"{sentence} Try again later.")
    store.remove(connection, row.id)
