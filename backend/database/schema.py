"""Makes the tables of a new database, and adds to a database of version 0.3.0 what has come since."""

from __future__ import annotations

from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.schema import CreateColumn

from backend.database.errors import OtherSchema
from backend.database.tables import metadata, versions

#: The schemas from which `migrate` makes the present one: that of version 0.3.0, and those of development since. The
#: last is the present one. A change of the tables needs another number; a column that is added needs a default.
VERSIONS = ("0012", "0013", "0014", "0016", "0017", "0018", "0019", "0020", "0021")
#: Tables of 0.3.0 that may have no use any more. They name people, so they are deleted with what is in them.
_FORMER = (
    "ghost_vote", "homework", "homework_answer", "room_board_code", "room_former_code", "room_question",
    "room_question_vote", "room_report",
)  # fmt: skip
#: The key of an advisory lock, any number: on PostgreSQL, one server migrates at a time.
_LOCK = 0x2EAD5
_BEFORE = (
    "is of a version before 0.3.0. Start version 0.3.0 on it once, which migrates it, and then this version; or give "
    "this version an empty database."
)
_OTHER = (
    "is of a later version of Two Heads, or of another program. Start the version that wrote it, or give this version "
    "a backup from before that, or an empty database."
)


def migrate(connection: Connection) -> None:
    """Give the database the tables of this version, in the connection's transaction.

    Servers that start together migrate one after the other: on SQLite the transaction has the write lock already.
    Raises `OtherSchema` if the database is of a version before 0.3.0 or of a later one, or has other tables.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    inspector = inspect(connection)
    tables = set(inspector.get_table_names())
    if not tables:
        metadata.create_all(connection)
        connection.execute(versions.insert().values(version_num=VERSIONS[-1]))
        return
    version = connection.execute(select(versions.c.version_num)).scalar() if versions.name in tables else None
    if version == VERSIONS[-1]:
        return
    if version not in VERSIONS:
        raise OtherSchema(_BEFORE if version is not None and version < VERSIONS[0] else _OTHER)
    for table in metadata.sorted_tables:
        known = {column["name"] for column in inspector.get_columns(table.name)} if table.name in tables else None
        for column in table.columns:
            if known is not None and column.name not in known:
                added = CreateColumn(column).compile(connection)
                connection.execute(text(f"ALTER TABLE {table.name} ADD COLUMN {added}"))
    metadata.create_all(connection)
    for former in sorted(tables & set(_FORMER) - metadata.tables.keys()):
        connection.execute(text(f"DROP TABLE {former}"))
    connection.execute(versions.update().values(version_num=VERSIONS[-1]))
