"""Which servers use the database now, so that a job of a server that has stopped is known to be interrupted."""

from __future__ import annotations

import os
import platform
import secrets
import time
from pathlib import Path

import psutil  # type: ignore[import-untyped]
from sqlalchemy import Connection

from backend.database.tables import servers
from backend.database.upsert import upsert

#: Seconds between two signs of life. Seconds after the last one until a server counts as stopped, and until its row is
#: deleted.
RENEW_SECONDS = 10.0
_STOPPED_AFTER, _DELETED_AFTER = 40.0, 24 * 3600


class Presence:
    """This server, in the table of servers."""

    def __init__(self) -> None:
        self.id = secrets.token_hex(8)
        self._host, self._process = platform.node(), process_name(os.getpid())

    def renew(self, connection: Connection) -> None:
        """Write a sign of life, and delete servers that stopped long ago."""
        values = {"id": self.id, "host": self._host, "process": self._process, "seen": time.time()}
        upsert(connection, servers, [values])
        connection.execute(servers.delete().where(servers.c.seen < time.time() - _DELETED_AFTER))

    def end(self, connection: Connection) -> None:
        """Delete this server's row, because it stops."""
        connection.execute(servers.delete().where(servers.c.id == self.id))

    def running(self, connection: Connection) -> set[str]:
        """The ids of the servers that run now, this one included."""
        rows = connection.execute(servers.select().where(servers.c.seen > time.time() - _STOPPED_AFTER))
        return {self.id} | {row.id for row in rows if row.host != self._host or _runs(row.process)}


def process_name(pid: int) -> str:
    """The process by its number and its start, since numbers are used again."""
    try:  # ticks since the machine started: a time would change if somebody sets the clock
        started = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[19].decode()
    except OSError:  # no Linux, or no such process
        started = f"{psutil.Process(pid).create_time():.0f}"
    return f"{pid}:{started}"


def _runs(process: str) -> bool:
    try:
        return process_name(int(process.partition(":")[0])) == process
    except (ValueError, psutil.Error):
        return False
