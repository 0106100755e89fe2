"""Backup and restore with the commands of docs/operate.md: of a server that runs, and of PostgreSQL."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from backend.database import Database
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
        backup = threads.submit(run, tmp_path, "(umask 077", TWOHEADS_STATE_DIR=str(folders[0]))
        while not backup.done():
            add(database, f"late {late}")
            late += 1
        backup.result()
    database.close()
    assert late > 1, "it went on"
    assert (tmp_path / COPY).stat().st_mode & 0o777 == 0o600
    with pytest.raises(subprocess.CalledProcessError):
        run(tmp_path, "(umask 077", TWOHEADS_STATE_DIR=str(folders[0]))
    for left in ("two-heads.sqlite-wal", "two-heads.sqlite"):
        (folders[1] / left).write_bytes(b"of a database that is replaced")
    run(tmp_path, "rm -f", "install", TWOHEADS_STATE_DIR=str(folders[1]))
    database = Database(folders[1])
    assert "before" in rows(database)
    add(database, "later")
    database.close()
