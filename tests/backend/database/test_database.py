"""Transactions, migrations and failures of the database, on SQLite and on PostgreSQL."""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import MetaData, insert, select, text
from sqlalchemy.schema import CreateColumn, CreateIndex

from backend.database import Database, Unavailable
from backend.database.presence import process_name
from backend.database.tables import metadata, servers, started_jobs
from harness.local import until
from tests.builders import busy_server

ROOT = Path(__file__).parents[3]
FILE = "two-heads.sqlite"
#: SQLite's file is never away.
ON_POSTGRESQL = pytest.mark.parametrize("storage", [pytest.param("postgresql", marks=pytest.mark.slow)], indirect=True)


def row(job, **values):
    return {
        "visitor": job, "kind": "train", "part": "", "query": "lstm=8", "job": job, "server": "s", "finished": False,
        "at": 1.0, **values,
    }  # fmt: skip


def add(database, job, **values):
    done = threading.Event()
    database.write(lambda connection: connection.execute(insert(started_jobs), [row(job, **values)]), done.set)
    return done


def written(database, job):
    """The database, with a row for that job."""
    add(database, job)
    assert database.flush(60)
    return database


@contextmanager
def busy(database):
    """The database's thread is in a transaction until the block ends."""
    begun, go_on = threading.Event(), threading.Event()
    database.write(lambda connection: begun.set() or go_on.wait(240))
    assert begun.wait(240)
    try:
        yield
    finally:
        go_on.set()


def jobs(database):
    return database.read(lambda connection: sorted(connection.execute(select(started_jobs.c.job)).scalars()))


@pytest.fixture
def folder(tmp_path):
    """A folder, and `opened(folder)`: databases in it that are closed at the end."""
    return tmp_path / "state"


@pytest.fixture
def opened():
    databases = []

    def open(folder):
        databases.append(Database(folder))
        return databases[-1]

    yield open
    for database in databases:
        database.close(0.1)


def test_what_was_written_is_there_for_the_next_server_in_order(storage):
    database = storage.open()
    for number in range(20):
        add(database, f"job {number:02}")
    database.write(lambda connection: connection.execute(started_jobs.delete().where(started_jobs.c.job < "job 10")))
    assert database.flush(60)
    assert jobs(database) == [f"job {number}" for number in range(10, 20)]
    assert jobs(storage.restarted(database)) == jobs(storage.open())


def as_in_0_3_0(connection):
    """Take back what has come since, and let there be a table of what was dropped since."""
    for change in (
        "ALTER TABLE room_answer DROP COLUMN value", "ALTER TABLE room_participant DROP COLUMN network",
        "DROP TABLE own_table", "DROP TABLE own_table_owner", "CREATE TABLE ghost_vote (room TEXT)",
        "UPDATE alembic_version SET version_num = '0012'",
    ):  # fmt: skip
        connection.execute(text(change))


def test_a_database_of_0_3_0_gets_the_tables_of_a_new_one(storage):
    def described(connection):
        """Columns, keys and indexes of each table in any order."""
        reflected = MetaData()
        reflected.reflect(connection)
        return {
            table.name: {
                *(str(CreateColumn(column).compile(connection)) for column in table.columns),
                *(str(CreateIndex(index).compile(connection)) for index in table.indexes),
                *(f"{key.parent.name} {key.target_fullname} {key.ondelete}" for key in table.foreign_keys),
                f"key {table.primary_key.columns.keys()}",
            }
            for table in reflected.tables.values()
        }

    database = written(storage.open(), "before")
    new = database.read(described)
    database.commit(as_in_0_3_0, 60)
    assert database.read(described) != new
    restarted = storage.restarted(database)
    assert restarted.fault() is None
    assert restarted.read(described) == new
    assert jobs(restarted) == ["before"]


@pytest.mark.parametrize(
    ("version", "sentence"), [("0011", "Start version 0.3.0 on it once"), ("0099", "is of a later version")]
)
def test_a_database_of_an_older_or_a_later_version_is_left_as_it_is_with_a_sentence(storage, version, sentence):
    database = written(storage.open(), "mine")
    database.commit(
        lambda connection: connection.execute(text(f"UPDATE alembic_version SET version_num = '{version}'")) and None,
        60,
    )
    other = storage.restarted(database)
    assert sentence in other.fault()
    with pytest.raises(Unavailable, match="another version of Two Heads"):
        storage.open().read(lambda connection: None)
    other.write(lambda connection: connection.execute(started_jobs.delete()))
    until(lambda: other.problem is not None)
    assert not other.flush(0)


def test_a_database_that_is_emptied_under_a_server_is_made_again(storage, tmp_path):
    database = written(storage.open(), "before")
    if (tmp_path / FILE).exists():
        for file in tmp_path.glob(f"{FILE}*"):
            file.unlink()
    else:
        database.write(lambda connection: metadata.drop_all(connection))
        assert database.flush(60)
    assert jobs(written(database, "after")) == ["after"]


