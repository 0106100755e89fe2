"""A server that may open few files serves a room beside silent connections, and is itself again afterwards."""

from __future__ import annotations

import asyncio
from pathlib import Path
from statistics import quantiles

import psutil
import pytest

from harness.full_room import full_room
from harness.local import until
from harness.warm import healthy
from tests.components.rooms.playing import TITLE, start

pytestmark = pytest.mark.jobs

LIMIT, PHONES, SILENT, WITHIN = 400, 25, 500, 3.0


@pytest.mark.takes("a server starts, and 25 phones join")
def test_a_room_is_served_beside_silent_connections_at_a_low_limit(tmp_path: Path) -> None:
    """`make flood` measures how long the slowest answer takes, with 200 phones."""
    with healthy(start(tmp_path, descriptors=(LIMIT // 2, LIMIT))) as server:
        found = asyncio.run(full_room(server, TITLE, PHONES, SILENT, WITHIN))
        assert not found.errors, "each request was answered"
        assert quantiles(found.health, n=10)[-1] <= 1, sorted(found.health)[-5:]
        process = server.family()[0]
        assert process.rlimit(psutil.RLIMIT_NOFILE) == (LIMIT, LIMIT)
        assert found.descriptors["before"] + 2 * PHONES <= found.descriptors["in the room"] <= LIMIT
        until(lambda: process.num_fds() <= found.descriptors["before"] + 3, "those who left hold nothing")
    log = server.log.read_text()
    assert f"this process may open {LIMIT} files and connections" in log
    for trouble in ("Traceback", "Too many open files", "EMFILE"):
        assert trouble not in log, log
