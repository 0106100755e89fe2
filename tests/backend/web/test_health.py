"""What watches the container is told the truth, in a sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.applications import Starlette

from backend.config.settings import Settings
from backend.jobs import JobManager, Status
from backend.jobs.status import STARTING, UNAVAILABLE
from backend.web.health import FULL, health_routes
from backend.worker.kinds import KINDS
from tests.backend.web.serve import get, serve

READY = Status("ready", "2 workers are ready.")
HEALTHCHECK = Path(__file__).parents[3] / "deploy" / "healthcheck.py"


@dataclass
class Room:
    """Jobs as they may stand."""

    status: Status = READY
    full: bool = False


@pytest.mark.parametrize(
    ("room", "status", "text"),
    [
        (Room(), 200, READY.sentence),
        (Room(STARTING), 503, STARTING.sentence),
        (Room(UNAVAILABLE), 503, UNAVAILABLE.sentence),
        (Room(full=True), 503, FULL),
    ],
)
def test_ready_means_that_a_visitor_can_train(room: Room, status: int, text: str) -> None:
    with serve(Starlette(routes=health_routes(lambda: room))) as address:
        ready, alive = get(address, "/readyz"), get(address, "/healthz")
        assert (ready.status, ready.read().decode()) == (status, text)
        assert (alive.status, alive.read()) == (200, b"ok")
        assert ready.headers["cache-control"] == "no-store"


def test_real_jobs_are_not_ready_before_they_are_started() -> None:
    with serve(Starlette(routes=health_routes(lambda: JobManager(Settings(workers=1), KINDS)))) as address:
        assert get(address, "/readyz").status == 503


def test_a_full_queue_is_not_ready() -> None:
    jobs = JobManager(Settings(workers=1, queue_limit=1), KINDS)
    assert not jobs.full
    jobs.submit("a visitor", "train", {})
    assert jobs.full


@pytest.mark.parametrize("base", ["", "/heads/", "a/b"])
def test_under_the_app_s_base_path_as_the_container_asks(base: str) -> None:
    with serve(Starlette(routes=health_routes(Room, base))) as address:
        env = {**os.environ, "PORT": address.rpartition(":")[2], "STREAMLIT_SERVER_BASE_URL_PATH": base}
        asked = subprocess.run([sys.executable, "-I", "-S", HEALTHCHECK], env=env, capture_output=True, text=True)
        assert asked.returncode == 0, asked.stderr
    asked = subprocess.run([sys.executable, "-I", "-S", HEALTHCHECK], env=env, capture_output=True, text=True)
    assert asked.returncode == 1
    assert "no answer from port" in asked.stderr
