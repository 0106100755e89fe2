"""Pages that are open hear what becomes of their jobs when the server stops, and the next server offers them again.

`make soak` has the same in Chromium.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from backend.services import Services
from backend.web.cookie import COOKIE
from harness.server import Server
from harness.tab import Tab

pytestmark = pytest.mark.jobs

LONG = "timesteps=4&lstm=4&samples=4096&batch=4&epochs=100&seeds=10&combine=uw"  # from the first epoch on without XLA
#: Seconds for a server, its worker and a first epoch on a busy machine.
PATIENCE = 300


async def _hears(tab: Tab, words: str, seconds: float) -> None:
    heard = await tab.until(lambda: any(words in each for each in (*tab.alerts, *tab.texts, tab.progress)), seconds)
    assert heard, (words, tab.alerts, tab.progress)


async def _stopped(server: Server) -> dict[str, str]:
    """Stops the server while a training runs and a sweep of another visitor waits. The cookies of the first."""
    family = server.family()
    running, waiting = Tab(server.address), Tab(server.address)
    await running.open("train", LONG)
    await running.click("Train")
    await _hears(running, "Epoch ", PATIENCE)
    await waiting.open("speed", "k=1&modes=fit")
    await waiting.click("Start")
    await _hears(waiting, "Waiting: place 1 in the queue", PATIENCE)
    gone_by = time.monotonic() + 60
    server.terminate()
    await _hears(waiting, "this job had not started. Run it again in a minute.", 60)
    await _hears(running, "The server stopped before this job ended.", 60)
    _, left = await asyncio.to_thread(psutil.wait_procs, family, max(gone_by - time.monotonic(), 0))
    assert not left
    for tab in (running, waiting):
        await tab.close()
    return running.cookies


@pytest.mark.takes("a server and its worker start")
def test_jobs_that_a_stop_ends_are_reported_on_open_pages_and_offered_by_the_next_server(
    tmp_path: Path, serve: Callable[..., Services]
) -> None:
    """`tests/components/live/test_interrupted.py` has the pages of the next server."""
    state = tmp_path / "state"
    server = Server(
        tmp_path / "log", workers=1, environment={"TWOHEADS_STATE_DIR": str(state), "TWOHEADS_DRAIN_SECONDS": "1"}
    )
    try:
        server.wait_until_healthy()
        cookies = asyncio.run(_stopped(server))
    finally:
        server.stop()
    run = serve(state_dir=state).started_jobs.interrupted(cookies[COOKIE], "train")
    assert run is not None
    assert not run.finished
