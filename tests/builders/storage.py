"""Both kinds of database, for real: a SQLite file, and a PostgreSQL that the tests start on loopback."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from backend.database import Database
from harness.local import free_port

_FOUND = shutil.which("initdb") or max(map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb")), default=None)
#: The folder with PostgreSQL's programs; None where it is not installed.
POSTGRESQL = Path(_FOUND).parent if _FOUND else None
#: A cluster for tests need not survive a loss of power.
_SETTINGS = (
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "unix_socket_directories=",
    "max_connections=60",
)


@dataclass(frozen=True)
class Storage:
    """One empty database. `open()` is what another server that uses it opens."""

    open: Callable[[], Database]

    def restarted(self, before: Database) -> Database:
        """The database as the next server opens it, after the one with `before` has stopped."""
        before.close(seconds=30)  # on a busy machine, what waits takes longer than a server that stops has
        return self.open()


def storage_of_a_test(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Storage]:
    """An empty database of the kind `request.param`. What the test opens is closed at its end."""
    opened: list[Database] = []
    url = create_database(request.getfixturevalue("postgresql")) if request.param == "postgresql" else None

    def open() -> Database:
        opened.append(Database(tmp_path, url))
        return opened[-1]

    yield Storage(open)
    for database in opened:
        database.close()


#: Both kinds; `make check` takes SQLite.
_KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]
#: The fixture `storage` of files whose tests are about the database.
both_kinds = pytest.fixture(params=_KINDS, name="storage")(storage_of_a_test)
#: And of files whose tests are about other things: on PostgreSQL they run in `make soak`.
sqlite_first = pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)], name="storage")(
    storage_of_a_test
)
#: For those tests of such a file that run on both in `make test`: each statement, lock and error is in one of them.
BOTH = pytest.mark.parametrize("storage", _KINDS, indirect=True)


@contextmanager
def cluster() -> Iterator[str]:
    """The address of a PostgreSQL server without databases of ours: postgresql://…@127.0.0.1:port."""
    assert POSTGRESQL is not None
    port = free_port()
    user = _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="two-heads-pg-"))
    if user:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    options = {"user": user, "cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    data = folder / "data"
    initdb = [POSTGRESQL / "initdb", "-D", data, "-U", "two_heads", "--auth=trust", "--no-sync", "--encoding=UTF8"]
    subprocess.run(initdb, check=True, **options)
    more = [word for setting in _SETTINGS for word in ("-c", setting)]
    server = subprocess.Popen(
        [POSTGRESQL / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port), *more], **options
    )
    address = f"postgresql://two_heads@127.0.0.1:{port}"
    try:
        _wait(address, server)
        yield address
    finally:
        server.send_signal(signal.SIGINT)  # SIGTERM would wait until the last client has left
        server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def create_database(address: str) -> str:
    """The address of a new, empty database."""
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} STRATEGY file_copy TEMPLATE template0")  # type: ignore[call-overload]
    return f"{address}/{name}"


def _unprivileged() -> str | None:
    """PostgreSQL refuses to run as root."""
    return "nobody" if os.getuid() == 0 else None


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    from harness.local import until

    def answers() -> bool:
        assert server.poll() is None, "PostgreSQL did not start"
        try:
            psycopg.connect(f"{address}/postgres", connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    until(answers, "PostgreSQL answers")
