"""/healthz and /readyz: their status, and a sentence that says why."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.applications import Starlette

from backend.jobs import Status
from backend.jobs.status import STARTING, UNAVAILABLE
from backend.web.health import FULL, health_routes
from tests.builders.asgi import get, serve

pytestmark = pytest.mark.slow

READY = Status("ready", "2 workers are ready.")
HEALTHCHECK = Path(__file__).parents[3] / "deploy" / "healthcheck.py"


@dataclass
class Jobs:
    """A job manager in a given state."""

    status: Status = READY
    full: bool = False


@dataclass
class Database:
    """A database in a given state."""

    problem: str | None = None


NOT_SAVED = " Runs, progress in lessons and changes of rooms are not saved now: the disk is full."


@pytest.mark.parametrize(
    ("jobs", "status", "text"),
    [
        (Jobs(), 200, READY.sentence),
        (Jobs(STARTING), 503, STARTING.sentence),
        (Jobs(UNAVAILABLE), 503, UNAVAILABLE.sentence),
        (Jobs(full=True), 503, FULL),
    ],
)
def test_readyz_is_200_only_if_a_visitor_can_train_and_says_what_else_is_missing(
    jobs: Jobs, status: int, text: str
) -> None:
    database = Database()
    with serve(Starlette(routes=health_routes(lambda: jobs, lambda: database))) as address:
        for database.problem, said in ((None, text), ("the disk is full", text + NOT_SAVED)):
            ready, alive = get(address, "/readyz"), get(address, "/healthz")
            assert (ready.status, ready.read().decode()) == (status, said)
            assert (alive.status, alive.read()) == (200, b"ok")
            assert ready.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("base", ["", "/heads/", "a/b"])
def test_the_container_s_health_check_finds_the_route_under_any_base_path(base: str) -> None:
    with serve(Starlette(routes=health_routes(Jobs, Database, base))) as address:
        env = {**os.environ, "PORT": address.rpartition(":")[2], "STREAMLIT_SERVER_BASE_URL_PATH": base}
        asked = subprocess.run([sys.executable, "-I", "-S", HEALTHCHECK], env=env, capture_output=True, text=True)
        assert asked.returncode == 0, asked.stderr
    asked = subprocess.run([sys.executable, "-I", "-S", HEALTHCHECK], env=env, capture_output=True, text=True)
    assert asked.returncode == 1
    assert "no answer from port" in asked.stderr