def test_servers_that_start_together_migrate_once_and_write_both(storage):
    servers = [storage.open() for _ in range(4)]
    threads = [threading.Thread(target=add, args=(server, f"job {n}")) for n, server in enumerate(servers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(server.flush(60) for server in servers)
    assert jobs(servers[0]) == [f"job {n}" for n in range(4)]
    assert all(server.problem is None for server in servers)


@pytest.mark.slow
def test_servers_that_use_one_file_at_the_same_time_lose_no_commit(folder, opened):
    """A process that closed the file would lose its locks, and the other one would delete the log of its commits."""
    count, database = 100, opened(folder)
    assert jobs(database) == []
    command = [sys.executable, "-m", "tests.builders.busy_server", str(folder), "a", str(count)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    assert server.stdout
    assert server.stdout.readline() == b"busy\n"
    busy_server.serve(folder, "b", count)
    assert server.wait(120) == 0
    assert jobs(database) == sorted(f"{name}.{number}" for name in ("a", "b") for number in range(count))


def a_defect(connection):
    raise ValueError("a defect")


def an_empty_column(connection):
    connection.execute(insert(started_jobs), [row("second", query=None)])


@pytest.mark.parametrize("fails", [a_defect, an_empty_column])
def test_a_write_that_fails_leaves_nothing_is_not_repeated_and_stops_none_of_its_transaction(storage, fails):
    """Writes that come together share a transaction: they wait for a first one that takes its time."""
    database = storage.open()

    def half(connection):
        connection.execute(insert(started_jobs), [row("half")])
        fails(connection)

    ended = []
    with busy(database):
        database.write(half, lambda: ended.append("done"), lambda: ended.append("dropped"))
        done = [add(database, f"job {n:02}") for n in range(12)]
    assert database.flush(60)
    assert all(each.wait(5) for each in done)
    assert ended == ["dropped"]
    assert jobs(database) == [f"job {n:02}" for n in range(12)]


def test_a_server_that_was_killed_no_longer_runs(storage):
    one = storage.open()
    one.write(one.presence.renew)
    assert one.flush()
    (mine,) = one.read(lambda connection: connection.execute(select(servers)).all())
    killed = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    its_row = {**mine._mapping, "id": "killed", "process": process_name(killed.pid)}
    one.write(lambda connection: connection.execute(insert(servers), [its_row]))
    assert one.flush()
    assert one.read(one.presence.running) == {one.presence.id, "killed"}
    killed.kill()
    killed.wait()
    assert one.read(one.presence.running) == {one.presence.id}


def test_a_write_that_meets_a_row_of_another_server_is_repeated(storage):
    database = storage.open()
    assert add(database, "theirs").wait(240)
    tries = []

    def work(connection):
        tries.append(1)
        connection.execute(insert(started_jobs), [row("theirs" if len(tries) == 1 else "mine")])

    database.commit(work, 240)
    assert jobs(database) == ["mine", "theirs"]


@ON_POSTGRESQL
def test_what_waits_while_postgresql_is_read_only_is_written_later(storage):
    database = written(storage.open(), "before")
    name = database.read(lambda connection: connection.execute(text("SELECT current_database()")).scalar_one())

    def set_read_only(value):
        database.write(lambda c: c.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = {value}")))

    set_read_only("on")
    assert database.flush(60)
    standby = storage.open()
    done = threading.Event()
    standby.write(lambda connection: connection.execute(insert(started_jobs), [row("during")]), done.set)
    until(lambda: standby.problem is not None)
    assert standby.problem == "the database is read-only"
    assert jobs(standby) == ["before"]
    set_read_only("off")
    assert database.flush(60)
    assert done.wait(30)
    assert standby.problem is None


@ON_POSTGRESQL
def test_postgresql_that_is_away_for_a_while_loses_nothing(storage):
    database = written(storage.open(), "before")
    others = "FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
    end_all = text(f"SELECT pg_terminate_backend(pid) {others}")
    storage.open().read(lambda connection: connection.execute(end_all).all())
    written(database, "after")
    assert jobs(database) == ["after", "before"]


def test_an_address_where_no_server_listens_is_a_sentence(tmp_path):
    database = Database(tmp_path, "postgresql://two_heads@127.0.0.1:1/none")
    for _ in range(2):
        with pytest.raises(Unavailable, match="the database server cannot be used"):
            jobs(database)


def test_a_file_that_is_no_database_stays_with_a_sentence_that_says_what_to_do(folder, opened):
    folder.mkdir()
    (folder / FILE).write_bytes(content := b"\xff\xfe no database \x00" * 100)
    assert "is damaged. Restore a backup" in opened(folder).fault()
    assert (folder / FILE).read_bytes() == content
    (folder / FILE).unlink()
    assert opened(folder).fault() is None


def test_the_file_is_for_this_user_alone_and_in_wal_mode(folder, opened):
    database = written(opened(folder), "mine")
    assert all(file.stat().st_mode & 0o077 == 0 for file in (folder, *folder.iterdir()))
    assert database.read(lambda connection: connection.execute(text("PRAGMA journal_mode")).scalar()) == "wal"


@pytest.mark.slow
def test_where_nothing_can_be_written_the_program_goes_on_and_says_so_once(folder):
    """The kernel refuses every byte here, as a full disk does."""
    folder.mkdir(mode=0o777)
    program = (
        "import resource\nfrom pathlib import Path\nfrom backend.database import Database\n"
        "from harness.local import until\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
        f"database = Database(Path({str(folder)!r}))\n"
        "database.write(lambda connection: None)\n"
        "until(lambda: database.problem is not None, 'it says so')\n"
        "assert not database.flush(1)\n"
        "print(database.problem)\n"
    )
    done = subprocess.run([sys.executable, "-B", "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() in (
        "the disk is full", "the disk is full or reports an error", "the database cannot be opened",
        "the folder for it cannot be used",
    )  # fmt: skip
    assert done.stderr.count("nothing can be saved now") == 1
