"""A stop gives every page time to tell its visitor, and no client can hold it up."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import psutil
import pytest
from streamlit.file_util import get_static_dir

from backend.config.settings import Settings
from backend.jobs import JobManager
from backend.web import graceful_shutdown as way_out
from backend.worker.kinds import KINDS
from harness.server import Server

#: Of Streamlit's own pages, one that no socket holds as a whole when it is asked for a few times.
LARGE = max(Path(get_static_dir(), "static", "js").glob("*.js"), key=lambda file: file.stat().st_size)


@pytest.mark.parametrize("waiting", [0, 1])
def test_who_waits_has_time_to_look_once_more(monkeypatch: pytest.MonkeyPatch, waiting: int) -> None:
    monkeypatch.setattr(way_out, "LAST_LOOK", 0.05)
    jobs = JobManager(Settings(workers=1), KINDS)
    waits = [jobs.submit("ada", "train", {}) for _ in range(waiting)]

    async def drained() -> float:
        loop = asyncio.get_running_loop()
        began = loop.time()
        await way_out.drain(jobs, 5, look_within=0.5)
        return loop.time() - began

    took = asyncio.run(drained())
    assert (took >= 0.5) == bool(waiting)
    assert [job.state for job in waits] == ["lost"] * waiting


@pytest.mark.jobs
def test_a_client_that_does_not_read_holds_up_nobody(tmp_path: Path) -> None:
    server = Server(tmp_path / "log", workers=1, environment={"TWOHEADS_STATE_DIR": str(tmp_path)})
    try:
        server.wait_until_healthy()
        host, _, port = server.address.partition(":")
        with socket.socket() as slow:
            slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            slow.connect((host, int(port)))
            slow.sendall(f"GET /static/js/{LARGE.name} HTTP/1.1\r\nHost: {server.address}\r\n\r\n".encode() * 20)
            assert slow.recv(12) == b"HTTP/1.1 200"
            family = server.family()
            server.terminate()
            assert not psutil.wait_procs(family, timeout=10)[1]
    finally:
        server.stop()
