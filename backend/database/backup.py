"""Copies the server's SQLite database while the server uses it: `python -m backend.database.backup copy.sqlite`.

It reads `TWOHEADS_STATE_DIR`, as the server does. Run it as the server's user.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from backend.config.environment import settings
from backend.database.database import FILE


def back_up(database: Path, copy: Path) -> None:
    """Copy all that is committed in `database` into the new file `copy`, which only this user may read.

    The copy is one file, without a write-ahead log beside it. Writers go on meanwhile. Raises FileExistsError if `copy`
    exists, OSError or sqlite3.Error if it cannot be made; then there is none.
    """
    os.close(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        # "rw" creates no database if there is none.
        with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=rw", uri=True, timeout=30)) as connection:
            connection.execute("VACUUM INTO ?", [str(copy)])
    except BaseException:
        copy.unlink()
        raise


def main() -> None:
    """Copy the database of the server with these settings; exit status 1 with a sentence if that fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("copy", type=Path, help="the new file")
    copy: Path = parser.parse_args().copy
    if settings().database_url is not None:
        sys.exit("DATABASE_URL is set, so the database is PostgreSQL: copy it with pg_dump.")
    database = settings().state_dir / FILE
    try:
        back_up(database, copy)
    except FileExistsError:
        sys.exit(f"{copy} exists. Choose a new name: no file is overwritten.")
    except (OSError, sqlite3.Error) as error:
        sys.exit(f"{database} was not copied to {copy}: {error}.")
    print(f"{database} was copied to {copy} ({copy.stat().st_size:,} bytes).")


if __name__ == "__main__":
    main()
