"""The tables of visitors' own CSV files, in the database, found by an id that is made of their content."""

from __future__ import annotations

import zlib
from hashlib import sha256
from threading import Lock

from cachetools import TTLCache
from sqlalchemy import Connection, delete, select

from backend.database import Database, Unavailable
from backend.database.content import ContentStore
from backend.database.quota import Quota
from backend.database.tables import own_table_owners, own_tables, runs, saved_runs
from backend.database.upsert import insert_missing
from backend.experiment.own_table import Table, TablesUnavailable, unpacked
from backend.own_csv.reader import Unreadable, text_of

#: The days after which a file is deleted.
DAYS = 30
#: The most files that are stored, and the most bytes of all of them. The oldest are deleted first.
MOST_STORED, MOST_STORED_BYTES = 2_000, 256_000_000
#: The most different files of one visitor and of one network (a class may share one) that are read in a day, also if
#: they are refused. A file has at most 1 MB, so one network cannot evict the files of all others in a day.
OF_VISITOR, OF_NETWORK = 40, 200
#: The seconds that a visitor who deletes a file waits for the database.
_SECONDS = 5.0


class OwnTables:
    """Stored tables. Writes happen in the background. Safe from any thread."""

    def __init__(
        self, database: Database, days: float = DAYS, most: int = MOST_STORED, most_bytes: int = MOST_STORED_BYTES
    ) -> None:
        self._database = database
        self._stored = ContentStore(database, own_tables, _table, days, most, most_bytes, _delete_rest)
        self._quota = Quota("CSV files", OF_VISITOR, OF_NETWORK, Unreadable)
        # Recent changes of owners: the database may not have a new one yet, or may still have a deleted one.
        self._owns: TTLCache[tuple[str, str], bool] = TTLCache(1_000, 60.0)
        self._lock = Lock()

    @property
    def days(self) -> float:
        """The days after which a file is deleted, unless it is opened again."""
        return self._stored.days

    def text(self, data: bytes, visitor: str = "", network: str = "") -> str:
        """The text of the file `data`, which a worker parses.

        Raises `Unreadable` if it has more lines than are read, if it is no text, or if the visitor or the
        network has opened as many files as it may in a day. Refused files are counted, too.
        """
        self._quota.count(sha256(data).hexdigest(), visitor, network)
        return text_of(data)

    def keep(self, table: Table, visitor: str = "") -> None:
        """Store a table, with the visitor as an owner."""
        owner = _owner(table.id, visitor)
        with self._lock:
            self._owns[table.id, owner] = True
        row = {"id": table.id, "owner": owner}
        self._stored.keep(
            table.id, table, zlib.compress(table.packed, 6),
            lambda connection: insert_missing(connection, own_table_owners, [row]),
        )  # fmt: skip

    def find(self, id: str) -> Table | None:
        """The table with that id; None if there is none. Raises `TablesUnavailable` without the database."""
        try:
            return self._stored.find(id)
        except Unavailable as error:
            raise TablesUnavailable(str(error)) from error

    def owns(self, id: str, visitor: str) -> bool:
        """Whether this visitor has opened the file. False if the answer has to be read and the database fails."""
        try:
            return self._owns_it(id, _owner(id, visitor))
        except Unavailable:
            return False

    def delete(self, id: str, visitor: str) -> bool | None:
        """Remove a visitor from the owners of a table. If it has no other owner, it is deleted for everybody.

        Returns whether it is deleted; None if the visitor does not own it. Raises `TablesUnavailable` without the
        database; then nothing changes, unless the database failed at the very end.
        """
        owner = _owner(id, visitor)

        def work(connection: Connection) -> bool:
            # With the lock, owners who delete at once on two servers of PostgreSQL do so one after the other.
            connection.execute(select(own_tables.c.id).where(own_tables.c.id == id).with_for_update())
            mine = own_table_owners.c.id == id, own_table_owners.c.owner == owner
            connection.execute(delete(own_table_owners).where(*mine))
            if _owners(connection, id):
                return False
            self._stored.delete_row(connection, id)
            return True

        def forget(gone: bool) -> None:
            with self._lock:
                self._owns[id, owner] = False
            if gone:
                self._stored.forget(id)

        try:
            return self._database.commit(work, _SECONDS, forget) if self._owns_it(id, owner) else None
        except Unavailable as error:
            raise TablesUnavailable(str(error)) from error

    def _owns_it(self, id: str, owner: str) -> bool:
        """Whether the file has this owner. Raises `Unavailable`."""
        with self._lock:
            known = self._owns.get((id, owner))
        return owner in self._database.read(lambda connection: _owners(connection, id)) if known is None else known


def _owner(id: str, visitor: str) -> str:
    """A digest that names nobody: two files of one visitor have different ones."""
    return sha256(f"{id} {visitor}".encode()).hexdigest()


def _owners(connection: Connection, id: str) -> set[str]:
    query = select(own_table_owners.c.owner).where(own_table_owners.c.id == id)
    return set(connection.execute(query).scalars())


def _delete_rest(connection: Connection, id: str) -> None:
    """Delete the owners of a table, and the runs on it, because they contain its numbers beside their predictions."""
    connection.execute(delete(own_table_owners).where(own_table_owners.c.id == id))
    about = select(runs.c.id).where(runs.c.experiment.contains(id, autoescape=True))
    numbers = connection.execute(about).scalars().all()
    connection.execute(delete(saved_runs).where(saved_runs.c.run.in_(numbers)))
    connection.execute(delete(runs).where(runs.c.id.in_(numbers)))


def _table(packed: bytes) -> Table:
    return unpacked(zlib.decompress(packed))
