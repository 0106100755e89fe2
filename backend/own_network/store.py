"""The architectures of visitors' own models, in the database, found by an id that is made of their content."""

from __future__ import annotations

import json
import time
import zlib
from hashlib import sha256
from threading import Lock

from cachetools import LRUCache
from sqlalchemy import Connection, delete, func, select

from backend.database import Database
from backend.database.tables import own_networks
from backend.database.upsert import upsert
from backend.own_network import json_text
from backend.own_network.quota import Quota
from backend.own_network.reader import read

#: The most architectures that are stored, and the most bytes of all of them. The oldest are deleted first.
MOST_STORED, MOST_BYTES = 5_000, 64_000_000
#: The architectures that stay in memory, for pages that are drawn before the database has them.
_IN_MEMORY = 64
#: What is stored of a configuration. How the model was compiled is not.
_KEPT = ("module", "class_name", "registered_name", "config", "name")
#: Digits of an id. Ids are so long that nobody can guess one without the architecture.
_DIGITS = 32


class OwnNetworks:
    """Stored architectures. Writes happen in the background. Safe from any thread."""

    def __init__(
        self, database: Database, days: float = 90, most: int = MOST_STORED, most_bytes: int = MOST_BYTES
    ) -> None:
        self._database = database
        self._days, self._most, self._most_bytes = days, most, most_bytes
        self._recent: LRUCache[str, str] = LRUCache(maxsize=_IN_MEMORY)
        self._lock = Lock()
        self._quota = Quota()

    @property
    def days(self) -> float:
        """The days after which an architecture is deleted, unless it is opened from a file again."""
        return self._days

    def keep(self, text: str, visitor: str = "", network: str = "") -> str:
        """Store the architecture in a configuration, and return its id.

        Raises `Refused` if the app does not read it: nothing else is ever stored. And if the visitor or the network has
        stored as many as it may in a day.
        """
        architecture = {key: value for key, value in json_text.parse(text).items() if key in _KEPT}
        text = json.dumps(architecture, separators=(",", ":"))
        read(text)
        id = sha256(text.encode()).hexdigest()[:_DIGITS]
        self._quota.count(id, visitor, network)
        packed = zlib.compress(text.encode(), 9)
        with self._lock:
            self._recent[id] = text
        row = {"id": id, "packed": packed, "bytes": len(packed), "at": time.time()}
        self._database.write(lambda connection: self._write(connection, row))
        return id

    def find(self, id: str) -> str | None:
        """The configuration with that id; None if there is none. Raises `Unavailable` without the database."""
        with self._lock:
            if id in self._recent:
                return self._recent[id]
        since = time.time() - self._seconds
        query = select(own_networks.c.packed).where(own_networks.c.id == id, own_networks.c.at > since)
        packed = self._database.read(lambda connection: connection.execute(query).scalar())
        if packed is None:
            return None
        text = zlib.decompress(bytes(packed)).decode()
        with self._lock:
            self._recent[id] = text
        return text

    def delete(self, id: str) -> None:
        """Delete the architecture with that id, for everybody who has the link."""
        with self._lock:
            self._recent.pop(id, None)
        self._database.write(lambda connection: self._delete(connection, id))

    @property
    def _seconds(self) -> float:
        return self._days * 24 * 3600

    def _write(self, connection: Connection, row: dict[str, object]) -> None:
        upsert(connection, own_networks, [row])
        table = own_networks.c
        connection.execute(delete(own_networks).where(table.at < time.time() - self._seconds))
        count, size = connection.execute(select(func.count(), func.coalesce(func.sum(table.bytes), 0))).one()
        if count <= self._most and size <= self._most_bytes:
            return
        oldest = connection.execute(select(table.id, table.bytes).order_by(table.at)).all()
        for id, bytes_ in oldest[:-1]:
            if count <= self._most and size <= self._most_bytes:
                break
            self._delete(connection, id)
            count, size = count - 1, size - bytes_

    @staticmethod
    def _delete(connection: Connection, id: str) -> None:
        connection.execute(delete(own_networks).where(own_networks.c.id == id))
