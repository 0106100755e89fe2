"""A graceful shutdown gives every page time to show how its job ended, and no client can delay it."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import psutil
import pytest
from streamlit.file_util import get_static_dir

from backend.config.settings import Settings
from backend.experiment import Experiment
from backend.jobs import JobManager
from backend.training.job import TrainJob
from backend.web import graceful_shutdown
from backend.worker.kinds import JOB_KINDS
from harness.server import Server

#: A file of Streamlit that is too large for a socket's buffer when it is requested a few times.
LARGE = max(Path(get_static_dir(), "static", "js").glob("*.js"), key=lambda file: file.stat().st_size)


@pytest.mark.parametrize("waiting", [0, 1])
def test_draining_leaves_a_waiting_page_time_for_one_more_poll(monkeypatch: pytest.MonkeyPatch, waiting: int) -> None:
    monkeypatch.setattr(graceful_shutdown, "LAST_POLL", 0.05)
    jobs = JobManager(Settings(workers=1), JOB_KINDS)
    waits = [jobs.submit("ada", "train", TrainJob(experiment=Experiment())) for _ in range(waiting)]

    async def drained() -> float:
        loop = asyncio.get_running_loop()
        began = loop.time()
        await graceful_shutdown.drain(jobs, 5, poll_within=0.5)
        return loop.time() - began

    took = asyncio.run(drained())
    assert (took >= 0.5) == bool(waiting)
    assert [job.state for job in waits] == ["lost"] * waiting


@pytest.mark.parametrize(("interval", "at_least", "at_most"), [(0.4, 0.4, 2), (100, 0.7, 5)])
def test_the_slower_the_polls_the_longer_the_pages_have_up_to_a_bound(
    monkeypatch: pytest.MonkeyPatch, interval: float, at_least: float, at_most: float
) -> None:
    monkeypatch.setattr(graceful_shutdown, "LAST_POLL", 0.05)
    monkeypatch.setattr(graceful_shutdown, "LONGEST_LAST_POLL", 0.7)
    jobs = JobManager(Settings(workers=1), JOB_KINDS)

    async def drained() -> float:
        began = asyncio.get_running_loop().time()
        await graceful_shutdown.drain(jobs, 5, interval=lambda: interval)
        return asyncio.get_running_loop().time() - began

    assert at_least <= asyncio.run(drained()) <= at_most


@pytest.mark.jobs
def test_a_client_that_does_not_read_does_not_delay_the_stop(tmp_path: Path) -> None:
    server = Server(tmp_path / "log", workers=0, environment={"TWOHEADS_STATE_DIR": str(tmp_path)})
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
            assert not psutil.wait_procs(family, timeout=30)[1]
    finally:
        server.stop()
