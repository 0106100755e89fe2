"""What tests of several packages of the backend share: both kinds of database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.database import Database
from tests.backend.database.storage import Storage, create_database


@pytest.fixture(params=["sqlite", "postgresql"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Storage]:
    """An empty database of each kind. What the test opens is closed at its end."""
    opened: list[Database] = []
    url = create_database(request.getfixturevalue("postgresql")) if request.param == "postgresql" else None

    def open() -> Database:
        opened.append(Database(tmp_path, url))
        return opened[-1]

    yield Storage(open)
    for database in opened:
        database.close()
