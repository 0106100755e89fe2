"""A server that may open few files serves a room beside silent connections, and is itself again afterwards."""

from __future__ import annotations

import asyncio
from pathlib import Path

import psutil
import pytest

from harness.full_room import full_room
from harness.local import until
from tests.components.rooms.playing import TITLE, start

pytestmark = pytest.mark.jobs

LIMIT, PHONES, SILENT = 400, 25, 500


@pytest.mark.takes("a server starts, and 25 phones join")
def test_a_room_is_served_beside_silent_connections_at_a_low_limit(tmp_path: Path) -> None:
    server = start(tmp_path, descriptors=(LIMIT // 2, LIMIT))
    try:
        server.wait_until_healthy()
        found = asyncio.run(full_room(server, TITLE, PHONES, SILENT))
        assert not found.errors
        assert len(found.health) > 3
        assert max(found.health) <= 1, f"{sorted(found.health)[-5:]}"
        process = server.family()[0]
        assert process.rlimit(psutil.RLIMIT_NOFILE) == (LIMIT, LIMIT)
        assert found.descriptors["before"] + 2 * PHONES <= found.descriptors["in the room"] <= LIMIT
        spare = 8  # those of the workers that have started meanwhile
        until(lambda: process.num_fds() <= found.descriptors["before"] + spare, "those who left hold nothing")
    finally:
        server.stop()
    log = server.log.read_text()
    assert f"this process may open {LIMIT} files and connections" in log
    for trouble in ("Traceback", "Too many open files", "EMFILE"):
        assert trouble not in log, log
