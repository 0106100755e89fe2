"""The id of the database. A database that was created again after a loss, or that was emptied, has another one."""

from __future__ import annotations

import secrets

from sqlalchemy import Connection, select

from backend.database.tables import database_id
from backend.database.upsert import insert_missing

#: The only row of the table.
_ROW = 1


def identity(connection: Connection) -> str:
    """The id of the database; empty if its tables were emptied."""
    id: str | None = connection.execute(select(database_id.c.id).where(database_id.c.row == _ROW)).scalar()
    return id or ""


def lasting_identity(connection: Connection) -> str:
    """The id of the database, in a transaction that writes: an emptied one gets a new id."""
    if known := identity(connection):
        return known
    insert_missing(connection, database_id, [{"row": _ROW, "id": secrets.token_hex(16)}])
    return identity(connection)
