"""Insert or replace, and insert what is missing, in the dialects of both databases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows, which all have the same columns. Rows with the same primary key are replaced."""
    if not rows:
        return
    insert, keys = _insert(connection, table)
    changed = {name: insert.excluded[name] for name in rows[0] if name not in keys}
    connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=changed), list(rows))


def insert_missing(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert those of the rows whose primary key is not in the table."""
    if not rows:
        return
    insert, keys = _insert(connection, table)
    connection.execute(insert.on_conflict_do_nothing(index_elements=keys), list(rows))


def _insert(connection: Connection, table: Table) -> tuple[postgresql.Insert | sqlite.Insert, list[str]]:
    """An insert in the dialect of this database, and the columns of the table's primary key."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table), [column.name for column in table.primary_key]
