"""Migrates the database to the tables of this version, with Alembic."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from sqlalchemy import Connection, inspect, text

from backend.database.errors import OtherSchema
from backend.database.identity import lasting_identity
from backend.database.tables import metadata

_MIGRATIONS = Path(__file__).with_name("migrations")
#: The key of an advisory lock, any number: on PostgreSQL, one server migrates at a time.
_LOCK = 0x2EAD5
#: Alembic has one context in a process, and two databases of a process may migrate at the same time.
_upgrading = Lock()


def migrate(connection: Connection) -> None:
    """Apply all migrations that the database does not have yet, in the connection's transaction.

    An empty database gets the tables of this version at once, as Alembic's cookbook advises ("Building an Up to Date
    Database from Scratch"). Servers that start together migrate one after the other: on SQLite the transaction has the
    write lock already.
    Raises `OtherSchema` if the database has other tables, or a revision of a later version.
    """
    from alembic.runtime.migration import MigrationContext  # takes 0.3 s to import
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    context = MigrationContext.configure(connection)
    current = context.get_current_revision()
    scripts = ScriptDirectory(str(_MIGRATIONS))
    if current is None:
        if inspect(connection).get_table_names() + inspect(connection).get_view_names():
            raise OtherSchema
        metadata.create_all(connection, checkfirst=False)
        lasting_identity(connection)
        context.stamp(scripts, "head")
        return
    try:
        if current != scripts.get_current_head():
            upgrade(connection)
    except CommandError as error:  # the revision is unknown
        raise OtherSchema from error


def upgrade(connection: Connection) -> None:
    """Apply each migration that is later than the database's revision, in order. Raises Alembic's `CommandError`."""
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    with _upgrading:
        command.upgrade(config, "head")
