"""Backup and restore with the commands of docs/operate.md: of a server that runs, and of PostgreSQL."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from backend.database import Database
from backend.database.backup import back_up
from backend.database.tables import started_jobs
from harness.local import ROOT
from tests.builders.storage import POSTGRESQL, create_database

COMMANDS = re.findall(r"^    (.+)$", (ROOT / "docs" / "operate.md").read_text(), re.MULTILINE)
COPY = "two-heads-backup.sqlite"


def run(folder: Path, *beginnings: str, **environment: str) -> None:
    """Run the commands of the document that begin so, in `folder`. Each is there once."""
    python = Path(sys.executable).parent
    path = os.pathsep.join(map(str, filter(None, [python, POSTGRESQL, os.environ["PATH"]])))
    for beginning in beginnings:
        (command,) = (each for each in COMMANDS if each.startswith(beginning))
        subprocess.run(
            command, shell=True, cwd=folder, check=True, timeout=120,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment, "PATH": path},
        )  # fmt: skip


def rows(database: Database) -> list[str]:
    return database.read(lambda connection: sorted(connection.execute(select(started_jobs.c.job)).scalars()))


def add(database: Database, *jobs: str) -> None:
    values = {"visitor": "v", "kind": "train", "part": "", "query": "", "server": "s", "finished": False, "at": 1.0}
    database.commit(
        lambda connection: connection.execute(
            insert(started_jobs), [{**values, "visitor": job, "job": job} for job in jobs]
        ),
        60,
    )


def test_a_copy_has_all_that_is_committed_and_is_for_this_user_alone(tmp_path: Path) -> None:
    database = Database(tmp_path)
    add(database, "one", "two")
    with closing(sqlite3.connect(tmp_path / "two-heads.sqlite")) as another:
        another.execute("SELECT * FROM started_job").fetchall()  # as long as it is open, the log is not emptied
        add(database, "three")
        assert (tmp_path / "two-heads.sqlite-wal").stat().st_size, "part of it is in the log alone"
        back_up(tmp_path / "two-heads.sqlite", copy := tmp_path / "copy.sqlite")
        add(database, "four")
    assert copy.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(copy)) as connection:
        assert sorted(job for (job,) in connection.execute("SELECT job FROM started_job")) == ["one", "three", "two"]
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    with pytest.raises(FileExistsError):
        back_up(tmp_path / "two-heads.sqlite", copy)
    database.close()


@pytest.mark.slow
def test_postgresql_is_backed_up_and_restored(tmp_path: Path, postgresql: str) -> None:
    url = create_database(postgresql)
    database = Database(tmp_path, url)
    add(database, "before")
    run(tmp_path, "pg_dump", DATABASE_URL=url)
    add(database, "after")
    database.close()
    for restored in (url, create_database(postgresql)):
        run(tmp_path, "pg_restore", DATABASE_URL=restored)
        database = Database(tmp_path, restored)
        assert rows(database) == ["before"]
        add(database, "later")
        assert rows(database) == ["before", "later"]
        database.close()


@pytest.mark.slow
def test_sqlite_is_backed_up_while_it_is_written_and_restored_over_another_database(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("before", "after")]
    for folder in folders:
        folder.mkdir()
    database, late = Database(folders[0]), 0
    add(database, "before")
    with ThreadPoolExecutor(1) as threads:
        backup = threads.submit(run, tmp_path, "python -m backend.database.backup", TWOHEADS_STATE_DIR=str(folders[0]))
        while not backup.done():
            add(database, f"late {late}")
            late += 1
        backup.result()
    database.close()
    assert late > 1, "it went on"
    for left in ("two-heads.sqlite-wal", "two-heads.sqlite"):
        (folders[1] / left).write_bytes(b"of a database that is replaced")
    run(tmp_path, "rm -f", "install", TWOHEADS_STATE_DIR=str(folders[1]))
    database = Database(folders[1])
    assert "before" in rows(database)
    add(database, "later")
    database.close()
